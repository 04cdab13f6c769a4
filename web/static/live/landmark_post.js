// What is posted instead of pictures (docs/live.md): a header and the frames recognised since the last post.

const VERSION = 1;
const HEADER_BYTES = 16;
export const MOST_FRAMES = 16;

/** `frames`: `{bytes, width, height}`, oldest first, all of one size; `now_ms` on the page's clock. */
export function postOf(frames, now_ms) {
  const [{ width, height }] = frames;
  const post = new Uint8Array(frames.reduce((sum, { bytes }) => sum + bytes.byteLength, HEADER_BYTES));
  const header = new DataView(post.buffer);
  header.setUint8(0, VERSION);
  header.setUint8(1, frames.length);
  header.setUint16(2, width, true);
  header.setUint16(4, height, true);
  header.setFloat64(8, now_ms / 1000, true);
  let at = HEADER_BYTES;
  for (const { bytes } of frames) {
    post.set(new Uint8Array(bytes), at);
    at += bytes.byteLength;
  }
  return post;
}

/** The newest frames that can go together: of the size of the newest, no more than a post holds. */
export function together(frames) {
  const newest = frames[frames.length - 1];
  const last = frames.findLastIndex(({ width, height }) => width !== newest.width || height !== newest.height);
  return frames.slice(last + 1).slice(-MOST_FRAMES);
}
