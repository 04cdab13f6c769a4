// Whose body is followed, so that nobody else's is taken for it (posecoach/estimators/owner.py).

import { between } from "./regions.js";

export const OUTREACH_M = 1.03;
const OTHER_LOOKS = 8;
const UNEASY_SHARE = 0.2;
const OTHER_LOOKS_MOVED = 12;
const SAME_LOOKS = 5;
const SUDDEN_MS = 400;
const [SUDDEN_M, SUDDEN_SHOULDERS_M] = [0.12, 0.06];
const NEARER = 1.05;
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
const CHEST = 6;

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
    const strange = strangeness(looks, this.looks);
    const apart = strange > SAME_LOOKS ? looksApart(looks, this.looks) : 0;
    if (strange <= SAME_LOOKS) [this.calmMs, this.calmHips, this.calmShouldersY] = [t_ms, hips, shouldersY];
    else if (t_ms - this.calmMs <= SUDDEN_MS && this.isCovered(strange, hips, scale, shouldersY)) this.companyAtMs = t_ms;
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

  /** Whether a body that looks strange at once is that of somebody nearer to the camera, and no way up or down. */
  isCovered(strange, hips, scale, shouldersY) {
    const hasStayed = Math.abs(hips[0] - this.home[0]) <= STAYED_M * this.scale;
    const [sideways, way] = hips.map((now, axis) => Math.abs(now - this.calmHips[axis]));
    const shouldersWay = Math.abs(shouldersY - this.calmShouldersY);
    const rises = way > SUDDEN_M * this.scale || shouldersWay > SUDDEN_SHOULDERS_M * this.scale;
    const isStrange = strange > (hasStayed ? OTHER_LOOKS_MOVED : OTHER_LOOKS);
    return isStrange && scale > NEARER * this.scale && !(rises && Math.max(way, shouldersWay) > sideways);
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
    if (!this.seenMs) return; // two pictures of one time: there is nothing between them to learn
    const share = Math.min(1, step / Math.min(HOME_MS, this.seenMs));
    const nearer = (was, now) => was + (now - was) * share;
    this.home = this.home.map((was, axis) => nearer(was, hips[axis]));
    this.scale = nearer(this.scale, scale);
    this.looks = this.looks.map((was, i) => (was && looks[i] ? was.map((channel, k) => nearer(channel, looks[i][k])) : was || looks[i]));
    if (this.people.some((person) => distance(person, hips) <= HIDES * person.radius)) this.followedMs += step;
  }
}

const colourDistance = (one, other) => Math.hypot(...one.map((channel, k) => channel - other[k]));

/** The value below which `share` of them lie, between the two nearest; 0 of none. */
function quantile(values, share) {
  if (!values.length) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** How far the colours of two bodies are apart in `share` of the patches seen of both at least; 0 where there are none. */
export function looksApart(one, other, share = 0.5) {
  const distances = other ? one.map((colour, i) => colour && other[i] && colourDistance(colour, other[i])) : [];
  return quantile(
    distances.filter((apart) => typeof apart === "number"),
    1 - share,
  );
}

/** How far the colours of a body are from the nearest that another has anywhere: those of half the patches, or of half the chest's. */
export function strangeness(one, other) {
  const known = (other ?? []).filter(Boolean);
  if (!known.length) return 0;
  const parts = [one, one.slice(0, CHEST)].map((part) => part.filter(Boolean).map((colour) => Math.min(...known.map((was) => colourDistance(colour, was)))));
  return Math.min(...parts.map((nearest) => quantile(nearest, 0.5)));
}
