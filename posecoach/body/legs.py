"""Whether the legs that the model found can be those of a body in the posture they show: else it has put them somewhere else."""

from __future__ import annotations

import numpy as np

from posecoach.body.codes import ANKLES, CROUCHING, HEELS, KNEES, SITTING, TOES
from posecoach.body.geometry import distance_px
from posecoach.body.landmarks import Pose
from posecoach.body.lying import MOMENT_S, is_from_side
from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.body.timeline import rolling_median, runs

SHINS_UP_MIN_TL = 0.2
"""Ankles this far above the knees, on both legs, are those of nobody who sits or crouches."""
CROUCHED_SHIN_MAX_DEG = 65.0
"""A crouch stands on at least one shin: the more upright one leans at most 36 degrees in 30 clips and pictures of crouches, squats and
lunges, and 62 in one seen from above; of people who recline in turned pictures it leans 67 and more."""
SEATED_SHIN_MAX_DEG = 50.0
"""Who sits on a chair has a foot below the knee: the more upright shin leans at most 37 degrees in 40 clips and pictures, and 48 in one
more; squats and lunges in pictures turned by 60 degrees look like a seat with shins at 52 and more."""
TOES_UP_MAX_DEG = 30.0
"""A sole on the floor: of the two feet the one with the lower toes has them at most 24 degrees up, seen from the side, in 76 clips and
pictures of people who sit or crouch, 42 to 86 in turned pictures."""
TOES_DOWN_MAX_DEG = 75.0
"""Likewise the other way: the flatter foot points at most 66 degrees down, also on tiptoe."""
WANDERING_S = 1.0
WANDERING_MIN_TL = 0.02
WANDERING_OVER_KNEES = 3.0
"""Who crouches stands on feet that stay. Where both ankles wander from where they were over the second, three times as far as the knees,
and go on for more than a moment, the model has mixed up the legs; else they move by less than a hundredth of the trunk."""

_LEGS = np.concatenate([ANKLES, KNEES])
_TRUNK = (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER, Pose.LEFT_HIP, Pose.RIGHT_HIP)


def are_impossible(motion: Motion, posture: Array, duration_s: Array) -> Array:
    """(T,) whether the legs cannot carry the ``posture`` (T,) that the joints show; ``duration_s`` (T,) of each frame. False for NaN."""
    crouched = posture == CROUCHING
    seated = posture == SITTING
    max_deg = np.where(seated, SEATED_SHIN_MAX_DEG, CROUCHED_SHIN_MAX_DEG)
    impossible = (crouched | seated) & (_point_up(motion) | _stand_on_no_shin(motion, max_deg) | _stand_on_no_sole(motion))
    return np.asarray(impossible | _are_mixed_up(motion, crouched, duration_s) if crouched.any() else impossible)


def _point_up(motion: Motion) -> Array:
    px = motion.px
    return np.asarray((px[:, KNEES, 1] - px[:, ANKLES, 1]).min(1) > SHINS_UP_MIN_TL * _trunk_px(px))


def _stand_on_no_shin(motion: Motion, max_deg: Array) -> Array:
    shins = (motion.pose_world_m[:, ANKLES] - motion.pose_world_m[:, KNEES]).astype(float)
    leans_deg = np.degrees(np.arctan2(np.hypot(shins[..., 0], shins[..., 2]), shins[..., 1]))
    return np.asarray(leans_deg.min(1) > max_deg)


def _stand_on_no_sole(motion: Motion) -> Array:
    """Whether both feet point up, as the picture tells from the side, or both down, as only the metres tell from elsewhere."""
    world = motion.world_m
    feet_px, feet_m = ((points[:, TOES] - points[:, HEELS]) for points in (motion.px, world))
    up_deg = -np.degrees(np.arctan2(feet_px[..., 1], np.abs(feet_px[..., 0])))
    down_deg = np.degrees(np.arctan2(feet_m[..., 1], np.hypot(feet_m[..., 0], feet_m[..., 2])))
    return np.asarray((is_from_side(world) & (up_deg.min(1) > TOES_UP_MAX_DEG)) | (down_deg.min(1) > TOES_DOWN_MAX_DEG))


def _are_mixed_up(motion: Motion, crouched: Array, duration_s: Array) -> Array:
    """Whether the feet wander about below knees that stay, in some part of a crouch; then all of it."""
    px = motion.px
    wandering = _wandering_px(px[:, _LEGS], motion.t_ms)
    least = wandering[:2].min(0)
    wander = (least > WANDERING_MIN_TL * _trunk_px(px)) & (least > WANDERING_OVER_KNEES * wandering[2:].max(0))
    out = np.zeros(len(motion), bool)
    for start, end in runs(crouched):
        out[start:end] = crouched[start] and duration_s[start:end][wander[start:end]].sum() > MOMENT_S
    return out


def _trunk_px(px: Array) -> Array:
    left_shoulder, right_shoulder, left_hip, right_hip = (px[:, joint] for joint in _TRUNK)
    return distance_px((left_shoulder + right_shoulder) / 2, (left_hip + right_hip) / 2)


def _wandering_px(points: Array, t_ms: Array) -> Array:
    """(N, T) how far points (T, N, 2) usually are from their median places, both over a second."""
    x, y = points[..., 0].T, points[..., 1].T
    off_px = np.hypot(x - rolling_median(x, t_ms, WANDERING_S), y - rolling_median(y, t_ms, WANDERING_S))
    return rolling_median(off_px, t_ms, WANDERING_S)
