// The form: folder, drill, profile, roster, where results go.

import { byId, el, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import * as api from "./api.js";
import { Roster } from "./roster.js";
import { amount, t } from "./words.js";

const COUNT_AFTER_MS = 500;

export class Form {
  constructor(browser) {
    this.browser = browser;
    this.clips = null;
    this.options = null;
    this.isOutTyped = false;
    this.roster = new Roster(() => (this.clips ? this.clips.path : ""));
    byId("folder").addEventListener("input", () => this.countSoon());
    byId("folder").addEventListener("change", () => this.count());
    byId("folder-browse").addEventListener("click", () => this.browse("folder"));
    byId("out").addEventListener("input", () => (this.isOutTyped = byId("out").value !== ""));
    byId("out-browse").addEventListener("click", () => this.browse("out"));
    byId("rules-browse").addEventListener("click", () => this.browse("rules"));
    byId("rules").addEventListener("change", () => this.loadDrills());
    byId("annotate").addEventListener("change", () => (byId("blur").disabled = !byId("annotate").checked));
  }

  /** What can be chosen; `last` is the last job, whose choices are taken over. */
  fill(options, last) {
    this.options = options;
    this.offerDrills(last ? last.drill : "auto");
    const profile = last ? last.profile : choices.profile || "unspecified";
    byId("profiles").replaceChildren(...options.profiles.map(({ id }) => this.profile(id, id === profile)));
    byId("jobs").replaceChildren(...Array.from({ length: options.cores + 1 }, (_, n) => el("option", { value: n || "", text: n })));
    if (last) {
      byId("annotate").checked = last.annotate;
      byId("blur").checked = last.blur_faces;
      byId("blur").disabled = !last.annotate;
      byId("rules").value = last.rules || "";
    }
    this.translate();
  }

  offerDrills(chosen) {
    const { drills } = this.options;
    byId("drill").replaceChildren(...drills.map((drill) => el("option", { value: drill.id, text: say(drill) })));
    byId("drill").value = drills.some(({ id }) => id === chosen) ? chosen : "auto";
  }

  /** Offers what the chosen rules folder has; where its rules do not load, the start says so. */
  async loadDrills() {
    const found = await api.options(byId("rules").value.trim()).catch(() => null);
    if (!found) return;
    this.options = found;
    this.offerDrills(byId("drill").value);
  }

  profile(id, checked) {
    return el("label", { class: "option" }, el("input", { type: "radio", name: "profile", value: id, checked, onchange: () => remember({ profile: id }) }), el("span", { "data-id": id }));
  }

  translate() {
    if (!this.options) return;
    this.offerDrills(byId("drill").value);
    for (const profile of this.options.profiles) document.querySelector(`#profiles [data-id=${profile.id}]`).textContent = say(profile);
    byId("jobs").options[0].textContent = t("jobs_auto", { n: this.options.jobs });
    this.roster.show();
    this.tellClips();
  }

  async browse(field) {
    const before = field === "out" ? parent(byId("out").value) || (this.clips && parent(this.clips.path)) : byId(field).value;
    const chosen = await this.browser.choose(field, before);
    byId(`${field}-browse`).focus();
    if (chosen === null) return;
    byId(field).value = field === "out" ? joined(chosen, this.outName()) : chosen;
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
    this.clips = this.clipsError = null;
    byId("folder-note").textContent = path.trim() ? t("counting") : "";
    if (path.trim()) {
      try {
        const found = await api.clips(path);
        if (path !== this.counted) return;
        this.clips = found;
        if (!this.isOutTyped) byId("out").value = found.out;
      } catch (error) {
        if (path !== this.counted) return;
        this.clipsError = error;
      }
    }
    this.tellClips();
    await this.roster.check();
  }

  tellClips() {
    const note = byId("folder-note");
    const many = this.clips && amount(this.clips.videos, this.clips.pictures);
    if (this.clipsError) note.textContent = api.words(this.clipsError);
    else if (this.clips) note.textContent = many ? t("clips", { n: many }) : t("no_clips");
    else note.textContent = "";
    note.dataset.state = this.clipsError || (this.clips && !many) ? "wrong" : many ? "good" : "";
    byId("out-note").textContent = this.clips && this.clips.has_results && byId("out").value === this.clips.out ? t("has_results") : "";
  }

  /** Begins; the server's answer, or null where something is missing. */
  async start() {
    await this.count();
    const missing = !byId("folder").value.trim() ? ["need_folder", "folder"] : !byId("out").value.trim() ? ["need_out", "out"] : this.roster.isWrong ? ["roster_mend", "roster-pick"] : null;
    this.tell(missing ? t(missing[0]) : "");
    if (missing) {
      byId(missing[1]).focus();
      return null;
    }
    try {
      return await api.start(this.content());
    } catch (error) {
      this.tell(api.words(error));
      return null;
    }
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

  tell(words) {
    byId("form-error").textContent = words;
    show(byId("form-error"), words !== "");
  }
}

const separator = (path) => (path.includes("\\") ? "\\" : "/");
const last = (path) => path.split(/[\\/]/).filter(Boolean).at(-1) || "";
const joined = (folder, name) => (/[\\/]$/.test(folder) ? folder + name : folder + separator(folder) + name);
const parent = (path) => path.replace(/[\\/]+$/, "").replace(/[^\\/]+$/, "");
