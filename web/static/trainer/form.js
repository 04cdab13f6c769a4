// The form: folder, topic, profile, roster, where results go.

import { byId, el, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import * as api from "./api.js";
import { Roster } from "./roster.js";
import { amount, t } from "./words.js";

const COUNT_AFTER_MS = 500;
/** Which element gets the focus where a field is wrong, by the field's name. */
const FIELDS = { folder: "folder", out: "out", rules: "rules", roster: "roster-pick" };

export class Form {
  constructor(browser) {
    this.browser = browser;
    this.clips = null;
    this.options = null;
    this.isOutTyped = false;
    this.wrong = null;
    this.roster = new Roster(() => (this.clips ? this.clips.path : ""), () => byId("rules").value.trim());
    byId("folder").addEventListener("input", () => this.countSoon());
    byId("folder").addEventListener("change", () => this.count());
    byId("folder-browse").addEventListener("click", () => this.browse("folder"));
    byId("out").addEventListener("input", () => (this.isOutTyped = byId("out").value !== ""));
    byId("out-browse").addEventListener("click", () => this.browse("out"));
    byId("rules-browse").addEventListener("click", () => this.browse("rules"));
    byId("rules").addEventListener("change", () => this.loadDrills());
    byId("annotate").addEventListener("change", () => (byId("blur").disabled = !byId("annotate").checked));
    byId("chime").addEventListener("change", () => remember({ chime: byId("chime").checked }));
    // What was wrong is told until it is mended, and no longer.
    for (const [field, id] of Object.entries(FIELDS)) byId(field === "roster" ? "drop" : id).addEventListener("input", () => this.mended(field));
  }

  /** What can be chosen; `last` is the last job, whose choices are taken over. */
  fill(options, last) {
    this.options = options;
    this.offerDrills(last ? last.drill : "auto");
    this.roster.offer(options);
    const profile = last ? last.profile : choices.profile || "unspecified";
    byId("profiles").replaceChildren(...options.profiles.map(({ id }) => this.profile(id, id === profile)));
    byId("jobs").replaceChildren(...Array.from({ length: options.cores + 1 }, (_, n) => el("option", { value: n || "", text: n })));
    byId("chime").checked = choices.chime !== false;
    if (last) {
      byId("annotate").checked = last.annotate;
      byId("blur").checked = last.blur_faces;
      byId("blur").disabled = !last.annotate;
      byId("rules").value = last.rules || "";
    }
    this.showRecent(options.recent);
    this.translate();
  }

  offerDrills(chosen) {
    const { drills } = this.options;
    byId("drill").replaceChildren(...drills.map((drill) => el("option", { value: drill.id, text: say(drill) })));
    byId("drill").value = drills.some(({ id }) => id === chosen) ? chosen : "auto";
  }

  showRecent(recent) {
    this.recent = recent;
    byId("recent").replaceChildren(el("span", { class: "hint", text: t("recent") }), ...recent.slice(0, 4).map(({ name, path }) => el("button", { type: "button", class: "chip", text: name, title: path, onclick: () => this.choose(path) })));
    show(byId("recent"), recent.length > 0);
  }

  /** The form is shown again after a job. */
  async enter() {
    byId("folder").focus();
    const found = await api.options().catch(() => null);
    if (found) this.showRecent(found.recent);
  }

  async choose(path) {
    byId("folder").value = path;
    await this.count();
  }

  /** Offers what the chosen rules folder has; where its rules do not load, that is told beside it. */
  async loadDrills() {
    this.mended("rules");
    try {
      this.options = await api.options(byId("rules").value.trim());
      this.offerDrills(byId("drill").value);
      this.roster.offer(this.options);
    } catch (error) {
      this.fail("rules", error, false);
    }
  }

  profile(id, checked) {
    return el("label", { class: "option" }, el("input", { type: "radio", name: "profile", value: id, checked, onchange: () => remember({ profile: id }) }), el("span", { "data-id": id }));
  }

  translate() {
    if (!this.options) return;
    this.offerDrills(byId("drill").value);
    for (const profile of this.options.profiles) document.querySelector(`#profiles [data-id=${profile.id}]`).textContent = say(profile);
    byId("jobs").options[0].textContent = t("jobs_auto", { n: this.options.jobs });
    this.showRecent(this.recent);
    this.roster.table.show();
    this.roster.show();
    this.tell();
  }

  async browse(field) {
    const before = field === "out" ? parent(byId("out").value) || (this.clips && parent(this.clips.path)) : byId(field).value;
    const chosen = await this.browser.choose(field, before);
    byId(`${field}-browse`).focus();
    if (chosen === null) return;
    byId(field).value = field === "out" ? joined(chosen, this.outName()) : chosen;
    this.mended(field);
    if (field === "out") this.isOutTyped = true;
    if (field === "folder") await this.count();
    if (field === "rules") await this.loadDrills();
  }

  outName() {
    return this.clips ? last(this.clips.out) : "posecoach-out";
  }

  countSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.count(), COUNT_AFTER_MS);
  }

  async count() {
    clearTimeout(this.timer);
    const path = byId("folder").value;
    if (path === this.counted) return;
    this.counted = path;
    this.clips = null;
    this.mended("folder");
    byId("folder-note").textContent = path.trim() ? t("counting") : "";
    if (path.trim()) {
      try {
        const found = await api.clips(path);
        if (path !== this.counted) return;
        this.clips = found;
        if (!this.isOutTyped) byId("out").value = found.out;
      } catch (error) {
        if (path !== this.counted) return;
        this.fail("folder", error, false);
      }
    }
    this.tell();
    await this.roster.look();
  }

  /** A field is as it should be again, or about to be. */
  mended(field) {
    if (this.wrong && (this.wrong.field === field || this.wrong.field === null)) this.wrong = null;
    this.tell();
  }

  /** A field is wrong: `what` is a key of our words or an error of the server. */
  fail(field, what, goesThere = true) {
    this.wrong = { field, what };
    this.tell();
    if (!goesThere) return;
    if (field === "rules") byId("more").open = true;
    const place = field ? byId(FIELDS[field]) : byId("form-error");
    if (field) place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  }

  /** Everything there is to say beside the fields, in the language of now. */
  tell() {
    const many = this.clips && amount(this.clips.videos, this.clips.pictures);
    const found = this.clips ? (many ? t("clips", { n: many }) : t("no_clips")) : "";
    const isOld = this.clips && this.clips.has_results && byId("out").value === this.clips.out;
    this.noteOf("folder", found, this.clips ? (many ? "good" : "wrong") : "");
    this.noteOf("out", isOld ? t("has_results") : "", "");
    this.noteOf("rules", "", "");
    const general = this.wrong && !["folder", "out", "rules"].includes(this.wrong.field) ? this.words() : "";
    byId("form-error").textContent = general;
    show(byId("form-error"), general !== "");
  }

  noteOf(field, words, state) {
    const isWrong = this.wrong !== null && this.wrong.field === field;
    const note = byId(`${field}-note`);
    note.textContent = isWrong ? this.words() : words;
    note.dataset.state = isWrong ? "wrong" : state;
    byId(field).setAttribute("aria-invalid", isWrong || state === "wrong");
  }

  words() {
    const { what } = this.wrong;
    return typeof what === "string" ? t(what) : api.words(what);
  }

  /** Begins; the server's answer, or null where something is missing. */
  async start() {
    await this.count();
    const missing = this.missing();
    if (missing) {
      this.fail(...missing);
      return null;
    }
    try {
      this.keptTrouble = this.roster.isDirty && !(await this.roster.save());
      const answer = await api.start(this.content());
      this.wrong = null;
      this.tell();
      return answer;
    } catch (error) {
      this.fail((error.body && FIELDS[error.body.field] && error.body.field) || null, error);
      return null;
    }
  }

  /** The field that has to be mended first, and why; null where all is there. */
  missing() {
    if (!byId("folder").value.trim()) return ["folder", "need_folder"];
    if (!byId("out").value.trim()) return ["out", "need_out"];
    return this.roster.isWrong ? ["roster", "roster_mend"] : null;
  }

  content() {
    return {
      folder: byId("folder").value,
      out: byId("out").value,
      drill: byId("drill").value,
      profile: document.querySelector("input[name=profile]:checked").value,
      roster: this.roster.content,
      annotate: byId("annotate").checked,
      blur_faces: byId("annotate").checked && byId("blur").checked,
      jobs: Number(byId("jobs").value) || null,
      rules: byId("rules").value.trim() || null,
    };
  }
}

const separator = (path) => (path.includes("\\") ? "\\" : "/");
const last = (path) => path.split(/[\\/]/).filter(Boolean).at(-1) || "";
const joined = (folder, name) => (/[\\/]$/.test(folder) ? folder + name : folder + separator(folder) + name);
const parent = (path) => path.replace(/[\\/]+$/, "").replace(/[^\\/]+$/, "");
