// One clause in place: the measured line or angle, the band that passes, and a label. What is drawn agrees with what is said: where a
// value is smoothed over time or corrected, the band is moved with it, so that the line lies in the band exactly when the value does.

import { label } from "./labels.js";
import { COLOURS, INK } from "./colours.js";

const SHOWN_UNITS = 0.6;

const degrees = (a, b) => (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
const wrapped = (angle) => ((((angle + 180) % 360) + 360) % 360) - 180;
const distance = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);
const along = (a, angle, reach) => ({ x: a.x + reach * Math.cos((angle * Math.PI) / 180), y: a.y + reach * Math.sin((angle * Math.PI) / 180) });
const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const isOpen = (limits) => !limits || (limits[0] === null && limits[1] === null);

const DRAW = { tilt, lean, angle, gap, across: (o, c, p) => offset(o, c, p, "x"), height: (o, c, p) => offset(o, c, p, "y"), limbs, head };

export function drawClause(overlay, clause) {
  const draw = DRAW[clause.drawing.kind];
  if (draw) draw(overlay, clause, clause.drawing.points.map((group) => overlay.mean(group)));
}

function tilt(overlay, clause, [first, second]) {
  if (!first || !second) return;
  const [a, b] = first.x > second.x ? [second, first] : [first, second];
  const [centre, measured] = [middle(a, b), degrees(a, b)];
  const reach = 0.5 * distance(a, b) + 6 * overlay.size;
  for (const [low, high] of band(overlay, clause, measured, 45)) {
    overlay.shade(sector(centre, reach, low, high));
    overlay.shade(sector(centre, reach, low + 180, high + 180));
  }
  measuredLine(overlay, along(centre, measured, -reach), along(centre, measured, reach), clause.state);
  label(overlay, along(centre, measured, reach), clause);
}

function lean(overlay, clause, [a, b]) {
  if (!a || !b) return;
  const upright = b.y < a.y ? -90 : 90;
  const off = wrapped(degrees(a, b) - upright);
  const length = distance(a, b);
  overlay.line(a, along(a, upright, length), "#fff", Math.max(1, overlay.size / 2), [2 * overlay.size, 2 * overlay.size]);
  for (const [low, high] of band(overlay, clause, off, 60)) overlay.shade(sector(a, 0.9 * length, upright + low, upright + high));
  measuredLine(overlay, a, b, clause.state);
  label(overlay, { x: a.x + 0.7 * (b.x - a.x), y: a.y + 0.7 * (b.y - a.y) }, clause, b.x < a.x);
}

function angle(overlay, clause, [a, b, c]) {
  if (!a || !b || !c) return;
  const first = degrees(b, a);
  const turn = wrapped(degrees(b, c) - first);
  const side = turn >= 0 ? 1 : -1;
  const reach = 0.55 * Math.min(distance(a, b), distance(c, b));
  if (!isOpen(clause.limits) && clause.value !== null) {
    const [low, high] = clause.limits;
    const moved = Math.abs(turn) - clause.value;
    overlay.shade(sector(b, reach, first + side * ((low ?? 0) + moved), first + side * ((high ?? 180) + moved)));
  }
  measuredLine(overlay, b, a, clause.state);
  measuredLine(overlay, b, c, clause.state);
  const arc = sector(b, 0.35 * reach, first, first + turn).slice(1);
  arc.slice(1).forEach((point, i) => overlay.line(arc[i], point, "#fff", overlay.size));
  const away = ((first + turn / 2 + (Math.abs(turn) < 90 ? 0 : 180)) * Math.PI) / 180;
  label(overlay, b, clause, Math.cos(away) < 0);
}

function gap(overlay, clause, [first, second]) {
  if (!first || !second) return;
  const length = distance(first, second);
  const unit = length > 0 ? { x: (second.x - first.x) / length, y: (second.y - first.y) / length } : { x: 1, y: 0 };
  const sense = unit.x >= 0 ? 1 : -1;
  const down = { x: -unit.y * sense, y: unit.x * sense };
  const at = (point, reach, drop) => ({ x: point.x + unit.x * reach + down.x * drop, y: point.y + unit.y * reach + down.y * drop });
  const [a, b] = [at(first, 0, 9 * overlay.size), at(second, 0, 9 * overlay.size)];
  if (!isOpen(clause.limits) && clause.value) {
    const [low, high] = clause.limits;
    const one = length / clause.value;
    const near = 0.5 * one * (low ?? 0);
    const far = high === null ? near + 0.35 * one : 0.5 * one * high;
    const reach = 3 * overlay.size;
    for (const way of [-1, 1]) overlay.shade([[near, -1], [far, -1], [far, 1], [near, 1]].map(([x, y]) => at(middle(a, b), way * x, y * reach)));
  }
  for (const end of [a, b]) measuredLine(overlay, at(end, 0, -3 * overlay.size), at(end, 0, 3 * overlay.size), clause.state);
  measuredLine(overlay, a, b, clause.state);
  label(overlay, a.x > b.x ? a : b, clause);
}

function head(overlay, clause) {
  const face = overlay.points.slice(0, 11).filter(Boolean);
  if (!face.length) return;
  const [left, right] = [Math.min(...face.map((p) => p.x)), Math.max(...face.map((p) => p.x))];
  const [top, bottom] = [Math.min(...face.map((p) => p.y)), Math.max(...face.map((p) => p.y))];
  const centre = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const half = Math.max(0.8 * Math.max(right - left, bottom - top), 4 * overlay.size);
  for (const [width, colour] of [[overlay.size + 3, INK], [overlay.size, COLOURS[clause.state]]]) {
    for (const [x, y] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
      const corner = { x: centre.x + x * half, y: centre.y + y * half };
      overlay.line({ x: corner.x - x * half * 0.45, y: corner.y }, corner, colour, width);
      overlay.line(corner, { x: corner.x, y: corner.y - y * half * 0.45 }, colour, width);
    }
  }
  label(overlay, centre, clause);
}

/** How far b lies from a along one axis of the picture: a broken line through a, the way to b, and where b may lie. */
function offset(overlay, clause, [a, b], axis) {
  if (!a || !b || clause.value === null) return;
  const foot = { ...b, [axis]: a[axis] };
  overlay.line(a, foot, "#fff", Math.max(1, overlay.size / 2), [2 * overlay.size, 2 * overlay.size]);
  const one = pixelsPerUnit(overlay, clause, b[axis] - a[axis]);
  if (!isOpen(clause.limits) && one) {
    const high = clause.limits[1] ?? Math.max(clause.limits[0] ?? 0, clause.value) + SHOWN_UNITS;
    const low = clause.limits[0] ?? -high;
    const other = axis === "x" ? "y" : "x";
    const corner = (edge, beside) => ({ [axis]: b[axis] + (edge - clause.value) * one, [other]: b[other] + beside * 3 * overlay.size });
    overlay.shade([corner(low, -1), corner(high, -1), corner(high, 1), corner(low, 1)]);
  }
  measuredLine(overlay, foot, b, clause.state);
  label(overlay, b, clause, b.x < a.x);
}

/** Pixels of one unit along the axis, negative where values grow against it; 0 when it cannot be told. */
function pixelsPerUnit(overlay, clause, drawn) {
  if (Math.abs(clause.value) > 0.05 && Math.abs(drawn) > 3) return drawn / clause.value;
  const [left, right, shoulders, hips] = [[11], [12], [11, 12], [23, 24]].map((group) => overlay.mean(group));
  if (clause.unit === "sw" && left && right) return distance(left, right);
  return clause.unit === "tl" && shoulders && hips ? distance(shoulders, hips) : 0;
}

/** The limbs are coloured already; only the label is missing. */
function limbs(overlay, clause) {
  const seen = clause.drawing.points.flat().map((joint) => overlay.points[joint]).filter(Boolean);
  if (seen.length) label(overlay, seen.reduce((one, other) => (other.x > one.x ? other : one)), clause);
}

/** The passing angles as drawn: an open lower side mirrors the upper one, an open upper side ends at `widest`. */
function band(overlay, clause, drawn, widest) {
  if (isOpen(clause.limits) || clause.value === null) return [];
  const high = clause.limits[1] ?? Math.max(widest, clause.value);
  const low = clause.limits[0] ?? -high;
  const sign = drawnSign(overlay, clause, drawn);
  const moved = drawn - sign * clause.value;
  return [[sign * low + moved, sign * high + moved]];
}

/** Which way positive values turn on the picture: as the measured line shows, or when it is near zero as the view tells. */
function drawnSign(overlay, clause, drawn) {
  const measured = clause.value - (clause.drawing.added ?? 0);
  if (Math.min(Math.abs(measured), Math.abs(drawn)) > 1) return Math.sign(measured) * Math.sign(drawn);
  return (overlay.view === "side_left" ? -1 : 1) * (overlay.isMirrored ? -1 : 1);
}

function sector(centre, reach, from, to) {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 4));
  return [centre, ...Array.from({ length: steps + 1 }, (_, i) => along(centre, from + ((to - from) * i) / steps, reach))];
}

function measuredLine(overlay, a, b, state) {
  overlay.line(a, b, INK, overlay.size + 4);
  overlay.line(a, b, COLOURS[state], overlay.size + 1);
}
