// The addresses of the trainer's page (docs/trainer.md).

import { get, post, query, wordsOfError } from "../shared/api.js";
import { t } from "./words.js";

const PLACE = "/api/trainer";
const of = (path) => `?${query({ path })}`;

export const state = (after) => get(`${PLACE}?${query({ after })}`);
export const options = (rules) => get(`${PLACE}/choices?${query({ rules })}`);
export const folder = (path) => get(`${PLACE}/folder${of(path)}`);
export const clips = (path) => get(`${PLACE}/clips${of(path)}`);
export const checkRoster = (content) => post(`${PLACE}/roster`, content);
export const start = (content) => post(`${PLACE}/start`, content);
export const table = (path, rules) => get(`${PLACE}/table?${query({ path, rules })}`);
export const saveTable = (content) => post(`${PLACE}/table`, content);
export const stop = () => post(`${PLACE}/stop`);
export const resume = () => post(`${PLACE}/resume`);
export const regrade = (content) => post(`${PLACE}/regrade`, content);
export const compare = (before) => post(`${PLACE}/compare`, { before });
export const limits = (topic) => get(`${PLACE}/rules?${query({ topic })}`);
export const changeLimits = (content) => post(`${PLACE}/rules`, content);
export const undoLimits = () => post(`${PLACE}/rules/undo`);
export const resetLimits = () => post(`${PLACE}/rules/reset`);
export const templateAddress = (path, rules) => `${PLACE}/roster-template?${query({ path, rules })}`;

/** What to tell a person about an error of these. */
export const words = (error) => wordsOfError(error, t);
