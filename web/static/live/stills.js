// The best and the worst moment of a check, on canvases of this page and nowhere else.

import { el } from "../shared/dom.js";
import { choices } from "../shared/store.js";

const WIDTH = 640;
const EVERY_MS = 700;
const DIFFERS = 3;
/** Points of the score: nearer together the two pictures show the same. */

export class Stills {
  constructor(camera) {
    this.camera = camera;
    this.at = -Infinity;
    this.best = this.worst = null;
  }

  keep(score) {
    const now = performance.now();
    if (!choices.stills || score === null || now - this.at < EVERY_MS) return;
    this.at = now;
    if (!this.best || score > this.best.score) this.best = this.take(score);
    if (!this.worst || score < this.worst.score) this.worst = this.take(score);
  }

  take(score) {
    const ratio = this.camera.ratio() || 4 / 3;
    const canvas = el("canvas", { width: WIDTH, height: Math.round(WIDTH / ratio) });
    this.camera.paint(canvas.getContext("2d"), canvas.width, canvas.height);
    return { score, canvas };
  }

  /** Which pictures to show under which words: best and worst where they differ, else the one. */
  shown() {
    if (!this.best) return [];
    if (this.best.score - this.worst.score < DIFFERS) return [["result_same", this.best]];
    return [["result_best", this.best], ["result_worst", this.worst]];
  }
}
