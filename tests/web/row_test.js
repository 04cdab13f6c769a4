// Where things go on the wall.

import assert from "node:assert/strict";
import { GAP, cardStyle, filled, framing, isOff, spread } from "../../web/static/row/layout.js";

const near = (one, other, what) => assert.ok(Math.abs(one - other) < 1e-6, `${what}: ${one}, expected ${other}`);

Deno.test("up to five cards stand in one row, more in two, all inside the stage", () => {
  for (let count = 1; count <= 12; count += 1) {
    const style = cardStyle(count, 1920);
    assert.equal(style.rows, count > 5 ? 2 : 1);
    assert.ok(Math.ceil(count / style.rows) * (style.width + GAP) <= 1920 + GAP);
    assert.ok(style.text >= 20);
    assert.equal(style.strip, style.rows * (style.height + GAP) + GAP);
  }
});

Deno.test("cards that have room stand over their middles", () => {
  assert.deepEqual(spread([300, 900, 1500], 200, 1920), [200, 800, 1400]);
});

Deno.test("cards that would touch are moved apart evenly, none out of the stage", () => {
  const lefts = spread([500, 510, 520], 200, 1920);
  assert.deepEqual(lefts.map((left) => Math.round(left)), [196, 410, 624]);
  const atTheEdges = spread([0, 10, 1915], 200, 1920);
  assert.ok(atTheEdges[0] >= 0 && atTheEdges[2] + 200 <= 1920);
  assert.ok(atTheEdges[1] - atTheEdges[0] >= 200 + GAP - 1e-9);
});

Deno.test("those who are not seen stand evenly between their neighbours", () => {
  assert.deepEqual(filled([100, null, null, 400], 1000), [100, 200, 300, 400]);
  assert.deepEqual(filled([null, null, null], 400), [100, 200, 300]);
});

Deno.test("without people the whole picture is shown in the middle", () => {
  assert.deepEqual(framing([], [1280, 720], 1920, 720), { scale: 1, left: 320, top: 0 });
});

Deno.test("the row is brought near, but not too near and never past the picture's edges", () => {
  const { scale, left, top } = framing([[0.4, 0.3, 0.6, 0.8]], [1280, 720], 1280, 720);
  assert.ok(scale > 1 && scale <= 1.7);
  assert.ok(left <= 0 && left + 1280 * scale >= 1280);
  assert.ok(top <= 0 && top + 720 * scale >= 720 - 1e-9);
  near(left + 0.5 * 1280 * scale, 640, "the middle of the row");
});

Deno.test("the picture follows only when the row has moved much", () => {
  const old = { scale: 1, left: 0, top: 0 };
  assert.ok(isOff(null, old, 1000));
  assert.ok(!isOff(old, { scale: 1.02, left: 20, top: 0 }, 1000));
  assert.ok(isOff(old, { scale: 1, left: 40, top: 0 }, 1000));
  assert.ok(isOff(old, { scale: 1.1, left: 0, top: 0 }, 1000));
});
