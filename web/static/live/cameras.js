// Which cameras there are and which one is chosen to begin with: one that opens, never one that is not there.

const OPEN = ["ok", "black"];

/** Whether this is a phone or tablet, which has a camera on either side. */
export const isPhone = () => matchMedia("(pointer: coarse)").matches;

/** How a camera of the server does for choosing: "open", "opening", "shut" (it may come back), "none" or null while nothing is known. */
export function serverCamera(camera) {
  if (!camera) return null;
  if (OPEN.includes(camera.state)) return "open";
  return camera.state === "opening" || camera.state === "none" ? camera.state : "shut";
}

/** How many cameras the browser has: a number, "insecure" where it gives none to this address, null while it is asked. */
export async function ownCameras() {
  if (!navigator.mediaDevices) return "insecure";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.filter((device) => device.kind === "videoinput").length;
}

/**
 * "server", "own", or "" where there is none. `wanted` is what was chosen last, `isClicked` whether just now: then it holds even where that
 * camera does not open at the moment.
 */
export function preferred(server, own, wanted, isClicked = false) {
  const hasOwn = typeof own === "number" && own > 0;
  const hopes = { server: server === "open" || server === "opening", own: hasOwn };
  const exists = { server: server === "open" || server === "opening" || server === "shut", own: hasOwn };
  if (isClicked && exists[wanted]) return wanted;
  return [wanted, "server", "own"].find((which) => hopes[which]) || "";
}
