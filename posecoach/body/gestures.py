"""Finds guiding gestures in time: one arm goes out from the body, stays there for a moment, and comes back.

Pure arrays; seen from the front or three quarters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.excursions import Excursion, excursions, resting
from posecoach.body.geometry import distance_px
from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.records import Array
from posecoach.body.timeline import runs
from posecoach.vocabulary import View

LEAST_TL = 0.16
"""How much further out than at rest the wrist is, sideways; hands that talk before the belly stay within."""
EDGE_TL = 0.04
OUT_MIN_TL = 0.3
"""How far the wrist is out beyond its shoulder: a hanging arm reads 0.2."""
STILL_TL = 0.08
HELD_MIN_S = 0.5
LONGEST_S = 12.0
APART_MIN_TL = 0.4
"""Two hands nearer to each other than this handle something."""
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
    hips = px[:, [Pose.LEFT_HIP, Pose.RIGHT_HIP]].mean(1)
    lengths = distance_px(px[:, [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].mean(1), hips)
    if not np.isfinite(lengths).any():
        return ()
    trunk = float(np.nanmedian(lengths))
    seen = np.isin(view, [View.FRONT, View.THREE_QUARTER])
    out = {is_left: np.where(seen, _out_px(px, is_left=is_left) / trunk, np.nan) for is_left in (True, False)}
    found = []
    for is_left, own in out.items():
        away, other = own - resting(own, t_ms), out[not is_left] - resting(out[not is_left], t_ms)
        wrist = px[:, Pose.LEFT_WRIST if is_left else Pose.RIGHT_WRIST] / trunk
        apart = distance_px(px[:, Pose.LEFT_WRIST], px[:, Pose.RIGHT_WRIST]) / trunk
        for span in excursions(away, t_ms, LEAST_TL, EDGE_TL):
            held = _held(t_ms, wrist, own, span)
            if held is None or (t_ms[span.end - 1] - t_ms[span.start]) / 1000 > LONGEST_S:
                continue
            height = float(np.median(hips[held, 1] / trunk - wrist[held, 1]))
            is_alone = np.median(other[held]) < LEAST_TL and not np.median(apart[held]) < APART_MIN_TL
            if np.median(own[held]) >= OUT_MIN_TL and is_alone and height <= ABOVE_MAX_TL:
                found.append(Gesture(span.start, span.end, held, is_left))
    return tuple(sorted(found, key=lambda gesture: gesture.start))


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
