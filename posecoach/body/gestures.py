"""Finds guiding gestures in time: one arm goes out from the body, stays there for a moment, and comes back.

Pure arrays; seen from the front or three quarters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.codes import FRONT, HIPS, SHOULDERS, THREE_QUARTER
from posecoach.body.excursions import Excursion, excursions, resting
from posecoach.body.flickers import are_collapsed, without
from posecoach.body.geometry import distance_px
from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.records import Array
from posecoach.body.timeline import median, runs

LEAST_TL = 0.16
"""How much further out than at rest the wrist is, sideways; hands that talk before the belly stay within."""
EDGE_TL = 0.04
OUT_MIN_TL = 0.3
"""How far the wrist is out beyond its shoulder: a hanging arm reads 0.2."""
STILL_TL = 0.08
HELD_MIN_S = 1.0
"""Who is shown the way takes 0.2 s until the eyes set off, about half a second to turn there and 0.3 s to see it (Carpenter 1988, Rayner
1998): a hand that stays for less shows nobody anything. Who takes something that lies aside stays for half a second to 0.9."""
LONGEST_S = 12.0
APART_MIN_TL = 0.4
"""Two hands nearer to each other than this handle something."""
OTHER_STAYS_TL = 0.2
"""The other hand stays where it was, seen from the shoulders, within 0.06 on rendered people; in bows and with papers both hands move."""
BEFORE_S = 0.7
ABOVE_MAX_TL = 1.3
"""A hand higher than the head (1 is the shoulders') waves, scratches or asks for the word."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Frames ``start`` to ``end`` (exclusive) of a guiding gesture, those in which the hand is held, and whether it is the left one."""

    start: int
    end: int
    held: slice
    is_left: bool


def find_gestures(t_ms: Array, px: Array, view: Array) -> tuple[Gesture, ...]:
    """The guiding gestures of a person: ``t_ms`` (T,), body points ``px`` (T, 33, 2) and `View` (T,)."""
    if len(t_ms) < 3:
        return ()
    shoulders = px[:, Pose.LEFT_SHOULDER], px[:, Pose.RIGHT_SHOULDER]
    seen = (view == FRONT) | (view == THREE_QUARTER)
    px = without(seen & are_collapsed(*shoulders, t_ms), px, t_ms)
    hips = px[:, HIPS].mean(1)
    lengths = distance_px(px[:, SHOULDERS].mean(1), hips)
    if not np.isfinite(lengths).any():
        return ()
    trunk = float(median(lengths))
    arms = _Arms(t_ms, px / trunk, {is_left: np.where(seen, _out_px(px, is_left=is_left) / trunk, np.nan) for is_left in (True, False)})
    found = []
    for is_left, own in arms.out.items():
        for span in excursions(own - resting(own, t_ms), t_ms, LEAST_TL, EDGE_TL):
            gesture = arms.gesture_in(span, is_left=is_left)
            if gesture is not None:
                found.append(gesture)
    return tuple(sorted(found, key=lambda gesture: gesture.start))


@dataclass(frozen=True, slots=True, eq=False)
class _Arms:
    """Body points ``tl`` (T, 33, 2) in trunk lengths, and how far each wrist is ``out`` beyond its shoulder (T,); True: the left one."""

    t_ms: Array
    tl: Array
    out: dict[bool, Array]

    def gesture_in(self, span: Excursion, *, is_left: bool) -> Gesture | None:
        """The gesture that an excursion of one wrist is; None where it is none."""
        wrist, other = (Pose.LEFT_WRIST, Pose.RIGHT_WRIST) if is_left else (Pose.RIGHT_WRIST, Pose.LEFT_WRIST)
        held = _held(self.t_ms, self.tl[:, wrist], self.out[is_left], span)
        if held is None or (self.t_ms[span.end - 1] - self.t_ms[span.start]) / 1000 > LONGEST_S:
            return None
        hips = self.tl[held][:, HIPS].mean(1)
        height = float(np.median(hips[:, 1] - self.tl[held, wrist, 1]))
        apart = np.median(distance_px(self.tl[held, wrist], self.tl[held, other]))
        is_out = np.median(self.out[is_left][held]) >= OUT_MIN_TL and height <= ABOVE_MAX_TL
        is_alone = not apart < APART_MIN_TL and not self._moved(span, held, other) > OTHER_STAYS_TL
        return Gesture(span.start, span.end, held, is_left) if is_out and is_alone else None

    def _moved(self, span: Excursion, held: slice, joint: Pose) -> float:
        """How far a hand is, seen from the shoulders, from where it was before an excursion, in trunk lengths; NaN where nobody knows."""
        place = self.tl[:, joint] - self.tl[:, SHOULDERS].mean(1)
        before = (self.t_ms <= self.t_ms[span.start]) & (self.t_ms >= self.t_ms[span.start] - 1000 * BEFORE_S)
        return float(np.hypot(*(np.median(place[held], axis=0) - np.median(place[before], axis=0))))


def _out_px(px: Array, *, is_left: bool) -> Array:
    """How far a wrist is out beyond its shoulder, (T,) pixels away from the other shoulder."""
    wrist, shoulder = (joint if is_left else MIRROR_PARTNER[joint] for joint in (Pose.LEFT_WRIST, Pose.LEFT_SHOULDER))
    away = np.sign(px[:, shoulder, 0] - px[:, MIRROR_PARTNER[shoulder], 0])
    return np.asarray((px[:, wrist] - px[:, shoulder])[:, 0] * away)


def _held(t_ms: Array, wrist: Array, out: Array, span: Excursion) -> slice | None:
    """The longest stretch in which the hand hardly moves near where it is furthest out; None where it is too short for a gesture."""
    frames = np.arange(span.start, span.end)
    far = frames[out[frames] >= np.percentile(out[frames], 70)]
    place = np.median(wrist[far], axis=0)
    near = np.hypot(*(wrist[frames] - place).T) <= STILL_TL
    stretches = [(int(a), int(b)) for a, b in runs(near) if near[a]]
    if not stretches:
        return None
    start, end = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    if (t_ms[frames[end - 1]] - t_ms[frames[start]]) / 1000 < HELD_MIN_S:
        return None
    return slice(int(frames[start]), int(frames[end - 1]) + 1)
