// The visitor's own camera: one picture a request, at most one request in flight, verdicts and body points in the reply.

import { byId } from "../shared/dom.js";
import { Backoff } from "../shared/events.js";
import { language } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import * as api from "./api.js";
import { Overlay } from "./overlay.js";
import { written } from "./sizes.js";

const MAX_WIDTH = 640;
const MIN_GAP_MS = 50;
const FULL_WAIT_S = 5;

export class OwnCamera {
  /** `report.state(state)`, `report.link(link, details)`: up, down, full (`limit`, `left_s`), refused, insecure, none, busy. */
  constructor(report) {
    this.kind = "own";
    this.visitor = null;
    this.report = report;
    this.video = byId("video");
    this.overlay = new Overlay(byId("overlay"));
    this.frame = document.createElement("canvas");
    this.rotate = 0;
    this.seen = null;
    this.backoff = new Backoff();
    this.times = [];
    this.run = 0;
  }

  async start() {
    const run = ++this.run;
    this.isRunning = true;
    this.video.hidden = false;
    this.overlay.canvas.hidden = false;
    if (!(await this.openCamera(run))) return;
    if (!(await this.openSession(run))) return;
    while (this.isCurrent(run)) await this.step(run);
  }

  stop() {
    this.run++;
    this.isRunning = false;
    this.closeCamera();
    this.video.hidden = true;
    this.overlay.clear();
    this.overlay.canvas.hidden = true;
    if (this.visitor) api.closeVisitor(this.visitor);
    this.visitor = null;
  }

  choose() {}

  /** What is `seen` of the picture: labels are to lie there. */
  showPicture(seen) {
    this.seen = seen;
  }

  /** Turns the picture by a quarter, clockwise; the page then shows what is judged and not the camera's own picture. */
  turn() {
    this.rotate = (this.rotate + 90) % 360;
  }

  isCurrent(run) {
    return this.isRunning && run === this.run;
  }

  async openCamera(run) {
    if (!navigator.mediaDevices) return this.report.link("insecure");
    this.report.link("opening");
    try {
      const device = choices.device ? { deviceId: choices.device } : { facingMode: "user" };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...device, width: { ideal: 1280 }, height: { ideal: 720 } } });
      if (!this.isCurrent(run)) return stream.getTracks().forEach((track) => track.stop());
      this.stream = stream;
    } catch (error) {
      return this.report.link({ NotAllowedError: "refused", NotFoundError: "none", NotReadableError: "busy" }[error.name] || "none");
    }
    const [track] = this.stream.getVideoTracks();
    this.label = track.label;
    remember({ device: track.getSettings().deviceId || "" });
    track.addEventListener("ended", () => this.isCurrent(run) && this.comeBack());
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    return true;
  }

  /** An unplugged camera: say so, and start again when a camera appears. */
  comeBack() {
    this.stop();
    this.report.link("lost");
    navigator.mediaDevices.addEventListener("devicechange", () => this.report.restart(), { once: true });
  }

  closeCamera() {
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  async openSession(run) {
    while (this.isCurrent(run)) {
      try {
        const session = await api.openVisitor(this.label);
        if (!this.isCurrent(run)) return api.closeVisitor(session.id);
        this.visitor = session.id;
        this.width = session.max_width || MAX_WIDTH;
        this.backoff.reset();
        this.report.link("up");
        return true;
      } catch (error) {
        if (error.status === 503) await this.waitForPlace(run, error.body.limit);
        else await this.lostServer(error);
      }
    }
    return false;
  }

  async waitForPlace(run, limit) {
    for (let left = FULL_WAIT_S; left > 0 && this.isCurrent(run); left--) {
      this.report.link("full", { n: limit, left });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async lostServer(error) {
    this.report.link("down", { said: error && error.body });
    await this.backoff.pause();
  }

  async step(run) {
    const began = performance.now();
    const jpeg = await this.capture();
    if (!jpeg) return void (await new Promise((resolve) => setTimeout(resolve, 100)));
    try {
      const state = await api.postFrame(this.visitor, this.asked(), jpeg);
      if (!this.isCurrent(run)) return;
      this.backoff.reset();
      this.report.link("up");
      this.times = [...this.times.filter((time) => time > began - 2000), performance.now()];
      this.report.state(state);
      this.tookMs = performance.now() - began;
      this.overlay.draw(state.sketch, state.slow || this.rotate ? this.frame : null);
    } catch (error) {
      if (!this.isCurrent(run)) return;
      this.overlay.clear();
      if (error.status === 404) await this.openSession(run);
      else if (error.status !== 409) await this.lostServer(error);
    }
    const rest = MIN_GAP_MS - (performance.now() - began);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }

  /** What is practised, and how the picture is shown. */
  asked() {
    const { topic, profile } = choices;
    return { topic, profile, mirror: 1, lang: language(), font: this.overlay.leastFont(this.frame.width), seen: this.seen && written(this.seen), took: this.tookMs ? this.tookMs.toFixed(0) : null };
  }

  /** The picture now as a JPEG, null while there is none. */
  capture() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return Promise.resolve(null);
    const width = Math.min(this.width, videoWidth);
    const height = Math.round((width * videoHeight) / videoWidth);
    const [across, down] = this.rotate % 180 ? [height, width] : [width, height];
    if (this.frame.width !== across) this.frame.width = across;
    if (this.frame.height !== down) this.frame.height = down;
    const pen = this.frame.getContext("2d", { alpha: false });
    pen.setTransform(1, 0, 0, 1, across / 2, down / 2);
    pen.rotate((this.rotate * Math.PI) / 180);
    pen.drawImage(this.video, -width / 2, -height / 2, width, height);
    return new Promise((resolve) => this.frame.toBlob(resolve, "image/jpeg", 0.8));
  }

  ratio() {
    if (!this.video.videoWidth) return null;
    const ratio = this.video.videoWidth / this.video.videoHeight;
    return this.rotate % 180 ? 1 / ratio : ratio;
  }

  /** Draws the picture as it is on the screen: mirrored, with what was drawn on it unless the bare picture is wanted. */
  paint(pen, width, height, isBare = false) {
    pen.save();
    pen.translate(width, 0);
    pen.scale(-1, 1);
    pen.drawImage(this.rotate ? this.frame : this.video, 0, 0, width, height);
    pen.restore();
    if (this.overlay.canvas.width && !isBare) pen.drawImage(this.overlay.canvas, 0, 0, width, height);
  }

  fps() {
    const [first, last] = [this.times[0], this.times[this.times.length - 1]];
    return this.times.length > 1 ? (1000 * (this.times.length - 1)) / (last - first) : null;
  }
}
