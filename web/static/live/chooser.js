// Topic, profile and camera: the large tiles of the start and the same choice in the bar while practising.

import { status } from "../shared/api.js";
import { byId, el, setText, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import { isPhone, ownCameras, preferred, serverCamera } from "./cameras.js";
import { icon } from "./figures.js";
import { t } from "./words.js";

export const PROFILES = ["female", "male", "unspecified"];
const LOOK_EVERY_MS = 2000;

export class Chooser {
  /** `onChoice(change)` after something was chosen. */
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.topics = [];
    this.server = null; // how the server's camera does, null until it has answered
    this.own = null; // how many cameras the browser has (`ownCameras`)
    this.isClicked = false;
    this.recognises = "recognises" in document.body.dataset;
    byId("profiles").replaceChildren(...PROFILES.map((profile) => this.option("profile", profile, null, el("small", { "data-i18n": `${profile}_hint` }))));
    byId("bar-profile").replaceChildren(...PROFILES.map((profile) => el("option", { value: profile, "data-i18n": profile })));
    byId("bar-profile").addEventListener("change", (event) => this.choose({ profile: event.target.value }));
    byId("bar-topic").addEventListener("change", (event) => this.choose({ topic: event.target.value }));
    for (const input of document.querySelectorAll("input[name=camera]")) input.addEventListener("change", () => this.chooseCamera(input.value));
    for (const input of document.querySelectorAll("input[name=facing]")) input.addEventListener("change", () => this.choose({ facing: input.value, device: "" }));
    byId("device").addEventListener("change", (event) => this.choose({ device: event.target.value }));
    if (navigator.mediaDevices) navigator.mediaDevices.addEventListener("devicechange", () => this.listDevices());
  }

  /** Offers the topics of the rules; where the last choice is none of them, the first is chosen. */
  setTopics(topics) {
    this.topics = topics;
    const drills = topics.filter((topic) => topic.steps);
    const tiles = (some) => some.map((topic) => this.option("topic", topic.id, icon(topic.icon)));
    byId("topics").replaceChildren(...tiles(topics.filter((topic) => !topic.steps)));
    byId("drills").replaceChildren(...tiles(drills));
    show(byId("drills-field"), drills.length > 0);
    byId("bar-topic").replaceChildren(...topics.map((topic) => el("option", { value: topic.id, "data-topic": topic.id })));
    if (topics.length && !topics.some((topic) => topic.id === choices.topic)) remember({ topic: topics[0].id });
    this.translate();
  }

  /** Puts the names of the topics into their buttons, and what was said of the cameras into words. */
  translate() {
    for (const topic of this.topics) {
      for (const label of document.querySelectorAll(`[data-topic="${topic.id}"]`)) label.textContent = say(topic.button);
    }
    this.show();
  }

  option(name, value, picture = null, hint = null) {
    const input = el("input", { type: "radio", name, value, onchange: () => this.choose({ [name]: value }) });
    return el("label", { class: "option" }, input, picture, el("span", { [name === "topic" ? "data-topic" : "data-i18n"]: value }), hint);
  }

  choose(change) {
    remember(change);
    this.show();
    this.onChoice(change);
  }

  chooseCamera(camera) {
    this.isClicked = true;
    this.choose({ camera });
  }

  /** The camera to begin with: "server", "own", or "" where there is none. */
  get camera() {
    return preferred(serverCamera(this.server), this.own, choices.camera, this.isClicked);
  }

  hasOwn() {
    return this.own > 0;
  }

  /** Whether all is chosen; else what is missing is said beside it, and the keyboard goes there. */
  isReady() {
    const lacks = !choices.profile ? "profile" : !this.camera ? "camera" : null;
    show(byId("profile-missing"), lacks === "profile");
    if (lacks === "profile") document.querySelector("input[name=profile]").focus();
    if (lacks === "camera") byId("no-camera").focus();
    return lacks === null;
  }

  /** Ticks what is chosen; `running` is what the server says is practised, which another viewer may have changed. */
  show(running = choices) {
    const tick = (name, value) => document.querySelectorAll(`input[name=${name}]`).forEach((input) => (input.checked = input.value === value));
    tick("topic", choices.topic);
    tick("profile", choices.profile);
    tick("camera", this.camera);
    tick("facing", choices.facing);
    byId("bar-topic").value = running.topic;
    byId("bar-profile").value = running.profile;
    if (choices.profile) show(byId("profile-missing"), false);
    this.showCameras();
  }

  showCameras() {
    const [server, camera] = [serverCamera(this.server), this.camera];
    this.showCamera("server", server === "open" || server === null ? t("camera_server_hint") : say(this.server), server === "none");
    const isInsecure = this.own === "insecure";
    this.showCamera("own", t(isInsecure ? "camera_own_insecure" : this.own === 0 ? "camera_own_none" : this.whereLookedAt()), isInsecure || this.own === 0);
    show(byId("facing-field"), camera === "own" && isPhone());
    show(byId("device-field"), camera === "own" && !isPhone() && byId("device").options.length > 1);
    const isKnown = this.server !== null && this.own !== null;
    show(byId("no-camera"), isKnown && !camera);
  }

  /** Where the pictures of the visitor's camera will be looked at. */
  whereLookedAt() {
    if (!this.recognises) return "camera_own_hint";
    const topic = this.topics.find(({ id }) => id === choices.topic);
    return topic && topic.hands ? "camera_own_hands" : "camera_own_here";
  }

  showCamera(which, words, isMissing) {
    const input = document.querySelector(`input[name=camera][value=${which}]`);
    input.disabled = isMissing;
    setText(input.parentElement.querySelector("small"), words);
  }

  /** Looks again and again which cameras there are while the start is shown; `stop` ends that. */
  watch() {
    this.stop();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.listDevices();
    return this.look();
  }

  stop() {
    clearInterval(this.timer);
  }

  async look() {
    if (document.hidden) return;
    const found = await status().catch(() => null);
    if (found) this.server = found.camera;
    this.show();
  }

  /** The visitor's cameras; browsers tell their names only after one was allowed. */
  async listDevices() {
    this.own = await ownCameras();
    this.show();
    if (!navigator.mediaDevices) return;
    const devices = (await navigator.mediaDevices.enumerateDevices().catch(() => [])).filter((device) => device.kind === "videoinput" && device.deviceId);
    byId("device").replaceChildren(...devices.map((device, i) => el("option", { value: device.deviceId, text: device.label || `${t("camera")} ${i + 1}` })));
    if (devices.some((device) => device.deviceId === choices.device)) byId("device").value = choices.device;
    this.show();
  }
}
