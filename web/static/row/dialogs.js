// Name and profile of one person in the row.

import { byId, setText, show } from "../shared/dom.js";
import * as api from "./api.js";
import { titleOf } from "./people.js";

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

/** Says what went wrong in a dialog. */
export function complain(node, words) {
  setText(node, words);
  show(node, true);
}
