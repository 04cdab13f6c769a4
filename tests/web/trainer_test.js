// The trainer's page: amounts and times as people say them, and whether a job is at work.

import assert from "node:assert/strict";
import { cellsOf, codeOf, isRoster, nameOf } from "../../web/static/shared/cells.js";
import { gathered, judgedAs } from "../../web/static/trainer/finished.js";
import { read, written } from "../../web/static/trainer/limits.js";
import { isBusy } from "../../web/static/trainer/progress.js";
import { Roster } from "../../web/static/trainer/roster.js";
import { amount, duration } from "../../web/static/trainer/words.js";

Deno.test("amounts", () => {
  assert.equal(amount(2, 1), "2 个视频、1 张照片");
  assert.equal(amount(1, 0), "1 个视频");
  assert.equal(amount(0, 0), null);
});

Deno.test("times a person can plan with", () => {
  assert.deepEqual([0, 1, 11, 89, 90, 121, 3540, 3541, 7500].map((s) => duration(s)),
    ["10 秒", "10 秒", "20 秒", "90 秒", "2 分钟", "3 分钟", "59 分钟", "1 小时 0 分", "2 小时 5 分"]);
  assert.equal(duration(7.2, 1), "8 秒");
});

Deno.test("which jobs are at work", () => {
  assert.ok(isBusy({ state: "running" }) && isBusy({ state: "stopping" }));
  assert.ok(!isBusy({ state: "done" }) && !isBusy(null));
});

Deno.test("cells copied out of a spreadsheet", () => {
  assert.deepEqual(cellsOf("李娜\t女\r\n王伟\t男\r\n"), [["李娜", "女"], ["王伟", "男"]]);
  assert.deepEqual(cellsOf("李娜"), [["李娜"]]);
  assert.deepEqual(cellsOf('"a ""b""\nc"\td\n\te'), [['a "b"\nc', "d"], ["", "e"]]);
  assert.deepEqual(cellsOf("a\n\nb"), [["a"], [""], ["b"]]);
});

Deno.test("pasted cells are a roster where they begin with headings", () => {
  assert.ok(isRoster(cellsOf("姓名\t文件\n李娜\ta.mp4"), ["file", "文件"]));
  assert.ok(!isRoster(cellsOf("文件"), ["file", "文件"]));
  assert.ok(!isRoster(cellsOf("李娜\t女\n王伟\t男"), ["file", "文件"]));
});

Deno.test("words that mean a choice", () => {
  const choices = [{ id: "female", zh: "女", en: "Women", words: ["女士", "f"] }, { id: "male", zh: "男", en: "Men", words: [] }];
  assert.deepEqual(["女士", " WOMEN", "male", "", "小孩"].map((word) => codeOf(word, choices)), ["female", "female", "male", null, undefined]);
});

Deno.test("names out of file names", () => {
  assert.deepEqual(["一班/李娜_正面.mp4", "王伟-2.MOV", "03 赵敏.jpg", "IMG_0001.mp4", "123.mp4"].map(nameOf), ["李娜", "王伟", "赵敏", "IMG", ""]);
});

Deno.test("what came of each clip is gathered over the looks", () => {
  const job = (started, ...finished) => ({ started, finished });
  let known = gathered({ started: null, rows: [] }, job(1, "a", "b"), 0);
  known = gathered(known, job(1, "c"), 2);
  assert.deepEqual(known.rows, ["a", "b", "c"]);
  assert.deepEqual(gathered(known, job(2, "x"), 3).rows, []);
  assert.deepEqual(gathered(known, job(2, "x"), 0).rows, ["x"]);
  assert.deepEqual(gathered(known, job(1), 9).rows, []);
  assert.deepEqual(gathered(known, null, 3).rows, []);
});

Deno.test("by what a clip was judged, and by what else it could be", () => {
  const options = { topics: { sit: "sitting", desk: "desk", gaze: "smile", smile: "smile" }, instead: { desk: "sitting" } };
  const row = (drill, ...prefixes) => ({ path: "a.mp4", drill, prefixes });
  assert.deepEqual(judgedAs(row("auto", "sit", "gaze", "smile"), options), { topics: ["sitting", "smile"], other: "desk" });
  assert.deepEqual(judgedAs(row("auto", "smile"), options), { topics: ["smile"], other: null });
  assert.deepEqual(judgedAs(row("sitting", "sit"), options), { topics: ["sitting"], other: null });
  assert.deepEqual(judgedAs(row("desk", "desk"), options, { "a.mp4": "desk" }), { topics: ["desk"], other: "sitting" });
});

Deno.test("limits in fields", () => {
  assert.deepEqual([written(null, "deg"), written(-3, "deg"), written(0.1, "share"), written(1 / 3, "sw")], ["", "-3", "10", "0.333333"]);
  assert.deepEqual([read(" ", "deg"), read("−3", "deg"), read("1,5", "deg"), read("10", "share")], [null, -3, 1.5, 0.1]);
  assert.ok(Number.isNaN(read("三", "deg")));
});

Deno.test("a roster kept while another folder is chosen says nothing of that one", async () => {
  let folder = "/a";
  const fetched = globalThis.fetch;
  globalThis.fetch = () => {
    folder = "/b";
    roster.mark = "of b";
    return Promise.resolve(Response.json({ roster: "roster.csv", mark: "of a", kept: null }));
  };
  const roster = Object.assign(Object.create(Roster.prototype), { folderOf: () => folder, rulesOf: () => "", table: { rows: [] }, mark: "", note: null, show() {} });
  assert.equal(await roster.save(), true);
  assert.deepEqual([roster.mark, roster.note], ["of b", null]);
  globalThis.fetch = fetched;
});
