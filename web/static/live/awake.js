// Keeps the screen on while somebody practises before it, where the browser can.

export class Awake {
  constructor() {
    this.wanted = 0;
    this.lock = null;
  }

  /** From now on, until `release`; a lock that comes when nobody wants it any more is given back. */
  async hold() {
    const wish = ++this.wanted;
    const lock = navigator.wakeLock && (await navigator.wakeLock.request("screen").catch(() => null));
    if (!lock) return;
    if (wish === this.wanted) this.lock = lock;
    else lock.release();
  }

  release() {
    this.wanted++;
    if (this.lock) this.lock.release();
    this.lock = null;
  }
}
