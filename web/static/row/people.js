// Draws the people of the row: the picture brought near, a frame round each person, and one row of cards over them in their order.

import { byId, el, setText, show, sign, svg } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { cardStyle, filled, framing, isOff, steady } from "./layout.js";
import { t } from "./words.js";

const FRAME_MARGIN = 3;
const GAP_BELOW = 7;

/** Number and name of somebody. */
export const titleOf = (person) => (person.name ? `${person.id} ${person.name}` : t("number", { n: person.id }));

export class Row {
  /** `onTap(person)` when a card or a person is chosen. */
  constructor(onTap) {
    this.onTap = onTap;
    this.cards = new Map();
    this.frames = new Map();
    this.isMirrored = false;
  }

  /** Shows the people of a state; those of a result, where there is one, as they stood and with the picture of that moment. */
  show(state) {
    const result = state.check && state.check.phase === "done" ? state.check.people : null;
    const here = new Set(state.people.map((person) => person.key));
    const people = (result || state.people).map((person) => ({ ...person, isHere: here.has(person.key) }));
    this.people = this.isMirrored ? people.reverse() : people;
    this.size = state.size || this.size;
    this.still(Boolean(result));
    this.draw();
  }

  /** Holds the picture that is shown now, or lets go of it. */
  still(isHeld) {
    const [canvas, stream] = [byId("still"), byId("stream")];
    if (isHeld === !canvas.hidden) return;
    if (isHeld && stream.naturalWidth) {
      [canvas.width, canvas.height] = [stream.naturalWidth, stream.naturalHeight];
      canvas.getContext("2d").drawImage(stream, 0, 0);
    } else canvas.width = 0;
    show(canvas, isHeld && canvas.width > 0);
  }

  mirror(on) {
    this.isMirrored = on;
    this.framed = null;
    byId("picture").classList.toggle("mirrored", on);
  }

  draw() {
    if (!this.people) return;
    const style = cardStyle(this.people.length, byId("stage").clientWidth, byId("stage").clientHeight);
    document.body.classList.toggle("listed", style.isList);
    const stage = byId("window").getBoundingClientRect();
    const strip = this.people.length ? style.strip : 0;
    byId("cards").style.height = style.isList ? "" : `${strip}px`;
    this.place(stage, strip);
    const boxes = this.people.map((person) => (person.box && this.framed ? this.onStage(person.box) : null));
    const middles = filled(boxes.map((box) => box && (box.left + box.right) / 2), stage.width);
    this.drawFrames(boxes);
    this.drawCards(style, middles, boxes, stage.width);
  }

  /** Where the picture lies: as near as the row allows, heads below the cards. */
  place(stage, strip) {
    if (this.strip !== strip || this.width !== stage.width || this.height !== stage.height) {
      [this.strip, this.width, this.height, this.framed] = [strip, stage.width, stage.height, null];
    }
    if (!this.size) return;
    const boxes = this.people.filter((person) => person.box).map((person) => this.turned(person.box));
    const fresh = framing(boxes, this.size, stage.width, stage.height, strip);
    if (!isOff(this.framed, fresh, stage.width)) return;
    this.framed = fresh;
    const picture = byId("picture").style;
    [picture.left, picture.top] = [`${fresh.left}px`, `${fresh.top}px`];
    [picture.width, picture.height] = [`${this.size[0] * fresh.scale}px`, `${this.size[1] * fresh.scale}px`];
  }

  turned([left, top, right, bottom]) {
    return this.isMirrored ? [1 - right, top, 1 - left, bottom] : [left, top, right, bottom];
  }

  /** A box (shares of the picture) in pixels of the stage. */
  onStage(box) {
    const [left, top, right, bottom] = this.turned(box);
    const { scale, left: x, top: y } = this.framed;
    const [width, height] = this.size;
    return { left: x + left * width * scale, right: x + right * width * scale, top: y + top * height * scale, bottom: y + bottom * height * scale };
  }

  drawFrames(boxes) {
    this.people.forEach((person, i) => {
      const box = boxes[i];
      let frame = this.frames.get(person.key);
      if (!box) return frame && frame.remove();
      if (!frame) {
        frame = el("div", { onclick: () => this.onTap(this.people.find(({ key }) => key === person.key)) });
        this.frames.set(person.key, frame);
      }
      if (!frame.isConnected) byId("frames").append(frame);
      frame.className = `frame ${person.state}`;
      frame.dataset.number = person.id;
      Object.assign(frame.style, {
        left: `${box.left - FRAME_MARGIN}px`, top: `${box.top - FRAME_MARGIN}px`,
        width: `${box.right - box.left + 2 * FRAME_MARGIN}px`, height: `${box.bottom - box.top + 2 * FRAME_MARGIN}px`,
      });
    });
    this.forget(this.frames);
  }

  drawCards(style, middles, boxes, stageWidth) {
    const lines = [];
    this.cardsAt = style.isList ? null : steady(this.cardsAt, this.people.map((person) => person.key), middles, style.width, stageWidth);
    this.people.forEach((person, i) => {
      const card = this.drawCard(i, person);
      if (style.isList) return card.item.removeAttribute("style");
      const left = this.cardsAt.lefts[i];
      Object.assign(card.item.style, { left: `${left}px`, width: `${style.width}px`, height: `${style.height}px`, fontSize: `${style.text}px` });
      fit(card.words, card.button);
      if (boxes[i]) lines.push(leader(person.state, { left, width: style.width, bottom: this.strip }, middles[i], boxes[i].top));
    });
    byId("leaders").replaceChildren(...lines);
    this.forget(this.cards);
  }

  drawCard(i, person) {
    const card = this.cards.get(person.key) || this.newCard(person.key);
    if (byId("cards").children[i] !== card.item) byId("cards").insertBefore(card.item, byId("cards").children[i] || null);
    const said = say(person.say);
    card.button.className = `card ${person.state}`;
    if (card.kind !== person.state) card.sign.replaceChildren(sign(person.state));
    card.kind = person.state;
    setText(card.title, titleOf(person));
    setText(card.words, person.state === "pass" ? "" : said || t(person.state));
    setText(card.note, person.partly && person.state === "pass" ? t("partly") : "");
    card.button.disabled = !person.isHere;
    card.button.setAttribute("aria-label", `${titleOf(person)}：${t(person.state)}${said ? `，${said}` : ""}（${t("edit")}）`);
    return card;
  }

  newCard(key) {
    const card = { sign: el("span", { class: "sign-room" }), title: el("b"), words: el("p"), note: el("small") };
    card.button = el("button", { type: "button", onclick: () => this.onTap(this.people.find((person) => person.key === key)) },
      el("span", { class: "head" }, card.sign, card.title), card.words, card.note);
    card.item = el("li", { "data-key": key }, card.button);
    this.cards.set(key, card);
    return card;
  }

  /** Drops what belongs to nobody any more. */
  forget(drawn) {
    const keys = new Set(this.people.map((person) => person.key));
    for (const [key, what] of drawn) {
      if (keys.has(key)) continue;
      (what.item || what).remove();
      drawn.delete(key);
    }
  }
}

/** The line from a card to a head. */
function leader(state, { left, width, bottom }, middle, head) {
  const inset = state === "pass" ? width / 2 - Math.min(width / 2, 24) : width * 0.06;
  const from = Math.max(left + inset, Math.min(left + width - inset, middle));
  return svg("path", { class: state, d: `M${from} ${bottom - GAP_BELOW} L${middle} ${Math.max(bottom, head - FRAME_MARGIN)}` });
}

/** Makes words smaller until they fit the card; done again only when they or the card have changed. */
function fit(words, card) {
  const state = `${words.textContent}|${card.clientWidth}|${card.clientHeight}|${card.className}`;
  if (words.dataset.fitted === state) return;
  words.dataset.fitted = state;
  for (let size = 1; size >= 0.5; size -= 0.07) {
    words.style.fontSize = `max(13px, ${size}em)`;
    if (card.scrollHeight <= card.clientHeight + 1 && words.scrollWidth <= words.clientWidth + 1) return;
  }
}
