// The one thing to say now, in the largest letters that fit, and its number on the picture while a check runs.

import { byId, setText, sign } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { knows, t } from "./words.js";

const SIGNS = { fix: "fail", praise: "pass", good: "pass", place: "place", wait: "unjudged", check: "clock" };

/** What to show for a state: `kind` fix, praise, good, place, check or wait, and the words. `topic` is what is practised, where it is known. */
export function messageFor(state, link, topic) {
  if (link.words) return { kind: "wait", text: link.words };
  if (!state) return { kind: "wait", text: t("connecting") };
  const { camera, placement, correction, praise, check } = state;
  if (camera && camera.state !== "ok") return { kind: "wait", text: say(camera) || (knows(camera.state) ? t(camera.state) : t("camera_not")) };
  if (check && check.phase === "countdown") return { kind: "check", text: t("get_ready") };
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
  if (has("pass")) return { kind: "good", text: t(has("warn") ? "nearly" : "all_good") };
  const [wanted] = topic ? topic.postures : [];
  if (!has("warn") && knows(`do_${wanted}`) && !topic.postures.includes(state.posture)) return { kind: "place", text: t(`do_${wanted}`) };
  return { kind: "wait", text: t(has("warn") ? "nearly" : "nothing_judged") };
}

export class Banner {
  constructor() {
    this.box = byId("banner");
    this.words = byId("say");
    this.word = byId("say-word");
    this.sign = byId("say-sign");
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
    if (this.words.textContent !== message.text) {
      this.words.textContent = message.text;
      this.fit();
    }
    if (message.kind !== "wait" || !this.live.textContent) setText(this.live, message.text);
  }

  /** The largest size at which the words stay inside their box. */
  fit() {
    const { words } = this;
    const room = words.parentElement;
    if (!room.clientHeight) return;
    let [small, large] = [18, Math.min(0.86 * room.clientHeight, 150)];
    while (large - small > 1) {
      const size = (small + large) / 2;
      words.style.fontSize = `${size}px`;
      if (words.scrollHeight <= room.clientHeight && words.scrollWidth <= room.clientWidth) small = size;
      else large = size;
    }
    words.style.fontSize = `${Math.floor(small)}px`;
  }
}

/** The number over the picture: counting down, then the seconds left. */
export function showCount(check) {
  const box = byId("count");
  const isOn = Boolean(check) && check.phase !== "done";
  box.hidden = !isOn;
  if (!isOn) return;
  box.dataset.phase = check.phase;
  setText(byId("count-number"), String(Math.max(1, Math.ceil(check.left_s))));
  const share = check.phase === "judging" ? check.left_s / check.seconds : 1;
  byId("count-ring").style.strokeDashoffset = String(283 * (1 - Math.max(0, Math.min(1, share))));
}
