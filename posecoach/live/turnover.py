"""How long it takes until somebody leaves. Pure: times are passed in."""

from __future__ import annotations

from collections import deque

SPAN_S = 600.0
WAIT_S = (5, 120)
USUAL_S = 30
"""Where nobody has left yet."""


class Turnover:
    """Notes who leaves, and says when there may be a place again."""

    def __init__(self) -> None:
        self._left_s: deque[float] = deque(maxlen=1000)

    def note(self, now_s: float) -> None:
        """Somebody leaves."""
        self._left_s.append(now_s)

    def wait_s(self, now_s: float) -> int:
        """Seconds until the next one leaves, if they go on leaving as in the last minutes."""
        recent = [left_s for left_s in self._left_s if left_s >= now_s - SPAN_S]
        if not recent:
            return USUAL_S
        least, longest = WAIT_S
        return min(max(round((now_s - recent[0]) / len(recent)), least), longest)
