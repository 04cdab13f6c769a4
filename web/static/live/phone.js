// The code that leads a phone to the same practice, and what a phone finds in the address it was led to.

import { byId } from "../shared/dom.js";
import { choices, remember } from "../shared/store.js";

/** What `#practise=TOPIC,PROFILE` asks for, null for any other. */
export function asked(hash) {
  const found = /^#practise=([a-z0-9_]+),([a-z]*)$/.exec(hash);
  if (!found) return null;
  const [, topic, profile] = found;
  return { topic, camera: "own", ...(profile && { profile }) };
}

/** Takes what the address asks for, once: a reload keeps what was chosen since. */
export function takeAsked() {
  const found = asked(location.hash);
  if (!found) return;
  remember(found);
  history.replaceState(history.state, "", location.pathname);
}

/** Shows the code of what is chosen, where the page has a place for it. */
export function showCode() {
  const code = byId("phone-code");
  if (!code || !choices.topic) return;
  const address = `/phone.svg?topic=${choices.topic}&profile=${choices.profile}`;
  if (code.getAttribute("src") !== address) code.setAttribute("src", address);
}
