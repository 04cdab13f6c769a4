// The canvas over the visitor's own picture, as sharp as the screen.

import { paint } from "./painter.js";
import { leastFont } from "./sizes.js";

const MOST_WIDE_PX = 2560;

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
    return leastFont(pictureWidth, this.canvas.clientWidth).toFixed(1);
  }

  freeze(picture, isMirrored) {
    const { width, height } = this.canvas;
    this.pen.save();
    if (isMirrored) {
      this.pen.translate(width, 0);
      this.pen.scale(-1, 1);
    }
    this.pen.drawImage(picture, 0, 0, width, height);
    this.pen.restore();
  }

  /** Paints the sketch; over `judged`, the picture it is about, where the one before the camera has moved on. */
  draw(sketch, judged = null, isMirrored = true) {
    const { clientWidth, clientHeight } = this.canvas;
    const dots = Math.min(window.devicePixelRatio || 1, MOST_WIDE_PX / Math.max(1, clientWidth));
    if (this.canvas.width !== Math.round(clientWidth * dots)) this.canvas.width = Math.round(clientWidth * dots);
    if (this.canvas.height !== Math.round(clientHeight * dots)) this.canvas.height = Math.round(clientHeight * dots);
    this.clear();
    if (judged) this.freeze(judged, isMirrored);
    paint(this.pen, sketch, getComputedStyle(this.canvas).fontFamily);
  }
}
