"""What the packets of a picture track say of time, read without decoding: how much is there, and whether the clock jumps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

JUMP_AHEAD_S = 10.0
JUMP_AHEAD_INTERVALS = 20
"""A clock that leaps further than both between two packets is wrong: nothing was recorded in between."""
JUMP_BACK_S = 1.0
"""Pictures are coded out of order, but not by more."""


def is_jump_ahead(gap_s: float, interval_s: float) -> bool:
    """Whether no recording can lie between two packets so far apart, one usual interval being ``interval_s``."""
    return gap_s > max(JUMP_AHEAD_S, JUMP_AHEAD_INTERVALS * interval_s)


@dataclass(frozen=True, slots=True)
class PacketTimes:
    """``count`` packets that last ``length_s`` seconds without the jumps of the clock; ``is_steady``: there are none."""

    count: int
    length_s: float
    is_steady: bool

    @property
    def rate(self) -> float:
        """Packets a second; 0 when there are too few to tell, or all have the same stamp."""
        return self.count / self.length_s if self.length_s else 0.0

    @classmethod
    def of(cls, stamps: Iterable[int], unit_s: float) -> PacketTimes:
        """From the stamps in the order of the file, in units of ``unit_s`` seconds."""
        t_s = np.fromiter(stamps, np.int64) * unit_s
        if len(t_s) < 2:
            return cls(len(t_s), 0.0, True)
        gaps_s = np.diff(np.sort(t_s))
        interval_s = float(np.median(gaps_s))
        is_jump = gaps_s > max(JUMP_AHEAD_S, JUMP_AHEAD_INTERVALS * interval_s)
        goes_back = bool((t_s < np.maximum.accumulate(t_s) - max(JUMP_BACK_S, JUMP_AHEAD_INTERVALS * interval_s)).any())
        length_s = float(gaps_s[~is_jump].sum()) + interval_s * (1 + int(is_jump.sum()))
        return cls(len(t_s), length_s, not (is_jump.any() or goes_back))
