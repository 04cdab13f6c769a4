// The addresses of the live coach (docs/live.md).

import { ask, get, post, query, remove } from "../shared/api.js";
import { written } from "./sizes.js";

export const eventsAddress = "/api/events";
export const streamAddress = (language, { font, width, seen }) => `/stream.mjpg?${query({ mirror: 1, lang: language, font, width, seen: written(seen), at: Date.now() })}`;

export const topics = () => get("/api/topics");
export const setSession = (session) => post("/api/session", session);
export const openVisitor = (camera, sends) => post("/api/visitor", { camera, sends });
export const closeVisitor = (id) => leave(`/api/visitor/${id}`);
export const postFrame = (id, choice, jpeg) => ask("POST", `/api/visitor/${id}/frame?${query(choice)}`, jpeg, { "Content-Type": "image/jpeg" });
export const postLandmarks = (id, choice, bytes) => ask("POST", `/api/visitor/${id}/landmarks?${query(choice)}`, bytes, { "Content-Type": "application/octet-stream" });

const checkAddress = (visitor) => (visitor ? `/api/visitor/${visitor}/check` : "/api/check");
export const startCheck = (visitor, seconds) => post(checkAddress(visitor), { seconds });
/** The trainer's click in a drill: next or again. */
export const leadDrill = (visitor, what) => post(visitor ? `/api/visitor/${visitor}/drill` : "/api/drill", { do: what });
/** Ends a check, also while the page is being closed; whether it was there makes no difference. */
export const dropCheck = (visitor) => leave(checkAddress(visitor));

/** A request that the browser still sends when the page is gone; nobody waits for its answer. */
function leave(address) {
  return fetch(address, { method: "DELETE", keepalive: true, credentials: "same-origin" }).catch(() => {});
}

export const remembered = (asked) => get(`/records/people.json?${query({ q: asked })}`);
export const keepCheck = (person, values, visitor) => post(`/records/person/${person}/checks`, visitor ? { values, visitor } : { values });

const calibrationAddress = (where) => `/api/calibration?${query(where)}`;
export const getCalibration = (where) => get(calibrationAddress(where));
export const makeCalibration = (where, content) => post(calibrationAddress(where), content);
export const deleteCalibration = (where) => remove(calibrationAddress(where));
export const undoDeletion = (where) => post(calibrationAddress(where), { undo: true });
