// The roster: found beside the clips, filled in from a file or by hand, checked by the server, kept for the next time.

import { byId, el, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { cellsOf, isRoster, nameOf } from "../shared/cells.js";
import { RosterTable } from "./table.js";
import { t } from "./words.js";

const MOST_BYTES = 1_000_000;
const SHOWN = 5;

export class Roster {
  /** `folderOf()` tells the folder the clips are in, `rulesOf()` that of the rules. */
  constructor(folderOf, rulesOf) {
    this.folderOf = folderOf;
    this.rulesOf = rulesOf;
    this.table = new RosterTable(() => this.changed(), (word) => (this.note = { state: "warn", key: "paste_unknown", values: { word } }));
    this.headings = [];
    this.forget();
    const file = byId("roster-file");
    byId("roster-pick").addEventListener("click", () => file.click());
    byId("roster-drop").addEventListener("click", () => this.clear());
    byId("roster-save").addEventListener("click", () => this.save());
    byId("names-from-files").addEventListener("click", () => this.nameAll());
    file.addEventListener("change", () => {
      if (file.files.length) this.take(file.files[0]);
      file.value = "";
    });
    this.listen();
  }

  /** A file dropped beside the field would otherwise replace the page. */
  listen() {
    const drop = byId("drop");
    for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
    drop.addEventListener("dragover", () => drop.classList.add("over"));
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) this.take(event.dataTransfer.files[0]);
    });
    drop.addEventListener("paste", (event) => this.onPaste(event));
  }

  get isWrong() {
    return this.result !== null && this.result.problems.length > 0;
  }

  /** What the grading gets: the rows in which something stands; null where none does. */
  get content() {
    const rows = this.table.rows.filter((row) => Object.entries(row).some(([key, cell]) => key !== "file" && cell));
    return rows.length ? { rows } : null;
  }

  offer(options) {
    this.headings = options.file_headings;
    this.table.offer(options);
  }

  forget() {
    this.result = this.note = this.mark = null;
    this.isDirty = false;
  }

  /** The roster of a folder that was chosen, null for none: what lies beside its clips. */
  async look() {
    this.forget();
    const folder = this.folderOf();
    this.table.fill([]);
    if (folder) {
      const found = await api.table(folder, this.rulesOf()).catch(() => null);
      if (found === null || folder !== this.folderOf()) return;
      this.mark = found.mark;
      this.table.fill(found.table);
      if (found.roster && found.problems.length) this.result = found;
      else if (found.roster) this.note = { state: "good", key: "roster_found", values: { name: found.roster } };
    }
    this.show();
  }

  changed() {
    this.isDirty = true;
    if (this.note && this.note.state === "good") this.note = null;
    this.show();
  }

  clear() {
    this.result = this.note = null;
    this.table.fill(this.table.rows.map(({ file }) => ({ file })));
    this.changed();
    byId("roster-pick").focus();
  }

  nameAll() {
    this.table.fill(this.table.rows.map((row) => ({ ...row, name: row.name || nameOf(row.file) || null })));
    this.changed();
  }

  async take(file) {
    if (file.size > MOST_BYTES) return this.tell("roster_large");
    const data = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
    return this.check({ data: btoa(text), name: file.name });
  }

  onPaste(event) {
    const text = event.clipboardData.getData("text");
    if (isRoster(cellsOf(text), this.headings)) this.check({ text, name: t("column_file") });
    else if (!event.target.dataset.column || !this.table.paste(text, event.target)) return;
    event.preventDefault();
  }

  /** Sets a roster against the clips, and fills the table from it where it has no mistake. */
  async check(roster) {
    const folder = this.folderOf();
    if (!folder) return this.tell("roster_folder_first");
    byId("roster-note").textContent = t("roster_reading");
    try {
      const result = await api.checkRoster({ folder, rules: this.rulesOf() || null, roster });
      if (folder !== this.folderOf()) return;
      this.result = result;
      this.note = null;
      if (!this.isWrong) {
        this.table.fill(this.result.table);
        this.isDirty = true;
      }
    } catch (error) {
      this.result = null;
      this.note = { state: "wrong", error };
    }
    return this.show();
  }

  /** Keeps the table beside the clips; whether that went well. */
  async save() {
    const folder = this.folderOf();
    try {
      const kept = await api.saveTable({ folder, rules: this.rulesOf() || null, rows: this.table.rows, mark: this.mark });
      if (folder !== this.folderOf()) return true;
      this.mark = kept.mark;
      this.isDirty = false;
      this.result = null;
      this.note = { state: "good", key: "roster_saved", values: { name: kept.roster }, kept: kept.kept };
    } catch (error) {
      this.note = { state: "warn", key: "roster_unsaved", error };
    }
    this.show();
    return this.note.state === "good";
  }

  tell(key) {
    this.note = { state: "wrong", key };
    this.result = null;
    this.show();
  }

  /** What there is to tell, in the language of now; also told on the page of the job where the table could not be kept. */
  get words() {
    if (this.note === null) return "";
    const { key, values, error, kept } = this.note;
    if (!key) return api.words(error);
    return t(key, { ...values, why: error ? api.words(error) : "" }) + (kept ? t("roster_kept", { name: kept }) : "");
  }

  show() {
    const has = this.content !== null;
    const folder = this.folderOf();
    show(byId("roster-drop"), has || this.isWrong);
    show(byId("roster-save"), this.isDirty && this.mark !== null);
    show(byId("roster-template"), Boolean(folder));
    show(byId("names-from-files"), this.table.rows.length > 0);
    if (folder) byId("roster-template").href = api.templateAddress(folder, this.rulesOf());
    byId("drop").dataset.state = this.isWrong || (this.note && this.note.state === "wrong") ? "wrong" : "";
    const note = this.note ? [el("p", { class: this.note.state, text: this.words })] : [];
    byId("roster-note").replaceChildren(...(this.isWrong ? this.mistakes() : this.result ? this.match() : []), ...note);
  }

  mistakes() {
    const rows = this.result.problems.map((problem) => {
      const where = [problem.line && t("roster_line", { n: problem.line }), problem.column && t("roster_column", { name: problem.column })].filter(Boolean);
      return el("li", {}, where.length ? el("b", { text: where.join(t("comma")) + t("colon") }) : null, say(problem));
    });
    return [el("p", { class: "error", text: t("roster_wrong", { n: rows.length }) }), el("ul", { class: "mistakes", tabindex: 0, "aria-label": t("roster_wrong", { n: rows.length }) }, ...rows)];
  }

  match() {
    const found = this.result;
    const names = (list, many) => list.slice(0, SHOWN).join(t("comma")) + (many > SHOWN ? ` ${t("and_more")}` : "");
    const lines = [el("p", { class: found.clips ? "good" : "warn", text: t("roster_good", found) })];
    const rows = found.rows_without_count;
    if (rows) lines.push(el("p", { class: "warn", text: t("roster_no_clip", { n: rows, names: names(found.rows_without, rows) }) }));
    return lines;
  }
}
