// Building the page. Nothing is ever parsed as HTML, so words from the server stay words.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** An element with attributes (`on...` are listeners, `text` its words, false and null are left out) and children. */
export function el(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The sign of a state: tick in a disc, `!` in a triangle, cross in a square, dash in a ring. */
export function sign(state) {
  return svg("svg", { class: `sign ${state}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("use", { href: `#sign-${state}` }));
}

/** Sets the words only when they differ, so that a screen reader hears changes only. */
export function setText(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Fills the screen with the page, or gives it back. */
export function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

/** Whether a key is meant for the page: nobody is writing with it, and it is pressed alone. */
export function isShortcut(event) {
  const isTyping = event.target.matches("input[type=text], input[type=password], select, textarea");
  return !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
}
