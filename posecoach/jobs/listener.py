"""What is told while many inputs are graded or judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from posecoach.judging.results import ClipResult, Skipped
from posecoach.storage.roster import Matched
from posecoach.vocabulary import Text

STOPPED = 130
"""Exit status of what was stopped before its end, as a shell has it."""


class Listener(Protocol):
    """Hears how far a batch is, in the thread that runs it."""

    def begin(self, count: int) -> None:
        """A batch of ``count`` inputs begins; each of them is done or fails."""

    def roster_matched(self, matched: Matched) -> None:
        """How the roster fits the inputs, where there is one."""

    def clip_begun(self, path: str) -> None:
        """The input called ``path`` is handed to a process, which may have to load the models first."""

    def frames_done(self, path: str, done: int, total: int) -> None:
        """So many frames of the input called ``path`` are analysed, of ``total`` (0: not known)."""

    def clip_done(self, clip: ClipResult) -> None:
        """A clip is graded and written."""

    def clip_failed(self, path: str, why: Text) -> None:
        """An input could not be graded, and why."""

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """What lies under the paths and was not graded."""

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """The batch is over, or was stopped; ``out`` holds its report, None where nothing was written.

        ``names``: the words of clauses and topics by their ids.
        """
