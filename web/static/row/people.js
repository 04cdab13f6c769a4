// Draws the people of the row: the picture brought near, a frame round each person, and a card over each that never lies on another.

import { byId, el, setText, sign, svg } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { GAP, cardStyle, filled, framing, isOff, spread } from "./layout.js";
import { t } from "./words.js";

const FRAME_MARGIN = 3;

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

  /** Shows the people of a state; those of a result, where there is one, keep what it says of them. */
  show(state) {
    const result = state.check && state.check.phase === "done" ? state.check.people : null;
    const seen = new Map(state.people.map((person) => [person.key, person]));
    const people = (result || state.people).map((person) => ({ ...person, box: (seen.get(person.key) || {}).box || null, isHere: seen.has(person.key) }));
    this.people = this.isMirrored ? people.reverse() : people;
    this.size = state.size || this.size;
    this.draw();
  }

  mirror(on) {
    this.isMirrored = on;
    this.framed = null;
    byId("picture").classList.toggle("mirrored", on);
  }

  draw() {
    if (!this.people) return;
    const stage = byId("stage").getBoundingClientRect();
    const style = cardStyle(this.people.length, stage.width);
    const strip = this.people.length ? style.strip : 0;
    this.place(stage, strip);
    const boxes = this.people.map((person) => (person.box ? this.onStage(person.box) : null));
    const middles = filled(boxes.map((box) => box && (box.left + box.right) / 2), stage.width);
    this.drawFrames(boxes);
    this.drawCards(style, middles, boxes, stage.width);
  }

  /** Where the picture lies: below the cards, as near as the row allows. */
  place(stage, strip) {
    const view = byId("window");
    const height = stage.height - strip;
    if (this.strip !== strip || this.width !== stage.width || this.height !== height) {
      view.style.top = `${strip}px`;
      [this.strip, this.width, this.height, this.framed] = [strip, stage.width, height, null];
    }
    if (!this.size) return;
    const boxes = this.people.filter((person) => person.box).map((person) => this.turned(person.box));
    const fresh = framing(boxes, this.size, stage.width, height);
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
    return { left: x + left * width * scale, right: x + right * width * scale, top: y + top * height * scale + this.strip, bottom: y + bottom * height * scale + this.strip };
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
        left: `${box.left - FRAME_MARGIN}px`, top: `${box.top - this.strip - FRAME_MARGIN}px`,
        width: `${box.right - box.left + 2 * FRAME_MARGIN}px`, height: `${box.bottom - box.top + 2 * FRAME_MARGIN}px`,
      });
    });
    this.forget(this.frames);
  }

  drawCards(style, middles, boxes, stageWidth) {
    const lines = [];
    let gaps = [];
    for (let row = style.rows - 1; row >= 0; row -= 1) {
      const members = this.people.map((_, i) => i).filter((i) => i % style.rows === (style.rows - 1 - row) % style.rows);
      const lefts = spread(members.map((i) => middles[i]), style.width, stageWidth);
      members.forEach((i, at) => {
        const top = row * (style.strip / style.rows) + 7;
        this.drawCard(i, this.people[i], { left: lefts[at], top, ...style });
        if (boxes[i]) lines.push(this.leader(this.people[i].state, { left: lefts[at], bottom: top + style.height, ...style }, middles[i], boxes[i].top, gaps[at]));
      });
      gaps = lefts.map((left) => Math.min(left + style.width + GAP / 2, stageWidth - 4));
    }
    byId("leaders").replaceChildren(...lines);
    this.forget(this.cards);
  }

  /** The line from a card to a head; from the upper row it runs down between the cards of the lower one. */
  leader(state, { left, width, bottom }, middle, head, gap) {
    const within = (x) => Math.max(left + width * 0.06, Math.min(left + width * 0.94, x));
    const end = Math.max(bottom, head - FRAME_MARGIN);
    const turn = Math.min(Math.max(this.strip + 6, bottom), end);
    const between = gap === undefined ? "" : ` L${gap} ${bottom + GAP} L${gap} ${this.strip - GAP / 2}`;
    return svg("path", { class: state, d: `M${within(gap ?? middle)} ${bottom}${between} L${middle} ${turn} L${middle} ${end}` });
  }

  drawCard(i, person, { left, top, width, height, text }) {
    const card = this.cards.get(person.key) || this.newCard(person.key);
    if (byId("cards").children[i] !== card.item) byId("cards").insertBefore(card.item, byId("cards").children[i] || null);
    Object.assign(card.item.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`, fontSize: `${text}px` });
    const said = say(person.say);
    card.button.className = `card ${person.state}`;
    const kind = `${person.state}`;
    if (card.kind !== kind) card.sign.replaceChildren(sign(person.state));
    card.kind = kind;
    setText(card.title, titleOf(person));
    setText(card.words, said || t(person.state));
    setText(card.note, person.partly && person.state === "pass" ? t("partly") : "");
    card.button.disabled = !person.isHere;
    card.button.setAttribute("aria-label", `${titleOf(person)}：${t(person.state)}${said ? `，${said}` : ""}（${t("edit")}）`);
    fit(card.words, card.button);
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

/** Makes words smaller until they fit the card; done again only when they or the card have changed. */
function fit(words, card) {
  const state = `${words.textContent}|${card.clientWidth}|${card.clientHeight}|${card.className}`;
  if (words.dataset.fitted === state) return;
  words.dataset.fitted = state;
  for (let size = 1; size >= 0.5; size -= 0.07) {
    words.style.fontSize = `${size}em`;
    if (card.scrollHeight <= card.clientHeight + 1 && words.scrollWidth <= words.clientWidth + 1) return;
  }
}
