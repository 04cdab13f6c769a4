"""Which pictures of a film are handed out: those nearest to a grid of time."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TypeVar

TINY_S = 0.001

T = TypeVar("T")


def nearest_to_grid(timed: Iterator[tuple[float, T]], fps: float, start_s: float = 0.0) -> Iterator[tuple[float, T]]:
    """Of pictures with their times (seconds, increasing) those whose stretch (half way to both neighbours) holds some k / ``fps``.

    The first stretch begins at ``start_s``.
    """
    current = None
    for t_s, picture in timed:
        if current:
            end_s = (current[0] + t_s) / 2
            if has_grid_time(start_s, end_s, fps):
                yield current
            start_s = end_s
        current = t_s, picture
    if current and has_grid_time(start_s, 2 * current[0] - start_s + TINY_S, fps):
        yield current


def has_grid_time(start_s: float, end_s: float, fps: float) -> bool:
    """Whether some k / fps lies in [start, end); both ends round alike, so that neighbouring stretches neither share nor lose one."""
    return ceil(start_s * fps - 1e-6) < end_s * fps - 1e-6
