// The label of a clause on the picture: sign and name over value and limit, on a dark plate beside the person.

import { formatLimits, formatValue } from "./numbers.js";
import { COLOURS, INK } from "./colours.js";

const PLATE = "rgba(20, 24, 30, 0.82)";
const LIMIT = "#b4e1be";

/** Tied to what is measured by a thin line; left out where no place is free, since the list beside the picture has it too. */
export function label(overlay, anchor, clause, toLeft = false) {
  const { pen, font, size } = overlay;
  const family = getComputedStyle(overlay.canvas).fontFamily;
  const [big, small] = [`600 ${font}px ${family}`, `${0.78 * font}px ${family}`];
  const measure = (words, style) => {
    pen.font = style;
    return pen.measureText(words).width;
  };
  const [name, value, limit] = [overlay.name(clause.id).replace(/\s*[（(].*?[）)]/g, ""), formatValue(clause.value, clause.unit), formatLimits(clause.limits, clause.unit)];
  const [radius, pad] = [0.42 * font, 0.3 * font];
  const valueWidth = measure(value, big);
  const width = 2 * radius + 4 * pad + Math.max(measure(name, small), value ? valueWidth + pad + measure(limit, small) : 0);
  const height = (value ? 2.5 : 1.4) * font;
  const spot = freePlace(overlay, anchor, width, height, toLeft);
  if (!spot) return;
  const { x, y } = spot;
  overlay.line(anchor, { x: x + width / 2 < anchor.x ? x + width : x, y: y + height / 2 }, "#fff", Math.max(1, size / 2));
  pen.fillStyle = PLATE;
  pen.beginPath();
  pen.roundRect(x, y, width, height, 0.3 * font);
  pen.fill();
  badge(overlay, { x: x + pad + radius, y: y + height / 2 }, radius, clause.state);
  const write = (words, dx, dy, style, colour) => {
    pen.font = style;
    pen.fillStyle = colour;
    pen.fillText(words, x + 2.5 * pad + 2 * radius + dx, y + dy);
  };
  pen.textBaseline = "middle";
  write(name, 0, value ? 0.72 * font : height / 2, small, value ? "#c9d1d9" : "#fff");
  if (!value) return;
  write(value, 0, 1.72 * font, big, "#fff");
  write(limit, valueWidth + pad, 1.76 * font, small, LIMIT);
}

/** The nearest free place beside the person, else on the other side; null when there is none. */
function freePlace(overlay, anchor, width, height, toLeft) {
  const { canvas, bodyX, taken, size } = overlay;
  const [mostX, mostY] = [canvas.width - width - 2, canvas.height - height - 2];
  const sides = [Math.max(anchor.x, bodyX[1]) + 6 * size, Math.min(anchor.x, bodyX[0]) - 6 * size - width];
  if (toLeft) sides.reverse();
  const wanted = Math.max(2, Math.min(anchor.y - height / 2, mostY));
  const isFree = (x, y) => y >= 2 && y <= mostY && !taken.some((t) => x < t.x + t.width + 2 && t.x < x + width + 2 && y < t.y + t.height + 2 && t.y < y + height + 2);
  for (const x of [...sides.filter((side) => side >= 2 && side <= mostX), Math.max(2, Math.min(sides[0], mostX))]) {
    for (let step = 0; step < canvas.height / 2; step += height / 4) {
      const y = [wanted + step, wanted - step].find((at) => isFree(x, at));
      if (y === undefined) continue;
      taken.push({ x, y, width, height });
      return { x, y };
    }
  }
  return null;
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
