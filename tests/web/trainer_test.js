// The trainer's page: amounts and times as people say them, and whether a job is at work.

import assert from "node:assert/strict";
import { isBusy } from "../../web/static/trainer/progress.js";
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
