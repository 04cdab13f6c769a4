// The server's events, and coming back to it after it was gone.

import { status } from "./api.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/** How long to wait after each failure: ever longer; `reset` after a success. */
export class Backoff {
  constructor() {
    this.reset();
  }

  reset() {
    this.wait = FIRST_WAIT_MS;
  }

  /** The wait after this failure, in ms. */
  next() {
    const { wait } = this;
    this.wait = Math.min(LONGEST_WAIT_MS, 2 * wait);
    return wait;
  }

  async pause() {
    await new Promise((resolve) => setTimeout(resolve, this.next()));
  }
}

/** Calls `onState` for every state and `onLink("up" | "down" | "full")`; comes back by itself, ever more slowly. */
export class EventStream {
  constructor(address, onState, onLink) {
    this.address = address;
    this.onState = onState;
    this.onLink = onLink;
    this.backoff = new Backoff();
  }

  open() {
    this.close();
    this.source = new EventSource(this.address);
    this.source.addEventListener("open", () => {
      this.backoff.reset();
      this.onLink("up");
    });
    this.source.addEventListener("state", (event) => this.onState(JSON.parse(event.data)));
    this.source.addEventListener("error", () => this.retry());
  }

  async retry() {
    this.close();
    const timer = setTimeout(() => this.open(), this.backoff.next());
    this.timer = timer;
    this.onLink("down");
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
