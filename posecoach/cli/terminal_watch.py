"""What a person sees in the terminal while rule files are watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.text import Text as Styled

from posecoach import wording
from posecoach.cli.terminal import Console
from posecoach.cli.terminal_comparison import print_changes
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

    def clip_failed(self, path: str, words: Text) -> None:
        """An input could not be graded; said once."""
        if (path, words) in self._known_failures:
            self._advance(path)
        else:
            self._known_failures.add((path, words))
            super().clip_failed(path, words)

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """The reports are written."""
        self._names = names
        self._out.print(f"Judged again: {len(clips)}", highlight=False)
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
            words = f"{_shown(clause.before)} → {_shown(clause.after)}  {self._name(clause.clause_id).zh} {clause.clause_id}  {path}"
            self._out.print(Styled(words), highlight=False, soft_wrap=True)
        if len(changes) > _LISTED:
            self._out.print(f"and {len(changes) - _LISTED} more", highlight=False)

    def not_regraded(self, error: PosecoachError) -> None:
        """Nothing was judged; the results are as before."""
        self._err.print(Styled(f"not judged again, the results are as before:\n{error}", style="red"), highlight=False, soft_wrap=True)

    def not_written(self, error: PosecoachError) -> None:
        """All is judged, but a report could not be written."""
        self._err.print(Styled(f"not all is written: {error}; then save the rule file again", style="red"), highlight=False, soft_wrap=True)

    def waiting(self, rules_folder: Path) -> None:
        """Nothing to do until a rule file is saved."""
        self._out.print(Styled(f"Watching {rules_folder}; save a rule file to judge again, Ctrl-C ends."), highlight=False, soft_wrap=True)

    def stopped(self) -> None:
        """Ctrl-C."""
        self._out.print("Stopped watching.", highlight=False)

    def _name(self, clause_id: str) -> Text:
        return self._names.get(clause_id, Text(clause_id, clause_id))


def _shown(standing: Standing | None) -> str:
    if standing is None:
        return wording.STATE_SIGNS[State.UNJUDGED]
    return f"{wording.STATE_SIGNS[standing.state]} {wording.format_value(standing.value, standing.unit)}".strip()
