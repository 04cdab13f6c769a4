// Dark, light, or as the system has it; used by the page and by the login page.

import { choices, remember } from "./store.js";

const ORDER = ["auto", "light", "dark"];

export function applyTheme() {
  if (choices.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choices.theme;
}

export function nextTheme() {
  remember({ theme: ORDER[(ORDER.indexOf(choices.theme) + 1) % ORDER.length] });
  applyTheme();
}
