// One frame of a landmark post (docs/live.md), as bytes.

const HEAD_BYTES = 16;
const [BODY, FACE, COMPANY] = [1, 2, 16];
const MOST_SIDES = 4;
const MOST_M = 10;
const MOST = 65535;

/** `t_ms` on the page's clock; `picture`: its `width`, `height`, `brightness` and whether it `hasCompany`; body and face as found, or null. */
export function frameOf(t_ms, picture, body, face) {
  const told = body && isPossible(body, picture) ? body : null;
  const head = new DataView(new ArrayBuffer(HEAD_BYTES));
  head.setFloat64(0, t_ms / 1000, true);
  head.setFloat32(8, picture.brightness, true);
  head.setUint8(12, (told ? BODY : 0) | (face ? FACE : 0) | (picture.hasCompany ? COMPANY : 0));
  return joined([head.buffer, ...(told ? bodyParts(told) : []), ...(face ? faceParts(face) : [])]);
}

/** The server takes no body that lies farther away than this; nobody is so large. */
function isPossible({ px, world, visibility }, { width, height }) {
  const isNear = px.every(([x, y]) => Math.abs(x) <= MOST_SIDES * width && Math.abs(y) <= MOST_SIDES * height);
  return isNear && world.flat().every((metres) => Math.abs(metres) <= MOST_M) && visibility.every((share) => share >= 0 && share <= 1);
}

const bodyParts = ({ px, world, visibility }) => [px.flat(), world.flat(), visibility].map((values) => floats(values).buffer);

function faceParts(face) {
  const [xs, ys] = [face.map(([x]) => x), face.map(([, y]) => y)];
  const box = floats([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  const [left, top, right, bottom] = box;
  const shares = face.flatMap(([x, y]) => [share(x, left, right), share(y, top, bottom)]);
  return [box.buffer, new Uint16Array(shares).buffer];
}

const share = (value, low, high) => Math.max(0, Math.min(MOST, Math.round(((value - low) / (high - low || 1)) * MOST)));

const floats = (values) => new Float32Array(values);

/** All bytes one after the other; every platform that browsers run on stores numbers little-endian. */
export function joined(buffers) {
  const all = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    all.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return all.buffer;
}
