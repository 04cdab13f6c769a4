"""Whether a body lies or hangs upside down in the picture: then it is the picture that has to be turned, not the person."""

from __future__ import annotations

import numpy as np

from posecoach.body.codes import ANKLES, either
from posecoach.body.face_geometry import FaceColumn
from posecoach.body.geometry import lean_deg, midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.body.timeline import runs

LYING_MIN_DEG = 30.0
"""Half of the least turn that shall be told. Of upright people in some 250 clips and pictures, bows, crouches and gymnastics among them,
whole bodies lean at most 21 degrees by `turned_deg` in the sources that the cut was set on and 30 in the others."""
FACE_LYING_MIN_DEG = 45.0
"""A face without a body is turned by a neck as well; no neck turns it this far."""
FACE_OF_BODY_LYING_MIN_DEG = 60.0
"""With a body known the trunk's own lean comes to that of the neck: 53 degrees at most in 325 upright clips and pictures."""
BOTH_LEAN_MIN_DEG = 20.0
"""Head and trunk, seen from the front or from behind, lean this far to the same side of nobody whose feet are out of sight: 6 degrees at
most in 150 clips and pictures."""
SIDE_MIN_DEG = 60.0
MOMENT_S = 1.0

_LEVEL_LEFT = [Pose.LEFT_SHOULDER, Pose.LEFT_HIP, Pose.LEFT_EYE_OUTER]
_LEVEL_RIGHT = [Pose.RIGHT_SHOULDER, Pose.RIGHT_HIP, Pose.RIGHT_EYE_OUTER]


def turned_deg(motion: Motion) -> Array:
    """(T,) degrees, 0 to 180, by which all of a body is turned in the picture; NaN without one.

    Who bows, crouches or leans has head, trunk and legs each at an own angle, and one of them stays near upright; a turned picture turns
    them all to the same side. Feet out of sight are guessed and vouch for nothing, unless a side view shows how far somebody bends.
    Likewise what is level on a body: shoulders, hips and eyes, in the model's metres. The larger of both counts.
    """
    trunk, head, feet = _uprights_deg(motion.px)
    head_aside, feet_aside = _signed(head - trunk), _signed(feet - trunk)
    with_feet = _upright_missed_deg(trunk, head_aside, feet_aside)
    without = _upright_missed_deg(trunk, head_aside)
    mean = np.abs(_signed(trunk + head_aside / 2))
    without = np.where(without > BOTH_LEAN_MIN_DEG, mean, without)
    feet_seen = either(motion.points_seen, ANKLES)
    return np.fmax(np.where(feet_seen | is_from_side(motion.world_m), with_feet, without), _level_missed_deg(motion.world_m))


def is_from_side(world: Array) -> Array:
    """(T,) whether the shoulders of a body (T, 33, 3) in metres point towards the camera, however it is turned."""
    across = world[:, Pose.LEFT_SHOULDER] - world[:, Pose.RIGHT_SHOULDER]
    return np.asarray(np.abs(across[:, 2]) > np.tan(np.radians(SIDE_MIN_DEG)) * np.hypot(across[:, 0], across[:, 1]))


def _uprights_deg(px: Array) -> list[Array]:
    """Leans of the trunk, of the head and of the line from the feet to the shoulders."""
    middles = {
        name: midpoint(px[:, left], px[:, right])
        for name, left, right in (
            ("eyes", Pose.LEFT_EYE, Pose.RIGHT_EYE),
            ("mouth", Pose.MOUTH_LEFT, Pose.MOUTH_RIGHT),
            ("shoulders", Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER),
            ("hips", Pose.LEFT_HIP, Pose.RIGHT_HIP),
            ("feet", Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE),
        )
    }
    lines = (("hips", "shoulders"), ("mouth", "eyes"), ("feet", "shoulders"))
    return [lean_deg(middles[bottom], middles[top]) for bottom, top in lines]


def _upright_missed_deg(trunk: Array, *aside: Array) -> Array:
    """How far upright lies outside the arc of directions that the trunk and the lines so far ``aside`` of it take up."""
    least = most = 0 * trunk
    for line in aside:
        least, most = np.minimum(least, line), np.maximum(most, line)
    low, high = trunk + least, trunk + most
    return np.where((low <= 0) & (high >= 0), 0.0, np.minimum(np.abs(_signed(low)), np.abs(_signed(high))))


def _level_missed_deg(world: Array) -> Array:
    """The least slope of shoulders, hips and eyes where all slope to the same side, else 0."""
    across = world[:, _LEVEL_LEFT] - world[:, _LEVEL_RIGHT]
    slopes = np.degrees(np.arctan2(across[..., 1], np.hypot(across[..., 0], across[..., 2])))
    return np.maximum(np.maximum(slopes.min(1), -slopes.max(1)), 0.0)


def _signed(angle_deg: Array) -> Array:
    """The same angle between -180 and 180."""
    return (angle_deg + 180) % 360 - 180


def is_turned(motion: Motion, body: Array) -> Array:
    """(T,) whether a ``body`` (T,) as of `turned_deg`, or where there is none a face, is not upright in the picture; False for nobody."""
    with np.errstate(invalid="ignore"):
        face = np.abs(motion.column(FaceColumn.ROLL_DEG))
        by_body = (body > LYING_MIN_DEG) | (face > FACE_OF_BODY_LYING_MIN_DEG)
        return np.where(np.isfinite(body), by_body, face > FACE_LYING_MIN_DEG)


def lasts(state: Array, duration_s: Array) -> bool:
    """Whether something, (T,), is so for more than a moment; a still picture is all there is to see."""
    if len(state) == 1:
        return bool(state[0])
    return any(state[a] and duration_s[a:b].sum() > MOMENT_S for a, b in runs(state))
