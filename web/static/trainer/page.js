// The trainer's page: shows the form or the job, and asks the server how far it is.

import { ApiError } from "../shared/api.js";
import { byId, setText, show } from "../shared/dom.js";
import { choices } from "../shared/store.js";
import { applyTheme } from "../shared/theme.js";
import * as api from "./api.js";
import { FolderBrowser } from "./folders.js";
import { Form } from "./form.js";
import { chime, prepareChime } from "../shared/chime.js";
import { Finished, gathered } from "./finished.js";
import { Limits } from "./limits.js";
import { isBusy, showJob, titleOf } from "./progress.js";
import { switchLanguage, t, translate } from "./words.js";

const BUSY_EVERY_MS = 1000;
const IDLE_EVERY_MS = 3000;

class Page {
  constructor() {
    this.browser = new FolderBrowser();
    this.form = new Form(this.browser);
    this.job = null;
    this.wantsForm = false;
    this.known = { started: null, rows: [] };
    this.trouble = this.noteKey = this.kept = null;
    this.finished = new Finished((drills) => this.do(null, () => api.regrade({ drills })));
    this.limits = new Limits(() => this.do(null, () => api.regrade({ rules: null })), () => this.job !== null && !isBusy(this.job) && this.job.report !== null);
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      prepareChime();
      this.do(byId("begin"), () => this.form.start());
    });
    byId("stop").addEventListener("click", () => this.do(byId("stop"), api.stop));
    byId("resume").addEventListener("click", () => this.do(byId("resume"), api.resume));
    byId("regrade").addEventListener("click", () => this.regrade());
    byId("compare").addEventListener("click", () => this.compare());
    byId("again").addEventListener("click", () => this.turn(true));
    byId("to-job").addEventListener("click", () => this.turn(false));
    byId("language").addEventListener("click", () => {
      switchLanguage();
      this.form.translate();
      this.show();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
  }

  async open() {
    applyTheme();
    translate();
    await this.look();
    while (!this.form.options) {
      try {
        const rules = this.job ? this.job.rules : null;
        this.form.fill(await api.options(rules).catch(() => api.options()), this.job);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, IDLE_EVERY_MS));
      }
    }
  }

  /** Asks how far the job is, and again after a while. */
  async look() {
    clearTimeout(this.timer);
    try {
      const from = this.known.rows.length;
      const { job } = await api.state(from);
      this.take(job, from);
      show(byId("link"), false);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(byId("link"), api.words(error));
      show(byId("link"), true);
    } finally {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), isBusy(this.job) ? BUSY_EVERY_MS : IDLE_EVERY_MS);
    }
  }

  /** A job another window has started is shown here too. */
  take(job, from = 0) {
    if (isBusy(job) && !isBusy(this.job)) this.wantsForm = false;
    if (isBusy(this.job) && !isBusy(job)) this.ended();
    this.known = gathered(this.known, job, from);
    this.job = job;
    this.isKnown = true;
    this.show();
  }

  show() {
    if (!this.isKnown) return;
    const isJob = this.job !== null && !this.wantsForm;
    show(byId("form"), !isJob);
    show(byId("job"), isJob);
    show(byId("to-job"), this.job !== null);
    document.title = `${isJob ? titleOf(this.job) : t("title")} · ${t("product")}`;
    if (!this.job) return;
    showJob(this.job, this.trouble ? api.words(this.trouble) : "", this.note());
    this.finished.show(this.known.rows, this.job, this.form.options, isBusy(this.job));
  }

  note() {
    if (this.noteKey) return t(this.noteKey);
    if (this.kept) return t("roster_put_aside", { name: this.kept });
    return this.form.keptTrouble ? this.form.roster.words : "";
  }

  /** The job has just come to its end. */
  ended() {
    if (choices.chime !== false) chime();
  }

  turn(wantsForm) {
    this.wantsForm = wantsForm;
    this.show();
    window.scrollTo(0, 0);
    if (wantsForm) this.form.enter();
    else byId("job-title").focus();
  }

  /** Does what a button asks for; its answer is the new state of the job, null where nothing came of it. */
  async do(button, action) {
    if (button) button.disabled = true;
    this.trouble = this.noteKey = null;
    show(byId("open-comparison"), false);
    try {
      const answer = await action();
      if (answer) {
        const wasForm = !byId("form").hidden;
        this.take(answer.job);
        this.kept = answer.kept || null;
        byId("job-title").scrollIntoView({ block: "center" });
        if (wasForm) this.turn(false);
      }
    } catch (error) {
      this.trouble = error;
      byId("job-error").scrollIntoView({ block: "center" });
    } finally {
      if (button) button.disabled = false;
      this.show();
      this.timer = setTimeout(() => this.look(), BUSY_EVERY_MS);
    }
  }

  async regrade() {
    const rules = await this.browser.choose("regrade", this.job.rules || "");
    byId("regrade").focus();
    if (rules !== null) await this.do(byId("regrade"), () => api.regrade({ rules }));
  }

  /** Sets the results beside those of another folder; the page of it is opened by a press, as browsers want it. */
  async compare() {
    const before = await this.browser.choose("compare", this.job.out);
    byId("compare").focus();
    if (before === null) return;
    await this.do(byId("compare"), async () => {
      this.noteKey = "comparing";
      this.show();
      try {
        const { page } = await api.compare(before);
        byId("open-comparison").href = page;
        this.noteKey = "compared";
      } catch (error) {
        this.noteKey = null;
        throw error;
      }
      show(byId("open-comparison"), true);
      byId("open-comparison").focus();
    });
  }
}

new Page().open();
