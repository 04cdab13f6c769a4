// The job: how far it is, what failed and why, and what can be done now.

import { byId, el, setText, show } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { duration, t } from "./words.js";

/** The title of the tab tells too how far the job is. */
export function titleOf(job) {
  if (job === null) return t("title");
  if (isBusy(job)) return job.total ? `(${job.done}/${job.total}) ${t("running")}` : t("running");
  return job.state === "done" ? `✓ ${t("done")}` : t(job.state);
}

const OUTCOMES = { meets: "pass", improve: "warn", not_met: "fail", not_enough: "unjudged", not_judged: "unjudged" };
const CURRENT_SHOWN = 8;

export const isBusy = (job) => job !== null && ["running", "stopping"].includes(job.state);

/** Shows the job as the server tells it, and what went wrong with the last button. */
export function showJob(job, trouble, note = "") {
  const busy = isBusy(job);
  setText(byId("job-title"), t(job.state === "running" && job.is_regrade ? "regrading" : job.state));
  byId("job").dataset.state = job.state;
  setText(byId("job-folder"), `${job.folder} → ${job.out}`);
  setText(byId("job-error"), trouble || (job.error ? say(job.error) : ""));
  show(byId("job-error"), byId("job-error").textContent !== "");
  setText(byId("job-note"), note);
  showNumbers(job, busy);
  showDoing(job);
  showCurrent(job.current);
  byId("job-tally").replaceChildren(...Object.entries(OUTCOMES).flatMap(([outcome, state]) => (job.outcomes[outcome] ? [el("span", { class: `dot ${state}`, text: t(outcome, { n: job.outcomes[outcome] }) })] : [])));
  showButtons(job, busy);
  showFailed(job);
}

function showNumbers(job, busy) {
  const parts = job.current.reduce((sum, { done, total }) => sum + (total ? Math.min(1, done / total) : 0), 0);
  const share = job.total ? Math.min(1, (job.done + parts) / job.total) : 0;
  const counted = job.total === null ? "" : t("counted", job);
  const failed = job.failed_count ? t("failed_count", { n: job.failed_count }) : "";
  setText(byId("job-count"), counted + failed);
  const time = busy ? (job.left_s !== null ? t("left", { time: duration(job.left_s) }) : job.total === null || job.state === "stopping" ? "" : t("estimating")) : job.took_s ? t("took", { time: duration(job.took_s, 1) }) : "";
  setText(byId("job-left"), time);
  const bar = byId("job-bar");
  bar.firstElementChild.style.width = `${100 * share}%`;
  bar.setAttribute("aria-valuemax", job.total || 1);
  bar.setAttribute("aria-valuenow", job.done);
  setText(byId("job-spoken"), busy ? counted : `${t(job.state)} ${counted}${failed}`);
}

/** What is being done while no clip tells of frames. */
function showDoing(job) {
  const isQuiet = job.state === "running" && job.current.length === 0;
  let words = "";
  if (isQuiet && job.total === null) words = t("preparing");
  else if (isQuiet && job.is_regrade) words = t("judging_again");
  else if (isQuiet && job.waiting.length) words = t(job.finished_count ? "opening_clips" : "loading_models", { name: job.waiting.join(t("comma")) });
  else if (isQuiet && job.done >= job.total) words = t("reporting");
  setText(byId("job-doing"), words);
  show(byId("job-doing"), words !== "");
}

/** Rows are kept from one look to the next, so that their bars move smoothly. */
function showCurrent(current) {
  const list = byId("job-current");
  const known = new Map([...list.children].map((row) => [row.dataset.path, row]));
  const rows = current.slice(0, CURRENT_SHOWN).map(({ path, done, total }) => {
    const row = known.get(path) || el("li", { "data-path": path }, el("span", { class: "name", text: path }), el("div", { class: "bar thin" }, el("i")), el("small"));
    row.querySelector("i").style.width = `${total ? Math.min(100, (100 * done) / total) : 0}%`;
    setText(row.querySelector("small"), total ? t("frames", { done, total }) : done ? t("frames_only", { done }) : t("opening"));
    return row;
  });
  if (rows.length !== list.children.length || rows.some((row, i) => row !== list.children[i])) list.replaceChildren(...rows);
}

function showButtons(job, busy) {
  const isWhole = job.state === "done";
  const report = byId("open-report");
  const hasResults = job.report !== null && (job.is_regrade || job.done > job.failed_count);
  show(report, !busy && hasResults);
  if (job.report) report.href = job.report;
  setText(report, t(isWhole || job.is_regrade ? "open_report" : "open_partial"));
  report.classList.toggle("primary", isWhole);
  show(byId("stop"), busy);
  byId("stop").disabled = job.state === "stopping";
  show(byId("resume"), !busy && (!isWhole || job.failed_count > 0));
  setText(byId("resume"), t(isWhole ? "retry" : "resume"));
  for (const kind of ["primary", "large"]) byId("resume").classList.toggle(kind, !isWhole);
  show(byId("again"), !busy);
  show(byId("more-ways"), !busy && hasResults);
  setText(byId("job-hint"), busy ? t("running_hint") : isWhole ? t("done_hint") : t(job.is_regrade ? "as_before_hint" : "stopped_hint"));
}

function showFailed(job) {
  show(byId("failed"), job.failed_count > 0);
  setText(byId("failed-title"), t("failed_title", { n: job.failed_count }));
  const list = byId("failed-list");
  const shown = `${document.documentElement.lang} ${job.folder} ${job.failed.map(({ path }) => path)}`;
  if (list.dataset.shown !== shown) list.replaceChildren(...job.failed.map((failure) => el("li", {}, el("b", { text: failure.path }), el("span", { text: say(failure), title: failure.en }))));
  list.dataset.shown = shown;
  const more = job.failed_count - job.failed.length;
  setText(byId("failed-more"), more > 0 ? t("failed_more", { n: more }) : "");
}
