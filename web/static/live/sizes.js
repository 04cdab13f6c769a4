// How large words on a picture have to be, so that they can be read where it is shown, and how wide the picture, so that they are sharp.

/** Height of a label's value in the page, in CSS pixels; its name is three quarters of that. */
const LEAST_FONT_PX = 16;
const MOST_FONT_PX = 100;

/** The height words need on a picture `width` pixels wide that is shown `shown` CSS pixels wide; 0 while it is not shown. */
export const leastFont = (width, shown) => (shown ? Math.min(MOST_FONT_PX, (LEAST_FONT_PX * width) / shown) : 0);

/** What to ask the server for a picture `natural` pixels wide, shown `shown` CSS pixels wide with `dots` of the screen in each; `seen` of it. */
export function askedFor(shown, dots, natural, seen) {
  const width = Math.min(1280, Math.round(shown * dots));
  return { font: Math.round(leastFont(Math.max(natural, width), shown)), width, seen };
}

/** Whether what was asked for does not serve any more: sizes by more than a fifth, an edge of what is seen by a twentieth. */
export function isFar(asked, now) {
  const sizes = ["font", "width"].some((size) => Math.abs(now[size] - asked[size]) > 0.2 * Math.max(asked[size], 1));
  return sizes || now.seen.some((edge, i) => Math.abs(edge - asked.seen[i]) > 0.05);
}

/** The edges of what is seen as an address has them. */
export const written = (seen) => seen.map((edge) => edge.toFixed(3)).join();
