// The live page: the one thing to say, and the outline to step into.

import assert from "node:assert/strict";
import { messageFor } from "../../web/static/live/banner.js";
import { outlineFor } from "../../web/static/live/figures.js";

const free = { words: null, isWaitingToCheck: false };
const state = (more = {}) => ({
  topic: "standing", posture: "standing", camera: { state: "ok" }, placement: { ready: true, items: [] },
  correction: null, praise: null, check: null, clauses: [], ...more,
});
const TOPICS = { standing: { postures: ["standing"] }, sitting: { postures: ["sitting"] }, smile: { postures: ["any"] } };
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
  ["all met", state({ clauses: clauses("pass", "pass") }), free, "good", "很好，保持住"],
  ["nearly met", state({ clauses: clauses("pass", "warn") }), free, "good", "差不多了，保持住"],
  ["a computer that is too slow, before praise", state({ slow: { zh: "太慢" }, praise: { id: "a", zh: "好" } }), free, "wait", "太慢"],
  ["others in the picture, after a correction", state({ company: { zh: "一个人" }, correction: { id: "b", zh: "改" } }), free, "fix", "改"],
  ["a picture of a new size", state({ size_changed: { zh: "大小变了" }, correction: { id: "b", zh: "改" } }), free, "wait", "大小变了"],
  ["others in the picture", state({ company: { zh: "一个人" }, clauses: clauses("pass") }), free, "place", "一个人"],
  ["another posture than practised", state({ topic: "sitting", clauses: clauses("unjudged") }), free, "place", "请坐下"],
  ["any posture will do", state({ topic: "smile", clauses: clauses("unjudged") }), free, "wait", "这个角度还判断不了，请看右边提示"],
  ["a topic that is not known yet", state({ topic: "waving", clauses: clauses("unjudged") }), free, "wait", "这个角度还判断不了，请看右边提示"],
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
