// The trainer's page: shows the form or the job, and asks the server how far it is.

import { ApiError } from "../shared/api.js";
import { byId, setText, show } from "../shared/dom.js";
import { applyTheme } from "../shared/theme.js";
import * as api from "./api.js";
import { FolderBrowser } from "./folders.js";
import { Form } from "./form.js";
import { isBusy, showJob } from "./progress.js";
import { switchLanguage, translate } from "./words.js";

const BUSY_EVERY_MS = 1000;
const IDLE_EVERY_MS = 3000;

class Page {
  constructor() {
    this.browser = new FolderBrowser();
    this.form = new Form(this.browser);
    this.job = null;
    this.wantsForm = false;
    this.trouble = "";
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.do(byId("begin"), () => this.form.start());
    });
    byId("stop").addEventListener("click", () => this.do(byId("stop"), api.stop));
    byId("resume").addEventListener("click", () => this.do(byId("resume"), api.resume));
    byId("regrade").addEventListener("click", () => this.regrade());
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
      const { job } = await api.state();
      this.take(job);
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
  take(job) {
    if (isBusy(job) && !isBusy(this.job)) this.wantsForm = false;
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
    if (this.job) showJob(this.job, this.trouble);
  }

  turn(wantsForm) {
    this.wantsForm = wantsForm;
    this.show();
    window.scrollTo(0, 0);
    if (wantsForm) byId("folder").focus();
    else byId("job-title").focus();
  }

  /** Does what a button asks for; its answer is the new state of the job, null where nothing came of it. */
  async do(button, action) {
    button.disabled = true;
    this.trouble = "";
    try {
      const answer = await action();
      if (answer) {
        const wasForm = !byId("form").hidden;
        this.take(answer.job);
        if (wasForm) this.turn(false);
      }
    } catch (error) {
      this.trouble = api.words(error);
    } finally {
      button.disabled = false;
      this.show();
      this.timer = setTimeout(() => this.look(), BUSY_EVERY_MS);
    }
  }

  async regrade() {
    const rules = await this.browser.choose("regrade", this.job.rules || "");
    byId("regrade").focus();
    if (rules !== null) await this.do(byId("regrade"), () => api.regrade(rules));
  }
}

new Page().open();
