// What became of each finished clip: by what it was judged, how it came out, and judging it again by the other topic of its posture.

import { byId, el, setText, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { t } from "./words.js";

const SHOWN = 200;
const STATES = { meets: "pass", improve: "warn", not_met: "fail", not_enough: "unjudged", not_judged: "unjudged" };

/** Puts what came of a look after what is known: the clips of the job from number `from` on. Where those before are not known, none are, so that the next look asks for all. */
export function gathered(known, job, from) {
  if (job === null) return { started: null, rows: [] };
  const before = known.started === job.started ? known.rows.slice(0, from) : [];
  return { started: job.started, rows: before.length === from ? [...before, ...job.finished] : [] };
}

/** By which topics a clip was judged, and the one it could be judged by instead (null where there was no choice). */
export function judgedAs(row, { topics, instead }, changed = {}) {
  const found = [...new Set(row.prefixes.map((prefix) => topics[prefix]).filter(Boolean))];
  if (row.drill !== "auto" && !(row.path in changed)) return { topics: found, other: null };
  const others = Object.entries(instead).flatMap(([one, two]) => (found.includes(two) ? [one] : found.includes(one) ? [two] : []));
  return { topics: found, other: others[0] || null };
}

export class Finished {
  /** `onAgain(drills)` judges clips again by other topics: by path the topic. */
  constructor(onAgain) {
    this.onAgain = onAgain;
    byId("instead").querySelector("button").addEventListener("click", () => this.onAgain(this.all));
  }

  show(rows, job, options, busy) {
    show(byId("finished"), rows.length > 0 && options !== null);
    if (options === null) return;
    const names = new Map(options.drills.map((drill) => [drill.id, say(drill)]));
    const key = JSON.stringify([document.documentElement.lang, job.started, rows.length, busy, rows.length && rows.at(-1)]);
    if (key === this.shown) return;
    this.shown = key;
    const told = rows.map((row) => ({ row, ...judgedAs(row, options, job.drills) }));
    byId("finished-list").replaceChildren(...told.slice(-SHOWN).reverse().map((one) => this.row(one, names, busy)));
    setText(byId("finished-more"), rows.length > SHOWN ? t("finished_more", { n: SHOWN }) : "");
    this.showChoice(told.filter(({ row, other }) => other && row.drill === "auto"), names, busy);
  }

  row({ row, topics, other }, names, busy) {
    const judged = topics.map((topic) => names.get(topic) || topic).join(t("comma"));
    const asked = names.get(row.drill) || row.drill;
    const as = row.drill === "auto" && judged ? `${asked} → ${judged}` : asked;
    const again = other && !busy && el("button", { type: "button", class: "small", "aria-label": `${t("instead_one", { topic: names.get(other) })}${t("colon")}${row.path}`, text: t("instead_one", { topic: names.get(other) }), onclick: () => this.onAgain({ [row.path]: other }) });
    const was = row.before && row.before !== row.outcome ? el("small", { class: "was", text: t("was", { outcome: t(`outcome_${row.before}`) }) }) : null;
    return el("li", {},
      el("span", { class: "who" }, el("b", { text: row.name || row.path }), row.name ? el("small", { text: row.path }) : null),
      el("span", { class: "as" }, el("span", { text: as }), again || null),
      el("span", { class: "how" }, el("span", { class: `dot ${STATES[row.outcome]}`, text: t(`outcome_${row.outcome}`) }), row.score === null ? null : el("small", { text: t("points", { n: Math.round(row.score) }) }), was));
  }

  /** Where the choice was made for several clips, all of them are judged by the other topic at once. */
  showChoice(chosen, names, busy) {
    const box = byId("instead");
    show(box, chosen.length > 1 && !busy);
    if (!chosen.length) return;
    const { other } = chosen[0];
    const alike = chosen.filter((one) => one.other === other);
    const judged = names.get(alike[0].topics.find((topic) => topic !== "smile") || alike[0].topics[0]);
    this.all = Object.fromEntries(alike.map(({ row }) => [row.path, other]));
    setText(box.querySelector("p"), t("instead_many", { n: alike.length, judged, topic: names.get(other) }));
    setText(box.querySelector("button"), t("instead_all", { topic: names.get(other) }));
  }
}
