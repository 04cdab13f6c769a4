// Calibration: how the camera is tilted (two clicks on an upright edge, or the slider) and how the person looks at rest.

import { byId, el, setText, show, svg } from "../shared/dom.js";
import { say } from "../shared/language.js";
import * as api from "./api.js";
import { t } from "./words.js";

const SECONDS = 3;
const MOST_DEG = 20;
const UNDO_MS = 10000;

export class Calibration {
  constructor(page) {
    this.page = page;
    this.dialog = byId("calibration");
    this.picture = byId("cal-picture");
    this.canvas = byId("cal-canvas");
    this.roll = 0;
    this.clicks = [];
    this.undoUntil = 0;
    byId("calibrate").addEventListener("click", () => this.open());
    byId("cal-close").addEventListener("click", () => this.dialog.close());
    byId("cal-go").addEventListener("click", () => this.make());
    byId("cal-delete").addEventListener("click", () => this.remove());
    byId("cal-undo").addEventListener("click", () => this.undo());
    byId("cal-zero").addEventListener("click", () => this.setRoll(0));
    byId("cal-slider").addEventListener("input", (event) => this.setRoll(Number(event.target.value)));
    this.picture.addEventListener("click", (event) => this.click(event));
    this.dialog.addEventListener("close", () => clearInterval(this.timer));
  }

  where() {
    const { camera } = this.page;
    return camera.visitor ? { visitor: camera.visitor, camera: camera.label } : { camera: this.page.cameraName };
  }

  async open() {
    this.clicks = [];
    setText(byId("cal-note"), "");
    this.page.places.open(this.dialog);
    this.resize();
    this.timer = setInterval(() => this.tick(), 100);
    await this.load();
    this.setRoll((this.have && this.have.roll_deg) || 0);
    this.describe();
  }

  async load() {
    const answer = await api.getCalibration(this.where()).catch(() => null);
    this.have = answer && answer.calibration;
  }

  tick() {
    this.paint();
    const left = Math.ceil((this.undoUntil - performance.now()) / 1000);
    show(byId("cal-undo"), left > 0);
    if (left > 0) setText(byId("cal-undo"), t("cal_undo", { n: left }));
  }

  resize() {
    const ratio = this.page.camera.ratio() || 4 / 3;
    this.canvas.width = 640;
    this.canvas.height = Math.round(640 / ratio);
    this.picture.style.setProperty("--ratio", String(ratio));
    byId("cal-lines").setAttribute("viewBox", `0 0 ${this.canvas.width} ${this.canvas.height}`);
    this.paint();
  }

  paint() {
    this.page.camera.paint(this.canvas.getContext("2d"), this.canvas.width, this.canvas.height, true);
  }

  /** Two clicks on one upright edge, the tilt from between them. The picture is mirrored, the tilt is told unmirrored. */
  click(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = { x: ((event.clientX - box.left) / box.width) * this.canvas.width, y: ((event.clientY - box.top) / box.height) * this.canvas.height };
    this.clicks = this.clicks.length === 1 ? [...this.clicks, at] : [at];
    if (this.clicks.length === 2) {
      const [top, bottom] = [...this.clicks].sort((a, b) => a.y - b.y);
      const leansRight = (Math.atan2(top.x - bottom.x, bottom.y - top.y) * 180) / Math.PI;
      if (Math.abs(leansRight) <= MOST_DEG && bottom.y - top.y > 20) this.setRoll(-leansRight, true);
      else this.clicks = [];
    }
    this.drawLines();
  }

  setRoll(roll, keepClicks = false) {
    this.roll = Math.round(10 * roll) / 10;
    if (!keepClicks) this.clicks = [];
    byId("cal-slider").value = String(this.roll);
    setText(byId("cal-degrees"), `${this.roll > 0 ? "+" : ""}${this.roll.toFixed(1)}°`);
    this.drawLines();
  }

  drawLines() {
    const { width, height } = this.canvas;
    const lean = Math.tan((-this.roll * Math.PI) / 180) * height;
    const [first, last] = this.clicks;
    const middle = first && last ? (first.x + last.x) / 2 + (lean * ((first.y + last.y) / 2 - height / 2)) / height : width / 2;
    const line = (kind, x1, y1, x2, y2) => svg("line", { class: kind, x1, y1, x2, y2 });
    byId("cal-lines").replaceChildren(
      line("under", middle + lean / 2, 0, middle - lean / 2, height), line("upright", middle + lean / 2, 0, middle - lean / 2, height),
      ...this.clicks.map(({ x, y }) => svg("circle", { class: "dot", cx: x, cy: y, r: 7 })));
    setText(byId("cal-hint"), this.clicks.length === 1 ? t("cal_click2") : "");
  }

  async make() {
    const button = byId("cal-go");
    button.disabled = true;
    const asked = api.makeCalibration(this.where(), { seconds: SECONDS, roll_deg: this.roll }).then(() => "", (error) => say(error.body) || t("cal_failed"));
    for (let left = SECONDS; left > 0; left--) {
      setText(byId("cal-note"), t("cal_hold", { n: left }));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const trouble = await asked;
    button.disabled = false;
    await this.load();
    this.undoUntil = trouble ? this.undoUntil : 0;
    setText(byId("cal-note"), trouble);
    this.describe();
  }

  async remove() {
    const isDone = await api.deleteCalibration(this.where()).then(() => true, () => false);
    setText(byId("cal-note"), t(isDone ? "cal_deleted" : "failed"));
    if (!isDone) return;
    this.undoUntil = performance.now() + UNDO_MS;
    this.have = null;
    this.setRoll(0);
    this.describe();
    this.tick();
    byId("cal-undo").focus();
  }

  /** Takes back a deletion: the server still knows what it was. */
  async undo() {
    const trouble = await api.undoDeletion(this.where()).then(() => "", (error) => say(error.body) || t("failed"));
    this.undoUntil = 0;
    this.tick();
    await this.load();
    this.setRoll((this.have && this.have.roll_deg) || 0);
    setText(byId("cal-note"), trouble || t("cal_undone"));
    this.describe();
    byId(this.have ? "cal-delete" : "cal-go").focus();
  }

  describe() {
    const have = this.have;
    setText(byId("cal-go"), t(have ? "cal_redo" : "cal_go"));
    show(byId("cal-delete"), Boolean(have));
    byId("cal-have").className = have ? "have" : "have not";
    const rows = have ? [[t("cal_when"), have.made ? new Date(have.made).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }) : null],
      [t("cal_roll"), `${(have.roll_deg || 0).toFixed(1)}°`], [t("cal_face"), t(have.neutral ? "cal_yes" : "cal_no")]] : [];
    byId("cal-have").replaceChildren(el("b", { text: t(have ? "cal_have" : "cal_none") }),
      ...rows.filter(([, value]) => value).map(([name, value]) => el("span", {}, `${name} `, el("i", { text: value }))));
  }
}
