// Cutting, scaling and measuring pictures, as posecoach/estimators/crops.py does.

import { looksOf, patchesOf } from "./looks.js";

const BRIGHT_STEP_PX = 16;
const CLOTHES_PX = 96;
const BLANK = "rgb(128, 128, 128)";

/** A canvas of its own for each purpose, made when first needed. */
class Sheet {
  /** Its pen on an area of this size. */
  pen(width, height, options) {
    if (!this.canvas) this.canvas = new OffscreenCanvas(width, height);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    return this.canvas.getContext("2d", options);
  }
}

const [squares, rooms, samples, parts, clothes] = Array.from({ length: 5 }, () => new Sheet());

/** What a square shows of the picture, `side` pixels large, black where it reaches beyond; all black without a picture. */
export function cut(picture, square, side) {
  const pen = squares.pen(side, side, { alpha: false });
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, side, side);
  pen.imageSmoothingQuality = "high";
  const scale = square && side / square.side;
  if (picture) pen.drawImage(picture, -square.x * scale, -square.y * scale, picture.width * scale, picture.height * scale);
  return squares.canvas;
}

/** The picture with its edges continued by so many pixels on all sides. */
export function withMargin(picture, margin) {
  const [{ width, height }, last] = [picture, margin - 1];
  const pen = rooms.pen(width + 2 * margin, height + 2 * margin, { alpha: false });
  pen.imageSmoothingEnabled = false;
  const across = [[0, 1, 0, margin], [0, width, margin, width], [width - 1, 1, margin + width, last + 1]];
  const down = [[0, 1, 0, margin], [0, height, margin, height], [height - 1, 1, margin + height, last + 1]];
  for (const [x, w, toX, toW] of across) for (const [y, h, toY, toH] of down) pen.drawImage(picture, x, y, w, h, toX, toY, toW, toH);
  return rooms.canvas;
}

/** Mean brightness of every sixteenth pixel across and down, 0 to 255. */
export function brightness(picture) {
  const [width, height] = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length / BRIGHT_STEP_PX)));
  const pen = samples.pen(width, height, { alpha: false, willReadFrequently: true });
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
  return sum / (3 * width * height);
}

/** The picture with everything grey but a region: what lies in it stays where it was. */
export function blankOutside(picture, [left, top, right, bottom]) {
  const { width, height } = picture;
  const pen = parts.pen(width, height, { alpha: false });
  pen.fillStyle = BLANK;
  pen.fillRect(0, 0, width, height);
  const [x, y] = [Math.max(0, Math.round(left)), Math.max(0, Math.round(top))];
  const [w, h] = [Math.min(width, Math.round(right)) - x, Math.min(height, Math.round(bottom)) - y];
  if (w > 0 && h > 0) pen.drawImage(picture, x, y, w, h, x, y, w, h);
  return parts.canvas;
}

/** A picture as large that shows nothing. */
export const blank = (picture) => blankOutside(picture, [0, 0, 0, 0]);

/** What a body in the picture wears (`looksOf`): its trunk and thighs are read, made small. */
export function looks(picture, px) {
  const places = patchesOf(px).flat();
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const [left, top] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  const side = Math.max(1, Math.max(...xs) - left, Math.max(...ys) - top);
  const scale = Math.min(1, CLOTHES_PX / side);
  const pen = clothes.pen(CLOTHES_PX + 2, CLOTHES_PX + 2, { alpha: false, willReadFrequently: true });
  pen.drawImage(picture, -left * scale, -top * scale, picture.width * scale, picture.height * scale);
  const { data } = pen.getImageData(0, 0, CLOTHES_PX + 2, CLOTHES_PX + 2);
  return looksOf(px, (x, y) => {
    if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return null;
    const at = 4 * (Math.floor((y - top) * scale) * (CLOTHES_PX + 2) + Math.floor((x - left) * scale));
    return [data[at], data[at + 1], data[at + 2]];
  });
}
