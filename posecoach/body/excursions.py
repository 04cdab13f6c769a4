"""Stretches of time in which a quantity leaves its rest and comes back: what bows, nods and raised arms have in common. Pure arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.records import Array
from posecoach.body.timeline import runs

REST_WINDOW_S = 5.0
"""What a quantity was at rest is looked for so far before and after."""
REST_PERCENTILE = 25.0
"""A quarter of that time is spent at rest, at the least."""


@dataclass(frozen=True, slots=True)
class Excursion:
    """Frames from ``start`` up to ``end`` (exclusive) in which something is away from its rest, by ``peak`` at the most, in its unit."""

    start: int
    end: int
    peak: float

    @property
    def frames(self) -> slice:
        """Its frames."""
        return slice(self.start, self.end)


def resting(values: Array, t_ms: Array) -> Array:
    """What values (T,) that leave their rest upwards are at rest, (T,); NaN where nothing is known in the `REST_WINDOW_S` around.

    Taken from the medians of whole seconds, so that an hour costs no more memory than its frames.
    """
    if not len(values):
        return np.zeros(0)
    second = ((t_ms - t_ms[0]) // 1000).astype(int)
    medians = np.full(second[-1] + 1, np.nan)
    for start, end in runs(second):
        seen = values[start:end][np.isfinite(values[start:end])]
        medians[second[start]] = np.median(seen) if len(seen) else np.nan
    reach = int(REST_WINDOW_S)
    padded = np.concatenate([np.full(reach, np.nan), medians, np.full(reach, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    rest = np.full(len(medians), np.nan)
    known = np.isfinite(windows).any(1)
    rest[known] = np.nanpercentile(windows[known], REST_PERCENTILE, axis=1)
    return np.asarray(rest[second])


def excursions(away: Array, least: float, edge: float) -> tuple[Excursion, ...]:
    """The stretches in which ``away`` (T,), 0 at rest, reaches ``least``, from the last frame below
    ``edge`` (or a fortieth of the peak) to the first one below it again.

    One that the first or last frame cuts, or a frame without a value, is left out: nobody knows when it began or ended.
    """
    found: list[Excursion] = []
    clearly = np.nan_to_num(away, nan=0.0) >= least / 2
    for start, end in runs(clearly):
        if not clearly[start] or (found and start < found[-1].end):
            continue
        peak = float(np.nanmax(away[start:end]))
        if peak < least:
            continue
        back = max(edge, peak / 40)
        first, last = _backwards(away, int(start), back), _forwards(away, int(end), back)
        if first is not None and last is not None:
            found.append(Excursion(first, last, peak))
    return tuple(found)


def _backwards(away: Array, i: int, back: float) -> int | None:
    while i > 0 and away[i - 1] > back:
        i -= 1
    return None if i == 0 or not np.isfinite(away[i - 1]) else i - 1


def _forwards(away: Array, i: int, back: float) -> int | None:
    while i < len(away) and away[i] > back:
        i += 1
    return None if i == len(away) or not np.isfinite(away[i]) else i + 1


def crossings_s(away: Array, t_ms: Array, span: Excursion, share: float) -> tuple[float, float]:
    """When ``away`` first rises through a share of the peak within an excursion, and when it last falls through it; seconds of ``t_ms``.

    Between frames by straight line.
    """
    level = share * span.peak
    above = np.flatnonzero(away[span.frames] >= level) + span.start
    first, last = int(above[0]), int(above[-1])
    return _between(away, t_ms, first - 1, first, level), _between(away, t_ms, last + 1, last, level)


def _between(away: Array, t_ms: Array, outer: int, inner: int, level: float) -> float:
    if not 0 <= outer < len(away) or not np.isfinite(away[outer]) or away[outer] >= level:
        return float(t_ms[inner] / 1000)
    part = (level - away[outer]) / (away[inner] - away[outer])
    return float((t_ms[outer] + part * (t_ms[inner] - t_ms[outer])) / 1000)
