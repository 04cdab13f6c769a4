// Cutting, scaling and measuring pictures, as posecoach/estimators/crops.py does.

const BRIGHT_STEP_PX = 16;

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

const [squares, rooms, samples] = [new Sheet(), new Sheet(), new Sheet()];

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
