"""Finds nods in time: the head goes down and up again while the shoulders stay. Pure arrays; seen from the front or three quarters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.codes import FRONT, THREE_QUARTER
from posecoach.body.excursions import resting
from posecoach.body.flickers import are_collapsed, without
from posecoach.body.geometry import distance_px, midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.body.timeline import median

EARS_MIN_PX = 16.0
"""Of a smaller head the least nod moves the nose by little more than a pixel, which is noise."""
LEAST_EARS = 0.09
"""How far the nose sinks towards the shoulders and comes back, in distances between the ears: about 6 degrees; talkers move by 4."""
MOST_EARS = 0.6
SHORTEST_S = 0.2
REACH_S = 0.9
"""A nod takes 0.3 to 2 s (0.5 to 3 Hz): it begins and ends so near to its deepest moment. Who looks down for longer reads something."""
STILL_COMING = 0.5
"""Where the head was or comes further up than this part of the way, in half that time more, the movement is a slower one."""
SHOULDERS_STAY_EARS = 0.25
TURN_OF_SINK_MIN = 0.25
"""The face turns down with it: the nose sinks below the ears too, and not only the whole head."""
LEVEL_WITHIN_EARS, LEVEL_MAX_EARS = 0.12, 0.38
"""Where the nose of a face is that looks up again, below the ears: near the highest of the last seconds, and not that of a reader."""
ASIDE_MAX_EARS, ASIDE_OF_SINK_MAX = 0.15, 0.65
"""Who turns the head aside does not nod: a nod turns about the line of the ears, and the nose goes down and hardly aside."""
AWAY_MAX_EARS = 0.35
"""Nor does who has turned to somebody else: the nose so far aside of where it mostly is, about 20 degrees."""
DEEP_MIN_FRAMES = 2
"""A head is below half of its way in two pictures at the least (at 10 a second, in the quickest nod of 0.3 s); a landmark jumps for one."""
HAND_NEAR_EARS = 2.0
"""A hand so near to the nose scratches, holds a telephone or speaks: it moves the points of the face, and often the head."""


@dataclass(frozen=True, slots=True)
class Nod:
    """Frames ``start`` to ``end`` (exclusive) of one nod, the deepest moment between them."""

    start: int
    end: int


def find_nods(t_ms: Array, px: Array, view: Array) -> tuple[Nod, ...]:
    """The nods of a person: ``t_ms`` (T,), body points ``px`` (T, 33, 2) and `View` (T,)."""
    if len(t_ms) < 3:
        return ()
    left, right, nose = px[:, Pose.LEFT_EAR], px[:, Pose.RIGHT_EAR], px[:, Pose.NOSE]
    shoulders = midpoint(px[:, Pose.LEFT_SHOULDER], px[:, Pose.RIGHT_SHOULDER])
    gaps = distance_px(left, right)
    if not np.isfinite(gaps).any():
        return ()
    ears = float(median(gaps))
    if ears < EARS_MIN_PX:
        return ()
    hands_px = np.fmin(*(distance_px(px[:, wrist], nose) for wrist in (Pose.LEFT_WRIST, Pose.RIGHT_WRIST)))
    seen = ((view == FRONT) | (view == THREE_QUARTER)) & ~(hands_px < HAND_NEAR_EARS * ears)
    lost = are_collapsed(left, right, t_ms)
    face = without(lost, (nose - midpoint(left, right)) / ears, t_ms)
    is_level = face[:, 1] <= np.minimum(resting(face[:, 1], t_ms, 10.0) + LEVEL_WITHIN_EARS, LEVEL_MAX_EARS)
    is_ahead = np.abs(face[:, 0] - resting(face[:, 0], t_ms, 50.0)) <= AWAY_MAX_EARS
    sunk = np.where(seen & is_ahead, without(lost, (nose - shoulders)[:, 1] / ears, t_ms), np.nan)
    head = _Head(t_ms, sunk, face, shoulders / ears, is_level)
    found: list[Nod] = []
    for top in np.flatnonzero((head.sunk[1:-1] > head.sunk[:-2]) & (head.sunk[1:-1] >= head.sunk[2:])) + 1:
        nod = head.nod_at(int(top))
        if nod is not None and (not found or nod.start >= found[-1].end - 1):
            found.append(nod)
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """Over time, in distances between the ears, (T,) and (T, 2): how far the nose has ``sunk`` towards the shoulders, where it is in the
    ``face``, from the middle of the ears, where the ``shoulders`` are, and whether the face ``is_level``.
    """

    t_ms: Array
    sunk: Array
    face: Array
    shoulders: Array
    is_level: Array

    def nod_at(self, top: int) -> Nod | None:
        """The nod that is deepest at frame ``top``; None where there is none."""
        near = np.abs(self.t_ms - self.t_ms[top]) <= 1000 * REACH_S
        first, last = int(np.flatnonzero(near)[0]), int(np.flatnonzero(near)[-1])
        if not np.isfinite(self.sunk[first : last + 1]).all():
            return None
        start, end = first + _valley(self.sunk[first : top + 1][::-1], reverse=True), top + _valley(self.sunk[top : last + 1])
        depth = self.sunk[top] - max(self.sunk[start], self.sunk[end])
        beyond = np.abs(self.t_ms - self.t_ms[top]) <= 1500 * REACH_S
        before, after = (np.nanmin(self.sunk[beyond & side]) for side in (self.t_ms <= self.t_ms[top], self.t_ms >= self.t_ms[top]))
        if max(self.sunk[start] - before, self.sunk[end] - after) > STILL_COMING * depth:
            return None
        is_nod = LEAST_EARS <= depth <= MOST_EARS and self._is_down_and_up(slice(start, end + 1), top, depth)
        return Nod(start, end + 1) if is_nod and self._turns_down(slice(start, end + 1), top, depth) else None

    def _is_down_and_up(self, frames: slice, top: int, depth: float) -> bool:
        """Whether the nose is deepest at ``top``, for more than one picture, between two moments in which the face is level."""
        sunk, lasts_s = self.sunk[frames], (self.t_ms[frames][-1] - self.t_ms[frames][0]) / 1000
        stays = np.count_nonzero(sunk >= self.sunk[top] - depth / 2) >= DEEP_MIN_FRAMES and lasts_s >= SHORTEST_S
        return bool(self.sunk[top] >= sunk.max() and self.is_level[frames][[0, -1]].all() and stays)

    def _turns_down(self, frames: slice, top: int, depth: float) -> bool:
        """Whether the face turns down, and not aside, above shoulders that stay."""
        face = self.face[frames]
        turns, aside = self.face[top, 1] - (face[0, 1] + face[-1, 1]) / 2, np.ptp(face[:, 0])
        shoulders_stay = np.ptp(self.shoulders[frames, 1]) <= SHOULDERS_STAY_EARS
        return bool(turns >= TURN_OF_SINK_MIN * depth and aside <= min(ASIDE_MAX_EARS, ASIDE_OF_SINK_MAX * depth) and shoulders_stay)


def _valley(falling: Array, *, reverse: bool = False) -> int:
    """How many frames after the first of ``falling`` the fall ends, within a tenth of its lowest; ``reverse``: counted from the last."""
    lowest, depth = falling.min(), falling[0] - falling.min()
    steps = int(np.flatnonzero(falling <= lowest + depth / 10)[0])
    return len(falling) - 1 - steps if reverse else steps
