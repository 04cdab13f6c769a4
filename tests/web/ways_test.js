// The visitor's own camera judged from landmarks: what goes into a post, when it goes, and when the device gives up.

import assert from "node:assert/strict";
import { MOST_FRAMES, postOf, together } from "../../web/static/live/landmark_post.js";
import { isTooSlow, LIMITS, obstacle, Recogniser } from "../../web/static/live/recogniser.js";
import { Bodies } from "../../web/static/recogniser/bodies.js";
import { Landmarks } from "../../web/static/live/ways.js";

const RUN = 1;
const frame = (width, height, ...bytes) => ({ bytes: new Uint8Array(bytes).buffer, width, height });

Deno.test("frames of another size than the newest never go with it, as when a phone is turned", () => {
  const [upright, lying] = [frame(480, 640, 1), frame(640, 480, 2)];
  assert.deepEqual(together([upright, upright, lying]), [lying]);
  assert.deepEqual(together([upright, lying, upright]), [upright]);
  assert.equal(together(Array(40).fill(upright)).length, MOST_FRAMES);
});

Deno.test("a post begins with what its frames have in common", () => {
  const post = postOf([frame(640, 480, 7, 8), frame(640, 480, 9)], 2500);
  const header = new DataView(post.buffer);
  assert.deepEqual([header.getUint8(0), header.getUint8(1), header.getUint16(2, true), header.getUint16(4, true)], [1, 2, 640, 480]);
  assert.equal(header.getFloat64(8, true), 2.5);
  assert.deepEqual([...post.slice(16)], [7, 8, 9]);
});

Deno.test("a device is too slow by the mean of many looks, not by its first and not by one", () => {
  const [fast, slow] = [LIMITS.slowMs / 2, 2 * LIMITS.slowMs];
  assert.equal(isTooSlow(Array(4).fill(slow)), false);
  assert.equal(isTooSlow([9000, 9000, ...Array(8).fill(fast)]), false);
  assert.equal(isTooSlow([fast, fast, ...Array(7).fill(fast), slow]), false);
  assert.equal(isTooSlow([fast, fast, ...Array(8).fill(slow)]), true);
});

Deno.test("a browser without workers, drawing in them or WebAssembly SIMD does not try, nor one whose server lacks the files", () => {
  const able = { Worker: 1, OffscreenCanvas: 1, createImageBitmap: 1, WebAssembly };
  assert.equal(obstacle(true, able), null);
  assert.equal(obstacle(false, able), "files");
  for (const lack of ["Worker", "OffscreenCanvas", "createImageBitmap"]) assert.equal(obstacle(true, { ...able, [lack]: undefined }), "browser");
  assert.equal(obstacle(true, { ...able, WebAssembly: { validate: () => false } }), "browser");
});

/** A camera that notes what it is told, before a server that answers when it is let. */
function practice() {
  const told = { posts: [], states: [], gaveUp: [], answers: [] };
  const camera = {
    visitor: "one", bitmap: () => Promise.resolve({ width: 640, height: 480 }), showsJudged: () => false, isCurrent: () => true, tick: () => {},
    asked: () => ({}), judged: (state) => told.states.push(state), refused: (error) => Promise.resolve(told.gaveUp.push(error.status)), giveUp: (why) => told.gaveUp.push(why),
  };
  const way = new Landmarks(camera);
  way.recogniser = { look: () => Promise.resolve(new Uint8Array([1]).buffer), isTooSlow: () => false, close: () => told.gaveUp.push("closed") };
  const real = globalThis.fetch;
  globalThis.fetch = (_, { body }) => {
    told.posts.push(body[1]);
    return new Promise((resolve) => told.answers.push((content, status = 200) => resolve(new Response(JSON.stringify(content), { status, headers: { "Content-Type": "application/json" } }))));
  };
  return { way, told, camera, [Symbol.dispose]: () => (globalThis.fetch = real) };
}

Deno.test("one post is in flight at a time, and what was looked at meanwhile goes with the next", async () => {
  using at = practice();
  for (let i = 0; i < 4; i++) await at.way.step(RUN);
  assert.deepEqual(at.told.posts, [1]);
  at.told.answers[0]({ t_ms: 1, post_ms: 100 });
  await at.way.posting;
  assert.equal(at.told.states.length, 1);
  await at.way.step(RUN);
  assert.deepEqual(at.told.posts, [1, 4]);
  at.told.answers[1]({ error: "stale" }, 409);
  await at.way.stop();
  assert.deepEqual(at.told.gaveUp, [409]);
});

Deno.test("a server that asks for fewer posts is heard", async () => {
  using at = practice();
  await at.way.step(RUN);
  at.told.answers[0]({ t_ms: 1, post_ms: 60000 });
  await at.way.posting;
  await at.way.step(RUN);
  assert.equal(at.told.posts.length, 1);
});

Deno.test("posts wait for pictures, and are on the average as far apart as the server asks", async () => {
  using at = practice();
  const real = { now: performance.now, wait: globalThis.setTimeout };
  let nowMs = 0;
  performance.now = () => nowMs;
  globalThis.setTimeout = (done) => real.wait(done);
  try {
    for (; nowMs <= 9000; nowMs += 100) {
      const before = at.told.posts.length;
      await at.way.step(RUN);
      if (at.told.posts.length > before) at.told.answers[before]({ t_ms: 1, post_ms: 450 });
      await at.way.posting;
    }
  } finally {
    performance.now = real.now;
    globalThis.setTimeout = real.wait;
  }
  assert.ok(Math.abs(at.told.posts.length - 9000 / 450) <= 1.5, `${at.told.posts.length} posts`);
});

for (const [name, recogniser, why] of [
  ["a device that has become too slow gives up", { isTooSlow: () => true }, "slow"],
  ["models that fail give up", { look: () => Promise.reject(new Error("lost")) }, "broken"],
]) {
  Deno.test(name, async () => {
    using at = practice();
    Object.assign(at.way.recogniser, recogniser);
    await at.way.step(RUN);
    assert.deepEqual(at.told.gaveUp, [why, "closed"]);
    assert.deepEqual(at.told.posts, []);
  });
}

/** A body of `scale` pixels a metre with its hips there, in clothes of one colour. */
function person([x, y], scale, colour) {
  const spots = Array.from({ length: 33 }, (_, i) => [(i % 5) * 0.1 - 0.35, (i - 23.5) * 0.03]);
  const world = spots.map(([across, down]) => [across, down, 0]);
  const px = spots.map(([across, down]) => [x + across * scale, y + down * scale]);
  const [left, right] = [23, 24];
  const hips = [0, 1].map((axis) => (px[left][axis] + px[right][axis]) / 2);
  return { body: { px, world, visibility: px.map(() => 1) }, seen: { x: hips[0], y: hips[1], radius: 0.9 * scale }, colour };
}

/** Bodies of a camera before which `people` stand; the model follows the one it follows until that one is blanked. */
function crowd(...people) {
  const room = { people, following: 0, searches: 0 };
  const isShown = ({ seen }, region) => !region || (seen.x > region[0] && seen.x < region[2]);
  const model = {
    find: ({ region }) => {
      if (!room.people[room.following] || !isShown(room.people[room.following], region)) room.following = room.people.findIndex((one) => isShown(one, region));
      return room.following < 0 ? null : room.people[room.following].body;
    },
  };
  const search = { people: () => (room.searches++, room.people.map(({ seen }) => seen)) };
  const pictures = {
    blankOutside: (picture, region) => ({ ...picture, region }),
    blank: (picture) => ({ ...picture, region: [0, 0, 0, 0] }),
    withMargin: (picture) => picture,
    looks: (_, px) => Array(16).fill(room.people.find(({ body }) => body.px[0][0] === px[0][0]).colour),
  };
  const bodies = new Bodies(model, search, pictures);
  room.size = { width: 640, height: 480 };
  room.found = (from, count) => Array.from({ length: count }, (_, i) => bodies.find(room.size, from + 100 * i)).map((body) => body && Math.round(body.hips[0]));
  room.bodies = bodies;
  return room;
}

const [RED, BLUE] = [[120, 180, 150], [90, 130, 60]];

Deno.test("who practises is followed, whoever joins, and searched for oftener in company", () => {
  const room = crowd(person([250, 240], 100, RED));
  assert.deepEqual(new Set(room.found(0, 30)), new Set([250]));
  assert.equal(room.searches, 1);
  room.people.push(person([450, 240], 105, BLUE));
  assert.deepEqual(new Set(room.found(3000, 30)), new Set([250]));
  assert.deepEqual([room.searches, room.bodies.isInCompany(6000)], [4, true]);
});

Deno.test("a body that may be somebody else's is not handed out, and the right one is found again", () => {
  const room = crowd(person([250, 240], 100, RED));
  room.found(0, 40);
  room.people.push(person([450, 240], 130, BLUE));
  room.following = 1; // the tracker has jumped
  const found = room.found(4000, 30);
  assert.deepEqual([found.includes(450), found[0]], [false, null]);
  assert.deepEqual(new Set(found.slice(12)), new Set([250]));
});

Deno.test("nothing of the last pictures counts in pictures of another size, as when a phone is turned", () => {
  const room = crowd(person([250, 240], 100, RED), person([450, 240], 80, BLUE));
  assert.deepEqual(new Set(room.found(0, 40)), new Set([250]));
  room.size = { width: 480, height: 640 };
  room.people = [person([120, 400], 70, RED), person([300, 400], 90, BLUE)];
  const found = room.found(4000, 20);
  assert.equal(found.includes(null), false);
  assert.equal(new Set(found).size, 1);
});

/** A worker that says what it is let say. */
function worker() {
  const real = globalThis.Worker;
  const made = { sent: [], terminate: () => (made.isOver = true), postMessage: (message) => made.sent.push(message) };
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  made.say = async (data) => {
    await turn();
    made.onmessage({ data });
    await turn();
  };
  globalThis.Worker = function () {
    return made;
  };
  return { made, [Symbol.dispose]: () => (globalThis.Worker = real) };
}

Deno.test("the recogniser is ready once its files have come and its models run", async () => {
  using at = worker();
  const recogniser = new Recogniser();
  const opening = recogniser.open();
  await at.made.say({ kind: "fetched" });
  assert.equal(recogniser.isReady, false);
  await at.made.say({ kind: "ready" });
  await opening;
  assert.equal(recogniser.isReady, true);
});

for (const said of [[{ kind: "failed", why: "no files" }], [{ kind: "fetched" }, { kind: "failed", why: "no WebGL 2" }]]) {
  Deno.test(`the recogniser cannot be opened: ${said.at(-1).why}`, async () => {
    using at = worker();
    const opening = assert.rejects(new Recogniser().open(), { message: said.at(-1).why });
    for (const message of said) await at.made.say(message);
    await opening;
  });
}

Deno.test("looks asked for at once are answered one after the other, each with its own", async () => {
  using at = worker();
  const recogniser = new Recogniser();
  const opening = recogniser.open();
  for (const kind of ["fetched", "ready"]) await at.made.say({ kind });
  await opening;
  const looks = [recogniser.look("first", 1), recogniser.look("second", 2)];
  await at.made.say({ kind: "found", frame: "of the first", took_ms: 5 });
  assert.deepEqual(at.made.sent.map(({ picture }) => picture), ["first", "second"]);
  await at.made.say({ kind: "found", frame: "of the second", took_ms: 5 });
  assert.deepEqual(await Promise.all(looks), ["of the first", "of the second"]);
});
