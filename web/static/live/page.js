// The page: start, practise, check. Holds the camera in use and passes each state to those who show it.

import { status } from "../shared/api.js";
import { prepareChime } from "../shared/chime.js";
import { byId, isShortcut, show, toggleFullScreen } from "../shared/dom.js";
import { Backoff } from "../shared/events.js";
import { language, say } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import { applyTheme, nextTheme } from "../shared/theme.js";
import * as api from "./api.js";
import { Awake } from "./awake.js";
import { Banner, messageFor } from "./banner.js";
import { Calibration } from "./calibration.js";
import { Check, SECONDS } from "./check.js";
import { Chooser } from "./chooser.js";
import { ClauseList } from "./clauses.js";
import { countOf, Drill } from "./drill.js";
import { OwnCamera } from "./own_camera.js";
import { showCode, takeAsked } from "./phone.js";
import { Places } from "./places.js";
import { ResultCard } from "./result.js";
import { ServerCamera } from "./server_camera.js";
import { Stage, troubleOf } from "./stage.js";
import { showPlace, showStatus, showTheme, showVoice, toggleVoice } from "./tools.js";
import { Voice } from "./voice.js";
import { switchLanguage, t, translate } from "./words.js";

const STATUS_EVERY_MS = 3000;
const STALE_MS = 5000;
const NOTICE_MS = 4000;

class Page {
  constructor() {
    this.list = new ClauseList();
    this.topics = new Map();
    const report = { state: (state) => this.onState(state), link: (link, details) => this.onLink(link, details), restart: () => this.isLive && this.wake(), needsHands: () => this.needsHands(), slanted: () => this.notice(t("hold_straight")) };
    this.cameras = { server: new ServerCamera(report), own: new OwnCamera(report) };
    this.camera = this.cameras.server;
    this.cameraName = "";
    this.link = {};
    this.state = null;
    this.isLive = false;
    this.places = new Places((place) => this.arrive(place));
    this.awake = new Awake();
    this.banner = new Banner();
    this.stage = new Stage();
    this.voice = new Voice(() => showVoice(this.voice));
    this.check = new Check(this, (state, stills) => this.result.show(state, stills));
    this.result = new ResultCard(this, () => this.again(), () => this.check.isOn() || this.check.drop());
    this.drill = new Drill(this);
    this.calibration = new Calibration(this);
    this.chooser = new Chooser((change) => this.onChoice(change));
    this.bind();
  }

  bind() {
    const clicks = {
      leave: () => this.places.leaveLive(), another: () => this.places.leaveLive(), retry: () => this.wake(), "use-own": () => this.useOwn(),
      language: () => this.changeLanguage(), theme: () => this.changeTheme(), voice: () => toggleVoice(this.voice),
      full: toggleFullScreen, turn: () => this.camera.turn(), flip: () => this.cameras.own.flip(),
    };
    for (const [id, onClick] of Object.entries(clicks)) byId(id).addEventListener("click", onClick);
    byId("start").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.chooser.isReady()) this.begin();
    });
    byId("voice").addEventListener("blur", () => show(byId("voice-why"), false));
    byId("stills").addEventListener("change", (event) => remember({ stills: event.target.checked }));
    document.addEventListener("visibilitychange", () => this.onVisibility());
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("pagehide", () => this.isLive && this.sleep());
    window.addEventListener("pageshow", (event) => event.persisted && this.isLive && this.wake());
  }

  async open() {
    applyTheme();
    takeAsked();
    byId("stills").checked = choices.stills;
    this.translate();
    if (this.places.wasLive()) {
      this.chooser.listDevices();
      this.begin();
    } else this.chooser.watch();
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
    showCode();
  }

  /** The browser has gone back or forward. */
  arrive(place) {
    if (place === "live" && !this.isLive) this.begin();
    if (place === "start" && this.isLive) this.leave();
  }

  begin() {
    if (this.chooser.camera) remember({ camera: this.chooser.camera });
    prepareChime();
    this.isLive = true;
    this.places.goLive();
    this.chooser.stop();
    document.body.classList.add("live");
    show(byId("start"), false);
    show(byId("live"), true);
    this.wake();
    byId("stage").focus({ preventScroll: true });
    scrollTo(0, 0); // what is chosen last on a phone lies far below
    this.statusTimer = setInterval(() => this.pollStatus(), STATUS_EVERY_MS);
    this.pollStatus();
  }

  leave() {
    this.sleep();
    this.isLive = false;
    clearInterval(this.statusTimer);
    document.body.classList.remove("live");
    show(byId("live"), false);
    show(byId("start"), true);
    this.chooser.watch();
    byId("begin").focus();
  }

  useOwn() {
    this.chooser.chooseCamera("own");
    this.wake();
  }

  /** Opens the chosen camera anew. */
  wake() {
    this.sleep();
    this.state = null;
    this.link = { key: "connecting" };
    this.stage.clear();
    this.camera = this.cameras[choices.camera] || this.cameras.server;
    this.camera.start();
    this.awake.hold();
    this.refresh();
  }

  /** Nobody is judged any more; a check of this page ends. */
  sleep() {
    this.check.leave();
    this.camera.stop();
    this.voice.silence();
    this.awake.release();
  }

  onVisibility() {
    if (!this.isLive) return;
    if (document.hidden) this.sleep();
    else this.wake();
  }

  onChoice(change) {
    showCode();
    if (!this.isLive || "camera" in change || "device" in change) return;
    this.check.leave();
    this.pending = performance.now();
    this.camera.choose();
    this.refresh();
  }

  onState(state) {
    if (!this.isLive) return;
    this.stateAt = performance.now();
    this.state = state;
    if (this.link.key !== "up") this.link = { key: "up" };
    this.check.follow(state);
    this.drill.follow(state, this.topics.get(state.topic));
    this.refresh();
  }

  onLink(link, details = {}) {
    if (!this.isLive) return;
    const isNew = link !== this.link.key;
    this.link = { key: link, details };
    if (link !== "up") this.state = null;
    this.refresh();
    if (isNew && link === "up") this.pollStatus();
    if (isNew && link === "up" && this.camera.kind === "own") this.chooser.listDevices(); // before one was allowed, a browser tells of one only
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
    if (words) this.noticeTimer = setTimeout(() => this.notice(null), NOTICE_MS);
    this.refresh();
  }

  /** Shows everything as it is now. */
  refresh() {
    if (!this.isLive) return;
    const { state } = this;
    const [topic, check] = [state && this.topics.get(state.topic), state && this.check.shown(state)];
    const trouble = troubleOf(state, this.link);
    const link = { words: this.trouble(), isTrouble: trouble !== null, isWaitingToCheck: this.check.isWaiting() };
    const message = messageFor(state && { ...state, check }, link, topic);
    this.banner.show(message);
    this.voice.hear(message);
    this.list.show(state, language(), trouble);
    this.stage.show(state, this.camera, topic);
    const { count, seconds } = countOf(state && state.drill, topic);
    this.stage.showCount(count || check, count ? seconds : SECONDS);
    this.drill.show(state, topic, this.hasPicture());
    this.stage.showTrouble(trouble, this.camera, this.chooser.hasOwn());
    this.showActions();
    if (state && performance.now() - (this.pending || 0) > 1500) this.chooser.show(state);
  }

  needsHands() {
    const topic = this.topics.get(choices.topic);
    return Boolean(topic && topic.hands);
  }

  /** The check or the drill once more. */
  again() {
    if (this.state && this.state.drill) api.leadDrill(this.camera.visitor, "next").catch(() => {});
    else this.check.press();
  }

  hasPicture() {
    return Boolean(this.state) && (!this.state.camera || ["ok", "black"].includes(this.state.camera.state));
  }

  showActions() {
    this.check.showButton(this.hasPicture());
    byId("calibrate").disabled = !this.hasPicture();
    byId("turn").disabled = !this.hasPicture();
    showPlace(this.camera, this.chooser.own);
    const isFresh = this.state && performance.now() - this.stateAt < STALE_MS;
    showStatus(this.camera, Boolean(isFresh) && (!this.state.camera || this.state.camera.state === "ok"), this.status);
  }

  async pollStatus() {
    if (document.hidden) return;
    this.status = await status().catch(() => null);
    if (this.status) this.cameraName = this.status.camera.name;
    this.showActions();
  }

  changeLanguage() {
    switchLanguage();
    this.translate();
  }

  changeTheme() {
    nextTheme();
    showTheme();
  }

  translate() {
    translate();
    this.chooser.translate();
    show(byId("voice-why"), false);
    showVoice(this.voice);
    showTheme();
    if (this.isLive && this.camera.kind === "server") this.camera.openStream();
    this.result.draw();
    this.calibration.describe();
    this.refresh();
  }

  onKey(event) {
    if (isShortcut(event) && event.key.toLowerCase() === "m") toggleVoice(this.voice);
    if (event.key === "Escape" && this.check.isOn() && !document.querySelector("dialog[open]")) this.check.press();
  }
}

new Page().open();
