// Saves the result of a check to somebody's record, when asked to: nobody is chosen beforehand.

import { byId, el, setText, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { t } from "./words.js";

const FIND_MS = 250;

export class Keep {
  /** `camera()` gives the camera that was checked before. */
  constructor(camera) {
    this.camera = camera;
    this.section = byId("keep");
    if (!this.section) return;
    byId("keep-save").addEventListener("click", () => this.save());
    byId("keep-find").addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.list(byId("keep-find").value), FIND_MS);
    });
  }

  /** Offers who agreed to be remembered for a `result`, by name where they are many; nothing where there is nobody. */
  async offer(result) {
    this.values = result.clauses.map((clause) => clause.value);
    if (!this.section) return;
    show(this.section, false);
    byId("keep-find").value = "";
    const { people, count } = await this.list("");
    show(byId("keep-find"), count > people.length);
    setText(byId("keep-said"), "");
    show(byId("keep-kept"), false);
    show(this.section, people.length > 0);
  }

  /** Lists whose name or group holds what is `asked` for; of an answer that comes late, nothing. */
  async list(asked) {
    const found = await api.remembered(asked).catch(() => ({ people: [], count: 0 }));
    if (asked !== byId("keep-find").value) return found;
    const first = found.people.length && asked ? t("keep_choose", { n: found.count }) : t("keep_nobody");
    byId("keep-who").replaceChildren(el("option", { value: "", text: first }),
      ...found.people.map(({ id, name, group }) => el("option", { value: id, text: group ? `${name}（${group}）` : name })));
    return found;
  }

  async save() {
    const chosen = byId("keep-who").selectedOptions[0];
    if (!chosen || !chosen.value) return;
    try {
      const kept = await api.keepCheck(chosen.value, this.values, this.camera().visitor);
      setText(byId("keep-said"), kept.new ? t("keep_done", { name: chosen.textContent }) : t("keep_known"));
      showKept(kept);
    } catch (error) {
      setText(byId("keep-said"), say(error.body) || t("failed"));
    }
  }
}

/** Where the saved check is shown, and the code that leads a phone there where phones reach this server. */
function showKept({ page, code }) {
  byId("keep-page").href = page;
  const image = byId("keep-code");
  if (code) image.src = code;
  image.alt = t("keep_code");
  for (const part of [image, byId("keep-phone")]) show(part, code !== null);
  show(byId("keep-kept"), true);
}
