"""When the picture is searched for others than those followed, and how much of it. Pure: time is passed in."""

from __future__ import annotations

from enum import Enum

import numpy as np

LOOK_MS = 1000.0
"""How often faces are looked for along the row,"""
LOOK_ROUND_MS = 10_000.0
"""how often everybody in the whole picture,"""
LOOK_AGAIN_MS = 1000.0
"""and bodies in it so soon after the first time: who is cut by the edge is not found in every picture."""


class SearchExtent(Enum):
    """How much is searched: the height of the heads for faces, that and the whole picture for bodies, or everything for both."""

    ALONG = "along"
    ALONG_AND_BODIES = "along, bodies"
    EVERYWHERE = "everywhere"


class Looks:
    """Says at each frame whether to search, and remembers that it was done."""

    def __init__(self) -> None:
        self._next_ms = self._round_ms = -np.inf
        self._bodies_ms = np.inf

    def ask(self, t_ms: float) -> None:
        """The next search shall be at this time, unless it is sooner."""
        self._next_ms = min(self._next_ms, t_ms)

    def next(self, t_ms: float, *, is_anybody: bool) -> SearchExtent | None:
        """The search to make at this time, None when it is not time yet; ``is_anybody``: whether somebody is followed."""
        if t_ms < self._next_ms:
            return None
        self._next_ms = t_ms + LOOK_MS
        if t_ms >= self._round_ms or not is_anybody:
            self._round_ms = t_ms + LOOK_ROUND_MS
            self._bodies_ms = np.inf if is_anybody else t_ms + LOOK_AGAIN_MS
            return SearchExtent.EVERYWHERE
        if t_ms >= self._bodies_ms:
            self._bodies_ms = np.inf
            return SearchExtent.ALONG_AND_BODIES
        return SearchExtent.ALONG
