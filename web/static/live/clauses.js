// The list beside the picture: while placing what is still missing, then every clause with word, shape, colour, value and limit.

import { byId, el, setText, show, sign } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { formatLimits, formatValue } from "./numbers.js";
import { t } from "./words.js";

const GROUPS = ["fail", "warn", "pass"];
const ticked = new Set(); // self-checks of this page, kept nowhere else

/** Draws the list anew only when what it would show has changed. */
export class ClauseList {
  constructor() {
    this.shown = "";
    this.asked = "";
    this.names = new Map();
  }

  setTopics(topics) {
    this.names = new Map(topics.flatMap((topic) => topic.clauses.map((clause) => [clause.id, clause])));
    this.shown = "";
  }

  name(id) {
    return say(this.names.get(id)) || id;
  }

  /** `trouble`: why there is no picture, null while there is one or it is on its way. */
  show(state, language, trouble = null) {
    const isPlacing = !state || !state.placement.ready;
    show(byId("placement"), isPlacing);
    show(byId("verdicts"), !isPlacing);
    this.score(state);
    const shown = JSON.stringify([language, trouble, isPlacing, isPlacing ? state && [state.camera, state.placement.items] : rows(state)]);
    if (shown === this.shown) return;
    this.shown = shown;
    if (isPlacing) this.placement(state, trouble);
    else this.verdicts(state);
  }

  placement(state, trouble) {
    const items = state && (!state.camera || state.camera.state === "ok") ? state.placement.items : [];
    setText(byId("placement-title"), t(items.length ? "place_title" : trouble ? "trouble_title" : "wait_word"));
    show(byId("placement-trouble"), trouble !== null);
    show(byId("placement-lead"), items.length > 0);
    byId("placement-items").replaceChildren(...items.map((item) => el("li", { class: item.ok ? "ok" : "todo", "data-id": item.id },
      sign(item.ok ? "pass" : "place"), el("span", { text: say(item) }))));
  }

  verdicts(state) {
    const by = (wanted) => state.clauses.filter((clause) => clause.state === wanted);
    for (const wanted of GROUPS) this.group(wanted, by(wanted));
    const isAnyJudged = state.clauses.some((clause) => clause.state !== "unjudged");
    const isShown = (clause) => clause.reason !== "never" && (clause.reason !== "not_applicable" || !isAnyJudged);
    this.unjudged(by("unjudged").filter(isShown));
    this.selfChecks(by("unjudged").filter((clause) => clause.reason === "never"));
  }

  group(state, clauses) {
    const box = byId(`group-${state}`);
    show(box, clauses.length > 0);
    setText(box.querySelector(".many"), String(clauses.length));
    box.querySelector("ul").replaceChildren(...clauses.map((clause) => this.row(clause)));
  }

  row(clause) {
    const limit = formatLimits(clause.limits, clause.unit);
    const value = formatValue(clause.value, clause.unit);
    return el("li", { class: clause.state, "data-id": clause.id, "data-state": clause.state },
      sign(clause.state),
      el("span", { class: "name" }, this.name(clause.id), el("small", { class: "word", text: t(clause.state) })),
      el("span", { class: "numbers" }, el("b", { text: value }), value && limit ? el("small", { text: `${t("within")} ${limit}` }) : null));
  }

  unjudged(clauses) {
    show(byId("group-unjudged"), clauses.length > 0);
    setText(byId("group-unjudged").querySelector(".many"), String(clauses.length));
    const why = new Map();
    for (const clause of clauses) {
      const key = `${clause.reason}|${say(clause.advice)}`;
      why.set(key, [...(why.get(key) || []), clause]);
    }
    byId("unjudged-items").replaceChildren(...[...why.values()].map((same) => el("div", { class: "because" },
      el("p", { class: "why" }, sign("unjudged"), t(same[0].reason === "not_applicable" ? "later" : same[0].reason)),
      same[0].advice ? el("p", { class: "advice", text: say(same[0].advice) }) : null,
      el("ul", {}, ...same.map((clause) => el("li", { "data-id": clause.id, "data-state": "unjudged", text: this.name(clause.id) }))))));
  }

  /** Drawn anew only when other things are asked: the keyboard's focus stays on a box while values change. */
  selfChecks(clauses) {
    show(byId("group-self"), clauses.length > 0);
    const question = (id) => say(this.names.get(id) && this.names.get(id).self_check) || this.name(id);
    const asked = JSON.stringify(clauses.map(({ id }) => [id, question(id)]));
    if (asked === this.asked) return;
    this.asked = asked;
    byId("self-items").replaceChildren(...clauses.map(({ id }) => el("li", { "data-id": id, "data-state": "unjudged" }, el("label", {},
      el("input", { type: "checkbox", checked: ticked.has(id), onchange: (event) => (event.target.checked ? ticked.add(id) : ticked.delete(id)) }),
      el("span", { text: question(id) })))));
  }

  score(state) {
    const score = state && state.placement.ready ? state.score : null;
    show(byId("score"), score !== null && score !== undefined);
    if (score !== null && score !== undefined) setText(byId("score-number"), String(Math.round(score)));
  }
}

/** What the rows show, rounded as they show it. */
function rows(state) {
  return state.clauses.map((clause) => [clause.id, clause.state, clause.reason, formatValue(clause.value, clause.unit), clause.limits, clause.advice]);
}
