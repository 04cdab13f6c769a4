// The mirror: the picture as large as the person allows, the outline to step into, the number of a check, and what to do when there is no picture.

import { byId, el, setText, show } from "../shared/dom.js";
import { outline, outlineFor } from "./figures.js";
import { frameFor, isOff, mirrored, seenIn, WHOLE } from "./framing.js";
import { knows, t } from "./words.js";

const AGAIN_MS = 1500;
const NO_PICTURE = ["lost", "busy", "none", "no_models", "refused", "insecure"];

/** Why there is no picture for longer than a moment: a state of the camera or of the link, null while there is one or it is on its way. */
export function troubleOf(state, link) {
  const key = state && state.camera && state.camera.state !== "ok" ? state.camera.state : link.key;
  return NO_PICTURE.includes(key) ? key : null;
}

/** What to do about a trouble, step by step: as many lines as the words have. */
export function stepsFor(trouble) {
  return [1, 2, 3].map((number) => `${trouble}_step${number}`).filter(knows).map((key) => t(key));
}

export class Stage {
  constructor() {
    this.box = byId("stage");
    this.mirror = byId("mirror");
    this.frame = WHOLE;
    this.seen = null;
    this.framedAt = -Infinity;
    new ResizeObserver(() => this.place(this.ratio || 4 / 3)).observe(this.box);
  }

  /** Forgets what the last camera showed. */
  clear() {
    this.frame = WHOLE;
    this.framedAt = -Infinity;
  }

  show(state, camera, topic) {
    const ratio = camera.ratio();
    const cameraIsOk = Boolean(state) && (!state.camera || state.camera.state === "ok");
    const isPlacing = !cameraIsOk || !state.placement.ready;
    this.mirror.classList.toggle("dim", !cameraIsOk);
    if (ratio) this.follow(isPlacing ? null : camera.isMirrored ? mirrored(state.box) : state.box, ratio);
    camera.showPicture(this.seen);
    this.showOutline(cameraIsOk && isPlacing && topic ? outlineFor(topic.outline, state.view, camera.isMirrored) : null);
  }

  /** Keeps the person large: at once when judging begins, later only when they no longer lie well in the picture. */
  follow(box, ratio) {
    this.ratio = ratio;
    const size = { width: this.box.clientWidth, height: this.box.clientHeight };
    const now = performance.now();
    if (!box) this.frame = WHOLE;
    else if (size.height && now - this.framedAt > AGAIN_MS && isOff(this.frame, box, ratio, size)) {
      this.frame = frameFor(box, ratio, size);
      this.framedAt = now;
    }
    this.seen = size.height ? seenIn(this.frame, ratio, size) : null;
    this.place(ratio);
  }

  place(ratio) {
    const { zoom, x, y } = this.frame;
    for (const [name, value] of Object.entries({ "--ratio": ratio, "--zoom": zoom, "--x": x, "--y": y })) this.box.style.setProperty(name, value.toFixed(4));
  }

  showOutline(wanted) {
    const key = JSON.stringify(wanted);
    if (key !== this.outlined) byId("outline").replaceChildren(...(wanted ? [outline(wanted)] : []));
    this.outlined = key;
  }

  /** Instead of an empty stage: what is the matter, in words and steps, and the ways out. */
  showTrouble(trouble, camera, hasOwn) {
    show(byId("trouble"), trouble !== null);
    if (!trouble) return;
    setText(byId("trouble-title"), t("trouble_title"));
    const steps = stepsFor(trouble);
    if (steps.join() !== this.steps) byId("trouble-steps").replaceChildren(...steps.map((text) => el("li", { text })));
    this.steps = steps.join();
    show(byId("use-own"), camera.kind === "server" && hasOwn);
    show(byId("retry"), camera.kind === "own");
  }

  /** The number over the picture: counting down, then the seconds left. */
  showCount(check, seconds) {
    const box = byId("count");
    const isOn = Boolean(check) && check.phase !== "done";
    show(box, isOn);
    if (!isOn) return;
    box.dataset.phase = check.phase;
    setText(byId("count-number"), String(Math.max(1, Math.ceil(check.left_s))));
    const share = check.phase === "judging" ? check.left_s / seconds : 1;
    byId("count-ring").style.strokeDashoffset = String(283 * (1 - Math.max(0, Math.min(1, share))));
  }
}
