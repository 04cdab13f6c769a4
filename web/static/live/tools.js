// The tools at the top and the line at the bottom: voice, theme, and how the camera does.

import { byId, setText, show } from "../shared/dom.js";
import { choices } from "../shared/store.js";
import { isPhone } from "./cameras.js";
import { knows, t } from "./words.js";

export function showVoice(voice) {
  const canSpeak = voice.voice() !== null;
  setText(byId("voice-words"), t(canSpeak ? (voice.isOn() ? "voice_on" : "voice_off") : "voice_none"));
  byId("voice").setAttribute("aria-pressed", String(voice.isOn()));
  byId("voice").classList.toggle("unable", !canSpeak);
  byId("voice").title = canSpeak ? t("voice_key") : t(voice.isSupported() ? "voice_why" : "voice_unsupported");
}

/** Switches the voice, or says why there is none. */
export function toggleVoice(voice) {
  if (voice.voice()) return voice.toggle();
  const tip = byId("voice-why");
  setText(tip, t(voice.isSupported() ? "voice_why" : "voice_unsupported"));
  show(tip, tip.hidden);
}

export function showTheme() {
  byId("theme").title = `${t("theme")}: ${t(`theme_${choices.theme}`)}`;
  byId("theme").setAttribute("aria-label", byId("theme").title);
  byId("theme").dataset.theme = choices.theme;
}

/** Where the pictures of the visitor's camera are looked at: "here", "there", or null while that is not known or the camera another's. */
const placeOf = (camera) => (camera.kind === "own" && camera.place ? camera.place.key : null);

/** `status`: the server's counters, null where it does not answer. */
export function showStatus(camera, isOk, status) {
  const server = status && status.camera;
  const fps = camera.kind === "own" ? camera.fps() : server && server.fps;
  const parts = [t(isOk ? "camera_ok" : "camera_not")];
  if (isOk && fps) parts.push(t("fps", { n: fps.toFixed(fps < 10 ? 1 : 0) }));
  if (camera.kind === "server" && server && server.reconnected) parts.push(t("reconnected", { n: server.reconnected }));
  if (camera.kind === "own" && status) parts.push(t(placeOf(camera) === "here" ? "practising" : "places", { n: status.visitors, m: status.visitor_limit }));
  byId("status").className = isOk ? "ok" : "not";
  setText(byId("status-words"), parts.join(" · "));
}

/** Where the pictures of the visitor's camera are looked at, and why not here; and the button for the other side of a phone with `count` cameras. */
export function showPlace(camera, count) {
  const place = placeOf(camera);
  const why = place && camera.place.why;
  show(byId("where"), place !== null);
  setText(byId("where-words"), place ? t(`place_${place}`, { why: why && knows(`why_${why}`) ? t(`why_${why}`) : "" }) : "");
  byId("where").dataset.place = place || "";
  show(byId("flip"), camera.kind === "own" && count > 1 && isPhone());
}
