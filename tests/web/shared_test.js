// What all pages share: words, addresses, errors, and coming back to the server.

import assert from "node:assert/strict";
import { ApiError, ask, query, wordsOfError } from "../../web/static/shared/api.js";
import { Backoff, EventStream } from "../../web/static/shared/events.js";
import { say, wordsOf } from "../../web/static/shared/language.js";
import { remember } from "../../web/static/shared/store.js";

const { t } = wordsOf({ left: ["还有 {n} 秒", "{n} s left"], lost: ["断开", "Lost"], went_wrong: ["出错了", "Wrong"] });

/** Answers every question with this until the test ends. */
function answering(answer) {
  const real = globalThis.fetch;
  globalThis.fetch = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  return { [Symbol.dispose]: () => (globalThis.fetch = real) };
}

const json = (content, status = 200) => new Response(JSON.stringify(content), { status, headers: { "Content-Type": "application/json" } });

Deno.test("words are filled in, in the language chosen", () => {
  remember({ language: "zh" });
  assert.equal(t("left", { n: 3 }), "还有 3 秒");
  remember({ language: "en" });
  assert.equal(t("left", { n: 3 }), "3 s left");
  assert.equal(t("left"), "{n} s left");
  assert.equal(t("never heard of"), "never heard of");
  remember({ language: "zh" });
});

Deno.test("the server's words in the language chosen, else in the one there is", () => {
  assert.equal(say({ zh: "肩", en: "shoulders" }), "肩");
  assert.equal(say({ en: "shoulders" }), "shoulders");
  assert.equal(say(null), "");
});

Deno.test("an address holds what there is", () => {
  assert.equal(query({ topic: "smile", profile: "", camera: null, font: 0 }), "topic=smile&font=0");
});

Deno.test("an answer, a refusal and no answer", async () => {
  {
    using _ = answering(json({ fine: true }));
    assert.deepEqual(await ask("GET", "/api/x"), { fine: true });
  }
  {
    using _ = answering(json({ error: "busy", zh: "已满", en: "Full" }, 503));
    const error = await ask("GET", "/api/x").catch((found) => found);
    assert.deepEqual([error instanceof ApiError, error.status, wordsOfError(error, t)], [true, 503, "已满"]);
  }
  {
    using _ = answering(new Response("", { status: 500 }));
    assert.equal(wordsOfError(await ask("GET", "/api/x").catch((found) => found), t), "出错了");
  }
  {
    using _ = answering(new TypeError("no network"));
    const error = await ask("GET", "/api/x").catch((found) => found);
    assert.deepEqual([error.status, wordsOfError(error, t)], [0, "断开"]);
  }
});

Deno.test("an error of the page itself is not told as the server's", () => {
  assert.throws(() => wordsOfError(new RangeError("of ours"), t), RangeError);
});

Deno.test("waits grow to a limit and begin anew after a success", () => {
  const backoff = new Backoff();
  assert.deepEqual(Array.from({ length: 6 }, () => backoff.next()), [500, 1000, 2000, 4000, 8000, 8000]);
  backoff.reset();
  assert.equal(backoff.next(), 500);
});

/** Event sources whose events the test sends itself, and timers it runs itself. */
function staged() {
  const [realSource, realTimeout] = [globalThis.EventSource, globalThis.setTimeout];
  const stage = { sources: [], waits: [] };
  globalThis.EventSource = class extends EventTarget {
    constructor(address) {
      super();
      Object.assign(this, { address, isOpen: true });
      stage.sources.push(this);
    }

    close() {
      this.isOpen = false;
    }

    tell(kind, data) {
      this.dispatchEvent(Object.assign(new Event(kind), { data }));
    }
  };
  globalThis.setTimeout = (then, ms) => {
    stage.waits.push({ then, ms });
    return stage.waits.length;
  };
  stage[Symbol.dispose] = () => ([globalThis.EventSource, globalThis.setTimeout] = [realSource, realTimeout]);
  stage.real = (ms) => new Promise((resolve) => realTimeout(resolve, ms));
  return stage;
}

Deno.test("events arrive; a lost stream is opened again, ever more slowly", async () => {
  using stage = staged();
  using _ = answering(json({ viewers: 1, viewer_limit: 30 }));
  const [states, links] = [[], []];
  const stream = new EventStream("/api/events", (state) => states.push(state), (link) => links.push(link));
  stream.open();
  stage.sources[0].tell("open");
  stage.sources[0].tell("state", '{"score": 80}');
  stage.sources[0].tell("error");
  assert.deepEqual([states, links, stage.sources[0].isOpen], [[{ score: 80 }], ["up", "down"], false]);
  stage.waits[0].then();
  stage.sources[1].tell("error");
  assert.deepEqual(stage.waits.map(({ ms }) => ms), [500, 1000]);
  stage.waits[1].then();
  stage.sources[2].tell("open");
  stage.sources[2].tell("error");
  assert.equal(stage.waits[2].ms, 500);
  await stage.real(0);
  assert.deepEqual(links, ["up", "down", "down", "up", "down"]);
});

Deno.test("a full house is told as one, but not after the stream was closed", async () => {
  using stage = staged();
  using _ = answering(json({ viewers: 30, viewer_limit: 30 }));
  const links = [];
  const stream = new EventStream("/api/events", () => {}, (link) => links.push(link));
  stream.open();
  stage.sources[0].tell("error");
  await stage.real(5);
  assert.deepEqual(links, ["down", "full"]);
  stream.open();
  stage.sources[1].tell("error");
  stream.close();
  await stage.real(5);
  assert.deepEqual(links, ["down", "full", "down"]);
});
