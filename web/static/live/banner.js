// The one thing to say now, in the largest letters that fit.

import { byId, el, setText, show, sign } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { knows, t } from "./words.js";

const SIGNS = { fix: "fail", praise: "pass", good: "pass", near: "warn", trouble: "warn", place: "place", wait: "unjudged", check: "clock" };

/** What to show for a state: `kind` fix, praise, good, near, trouble, place, check or wait, and the words.
 * `link.isTrouble`: there is no picture, and waiting alone does not bring one. `topic` is what is practised, where it is known. */
export function messageFor(state, link, topic) {
  const pause = link.isTrouble ? "trouble" : "wait";
  if (link.words) return { kind: pause, text: link.words };
  if (!state) return { kind: "wait", text: t("connecting") };
  const { camera, placement, correction, praise, check } = state;
  if (camera && camera.state !== "ok") return { kind: pause, text: say(camera) || (knows(camera.state) ? t(camera.state) : t("camera_not")) };
  if (check && check.phase === "countdown") return { kind: "check", text: t("get_ready") };
  const led = ledBy(state.drill, topic, Boolean(correction || praise));
  if (led) return led;
  if (state.size_changed) return { kind: "wait", text: say(state.size_changed) };
  const missing = placement.items.find((item) => !item.ok);
  if (!placement.ready) return { kind: "place", text: missing ? say(missing) : t("looking") };
  if (check && check.phase === "judging") return { kind: "check", text: t("checking") };
  if (state.slow) return { kind: "wait", text: say(state.slow) };
  if (link.isWaitingToCheck) return { kind: "check", text: t("get_ready") };
  if (praise) return { kind: "praise", text: say(praise), id: praise.id };
  if (correction) return { kind: "fix", text: say(correction), id: correction.id };
  if (state.company) return { kind: "place", text: say(state.company) };
  const has = (wanted) => state.clauses.some((clause) => clause.state === wanted);
  if (has("fail")) return { kind: "wait", text: t("looking") };
  if (has("warn")) return { kind: "near", text: nearly(state.clauses.find((clause) => clause.state === "warn").id, topic) };
  if (has("pass")) return { kind: "good", text: t("all_good") };
  const [wanted] = topic ? topic.postures : [];
  if (knows(`do_${wanted}`) && !topic.postures.includes(state.posture)) return { kind: "place", text: t(`do_${wanted}`) };
  return { kind: "wait", text: t("nothing_judged") };
}

/** What a drill asks for now; null where a correction is more to the point, or nobody has begun. */
function ledBy(drill, topic, hasAdvice) {
  if (!drill || !topic || !topic.steps) return null;
  if (drill.phase === "countdown") return { kind: "check", text: t("get_ready") };
  if (drill.phase === "done") return { kind: "good", text: t("drill_done") };
  if (drill.phase !== "step" || (drill.begun && hasAdvice)) return null;
  return { kind: "check", text: say(topic.steps[drill.step].prompt) };
}

/** What is close, by the clause's name without its aside, where that is known. */
function nearly(id, topic) {
  const clause = topic && topic.clauses && topic.clauses.find((known) => known.id === id);
  return clause ? t("nearly_mind", { name: say(clause).replace(/[（(].*$/, "").trim() }) : t("nearly");
}

export class Banner {
  constructor() {
    this.box = byId("banner");
    this.words = byId("say");
    this.word = byId("say-word");
    this.sign = byId("say-sign");
    this.pictures = byId("say-pictures");
    this.live = byId("spoken");
    new ResizeObserver(() => this.fit()).observe(this.box);
  }

  show(message) {
    const word = t(`${message.kind}_word`);
    if (this.box.dataset.kind !== message.kind) {
      this.box.dataset.kind = message.kind;
      this.sign.replaceChildren(sign(SIGNS[message.kind]));
    }
    setText(this.word, word);
    this.showHow(message.kind === "fix" ? message.id : null);
    if (this.words.textContent !== message.text) {
      this.words.textContent = message.text;
      this.fit();
    }
    if (message.kind !== "wait" || !this.live.textContent) setText(this.live, message.text);
  }

  /** How it should be and how not, beside what is to be put right; a clause that cannot be drawn has no pictures. */
  showHow(id) {
    if (this.shown === id) return;
    this.shown = id;
    show(this.pictures, id !== null);
    this.word.hidden = id !== null;
    this.pictures.replaceChildren(...(id ? [["right", "pass"], ["wrong", "fail"]].map(([name, state]) => this.picture(id, name, state)) : []));
    this.fit();
  }

  picture(id, name, state) {
    const drawn = el("img", { src: `/api/pictures/${encodeURIComponent(id)}/${name}.svg`, alt: t(`${name}_picture`) });
    const frame = el("figure", { class: name }, drawn, sign(state));
    drawn.addEventListener("error", () => this.shown === id && this.hideHow());
    return frame;
  }

  hideHow() {
    show(this.pictures, false);
    this.word.hidden = false;
    this.fit();
  }

  /** The largest size at which the words stay inside their box. */
  fit() {
    const { words } = this;
    const room = words.parentElement;
    if (!room.clientHeight) return;
    let [small, large] = [14, Math.min(0.86 * room.clientHeight, 150)];
    while (large - small > 1) {
      const size = (small + large) / 2;
      words.style.fontSize = `${size}px`;
      if (words.scrollHeight <= room.clientHeight && words.scrollWidth <= room.clientWidth) small = size;
      else large = size;
    }
    words.style.fontSize = `${Math.floor(small)}px`;
  }
}
