// The roster of the row: typed, pasted, out of a file, or one kept on this computer.

import { cellsOf, codeOf } from "../shared/cells.js";
import { byId, el, setText, show } from "../shared/dom.js";
import * as api from "./api.js";
import { complain } from "./dialogs.js";
import { t } from "./words.js";

const PROFILES = ["unspecified", "female", "male"];
const WORDS = [{ id: "unspecified", zh: "不区分", en: "Either", words: [] }, { id: "female", zh: "女", en: "Women", words: ["女士"] }, { id: "male", zh: "男", en: "Men", words: ["男士"] }];
const HEADINGS = ["姓名", "名字", "name"];

/** People in cells that were pasted: name and profile, without headings. */
export function peopleIn(text) {
  const rows = cellsOf(text).filter((cells) => cells[0] && !HEADINGS.includes(cells[0].toLowerCase()));
  return rows.map(([name, word]) => ({ name, profile: codeOf(word || "", WORDS) || "unspecified" }));
}

/** A roster as the server reads it. */
export function tableOf(people) {
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  return ["name,profile", ...people.map(({ name, profile }) => `${cell(name || "")},${profile}`)].join("\n");
}

export class RosterDialog {
  constructor() {
    this.dialog = byId("roster");
    this.people = [];
    byId("roster-open").addEventListener("click", () => this.open());
    byId("roster-pick").addEventListener("click", () => byId("roster-file").click());
    byId("roster-file").addEventListener("change", (event) => {
      this.send(event.target.files[0]);
      event.target.value = "";
    });
    byId("roster-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.use();
    });
    byId("roster-drop").addEventListener("click", () => this.drop());
    byId("roster-close").addEventListener("click", () => this.dialog.close());
    byId("roster-keep").addEventListener("click", () => this.keep());
    byId("roster-forget").addEventListener("click", () => this.forget());
    byId("roster-list").addEventListener("paste", (event) => this.paste(event));
    this.takeDropped();
  }

  takeDropped() {
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      this.open();
      this.send(event.dataTransfer.files[0]);
    });
  }

  /** The people with a name, of whom there may be none yet. */
  get named() {
    return this.people.filter(({ name }) => name);
  }

  async open() {
    if (this.dialog.open) return;
    this.tell("");
    this.fill(this.used || []);
    this.dialog.showModal();
    await this.act(async () => this.offer((await api.rosters()).rosters));
  }

  /** Does what may go wrong; whether it went well. */
  async act(work) {
    show(byId("roster-error"), false);
    try {
      await work();
      return true;
    } catch (error) {
      complain(byId("roster-error"), api.words(error));
      return false;
    }
  }

  tell(key) {
    show(byId("roster-error"), false);
    setText(byId("roster-note"), key && t(key));
  }

  /** The rosters that are kept, each a button. */
  offer(rosters) {
    this.kept = rosters;
    byId("roster-kept").replaceChildren(...rosters.map(({ name, people }) => el("button", { type: "button", text: name, onclick: () => this.take(name, people) })));
    this.showForget();
  }

  take(name, people) {
    byId("roster-name").value = name;
    this.tell("");
    this.fill(people);
    this.showForget();
  }

  showForget() {
    show(byId("roster-forget"), (this.kept || []).some(({ name }) => name === byId("roster-name").value.trim()));
  }

  fill(people) {
    this.people = people.length ? people.map((person) => ({ ...person })) : [{ name: "", profile: "unspecified" }];
    const add = el("button", { type: "button", class: "add plain", text: t("roster_add"), onclick: () => this.add() });
    byId("roster-list").replaceChildren(...this.people.map((person, i) => this.row(person, i)), el("li", {}, add));
  }

  row(person, i) {
    const label = (what) => t("roster_person", { n: i + 1, what: t(what) });
    const name = el("input", { type: "text", maxlength: 40, autocomplete: "off", value: person.name || "", "aria-label": label("name"), oninput: () => (person.name = name.value.trim()), onkeydown: (event) => this.onKey(event, i) });
    const options = PROFILES.map((profile) => el("option", { value: profile, text: t(profile), selected: profile === person.profile }));
    const profile = el("select", { "aria-label": label("profile"), onchange: () => (person.profile = profile.value) }, ...options);
    const remove = el("button", { type: "button", class: "square plain", "aria-label": t("roster_remove", { n: i + 1 }), text: "×", onclick: () => this.remove(i) });
    return el("li", { class: "person" }, name, profile, remove);
  }

  /** Enter goes on to the next person, whom it makes room for. */
  onKey(event, i) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (i + 1 === this.people.length) this.add();
    else this.focus(i + 1);
  }

  add() {
    this.fill([...this.people, { name: "", profile: "unspecified" }]);
    this.focus(this.people.length - 1);
  }

  remove(i) {
    this.fill(this.people.filter((_, k) => k !== i));
    this.focus(Math.max(0, Math.min(i, this.people.length - 1)));
  }

  focus(i) {
    byId("roster-list").querySelectorAll("input")[i].focus();
  }

  paste(event) {
    const text = event.clipboardData.getData("text");
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    this.fill([...this.named, ...peopleIn(text)]);
  }

  async send(file) {
    if (!file) return;
    this.isStale = true; // the new roster may be told before the answer comes
    this.isStale = (await this.act(() => api.sendRoster(file))) && this.isStale;
  }

  async use() {
    if (!this.named.length) return complain(byId("roster-error"), t("roster_empty"));
    const sent = await this.act(() => api.sendRoster(new File([tableOf(this.named)], byId("roster-name").value.trim() || t("roster"))));
    if (sent) this.dialog.close();
    return sent;
  }

  async keep() {
    const name = byId("roster-name").value.trim();
    const missing = !this.named.length ? "roster_empty" : name ? "" : "roster_nameless";
    if (missing) return complain(byId("roster-error"), t(missing));
    const kept = await this.act(async () => this.offer((await api.keepRoster(new File([tableOf(this.named)], name))).rosters));
    if (kept) this.tell("roster_kept");
    return kept;
  }

  async forget() {
    const gone = await this.act(async () => this.offer((await api.forgetRoster(byId("roster-name").value.trim())).rosters));
    if (gone) this.tell("roster_forgotten");
  }

  async drop() {
    if (await this.act(api.dropRoster)) this.fill([]);
  }

  /** Takes in the roster of a state; what is being written stays, unless a file has just come. */
  show(roster) {
    const people = roster ? roster.people : [];
    const key = JSON.stringify([people, t("roster")]);
    if (key === this.shown) return;
    this.shown = key;
    this.used = people;
    setText(byId("roster-words"), people.length ? t("roster_of", { n: people.length }) : t("roster"));
    if (this.isStale || !this.dialog.open) this.fill(people);
    this.isStale = false;
    byId("roster-drop").disabled = !people.length;
  }
}
