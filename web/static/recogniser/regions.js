// Where in the picture to look, as posecoach/estimators/regions.py has it: pure geometry, pixels.

const HEAD_SIDE_M = 0.45;
const HOLD_SHARE = 0.15;
const HOLD_RATIO = 1.25;
const FACE_GATE_M = 0.045;
const WHOLE_MARGIN = 1.5;
const FOLLOW_MARGIN = 1.6;
const START_MARGIN = 1.25;
const SAME_PLACE = 0.5;
const IN_LINE = 0.15;
const [TRUNK, HEAD] = [25, 11];
const [LEFT_SHOULDER, LEFT_HIP] = [11, 23];
const [LEFT_EYE, RIGHT_EYE] = [2, 5];
const [LEFT_OUTER, LEFT_INNER, RIGHT_OUTER, RIGHT_INNER] = [263, 362, 33, 133];

/** The middle of points. */
export const middle = (points) => [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);

export const between = ([x, y], [otherX, otherY]) => Math.hypot(x - otherX, y - otherY);

/** How far points lie from their middle, all together. */
function spread(points) {
  const centre = middle(points);
  return Math.hypot(...points.map((point) => between(point, centre)));
}

/** Scale of a body in the picture, pixels a metre; 0 where it is unknown. */
export function pxPerM({ px, world }) {
  const scale = spread(px.slice(0, TRUNK)) / spread(world.slice(0, TRUNK));
  return Number.isFinite(scale) ? scale : 0;
}

/** The nearest whole number, of two as near the even one, as in Python. */
function rounded(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/** A square of `side` whole pixels round a point; it may reach beyond the picture. */
export function squareAround([x, y], side) {
  const whole = Math.max(8, rounded(side));
  return { x: rounded(x - whole / 2), y: rounded(y - whole / 2), side: whole };
}

export const headCentre = (px) => middle(px.slice(0, HEAD));

/** How large the head's square is in a picture of this scale. */
export const headSide = (scale) => HEAD_SIDE_M * scale;

export const headSquare = (px, scale) => squareAround(headCentre(px), headSide(scale));

export const wholeSquare = ({ width, height }) => squareAround([width / 2, height / 2], WHOLE_MARGIN * Math.max(width, height));

/** Points given in shares of a square's side, in pixels of the picture. */
export const place = ({ x, y, side }, points) => points.map(([across, down]) => [across * side + x, down * side + y]);

/** Whether another square is so near in place and size that this one may stay. */
export function holds(square, other) {
  const shift = Math.max(...["x", "y"].map((axis) => Math.abs(square[axis] + square.side / 2 - other[axis] - other.side / 2)));
  const ratio = other.side / square.side;
  return shift <= HOLD_SHARE * square.side && 1 / HOLD_RATIO <= ratio && ratio <= HOLD_RATIO;
}

/** Whether both eyes of a face mesh lie where a body has the same eyes. */
export function isFaceOf(face, px, scale) {
  const left = between(middle([face[LEFT_OUTER], face[LEFT_INNER]]), px[LEFT_EYE]);
  const right = between(middle([face[RIGHT_OUTER], face[RIGHT_INNER]]), px[RIGHT_EYE]);
  return Math.max(left, right) <= FACE_GATE_M * scale;
}

/** Pixels between the outer eye corners of a mesh. */
export const eyeDistance = (face) => between(face[LEFT_OUTER], face[RIGHT_OUTER]);

export const hipsOf = (px) => middle(px.slice(LEFT_HIP, LEFT_HIP + 2));

/** How low the shoulders are in the picture. */
export const shouldersY = (px) => middle(px.slice(LEFT_SHOULDER, LEFT_SHOULDER + 2))[1];

/** The main one of people: the most prominent; who stays where `home` has been counts `stayFactor` times. */
export function mainPerson(people, { width }, home, stayFactor) {
  const weight = ({ x, y, radius }) => {
    const stays = home && between([x, y], home) <= SAME_PLACE * radius;
    return radius ** 2 * (1 - 0.5 * Math.min(Math.abs((2 * x) / width - 1), 1)) * (stays ? stayFactor : 1);
  };
  return people.reduce((best, person) => (weight(person) > weight(best) ? person : best));
}

/** Left, top, right and bottom of what is shown to the model that it finds `person`: at most half-way to the others. */
export function startRegion({ x, y, radius }, others) {
  const reach = START_MARGIN * radius;
  let [left, right] = [x - reach, x + reach];
  for (const other of others) {
    const gap = other.x - x;
    const border = x + (gap * radius) / (radius + other.radius);
    if (gap > IN_LINE * radius) right = Math.min(right, border);
    else if (gap < -IN_LINE * radius) left = Math.max(left, border);
  }
  return [left, y - reach, right, y + reach];
}

/** What is kept round a body for its next picture. */
export function followRegion(px) {
  const edges = [0, 1].map((axis) => px.map((point) => point[axis])).map((values) => [Math.min(...values), Math.max(...values)]);
  const [across, down] = edges.map(([low, high]) => [(low + high) / 2, ((high - low) / 2) * FOLLOW_MARGIN]);
  return [across[0] - across[1], down[0] - down[1], across[0] + across[1], down[0] + down[1]];
}
