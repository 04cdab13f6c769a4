// Where somebody is in the page: at the start, practising, or in a dialog over that. Each is a step of the browser's history, so Back leads out of it.

const START = "start";
const LIVE = "live";

export class Places {
  /** `onArrive("start" | "live")` after the browser has gone back or forward. */
  constructor(onArrive) {
    this.onArrive = onArrive;
    window.addEventListener("popstate", () => this.arrive());
    for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => this.closed(dialog));
  }

  here() {
    return (history.state && history.state.place) || START;
  }

  /** Whether this tab was practising before a reload; a dialog that was open then is not opened again. */
  wasLive() {
    if (this.here() === START) return false;
    if (this.here() !== LIVE) history.back();
    return true;
  }

  goLive() {
    if (this.here() === START) history.pushState({ place: LIVE }, "");
  }

  /** Back to the start; where this tab has no page to go back to, it becomes the start. */
  leaveLive() {
    if (history.length > 1) return history.back();
    history.replaceState(null, "");
    this.onArrive(START);
  }

  open(dialog) {
    if (dialog.open) return;
    history.pushState({ place: dialog.id }, "");
    dialog.showModal();
  }

  /** Closed by a button or Esc: its step is taken back. */
  closed(dialog) {
    if (this.here() === dialog.id) history.back();
  }

  arrive() {
    const place = this.here();
    for (const dialog of document.querySelectorAll("dialog[open]")) if (dialog.id !== place) dialog.close();
    this.onArrive(place === START ? START : LIVE);
  }
}
