// The table of the roster: a row for each clip, in which name, profile, topic and group are typed, picked or pasted.

import { byId, el, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { cellsOf, codeOf } from "../shared/cells.js";
import { t } from "./words.js";

const COLUMNS = ["name", "profile", "drill", "group"];
const AT_A_TIME = 100;

export class RosterTable {
  /** `onChange()` is told of every change, `onUnknown(word)` of a pasted word that no choice has. */
  constructor(onChange, onUnknown) {
    this.onChange = onChange;
    this.onUnknown = onUnknown;
    this.rows = [];
    this.choices = { profile: [], drill: [] };
    this.shown = AT_A_TIME;
    const body = byId("table").tBodies[0];
    body.addEventListener("input", (event) => this.take(event.target));
    body.addEventListener("keydown", (event) => this.onKey(event));
    byId("table-more").addEventListener("click", () => {
      this.shown += AT_A_TIME;
      this.show();
    });
  }

  /** Shows these rows: objects with the columns of a roster as keys. */
  fill(rows) {
    this.rows = rows;
    this.shown = AT_A_TIME;
    this.show();
  }

  /** What can be picked: `profiles` and `drills` as the server tells them. */
  offer({ profiles, drills }) {
    this.choices = { profile: profiles, drill: drills };
    this.show();
  }

  show() {
    byId("table").tHead.rows[0].replaceChildren(...["file", ...COLUMNS].map((name) => el("th", { scope: "col", text: t(`column_${name}`) })));
    byId("table").tBodies[0].replaceChildren(...this.rows.slice(0, this.shown).map((row, i) => this.row(row, i)));
    const more = Math.min(AT_A_TIME, this.rows.length - this.shown);
    byId("table-more").textContent = t("table_more", { n: more });
    show(byId("table-more"), more > 0);
    show(byId("table-room"), this.rows.length > 0);
  }

  row(row, i) {
    return el("tr", {}, el("th", { scope: "row", text: row.file }), ...COLUMNS.map((name) => el("td", { "data-label": t(`column_${name}`) }, this.field(row, i, name))));
  }

  field(row, i, name) {
    const shared = { "data-row": i, "data-column": name, "aria-label": `${t(`column_${name}`)} ${row.file}` };
    const choices = this.choices[name];
    if (!choices) return el("input", { type: "text", spellcheck: "false", autocomplete: "off", maxlength: 60, placeholder: t(`column_${name}`), value: row[name] || "", ...shared });
    const options = choices.map((choice) => el("option", { value: choice.id, text: say(choice), selected: choice.id === row[name] }));
    return el("select", shared, el("option", { value: "", text: t("as_above") }), ...options);
  }

  take(field) {
    this.rows[Number(field.dataset.row)][field.dataset.column] = field.value.trim() || null;
    this.onChange();
  }

  /** Enter and the arrows go from name to name; in lists they choose. */
  onKey(event) {
    const { row, column } = event.target.dataset;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isList = event.target.matches("select");
    if (!step || event.isComposing || (isList && event.key !== "Enter")) return;
    event.preventDefault();
    const next = byId("table").querySelector(`[data-row="${Number(row) + step}"][data-column="${column}"]`);
    if (next) next.focus();
  }

  /** Fills cells from the field with the focus on, down and to the right; whether that is what was pasted. */
  paste(text, field) {
    const rows = cellsOf(text);
    if (rows.length < 2 && rows[0].length < 2) return false;
    const [top, left] = [Number(field.dataset.row), COLUMNS.indexOf(field.dataset.column)];
    rows.forEach((cells, down) => cells.forEach((cell, right) => this.put(top + down, COLUMNS[left + right], cell)));
    this.show();
    byId("table").querySelector(`[data-row="${top}"][data-column="${COLUMNS[left]}"]`).focus();
    this.onChange();
    return true;
  }

  put(i, name, cell) {
    if (!this.rows[i] || !name) return;
    const code = this.choices[name] ? codeOf(cell, this.choices[name]) : cell || null;
    if (code === undefined) this.onUnknown(cell);
    else this.rows[i][name] = code;
  }
}
