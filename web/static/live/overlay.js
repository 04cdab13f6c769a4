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

  draw(sketch) {
    const { clientWidth, clientHeight } = this.canvas;
    const dots = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(clientWidth * dots)) this.canvas.width = Math.round(clientWidth * dots);
    if (this.canvas.height !== Math.round(clientHeight * dots)) this.canvas.height = Math.round(clientHeight * dots);
    this.clear();
    paint(this.pen, sketch, getComputedStyle(this.canvas).fontFamily);
  }
}
