// The body of the one who practises, followed from picture to picture, with room made round it where none is found
// (posecoach/estimators/bodies.py). Who else is there is looked for less often than in Python: a search costs as much as two looks here.

import { nearest, Owner } from "./owner.js";
import { between, followRegion, hipsOf, mainPerson, pxPerM, shouldersY, startRegion } from "./regions.js";

const LOOK_MS = 3000;
const AWAY_LOOK_MS = 1000;
const COMPANY_LOOK_MS = 1000;
const AWAY_M = 0.4;
const JUMP_M = 0.3;
const MARGINS = [0, 0.2, 0.5];
const PATIENCE = 2;
const [STAY_FACTOR, KNOWN_FACTOR] = [2, 4];

export class Bodies {
  /** `model.find(picture, t_ms)` follows a body, `search.people(picture)` finds all; `pictures` makes what they are shown and sees clothes. */
  constructor(model, search, pictures) {
    this.model = model;
    this.search = search;
    this.pictures = pictures;
    this.margin = 0;
    this.misses = 0;
    this.startAnew();
  }

  /** Nobody of the pictures so far is known any more. */
  startAnew() {
    this.owner = new Owner();
    this.lookedAt = this.lookAt = -Infinity;
    this.region = this.body = null;
  }

  /** The body in a picture with its `scale` in pixels a metre; null also for one that may be somebody else's. */
  find(picture, t_ms) {
    const size = `${picture.width} ${picture.height}`;
    if (this.size && this.size !== size) this.loseAll(picture, t_ms);
    this.size = size;
    if (t_ms >= this.lookAt) this.look(picture, t_ms);
    const shown = this.region ? this.pictures.blankOutside(picture, this.region) : picture;
    const body = this.inRoom(shown, t_ms, Math.round(MARGINS[this.margin] * Math.max(picture.width, picture.height)));
    if (isLost(this.body, body)) this.lookAt = Math.min(this.lookAt, Math.max(t_ms, this.lookedAt + AWAY_LOOK_MS));
    this.region = body && this.region && followRegion(body.px);
    this.body = body;
    this.misses = body ? 0 : this.misses + 1;
    if (this.misses > PATIENCE) this.margin = (this.margin + 1) % MARGINS.length;
    return body && this.isOwn(picture, body, t_ms) ? body : null;
  }

  isInCompany(t_ms) {
    return this.owner.isInCompany(t_ms);
  }

  /** A picture of another size, as when a phone is turned: no place in the last ones is one in this. */
  loseAll(picture, t_ms) {
    this.model.find(this.pictures.blank(picture), t_ms);
    this.startAnew();
  }

  inRoom(picture, t_ms, room) {
    const found = this.model.find(room ? this.pictures.withMargin(picture, room) : picture, t_ms);
    if (!found) return null;
    const body = { ...found, px: found.px.map(([x, y]) => [x - room, y - room]) };
    return { ...body, scale: pxPerM(body), hips: hipsOf(body.px) };
  }

  isOwn(picture, body, t_ms) {
    const looks = this.pictures.looks(picture, body.px);
    const { home } = this.owner;
    if (home && between(body.hips, home) > AWAY_M * body.scale) this.lookAt = Math.min(this.lookAt, this.lookedAt + AWAY_LOOK_MS);
    if (this.owner.isUneasy(looks) && t_ms >= this.lookedAt + COMPANY_LOOK_MS) this.meet(picture, t_ms);
    return this.owner.owns({ ...body, looks, shouldersY: shouldersY(body.px) }, t_ms);
  }

  meet(picture, t_ms) {
    const people = this.search.people(picture);
    this.owner.meet(people, t_ms);
    this.lookedAt = t_ms;
    this.lookAt = t_ms + (this.isInCompany(t_ms) ? COMPANY_LOOK_MS : LOOK_MS);
    return people;
  }

  /** Searches the picture, and makes the model drop a person who is not the main one. */
  look(picture, t_ms) {
    const people = this.meet(picture, t_ms);
    this.region = null;
    if (people.length < 2) return;
    const main = mainPerson(people, picture, this.owner.home, this.owner.isEstablished() ? KNOWN_FACTOR : STAY_FACTOR);
    if (this.body && nearest(people, this.body.hips) === main) {
      this.region = followRegion(this.body.px);
      return;
    }
    if (this.body) this.model.find(this.pictures.blank(picture), t_ms);
    this.body = null;
    this.region = startRegion(main, people);
  }
}

/** Whether the body followed is gone or has moved further than a body can. */
function isLost(before, now) {
  if (!before || !now) return Boolean(before);
  return between(now.hips, before.hips) > JUMP_M * now.scale;
}
