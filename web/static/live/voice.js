// Speaks corrections (off until asked for) and the prompts of drills (until switched off), with voices of this device only: others would send
// the words over the network.

import { language } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";

const COOLDOWN_MS = 6000;
const REPEAT_MS = 15000;

export class Voice {
  constructor(onChange) {
    this.onChange = onChange;
    this.spokenAt = -Infinity;
    this.spoken = "";
    if (this.isSupported()) window.speechSynthesis.addEventListener("voiceschanged", onChange);
  }

  isSupported() {
    return "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
  }

  /** The local voice for the page's language, or null. */
  voice() {
    if (!this.isSupported()) return null;
    const wanted = language() === "en" ? /^en\b/i : /^(zh[-_]?(cn|hans)|cmn|zh$)/i;
    return window.speechSynthesis.getVoices().find((voice) => voice.localService === true && wanted.test(voice.lang)) || null;
  }

  isOn() {
    return choices.voice && this.voice() !== null;
  }

  toggle() {
    if (!this.voice()) return;
    remember({ voice: !choices.voice, prompts: !choices.voice });
    if (!choices.voice) this.silence();
    this.spokenAt = -Infinity;
    this.spoken = "";
    this.onChange();
  }

  silence() {
    if (this.isSupported()) window.speechSynthesis.cancel();
  }

  /** Says corrections and praise; the same words again only after a good while, and never two things within the cooldown. */
  hear(message) {
    if (!this.isOn() || (message.kind !== "fix" && message.kind !== "praise")) return;
    const now = performance.now();
    const wait = message.text === this.spoken ? REPEAT_MS : COOLDOWN_MS;
    if (now - this.spokenAt < wait) return;
    this.speak(message.text);
    this.spokenAt = now;
    this.spoken = message.text;
  }

  /** Says a prompt at once; whether nothing else need be heard: false where there is no voice to say it. */
  prompt(text) {
    if (!this.voice()) return false;
    if (choices.prompts) this.speak(text);
    this.spokenAt = performance.now();
    return true;
  }

  speak(text) {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = this.voice();
    words.lang = words.voice.lang;
    this.silence();
    window.speechSynthesis.speak(words);
  }
}
