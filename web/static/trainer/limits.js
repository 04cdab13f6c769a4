// Thresholds: the numbers of a topic's clauses, changed for this computer, taken back, and the clips judged again by them.

import { byId, el, setText, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { t } from "./words.js";

/** A limit as it is written in a field: shares in per cent, an open end empty. */
export const written = (end, unit) => (end === null ? "" : String(Number((unit === "share" ? 100 * end : end).toPrecision(6))));

/** The limit in a field: null for an open end, NaN for what is no number. */
export function read(text, unit) {
  const plain = text.trim().replace("，", ".").replace(",", ".").replace("−", "-");
  if (!plain) return null;
  const number = Number(plain);
  return unit === "share" ? number / 100 : number;
}

export class Limits {
  /** `onAgain()` judges the clips of the last job again; `canAgain()` says whether there are any. */
  constructor(onAgain, canAgain) {
    this.onAgain = onAgain;
    this.canAgain = canAgain;
    this.dialog = byId("limits");
    for (const id of ["limits-open", "limits-again"]) byId(id).addEventListener("click", () => this.open());
    byId("limits-topic").addEventListener("change", () => this.choose(byId("limits-topic").value));
    byId("limits-save").addEventListener("click", () => this.save());
    byId("limits-undo").addEventListener("click", () => this.back(api.undoLimits));
    byId("limits-reset").addEventListener("click", () => this.back(api.resetLimits));
    byId("limits-close").addEventListener("click", () => this.dialog.close());
    byId("limits-list").addEventListener("input", () => this.complain(""));
  }

  async open() {
    this.complain("");
    byId("limits-list").replaceChildren();
    this.dialog.showModal();
    setText(byId("limits-save"), t(this.canAgain() ? "limits_save_again" : "limits_save"));
    await this.load(this.topic);
    byId("limits-topic").focus();
  }

  /** Another topic; numbers that are not saved are not lost with it. */
  choose(topic) {
    if (!this.changes().length) return this.load(topic);
    byId("limits-topic").value = this.topic;
    return this.complain(t("limits_first"));
  }

  async load(topic) {
    this.complain("");
    try {
      this.fill(await api.limits(topic));
    } catch (error) {
      this.complain(api.words(error));
    }
  }

  fill(found) {
    this.topic = found.topic;
    byId("limits-topic").replaceChildren(...found.topics.map((topic) => el("option", { value: topic.id, text: say(topic), selected: topic.id === found.topic })));
    this.rows = found.clauses.flatMap((clause) => clause.limits.map((limits) => this.row(clause, limits)));
    const clauses = found.clauses.map((clause) => el("li", {}, el("b", { text: say(clause) }), ...this.rows.filter((row) => row.clause === clause).map(({ node }) => node)));
    byId("limits-list").replaceChildren(...(clauses.length ? clauses : [el("li", { class: "hint", text: t("limits_none") })]));
    this.offerBack(found);
  }

  offerBack({ changed, can_undo: canUndo }) {
    byId("limits-undo").disabled = !canUndo;
    byId("limits-reset").disabled = changed === 0;
  }

  row(clause, limits) {
    const label = [clause.limits.length > 1 && say(limits.views), say(limits.form_words)].filter(Boolean).join(t("comma"));
    const fields = {};
    const band = (name) => el("span", { class: `band ${name}` }, el("span", { class: "dot " + name, text: t(`limits_${name}`) }), ...["low", "high"].map((end, i) => {
      const title = t("limits_label", { clause: say(clause), band: t(`limits_${name}`), end: t(`limits_${end}`) });
      const field = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": label ? `${title} (${label})` : title, value: written(limits[name][i], limits.unit), placeholder: t("limits_any") });
      fields[name] = [...(fields[name] || []), field];
      return el("label", {}, el("span", { class: "hint", text: t(end === "low" ? "limits_from" : "limits_to") }), field);
    }), el("span", { class: "hint", text: say(limits.unit_words).trim() }));
    const shipped = limits.shipped;
    const isChanged = shipped && JSON.stringify([shipped.pass, shipped.warn]) !== JSON.stringify([limits.pass, limits.warn]);
    const span = ([low, high]) => `${written(low, limits.unit) || t("limits_any")} ～ ${written(high, limits.unit) || t("limits_any")}`;
    const was = isChanged ? el("p", { class: "hint", text: t("limits_was", { pass: span(shipped.pass), warn: span(shipped.warn) }) }) : null;
    const note = el("p", { class: "error", role: "alert", hidden: true });
    const node = el("div", { class: "limit" }, label ? el("span", { class: "hint", text: label }) : null, band("pass"), band("warn"), was, note);
    return { clause, limits, fields, node, note };
  }

  /** The rows in which another number stands. */
  changes() {
    return this.rows.filter(({ limits, fields }) => ["pass", "warn"].some((name) => fields[name].some((field, i) => field.value.trim() !== written(limits[name][i], limits.unit))));
  }

  async save() {
    this.complain("");
    const changes = this.changes();
    for (const row of this.rows) show(row.note, false);
    for (const row of changes) {
      const ends = (name) => row.fields[name].map((field) => read(field.value, row.limits.unit));
      const [pass, warn] = [ends("pass"), ends("warn")];
      if ([...pass, ...warn].some(Number.isNaN)) return this.wrong(row, t("limits_number"));
      try {
        await api.changeLimits({ rule: row.clause.id, check: row.limits.check, form: row.limits.form, pass, warn });
        [row.limits.pass, row.limits.warn] = [pass, warn];
      } catch (error) {
        return this.wrong(row, api.words(error));
      }
    }
    return this.done();
  }

  /** After the numbers are changed: the clips are judged again by them, where there are any. */
  async done() {
    if (!this.canAgain()) {
      await this.load(this.topic);
      return this.complain(t("limits_done"), "good");
    }
    this.dialog.close();
    return this.onAgain();
  }

  wrong(row, words) {
    setText(row.note, words);
    show(row.note, true);
    row.fields.pass[0].focus({ preventScroll: true });
    row.node.scrollIntoView({ block: "center" });
  }

  async back(step) {
    this.complain("");
    try {
      await step();
      await this.load(this.topic);
    } catch (error) {
      this.complain(api.words(error));
    }
  }

  complain(words, kind = "error") {
    setText(byId("limits-note"), words);
    byId("limits-note").className = kind;
    show(byId("limits-note"), words !== "");
  }
}
