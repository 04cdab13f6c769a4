// Numbers on the page read as those in the reports: both are held to numbers.json.

import assert from "node:assert/strict";
import { formatLimits, formatValue } from "../../web/static/live/numbers.js";
import { remember } from "../../web/static/shared/store.js";

const { values, limits } = JSON.parse(Deno.readTextFileSync(new URL("numbers.json", import.meta.url)));

Deno.test("values in both languages", () => {
  for (const { value, unit, zh, en } of values) {
    for (const [language, words] of [["zh", zh], ["en", en]]) {
      remember({ language });
      assert.equal(formatValue(value, unit), words);
    }
  }
});

Deno.test("bands", () => {
  for (const { band, unit, words } of limits) assert.equal(formatLimits(band, unit), words);
});
