"""Faults over time -> the one correction to give now. Time is passed in; all spans are milliseconds of real time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posecoach.vocabulary import Text

SHOWN_MIN_MS = 2000.0
PRAISE_MS = 2000.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A clause that fails now, and what to say; the higher ``priority`` comes first."""

    rule_id: str
    priority: int
    correction: Text


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say now: a correction and since when, or praise for the clause ``praised`` that was mended, or nothing."""

    fault: Fault | None = None
    since_ms: float = 0.0
    praised: str | None = None
    praise: Text | None = None


class Coach:
    """Picks one correction at a time.

    A correction stays at least 2 s before a more important one takes its place, is followed by praise as soon as its clause is met, and
    goes without a word when the clause can no longer be judged.
    """

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._since_ms = 0.0
        self._praise: tuple[str, Text, float] | None = None

    def reset(self) -> None:
        """Forget everything, for a new person or topic."""
        self.__init__()  # type: ignore[misc]

    def update(self, t_ms: float, faults: Sequence[Fault], met: Mapping[str, Text | None]) -> Advice:
        """The advice at ``t_ms``: ``faults`` fail now, ``met`` are the clauses that do not, with their words of praise."""
        if self._praise is not None and t_ms - self._praise[2] >= PRAISE_MS:
            self._praise = None
        if self._fault is not None and self._fault.rule_id in met:
            words = met[self._fault.rule_id]
            self._praise = (self._fault.rule_id, words, t_ms) if words else None
            self._fault = None
        if self._praise is not None:
            return Advice(praised=self._praise[0], praise=self._praise[1])
        self._choose(t_ms, {fault.rule_id: fault for fault in faults})
        return Advice(self._fault, self._since_ms)

    def _choose(self, t_ms: float, faults: Mapping[str, Fault]) -> None:
        first = max(faults.values(), key=lambda fault: fault.priority, default=None)
        if self._fault is None:
            self._fault, self._since_ms = first, t_ms
            return
        same = faults.get(self._fault.rule_id)
        if same is not None:
            self._fault = same
        is_settled = t_ms - self._since_ms >= SHOWN_MIN_MS
        if is_settled and (first is None or same is None or first.priority > same.priority):
            self._fault, self._since_ms = first, t_ms
