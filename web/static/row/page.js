// The page of the row (the morning meeting): the row on the wall, the hold timer, the tally and the sheet.

import { byId, el, isShortcut, setText, show, sign, toggleFullScreen } from "../shared/dom.js";
import { Backoff, EventStream } from "../shared/events.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { PersonDialog } from "./dialogs.js";
import { KeepDialog } from "./keep.js";
import { Row } from "./people.js";
import { RosterDialog } from "./roster.js";
import { switchLanguage, t, translate } from "./words.js";

const STATES = ["pass", "fail", "unjudged"];
const STALE_MS = 6000;
const NO_CAMERA_MS = 5000;
const MIRROR = "posecoach.row.mirror";

class Page {
  constructor() {
    this.person = new PersonDialog();
    this.roster = new RosterDialog();
    this.keep = new KeepDialog();
    this.row = new Row((person) => person && person.isHere && this.person.open(person));
    this.events = new EventStream(api.eventsAddress, (state) => this.take(state), (link) => this.onLink(link));
    this.backoff = new Backoff();
    this.state = null;
    this.trouble = () => t("connecting");
    this.bind();
  }

  bind() {
    byId("start").addEventListener("click", () => this.start());
    byId("cancel").addEventListener("click", () => this.act(api.dropCheck()));
    byId("again").addEventListener("click", () => this.act(api.dropCheck()));
    byId("recount").addEventListener("click", () => this.act(api.recount()));
    for (const id of ["auto", "seconds", "with-picture"]) byId(id).addEventListener("change", () => this.chooseAuto(id));
    byId("mirror").addEventListener("click", () => this.mirror(!this.row.isMirrored));
    byId("full").addEventListener("click", toggleFullScreen);
    byId("language").addEventListener("click", () => this.changeLanguage());
    byId("stream").addEventListener("error", () => this.later());
    document.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("visibilitychange", () => this.onVisibility());
    window.addEventListener("pagehide", () => this.sleep());
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
    window.addEventListener("resize", () => this.row.draw());
    setInterval(() => this.refresh(), 1000);
  }

  open() {
    translate();
    this.mirror(localStorage.getItem(MIRROR) === "1");
    this.wake();
  }

  /** Opens both streams; without a camera it asks again from time to time. */
  async wake() {
    this.sleep();
    this.isAwake = true;
    try {
      this.take(await api.state());
    } catch (error) {
      if (this.isAwake) this.fail(error);
      return;
    }
    if (!this.isAwake) return;
    if (this.state.camera.state === "none") {
      this.timer = setTimeout(() => this.wake(), NO_CAMERA_MS);
      return;
    }
    this.backoff.reset();
    this.events.open();
    this.openStream();
    if (navigator.wakeLock) navigator.wakeLock.request("screen").then((lock) => (this.lock = lock), () => {});
  }

  /** Lets go of both streams: some seconds later nothing is judged any more. */
  sleep() {
    this.isAwake = false;
    clearTimeout(this.timer);
    this.events.close();
    byId("stream").removeAttribute("src");
    if (this.lock) this.lock.release();
    this.lock = null;
  }

  /** The first question was not answered: it is asked again. */
  fail(error) {
    this.trouble = () => api.words(error);
    this.timer = setTimeout(() => this.wake(), this.backoff.next());
    this.refresh();
  }

  /** How the events do; a server that has come back without a camera is asked from the beginning. */
  async onLink(link) {
    this.trouble = { down: () => t("lost"), full: () => t("full_house") }[link] || null;
    if (link === "up" && this.wasDown) this.openStream();
    this.wasDown = link !== "up";
    this.refresh();
    if (link !== "down") return;
    const found = await api.state().catch(() => null);
    if (this.isAwake && found && found.camera.state === "none") this.wake();
  }

  openStream() {
    if (this.isAwake) byId("stream").src = api.streamAddress();
  }

  later() {
    if (this.isAwake && byId("stream").hasAttribute("src")) setTimeout(() => this.openStream(), 1500);
  }

  onVisibility() {
    const isChecking = this.state && this.state.check && this.state.check.phase !== "done";
    if (!document.hidden && !this.isAwake) this.wake();
    else if (document.hidden && !isChecking) this.sleep();
  }

  take(state) {
    this.state = state;
    this.takenAt = performance.now();
    this.trouble = null;
    if (!this.hasOptions) this.takeOptions(state);
    this.row.show(state);
    this.refresh();
  }

  /** What was chosen before a reload, or at another screen. */
  takeOptions(state) {
    this.hasOptions = true;
    byId("auto").checked = state.auto_s !== null;
    if (state.auto_s !== null) byId("seconds").value = String(state.auto_s);
  }

  // --- what people do ---------------------------------------------------------------------------------------------------------------------

  async act(promise) {
    try {
      await promise;
    } catch (error) {
      this.notice(api.words(error));
    }
  }

  start() {
    this.act(api.startCheck(Number(byId("seconds").value), byId("with-picture").checked));
  }

  chooseAuto(id) {
    if (id !== "auto" && !byId("auto").checked) return;
    this.act(api.setAuto(byId("auto").checked, Number(byId("seconds").value), byId("with-picture").checked));
  }

  mirror(on) {
    this.row.mirror(on);
    byId("mirror").setAttribute("aria-pressed", String(on));
    localStorage.setItem(MIRROR, on ? "1" : "0");
    this.row.draw();
    if (this.state) this.row.show(this.state);
  }

  changeLanguage() {
    switchLanguage();
    if (this.state) this.row.show(this.state);
    this.refresh();
  }

  onKey(event) {
    if (!isShortcut(event) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const person = this.state && this.state.people.find(({ id }) => String(id) === key);
    if (key === "s") this.phase() === "done" ? byId("again").click() : this.phase() === "idle" && this.start();
    else if (key === "r") this.roster.open();
    else if (key === "f") toggleFullScreen();
    else if (person) this.person.open({ ...person, isHere: true });
    else return;
    event.preventDefault();
  }

  /** Says something for a few seconds. */
  notice(words) {
    this.noticed = words;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => this.notice(""), words ? 5000 : 0);
    if (!words) clearTimeout(this.noticeTimer);
    this.refresh();
  }

  // --- what is shown ----------------------------------------------------------------------------------------------------------------------

  phase() {
    return this.state && this.state.check ? this.state.check.phase : "idle";
  }

  refresh() {
    const { state } = this;
    const isStale = state && state.phase !== "off" && performance.now() - this.takenAt > STALE_MS;
    this.showLink(this.trouble ? this.trouble() : isStale ? t("lost") : null);
    if (!state) return;
    const phase = this.phase();
    document.body.dataset.phase = phase;
    show(byId("before"), phase === "idle");
    show(byId("during"), phase === "countdown" || phase === "judging");
    show(byId("after"), phase === "done");
    byId("start").disabled = !state.people.length;
    if (this.hasOptions) byId("auto").checked = state.auto_s !== null;
    this.roster.show(state.roster);
    this.showTally(phase === "done" ? state.check.tally : state.tally);
    this.showWords(phase);
  }

  showLink(trouble) {
    show(byId("link"), Boolean(trouble));
    if (trouble) setText(byId("link"), trouble);
    byId("stage").classList.toggle("dim", Boolean(trouble));
  }

  showTally(tally) {
    const key = JSON.stringify([tally, t("pass")]);
    if (key === this.tallied) return;
    this.tallied = key;
    byId("tally").replaceChildren(...STATES.map((state) => el("li", { class: state }, sign(state), el("b", { text: tally[state] }), el("span", { text: t(state) }))));
  }

  showWords(phase) {
    const { state } = this;
    const { check } = state;
    const cameraIsOk = state.camera.state === "ok";
    const large = this.largeWords(cameraIsOk);
    setText(byId("large"), large);
    show(byId("large"), Boolean(large));
    show(byId("count"), phase === "countdown");
    if (phase === "countdown") setText(byId("count"), String(Math.max(1, Math.ceil(check.left_s))));
    setText(byId("headline"), this.noticed || this.headline(phase));
    byId("middle").dataset.kind = phase === "idle" && (this.noticed || state.notices.length) ? "notice" : phase;
    show(byId("bar"), phase === "judging");
    if (phase === "judging") byId("bar-fill").style.width = `${Math.max(0, Math.min(100, 100 - (100 * check.left_s) / check.seconds))}%`;
  }

  largeWords(cameraIsOk) {
    const { state } = this;
    if (state.camera.state === "none") return t("no_camera");
    if (!cameraIsOk) return say(state.camera);
    if (state.phase !== "on") return this.phase() === "done" ? "" : t("loading");
    return state.people.length || !state.notices.length || this.phase() === "done" ? "" : say(state.notices[0]);
  }

  headline(phase) {
    const { check, notices, people, auto_s: auto } = this.state;
    if (phase === "countdown") return t("get_ready");
    if (phase === "judging") return check.left_s > 0 ? t("hold_on", { n: Math.ceil(check.left_s) }) : t("judging");
    if (phase === "done") return t(check.people.length && check.tally.pass === check.people.length ? "all_met" : "result");
    if (people.length && notices.length) return say(notices[0]);
    return people.length ? t(auto === null ? "ready" : "auto_ready") : "";
  }
}

new Page().open();
