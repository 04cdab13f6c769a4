// How large the picture is shown and where, so that the person fills the height of the stage.

const FILLS = 0.94;
const LARGEST = 2.5;
const [TOO_SMALL, TOO_LARGE] = [0.88, 1.0];
const TOO_FAR = 0.08;

/** The whole picture in the middle of the stage. */
export const WHOLE = { zoom: 1, x: 0.5, y: 0.5 };

/**
 * `box`: left, top, right and bottom of the person in widths and heights of the picture as it is shown; `ratio`: the picture's width by its
 * height; `stage`: width and height in pixels. The zoom beyond the size at which the whole picture fits, and the point of the picture that
 * lies in the middle of the stage.
 */
export function frameFor(box, ratio, { width, height }) {
  const [left, top, right, bottom] = box;
  const fitted = Math.min(width / ratio, height); // the height of the whole picture
  const wanted = Math.min((FILLS * height) / ((bottom - top) * fitted), (FILLS * width) / ((right - left) * fitted * ratio));
  const zoom = Math.max(1, Math.min(LARGEST, wanted));
  return { zoom, x: within((left + right) / 2, width / (zoom * fitted * ratio)), y: within((top + bottom) / 2, height / (zoom * fitted)) };
}

/** The middle of what is seen, moved so that no edge of the picture comes into the stage; `share` of the picture is seen. */
function within(middle, share) {
  return share >= 1 ? 0.5 : Math.max(share / 2, Math.min(1 - share / 2, middle));
}

/** Whether a person in `box` no longer lies well in what `frame` shows: too small, cut off, or far from the middle. */
export function isOff(frame, box, ratio, stage) {
  const wanted = frameFor(box, ratio, stage);
  const share = frame.zoom / wanted.zoom;
  return share < TOO_SMALL || share > TOO_LARGE / FILLS || Math.abs(wanted.x - frame.x) > TOO_FAR || Math.abs(wanted.y - frame.y) > TOO_FAR;
}

/** Left, top, right and bottom of what the stage shows of the picture, in its widths and heights. */
export function seenIn({ zoom, x, y }, ratio, { width, height }) {
  const fitted = Math.min(width / ratio, height) * zoom;
  const [across, down] = [width / (2 * fitted * ratio), height / (2 * fitted)];
  return [x - across, y - down, x + across, y + down].map((edge) => Math.max(0, Math.min(1, edge)));
}

/** The box of the state, which is not mirrored, in the picture as the mirror shows it. */
export const mirrored = (box) => box && [1 - box[2], box[1], 1 - box[0], box[3]];
