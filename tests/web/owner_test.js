// Whose body is followed, where Python has a test of its own (tests/estimators/test_owner.py).

import assert from "node:assert/strict";
import { Owner } from "../../web/static/recogniser/owner.js";

Deno.test("two pictures of one time are no reason to lose somebody", () => {
  const owner = new Owner();
  const body = { hips: [320, 300], scale: 100, looks: Array.from({ length: 16 }, () => [90, 128, 128]), shouldersY: 250 };
  for (let i = 0; i < 3; i++) assert(owner.owns(body, 1000));
  assert.deepEqual([owner.home, owner.scale], [[320, 300], 100]);
});
