"""What the camera does to a row, learnt from the row itself and taken out of it.

A camera that looks down on a row makes those at its ends seem to lean outwards, and whoever faces straight ahead there seems to look aside.
Both grow evenly from the middle of the picture to its edges, which no fault of posture does; so both can be read off a row of several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Array

FEWEST = 3
"""People a row needs for its slants to be told from their leaning."""
APART = 0.2
"""Pairs nearer to each other than this share of the picture's width say nothing of what changes across it."""
SPREAD_MAX = 0.35
"""Most that uprights may slant at the picture's edge for its width, as a share: a camera turned down by 15 degrees with a wide lens."""
FOCAL = 0.9
"""Focal length in picture widths where the row does not tell: a field of view of 58 degrees, between phones and webcams."""
USUAL_TURN_DEG = float(np.degrees(1 / FOCAL))
FOCAL_MIN = 0.65
"""The widest lens, of 75 degrees."""


@dataclass(frozen=True, slots=True)
class RowCamera:
    """``slant``: how far an upright line leans to the right per unit of height, for each picture width right of the middle;
    ``turn_deg``: how far to their left somebody seems to look who faces straight ahead, for each picture width right of the middle.
    """

    slant: float = 0.0
    turn_deg: float = USUAL_TURN_DEG

    @classmethod
    def of(cls, motions: Sequence[Motion]) -> RowCamera:
        """What a row shows (a motion each, some seconds or one frame); of fewer than three people only the usual lens."""
        places = np.array([_place(motion) for motion in motions])
        uprights = np.array([_median(_upright(motion)) for motion in motions])
        yaws = np.array([_median(motion.column(FaceColumn.YAW_LEFT_DEG)) for motion in motions])
        slant, turn = _slope(places, uprights), _slope(places, yaws)
        return cls(
            slant=0.0 if slant is None else float(np.clip(slant, -SPREAD_MAX, SPREAD_MAX)),
            turn_deg=USUAL_TURN_DEG if turn is None else float(np.clip(turn, 0.0, np.degrees(1 / FOCAL_MIN))),
        )

    def straightened(self, motion: Motion) -> Motion:
        """A motion as it would look in the middle of the picture.

        Uprights are set upright about the feet, level lines stay as they are. A face between straight ahead and towards the camera faces
        forward; of others only the turn beyond that is left.
        """
        place = _places(motion)
        feet_y = motion.pose_px[:, [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE], 1].mean(1)
        pose_px = motion.pose_px.astype(float)
        pose_px[..., 0] -= self.slant * place[:, None] * (feet_y[:, None] - pose_px[..., 1])
        face = motion.face.copy()
        ahead = self.turn_deg * place
        yaw = face[:, FaceColumn.YAW_LEFT_DEG]
        face[:, FaceColumn.YAW_LEFT_DEG] = yaw - np.clip(yaw, np.minimum(ahead, 0.0), np.maximum(ahead, 0.0))
        return replace(motion, pose_px=pose_px.astype(np.float32), face=face)


def _places(motion: Motion) -> Array:
    """Where a person is at every frame (T,), in picture widths right of the middle."""
    hips = motion.pose_px[:, [Pose.LEFT_HIP, Pose.RIGHT_HIP], 0].mean(1).astype(float)
    return np.asarray(hips / motion.size_wh[0] - 0.5)


def _place(motion: Motion) -> float:
    return _median(_places(motion))


def _upright(motion: Motion) -> Array:
    """How far the line from the feet to the shoulders leans to the right, per unit of height, (T,)."""
    shoulders = motion.pose_px[:, [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].mean(1).astype(float)
    feet = motion.pose_px[:, [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]].mean(1).astype(float)
    seen = (motion.pose_visibility[:, [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]] >= 0.5).all(1)
    rise = np.where(seen & (feet[:, 1] > shoulders[:, 1]), feet[:, 1] - shoulders[:, 1], np.nan)
    return np.asarray((shoulders - feet)[:, 0] / rise)


def _median(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _slope(at: Array, values: Array) -> float | None:
    """Change of the values (n,) per unit of ``at``: the median over all pairs, which some who lean do not move (Theil and Sen)."""
    known = np.flatnonzero(np.isfinite(at) & np.isfinite(values))
    if len(known) < FEWEST:
        return None
    pairs = [(a, b) for a, b in combinations(known, 2) if abs(at[b] - at[a]) >= APART]
    return float(np.median([(values[b] - values[a]) / (at[b] - at[a]) for a, b in pairs])) if pairs else None
