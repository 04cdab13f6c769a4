// The records are told by the server in both languages; the page shows one. What a trainer says of a check needs a reason where it is not
// what the machine says.

import { language } from "../shared/language.js";
import { choices, remember } from "../shared/store.js";

const button = document.getElementById("language");
const review = document.getElementById("review");

function show() {
  const english = language() === "en";
  document.documentElement.lang = english ? "en" : "zh-CN";
  button.textContent = english ? "中文" : "English";
  button.lang = english ? "zh-CN" : "en";
  for (const option of document.querySelectorAll("option[data-zh]")) option.textContent = english ? option.dataset.en : option.dataset.zh;
}

/** A reason is asked for beside each verdict that is not the machine's. */
function askForReasons() {
  for (const select of review.querySelectorAll("select")) {
    const reason = select.closest("tr").querySelector("input");
    reason.required = select.value !== "" && select.value !== select.dataset.machine;
  }
}

// What a phone was led to by a code stands after the "#" of the address: it goes through the login to the page behind it.
const login = document.querySelector("form[action='/login']");
if (login) login.action += location.hash;

button.addEventListener("click", () => {
  remember({ language: language() === "en" ? "zh" : "en" });
  show();
});
show();

if (review) {
  const rater = document.getElementById("rater");
  if (rater && !rater.value) rater.value = choices.rater || "";
  review.addEventListener("change", askForReasons);
  review.addEventListener("submit", () => rater && remember({ rater: rater.value }));
  askForReasons();
}
