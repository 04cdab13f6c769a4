// The worker that recognises a person on this device: opened once for the page, one picture at a time, watched for its speed.

/** How long the models may take to start, and how long a look may on average before the coach PC does it sooner. */
export const LIMITS = { opensMs: 90000, slowMs: 450 };

const [UNHURRIED, LOOKS] = [2, 8];
// The smallest WebAssembly module with an instruction on four numbers at once.
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/** Why this browser cannot recognise anybody, null where it may be able to. `isOffered`: the server has the files for it. */
export function obstacle(isOffered, browser = globalThis) {
  if (!isOffered) return "files";
  const { Worker, OffscreenCanvas, createImageBitmap, WebAssembly } = browser;
  if (!Worker || !OffscreenCanvas || !createImageBitmap) return "browser";
  return WebAssembly && WebAssembly.validate(new Uint8Array(SIMD)) ? null : "browser";
}

/** Whether looks that took so long (ms) are too slow: by the mean of the last ones, the first not counted. */
export function isTooSlow(took) {
  const counted = took.slice(UNHURRIED).slice(-LOOKS);
  return counted.length === LOOKS && counted.reduce((sum, ms) => sum + ms, 0) / LOOKS > LIMITS.slowMs;
}

export class Recogniser {
  constructor() {
    this.isReady = false;
    this.took = [];
    this.looking = Promise.resolve();
  }

  /** Ready to look; throws where it cannot be. */
  open() {
    this.opening = this.opening || this.start();
    return this.opening;
  }

  async start() {
    this.worker = new Worker("/recogniser/worker.js");
    await this.answer(); // all files have come, which depends on how many come for them
    const timer = setTimeout(() => this.fail("too long"), LIMITS.opensMs);
    try {
      await this.answer();
      this.isReady = true;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next thing the worker says. */
  answer() {
    return new Promise((resolve, reject) => {
      this.fail = (why) => reject(new Error(why));
      this.worker.onerror = (event) => this.fail(event.message);
      this.worker.onmessage = ({ data }) => (data.kind === "failed" ? this.fail(data.why) : resolve(data));
    });
  }

  /** The frame of a landmark post for a picture, which is given away, taken at `t_ms`; one look after the other. */
  look(picture, t_ms) {
    const look = () => this.lookNow(picture, t_ms);
    this.looking = this.looking.then(look, look);
    return this.looking;
  }

  async lookNow(picture, t_ms) {
    this.worker.postMessage({ picture, t_ms }, [picture]);
    const { frame, took_ms } = await this.answer();
    this.took = [...this.took.slice(-UNHURRIED - LOOKS), took_ms];
    return frame;
  }

  isTooSlow() {
    return isTooSlow(this.took);
  }

  close() {
    if (this.worker) this.worker.terminate();
    this.worker = this.opening = null;
    this.isReady = false;
  }
}
