// Draws on the visitor's own picture: skeleton, then the worst clauses in place. Points come unmirrored and are mirrored here, before
// anything is drawn, so that the words on the picture stay readable.

import { COLOURS, INK } from "./colours.js";
import { drawClause } from "./drawings.js";

const EDGES = [[11, 12], [11, 13], [13, 15], [12, 14], [14, 16], [11, 23], [12, 24], [23, 24], [23, 25], [25, 27], [24, 26], [26, 28], [27, 29], [29, 31], [27, 31], [28, 30], [30, 32], [28, 32]];
const JOINTS = [...new Set(EDGES.flat())];
const MIN_VISIBILITY = 0.5;
const MOST_DRAWN = 3;
const SEVERITY = { fail: 3, warn: 2, pass: 1, unjudged: 0 };

/** A canvas over the picture. `font` is in its pixels, `points` are on it or null where unseen. */
export class Overlay {
  /** `name(id)`: the words for a clause. */
  constructor(canvas, name) {
    this.canvas = canvas;
    this.name = name;
    this.pen = canvas.getContext("2d");
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Draws a state with `landmarks` over the whole canvas. */
  draw(state, isMirrored) {
    const { clientWidth, clientHeight } = this.canvas;
    const dots = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(clientWidth * dots)) this.canvas.width = Math.round(clientWidth * dots);
    if (this.canvas.height !== Math.round(clientHeight * dots)) this.canvas.height = Math.round(clientHeight * dots);
    this.clear();
    if (!state.landmarks) return;
    const short = Math.min(this.canvas.width, this.canvas.height);
    this.size = Math.max(2, short / 240);
    this.font = Math.max(13 * dots, short / 26);
    this.isMirrored = isMirrored;
    this.view = state.view;
    this.points = this.placed(state.landmarks, isMirrored);
    const seen = this.points.filter(Boolean);
    this.taken = this.faceBox();
    this.bodyX = seen.length ? [Math.min(...seen.map((p) => p.x)), Math.max(...seen.map((p) => p.x))] : [0, 0];
    const drawable = state.clauses.filter((clause) => clause.drawing && clause.state !== "unjudged");
    this.skeleton(drawable);
    const amiss = drawable.filter((clause) => clause.state !== "pass");
    const worst = [...(amiss.length ? amiss : drawable)].sort((a, b) => SEVERITY[b.state] - SEVERITY[a.state]);
    for (const clause of worst.slice(0, MOST_DRAWN)) drawClause(this, clause);
  }

  /** Where no label may lie. */
  faceBox() {
    const face = this.points.slice(0, 11).filter(Boolean);
    if (!face.length) return [];
    const [x, y] = [Math.min(...face.map((p) => p.x)), Math.min(...face.map((p) => p.y))];
    const [width, height] = [Math.max(...face.map((p) => p.x)) - x, Math.max(...face.map((p) => p.y)) - y];
    const margin = 0.4 * Math.max(width, height);
    return [{ x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }];
  }

  placed(landmarks, isMirrored) {
    const [width, height] = landmarks.size;
    const [scaleX, scaleY] = [this.canvas.width / width, this.canvas.height / height];
    return landmarks.pose.map((point) => {
      if (!point || point[0] === null || point[2] < MIN_VISIBILITY) return null;
      const [x, y] = point;
      if (x < -0.1 * width || x > 1.1 * width || y < -0.1 * height || y > 1.1 * height) return null;
      return { x: (isMirrored ? width - x : x) * scaleX, y: y * scaleY };
    });
  }

  /** The mean of a group of points, null when one is missing. */
  mean(group) {
    const points = group.map((i) => this.points[i]);
    if (points.length === 0 || points.some((point) => !point)) return null;
    return { x: points.reduce((sum, p) => sum + p.x, 0) / points.length, y: points.reduce((sum, p) => sum + p.y, 0) / points.length };
  }

  skeleton(clauses) {
    const worse = (one, other) => (SEVERITY[other] > SEVERITY[one] ? other : one);
    const ofEdge = ([a, b]) => clauses.filter(({ drawing }) => takesPart(a, b, drawing)).reduce((state, clause) => worse(state, clause.state), "unjudged");
    const ofJoint = (joint) => clauses.filter(({ drawing }) => drawing.points.some((group) => group.includes(joint))).reduce((state, clause) => worse(state, clause.state), "unjudged");
    const [shoulders, ears] = [this.mean([11, 12]), this.mean([7, 8])];
    if (shoulders && ears) this.limb(shoulders, { x: shoulders.x + 0.6 * (ears.x - shoulders.x), y: shoulders.y + 0.6 * (ears.y - shoulders.y) }, "unjudged");
    const limbs = EDGES.map((edge) => [edge, ofEdge(edge)]).sort((a, b) => SEVERITY[a[1]] - SEVERITY[b[1]]);
    for (const [[a, b], state] of limbs) this.limb(this.points[a], this.points[b], state);
    for (const joint of JOINTS) if (this.points[joint]) this.dot(this.points[joint], ofJoint(joint));
  }

  /** Thin grey unjudged, solid pass, broken warn, thick with a white rim fail, so that it reads without colour. */
  limb(a, b, state) {
    if (!a || !b) return;
    if (state === "fail") {
      this.line(a, b, "#fff", 2 * this.size + 3);
      this.line(a, b, COLOURS.fail, 2 * this.size);
    } else if (state === "warn") {
      this.line(a, b, INK, this.size);
      this.line(a, b, COLOURS.warn, 2 * this.size, [3 * this.size, 2.5 * this.size]);
    } else {
      this.line(a, b, COLOURS[state], state === "pass" ? 1.4 * this.size : this.size);
    }
  }

  line(a, b, colour, width, dashes = []) {
    const { pen } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.lineCap = dashes.length ? "butt" : "round";
    pen.setLineDash(dashes);
    pen.beginPath();
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
    pen.stroke();
    pen.setLineDash([]);
  }

  dot(point, state) {
    const radius = this.size * (state === "unjudged" ? 1.1 : 1.6);
    this.disc(point, radius + 1.5, "#fff");
    this.disc(point, radius, COLOURS[state]);
  }

  disc({ x, y }, radius, colour) {
    this.pen.fillStyle = colour;
    this.pen.beginPath();
    this.pen.arc(x, y, radius, 0, 2 * Math.PI);
    this.pen.fill();
  }

  /** A translucent area where the value may lie. */
  shade(corners, colour = COLOURS.pass) {
    const { pen } = this;
    pen.beginPath();
    corners.forEach(({ x, y }, i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.globalAlpha = 0.38;
    pen.fillStyle = colour;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.stroke();
  }
}

function takesPart(a, b, drawing) {
  if (drawing.kind === "gap") return false;
  return drawing.points.slice(1).some((group, i) => {
    const before = drawing.points[i];
    return (before.includes(a) && group.includes(b)) || (before.includes(b) && group.includes(a));
  });
}
