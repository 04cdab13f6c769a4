// The roster: dropped or chosen, read in the browser, checked by the server against the folder's clips.

import { byId, el, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { t } from "./words.js";

const MOST_BYTES = 1_000_000;
const SHOWN = 5;

export class Roster {
  /** `folderOf()` tells the folder the clips are in. */
  constructor(folderOf) {
    this.folderOf = folderOf;
    this.content = null;
    this.result = null;
    const [drop, file] = [byId("drop"), byId("roster-file")];
    byId("roster-pick").addEventListener("click", () => file.click());
    byId("roster-drop").addEventListener("click", () => this.forget());
    file.addEventListener("change", () => {
      if (file.files.length) this.take(file.files[0]);
      file.value = "";
    });
    // A file dropped beside the field would otherwise replace the page.
    for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
    drop.addEventListener("dragover", () => drop.classList.add("over"));
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) this.take(event.dataTransfer.files[0]);
    });
  }

  get isWrong() {
    return this.result !== null && this.result.problems.length > 0;
  }

  forget() {
    this.content = this.result = null;
    this.show();
    byId("roster-pick").focus();
  }

  async take(file) {
    this.content = this.result = null;
    const problem = (key) => ({ problems: [{ line: null, column: null, zh: t(key), en: t(key) }] });
    const data = file.size > MOST_BYTES ? null : new Uint8Array(await file.arrayBuffer());
    if (data === null) this.result = problem("roster_large");
    else if (data[0] === 0x50 && data[1] === 0x4b) this.result = problem("roster_workbook");
    else {
      const text = decoded(data);
      if (text === null) this.result = problem("roster_unreadable");
      else this.content = { text, name: file.name };
    }
    this.name = file.name;
    await this.check();
  }

  /** Sets the roster against the clips; also after another folder was chosen. */
  async check() {
    if (this.content === null || !this.folderOf()) return this.show();
    byId("roster-note").textContent = t("roster_reading");
    try {
      this.result = await api.checkRoster({ folder: this.folderOf(), roster: this.content });
    } catch (error) {
      this.result = { problems: [{ line: null, column: null, zh: api.words(error), en: api.words(error) }] };
    }
    return this.show();
  }

  show() {
    const has = this.content !== null || this.result !== null;
    const name = byId("roster-name");
    name.textContent = has ? this.name : t("roster");
    show(byId("roster-hint"), !has);
    show(byId("roster-drop"), has);
    show(byId("roster-template"), !has && Boolean(this.folderOf()));
    if (this.folderOf()) byId("roster-template").href = api.templateAddress(this.folderOf());
    byId("drop").dataset.state = !has || this.result === null ? "" : this.isWrong ? "wrong" : "good";
    byId("roster-note").replaceChildren(...(this.result === null ? [] : this.isWrong ? this.mistakes() : this.match()));
  }

  mistakes() {
    const rows = this.result.problems.map((problem) => {
      const where = [problem.line && t("roster_line", { n: problem.line }), problem.column && t("roster_column", { name: problem.column })].filter(Boolean);
      return el("li", {}, where.length ? el("b", { text: where.join(t("comma")) + t("colon") }) : null, say(problem));
    });
    return [el("p", { class: "error", text: t("roster_wrong", { n: rows.length }) }), el("ul", { class: "mistakes" }, ...rows)];
  }

  match() {
    const found = this.result;
    const names = (list, many) => list.slice(0, SHOWN).join(t("comma")) + (many > SHOWN ? ` ${t("and_more")}` : "");
    const lines = [el("p", { class: found.clips ? "good" : "warn", text: t("roster_good", found) })];
    const [files, rows] = [found.clips_without_count, found.rows_without_count];
    if (files) lines.push(el("p", { class: "warn", text: t("roster_no_row", { n: files, names: names(found.clips_without, files) }) }));
    if (rows) lines.push(el("p", { class: "warn", text: t("roster_no_clip", { n: rows, names: names(found.rows_without, rows) }) }));
    return lines;
  }
}

/** The text of a file as spreadsheets save it on a Chinese Windows: UTF-8, else GB 18030; null where it is neither. */
function decoded(data) {
  for (const encoding of ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(data);
    } catch {
      // The next one.
    }
  }
  return null;
}
