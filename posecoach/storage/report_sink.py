"""What all reports share: they take clips one by one and leave a whole file behind, also when the work is broken off."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import insort
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from posecoach.judging.results import ClipError, ClipResult, Results, RuleFileUsed, Skipped
from posecoach.vocabulary import Text


class ReportSink(ABC):
    """A report being written: ``add`` a graded clip, ``fail`` an input that could not be graded, in any order; sorted by path inside.

    A context manager; leaving it closes it whatever happened, so what was finished before an interruption is kept. One that has taken
    nothing in leaves the file of an earlier run as it was.
    """

    def __init__(self, path: Path, generator: str, rules: Iterable[RuleFileUsed]) -> None:
        self.path = path
        self._generator, self._rules = generator, tuple(rules)
        self._clips: list[ClipResult] = []
        self._errors: list[ClipError] = []
        self._skipped: list[Skipped] = []
        self._unreadable: list[ClipError] = []
        self._groups: dict[str, str | None] = {}

    def __enter__(self) -> ReportSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.has_news:
            self.close()

    @property
    def has_news(self) -> bool:
        """Whether anything was worked on, so that the report of an earlier run gives way."""
        return bool(self._clips or self._errors)

    def add(self, clip: ClipResult, group: str | None = None) -> None:
        """Take in a graded clip; ``group`` of its person in the roster."""
        self._groups[clip.path] = group
        insort(self._clips, clip, key=lambda known: known.path)

    def fail(self, path: str, words: Text) -> None:
        """Take in an input that could not be graded, and why."""
        self._errors.append(ClipError(path, words))

    def skip(self, skipped: Iterable[Skipped], unreadable: Iterable[ClipError] = ()) -> None:
        """Take in what was passed over, and what is no input at all; neither is news."""
        self._skipped = sorted([*self._skipped, *skipped], key=lambda known: known.path)
        self._unreadable += unreadable

    @property
    def results(self) -> Results:
        """What has been taken in so far, by path."""
        errors = sorted([*self._unreadable, *self._errors], key=lambda known: known.path)
        return Results(self._generator, self._rules, tuple(self._clips), tuple(errors), tuple(self._skipped))

    @abstractmethod
    def close(self) -> None:
        """Write the file. Raises `OutputError` when it cannot be written; may be called again."""
