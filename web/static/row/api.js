// The addresses of the row's page (docs/meeting.md).

import { ask, get, post, query, remove, wordsOfError } from "../shared/api.js";
import { t } from "./words.js";

const PLACE = "/api/meeting";

export const eventsAddress = `${PLACE}/events`;
export const streamAddress = () => `/meeting/stream.mjpg?${query({ at: Date.now() })}`;

export const state = () => get(PLACE);
export const startCheck = (seconds, picture) => post(`${PLACE}/check`, { seconds, picture });
export const dropCheck = () => remove(`${PLACE}/check`);
export const setAuto = (on, seconds, picture) => post(`${PLACE}/auto`, { on, seconds, picture });
export const namePerson = (key, name, profile) => post(`${PLACE}/person`, { key, name, profile });
export const recount = () => post(`${PLACE}/reset`);
export const sendRoster = (file) => ask("POST", `${PLACE}/roster?${query({ name: file.name })}`, file, { "Content-Type": "text/csv" });
export const rosters = () => get(`${PLACE}/rosters`);
export const keepRoster = (file) => ask("POST", `${PLACE}/rosters?${query({ name: file.name })}`, file, { "Content-Type": "text/csv" });
export const forgetRoster = (name) => remove(`${PLACE}/rosters?${query({ name })}`);
export const dropRoster = () => remove(`${PLACE}/roster`);

export const meeting = () => get("/records/meeting.json");
export const keepMeeting = (made) => post("/records/meeting.json", { made });

/** What to tell a person about an error of these. */
export const words = (error) => wordsOfError(error, t);
