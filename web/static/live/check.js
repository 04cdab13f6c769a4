// A check: waits until the person is in place, lets the server count down and judge, then hands the result to its card.

import { byId, setText } from "../shared/dom.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { eventOf, stepAfter } from "./check_steps.js";
import { Stills } from "./stills.js";
import { t } from "./words.js";

export const SECONDS = 20;
const MOST_WAIT_MS = 60000;

export class Check {
  /** `page.camera`, `page.notice(words)` and `page.refresh()`; `onResult(state, stills)` at its end. */
  constructor(page, onResult) {
    this.page = page;
    this.onResult = onResult;
    this.phase = "idle";
    this.visitor = null;
    byId("check").addEventListener("click", () => this.press());
  }

  /** Begins, or breaks off. */
  press() {
    this.since = performance.now();
    this.take("press");
  }

  /** Nothing is asked for any more: the page, the topic or the camera has changed. */
  leave() {
    this.take("left");
  }

  isWaiting() {
    return this.phase === "waiting" || this.phase === "asked";
  }

  isOn() {
    return this.phase !== "idle";
  }

  /** The check of a state as this page shows it: null where another page asked for it. */
  shown(state) {
    return this.phase === "running" ? state.check : null;
  }

  follow(state) {
    this.take(eventOf(this.phase, state, performance.now() - this.since, MOST_WAIT_MS, this.visitor !== this.page.camera.visitor), state);
    if (this.phase === "running" && state.check && state.check.phase === "judging") this.stills.keep(state.score);
  }

  take(event, state = null) {
    const step = stepAfter(this.phase, event);
    if (step.phase === this.phase) return;
    this.phase = step.phase;
    if (event === "running") this.stills = new Stills(this.page.camera);
    if (step.do === "ask") this.ask();
    if (step.do === "drop") this.drop();
    if (step.do === "tell") this.page.notice(t(step.why));
    if (step.do === "show") this.onResult(state, this.stills);
    this.page.refresh();
  }

  async ask() {
    const visitor = (this.visitor = this.page.camera.visitor);
    try {
      await api.startCheck(visitor, SECONDS);
      if (!this.isOn()) this.drop();
    } catch (error) {
      if (visitor !== this.page.camera.visitor) return; // its session has ended: the next one is asked
      this.take("refused");
      this.page.notice(say(error.body) || t("failed"));
    }
  }

  drop() {
    api.dropCheck(this.visitor);
  }

  showButton(canCheck) {
    setText(byId("check-words"), t(this.isOn() ? "check_cancel" : "check"));
    byId("check").classList.toggle("primary", !this.isOn());
    byId("check").disabled = !canCheck && !this.isOn();
    setText(byId("check-note"), this.phase === "waiting" ? t("wait_ready") : "");
  }
}
