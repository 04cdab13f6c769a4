// The addresses of the live coach (docs/live.md).

import { ask, get, post, query, remove } from "../shared/api.js";

export const eventsAddress = "/api/events";
export const streamAddress = (language) => `/stream.mjpg?${query({ mirror: 1, lang: language, at: Date.now() })}`;

export const topics = () => get("/api/topics");
export const setSession = (session) => post("/api/session", session);
export const openVisitor = (camera) => post("/api/visitor", { camera });
export const closeVisitor = (id) => fetch(`/api/visitor/${id}`, { method: "DELETE", keepalive: true, credentials: "same-origin" }).catch(() => {});
export const postFrame = (id, choice, jpeg) => ask("POST", `/api/visitor/${id}/frame?${query(choice)}`, jpeg, { "Content-Type": "image/jpeg" });

const checkAddress = (visitor) => (visitor ? `/api/visitor/${visitor}/check` : "/api/check");
export const startCheck = (visitor, seconds) => post(checkAddress(visitor), { seconds });
export const hideCheck = (visitor) => remove(checkAddress(visitor));

const calibrationAddress = (where) => `/api/calibration?${query(where)}`;
export const getCalibration = (where) => get(calibrationAddress(where));
export const makeCalibration = (where, content) => post(calibrationAddress(where), content);
export const deleteCalibration = (where) => remove(calibrationAddress(where));
