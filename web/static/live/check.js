// A check: waits until the person is in place, lets the server count down and judge, then shows the result card.

import { byId, el, setText, show, sign, svg } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { choices } from "../shared/store.js";
import * as api from "./api.js";
import { formatLimits, formatValue } from "./numbers.js";
import { t } from "./words.js";

export const SECONDS = 20;
const STILL_WIDTH = 640;
const STILL_EVERY_MS = 700;
const RESULT_STATE = { meets: "pass", improve: "warn", not_met: "fail", not_enough: "unjudged", not_judged: "unjudged" };
const ORDER = { fail: 0, warn: 1, pass: 2, unjudged: 3 };

export class Check {
  constructor(page) {
    this.page = page;
    this.dialog = byId("result");
    this.phase = "idle"; // idle, waiting (for the person), asked (of the server), running
    byId("check").addEventListener("click", () => this.toggle());
    byId("again").addEventListener("click", () => this.again());
    byId("print").addEventListener("click", () => window.print());
    byId("close-result").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => api.hideCheck(this.page.camera.visitor).catch(() => {}));
  }

  toggle() {
    this.phase = this.phase === "idle" ? "waiting" : this.phase === "waiting" ? "idle" : this.phase;
    this.page.refresh();
  }

  again() {
    this.dialog.close();
    this.phase = "waiting";
    this.page.refresh();
  }

  isWaiting() {
    return this.phase === "waiting" || this.phase === "asked";
  }

  /** Follows the states; a result is shown once, and only for a check this page has seen running. */
  async follow(state) {
    const running = state.check && state.check.phase !== "done";
    if (this.phase === "waiting" && state.placement.ready && !running) await this.ask();
    if (running && this.phase !== "running") {
      this.phase = "running";
      this.stills = {};
      this.stilledAt = 0;
    }
    if (this.phase === "running" && state.check && state.check.phase === "judging") this.keepStill(state);
    if (this.phase === "running" && (!state.check || state.check.phase === "done")) {
      this.phase = "idle";
      if (state.check && state.check.result) this.showResult(state);
    }
  }

  async ask() {
    this.phase = "asked";
    try {
      await api.startCheck(this.page.camera.visitor, SECONDS);
    } catch (error) {
      this.phase = "idle";
      this.page.notice(say(error.body) || t("failed"));
    }
  }

  /** The best and the worst moment, on two canvases of this page and nowhere else. */
  keepStill(state) {
    const now = performance.now();
    if (!choices.stills || state.score === null || now - this.stilledAt < STILL_EVERY_MS) return;
    this.stilledAt = now;
    const { best, worst } = this.stills;
    if (!best || state.score > best.score) this.stills.best = this.still(state.score);
    else if (!worst || state.score < worst.score) this.stills.worst = this.still(state.score);
  }

  still(score) {
    const ratio = this.page.camera.ratio() || 4 / 3;
    const canvas = el("canvas", { width: STILL_WIDTH, height: Math.round(STILL_WIDTH / ratio) });
    this.page.camera.paint(canvas.getContext("2d"), canvas.width, canvas.height);
    return { score, canvas };
  }

  showResult(state) {
    this.shown = { result: state.check.result, topic: state.topic, profile: state.profile, when: new Date() };
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  /** Draws the card, again when the language changes. */
  draw() {
    if (!this.shown) return;
    const { result, topic, profile, when } = this.shown;
    const state = RESULT_STATE[result.outcome] || "unjudged";
    setText(byId("result-what"), `${say((this.page.topics.get(topic) || {}).button) || topic} · ${t(profile)} · ${when.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" })}`);
    byId("result-outcome").className = state;
    byId("result-outcome").replaceChildren(sign(state), t(result.outcome));
    byId("result-score").replaceChildren(dial(result.score, state));
    this.drawFirst(result);
    const clauses = [...result.clauses].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    byId("result-clauses").replaceChildren(...clauses.filter((clause) => clause.reason !== "not_applicable").map((clause) => this.row(clause)));
    this.drawStills();
  }

  drawFirst(result) {
    const first = result.practise_first.slice(0, 3);
    byId("result-first").replaceChildren(...first.map((item) => {
      const clause = result.clauses.find(({ id }) => id === item.id);
      const [value, limit] = [formatValue(clause.value, clause.unit), formatLimits(item.limits, clause.unit)];
      const measured = value && limit ? `${t("now_is", { value })} · ${t("within")} ${limit}` : "";
      return el("li", { class: clause.state }, el("div", {}, el("b", { text: say(item) }),
        el("small", { text: [this.page.list.name(clause.id), measured].filter(Boolean).join(" · ") })));
    }));
    show(byId("result-none"), first.length === 0 && result.outcome !== "not_judged");
    setText(byId("result-none"), t("result_none"));
    byId("result-warnings").replaceChildren(...(result.warnings || []).map((warning) => el("li", { text: say(warning) })));
  }

  row(clause) {
    const limit = formatLimits(clause.limits, clause.unit);
    const value = formatValue(clause.value, clause.unit);
    const note = clause.state === "unjudged" ? t(clause.reason) : clause.pass_share === null || clause.pass_share === undefined ? "" : t("result_share", { n: Math.round(100 * clause.pass_share) });
    return el("li", { class: clause.state, "data-id": clause.id, "data-state": clause.state }, sign(clause.state),
      el("span", { class: "name" }, this.page.list.name(clause.id), el("small", { text: `${t(clause.state)}${note ? ` · ${note}` : ""}` })),
      el("span", { class: "numbers" }, el("b", { text: value }), value && limit ? el("small", { text: `${t("within")} ${limit}` }) : null));
  }

  drawStills() {
    const kept = ["best", "worst"].filter((which) => this.stills && this.stills[which]);
    show(byId("result-stills"), kept.length > 0);
    byId("result-pictures").replaceChildren(...kept.map((which) => el("figure", {}, this.stills[which].canvas,
      el("figcaption", { text: `${t(`result_${which}`)} · ${Math.round(this.stills[which].score)} ${t("points")}` }))));
  }
}

/** The score in a ring that is as full as the score. */
function dial(score, state) {
  const around = 2 * Math.PI * 52;
  const share = score === null ? 0 : score / 100;
  return svg("svg", { class: `dial ${state}`, viewBox: "0 0 120 120", role: "img", "aria-label": `${t("result_score")} ${score === null ? "–" : Math.round(score)}` },
    svg("circle", { class: "track", cx: 60, cy: 60, r: 52 }),
    svg("circle", { class: "fill", cx: 60, cy: 60, r: 52, "stroke-dasharray": `${share * around} ${around}`, transform: "rotate(-90 60 60)" }),
    svg("text", { x: 60, y: 68, "text-anchor": "middle", class: "big", text: score === null ? "–" : String(Math.round(score)) }),
    svg("text", { x: 60, y: 88, "text-anchor": "middle", class: "small", text: t("points") }));
}
