// The addresses of the morning meeting (docs/meeting.md).

import { ApiError, ask } from "../live/api.js";
import { say, t } from "./words.js";

const JSON_TYPE = { "Content-Type": "application/json" };
const post = (name, content = {}) => ask("POST", `/api/meeting/${name}`, JSON.stringify(content), JSON_TYPE);

export const state = () => ask("GET", "/api/meeting");
export const startCheck = (seconds, picture) => post("check", { seconds, picture });
export const dropCheck = () => ask("DELETE", "/api/meeting/check");
export const setAuto = (on, seconds, picture) => post("auto", { on, seconds, picture });
export const namePerson = (key, name, profile) => post("person", { key, name, profile });
export const recount = () => post("reset");
export const sendRoster = (file) => ask("POST", `/api/meeting/roster?name=${encodeURIComponent(file.name)}`, file, { "Content-Type": "text/csv" });
export const dropRoster = () => ask("DELETE", "/api/meeting/roster");

export const eventsAddress = "/api/meeting/events";
export const streamAddress = () => `/meeting/stream.mjpg?at=${Date.now()}`;

/** What to tell a person about an error of these. */
export function words(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0) return t("lost");
  return error.body.zh ? say(error.body) : t("went_wrong");
}
