// Which face belongs to a body and where to look for it in a clip, as posecoach/estimators/faces.py has it.

import { between, eyeDistance, headCentre, headSide, headSquare, holds, isFaceOf, place, wholeSquare } from "./regions.js";
import { OneEuro } from "./smoothing.js";

const CROP_PX = 256;
const WHOLE_PX = 640;
const CLOSE_UP_HEAD = 0.5;
const CLOSE_UP_EYES = 0.15;
const MISSES = 3;
const RETRY_MS = 250;
const SMALL_EYES_PX = 40;
const SMALL_MS = 150;
const CUTOFF_HZ = 1.5;
const BETA = 2.0;
const EYES_M = 0.09;

export class Faces {
  /** `model.find(square)` follows a face; `cut(picture, square, side)` gives what a square shows, with no picture a blank one. */
  constructor(model, cut) {
    this.model = model;
    this.cut = cut;
    this.square = null;
    this.seen = null;
    this.misses = 0;
    this.retryAt = -Infinity;
    this.filter = new OneEuro(CUTOFF_HZ, BETA);
  }

  /** `[body, face]`: the body, or null where the picture shows a face and the body was imagined; the mesh in pixels, or null. */
  async find(picture, body, t_ms) {
    if (this.misses >= MISSES && t_ms < this.retryAt) return [body, null];
    if (this.seen && body && t_ms - this.seen.t_ms < SMALL_MS) return [body, moved(this.seen, headCentre(body.px))];
    let [owner, face] = [body, body && (await this.ofBody(picture, body))];
    const short = Math.min(picture.width, picture.height);
    if (!face && (!body || headSide(body.scale) > CLOSE_UP_HEAD * short)) [owner, face] = await this.ofPicture(picture, body, short);
    return [owner, this.inTime(face, owner, t_ms)];
  }

  /** The face smoothed over time; its absence noted. */
  inTime(face, body, t_ms) {
    this.seen = null;
    if (!face) {
      this.misses++;
      this.retryAt = t_ms + RETRY_MS;
      this.filter.reset();
      return null;
    }
    this.misses = 0;
    const eyes = body ? EYES_M * body.scale : eyeDistance(face);
    const smooth = this.filter.smooth(face, t_ms, Math.max(eyes, 1));
    if (body && eyes < SMALL_EYES_PX) this.seen = { face: smooth, head: headCentre(body.px), t_ms };
    return smooth;
  }

  async ofBody(picture, body) {
    const wanted = headSquare(body.px, body.scale);
    const isHeld = Boolean(this.square) && holds(this.square, wanted);
    if (!isHeld) this.square = wanted;
    await this.lookAt("head");
    const crop = this.cut(picture, this.square, CROP_PX);
    const found = (await this.model.find(crop)) || (isHeld ? null : await this.model.find(crop));
    if (!found) return null;
    const face = place(this.square, found);
    if (isFaceOf(face, body.px, body.scale)) return face;
    await this.forget();
    return null;
  }

  async ofPicture(picture, body, short) {
    const square = wholeSquare(picture);
    await this.lookAt("picture");
    const found = await this.model.find(this.cut(picture, square, Math.min(Math.max(square.side, CROP_PX), WHOLE_PX)));
    if (!found) return [body, null];
    const face = place(square, found);
    if (!body || isFaceOf(face, body.px, body.scale)) return [body, face];
    return eyeDistance(face) > CLOSE_UP_EYES * short ? [null, face] : [body, null];
  }

  /** The one model follows faces in the head's squares and in whole pictures: it must not take the one's place for the other's. */
  async lookAt(what) {
    if (this.looksAt && this.looksAt !== what) await this.forget();
    this.looksAt = what;
  }

  forget() {
    return this.model.find(this.cut(null, null, CROP_PX));
  }
}

function moved({ face, head }, centre) {
  const [across, down] = [centre[0] - head[0], centre[1] - head[1]];
  return between(centre, head) ? face.map(([x, y]) => [x + across, y + down]) : face;
}
