"""A row as judged, as a person sees it in the terminal."""

from __future__ import annotations

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text as Styled

from posecoach import wording
from posecoach.cli import words
from posecoach.cli.language import spoken
from posecoach.cli.terminal import rich_console
from posecoach.cli.words import filled
from posecoach.jobs.row import GradedRow
from posecoach.reports.group_sheet import first_correction, state_of
from posecoach.row.judging import RowPerson
from posecoach.row.places import Status
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import State

_STYLES = {State.PASS: "green", State.FAIL: "bold red", State.UNJUDGED: "dim"}


class FrameProgress:
    """A bar on standard error while frames are analysed; nothing where that is no terminal."""

    def __init__(self, path: str) -> None:
        err = rich_console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
        )
        self._progress = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
        self._task: TaskID = self._progress.add_task(path[-40:], total=None)

    def __enter__(self) -> FrameProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def frame_done(self, done: int, total: int) -> None:
        """So many frames are analysed, of so many (0: not known)."""
        self._progress.update(self._task, completed=done, total=total or None)


def print_row(lineup: GradedRow) -> None:
    """A line for each person from left to right, the tally, what to know of the row, where the sheet lies."""
    out = rich_console()
    table = Table(title=lineup.clip.path, title_justify="left", title_style="bold", expand=False)
    table.add_column("#")
    for heading in (words.NAME, words.OUTCOME, words.SCORE, words.CORRECTION):
        table.add_column(spoken(heading), overflow="fold")
    for person in lineup.people:
        table.add_row(*_row(person, lineup.rule_set))
    if lineup.people:
        out.print(table)
    states = [state_of(person) for person in lineup.people]
    counts = ", ".join(f"{spoken(wording.STATES[state])} {states.count(state)}" for state in _STYLES)
    out.print(spoken(filled(words.PEOPLE, n=len(states), counts=counts)), highlight=False)
    for code in lineup.clip.warnings:
        said = wording.words_for(wording.WARNINGS, code)
        out.print(f"! {spoken(said)}", style="yellow", highlight=False, soft_wrap=True)
    folder = lineup.sheet.parent
    data = f"{folder / 'results.json'}, {folder / 'results.csv'}"
    where = filled(words.SHEET, sheet=lineup.sheet, table=folder / "lineup.csv", data=data)
    out.print(Styled(spoken(where)), highlight=False, soft_wrap=True)


def _row(person: RowPerson, rule_set: RuleSet) -> tuple[str, str, Styled, str, str]:
    state, correction, score = state_of(person), first_correction(person, rule_set), person.result.score
    said = wording.STATES[state] if person.status is Status.JUDGED else wording.ROW_STATUSES[person.status.value]
    result = Styled(f"{wording.STATE_SIGNS[state]} {spoken(said)}", style=_STYLES[state])
    advice = spoken(correction) if correction else ""
    return str(person.place.id), person.entry.name or "", result, "" if score is None else f"{score:.0f}", advice
