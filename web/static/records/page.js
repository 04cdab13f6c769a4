// The records are told by the server in both languages; the page shows one.

import { language } from "../shared/language.js";
import { remember } from "../shared/store.js";
import { applyTheme } from "../shared/theme.js";

const button = document.getElementById("language");

function show() {
  const english = language() === "en";
  document.documentElement.lang = english ? "en" : "zh-CN";
  button.textContent = english ? "中文" : "English";
  button.lang = english ? "zh-CN" : "en";
}

button.addEventListener("click", () => {
  remember({ language: language() === "en" ? "zh" : "en" });
  show();
});
show();
applyTheme();
