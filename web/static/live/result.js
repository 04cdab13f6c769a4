// The card at the end of a check.

import { byId, el, setText, show, sign, svg } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { Keep } from "./keep.js";
import { formatLimits, formatValue } from "./numbers.js";
import { t } from "./words.js";

const MOST_FIRST = 3;
const RESULT_STATE = { meets: "pass", improve: "warn", not_met: "fail", not_enough: "unjudged", not_judged: "unjudged" };
const ORDER = { fail: 0, warn: 1, pass: 2, unjudged: 3 };

/** The clauses of a topic that are for others than the chosen profile, and so were not judged. */
export const leftOut = (topic, profile) => (topic ? topic.clauses.filter((clause) => !clause.profiles.includes(profile)) : []);

export class ResultCard {
  /** `page.topics`, `page.list.name(id)` and `page.places`; `onAgain()` for another check, `onClose()` when the card is put away. */
  constructor(page, onAgain, onClose) {
    this.page = page;
    this.dialog = byId("result");
    this.keep = new Keep(() => page.camera);
    byId("again").addEventListener("click", () => {
      this.dialog.close();
      onAgain();
    });
    byId("print").addEventListener("click", () => window.print());
    byId("close-result").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => {
      this.shown = null;
      onClose();
    });
  }

  show(state, stills) {
    this.shown = { result: state.check.result, topic: state.topic, profile: state.profile, stills, when: new Date() };
    this.draw();
    this.keep.offer(this.shown.result);
    this.page.places.open(this.dialog);
    this.dialog.scrollTop = 0;
  }

  /** Puts the card away where it is open. */
  close() {
    if (this.dialog.open) this.dialog.close();
  }

  /** Draws the card, again when the language changes. */
  draw() {
    if (!this.shown) return;
    const { result, topic, profile, when, stills } = this.shown;
    const state = RESULT_STATE[result.outcome] || "unjudged";
    const practised = this.page.topics.get(topic);
    setText(byId("result-what"), `${say(practised && practised.button) || topic} · ${t(profile)} · ${when.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" })}`);
    byId("result-outcome").className = state;
    byId("result-outcome").replaceChildren(sign(state), t(result.outcome));
    byId("result-score").replaceChildren(dial(result.score, state));
    this.drawSteps(result.steps, practised);
    this.drawFirst(result);
    const clauses = [...result.clauses].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    byId("result-clauses").replaceChildren(...clauses.filter((clause) => clause.reason !== "not_applicable").map((clause) => this.row(clause)));
    this.drawLeftOut(leftOut(practised, profile), profile);
    drawStills(stills.shown());
  }

  /** The steps of a drill, each with what was off in it. */
  drawSteps(steps, practised) {
    const known = new Map((practised && practised.steps || []).map((step) => [step.id, step]));
    show(byId("result-by-step"), steps.length > 0);
    byId("result-steps").replaceChildren(...steps.map((step) => el("li", { class: step.state, "data-id": step.id, "data-state": step.state }, sign(step.state),
      el("span", { class: "name" }, say(known.get(step.id)) || step.id, el("small", { text: step.seconds === null ? t("drill_unseen") : step.off.map((id) => this.page.list.name(id)).join(t("comma")) || t(step.state) })),
      el("span", { class: "numbers" }, el("b", { text: step.seconds === null ? "" : t("seconds", { n: Math.round(step.seconds) }) })))));
  }

  drawFirst(result) {
    const first = result.practise_first.slice(0, MOST_FIRST);
    byId("result-first").replaceChildren(...first.map((item) => {
      const clause = result.clauses.find(({ id }) => id === item.id);
      const [value, limit] = [formatValue(clause.value, clause.unit), formatLimits(item.limits, clause.unit)];
      const measured = value && limit ? `${t("now_is", { value })} · ${t("within")} ${limit}` : "";
      return el("li", { class: clause.state }, el("div", {}, el("b", { text: say(item) }),
        el("small", { text: [this.page.list.name(clause.id), t(clause.state), measured].filter(Boolean).join(" · ") })));
    }));
    show(byId("result-none"), first.length === 0 && result.outcome !== "not_judged");
    setText(byId("result-none"), t("result_none"));
    byId("result-warnings").replaceChildren(...result.warnings.map((warning) => el("li", { text: say(warning) })));
  }

  row(clause) {
    const limit = formatLimits(clause.limits, clause.unit);
    const value = formatValue(clause.value, clause.unit);
    const note = clause.state === "unjudged" ? t(clause.reason) : clause.pass_share === null || clause.pass_share === undefined ? "" : t("result_share", { n: Math.round(100 * clause.pass_share) });
    return el("li", { class: clause.state, "data-id": clause.id, "data-state": clause.state }, sign(clause.state),
      el("span", { class: "name" }, this.page.list.name(clause.id), el("small", { text: `${t(clause.state)}${note ? ` · ${note}` : ""}` })),
      el("span", { class: "numbers" }, el("b", { text: value }), value && limit ? el("small", { text: `${t("within")} ${limit}` }) : null));
  }

  /** What was not judged because of the chosen profile. */
  drawLeftOut(clauses, profile) {
    show(byId("result-left-out"), clauses.length > 0);
    setText(byId("result-left-out-why"), t(profile === "unspecified" ? "left_out_either" : "left_out", { profile: t(profile) }));
    byId("result-left-out-list").replaceChildren(...clauses.map((clause) => el("li", { "data-id": clause.id, text: say(clause) })));
  }
}

function drawStills(kept) {
  show(byId("result-stills"), kept.length > 0);
  byId("result-pictures").replaceChildren(...kept.map(([key, { canvas, score }]) => el("figure", {}, canvas,
    el("figcaption", { text: `${t(key)} · ${Math.round(score)} ${t("points")}` }))));
}

/** The score in a ring that is as full as the score. */
function dial(score, state) {
  const around = 2 * Math.PI * 52;
  const share = score === null ? 0 : score / 100;
  return svg("svg", { class: `dial ${state}`, viewBox: "0 0 120 120", role: "img", "aria-label": `${t("result_score")} ${score === null ? "–" : Math.round(score)}` },
    svg("circle", { class: "track", cx: 60, cy: 60, r: 52 }),
    svg("circle", { class: "fill", cx: 60, cy: 60, r: 52, "stroke-dasharray": `${share * around} ${around}`, transform: "rotate(-90 60 60)" }),
    svg("text", { x: 60, y: 68, "text-anchor": "middle", class: "big", text: score === null ? "–" : String(Math.round(score)) }),
    svg("text", { x: 60, y: 90, "text-anchor": "middle", class: "small", text: t("points") }));
}
