"""Finds getting up and sitting down by the height of head and hips, also behind a counter that hides the legs. Pure arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.codes import HIPS, SHOULDERS, SITTING, STANDING
from posecoach.body.excursions import crossing_s
from posecoach.body.geometry import distance_px
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.body.timeline import median, rolling_median, runs

LEAST_TL = 0.55
"""How far the head rises or sinks: a seat is 0.8 to 1 trunk length below; a step nearer to the camera or a bow moves it less."""
LEAST_TOLD_TL, HIPS_LEAST_TOLD_TL = 0.3, 0.2
"""The same where the legs tell that somebody stands before and sits afterwards, or the other way round: to a seat 0.2 m higher than a chair
the head goes down by 0.34 to 0.59, the hips by 0.25 to 0.33."""
TOLD_S = 1.0
"""So near to the movement the posture is looked for."""
MOST_TL = 1.15
"""A chair as high as the shin is long is 0.85 to 0.95 trunk lengths below (Drillis and Contini), 0.72 to 0.92 as measured, a sofa 0.2 more;
who crouches brings the head down by 1.25 and more."""
HIPS_LEAST_TL = 0.35
"""The hips, guessed behind a counter, go along; in a bow they stay."""
MOVING_TL_PER_S = 0.2
SMOOTHED_S = 0.3
LONGEST_S = 5.0
STAYS_S = 0.8
"""Who is down or up for less bends the knees or hops."""
SAME_SIZE = 1.5
"""Who comes nearer or goes away changes size."""
MARGIN_STANDING, MARGIN_SEATED = 0.3, 1.0
"""Before the first twentieth of the way and after the last lie so many times what the way from there to its middle takes: slow beginnings,
and near the seat a trunk that leans before the head rises."""


@dataclass(frozen=True, slots=True)
class Rise:
    """Frames ``start`` to ``end`` (exclusive) of getting up or sitting down, and how long it takes, from 5 to 95 % of the hips' way.

    Head and shoulders show the middle of the way only; `MARGIN_SEATED` and `MARGIN_STANDING` add the rest.
    """

    start: int
    end: int
    is_up: bool
    takes_s: float


def find_rises(t_ms: Array, px: Array, posture: Array) -> tuple[Rise, ...]:
    """Getting up and sitting down: ``t_ms`` (T,), body points ``px`` (T, 33, 2), `Posture` (T,).

    One cut by the beginning or end is left out.
    """
    if len(t_ms) < 5:
        return ()
    hips = px[:, HIPS].mean(1)
    shoulders = px[:, SHOULDERS]
    size = np.fmax(distance_px(shoulders.mean(1), hips), distance_px(shoulders[:, 0], shoulders[:, 1]))
    if not np.isfinite(size).any():
        return ()
    typical = float(median(size))
    head = rolling_median(-px[:, Pose.NOSE, 1].astype(float), t_ms, SMOOTHED_S) / typical
    speed = np.gradient(head, t_ms / 1000)
    way = np.where(np.abs(speed) >= MOVING_TL_PER_S, np.sign(speed), 0)
    found = []
    for start, end in runs(way):
        first, last = max(int(start) - 2, 0), min(int(end) + 1, len(t_ms) - 1)
        if not way[start] or start == 0 or end == len(t_ms) or t_ms[last] - t_ms[first] > 1000 * LONGEST_S:
            continue
        rise, along = head[last] - head[first], (hips[first, 1] - hips[last, 1]) / typical
        same = 1 / SAME_SIZE <= size[last] / size[first] <= SAME_SIZE
        share = (head - head[first]) / (rise or 1.0)
        told = _is_told(t_ms, posture, first, last, is_up=bool(rise > 0))
        least, hips_least = (LEAST_TOLD_TL, HIPS_LEAST_TOLD_TL) if told else (LEAST_TL, HIPS_LEAST_TL)
        is_way = least <= abs(rise) <= MOST_TL and same and along * np.sign(rise) >= hips_least
        if is_way and _stays(t_ms, share, first, last):
            found.append(_rise(t_ms, share, first, last, is_up=bool(rise > 0)))
    return tuple(found)


def _is_told(t_ms: Array, posture: Array, first: int, last: int, *, is_up: bool) -> bool:
    """Whether the posture changes between standing and sitting from shortly before the ``first`` frame to shortly after the ``last``."""
    before = posture[: first + 1][t_ms[: first + 1] >= t_ms[first] - 1000 * TOLD_S]
    after = posture[last:][t_ms[last:] <= t_ms[last] + 1000 * TOLD_S]
    seated, upright = (before, after) if is_up else (after, before)
    no_other = not (seated == STANDING).any() and not (upright == SITTING).any()
    return bool((seated == SITTING).any() and (upright == STANDING).any() and no_other)


def _stays(t_ms: Array, share: Array, first: int, last: int) -> bool:
    """Whether the ``share`` of the way is small for some time before its ``first`` frame, and large after its ``last``."""
    before = (t_ms < t_ms[first]) & (t_ms >= t_ms[first] - 1000 * STAYS_S)
    after = (t_ms > t_ms[last]) & (t_ms <= t_ms[last] + 1000 * STAYS_S)
    return not ((share[before] > 0.5).any() or (share[after] < 0.5).any())


def _rise(t_ms: Array, share: Array, first: int, last: int, *, is_up: bool) -> Rise:
    low, middle, high = (crossing_s(t_ms[first : last + 1] / 1000, share[first : last + 1], level) for level in (0.05, 0.5, 0.95))
    before, after = (MARGIN_SEATED, MARGIN_STANDING) if is_up else (MARGIN_STANDING, MARGIN_SEATED)
    start_ms, end_ms = 1000 * (low - before * (middle - low)), 1000 * (high + after * (high - middle))
    start, end = (int(np.argmin(np.abs(t_ms - when))) for when in (start_ms, end_ms))
    return Rise(start, end + 1, is_up, (end_ms - start_ms) / 1000)
