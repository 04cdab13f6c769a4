// What the page remembers on this machine: the choices of the last visit. Never a picture, never a verdict.

const KEY = "posecoach.choices";
const FIRST = { topic: "", profile: "unspecified", camera: "server", device: "", language: "zh", theme: "auto", voice: false, stills: false };

export const choices = { ...FIRST, ...read() };

export function remember(changes) {
  Object.assign(choices, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A browser that keeps nothing still works, it only forgets.
  }
}

/** Whether this tab was practising before a reload. */
export function wasRunning() {
  return sessionStorage.getItem(KEY) === "running";
}

export function setRunning(running) {
  if (running) sessionStorage.setItem(KEY, "running");
  else sessionStorage.removeItem(KEY);
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}
