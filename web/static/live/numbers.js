// Numbers as the reports write them.

import { column } from "../shared/language.js";

const UNITS = { deg: ["°", "°"], sw: [" 肩宽", " SW"], tl: [" 躯干长", " trunk"], shin: [" 小腿长", " shin"], s: [" 秒", " s"], per_min: [" 次/分", " a minute"], share: ["%", "%"] };

function number(value, unit) {
  if (unit === "share") return (100 * value).toFixed(0);
  const decimals = unit === "deg" ? (Math.abs(value) < 100 ? 1 : 0) : unit === "s" ? 1 : 2;
  const shown = value.toFixed(decimals);
  return Number(shown) === 0 ? shown.replace("-", "") : shown;
}

/** `8.1°`, `0.45 肩宽`; empty without a value or where the number has no unit to read it by. */
export function formatValue(value, unit) {
  if (value === null || value === undefined || !unit) return "";
  return number(value, unit) + (unit in UNITS ? UNITS[unit][column()] : ` ${unit}`);
}

/** The band that passes: `≤3°`, `≥155°`, `-3~5°`, `±3°`; empty when both ends are open or without a unit. */
export function formatLimits(limits, unit) {
  const [low, high] = (limits || [null, null]).map((edge) => (edge === null || !Number.isFinite(edge) ? null : trimmed(number(edge, unit))));
  if ((low === null && high === null) || !unit) return "";
  const suffix = unit === "deg" || unit === "share" ? UNITS[unit][0] : "";
  if (low === null) return `≤${high}${suffix}`;
  if (high === null) return `≥${low}${suffix}`;
  return limits[0] === -limits[1] ? `±${high}${suffix}` : `${low}~${high}${suffix}`;
}

const trimmed = (shown) => (shown.includes(".") ? shown.replace(/0+$/, "").replace(/\.$/, "") : shown);
