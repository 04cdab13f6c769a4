"""What all reports share: they take clips one by one and leave a whole file behind, also when the work is broken off."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from bisect import insort
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from posecoach.errors import OutputError
from posecoach.records import ClipResult

_HELD_S = (0.05, 0.2, 0.5)
"""On Windows a virus scanner or an indexer holds a file just written, which cannot be replaced then: waits before trying again."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file the clips were judged by: its name and the SHA-256 of its bytes in hex."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ClipError:
    """An input that could not be graded, and why, in one line."""

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Results:
    """All that `results.json` holds."""

    generator: str
    rules: tuple[RuleFile, ...]
    clips: tuple[ClipResult, ...] = ()
    errors: tuple[ClipError, ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether they are those of a row of people, whose landmarks are in a file for each of them."""
        return any(clip.landmarks is None for clip in self.clips)


class ReportSink(ABC):
    """A report being written: ``add`` a graded clip, ``fail`` an input that could not be graded, in any order; sorted by path inside.

    A context manager; leaving it closes it whatever happened, so what was finished before an interruption is kept.
    """

    def __init__(self, path: Path, generator: str, rules: Iterable[RuleFile]) -> None:
        self.path = path
        self._generator, self._rules = generator, tuple(rules)
        self._clips: list[ClipResult] = []
        self._errors: list[ClipError] = []

    def __enter__(self) -> ReportSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def add(self, clip: ClipResult) -> None:
        """Take in a graded clip."""
        insort(self._clips, clip, key=lambda known: known.path)

    def fail(self, path: str, error: str) -> None:
        """Take in an input that could not be graded."""
        insort(self._errors, ClipError(path, error), key=lambda known: known.path)

    @property
    def results(self) -> Results:
        """What has been taken in so far, by path."""
        return Results(self._generator, self._rules, tuple(self._clips), tuple(self._errors))

    @abstractmethod
    def close(self) -> None:
        """Write the file. Raises `OutputError` when it cannot be written; may be called again."""


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file in one step, so that a reader or a power cut never meets half of it. Raises `OutputError`."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            _replace(part, path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"{path} cannot be written ({why}); close it in other programs, or choose another folder with --out") from error


def _replace(part: Path, path: Path) -> None:
    for wait_s in _HELD_S:
        with suppress(PermissionError):
            part.replace(path)
            return
        time.sleep(wait_s)
    part.replace(path)
