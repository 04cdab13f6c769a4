// One clause in place: the measured line or angle, the band that passes, and a label with sign, value and limit.

import { formatLimits, formatValue } from "./i18n.js";
import { COLOURS, INK } from "./overlay.js";

const degrees = (a, b) => (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
const wrapped = (angle) => ((((angle + 180) % 360) + 360) % 360) - 180;
const distance = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);
const along = (a, angle, reach) => ({ x: a.x + reach * Math.cos((angle * Math.PI) / 180), y: a.y + reach * Math.sin((angle * Math.PI) / 180) });
const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

const DRAW = { tilt, lean, angle, gap, head };

export function drawClause(overlay, clause) {
  const draw = DRAW[clause.drawing.kind];
  if (draw) draw(overlay, clause, clause.drawing.points.map((group) => overlay.mean(group)));
}

function tilt(overlay, clause, [first, second]) {
  if (!first || !second) return;
  const [a, b] = first.x > second.x ? [second, first] : [first, second];
  const [centre, measured] = [middle(a, b), degrees(a, b)];
  const reach = 0.5 * distance(a, b) + 6 * overlay.size;
  for (const [low, high] of band(overlay, clause, measured)) {
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
  for (const [low, high] of band(overlay, clause, off)) overlay.shade(sector(a, 0.9 * length, upright + low, upright + high));
  measuredLine(overlay, a, b, clause.state);
  label(overlay, { x: a.x + 0.7 * (b.x - a.x), y: a.y + 0.7 * (b.y - a.y) }, clause, b.x < a.x);
}

function angle(overlay, clause, [a, b, c]) {
  if (!a || !b || !c) return;
  const first = degrees(b, a);
  const turn = wrapped(degrees(b, c) - first);
  const side = turn >= 0 ? 1 : -1;
  const reach = 0.55 * Math.min(distance(a, b), distance(c, b));
  const [low, high] = clause.limits || [null, null];
  if (low !== null || high !== null) overlay.shade(sector(b, reach, first + side * (low ?? 0), first + side * (high ?? 180)));
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
  const [low, high] = clause.limits || [null, null];
  if ((low !== null || high !== null) && clause.value) {
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
  label(overlay, { x: centre.x + half, y: centre.y }, clause);
}

/** The passing angles as drawn: an open lower side mirrors the upper one, an open upper side ends at 90 degrees. */
function band(overlay, clause, measured) {
  if (!clause.limits || (clause.limits[0] === null && clause.limits[1] === null)) return [];
  const high = clause.limits[1] ?? 90;
  const low = clause.limits[0] ?? -high;
  const sign = drawnSign(overlay, clause.value, measured);
  return [[sign * low, sign * high]];
}

/** Which way positive values turn on the picture: as the measured line shows, or when it is near zero as the view tells. */
function drawnSign(overlay, value, measured) {
  if (value !== null && Math.min(Math.abs(value), Math.abs(measured)) > 1) return Math.sign(value) * Math.sign(measured);
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

/** Sign, value and limit on a dark plate beside the person, tied to what is measured by a thin line. */
function label(overlay, anchor, clause, toLeft = false) {
  const { pen, font, size } = overlay;
  const [value, limit] = [formatValue(clause.value, clause.unit), formatLimits(clause.limits, clause.unit)];
  if (!value) return;
  const family = getComputedStyle(overlay.canvas).fontFamily;
  const [big, small] = [`600 ${font}px ${family}`, `${0.78 * font}px ${family}`];
  const measure = (words, style) => {
    pen.font = style;
    return pen.measureText(words).width;
  };
  const [radius, pad] = [0.4 * font, 0.3 * font];
  const valueWidth = measure(value, big);
  const width = 2 * radius + valueWidth + (limit ? measure(limit, small) + pad : 0) + 3 * pad;
  const height = 1.5 * font;
  const beside = toLeft ? Math.min(anchor.x, overlay.bodyX[0]) - 6 * size - width : Math.max(anchor.x, overlay.bodyX[1]) + 6 * size;
  const { x, y } = place(overlay, beside, anchor.y - height / 2, width, height);
  overlay.line(anchor, { x: x + (toLeft ? width : 0), y: y + height / 2 }, "#fff", Math.max(1, size / 2));
  pen.fillStyle = "rgba(20, 24, 30, 0.82)";
  pen.beginPath();
  pen.roundRect(x, y, width, height, 0.3 * font);
  pen.fill();
  badge(overlay, { x: x + pad + radius, y: y + height / 2 }, radius, clause.state);
  pen.textBaseline = "middle";
  pen.font = big;
  pen.fillStyle = "#fff";
  pen.fillText(value, x + 2 * pad + 2 * radius, y + height / 2);
  pen.font = small;
  pen.fillStyle = "#b4e1be";
  pen.fillText(limit, x + 3 * pad + 2 * radius + valueWidth, y + height / 2);
}

/** The nearest free place inside the picture. */
function place(overlay, wantX, wantY, width, height) {
  const fit = (value, most) => Math.max(2, Math.min(value, most));
  const x = fit(wantX, overlay.canvas.width - width - 2);
  const most = overlay.canvas.height - height - 2;
  const isFree = (y) => y >= 2 && y <= most && !overlay.taken.some((t) => x < t.x + t.width + 2 && t.x < x + width + 2 && y < t.y + t.height + 2 && t.y < y + height + 2);
  let y = fit(wantY, most);
  for (let step = 0; step < overlay.canvas.height; step += height / 4) {
    const free = [y + step, y - step].find(isFree);
    if (free !== undefined) {
      y = free;
      break;
    }
  }
  overlay.taken.push({ x, y, width, height });
  return { x, y };
}

function badge(overlay, { x, y }, r, state) {
  const { pen } = overlay;
  const lines = (colour, ...paths) => {
    pen.strokeStyle = colour;
    pen.lineWidth = Math.max(1.5, r / 3.5);
    pen.lineCap = "round";
    pen.beginPath();
    for (const path of paths) path.forEach(([dx, dy], i) => (i ? pen.lineTo(x + dx * r, y + dy * r) : pen.moveTo(x + dx * r, y + dy * r)));
    pen.stroke();
  };
  pen.fillStyle = COLOURS[state];
  pen.beginPath();
  if (state === "fail") pen.rect(x - r, y - r, 2 * r, 2 * r);
  else if (state === "warn") [[0, -1.1], [1.1, 0.9], [-1.1, 0.9]].forEach(([dx, dy], i) => (i ? pen.lineTo(x + dx * r, y + dy * r) : pen.moveTo(x + dx * r, y + dy * r)));
  else pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fill();
  if (state === "pass") lines("#fff", [[-0.5, 0.05], [-0.1, 0.45], [0.55, -0.4]]);
  else if (state === "fail") lines("#fff", [[-0.5, -0.5], [0.5, 0.5]], [[-0.5, 0.5], [0.5, -0.5]]);
  else lines(INK, [[0, -0.4], [0, 0.2]], [[0, 0.6], [0, 0.62]]);
}
