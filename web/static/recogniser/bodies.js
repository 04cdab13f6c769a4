// The body followed from picture to picture, with room made round it where none is found (posecoach/estimators/bodies.py).

import { withMargin } from "./pixels.js";
import { pxPerM } from "./regions.js";

const MARGINS = [0, 0.2, 0.5];
const PATIENCE = 2;

export class Bodies {
  constructor(model) {
    this.model = model;
    this.margin = 0;
    this.misses = 0;
  }

  /** The body in a picture with its `scale` in pixels a metre, or null. */
  find(picture, t_ms) {
    const body = this.inRoom(picture, t_ms, Math.round(MARGINS[this.margin] * Math.max(picture.width, picture.height)));
    this.misses = body ? 0 : this.misses + 1;
    if (this.misses > PATIENCE) this.margin = (this.margin + 1) % MARGINS.length;
    return body && { ...body, scale: pxPerM(body) };
  }

  inRoom(picture, t_ms, room) {
    const body = this.model.find(room ? withMargin(picture, room) : picture, t_ms);
    return body && { ...body, px: body.px.map(([x, y]) => [x - room, y - room]) };
  }
}
