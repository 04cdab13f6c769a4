"""Stretches of time in which a quantity leaves its rest and comes back: what bows, nods and raised arms have in common. Pure arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.records import Array
from posecoach.body.timeline import highest, runs

REST_WINDOW_S = 5.0
"""What a quantity was at rest is looked for so far before and after."""
REST_PERCENTILE = 25.0
"""A quarter of that time is spent at rest, at the least."""
SETTLED_S, SETTLED_SHARE = 0.3, 0.45


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


def resting(values: Array, t_ms: Array, percentile: float = REST_PERCENTILE) -> Array:
    """What values (T,) that leave their rest upwards are at rest, (T,); NaN where nothing is known in the `REST_WINDOW_S` around.

    Rest is a low ``percentile`` of the medians of whole seconds. Taken from these, so that an hour costs no more memory than its frames.
    """
    if not len(values):
        return np.zeros(0)
    second = ((t_ms - t_ms[0]) // 1000).astype(int)
    count = np.bincount(second)
    seconds = np.full((len(count), count.max()), np.nan)
    seconds[second, np.arange(len(values)) - (np.cumsum(count) - count)[second]] = np.where(np.isfinite(values), values, np.nan)
    medians = _medians(seconds)
    reach = int(REST_WINDOW_S)
    padded = np.concatenate([np.full(reach, np.nan), medians, np.full(reach, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(percentiles(windows, percentile)[second])


def percentiles(rows: Array, percentile: float) -> Array:
    """`numpy.nanpercentile` of each row (n, k) to the last bit, NaN where a row has no value; that one goes through the rows one by one."""
    ordered = np.sort(rows, axis=1)
    last = np.isfinite(ordered).sum(axis=1) - 1
    place = np.maximum(last, 0) * (percentile / 100)
    before = place.astype(int)
    low, high = (ordered[np.arange(len(rows)), at] for at in (before, np.minimum(before + 1, np.maximum(last, 0))))
    share, step = place - before, high - low
    return np.where(share < 0.5, low + step * share, high - step * (1 - share))


def _medians(rows: Array) -> Array:
    """The median of each row (n, k), NaN where it has no value."""
    ordered, row = np.sort(rows, axis=1), np.arange(len(rows))
    count = np.maximum(np.isfinite(ordered).sum(axis=1), 1)
    return np.asarray((ordered[row, (count - 1) // 2] + ordered[row, count // 2]) / 2)


def excursions(away: Array, t_ms: Array, least: float, edge: float) -> tuple[Excursion, ...]:
    """The stretches in which ``away`` (T,), 0 at rest, reaches ``least``, from the last frame at rest to the first one at rest again.

    At rest is what lies below ``edge`` (or a fortieth of the peak), or has come down to less than half of the peak and goes no lower: rest
    afterwards need not be as before. One that the first or last frame cuts, or a frame without a value, is left out: nobody knows when
    it began or ended.
    """
    found: list[Excursion] = []
    clearly = away >= least / 2
    for start, end in runs(clearly):
        if not clearly[start] or (found and start < found[-1].end):
            continue
        peak = float(np.nanmax(away[start:end]))
        if peak < least:
            continue
        top = int(start) + highest(away[start:end])
        first, last = (_settles(away, t_ms, top, step, edge) for step in (-1, 1))
        if first is not None and last is not None:
            found.append(Excursion(first, last + 1, peak))
    return tuple(found)


def _settles(away: Array, t_ms: Array, top: int, step: int, edge: float) -> int | None:
    """The frame in which ``away`` has come to rest, going from its peak at ``top`` one way; None where it does not."""
    peak, i = away[top], top
    while 0 <= i < len(away) and np.isfinite(away[i]):
        if away[i] <= max(edge, peak / 40):
            return i
        if away[i] <= SETTLED_SHARE * peak:
            near = np.abs(t_ms - t_ms[i]) <= 1000 * SETTLED_S
            ahead = away[i + 1 :][near[i + 1 :]] if step > 0 else away[:i][near[:i]]
            if len(ahead) and np.isfinite(ahead).all() and ahead.min() > away[i] - edge / 2:
                return i
        i += step
    return None


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


def crossing_s(t_s: Array, share: Array, level: float) -> float:
    """Time at which ``share`` last rises through ``level``, between frames by straight line."""
    below = np.flatnonzero(share[:-1] <= level)
    i = int(below[-1]) if len(below) else 0
    step = share[i + 1] - share[i]
    part = (level - share[i]) / step if step > 0 else 0.0
    return float(t_s[i] + np.clip(part, 0, 1) * (t_s[i + 1] - t_s[i]))
