// Names and profiles: of one person, or of the whole row from a roster.

import { byId, el, setText, show } from "../shared/dom.js";
import * as api from "./api.js";
import { titleOf } from "./people.js";
import { t } from "./words.js";

export class PersonDialog {
  constructor() {
    byId("person-cancel").addEventListener("click", () => byId("person").close());
    byId("person-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  open(person) {
    this.key = person.key;
    setText(byId("person-title"), titleOf(person));
    byId("person-name").value = person.name || "";
    for (const input of byId("person-form").querySelectorAll("[name=profile]")) input.checked = input.value === person.profile;
    show(byId("person-error"), false);
    byId("person").showModal();
    byId("person-name").focus();
  }

  async save() {
    const profile = byId("person-form").querySelector("[name=profile]:checked").value;
    try {
      await api.namePerson(this.key, byId("person-name").value, profile);
      byId("person").close();
    } catch (error) {
      complain(byId("person-error"), api.words(error));
    }
  }
}

export class RosterDialog {
  constructor() {
    byId("roster-open").addEventListener("click", () => this.open());
    byId("roster-pick").addEventListener("click", () => byId("roster-file").click());
    byId("roster-file").addEventListener("change", (event) => {
      this.send(event.target.files[0]);
      event.target.value = "";
    });
    byId("roster-drop").addEventListener("click", () => this.drop());
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      this.open();
      this.send(event.dataTransfer.files[0]);
    });
  }

  open() {
    show(byId("roster-error"), false);
    if (!byId("roster").open) byId("roster").showModal();
  }

  async send(file) {
    if (!file) return;
    show(byId("roster-error"), false);
    try {
      await api.sendRoster(file);
    } catch (error) {
      complain(byId("roster-error"), api.words(error));
    }
  }

  async drop() {
    await api.dropRoster().catch((error) => complain(byId("roster-error"), api.words(error)));
  }

  /** Shows the roster of a state. */
  show(roster) {
    const people = roster ? roster.people : [];
    const key = JSON.stringify([people, t("roster")]);
    if (key === this.shown) return;
    this.shown = key;
    setText(byId("roster-words"), people.length ? t("roster_of", { n: people.length }) : t("roster"));
    const items = people.map((person) => el("li", {}, el("b", { text: person.name || "—" }), el("small", { text: t(person.profile) })));
    byId("roster-list").replaceChildren(...(items.length ? items : [el("li", { class: "none", text: t("roster_none") })]));
    byId("roster-drop").disabled = !people.length;
  }
}

function complain(node, words) {
  setText(node, words);
  show(node, true);
}
