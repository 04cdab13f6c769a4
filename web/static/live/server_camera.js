// The server's camera: its annotated pictures in an <img>, its verdicts as events.

import { byId, el } from "../shared/dom.js";
import { EventStream } from "../shared/events.js";
import { language } from "../shared/language.js";
import { choices } from "../shared/store.js";
import * as api from "./api.js";
import { askedFor, isFar } from "./sizes.js";

export class ServerCamera {
  /** `report.state(state)` for every verdict, `report.link("up" | "down" | "full")`. */
  constructor(report) {
    this.kind = "server";
    this.isMirrored = true;
    this.visitor = null;
    this.report = report;
    this.events = new EventStream(api.eventsAddress, (state) => this.onState(state), (link) => this.onLink(link));
    this.take(byId("stream"));
    this.next = null;
    this.isThere = true;
    this.asked = { font: 0, width: 0, seen: [0, 0, 1, 1] };
  }

  start() {
    this.isRunning = true;
    this.image.hidden = false;
    this.choose();
    this.events.open();
    this.openStream();
  }

  /** Lets go of both streams, so that a hidden tab costs the server nothing. */
  stop() {
    this.isRunning = false;
    clearTimeout(this.timer);
    this.events.close();
    if (this.next) this.next.removeAttribute("src");
    this.next = null;
    this.image.removeAttribute("src");
    this.image.hidden = true;
  }

  /** Tells the server what is practised. */
  async choose() {
    await api.setSession({ topic: choices.topic, profile: choices.profile, mirror: true }).catch(() => {});
  }

  /** Turns the picture by a quarter, clockwise, for everybody who looks. */
  async turn() {
    const { rotate } = await api.setSession({});
    await api.setSession({ rotate: (rotate + 90) % 360 });
  }

  openStream() {
    if (this.isRunning) this.image.src = api.streamAddress(language(), this.asked);
  }

  /**
   * Hides the browser's sign of a picture that did not come, and asks for another where the picture is shown larger or smaller now or other parts
   * of it are `seen`. The old one stays until the new one comes.
   */
  showPicture(seen) {
    if (this.next && this.next.naturalWidth) this.swap();
    this.image.classList.toggle("broken", !this.image.naturalWidth);
    if (!this.image.naturalWidth || !this.image.clientWidth || this.next || !seen) return;
    const asked = askedFor(this.image.clientWidth, window.devicePixelRatio || 1, this.image.naturalWidth, seen);
    if (!isFar(this.asked, asked)) return;
    this.asked = asked;
    this.next = el("img", { id: "stream", alt: "", src: api.streamAddress(language(), asked) });
    this.next.addEventListener("error", () => (this.next = null));
  }

  swap() {
    this.image.removeAttribute("src");
    this.image.replaceWith(this.next);
    this.take(this.next);
    this.next = null;
  }

  take(image) {
    this.image = image;
    image.addEventListener("error", () => this.image === image && this.later());
  }

  later() {
    clearTimeout(this.timer);
    if (this.isRunning && this.isThere && this.image.hasAttribute("src")) this.timer = setTimeout(() => this.openStream(), 1500);
  }

  onState(state) {
    this.isThere = state.camera.state !== "none";
    this.report.state(state);
  }

  onLink(link) {
    if (link === "up" && this.wasDown) this.openStream();
    if (link === "up" && this.wasDown) this.choose();
    this.wasDown = link !== "up";
    this.report.link(link);
  }

  ratio() {
    return this.image.naturalWidth ? this.image.naturalWidth / this.image.naturalHeight : null;
  }

  /** Draws the picture as it is on the screen. */
  paint(pen, width, height) {
    if (this.image.naturalWidth) pen.drawImage(this.image, 0, 0, width, height);
  }

  fps() {
    return null;
  }
}
