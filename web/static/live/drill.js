// A drill led by the server: its steps in the list, its prompts spoken or told by a tone, its result on the card. Nobody has to touch anything.

import { byId, el, setText, show } from "../shared/dom.js";
import { chime } from "../shared/chime.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { Stills } from "./stills.js";
import { t } from "./words.js";

const COUNT_HZ = [660];

/** What is to be heard at a moment of a drill: a `key` that changes with it, and its words; null while there is nothing to say. */
export function cueOf(drill, topic) {
  if (!drill || !topic || !topic.steps) return null;
  if (drill.phase === "countdown") {
    const count = Math.max(1, Math.ceil(drill.left_s));
    return { key: `count ${count}`, words: String(count), isCount: true };
  }
  if (drill.phase === "step") return { key: `step ${drill.step}`, words: say(topic.steps[drill.step].prompt) };
  if (drill.phase === "done") return { key: "done", words: t("drill_done") };
  return null;
}

/** The number to show over the picture, as that of a check: counting down, or what is left of a step that time ends. */
export function countOf(drill, topic) {
  if (!drill || drill.left_s === null || !["countdown", "step"].includes(drill.phase)) return { count: null, seconds: 1 };
  const seconds = drill.phase === "step" ? topic.steps[drill.step].seconds : 1;
  return { count: { phase: drill.phase === "step" ? "judging" : "countdown", left_s: drill.left_s }, seconds };
}

export class Drill {
  /** `page.camera`, `page.voice` and `page.result`. */
  constructor(page) {
    this.page = page;
    this.heard = null;
    this.phase = null;
    for (const [id, what] of [["drill-next", "next"], ["drill-again", "again"]]) {
      byId(id).addEventListener("click", () => api.leadDrill(page.camera.visitor, what).catch(() => {}));
    }
  }

  follow(state, topic) {
    const { drill } = state;
    const phase = drill ? drill.phase : null;
    this.speak(cueOf(drill, topic));
    if (phase === "countdown" && this.phase !== "countdown") this.stills = new Stills(this.page.camera);
    if (phase === "step" && this.stills) this.stills.keep(state.score);
    if (phase === "done" && this.phase !== "done") this.page.result.show({ ...state, check: drill }, this.stills || new Stills(this.page.camera));
    if (this.phase === "done" && phase !== "done") this.page.result.close();
    this.phase = phase;
  }

  speak(cue) {
    const key = cue && cue.key;
    if (key !== this.heard && cue && !this.page.voice.prompt(cue.words)) chime(cue.isCount ? COUNT_HZ : undefined);
    this.heard = key;
  }

  /** The steps beside the picture, and the buttons of who leads: shown while a drill is practised. */
  show(state, topic, canLead) {
    const drill = topic && topic.steps && state ? state.drill : null;
    for (const id of ["drill", "drill-next", "drill-again"]) show(byId(id), drill !== null);
    show(byId("check"), drill === null);
    if (drill === null) return;
    const isOn = drill.phase === "step";
    setText(byId("drill-next-words"), t(isOn ? "drill_next" : "drill_begin"));
    byId("drill-next").disabled = !canLead || drill.phase === "countdown";
    byId("drill-again").disabled = !isOn;
    const states = topic.steps.map((step, i) => (drill.phase === "done" ? stateOf(drill.result, step) : !isOn || i > drill.step ? "later" : i === drill.step ? "now" : "over"));
    const shown = JSON.stringify([states, document.documentElement.lang]);
    if (shown === this.shown) return;
    this.shown = shown;
    byId("drill-steps").replaceChildren(...topic.steps.map((step, i) => el("li", { class: states[i], "aria-current": states[i] === "now" ? "step" : null, text: say(step) })));
  }
}

const stateOf = (result, step) => (result && result.steps.find(({ id }) => id === step.id) || { state: "later" }).state;
