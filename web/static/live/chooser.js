// Topic, profile and camera: the large tiles of the start and the same choice in the bar while practising.

import { byId, el, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import { icon } from "./figures.js";
import { t } from "./words.js";

export const PROFILES = ["female", "male", "unspecified"];

export class Chooser {
  /** `onChoice()` after topic or profile were chosen. */
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.topics = [];
    byId("profiles").replaceChildren(...PROFILES.map((profile) => this.option("profile", profile)));
    byId("bar-profile").replaceChildren(...PROFILES.map((profile) => el("option", { value: profile, "data-i18n": profile })));
    byId("bar-profile").addEventListener("change", (event) => this.choose({ profile: event.target.value }));
    for (const input of document.querySelectorAll("input[name=camera]")) input.addEventListener("change", () => this.choose({ camera: input.value }));
    byId("device").addEventListener("change", (event) => this.choose({ device: event.target.value }));
    if (navigator.mediaDevices) navigator.mediaDevices.addEventListener("devicechange", () => this.listDevices());
  }

  /** Offers the topics of the rules; where the last choice is none of them, the first is chosen. */
  setTopics(topics) {
    this.topics = topics;
    byId("topics").replaceChildren(...topics.map((topic) => this.option("topic", topic.id, icon(topic.icon))));
    byId("bar-topics").replaceChildren(...topics.map((topic) => this.option("bar-topic", topic.id)));
    if (topics.length && !topics.some((topic) => topic.id === choices.topic)) remember({ topic: topics[0].id });
    this.translate();
    this.show();
  }

  /** Puts the names of the topics into their buttons. */
  translate() {
    for (const topic of this.topics) {
      for (const label of document.querySelectorAll(`[data-topic="${topic.id}"]`)) label.textContent = say(topic.button);
    }
  }

  option(name, value, picture = null) {
    const isTopic = name.endsWith("topic");
    const input = el("input", { type: "radio", name, value, onchange: () => this.choose({ [isTopic ? "topic" : "profile"]: value }) });
    return el("label", { class: "option" }, input, picture, el("span", { [isTopic ? "data-topic" : "data-i18n"]: value }));
  }

  choose(change) {
    remember(change);
    this.show();
    this.onChoice(change);
  }

  /** Ticks what is chosen; `running` is what the server says is practised, which another viewer may have changed. */
  show(running = choices) {
    const tick = (name, value) => document.querySelectorAll(`input[name=${name}]`).forEach((input) => (input.checked = input.value === value));
    tick("topic", choices.topic);
    tick("profile", choices.profile);
    tick("camera", choices.camera);
    tick("bar-topic", running.topic);
    byId("bar-profile").value = running.profile;
    show(byId("device-field"), choices.camera === "own" && byId("device").options.length > 1);
  }

  /** The visitor's cameras; browsers tell their names only after one was allowed. */
  async listDevices() {
    if (!navigator.mediaDevices) return;
    const devices = (await navigator.mediaDevices.enumerateDevices().catch(() => [])).filter((device) => device.kind === "videoinput" && device.deviceId);
    byId("device").replaceChildren(...devices.map((device, i) => el("option", { value: device.deviceId, text: device.label || `${t("camera")} ${i + 1}` })));
    if (devices.some((device) => device.deviceId === choices.device)) byId("device").value = choices.device;
    this.show();
  }
}
