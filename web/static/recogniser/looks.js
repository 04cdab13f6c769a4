// What a body wears, as posecoach/estimators/owner.py has it: colours in CIE Lab, each channel 0 to 255.

const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP, LEFT_KNEE, RIGHT_KNEE] = [11, 12, 23, 24, 25, 26];
const along = (from, to, share) => from.map((was, axis) => was + (to[axis] - was) * share);
const steps = (from, to, count) => Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const GRID = steps(0.1, 0.9, 12).map((down) => steps(0.15, 0.85, 9).map((across) => [across, down]));
const THIGH = steps(0.15, 0.7, 8);

/** The places in the picture whose colours make the patches: twelve of the trunk, four of the thighs. */
export function patchesOf(px) {
  const trunk = GRID.map((row) => row.map(([across, down]) => along(along(px[LEFT_SHOULDER], px[RIGHT_SHOULDER], across), along(px[LEFT_HIP], px[RIGHT_HIP], across), down)));
  const patches = [];
  for (let row = 0; row < 12; row += 3) for (let column = 0; column < 9; column += 3) patches.push(trunk.slice(row, row + 3).flatMap((places) => places.slice(column, column + 3)));
  for (const [hip, knee] of [[LEFT_HIP, LEFT_KNEE], [RIGHT_HIP, RIGHT_KNEE]]) {
    const thigh = THIGH.map((share) => along(px[hip], px[knee], share));
    patches.push(thigh.slice(0, 4), thigh.slice(4));
  }
  return patches;
}

/** Mean colour of each patch, null where it reaches beyond the picture; `colourAt(x, y)`: red, green and blue of a pixel, 0 to 255, or null. */
export function looksOf(px, colourAt) {
  return patchesOf(px).map((places) => {
    const colours = places.map(([x, y]) => colourAt(x, y));
    if (colours.includes(null)) return null;
    const labs = colours.map(toLab);
    return [0, 1, 2].map((channel) => labs.reduce((sum, lab) => sum + lab[channel], 0) / labs.length);
  });
}

const linear = (share) => (share > 0.04045 ? ((share + 0.055) / 1.055) ** 2.4 : share / 12.92);
const root = (share) => (share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116);

export function toLab(rgb) {
  const [r, g, b] = rgb.map((value) => linear(value / 255));
  const x = root((0.412453 * r + 0.35758 * g + 0.180423 * b) / 0.950456);
  const y = root(0.212671 * r + 0.71516 * g + 0.072169 * b);
  const z = root((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.088754);
  return [(116 * y - 16) * 2.55, 500 * (x - y) + 128, 200 * (y - z) + 128];
}
