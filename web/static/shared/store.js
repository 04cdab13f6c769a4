// What the page remembers on this machine: the choices of the last visit, empty where nothing was chosen yet. Never a picture, never a verdict.

const KEY = "posecoach.choices";
const FIRST = { topic: "", profile: "", camera: "", device: "", facing: "user", language: "zh", theme: "auto", voice: false, prompts: true, stills: false, rater: "" };

export const choices = { ...FIRST, ...read() };

export function remember(changes) {
  Object.assign(choices, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A browser that keeps nothing still works, it only forgets.
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}
