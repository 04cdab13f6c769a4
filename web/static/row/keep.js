// Saves the last check into the records of those named in the row who agreed, when asked to.

import { byId, el, setText, show } from "../shared/dom.js";
import * as api from "./api.js";
import { t } from "./words.js";

export class KeepDialog {
  constructor() {
    if (!byId("keep-open")) return;
    byId("keep-open").addEventListener("click", () => this.open());
    byId("keep-close").addEventListener("click", () => byId("keep").close());
    byId("keep-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  /** Shows who would be recorded, and who not and why. */
  async open() {
    show(byId("keep-save"), false);
    byId("keep-list").replaceChildren();
    setText(byId("keep-said"), "");
    byId("keep").showModal();
    await this.attempt(async () => {
      const { made, people } = await api.meeting();
      this.made = made;
      const known = people.filter(({ person }) => person !== null);
      byId("keep-list").replaceChildren(...people.map(line));
      setText(byId("keep-save"), t("keep_save", { n: known.length }));
      show(byId("keep-save"), known.length > 0);
      setText(byId("keep-said"), known.length ? "" : t("keep_nobody"));
    });
  }

  save() {
    return this.attempt(async () => {
      const { new: count, known } = await api.keepMeeting(this.made);
      show(byId("keep-save"), false);
      setText(byId("keep-said"), t(known && !count ? "keep_known" : "keep_done", { n: count }));
    });
  }

  async attempt(ask) {
    try {
      await ask();
    } catch (error) {
      setText(byId("keep-said"), api.words(error));
    }
  }
}

function line({ place, name, person }) {
  const why = person !== null ? t("keep_yes") : name ? t("keep_no_consent") : t("keep_no_name");
  return el("li", { class: person !== null ? "pass" : "unjudged" }, el("b", { text: name ? `${place} ${name}` : t("number", { n: place }) }), el("span", { text: why }));
}
