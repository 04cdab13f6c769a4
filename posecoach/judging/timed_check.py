"""A check of some seconds, of a person or of a row: counts down, lasts, and is judged once. No clock: time comes with the frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

COUNTDOWN_MS = 3000.0

Result = TypeVar("Result")
Phase = Literal["countdown", "judging", "done"]


@dataclass(frozen=True, slots=True, eq=False)
class CheckNow(Generic[Result]):
    """A check under way or done: ``left_s`` of the phase; ``result`` when done, None where nothing was seen."""

    phase: Phase
    left_s: float
    result: Result | None = None


class TimedCheck(Generic[Result]):
    """Begins with a countdown at ``now_ms`` and lasts for ``seconds`` after it; ``judge`` gives the result of what was recorded then."""

    def __init__(self, now_ms: float, seconds: float, judge: Callable[[], Result | None]) -> None:
        self._starts_ms = now_ms + COUNTDOWN_MS
        self._ends_ms = self._starts_ms + 1000 * seconds
        self._judge = judge
        self._result: Result | None = None

    @property
    def result(self) -> Result | None:
        """What it came to, once `now` has said that it is done."""
        return self._result

    def records(self, t_ms: float) -> bool:
        """Whether a frame of this time belongs to it."""
        return self._starts_ms <= t_ms < self._ends_ms

    def judge_again(self) -> None:
        """What it was judged by has changed."""
        self._result = None

    def now(self, t_ms: float) -> CheckNow[Result]:
        """How far it is; the first time that it is done it is judged."""
        if t_ms < self._starts_ms:
            return CheckNow("countdown", (self._starts_ms - t_ms) / 1000)
        if t_ms < self._ends_ms:
            return CheckNow("judging", (self._ends_ms - t_ms) / 1000)
        if self._result is None:
            self._result = self._judge()
        return CheckNow("done", 0.0, self._result)
