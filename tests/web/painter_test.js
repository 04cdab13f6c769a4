// The page paints the stored drawing as it says: shape by shape, onto a canvas that writes down what is asked of it.

import assert from "node:assert/strict";
import { paint } from "../../web/static/live/painter.js";

const SKETCH = JSON.parse(Deno.readTextFileSync(new URL("../drawing/sketch.json", import.meta.url)));

/** A canvas's pen that notes each stroke, filling and text with the path and settings of that moment. */
function recorder(width, height) {
  const done = [];
  let path = [];
  const pen = { canvas: { width, height }, done, scaled: null, dash: [], globalAlpha: 1 };
  const note = (kind, more) => done.push({ kind, path, ...more });
  return Object.assign(pen, {
    save: () => (pen.isSaved = true),
    restore: () => (pen.isSaved = false),
    scale: (...by) => (pen.scaled = by),
    setLineDash: (dash) => (pen.dash = dash),
    beginPath: () => (path = []),
    moveTo: (x, y) => path.push([x, y]),
    lineTo: (x, y) => path.push([x, y]),
    closePath: () => path.push("closed"),
    arc: (x, y, radius, from, to) => path.push({ x, y, radius, turn: to - from }),
    stroke: () => note("stroke", { colour: pen.strokeStyle, width: pen.lineWidth, dash: pen.dash, cap: pen.lineCap }),
    fill: () => note("fill", { colour: pen.fillStyle, opacity: pen.globalAlpha }),
    fillText: (words, x, y, room) => note("text", { colour: pen.fillStyle, words, at: [x, y], room, font: pen.font, line: pen.textBaseline }),
  });
}

/** What a shape must come to on the canvas. */
const EXPECTED = {
  line: ({ points, width, dash }, colour) => [{ kind: "stroke", path: points, colour, width, dash: dash || [], cap: dash ? "butt" : "round" }],
  disc: ({ centre: [x, y], radius }, colour) => [{ kind: "fill", path: [{ x, y, radius, turn: 2 * Math.PI }], colour, opacity: 1 }],
  area: ({ points, opacity, edge }, colour) => [
    { kind: "fill", path: [...points, "closed"], colour, opacity },
    ...(edge ? [{ kind: "stroke", path: [...points, "closed"], colour, width: edge, dash: [] }] : []),
  ],
  words: ({ at, words, size, width }, colour) => [
    { kind: "text", words, at, room: width, colour, font: `${size}px Sans`, line: "alphabetic" },
  ],
};

Deno.test("every shape is painted as it is described, in order", () => {
  assert.ok(["line", "disc", "area", "words"].every((kind) => SKETCH.shapes.some((shape) => shape.kind === kind)));
  assert.ok(SKETCH.shapes.some(({ dash }) => dash) && SKETCH.shapes.some(({ edge }) => edge));
  for (const shape of SKETCH.shapes) {
    const pen = recorder(640, 480);
    paint(pen, { ...SKETCH, shapes: [shape] }, "Sans");
    const expected = EXPECTED[shape.kind](shape, SKETCH.colours[shape.colour]);
    assert.equal(pen.done.length, expected.length);
    expected.forEach((step, i) => {
      for (const [name, value] of Object.entries(step)) assert.deepEqual(pen.done[i][name], value, `${shape.kind}: ${name}`);
    });
  }
});

Deno.test("shapes follow each other as described, none leaves its settings to the next", () => {
  const pen = recorder(640, 480);
  paint(pen, SKETCH, "Sans");
  const colours = SKETCH.shapes.flatMap((shape) => EXPECTED[shape.kind](shape, SKETCH.colours[shape.colour])).map(({ kind, colour }) => [kind, colour]);
  assert.deepEqual(pen.done.map(({ kind, colour }) => [kind, colour]), colours);
  const solid = pen.done.filter(({ kind, cap }) => kind === "stroke" && cap === "round");
  assert.ok(solid.every(({ dash }) => dash.length === 0));
});

Deno.test("the picture's pixels become the canvas's, whatever its size", () => {
  const pen = recorder(1920, 960);
  paint(pen, SKETCH, "Sans");
  assert.deepEqual([pen.scaled, pen.isSaved], [[3, 2], false]);
});
