// Where things go on the wall: plain numbers in, plain numbers out.

export const GAP = 14;
/** Of a card, in sizes of its text. */
const WIDEST = 10.4;
const TEXT_OF_WIDTH = 7.4;
/** Of the stage's height, for the cards: more, and the picture of a row that fills it would be less than 70 % of the width. */
const STRIP = 0.2;
const LARGEST_TEXT = 54;
const SMALLEST_TEXT = 18;
/** Narrower cards could not be read: they become a list below the picture. */
const NARROWEST = 112;
const MANY = 8;
/** Room over the highest head for the leaders, in heights of the stage. */
const ABOVE = 0.02;
const BELOW = 0.02;
const ASIDE = 0.04;
const CLOSEST = 1.7;
/** A card stays where it is until its person stands so far from its middle, in widths. */
const STAY = 0.45;

/** How the one row of cards looks for so many people on a stage of this size: width, size of text, height of a card and of the row. */
export function cardStyle(count, stageWidth, stageHeight) {
  const column = stageWidth / Math.max(count, 1) - GAP;
  if (column < NARROWEST) return { isList: true, strip: 0 };
  const tall = 2.05 + 1.12 * (count > MANY ? 4 : 3);
  const most = Math.min(LARGEST_TEXT, column / TEXT_OF_WIDTH, (STRIP * stageHeight - GAP) / tall);
  const text = Math.max(SMALLEST_TEXT, most);
  const height = Math.round(tall * text);
  return { isList: false, width: Math.min(column, WIDEST * text), text, height, strip: height + GAP };
}

/** Left edges that keep the cards where they were, as long as everybody is near enough to their own; `old` as this gave it, or null. */
export function steady(old, keys, middles, width, stageWidth) {
  const key = `${keys}|${Math.round(width)}|${Math.round(stageWidth)}`;
  const isNear = old && old.key === key && middles.every((middle, i) => Math.abs(middle - old.lefts[i] - width / 2) <= STAY * width);
  return isNear ? old : { key, lefts: spread(middles, width, stageWidth) };
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

/** How the picture lies on a stage whose top is taken by cards: scale in stage pixels a picture pixel, and where its corner is.
 * The row fills what is left, heads below the cards; of the picture over them the cards may cover as much as there is. */
export function framing(boxes, [pictureWidth, pictureHeight], width, height, strip = 0) {
  const room = height - strip;
  const whole = Math.min(width / pictureWidth, room / pictureHeight);
  if (!boxes.length) return { scale: whole, left: (width - pictureWidth * whole) / 2, top: strip + (room - pictureHeight * whole) / 2 };
  const left = Math.min(...boxes.map((box) => box[0])) - ASIDE;
  const right = Math.max(...boxes.map((box) => box[2])) + ASIDE;
  const top = Math.max(0, Math.min(...boxes.map((box) => box[1])));
  const bottom = Math.min(1, Math.max(...boxes.map((box) => box[3])));
  const tall = room - (ABOVE + BELOW) * height;
  const wanted = Math.min(width / ((right - left) * pictureWidth), tall / ((bottom - top) * pictureHeight));
  const scale = Math.max(whole, Math.min(wanted, (CLOSEST * width) / pictureWidth));
  return {
    scale,
    left: held(width / 2 - ((left + right) / 2) * pictureWidth * scale, width - pictureWidth * scale),
    top: strip + ABOVE * height - top * pictureHeight * scale,
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
