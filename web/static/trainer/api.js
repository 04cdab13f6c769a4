// The addresses of the trainer's page (docs/trainer.md).

import { ApiError, ask } from "../live/api.js";
import { say, t } from "./words.js";

const get = (name, path) => ask("GET", `/api/trainer${name}${path === undefined ? "" : `?path=${encodeURIComponent(path)}`}`);
const post = (name, content = {}) => ask("POST", `/api/trainer${name}`, JSON.stringify(content), { "Content-Type": "application/json" });

export const state = () => get("");
export const options = () => get("/choices");
export const folder = (path) => get("/folder", path);
export const clips = (path) => get("/clips", path);
export const checkRoster = (content) => post("/roster", content);
export const start = (content) => post("/start", content);
export const stop = () => post("/stop");
export const resume = () => post("/resume");
export const regrade = (rules) => post("/regrade", { rules });
export const templateAddress = (path) => `/api/trainer/roster-template?path=${encodeURIComponent(path)}`;

/** What to tell a person about an error of these. */
export function words(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0) return t("lost");
  return error.body.zh ? say(error.body) : t("went_wrong");
}
