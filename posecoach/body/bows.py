"""Finds bows in time: the trunk goes forward from standing, the arms stay down, and it comes up again. Pure arrays.

From the side the trunk's lean shows it. From the front the head and the shoulders sink while the hips stay: that tells when, not how deep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.codes import FRONT, SIDE_LEFT, SIDE_RIGHT, SITTING, THREE_QUARTER, WRISTS
from posecoach.body.excursions import Excursion, crossings_s, excursions, percentiles, resting
from posecoach.body.geometry import distance_px, lean_deg, midpoint, tilt_deg
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array

LEAST_DEG = 7.0
"""Seen from the side; a nod of the trunk below that is no bow (the shallowest one is 15)."""
MOST_DEG = 70.0
"""Who bends further picks something up; the deepest bow is 45."""
EDGE_DEG = 1.0
LEAST_SINK = 0.045
"""Seen from the front: how far the head sinks, in heights of the head above the hips. A bow of 15 degrees sinks it by 7 to 10 %."""
EDGE_SINK = 0.01
SHOULDERS_SINK_MIN = 0.012
"""In a nod the head alone sinks."""
LONGEST_S = 8.0
SHORTEST_S = 0.5
HIPS_MOVE_MAX_TL = 0.55
HIPS_STAY_MAX_TL = 0.25
"""Who sits down, gets up or picks something up moves the hips: within the movement, and from its beginning to its end."""
HIPS_SINK_OF_HEAD_MAX = 0.6
REACH_MAX_TL = 0.35
"""A hand further ahead of the shoulder takes or gives something."""
RISING_MAX_TL = 0.12
"""In a bow the hands stay or go down with the shoulders; a hand that comes up reaches for something."""
RAISED_MAX_TL = 0.2
"""Hands higher above the hips than this lie on a desk or do something."""
TILTS_MAX_DEG = 4.0
"""In a bow the shoulders stay level: they tilt by at most 2.3 degrees on rendered people; who reaches for something aside tilts them."""
HELD_DEG = 1.0
HELD_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Bow:
    """Frames ``start`` to ``end`` (exclusive) of a bow, those in which it is deepest, and how long it goes down, is held, and comes up.

    ``down_s`` and ``up_s`` run from 5 to 95 % of the depth, ``hold_s`` is the time within a degree (or 3 %) of the deepest.
    """

    start: int
    end: int
    held: slice
    down_s: float
    hold_s: float
    up_s: float


def find_bows(t_ms: Array, px: Array, view: Array, posture: Array, forward_x: Array) -> tuple[Bow, ...]:
    """The bows of a person: ``t_ms`` (T,), body points ``px`` (T, 33, 2), `View`, `Posture` and facing (T,) as in `Body`.

    One cut by the beginning or end of the clip is left out.
    """
    if len(t_ms) < 3:
        return ()
    figure = _Figure.of(px, forward_x)
    side = (view == SIDE_LEFT) | (view == SIDE_RIGHT)
    lean = np.where(side, lean_deg(figure.hip, figure.shoulder, forward_x), np.nan)
    front = (view == FRONT) | (view == THREE_QUARTER)
    sink = np.where(front, figure.nose[:, 1], np.nan)
    found = []
    for values, scale, least, edge in ((lean, 1.0, LEAST_DEG, EDGE_DEG), (sink, figure.tall_px, LEAST_SINK, EDGE_SINK)):
        away = (values - resting(values, t_ms)) / scale
        for span in excursions(away, t_ms, least, edge):
            is_upright = posture[span.frames] != SITTING
            if values is lean and span.peak > MOST_DEG:
                continue
            if figure.bows(span, t_ms, is_side=values is lean) and is_upright.mean() > 0.5:
                found.append(_timed(away, t_ms, span, HELD_DEG if values is lean else EDGE_SINK / 2))
    return tuple(sorted(found, key=lambda bow: bow.start))


def _timed(away: Array, t_ms: Array, span: Excursion, held: float) -> Bow:
    top = float(np.percentile(away[span.frames], 90))
    down_from, up_to = crossings_s(away, t_ms, span, 0.05 * top / span.peak)
    down_to, up_from = crossings_s(away, t_ms, span, 0.95 * top / span.peak)
    level = 1 - max(held, HELD_SHARE * top) / top
    hold_from, hold_to = crossings_s(away, t_ms, span, level * top / span.peak)
    deepest = np.flatnonzero(away[span.frames] >= level * top) + span.start
    frames = slice(int(deepest[0]), int(deepest[-1]) + 1)
    return Bow(span.start, span.end, frames, down_to - down_from, hold_to - hold_from, up_to - up_from)


@dataclass(frozen=True, slots=True, eq=False)
class _Figure:
    """The points that tell a bow from other movements, (T, 2) each, how the shoulders tilt, and the sizes to measure by, pixels."""

    nose: Array
    shoulder: Array
    hip: Array
    wrists: Array
    tilt_deg: Array
    forward_x: Array
    trunk_px: float
    tall_px: float

    @classmethod
    def of(cls, px: Array, forward_x: Array) -> _Figure:
        nose = px[:, Pose.NOSE]
        shoulder = midpoint(px[:, Pose.LEFT_SHOULDER], px[:, Pose.RIGHT_SHOULDER])
        hip = midpoint(px[:, Pose.LEFT_HIP], px[:, Pose.RIGHT_HIP])
        trunk, tall = distance_px(shoulder, hip), (hip - nose)[:, 1]
        sizes = percentiles(np.stack([trunk, tall]), 75.0).tolist()
        tilt = tilt_deg(px[:, Pose.LEFT_SHOULDER], px[:, Pose.RIGHT_SHOULDER])
        return cls(nose, shoulder, hip, px[:, WRISTS], tilt, forward_x, *sizes)

    def bows(self, span: Excursion, t_ms: Array, *, is_side: bool) -> bool:
        """Whether an excursion is a bow and not a nod, a reach, or a way to or from a seat."""
        lasts_s = (t_ms[span.end - 1] - t_ms[span.start]) / 1000
        if not SHORTEST_S <= lasts_s <= LONGEST_S:
            return False
        before, after = self.hip[max(span.start - 1, 0)], self.hip[min(span.end, len(self.hip) - 1)]
        moves = np.abs(self.hip[span.frames, 1] - (before[1] + after[1]) / 2).max()
        if abs(after[1] - before[1]) > HIPS_STAY_MAX_TL * self.trunk_px or moves > HIPS_MOVE_MAX_TL * self.trunk_px:
            return False
        deepest = self._deepest(span, is_side=is_side)
        return self._reaches_out(deepest) <= REACH_MAX_TL if is_side else self._trunk_goes_along(span, deepest)

    def _deepest(self, span: Excursion, *, is_side: bool) -> Array:
        depth = self.nose[:, 1] if not is_side else lean_deg(self.hip, self.shoulder, self.forward_x)
        frames = np.arange(span.start, span.end)
        return frames[depth[frames] >= np.nanpercentile(depth[frames], 60)]

    def _reaches_out(self, frames: Array) -> float:
        """How far the further hand is ahead of the shoulders seen from the side, in trunk lengths."""
        ahead = (self.wrists[frames] - self.shoulder[frames, None])[..., 0] * self.forward_x[frames, None]
        return float(np.nanmedian(ahead, axis=0).max() / self.trunk_px)

    def _trunk_goes_along(self, span: Excursion, deepest: Array) -> bool:
        """From the front: whether level shoulders sink with the head, the hips less, and the hands hang or lie before the belly."""
        outside = [max(span.start - 1, 0), min(span.end, len(self.nose) - 1)]
        head, shoulders, hips = (
            float(np.median(points[deepest, 1]) - points[outside, 1].mean()) / self.tall_px
            for points in (self.nose, self.shoulder, self.hip)
        )
        raised = (self.hip[:, None] - self.wrists)[..., 1] / self.trunk_px
        held, before = np.median(raised[deepest], axis=0), raised[outside].min(axis=0)
        hands_stay = held.max() <= RAISED_MAX_TL and (held - before).max() <= RISING_MAX_TL
        is_level = abs(np.median(self.tilt_deg[deepest]) - self.tilt_deg[outside].mean()) <= TILTS_MAX_DEG
        return bool(shoulders >= SHOULDERS_SINK_MIN and hips <= HIPS_SINK_OF_HEAD_MAX * head and hands_stay and is_level)
