// Where things go on the wall.

import assert from "node:assert/strict";
import { peopleIn, tableOf } from "../../web/static/row/roster.js";
import { GAP, cardStyle, filled, framing, isOff, spread, steady } from "../../web/static/row/layout.js";

const near = (one, other, what) => assert.ok(Math.abs(one - other) < 1e-6, `${what}: ${one}, expected ${other}`);

const WALLS = [[1920, 925], [1366, 630]];

Deno.test("everybody's card stands in one row inside the stage", () => {
  for (const [width, height] of WALLS) {
    for (let count = 1; count <= 10; count += 1) {
      const style = cardStyle(count, width, height);
      assert.equal(style.isList, false);
      assert.ok(count * (style.width + GAP) <= width + GAP);
      assert.ok(style.text >= 18);
      assert.equal(style.strip, style.height + GAP);
    }
  }
});

Deno.test("the longest correction keeps its size in a row of up to five on a wall", () => {
  const longest = "请选一种站法：脚分开、手放身后，或腿并拢、手放腹前";
  const [lines, padding] = [3, 1.17];
  for (let count = 1; count <= 5; count += 1) {
    const { width, text } = cardStyle(count, 1920, 924);
    assert.ok(text >= 26);
    assert.ok(lines * Math.floor(width / text - padding) >= longest.length, `${count} people: ${width / text}`);
  }
});

Deno.test("on a phone cards become a list", () => {
  assert.equal(cardStyle(2, 390, 600).isList, false);
  assert.equal(cardStyle(5, 390, 600).isList, true);
});

Deno.test("a row of up to eight has a picture at least 70 % as wide as the stage, heads below the cards and feet in it", () => {
  for (const [width, height] of WALLS) {
    for (let count = 1; count <= 8; count += 1) {
      const boxes = Array.from({ length: count }, (_, i) => [0.1 + 0.1 * i, 0.08 + 0.01 * (i % 3), 0.19 + 0.1 * i, 0.95]);
      const { strip } = cardStyle(count, width, height);
      const { scale, top } = framing(boxes, [1280, 720], width, height, strip);
      assert.ok(Math.min(width, 1280 * scale) >= 0.7 * width, `${count} people at ${width}: ${(1280 * scale) / width}`);
      assert.ok(top + 0.08 * 720 * scale >= strip);
      assert.ok(top + 0.08 * 720 * scale <= strip + 0.03 * height, "the leaders are short");
      assert.ok(top + 0.95 * 720 * scale <= height + 1e-6);
    }
  }
});

Deno.test("cards keep their place while people sway, and follow who steps aside or joins", () => {
  const first = steady(null, [1, 2, 3], [300, 900, 1500], 200, 1920);
  assert.deepEqual(first.lefts, [200, 800, 1400]);
  assert.equal(steady(first, [1, 2, 3], [340, 870, 1550], 200, 1920), first);
  assert.deepEqual(steady(first, [1, 2, 3], [450, 900, 1500], 200, 1920).lefts, [350, 800, 1400]);
  assert.equal(steady(first, [1, 2, 3, 4], [300, 900, 1500, 1800], 200, 1920).lefts.length, 4);
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

Deno.test("the row is brought near, but not too near and never past the picture's sides", () => {
  const { scale, left, top } = framing([[0.4, 0.3, 0.6, 0.8]], [1280, 720], 1280, 720);
  assert.ok(scale > 1 && scale <= 1.7);
  assert.ok(left <= 0 && left + 1280 * scale >= 1280);
  assert.ok(top + 0.3 * 720 * scale >= 0 && top + 0.8 * 720 * scale <= 720);
  near(left + 0.5 * 1280 * scale, 640, "the middle of the row");
});

Deno.test("the picture follows only when the row has moved much", () => {
  const old = { scale: 1, left: 0, top: 0 };
  assert.ok(isOff(null, old, 1000));
  assert.ok(!isOff(old, { scale: 1.02, left: 20, top: 0 }, 1000));
  assert.ok(isOff(old, { scale: 1, left: 40, top: 0 }, 1000));
  assert.ok(isOff(old, { scale: 1.1, left: 0, top: 0 }, 1000));
});

Deno.test("people pasted out of a spreadsheet, and as the server reads them", () => {
  const people = peopleIn("姓名\t性别\n李娜\t女\n\n王\"伟\n赵敏\t男士\n");
  assert.deepEqual(people.map(({ name, profile }) => [name, profile]), [["李娜", "female"], ['王"伟', "unspecified"], ["赵敏", "male"]]);
  assert.equal(tableOf(people.slice(0, 2)), 'name,profile\n"李娜",female\n"王""伟",unspecified');
});
