"""What a person sees in the terminal: progress, the table of results, checks and rules."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console as RichConsole
from rich.console import ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Styled

from posecoach import wording
from posecoach.cli.door import printable
from posecoach.jobs.doctor import DoctorCheck
from posecoach.judging.results import ClauseVerdict, ClipResult, Skipped
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.output_folder import REPORT, RESULTS, TABLE, WORKBOOK
from posecoach.storage.roster import Matched
from posecoach.vocabulary import State, Text

_STYLES = {State.PASS: "green", State.WARN: "yellow", State.FAIL: "bold red", State.UNJUDGED: "dim"}
_PLAIN_WIDTH = 140
_WHOLE = ("状态", "数值")
"""What stays on one line in a narrow terminal, so that a value keeps its plus-minus and its unit."""
_NAMES_SHOWN = 5


def rich_console(*, stderr: bool = False) -> RichConsole:
    """A console that shows names as they are: rich takes brackets and colons in them for marks of its own, and may stumble over them."""
    stream = sys.stderr if stderr else sys.stdout
    return _CleanConsole(stderr=stderr, width=None if stream.isatty() else _PLAIN_WIDTH, markup=False, emoji=False)


class _CleanConsole(RichConsole):
    """Lets no control character through that is not rich's own."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As rich does."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text), segment.style)


class Console:
    """Prints to standard output; progress and errors to standard error."""

    def __init__(self) -> None:
        self._out = rich_console()
        self._err = rich_console(stderr=True)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._clips: dict[str, TaskID] = {}

    # --- the batch ----------------------------------------------------------------------------------------------------------------

    def begin(self, count: int) -> None:
        """A batch of ``count`` inputs begins."""
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
        )
        self._progress = Progress(*columns, console=self._err, transient=True, disable=not self._err.is_terminal)
        self._progress.start()
        self._task = self._progress.add_task("clips", total=count, rate="")

    def roster_matched(self, matched: Matched) -> None:
        """Rows that no clip has, and clips without a row: names that are written in two ways, mostly."""
        for names, said in (
            (matched.rows_without, ("row of the roster matches no clip", "rows of the roster match no clip")),
            (matched.clips_without, ("clip has no row in the roster", "clips have no row in the roster")),
        ):
            if names:
                more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
                line = f"{len(names)} {said[len(names) > 1]}: {', '.join(names[:_NAMES_SHOWN])}{more}"
                self._err.print(Styled(line, style="yellow"), highlight=False, soft_wrap=True)

    def clip_begun(self, path: str) -> None:
        """The bar of an input comes with its first frames."""

    def frames_done(self, path: str, done: int, total: int) -> None:
        """So many frames of an input are analysed."""
        if self._progress is None:
            return
        if path not in self._clips:
            self._clips[path] = self._progress.add_task(path[-40:], total=None, rate="")
        task = self._clips[path]
        speed = next(known.speed for known in self._progress.tasks if known.id == task)
        self._progress.update(task, completed=done, total=total or None, rate=f"{speed:.0f} frames/s" if speed else "")

    def clip_done(self, clip: ClipResult) -> None:
        """A clip is graded and written."""
        self._advance(clip.path)
        if not self._err.is_terminal:
            self._err.print(Styled(f"graded {clip.path}: {_summary(clip)}"), highlight=False, soft_wrap=True)

    def clip_failed(self, path: str, words: Text) -> None:
        """An input could not be graded."""
        self._advance(path)
        self._err.print(Styled(f"failed {path}: {words.en}", style="red"), highlight=False, soft_wrap=True)

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """What lies under the paths and was not graded, by reason."""
        by_reason: dict[str, list[str]] = {}
        for item in skipped:
            by_reason.setdefault(item.reason, []).append(item.path)
        for reason, paths in by_reason.items():
            said = wording.words_for(wording.SKIPPED, reason)
            more = f" and {len(paths) - _NAMES_SHOWN} more, see results.json" if len(paths) > _NAMES_SHOWN else ""
            line = f"skipped {len(paths)}, {said.zh} {said.en}: {', '.join(paths[:_NAMES_SHOWN])}{more}"
            self._err.print(Styled(line, style="dim"), highlight=False, soft_wrap=True)

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """The table of results, and where the report lies."""
        if self._progress is not None:
            self._progress.stop()
        for clip in clips:
            self._clip_table(clip, names)
        if stopped:
            kept = f"{len(clips)} clip{'' if len(clips) == 1 else 's'}"
            self._out.print(f"Stopped. What was finished is kept: {kept}.", highlight=False)
        if out is None:
            self._out.print("Nothing was graded; the output folder is as it was.", highlight=False)
            return
        self._out.print(f"Report: {out / REPORT}    data: {out / WORKBOOK}, {TABLE}, {RESULTS}", highlight=False, soft_wrap=True)

    def _advance(self, path: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
            if path in self._clips:
                self._progress.remove_task(self._clips.pop(path))

    def _clip_table(self, clip: ClipResult, names: Mapping[str, Text]) -> None:
        table = Table(title=Styled(f"{clip.path}  {_summary(clip)}"), title_justify="left", title_style="bold", expand=False)
        for heading in ("状态", "条款", "clause", "数值", "改正"):
            table.add_column(heading, overflow="fold", no_wrap=heading in _WHOLE)
        for person in clip.people:
            judged = [verdict for verdict in person.clauses if verdict.state is not State.UNJUDGED]
            for verdict in sorted(judged, key=lambda v: -v.state):
                table.add_row(*_row(verdict, names))
        if table.row_count:
            self._out.print(table)
        else:
            self._out.print(Styled(f"{clip.path}  {_summary(clip)}", style="bold"))
        unjudged = [verdict for person in clip.people for verdict in person.clauses if verdict.state is State.UNJUDGED]
        if unjudged:
            listed = ", ".join(f"{v.id} ({v.reason.word})" for v in unjudged)
            self._out.print(Styled(f"{wording.STATES[State.UNJUDGED].zh} unjudged: {listed}", style="dim"))

    # --- other commands -----------------------------------------------------------------------------------------------------------

    def check(self, check: DoctorCheck) -> None:
        """One line of `posecoach doctor`."""
        word, style = {True: ("ok", "green"), False: ("FAIL", "bold red")}.get(check.ok, ("note", "yellow"))
        line = Styled(f"{word:5s}", style=style) + Styled(f"{check.name}: {check.detail}")
        self._out.print(line, highlight=False, soft_wrap=True)
        if check.mend and check.ok is not True:
            self._out.print(f"     -> {check.mend}", highlight=False, soft_wrap=True)

    def rules(self, rule_sets: Iterable[RuleSet]) -> None:
        """The clauses of rule files as a table."""
        table = Table()
        for heading in ("id", "条款", "clause", "source", "views", "profiles"):
            table.add_column(heading, overflow="fold")
        for rule_set in rule_sets:
            for rule in rule_set.rules:
                views = sorted({word for check in rule.checks for word in check.views})
                profiles = "all" if len(rule.profiles) == 3 else ", ".join(p.value for p in rule.profiles)
                table.add_row(rule.id, rule.clause.zh, rule.clause.en, rule.source, ", ".join(views) or "never judged", profiles)
            table.add_section()
        self._out.print(table)


def _summary(clip: ClipResult) -> str:
    words = [f"{clip.drill}/{clip.profile.value}"]
    for person in clip.people:
        result = wording.OUTCOMES[person.outcome]
        points = "" if person.score is None else f" {person.score:.0f}"
        words.append(f"{result.zh} {result.en}{points}")
    words += [f"! {said.zh} {said.en}" for said in (wording.words_for(wording.WARNINGS, code) for code in clip.warnings)]
    return "  ".join(words)


def _row(verdict: ClauseVerdict, names: Mapping[str, Text]) -> tuple[Styled, str, str, str, str]:
    state = Styled(
        f"{wording.STATE_SIGNS[verdict.state]} {verdict.state.word} {wording.STATES[verdict.state].zh}", style=_STYLES[verdict.state]
    )
    name = names.get(verdict.id)
    correction = verdict.correction.zh if verdict.correction else ""
    return (
        state,
        name.zh if name else "",
        verdict.id,
        wording.format_value(verdict.value, verdict.unit, error_95=verdict.error_95),
        correction,
    )
