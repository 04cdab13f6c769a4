// The canvas over the visitor's own picture, as sharp as the screen.

import { paint } from "./painter.js";

const LEAST_FONT_PX = 13;

export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** How high words must be on a picture so wide, to be read where it is shown. */
  leastFont(pictureWidth) {
    const shown = this.canvas.clientWidth;
    return shown ? Math.min(100, (LEAST_FONT_PX * pictureWidth) / shown).toFixed(1) : null;
  }

  freeze(picture) {
    const { width, height } = this.canvas;
    this.pen.save();
    this.pen.translate(width, 0);
    this.pen.scale(-1, 1);
    this.pen.drawImage(picture, 0, 0, width, height);
    this.pen.restore();
  }

  /** Paints the sketch; over `judged`, the picture it is about, where the one before the camera has moved on. */
  draw(sketch, judged = null) {
    const { clientWidth, clientHeight } = this.canvas;
    const dots = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(clientWidth * dots)) this.canvas.width = Math.round(clientWidth * dots);
    if (this.canvas.height !== Math.round(clientHeight * dots)) this.canvas.height = Math.round(clientHeight * dots);
    this.clear();
    if (judged) this.freeze(judged);
    paint(this.pen, sketch, getComputedStyle(this.canvas).fontFamily);
  }
}
