// Where things go on the wall: plain numbers in, plain numbers out.

const ONE_ROW = 5;
export const GAP = 14;
const WIDEST = 470;
const TEXT_OF_WIDTH = 7.4;
const LARGEST_TEXT = 54;
const SMALLEST_TEXT = 20;
const ABOVE = 0.06;
const BELOW = 0.05;
const ASIDE = 0.04;
const CLOSEST = 1.7;

/** How cards of so many people look on a stage so wide: rows, width, size of text, lines of text, height of one and of all. */
export function cardStyle(count, stageWidth) {
  const rows = count > ONE_ROW ? 2 : 1;
  const perRow = Math.ceil(Math.max(count, 1) / rows);
  const width = Math.min(WIDEST * (stageWidth / 1920), stageWidth / perRow - GAP);
  const text = Math.max(SMALLEST_TEXT, Math.min(LARGEST_TEXT * (stageWidth / 1920), width / TEXT_OF_WIDTH));
  const lines = width >= 7.6 * text ? 2 : 3;
  const height = Math.round((1.5 + 1.12 * lines + 0.55) * text);
  return { rows, width, text, lines, height, strip: rows * (height + GAP) + GAP };
}

/** Left edges of cards so wide, each as near as can be to its middle, none over another; `middles` rise. */
export function spread(middles, width, stageWidth) {
  const step = width + GAP;
  const blocks = [];
  middles.forEach((middle, i) => {
    let block = { at: middle - width / 2 - i * step, count: 1, size: 1 };
    while (blocks.length && blocks.at(-1).at > block.at) {
      const last = blocks.pop();
      const count = last.count + block.count;
      block = { at: (last.at * last.count + block.at * block.count) / count, count, size: count };
    }
    blocks.push(block);
  });
  const shifts = blocks.flatMap((block) => Array(block.count).fill(block.at));
  const most = stageWidth - GAP / 2 - middles.length * step + GAP;
  return shifts.map((shift, i) => Math.max(GAP / 2, Math.min(most, shift)) + i * step);
}

/** Middles for all: those not known lie evenly between their neighbours. */
export function filled(middles, stageWidth) {
  const known = middles.map((middle, i) => [i, middle]).filter(([, middle]) => middle !== null);
  return middles.map((middle, i) => {
    if (middle !== null) return middle;
    const before = known.filter(([at]) => at < i).at(-1) || [-1, 0];
    const after = known.find(([at]) => at > i) || [middles.length, stageWidth];
    return before[1] + ((after[1] - before[1]) * (i - before[0])) / (after[0] - before[0]);
  });
}

/** How the picture lies in a window so that the whole row fills it: scale in window pixels a picture pixel, and where its corner is. */
export function framing(boxes, [pictureWidth, pictureHeight], windowWidth, windowHeight) {
  const whole = Math.min(windowWidth / pictureWidth, windowHeight / pictureHeight);
  if (!boxes.length) return centred(whole, pictureWidth / 2, pictureHeight / 2, [pictureWidth, pictureHeight], windowWidth, windowHeight);
  const left = Math.min(...boxes.map((box) => box[0])) - ASIDE;
  const right = Math.max(...boxes.map((box) => box[2])) + ASIDE;
  const top = Math.max(0, Math.min(...boxes.map((box) => box[1])) - ABOVE);
  const bottom = Math.min(1, Math.max(...boxes.map((box) => box[3])) + BELOW);
  const wanted = Math.min(windowWidth / ((right - left) * pictureWidth), windowHeight / ((bottom - top) * pictureHeight));
  const scale = Math.max(whole, Math.min(wanted, (CLOSEST * windowWidth) / pictureWidth));
  return centred(scale, ((left + right) / 2) * pictureWidth, ((top + bottom) / 2) * pictureHeight, [pictureWidth, pictureHeight], windowWidth, windowHeight);
}

function centred(scale, x, y, [pictureWidth, pictureHeight], windowWidth, windowHeight) {
  return {
    scale,
    left: held(windowWidth / 2 - x * scale, windowWidth - pictureWidth * scale),
    top: held(windowHeight / 2 - y * scale, windowHeight - pictureHeight * scale),
  };
}

/** A corner that leaves no room beside a picture larger than the window, and the middle for a smaller one. */
function held(corner, room) {
  return room >= 0 ? room / 2 : Math.min(0, Math.max(room, corner));
}

/** Whether the row has moved so much that the picture should follow. */
export function isOff(old, fresh, windowWidth) {
  if (!old) return true;
  const moved = Math.max(Math.abs(old.left - fresh.left), Math.abs(old.top - fresh.top)) / windowWidth;
  return moved > 0.03 || Math.abs(fresh.scale / old.scale - 1) > 0.06;
}
