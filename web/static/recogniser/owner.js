// Whose body is followed, so that nobody else's is taken for it (posecoach/estimators/owner.py).

import { between } from "./regions.js";

export const OUTREACH_M = 1.03;
const OTHER_LOOKS = 8;
const UNEASY_SHARE = 0.2;
const OTHER_LOOKS_MOVED = 12;
const SAME_LOOKS = 5;
const SUDDEN_MS = 400;
const [SUDDEN_M, SUDDEN_SHOULDERS_M] = [0.12, 0.06];
const SAME_SCALE = 1.03;
const STAYED_M = 0.03;
const OTHER_SCALE = 1.18;
const HOME_M = 0.3;
const CLEAR_M = 0.75;
const HOME_MS = 4000;
const ESTABLISHED_MS = 2000;
const COMPANY_MS = 3000;
const GAP_MS = 500;
const FORGET_MS = 5000;
const HIDES = 0.5;
const FRESH_MS = 450;

const isWithin = (factor, ratio) => 1 / factor < ratio && ratio < factor;
const distance = (person, place) => between([person.x, person.y], place);
export const nearest = (people, place) => people.reduce((best, person) => (distance(person, place) < distance(best, place) ? person : best));

/** The one who practises: `meet` whom a search of the picture finds (`x`, `y`, `radius`), and ask of every body whether it is theirs (`owns`). */
export class Owner {
  constructor() {
    this.people = [];
    this.metMs = this.companyAtMs = this.askedMs = -Infinity;
    this.forget();
  }

  forget() {
    this.home = null;
    this.looks = null;
    this.scale = this.followedMs = this.seenMs = 0;
    this.ownedMs = this.calmMs = -Infinity;
    this.isInDoubt = false;
  }

  isEstablished() {
    return this.followedMs >= ESTABLISHED_MS;
  }

  /** Whether somebody else was seen a moment ago. */
  isInCompany(t_ms) {
    return t_ms - this.companyAtMs <= COMPANY_MS;
  }

  meet(people, t_ms) {
    if (people.length > 1) this.companyAtMs = t_ms;
    [this.people, this.metMs] = [people, t_ms];
  }

  /** Whether a body with these `hips`, `scale` and clothes (`looksOf`) is theirs and hidden by nobody; `shouldersY`: how low the shoulders are. */
  owns({ hips, scale, looks, shouldersY }, t_ms) {
    if (this.isEstablished() && t_ms - this.ownedMs > FORGET_MS) this.forget();
    const step = Math.min(t_ms - this.askedMs, GAP_MS);
    this.askedMs = t_ms;
    this.isInDoubt = this.isEstablished() && this.isOther(hips, scale, looks, t_ms, shouldersY);
    if (this.isInDoubt) return false;
    this.remember(hips, scale, looks, step);
    this.ownedMs = t_ms;
    return true;
  }

  /** Whether a part of the one followed looks so different that somebody may be walking by. */
  isUneasy(looks) {
    return this.isEstablished() && looksApart(looks, this.looks, UNEASY_SHARE) > OTHER_LOOKS;
  }

  isOther(hips, scale, looks, t_ms, shouldersY) {
    const isHome = between(hips, this.home) <= HOME_M * this.scale;
    const isAsLarge = scale > 0 && isWithin(OTHER_SCALE, scale / this.scale);
    const apart = looksApart(looks, this.looks);
    if (apart <= SAME_LOOKS && !this.isUneasy(looks)) {
      [this.calmMs, this.calmHipsY, this.calmShouldersY, this.calmScale] = [t_ms, hips[1], shouldersY, scale];
    } else if (apart > OTHER_LOOKS_MOVED && t_ms - this.calmMs <= SUDDEN_MS && this.isInItsPlace(hips, scale, shouldersY)) this.companyAtMs = t_ms;
    if (this.isInCompany(t_ms)) {
      const hasLeftHome = !isHome && this.isHomeTaken(hips, t_ms);
      return apart > this.mostApart(hips, scale, t_ms) || !isAsLarge || hasLeftHome || this.isHidden(t_ms);
    }
    return (this.isInDoubt || t_ms - this.ownedMs > GAP_MS) && apart > OTHER_LOOKS_MOVED && !(isHome && isAsLarge);
  }

  /** How much the clothes may change beside others: more where body and size have stayed, or everybody else stands clear. */
  mostApart(hips, scale, t_ms) {
    const hasStayed = between(hips, this.home) <= STAYED_M * this.scale && isWithin(SAME_SCALE, scale / this.scale);
    return hasStayed || this.standsClear(hips, t_ms) ? OTHER_LOOKS_MOVED : OTHER_LOOKS;
  }

  standsClear(hips, t_ms) {
    if (!this.isFresh(t_ms, 2)) return false;
    const own = nearest(this.people, this.home);
    const others = Math.min(...this.people.filter((person) => person !== own).map((person) => distance(person, hips)));
    return distance(own, hips) < others && others > CLEAR_M * this.scale;
  }

  isInItsPlace(hips, scale, shouldersY) {
    const rises = Math.abs(shouldersY - this.calmShouldersY) > SUDDEN_SHOULDERS_M * this.scale;
    const isTheSame = isWithin(SAME_SCALE, scale / this.calmScale) && this.people.length === 1;
    return Math.abs(hips[1] - this.calmHipsY) <= SUDDEN_M * this.scale && !rises && !isTheSame;
  }

  /** Whether one of those seen a moment ago stands before the place where this one has been. */
  isHidden(t_ms) {
    if (!this.isFresh(t_ms, 2)) return false;
    const reach = OUTREACH_M * this.scale;
    const own = nearest(this.people, this.home);
    return this.people.some((person) => person !== own && person.radius >= Math.max(reach, own.radius) && Math.abs(person.x - this.home[0]) < HIDES * reach);
  }

  /** Whether somebody stands where this one has been, and it is not the one with these hips. */
  isHomeTaken(hips, t_ms) {
    if (!this.isFresh(t_ms, 1)) return false;
    const person = nearest(this.people, this.home);
    const away = distance(person, this.home);
    return away <= HOME_M * this.scale && HOME_M * this.scale < distance(person, hips);
  }

  isFresh(t_ms, count) {
    return t_ms - this.metMs <= FRESH_MS && this.people.length >= count;
  }

  remember(hips, scale, looks, step) {
    if (!this.home) {
      [this.home, this.scale, this.looks] = [hips, scale, looks];
      return;
    }
    this.seenMs += step;
    const share = Math.min(1, step / Math.min(HOME_MS, this.seenMs));
    const nearer = (was, now) => was + (now - was) * share;
    this.home = this.home.map((was, axis) => nearer(was, hips[axis]));
    this.scale = nearer(this.scale, scale);
    this.looks = this.looks.map((was, i) => (was && looks[i] ? was.map((channel, k) => nearer(channel, looks[i][k])) : was || looks[i]));
    if (this.people.some((person) => distance(person, hips) <= HIDES * person.radius)) this.followedMs += step;
  }
}

/** How far the colours of two bodies are apart in `share` of the patches seen of both at least; 0 where there are none. */
export function looksApart(one, other, share = 0.5) {
  const distances = other ? one.map((colour, i) => colour && other[i] && Math.hypot(...colour.map((channel, k) => channel - other[i][k]))) : [];
  const seen = distances.filter((apart) => typeof apart === "number").sort((a, b) => a - b);
  if (!seen.length) return 0;
  const at = (seen.length - 1) * (1 - share);
  const low = Math.floor(at);
  return seen[low] + (at - low) * ((seen[low + 1] ?? seen[low]) - seen[low]);
}
