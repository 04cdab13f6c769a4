// The page: start, practise, check. Holds the camera in use and passes each state to those who show it.

import { status } from "../shared/api.js";
import { byId, isShortcut, setText, show, toggleFullScreen } from "../shared/dom.js";
import { Backoff } from "../shared/events.js";
import { language, say } from "../shared/language.js";
import { choices, remember, setRunning, wasRunning } from "../shared/store.js";
import { applyTheme, nextTheme } from "../shared/theme.js";
import * as api from "./api.js";
import { Banner, messageFor, showCount } from "./banner.js";
import { Calibration } from "./calibration.js";
import { Check, SECONDS } from "./check.js";
import { Chooser } from "./chooser.js";
import { ClauseList } from "./clauses.js";
import { outline, outlineFor } from "./figures.js";
import { OwnCamera } from "./own_camera.js";
import { ServerCamera } from "./server_camera.js";
import { Voice } from "./voice.js";
import { switchLanguage, t, translate } from "./words.js";

const STATUS_EVERY_MS = 3000;
const STALE_MS = 5000;
const TROUBLES = ["opening", "lost", "busy", "none", "refused", "insecure"];

class Page {
  constructor() {
    this.list = new ClauseList();
    this.topics = new Map();
    const report = { state: (state) => this.onState(state), link: (link, details) => this.onLink(link, details), restart: () => this.isLive && this.wake() };
    this.cameras = { server: new ServerCamera(report), own: new OwnCamera(report) };
    this.camera = this.cameras.server;
    this.cameraName = "";
    this.link = {};
    this.state = null;
    this.isLive = false;
    this.banner = new Banner();
    this.voice = new Voice(() => this.showTools());
    this.check = new Check(this);
    this.calibration = new Calibration(this);
    this.chooser = new Chooser((change) => this.onChoice(change));
    this.bind();
  }

  bind() {
    byId("start").addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
    byId("leave").addEventListener("click", () => this.leave());
    byId("retry").addEventListener("click", () => this.wake());
    byId("use-own").addEventListener("click", () => this.useOwn());
    byId("language").addEventListener("click", () => this.changeLanguage());
    byId("theme").addEventListener("click", () => this.changeTheme());
    byId("voice").addEventListener("click", () => this.toggleVoice());
    byId("voice").addEventListener("blur", () => show(byId("voice-why"), false));
    byId("full").addEventListener("click", toggleFullScreen);
    byId("turn").addEventListener("click", () => this.camera.turn());
    byId("stills").addEventListener("change", (event) => remember({ stills: event.target.checked }));
    document.addEventListener("visibilitychange", () => this.onVisibility());
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("pagehide", () => this.isLive && this.camera.stop());
    window.addEventListener("pageshow", (event) => event.persisted && this.isLive && this.wake());
  }

  async open() {
    applyTheme();
    byId("stills").checked = choices.stills;
    this.chooser.show();
    this.translate();
    this.chooser.listDevices();
    if (wasRunning()) this.begin();
    await this.loadTopics();
  }

  async loadTopics() {
    const backoff = new Backoff();
    for (;;) {
      try {
        this.setTopics((await api.topics()).topics);
        return this.refresh();
      } catch {
        await backoff.pause();
      }
    }
  }

  setTopics(topics) {
    this.topics = new Map(topics.map((topic) => [topic.id, topic]));
    this.list.setTopics(topics);
    this.chooser.setTopics(topics);
  }

  begin() {
    this.isLive = true;
    setRunning(true);
    document.body.classList.add("live");
    show(byId("start"), false);
    show(byId("live"), true);
    this.wake();
    byId("stage").focus({ preventScroll: true });
    this.statusTimer = setInterval(() => this.pollStatus(), STATUS_EVERY_MS);
    this.pollStatus();
  }

  leave() {
    this.isLive = false;
    setRunning(false);
    this.sleep();
    clearInterval(this.statusTimer);
    document.body.classList.remove("live");
    show(byId("live"), false);
    show(byId("start"), true);
    this.chooser.show();
    this.chooser.listDevices();
    byId("begin").focus();
  }

  useOwn() {
    remember({ camera: "own" });
    this.wake();
  }

  /** Opens the chosen camera anew. */
  wake() {
    this.sleep();
    this.state = null;
    this.link = { key: "connecting" };
    this.camera = this.cameras[choices.camera] || this.cameras.server;
    this.camera.start();
    if (navigator.wakeLock) navigator.wakeLock.request("screen").then((lock) => (this.lock = lock), () => {});
    this.refresh();
  }

  sleep() {
    this.camera.stop();
    this.voice.silence();
    if (this.lock) this.lock.release();
    this.lock = null;
  }

  onVisibility() {
    if (!this.isLive) return;
    if (document.hidden) this.sleep();
    else this.wake();
  }

  onChoice(change) {
    if (!this.isLive || "camera" in change || "device" in change) return;
    this.check.phase = "idle";
    this.pending = performance.now();
    this.camera.choose();
    this.refresh();
  }

  onState(state) {
    if (!this.isLive) return;
    this.stateAt = performance.now();
    if (state.check) state.check.seconds = SECONDS;
    this.state = state;
    if (this.link.key !== "up") this.link = { key: "up" };
    this.check.follow(state);
    this.refresh();
  }

  onLink(link, details = {}) {
    if (!this.isLive) return;
    const isNew = link !== this.link.key;
    this.link = { key: link, details };
    if (link !== "up") this.state = null;
    this.refresh();
    if (isNew && link === "up") this.pollStatus();
  }

  /** What is wrong with the connection or the own camera, null while nothing is. */
  trouble() {
    const { key, details = {} } = this.link;
    if (key === "up" || !key) return this.noticed || null;
    if (key === "down") return say(details.said && details.said.zh ? details.said : null) || t("reconnecting");
    if (key !== "full") return t(key);
    const full = details.n ? t("full_house", details) : t("full_house_viewers");
    return full + (details.left ? ` · ${t("retry_in", { n: details.left })}` : "");
  }

  /** Says something for a few seconds. */
  notice(words) {
    this.noticed = words;
    clearTimeout(this.noticeTimer);
    if (words) this.noticeTimer = setTimeout(() => this.notice(null), 4000);
    this.refresh();
  }

  /** Shows everything as it is now. */
  refresh() {
    if (!this.isLive) return;
    const { state } = this;
    const message = messageFor(state, { words: this.trouble(), isWaitingToCheck: this.check.isWaiting() }, state && this.topics.get(state.topic));
    this.banner.show(message);
    this.voice.hear(message);
    this.list.show(state, language());
    showCount(state && state.check);
    this.showStage(state);
    this.showTools();
    this.showStatus();
    if (state && performance.now() - (this.pending || 0) > 1500) this.chooser.show(state);
  }

  showStage(state) {
    const ratio = this.camera.ratio();
    if (ratio) byId("stage").style.setProperty("--ratio", String(ratio));
    const cameraIsOk = Boolean(state) && (!state.camera || state.camera.state === "ok");
    byId("mirror").classList.toggle("dim", !cameraIsOk);
    const topic = cameraIsOk && !state.placement.ready ? this.topics.get(state.topic) : null;
    const wanted = topic ? outlineFor(topic.outline, state.view, true) : null;
    const key = JSON.stringify(wanted);
    if (key !== this.outlined) byId("outline").replaceChildren(...(wanted ? [outline(wanted)] : []));
    this.outlined = key;
    const hasNone = Boolean(state) && !cameraIsOk && this.camera.kind === "server" && ["none", "lost", "busy"].includes(state.camera.state);
    show(byId("use-own"), hasNone);
    show(byId("retry"), TROUBLES.includes(this.link.key) && this.link.key !== "opening");
  }

  showTools() {
    const canSpeak = this.voice.voice() !== null;
    setText(byId("voice-words"), t(canSpeak ? (this.voice.isOn() ? "voice_on" : "voice_off") : "voice_none"));
    byId("voice").setAttribute("aria-pressed", String(this.voice.isOn()));
    byId("voice").classList.toggle("unable", !canSpeak);
    byId("voice").title = canSpeak ? t("voice_key") : t(this.voice.isSupported() ? "voice_why" : "voice_unsupported");
    byId("theme").title = `${t("theme")}: ${t(`theme_${choices.theme}`)}`;
    byId("theme").setAttribute("aria-label", byId("theme").title);
    byId("theme").dataset.theme = choices.theme;
    const isWaiting = this.check.phase === "waiting";
    setText(byId("check-words"), t(isWaiting ? "check_cancel" : "check"));
    byId("check").disabled = !this.state || this.check.phase === "running" || this.check.phase === "asked";
    byId("calibrate").disabled = !this.state;
    byId("turn").disabled = !this.state;
    setText(byId("check-note"), isWaiting ? t("wait_ready") : "");
  }

  showStatus() {
    const isFresh = this.state && performance.now() - this.stateAt < STALE_MS;
    const state = this.state && this.state.camera ? this.state.camera.state : this.link.key;
    const isOk = Boolean(isFresh) && (state === "ok" || state === "up");
    const server = this.status && this.status.camera;
    const fps = this.camera.kind === "own" ? this.camera.fps() : server && server.fps;
    const parts = [t(isOk ? "camera_ok" : "camera_not")];
    if (isOk && fps) parts.push(t("fps", { n: fps.toFixed(fps < 10 ? 1 : 0) }));
    if (this.camera.kind === "server" && server && server.reconnected) parts.push(t("reconnected", { n: server.reconnected }));
    if (this.camera.kind === "own" && this.status) parts.push(t("places", { n: this.status.visitors, m: this.status.visitor_limit }));
    byId("status").className = isOk ? "ok" : "not";
    setText(byId("status-words"), parts.join(" · "));
  }

  async pollStatus() {
    if (document.hidden) return;
    this.status = await status().catch(() => null);
    if (this.status) this.cameraName = this.status.camera.name;
    this.showStatus();
  }

  toggleVoice() {
    if (this.voice.voice()) return this.voice.toggle();
    const tip = byId("voice-why");
    setText(tip, t(this.voice.isSupported() ? "voice_why" : "voice_unsupported"));
    show(tip, tip.hidden);
  }

  changeLanguage() {
    switchLanguage();
    this.translate();
  }

  changeTheme() {
    nextTheme();
    this.showTools();
  }

  translate() {
    translate();
    this.chooser.translate();
    show(byId("voice-why"), false);
    this.showTools();
    if (this.isLive && this.camera.kind === "server") this.camera.openStream();
    this.check.draw();
    this.calibration.describe();
    this.refresh();
  }

  onKey(event) {
    if (isShortcut(event) && event.key.toLowerCase() === "m") this.toggleVoice();
  }
}

new Page().open();
