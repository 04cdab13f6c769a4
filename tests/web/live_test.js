// The live page: the one thing to say, and the outline to step into.

import assert from "node:assert/strict";
import { messageFor } from "../../web/static/live/banner.js";
import { preferred, serverCamera } from "../../web/static/live/cameras.js";
import { Awake } from "../../web/static/live/awake.js";
import { rollOf, Upright } from "../../web/static/live/upright.js";
import { eventOf, stepAfter } from "../../web/static/live/check_steps.js";
import { countOf, cueOf } from "../../web/static/live/drill.js";
import { outlineFor } from "../../web/static/live/figures.js";
import { frameFor, isOff, mirrored, seenIn, WHOLE } from "../../web/static/live/framing.js";
import { asked } from "../../web/static/live/phone.js";
import { leftOut } from "../../web/static/live/result.js";
import { askedFor, isFar } from "../../web/static/live/sizes.js";
import { Stills } from "../../web/static/live/stills.js";

const free = { words: null, isWaitingToCheck: false };
const state = (more = {}) => ({
  topic: "standing", posture: "standing", camera: { state: "ok" }, placement: { ready: true, items: [] },
  correction: null, praise: null, check: null, clauses: [], ...more,
});
const TOPICS = { standing: { postures: ["standing"], clauses: [{ id: "1", zh: "头正（从正面看）" }] }, sitting: { postures: ["sitting"] }, smile: { postures: ["any"] } };
TOPICS.turn = { postures: ["standing"], steps: [{ id: "front", prompt: { zh: "请站好" }, seconds: 3 }, { id: "side", prompt: { zh: "请侧身" }, seconds: null }] };
const led = (drill, more = {}) => state({ topic: "turn", drill: { step: 0, begun: false, left_s: null, ...drill }, ...more });
const clauses = (...states) => states.map((found, i) => ({ id: String(i), state: found }));

const CASES = [
  ["trouble comes first", state({ correction: { id: "a", zh: "改" } }), { ...free, words: "断开" }, "wait", "断开"],
  ["no state yet", null, free, "wait", "正在连接教练…"],
  ["a camera that is not well", state({ camera: { state: "black", zh: "画面是黑的" } }), free, "wait", "画面是黑的"],
  ["what is missing to begin", state({ placement: { ready: false, items: [{ ok: true, zh: "光" }, { ok: false, zh: "退后" }] } }), free, "place", "退后"],
  ["counting down", state({ check: { phase: "countdown" } }), free, "check", "准备好，马上开始"],
  ["while a check judges nothing distracts", state({ check: { phase: "judging" }, correction: { id: "a", zh: "改" } }), free, "check", "检查中，请保持"],
  ["praise before the next correction", state({ praise: { id: "a", zh: "好" }, correction: { id: "b", zh: "改" } }), free, "praise", "好"],
  ["the correction", state({ correction: { id: "b", zh: "改" }, clauses: clauses("fail", "pass") }), free, "fix", "改"],
  ["a fault not yet told", state({ clauses: clauses("fail", "pass") }), free, "wait", "正在看，请稍等"],
  ["a drill that waits for somebody in place", led({ phase: "waiting" }, { placement: { ready: false, items: [{ ok: false, zh: "退后" }] } }), free, "place", "退后"],
  ["a drill that counts down", led({ phase: "countdown" }), free, "check", "准备好，马上开始"],
  ["what a step asks for, whatever is off in place", led({ phase: "step", step: 1 }, { placement: { ready: false, items: [] } }), free, "check", "请侧身"],
  ["a step asked for, before what is off", led({ phase: "step" }, { correction: { id: "b", zh: "改" } }), free, "check", "请站好"],
  ["what is off once the step has begun", led({ phase: "step", begun: true }, { correction: { id: "b", zh: "改" } }), free, "fix", "改"],
  ["a drill that is done", led({ phase: "done" }), free, "good", "演练完成，请看结果"],
  ["all met", state({ clauses: clauses("pass", "pass") }), free, "good", "很好，保持住"],
  ["nearly met", state({ clauses: clauses("pass", "warn") }), free, "near", "差不多了，再留意：头正"],
  ["a computer that is too slow, before praise", state({ slow: { zh: "太慢" }, praise: { id: "a", zh: "好" } }), free, "wait", "太慢"],
  ["others in the picture, after a correction", state({ company: { zh: "一个人" }, correction: { id: "b", zh: "改" } }), free, "fix", "改"],
  ["a picture of a new size", state({ size_changed: { zh: "大小变了" }, correction: { id: "b", zh: "改" } }), free, "wait", "大小变了"],
  ["others in the picture", state({ company: { zh: "一个人" }, clauses: clauses("pass") }), free, "place", "一个人"],
  ["another posture than practised", state({ topic: "sitting", clauses: clauses("unjudged") }), free, "place", "请坐下"],
  ["any posture will do", state({ topic: "smile", clauses: clauses("unjudged") }), free, "wait", "这个角度还判断不了，请看条款里的提示"],
  ["a topic that is not known yet", state({ topic: "waving", clauses: clauses("unjudged") }), free, "wait", "这个角度还判断不了，请看条款里的提示"],
];

for (const [name, given, link, kind, text] of CASES) {
  Deno.test(name, () => {
    const said = messageFor(given, link, given && TOPICS[given.topic]);
    assert.deepEqual([said.kind, said.text], [kind, text]);
  });
}

Deno.test("the outline fits topic and view, and turns with the mirror", () => {
  const sitting = { front: "counter", side: "sitting" };
  assert.deepEqual(outlineFor(sitting, "front", true), { name: "counter", isFlipped: false });
  assert.deepEqual(outlineFor(sitting, "side_left", false), { name: "sitting", isFlipped: true });
  assert.deepEqual(outlineFor(sitting, "side_left", true), { name: "sitting", isFlipped: false });
  assert.deepEqual(outlineFor({ front: "no_such_figure", side: "face" }, "front", true), { name: "standing", isFlipped: false });
});

Deno.test("a banner that says nearly is never labelled met", () => {
  for (const found of [clauses("warn"), clauses("pass", "warn"), clauses("unjudged", "warn")]) assert.equal(messageFor(state({ clauses: found }), free).kind, "near");
});

Deno.test("the camera to begin with is one that opens", () => {
  const own = (count, wanted = "", isClicked = false) => ["open", "opening", "shut", "none", null].map((server) => preferred(server, count, wanted, isClicked));
  assert.deepEqual(own(1), ["server", "server", "own", "own", "own"]);
  assert.deepEqual(own(0), ["server", "server", "", "", ""]);
  assert.deepEqual(own("insecure"), ["server", "server", "", "", ""]);
  assert.deepEqual(own(2, "own"), ["own", "own", "own", "own", "own"]);
  assert.deepEqual(own(0, "own"), ["server", "server", "", "", ""]);
  assert.deepEqual(own(1, "server"), ["server", "server", "own", "own", "own"]);
  assert.deepEqual(own(1, "server", true), ["server", "server", "server", "own", "own"], "who clicks on a camera gets it, if there is one");
  assert.equal(serverCamera({ state: "lost" }), "shut");
  assert.equal(serverCamera({ state: "none" }), "none");
  assert.equal(serverCamera({ state: "black" }), "open");
});

const LIFE = [
  ["a check that runs to its end", ["press", "ready", "running", "done"], ["ask", "show"]],
  ["cancelled while nobody is in place", ["press", "press"], []],
  ["cancelled while it runs", ["press", "ready", "running", "press"], ["ask", "drop"]],
  ["the page is left before the server has answered", ["press", "ready", "left"], ["ask", "drop"]],
  ["the person leaves the picture", ["press", "ready", "running", "gone"], ["ask", "tell"]],
  ["nobody comes", ["press", "late"], ["tell"]],
  ["what another page asked for", ["running", "done"], []],
];

for (const [name, events, done] of LIFE) {
  Deno.test(`check: ${name}`, () => {
    const steps = [];
    let phase = "idle";
    for (const event of events) {
      const step = stepAfter(phase, event);
      phase = step.phase;
      if (step.do) steps.push(step.do);
    }
    assert.deepEqual([phase, steps], ["idle", done]);
  });
}

Deno.test("what a state is for a check", () => {
  const ready = state({ check: { phase: "judging" } });
  assert.equal(eventOf("idle", ready, 0, 60), null);
  assert.equal(eventOf("waiting", state(), 10, 60), "ready");
  assert.equal(eventOf("waiting", ready, 10, 60), null, "that of another page comes first");
  assert.equal(eventOf("waiting", state({ placement: { ready: false, items: [] } }), 70, 60), "late");
  assert.equal(eventOf("asked", ready, 10, 60), "running");
  assert.equal(eventOf("running", state({ check: { phase: "done", result: {} } }), 10, 60), "done");
  assert.equal(eventOf("running", state(), 10, 60), "gone");
  for (const phase of ["asked", "running"]) assert.equal(stepAfter(phase, eventOf(phase, state(), 10, 60, true)).phase, "waiting", "asked of the next session");
});

Deno.test("the person fills the height of the stage and stays in it", () => {
  const [stage, ratio] = [{ width: 990, height: 488 }, 4 / 3];
  const box = [0.42, 0.12, 0.58, 0.92];
  const { zoom, x, y } = frameFor(box, ratio, stage);
  assert.ok(Math.abs(zoom * 0.8 - 0.94) < 0.01);
  const at = (share) => stage.height / 2 + (share - y) * zoom * stage.height;
  assert.ok(at(0.12) > 0 && at(0.92) < stage.height);
  assert.equal(x, 0.5, "the whole width is seen");
  assert.ok(!isOff({ zoom, x, y }, box, ratio, stage));
  assert.ok(isOff(WHOLE, box, ratio, stage));
  assert.ok(!isOff(frameFor(box, ratio, stage), [0.43, 0.13, 0.59, 0.92], ratio, stage), "swaying moves nothing");
});

Deno.test("on a phone the picture is cut at the sides and never shows its edge", () => {
  const phone = { width: 374, height: 440 };
  const { zoom, x } = frameFor([0.7, 0.1, 0.9, 0.95], 16 / 9, phone);
  assert.ok(Math.abs(zoom - (0.94 * 440) / (0.85 * (374 / (16 / 9)))) < 0.01);
  assert.ok(x + 0.5 / zoom <= 1);
  const [left, top, right, bottom] = seenIn({ zoom, x, y: 0.525 }, 16 / 9, phone);
  assert.ok(left < 0.7 && right > 0.9 && right - left < 0.5 && top > 0 && bottom <= 1);
  assert.deepEqual(seenIn(WHOLE, 16 / 9, phone), [0, 0, 1, 1]);
  assert.deepEqual(mirrored([0.1, 0, 0.3, 1]), [0.7, 0, 0.9, 1]);
});

Deno.test("words in the picture are asked for as large as they can be read, and not anew for every pixel", () => {
  const seen = [0.2, 0, 0.8, 1];
  assert.deepEqual(askedFor(374, 3, 1280, seen), { font: 55, width: 1122, seen });
  assert.equal(askedFor(0, 1, 640, seen).font, 0);
  assert.ok(isFar({ font: 0, width: 0, seen }, { font: 20, width: 640, seen }));
  assert.ok(!isFar({ font: 20, width: 640, seen }, { font: 22, width: 700, seen: [0.23, 0, 0.8, 1] }));
  assert.ok(isFar({ font: 20, width: 640, seen }, { font: 22, width: 700, seen: [0.3, 0, 0.8, 1] }));
});

Deno.test("what is left out because of the profile", () => {
  const topic = { clauses: [{ id: "a", profiles: ["female", "male", "unspecified"] }, { id: "b", profiles: ["female"] }] };
  assert.deepEqual(["female", "male", "unspecified"].map((profile) => leftOut(topic, profile).map(({ id }) => id)), [[], ["b"], ["b"]]);
});

Deno.test("best and worst picture are shown where they differ", () => {
  const kept = (...scores) => {
    const stills = new Stills({});
    [stills.best, stills.worst] = scores.map((score) => ({ score }));
    return stills.shown().map(([words]) => words);
  };
  assert.deepEqual(kept(90, 60), ["result_best", "result_worst"]);
  assert.deepEqual(kept(90, 89), ["result_same"]);
  assert.deepEqual(new Stills({}).shown(), []);
});

Deno.test("what a code leads a phone to is taken from the address, and nothing else in it", () => {
  assert.deepEqual(asked("#practise=sitting,female"), { topic: "sitting", camera: "own", profile: "female" });
  assert.deepEqual(asked("#practise=sitting,"), { topic: "sitting", camera: "own" });
  for (const other of ["", "#main", "#practise=", "#practise=<b>,female", "#practise=a,b,c"]) assert.equal(asked(other), null);
});

Deno.test("a drill is heard: each number, each prompt once, and the end", () => {
  const { turn } = TOPICS;
  assert.equal(cueOf(null, turn), null);
  assert.equal(cueOf({ phase: "waiting" }, turn), null);
  assert.equal(cueOf({ phase: "step", step: 0 }, TOPICS.standing), null);
  assert.deepEqual(cueOf({ phase: "countdown", left_s: 2.4 }, turn), { key: "count 3", words: "3", isCount: true });
  assert.deepEqual(cueOf({ phase: "countdown", left_s: 0 }, turn), { key: "count 1", words: "1", isCount: true });
  assert.deepEqual(cueOf({ phase: "step", step: 1 }, turn), { key: "step 1", words: "请侧身" });
  assert.equal(cueOf({ phase: "done" }, turn).key, "done");
});

Deno.test("the number over the picture is that of the countdown, or of a step that time ends", () => {
  const { turn } = TOPICS;
  assert.deepEqual(countOf({ phase: "countdown", left_s: 2.4 }, turn), { count: { phase: "countdown", left_s: 2.4 }, seconds: 1 });
  assert.deepEqual(countOf({ phase: "step", step: 0, left_s: 1 }, turn), { count: { phase: "judging", left_s: 1 }, seconds: 3 });
  assert.equal(countOf({ phase: "step", step: 1, left_s: null }, turn).count, null);
  assert.equal(countOf(null, turn).count, null);
});

Deno.test("a screen lock that comes when nobody wants it any more is given back", async () => {
  const asked = [];
  const locks = [1, 2].map((number) => ({ number, release: () => asked.push(`released ${number}`) }));
  const left = [...locks];
  Object.defineProperty(navigator, "wakeLock", { value: { request: () => Promise.resolve(left.shift()) }, configurable: true });
  const awake = new Awake();
  const first = awake.hold();
  awake.release();
  await first;
  await awake.hold();
  assert.deepEqual([asked, awake.lock], [["released 1"], locks[1]]);
  awake.release();
  assert.deepEqual(asked, ["released 1", "released 2"]);
  delete navigator.wakeLock;
});

const HELD = [
  ["upright", 90, 0, 0, 0],
  ["upright, leaning back", 70, 0, 0, 0],
  ["turned left", 0, -90, 90, 0],
  ["turned right", 0, 90, 270, 0],
  ["slanted by ten degrees", 80, 90, 0, 10],
  ["slanted the other way", 80, -90, 0, -10],
  ["across, slanted", 10, -90, 90, 10],
  ["flat on a table", 3, 2, 0, null],
  ["a device that tells nothing", null, null, 0, null],
];

for (const [name, beta, gamma, angle, expected] of HELD) {
  Deno.test(`a phone: ${name}`, () => {
    const roll = rollOf({ beta, gamma }, angle);
    if (expected === null) assert.equal(roll, null);
    else assert.ok(Math.abs(roll - expected) < 1e-9, roll);
  });
}

Deno.test("a slanted phone is told of once, after a while, and again only after it was straight", () => {
  let told = 0;
  const upright = new Upright(() => told++);
  const after = (roll, now) => (upright.note(roll, now), told);
  assert.deepEqual([[6, 0], [2, 1000], [6, 2000], [6, 3400], [-6, 3600], [6, 9000], [0, 9100], [9, 9200], [9, 10800]].map(([roll, now]) => after(roll, now)), [0, 0, 0, 0, 1, 1, 1, 1, 2]);
});
