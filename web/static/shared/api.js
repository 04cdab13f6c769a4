// Asking the server (docs/live.md), whatever the page, and what is told of an answer that says no.

import { say } from "./language.js";

const JSON_TYPE = { "Content-Type": "application/json" };

/** What went wrong, with the server's own words where it gave some; `status` 0 means it did not answer. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body.error || `status ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** The JSON of an answer; throws `ApiError`. Without a session the browser goes to the login page. */
export async function ask(method, address, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(address, { method, body, headers, cache: "no-store", credentials: "same-origin" });
  } catch (error) {
    throw new ApiError(0, { error: String(error) });
  }
  if (answer.status === 401) location.assign("/login");
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const content = isJson ? await answer.json() : {};
  if (!answer.ok) throw new ApiError(answer.status, content);
  return content;
}

export const get = (address) => ask("GET", address);
export const post = (address, content = {}) => ask("POST", address, JSON.stringify(content), JSON_TYPE);
export const remove = (address) => ask("DELETE", address);

/** The values that are there as the query of an address. */
export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "")).toString();

export const status = () => get("/api/status");

/** What to tell a person about an `ApiError`, with the page's own words `lost` and `went_wrong`; throws anything else again. */
export function wordsOfError(error, t) {
  if (!(error instanceof ApiError)) throw error;
  return say(error.body) || t(error.status === 0 ? "lost" : "went_wrong");
}
