"""What a person sees in the terminal: progress, the table of results, checks and rules."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.cells import set_cell_size
from rich.console import Console as RichConsole
from rich.console import ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Styled

from posecoach import wording
from posecoach.cli import words
from posecoach.cli.door import printable
from posecoach.cli.language import language, spoken
from posecoach.cli.words import filled
from posecoach.jobs.doctor import DoctorCheck
from posecoach.judging.results import ClauseVerdict, ClipResult, Skipped
from posecoach.rulebook.drill_schema import Drill
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.output_folder import REPORT, RESULTS, TABLE, WORKBOOK
from posecoach.storage.roster import Matched
from posecoach.vocabulary import Profile, State, Text

_STYLES = {State.PASS: "green", State.WARN: "yellow", State.FAIL: "bold red", State.UNJUDGED: "dim"}
_PLAIN_WIDTH = 140
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
        self._task = self._progress.add_task(spoken(words.CLIPS), total=count, rate="")

    def roster_matched(self, matched: Matched) -> None:
        """Rows that no clip has, and clips without a row: names that are written in two ways, mostly."""
        for names, one, many in (
            (matched.rows_without, words.ROW_WITHOUT, words.ROWS_WITHOUT),
            (matched.clips_without, words.CLIP_WITHOUT, words.CLIPS_WITHOUT),
        ):
            if names:
                self._note(filled(one if len(names) == 1 else many, n=len(names), names=some_of(names)), "yellow")

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
        self._progress.update(
            task, completed=done, total=total or None, rate=spoken(filled(words.PER_SECOND, n=f"{speed:.0f}")) if speed else ""
        )

    def clip_done(self, clip: ClipResult) -> None:
        """A clip is graded and written."""
        self._advance(clip.path)
        if not self._err.is_terminal:
            self._note(filled(words.GRADED, path=clip.path, said=_how_it_went(clip)), "")

    def kept(self, unchanged: Sequence[ClipResult], count: int) -> None:
        """Of ``count`` clips those that are not judged again."""
        for clip in unchanged:
            self._advance(clip.path)
        self._note(filled(words.UNCHANGED, n=count - len(unchanged), all=count, kept=len(unchanged)), "")

    def clip_failed(self, path: str, why: Text) -> None:
        """An input could not be graded."""
        self._advance(path)
        self._note(filled(words.FAILED, path=path, why=why), "red")

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """What lies under the paths and was not graded, by reason."""
        by_reason: dict[str, list[str]] = {}
        for item in skipped:
            by_reason.setdefault(item.reason, []).append(item.path)
        for reason, paths in by_reason.items():
            why = wording.words_for(wording.SKIPPED, reason)
            more = spoken(words.SEE_RESULTS) if len(paths) > _NAMES_SHOWN else ""
            self._note(filled(words.SKIPPED, n=len(paths), why=why, names=some_of(paths) + more), "dim")

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """The table of results, and where the report lies."""
        if self._progress is not None:
            self._progress.stop()
        for clip in clips:
            self._clip_table(clip, names)
        if out is None:
            self._say(words.STOPPED_AS_IT_WAS if stopped else words.NOTHING_GRADED)
            return
        if stopped:
            self._say(filled(words.STOPPED_KEPT_ONE if len(clips) == 1 else words.STOPPED_KEPT, n=len(clips)))
        self._say(filled(words.REPORT, report=out / REPORT, data=f"{out / WORKBOOK}, {TABLE}, {RESULTS}"))

    def _say(self, said: Text) -> None:
        self._out.print(Styled(spoken(said)), highlight=False, soft_wrap=True)

    def _note(self, said: Text, style: str) -> None:
        self._err.print(Styled(spoken(said), style=style), highlight=False, soft_wrap=True)

    def _advance(self, path: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
            if path in self._clips:
                self._progress.remove_task(self._clips.pop(path))

    def _clip_table(self, clip: ClipResult, names: Mapping[str, Text]) -> None:
        title = Styled(f"{clip.path}  {_asked(clip, names)}  {spoken(_how_it_went(clip))}", style="bold")
        verdicts = [verdict for person in clip.people for verdict in person.clauses]
        judged = [verdict for verdict in verdicts if verdict.state is not State.UNJUDGED]
        self._out.print(title, highlight=False)
        if judged:
            table = Table(expand=False)
            table.add_column(spoken(words.STATE), no_wrap=True)
            table.add_column(spoken(words.VALUE), no_wrap=True)
            table.add_column(spoken(words.CLAUSE), overflow="fold", min_width=longest(v.id for v in judged))
            for verdict in sorted(judged, key=lambda v: -v.state):
                table.add_row(*_row(verdict, names))
            self._out.print(table)
        for reason, why in wording.REASONS.items():
            unjudged = ", ".join(v.id for v in verdicts if v.state is State.UNJUDGED and v.reason is reason)
            if unjudged:
                self._out.print(Styled(spoken(filled(words.UNJUDGED, why=why.why, listed=unjudged)), style="dim"), highlight=False)

    # --- other commands -----------------------------------------------------------------------------------------------------------

    def check(self, check: DoctorCheck) -> None:
        """One line of `posecoach doctor`."""
        style = "green" if check.ok else "bold red"
        line = Styled(set_cell_size(spoken(words.DOCTOR_WORDS[check.ok]), 7), style=style)
        self._out.print(line + Styled(f"{spoken(check.name)}: {spoken(check.detail)}"), highlight=False, soft_wrap=True)
        if check.mend:
            self._out.print(Styled(f"       -> {spoken(check.mend)}"), highlight=False, soft_wrap=True)

    def rules(self, rule_sets: Iterable[RuleSet]) -> None:
        """The clauses of rule files as a table."""
        rule_sets = list(rule_sets)
        table = Table()
        table.add_column(spoken(words.CLAUSE), overflow="fold", min_width=longest(rule.id for s in rule_sets for rule in s.rules))
        for heading in (words.SOURCE, words.SEEN_FROM, words.FOR_WHOM):
            table.add_column(spoken(heading), overflow="fold")
        for rule_set in rule_sets:
            for rule in rule_set.rules:
                views = list(dict.fromkeys(word for check in rule.checks for word in check.views))
                seen = Text("、".join(wording.VIEW_WORDS[v].zh for v in views), ", ".join(wording.VIEW_WORDS[v].en for v in views))
                whom = [spoken(wording.PROFILES[profile]) for profile in rule.profiles]
                table.add_row(
                    _clause(rule.id, rule.clause),
                    rule.source,
                    spoken(seen if views else words.NEVER_JUDGED),
                    spoken(words.ANYBODY) if len(whom) == len(Profile) else ", ".join(whom),
                )
            table.add_section()
        self._out.print(table)

    def drills(self, drills: Iterable[Drill]) -> None:
        """The drills, each with its steps, as a table."""
        drills = list(drills)
        table = Table()
        table.add_column(spoken(words.DRILL_NAME), overflow="fold", min_width=longest(drill.topic for drill in drills))
        table.add_column(spoken(words.STEPS), overflow="fold")
        for drill in drills:
            table.add_row(_clause(drill.topic, drill.title), " → ".join(spoken(step.title) for step in drill.steps))
        self._out.print(table)


def longest(ids: Iterable[str]) -> int:
    """The columns that the longest id of a clause takes, so that none is broken."""
    return max(map(len, ids), default=0)


def some_of(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = spoken(filled(words.AND_MORE, n=len(names) - _NAMES_SHOWN)) if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more


def _asked(clip: ClipResult, names: Mapping[str, Text]) -> str:
    return f"{spoken(wording.words_for(names, clip.drill))}/{spoken(wording.PROFILES[clip.profile])}"


def _how_it_went(clip: ClipResult) -> Text:
    parts = []
    for person in clip.people:
        outcome = wording.OUTCOMES[person.outcome]
        points = "" if person.score is None else f" {person.score:.0f}"
        parts.append(Text(outcome.zh + points, outcome.en + points))
    warned = (wording.words_for(wording.WARNINGS, code) for code in clip.warnings)
    parts += [Text(f"! {said.zh}", f"! {said.en}") for said in warned]
    return Text("  ".join(part.zh for part in parts), "  ".join(part.en for part in parts))


def _row(verdict: ClauseVerdict, names: Mapping[str, Text]) -> tuple[Styled, str, Styled]:
    state = Styled(f"{wording.STATE_SIGNS[verdict.state]} {spoken(wording.STATES[verdict.state])}", style=_STYLES[verdict.state])
    clause = _clause(verdict.id, names.get(verdict.id))
    if verdict.correction:
        clause.append(f"\n→ {spoken(verdict.correction)}")
    return state, wording.format_value(verdict.value, verdict.unit, language(), verdict.error_95), clause


def _clause(clause_id: str, name: Text | None) -> Styled:
    """The name of a clause and its id, which is never broken: where both find no room beside each other it has its own line."""
    return Styled.assemble((clause_id, "dim"), f"  {spoken(name)}" if name else "")
