// The visitor's own camera: opened here, judged by the coach PC, from pictures or from landmarks recognised on this device (`ways.js`).

import { byId } from "../shared/dom.js";
import { Backoff } from "../shared/events.js";
import { language } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";
import * as api from "./api.js";
import { isPhone } from "./cameras.js";
import { Overlay } from "./overlay.js";
import { obstacle } from "./recogniser.js";
import { written } from "./sizes.js";
import { Upright } from "./upright.js";
import { Landmarks, Pictures } from "./ways.js";

const MAX_SIDE = 640;
const LOOKED_AT_PX = 1280;
const FULL_WAIT_S = 5;
const LAST_S = 2;

export class OwnCamera {
  /** `report.state(state)`, `report.link(link, details)`: up, down, full (`limit`, `left_s`), preparing, refused, insecure, none, busy.
   * `report.needsHands()`: whether what is practised takes the hand model, which only the coach PC has. `report.slanted()`: a phone is held so. */
  constructor(report) {
    this.kind = "own";
    this.visitor = null;
    this.report = report;
    this.video = byId("video");
    this.overlay = new Overlay(byId("overlay"));
    this.frame = document.createElement("canvas");
    this.ways = { pictures: new Pictures(this), landmarks: new Landmarks(this) };
    this.obstacle = obstacle("recognises" in document.body.dataset);
    this.rotate = 0;
    this.isMirrored = true;
    this.seen = null;
    this.upright = new Upright(() => report.slanted());
    this.backoff = new Backoff();
    this.times = [];
    this.run = 0;
  }

  async start() {
    const run = ++this.run;
    this.isRunning = true;
    if (isPhone()) this.upright.watch();
    this.video.hidden = false;
    this.overlay.canvas.hidden = false;
    if (!(await this.openCamera(run))) return;
    while (this.isCurrent(run)) {
      const way = await this.chosenWay(run);
      if (!(await this.openSession(run, way))) continue;
      this.way = way;
      while (this.isCurrent(run) && this.way === way) await way.step(run);
      await way.stop();
      if (this.isCurrent(run)) this.closeSession();
    }
  }

  stop() {
    this.run++;
    this.isRunning = false;
    this.upright.stop();
    this.closeCamera();
    this.video.hidden = true;
    this.overlay.clear();
    this.overlay.canvas.hidden = true;
    this.closeSession();
  }

  closeSession() {
    if (this.visitor) api.closeVisitor(this.visitor);
    this.visitor = this.way = null;
  }

  /** Another topic may have to be judged the other way. */
  choose() {
    if (this.way && this.way !== this.wantedWay()) this.way = null;
  }

  wantedWay() {
    return this.whyPictures() ? this.ways.pictures : this.ways.landmarks;
  }

  /** Why pictures have to leave this device: a key of the page's words; null where they need not. */
  whyPictures() {
    return this.obstacle || (this.report.needsHands() ? "hands" : null);
  }

  async chosenWay(run) {
    const way = this.wantedWay();
    if (way === this.ways.pictures) return way;
    if (!way.recogniser.isReady) this.report.link("preparing");
    try {
      await way.recogniser.open();
    } catch {
      this.giveUp("broken");
    }
    return this.isCurrent(run) ? this.wantedWay() : way;
  }

  /** From now on the coach PC looks at the pictures. */
  giveUp(why) {
    this.obstacle = why;
    this.way = null;
  }

  /** Where the pictures are looked at while they are judged: "here", "there" with the reason `why`, null before that is known. */
  get place() {
    if (!this.way) return null;
    return this.way === this.ways.landmarks ? { key: "here" } : { key: "there", why: this.whyPictures() };
  }

  /** What is `seen` of the picture: labels are to lie there. */
  showPicture(seen) {
    this.seen = seen;
  }

  /** Turns the picture by a quarter, clockwise; the page then shows what is judged and not the camera's own picture. */
  turn() {
    this.rotate = (this.rotate + 90) % 360;
  }

  /** The camera on the other side of a phone. */
  flip() {
    remember({ device: "", facing: this.isMirrored ? "environment" : "user" });
    this.report.restart();
  }

  isCurrent(run) {
    return this.isRunning && run === this.run;
  }

  async openCamera(run) {
    if (!navigator.mediaDevices) return this.report.link("insecure");
    this.report.link("opening");
    try {
      const wanted = { facingMode: choices.facing, ...(choices.device && { deviceId: choices.device }) };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 720 } } });
      if (!this.isCurrent(run)) return stream.getTracks().forEach((track) => track.stop());
      this.stream = stream;
    } catch (error) {
      return this.report.link({ NotAllowedError: "refused", NotFoundError: "none", NotReadableError: "busy" }[error.name] || "none");
    }
    const [track] = this.stream.getVideoTracks();
    this.label = track.label;
    const { deviceId, facingMode } = track.getSettings();
    remember({ device: deviceId || "", ...(facingMode && { facing: facingMode }) });
    this.isMirrored = facingMode !== "environment";
    this.video.classList.toggle("mirrored", this.isMirrored);
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

  /** Whether a session is open, once there is a place; not when meanwhile another way is wanted. */
  async openSession(run, way) {
    while (this.isCurrent(run) && way === this.wantedWay()) {
      try {
        const session = await api.openVisitor(this.label, way.sends);
        if (!this.isCurrent(run)) return api.closeVisitor(session.id);
        this.visitor = session.id;
        this.side = session.max_side || MAX_SIDE;
        this.backoff.reset();
        this.report.link("up");
        return true;
      } catch (error) {
        if (error.status === 503) await this.waitForPlace(run, error.body);
        else await this.lostServer(error);
      }
    }
    return false;
  }

  async waitForPlace(run, { limit, wait_s }) {
    const way = this.wantedWay();
    for (let left = Math.ceil(wait_s || FULL_WAIT_S); left > 0 && this.isCurrent(run) && way === this.wantedWay(); left--) {
      this.report.link("full", { n: limit, left });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async lostServer(error) {
    this.report.link("down", { said: error && error.body });
    await this.backoff.pause();
  }

  /** Something was looked at that had begun then. */
  tick(began) {
    this.times = [...this.times.filter((time) => time > began - 1000 * LAST_S), performance.now()];
  }

  /** A verdict has come, about this picture. */
  judged(state, picture) {
    this.backoff.reset();
    this.report.link("up");
    this.report.state(state);
    this.isBehind = Boolean(state.slow);
    this.overlay.draw(state.sketch, this.showsJudged() ? picture : null, this.isMirrored);
  }

  /** Whether the picture that was judged is shown, because the camera's own is ahead of it or lies otherwise. */
  showsJudged() {
    return this.isBehind || this.rotate !== 0;
  }

  /** What was sent was not taken. */
  async refused(error) {
    if (error.status !== 409 && error.status !== 429) this.overlay.clear();
    if (error.status === 404) this.way = null;
    else if (error.body.error === "other_kind") this.way = null;
    else if (error.status === 429) await new Promise((resolve) => setTimeout(resolve, 1000 * (error.body.wait_s || 1)));
    else if (error.status !== 409) await this.lostServer(error);
  }

  /** What is practised, and how the picture is shown. */
  asked() {
    const { topic, profile } = choices;
    return { topic, profile, mirror: Number(this.isMirrored), lang: language(), font: this.overlay.leastFont(this.frame.width), seen: this.seen && written(this.seen), took: this.tookMs ? this.tookMs.toFixed(0) : null };
  }

  /** Draws the picture now on `frame`, its long side at most so many pixels, turned; whether there is one. */
  capture(most) {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return false;
    const scale = Math.min(1, most / Math.max(videoWidth, videoHeight));
    const [width, height] = [videoWidth, videoHeight].map((side) => Math.round(side * scale));
    const [across, down] = this.rotate % 180 ? [height, width] : [width, height];
    if (this.frame.width !== across) this.frame.width = across;
    if (this.frame.height !== down) this.frame.height = down;
    const pen = this.frame.getContext("2d", { alpha: false });
    pen.setTransform(1, 0, 0, 1, across / 2, down / 2);
    pen.rotate((this.rotate * Math.PI) / 180);
    pen.drawImage(this.video, -width / 2, -height / 2, width, height);
    return true;
  }

  /** The picture now as a JPEG, null while there is none. */
  jpeg() {
    if (!this.capture(this.side)) return Promise.resolve(null);
    return new Promise((resolve) => this.frame.toBlob(resolve, "image/jpeg", 0.8));
  }

  /** The picture now for the recogniser, null while there is none. */
  bitmap() {
    return this.capture(LOOKED_AT_PX) ? createImageBitmap(this.frame) : Promise.resolve(null);
  }

  /** The picture last captured, on a canvas of its own. */
  copy() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.frame.width, this.frame.height];
    canvas.getContext("2d").drawImage(this.frame, 0, 0);
    return canvas;
  }

  ratio() {
    if (!this.video.videoWidth) return null;
    const ratio = this.video.videoWidth / this.video.videoHeight;
    return this.rotate % 180 ? 1 / ratio : ratio;
  }

  /** Draws the picture as it is on the screen, with what was drawn on it unless the bare picture is wanted. */
  paint(pen, width, height, isBare = false) {
    pen.save();
    if (this.isMirrored) {
      pen.translate(width, 0);
      pen.scale(-1, 1);
    }
    pen.drawImage(this.rotate ? this.frame : this.video, 0, 0, width, height);
    pen.restore();
    if (this.overlay.canvas.width && !isBare) pen.drawImage(this.overlay.canvas, 0, 0, width, height);
  }

  fps() {
    const [first, last] = [this.times[0], this.times[this.times.length - 1]];
    return this.times.length > 1 ? (1000 * (this.times.length - 1)) / (last - first) : null;
  }
}
