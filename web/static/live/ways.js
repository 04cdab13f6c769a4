// The two ways of having the visitor's camera judged: pictures that the coach PC looks at, and landmarks recognised on this device.

import * as api from "./api.js";
import { postOf, together } from "./landmark_post.js";
import { Recogniser } from "./recogniser.js";

const PICTURE_GAP_MS = 50;
const LOOK_GAP_MS = 100;
const POST_GAP_MS = 100;
const NO_PICTURE_MS = 100;

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** One JPEG a request, at most one in flight. */
export class Pictures {
  constructor(camera) {
    this.camera = camera;
    this.sends = "pictures";
  }

  async step(run) {
    const { camera } = this;
    const began = performance.now();
    const jpeg = await camera.jpeg();
    if (!jpeg) return rest(NO_PICTURE_MS);
    try {
      const state = await api.postFrame(camera.visitor, camera.asked(), jpeg);
      if (!camera.isCurrent(run)) return null;
      camera.tookMs = performance.now() - began;
      camera.tick(began);
      camera.judged(state, camera.frame);
    } catch (error) {
      if (camera.isCurrent(run)) await camera.refused(error);
    }
    return rest(PICTURE_GAP_MS - (performance.now() - began));
  }

  stop() {}
}

/**
 * Each picture is looked at here; what was found goes in one post with all that was found while the last one was on its way.
 * A post waits for a picture: by so much the next one is earlier, so that on the average they are as far apart as the server asks.
 */
export class Landmarks {
  constructor(camera) {
    this.camera = camera;
    this.sends = "landmarks";
    this.recogniser = new Recogniser();
    this.forget();
  }

  forget() {
    this.waiting = [];
    this.kept = [];
    this.posting = null;
    this.postAt = -Infinity;
    this.turnAt = -Infinity;
    this.gap = POST_GAP_MS;
  }

  /** Lets the last post come back: its session is ended afterwards. */
  async stop() {
    await this.posting;
    this.forget();
  }

  async step(run) {
    const { camera } = this;
    const began = performance.now();
    const picture = await camera.bitmap();
    if (!picture) return rest(NO_PICTURE_MS);
    const { width, height } = picture;
    this.keep(began);
    const bytes = await this.look(picture, began);
    if (!bytes || !camera.isCurrent(run)) return null;
    camera.tick(began);
    this.waiting = together([...this.waiting, { bytes, width, height }]);
    if (!this.posting && performance.now() >= this.turnAt + this.gap) this.posting = this.post(run);
    return rest(LOOK_GAP_MS - (performance.now() - began));
  }

  async look(picture, began) {
    try {
      const bytes = await this.recogniser.look(picture, began);
      if (!this.recogniser.isTooSlow()) return bytes;
      this.camera.giveUp("slow");
    } catch {
      this.camera.giveUp("broken");
    }
    this.recogniser.close();
    return null;
  }

  async post(run) {
    const { camera } = this;
    this.postAt = performance.now();
    this.turnAt = Math.max(this.turnAt + this.gap, this.postAt - LOOK_GAP_MS);
    try {
      const state = await api.postLandmarks(camera.visitor, camera.asked(), postOf(this.waiting.splice(0), this.postAt));
      if (!camera.isCurrent(run)) return;
      camera.tookMs = performance.now() - this.postAt;
      this.gap = state.post_ms || POST_GAP_MS;
      camera.judged(state, this.pictureOf(state.t_ms));
    } catch (error) {
      if (camera.isCurrent(run)) await camera.refused(error);
    } finally {
      this.posting = null;
    }
  }

  /** While what is judged is shown instead of the camera's own picture, the pictures not yet judged are kept for that. */
  keep(began) {
    if (!this.camera.showsJudged()) return this.kept.splice(0);
    return this.kept.push({ began, picture: this.camera.copy() });
  }

  pictureOf(t_ms) {
    this.kept = this.kept.filter(({ began }) => began > t_ms - 1);
    return this.kept.length ? this.kept[0].picture : this.camera.frame;
  }
}
