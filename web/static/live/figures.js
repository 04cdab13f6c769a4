// Stylised people made of thick round strokes: filled they are the topics' pictures, hollow they are the outline to step into.

import { svg } from "../shared/dom.js";

const BOX = { standing: "0 0 200 400", side: "0 0 200 400", counter: "0 0 260 360", sitting: "0 0 280 360", desk: "0 0 320 300", crouching: "0 0 280 320", face: "0 0 240 300", row: "0 0 380 400", bow: "0 0 240 400", gesture: "0 0 250 400", walking: "0 0 240 400", talking: "0 0 340 300" };

// Each limb: [width, points...]; "o" is a disc or an oval: ["o", x, y, rx, ry].
const FRONT = [
  ["o", 100, 42, 23, 28], [22, 100, 66, 100, 84], [30, 70, 100, 130, 100], [44, 82, 108, 84, 195, 116, 195, 118, 108, 82, 108], [40, 100, 110, 100, 200],
  [21, 63, 104, 52, 158, 56, 212], [21, 137, 104, 148, 158, 144, 212], [34, 86, 206, 88, 290], [34, 114, 206, 112, 290], [24, 88, 290, 88, 368], [24, 112, 290, 112, 368],
  [18, 87, 376, 80, 384], [18, 113, 376, 120, 384],
];
const SIDE = [
  ["o", 100, 42, 26, 28], [10, 122, 46, 126, 50], [22, 96, 66, 95, 86], [50, 97, 112, 95, 160, 97, 196], [22, 95, 108, 92, 160, 104, 214],
  [40, 97, 206, 99, 288], [27, 99, 290, 96, 366], [18, 96, 382, 124, 384],
];
const SITTING = [
  ["o", 112, 44, 26, 28], [10, 134, 48, 138, 52], [22, 108, 68, 105, 88], [52, 106, 114, 98, 170, 98, 204], [22, 104, 112, 112, 166, 152, 188],
  [42, 102, 214, 178, 216], [30, 186, 220, 186, 318], [18, 186, 336, 216, 338],
];
const COUNTER = [
  ["o", 130, 44, 24, 29], [22, 130, 68, 130, 88], [30, 98, 104, 162, 104], [46, 112, 112, 112, 190, 148, 190, 148, 112], [44, 130, 112, 130, 190], [22, 92, 108, 82, 160, 112, 196], [22, 168, 108, 178, 160, 148, 196],
  [40, 112, 212, 108, 236], [40, 148, 212, 152, 236], [28, 108, 240, 108, 326], [28, 152, 240, 152, 326], [18, 106, 338, 102, 344], [18, 154, 338, 158, 344],
];
const DESK = [
  ["o", 160, 54, 28, 34], [26, 160, 84, 160, 104], [34, 120, 122, 200, 122], [52, 140, 130, 144, 216, 176, 216, 180, 130], [46, 160, 130, 160, 216], [26, 111, 128, 92, 190, 132, 234], [26, 209, 128, 228, 190, 188, 234],
  [18, 40, 254, 280, 254],
];
const CROUCH = [
  ["o", 118, 40, 25, 27], [10, 139, 44, 143, 48], [22, 114, 62, 112, 82], [50, 112, 106, 106, 150, 104, 182], [22, 112, 104, 128, 146, 168, 170],
  [38, 106, 194, 184, 190], [27, 190, 196, 186, 282], [18, 186, 298, 216, 300], [36, 104, 198, 142, 250], [25, 142, 258, 84, 276], [18, 76, 280, 92, 302],
];
const FACE = [["o", 120, 116, 70, 88], [50, 120, 200, 120, 246], [44, 40, 290, 44, 276, 84, 258, 156, 258, 196, 276, 200, 290], [60, 84, 290, 156, 290]];

const BOW = [
  ["o", 186, 84, 27, 26], [10, 200, 102, 204, 107], [22, 166, 98, 152, 112], [50, 140, 126, 112, 166, 92, 200], [22, 142, 124, 146, 180, 152, 226],
  [40, 84, 212, 86, 290], [27, 86, 292, 84, 366], [18, 84, 382, 112, 384],
];
const GESTURE = [
  ...FRONT.filter(([, x]) => x !== 137), [21, 137, 104, 172, 158, 220, 136], [14, 222, 135, 240, 127],
];
const WALKING = [
  ["o", 120, 42, 26, 28], [10, 142, 46, 146, 50], [22, 116, 66, 115, 86], [50, 117, 112, 115, 160, 115, 192], [20, 115, 110, 86, 158, 74, 200], [20, 115, 110, 142, 158, 172, 188],
  [38, 114, 206, 86, 284], [26, 86, 286, 44, 350], [18, 34, 358, 48, 376], [40, 118, 206, 146, 286], [27, 148, 288, 160, 364], [18, 162, 378, 190, 372],
];
const TALKING = [
  ["o", 88, 70, 34, 40], [12, 118, 76, 126, 82], [28, 82, 104, 80, 128], [60, 58, 170, 102, 170, 108, 282, 50, 282, 58, 170],
  ["o", 252, 70, 34, 40], [12, 222, 76, 214, 82], [28, 258, 104, 260, 128], [60, 238, 170, 282, 170, 290, 282, 232, 282, 238, 170],
];

const moved = (limbs, dx, dy = 0, scale = 1) => limbs.map(([width, ...rest]) => (width === "o"
  ? ["o", rest[0] * scale + dx, rest[1] * scale + dy, rest[2] * scale, rest[3] * scale]
  : [width * scale, ...rest.map((value, i) => value * scale + (i % 2 ? dy : dx))]));

const LIMBS = { bow: BOW, gesture: GESTURE, walking: WALKING, talking: TALKING, standing: FRONT, side: SIDE, counter: COUNTER, sitting: SITTING, desk: DESK, crouching: CROUCH, face: FACE, row: [...moved(FRONT, 0, 52, 0.86), ...moved(FRONT, 208, 52, 0.86), ...moved(FRONT, 90, 0, 1)] };
const PLAIN = "standing";

const known = (name) => (name in LIMBS ? name : PLAIN);

function shapes(name, paint, grow) {
  return LIMBS[name].map(([width, ...rest]) => (width === "o"
    ? svg("ellipse", { cx: rest[0], cy: rest[1], rx: rest[2] + grow / 2, ry: rest[3] + grow / 2, fill: paint })
    : svg("polyline", { points: rest.join(" "), fill: "none", stroke: paint, "stroke-width": width + grow, "stroke-linecap": "round", "stroke-linejoin": "round" })));
}

/** The picture on a topic's button, by the name its rule file gives it. */
export function icon(wanted) {
  const name = known(wanted);
  const picture = svg("svg", { class: "figure", viewBox: BOX[name], "aria-hidden": "true" }, ...shapes(name, "currentColor", 0));
  if (name === "face") {
    picture.append(svg("path", { class: "feature", d: "M86 138 Q120 180 154 138" }), svg("path", { class: "feature", d: "M86 98 q9 -11 18 0 M136 98 q9 -11 18 0" }));
  }
  return picture;
}

/** Which of a topic's outlines (`front`, `side`) fits the view; `isFlipped` when the person looks to the picture's left. */
export function outlineFor(outlines, view, isMirrored) {
  const isSide = view === "side_left" || view === "side_right";
  const name = known(isSide ? outlines.side : outlines.front);
  const looksLeft = (view === "side_left") !== isMirrored && isSide;
  return { name, isFlipped: looksLeft };
}

/** The hollow outline as an SVG of its own. */
export function outline({ name, isFlipped }) {
  const [, , width, height] = BOX[name].split(" ").map(Number);
  const ring = (id, from, to) => svg("mask", { id, maskUnits: "userSpaceOnUse", x: -20, y: -20, width: width + 40, height: height + 40 }, ...shapes(name, "white", to), ...shapes(name, "black", from));
  const area = { x: -20, y: -20, width: width + 40, height: height + 40 };
  const body = svg("g", isFlipped ? { transform: `translate(${width} 0) scale(-1 1)` } : {},
    svg("rect", { ...area, class: "halo", mask: "url(#outline-halo)" }), svg("rect", { ...area, class: "edge", mask: "url(#outline-edge)" }));
  return svg("svg", { class: `outline ${name}`, viewBox: `-12 -8 ${width + 24} ${height + 16}`, "aria-hidden": "true" }, svg("defs", {}, ring("outline-halo", 2, 14), ring("outline-edge", 5, 11)), body);
}
