"""When a morning meeting's check begins by itself: everybody stands, and nobody has come or gone for a while. Pure."""

from __future__ import annotations

from posecoach.row.live import RowNow
from posecoach.row.places import Status

STEADY_MS = 3000.0
"""Everybody has stood for so long."""


class AutoStart:
    """Watches a row frame by frame for the moment to begin."""

    def __init__(self) -> None:
        self._who: tuple[int, ...] = ()
        self._since_ms: float | None = None

    def is_due(self, now: RowNow, *, is_armed: bool) -> bool:
        """Whether to begin now: true once, then after everybody has stood anew for `STEADY_MS`.

        Not while a check is under way, while somebody at a place is moving, hidden, cut off or away, nor while the roster counts others.
        """
        who = tuple(person.key for person in now.people)
        stand = bool(who) and now.roster_fits and all(person.status is Status.JUDGED for person in now.people)
        if not is_armed or now.check is not None or not stand or who != self._who or self._since_ms is None:
            self._who, self._since_ms = who, now.t_ms if is_armed and stand else None
            return False
        if now.t_ms - self._since_ms < STEADY_MS:
            return False
        self._since_ms = None
        return True
