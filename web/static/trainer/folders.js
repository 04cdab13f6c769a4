// The folder browser: folders of the computer that runs posecoach.

import { byId, el, show, svg } from "../shared/dom.js";
import * as api from "./api.js";
import { amount, t } from "./words.js";

const TITLES = { folder: "browse_folder", out: "browse_out", rules: "browse_rules", regrade: "browse_regrade", compare: "browse_compare" };
const RECENT_SHOWN = 4;
const PLACES = { home: "home", desktop: "desktop", videos: "videos_place", pictures: "pictures_place", downloads: "downloads", documents: "documents" };

export class FolderBrowser {
  constructor() {
    this.dialog = byId("browser");
    this.asked = 0;
    byId("browser-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.isTyped = true;
      this.go(byId("browser-path").value);
    });
    byId("browser-choose").addEventListener("click", () => this.end(this.here));
    byId("browser-cancel").addEventListener("click", () => this.end(null));
    this.dialog.addEventListener("cancel", () => this.end(null));
    this.dialog.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** The folder somebody chooses, null when they think better of it; begins at `path`, or at home where that is not there. */
  async choose(purpose, path) {
    this.purpose = purpose;
    this.here = null;
    this.isTyped = false;
    byId("browser-title").textContent = t(TITLES[purpose]);
    byId("browser-choose").textContent = t(purpose === "out" ? "choose_out" : "choose_folder");
    const chosen = new Promise((resolve) => (this.resolve = resolve));
    this.dialog.showModal();
    if (!(await this.go(path || "")) && path) await this.go("");
    return chosen;
  }

  end(path) {
    this.asked += 1;
    if (this.dialog.open) this.dialog.close();
    this.resolve(path);
  }

  /** Shows a folder; whether it could be read. Only the answer to the last question counts. */
  async go(path) {
    const number = ++this.asked;
    byId("browser-note").textContent = t("loading");
    try {
      const found = await api.folder(path);
      if (number === this.asked) this.fill(found);
      return true;
    } catch (error) {
      if (number === this.asked) byId("browser-note").textContent = api.words(error);
      return false;
    }
  }

  fill(found) {
    this.here = found.path;
    byId("browser-path").value = found.path;
    const recent = this.purpose === "folder" ? found.recent.slice(0, RECENT_SHOWN) : [];
    const usual = found.places.map(({ kind, name, path }) => this.place(kind in PLACES ? t(PLACES[kind]) : name, path));
    byId("places").replaceChildren(...recent.map(({ name, path }) => this.place(t("lately", { name }), path)), ...usual);
    byId("crumbs").replaceChildren(...found.crumbs.map(({ name, path }) => this.crumb(name, path)));
    const up = found.crumbs.at(-2);
    const rows = found.folders.map((inner) => this.row(inner.name, inner.path, this.tell(inner)));
    byId("folders").replaceChildren(...(up ? [this.row(t("up"), up.path, "", "up")] : []), ...rows);
    byId("folders").parentElement.scrollTop = 0;
    byId("browser-note").textContent = found.is_cut ? t("cut") : found.folders.length || found.files.length ? "" : t("no_folders");
    const files = this.purpose === "folder" ? found.files : [];
    byId("files").replaceChildren(...files.map((name) => el("li", { text: name })));
    byId("browser-count").textContent = this.purpose === "folder" ? this.tell(found) : "";
    show(byId("browser-count"), this.purpose === "folder");
    const first = byId("folders").querySelector("button");
    if (first && !this.isTyped) first.focus();
    this.isTyped = false;
  }

  tell({ videos, pictures, has_results: hasResults }) {
    const many = videos === null ? "" : amount(videos, pictures) || "";
    return [many, hasResults && t("results_folder")].filter(Boolean).join(" · ");
  }

  place(name, path) {
    return el("button", { type: "button", class: "chip", "aria-current": path === this.here, text: name, onclick: () => this.go(path) });
  }

  crumb(name, path) {
    return el("button", { type: "button", class: "crumb", "aria-current": path === this.here && "location", text: name, onclick: () => this.go(path) });
  }

  row(name, path, many, kind = "folder") {
    const d = kind === "up" ? "M12 19V6M6.5 11 12 5.5 17.5 11" : "M3.5 6.5h6l2 2.5h9v10h-17Z";
    const icon = svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d }));
    return el("li", {}, el("button", { type: "button", class: kind, onclick: () => this.go(path) }, icon, el("span", { class: "name", text: name }), el("small", { text: many })));
  }

  /** Arrows walk through the list, Backspace goes up. */
  onKey(event) {
    const rows = [...byId("folders").querySelectorAll("button")];
    const at = rows.indexOf(document.activeElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) rows[Math.max(0, Math.min(rows.length - 1, to))].focus();
    else if (event.key === "Backspace" && rows[0].classList.contains("up")) rows[0].click();
    else return;
    event.preventDefault();
  }
}
