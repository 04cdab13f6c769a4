"""What a person sees in the terminal while rule files are watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.text import Text as Styled

from posecoach import wording
from posecoach.cli import words
from posecoach.cli.language import language, spoken
from posecoach.cli.terminal import Console
from posecoach.cli.terminal_comparison import print_changes
from posecoach.cli.words import filled
from posecoach.errors import PosecoachError
from posecoach.judging.comparing import Comparison, Standing
from posecoach.judging.results import ClipResult
from posecoach.vocabulary import Change, State, Text

_LISTED = 30
"""So many changed verdicts are told one by one; the report has all."""


class WatchConsole(Console):
    """As the console of a grading, but with what changed instead of all results."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Mapping[str, Text] = {}
        self._known_failures: set[tuple[str, Text]] = set()

    def clip_done(self, clip: ClipResult) -> None:
        """A clip is judged again."""
        self._advance(clip.path)

    def clip_failed(self, path: str, why: Text) -> None:
        """An input could not be graded; said once."""
        if (path, why) in self._known_failures:
            self._advance(path)
        else:
            self._known_failures.add((path, why))
            super().clip_failed(path, why)

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """The reports are written."""
        self._names = names
        self._say(filled(words.JUDGED_AGAIN, n=len(clips)))
        super().end((), names, out, stopped)

    def changed(self, comparison: Comparison) -> None:
        """What is different from the last time."""
        print_changes(comparison, self._name, self._out)
        changes = [
            (pair.path, clause)
            for pair in comparison.pairs
            for clause in pair.clauses
            if clause.change not in (Change.SAME, Change.NOT_JUDGED)
        ]
        for path, clause in changes[:_LISTED]:
            what = f"{clause.clause_id}  {spoken(self._name(clause.clause_id))}"
            line = f"{_shown(clause.before)} → {_shown(clause.after)}  {what}  {path}"
            self._out.print(Styled(line), highlight=False, soft_wrap=True)
        if len(changes) > _LISTED:
            self._say(filled(words.MORE_CHANGES, n=len(changes) - _LISTED))

    def not_regraded(self, error: PosecoachError) -> None:
        """Nothing was judged; the results are as before."""
        self._note(words.NOT_REGRADED, "red")
        self._note(error.words, "red")

    def not_written(self, error: PosecoachError) -> None:
        """All is judged, but a report could not be written."""
        self._note(filled(words.NOT_WRITTEN, why=error.words), "red")

    def waiting(self, rules_folder: Path) -> None:
        """Nothing to do until a rule file is saved."""
        self._say(filled(words.WATCHING, folder=rules_folder))

    def stopped(self) -> None:
        """Ctrl-C."""
        self._say(words.STOPPED_WATCHING)

    def _name(self, clause_id: str) -> Text:
        return self._names.get(clause_id, Text(clause_id, clause_id))


def _shown(standing: Standing | None) -> str:
    if standing is None:
        return wording.STATE_SIGNS[State.UNJUDGED]
    return f"{wording.STATE_SIGNS[standing.state]} {wording.format_value(standing.value, standing.unit, language())}".strip()
