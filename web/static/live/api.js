// The server's addresses (docs/live.md), and the events with their reconnecting.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

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

const get = (address) => ask("GET", address);
const post = (address, content) => ask("POST", address, JSON.stringify(content), { "Content-Type": "application/json" });
const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "")).toString();

export const topics = () => get("/api/topics");
export const status = () => get("/api/status");
export const setSession = (session) => post("/api/session", session);
export const openVisitor = (camera) => post("/api/visitor", { camera });
export const closeVisitor = (id) => fetch(`/api/visitor/${id}`, { method: "DELETE", keepalive: true, credentials: "same-origin" }).catch(() => {});
export const startCheck = (visitor, seconds) => post(visitor ? `/api/visitor/${visitor}/check` : "/api/check", { seconds });

export const hideCheck = (visitor) => ask("DELETE", visitor ? `/api/visitor/${visitor}/check` : "/api/check");

export const postFrame = (id, choice, jpeg) => ask("POST", `/api/visitor/${id}/frame?${query(choice)}`, jpeg, { "Content-Type": "image/jpeg" });

export const getCalibration = (where) => get(`/api/calibration?${query(where)}`);
export const makeCalibration = (where, content) => post(`/api/calibration?${query(where)}`, content);
export const deleteCalibration = (where) => ask("DELETE", `/api/calibration?${query(where)}`);

/** Calls `onState` for every state and `onLink("up" | "down" | "full")`; comes back by itself, ever more slowly. */
export class Events {
  constructor(onState, onLink) {
    this.onState = onState;
    this.onLink = onLink;
    this.wait = FIRST_WAIT_MS;
  }

  open() {
    this.close();
    this.source = new EventSource("/api/events");
    this.source.addEventListener("open", () => {
      this.wait = FIRST_WAIT_MS;
      this.onLink("up");
    });
    this.source.addEventListener("state", (event) => this.onState(JSON.parse(event.data)));
    this.source.addEventListener("error", () => this.retry());
  }

  async retry() {
    this.close();
    this.onLink("down");
    this.timer = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(LONGEST_WAIT_MS, 2 * this.wait);
    const timer = this.timer;
    const full = await status().then(({ viewers, viewer_limit: limit }) => viewers >= limit, () => false);
    if (full && this.timer === timer) this.onLink("full");
  }

  close() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.source) this.source.close();
    this.source = null;
  }
}

/** Waits ever longer after each failure; `reset` after a success. */
export class Backoff {
  constructor() {
    this.reset();
  }

  reset() {
    this.wait = FIRST_WAIT_MS;
  }

  async pause() {
    const wait = this.wait;
    this.wait = Math.min(LONGEST_WAIT_MS, 2 * this.wait);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
