"""Whether a body lies or hangs upside down in the picture: then it is the picture that has to be turned, not the person."""

from __future__ import annotations

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.geometry import lean_deg
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.body.timeline import runs

LYING_MIN_DEG = 60.0
"""From the ankles to the shoulders (over the hips where the legs are hidden, of the head where there is no body). In 250 clips and pictures
of people who stand, sit, crouch and bow none whose joints are right leans more than 44 degrees; turned by a quarter or half none of 60
leans less than 64."""
MOMENT_S = 1.0


def lies(motion: Motion, legs_seen: Array) -> Array:
    """(T,) whether the body is not upright in the picture; False where nobody is seen. ``legs_seen`` (T,): the legs are no guess."""
    ankle, hip, shoulder = (
        motion.pose_px[:, pair].astype(float).mean(1)
        for pair in (
            [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE],
            [Pose.LEFT_HIP, Pose.RIGHT_HIP],
            [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER],
        )
    )
    with np.errstate(invalid="ignore"):
        body = lean_deg(np.where(legs_seen[:, None], ankle, hip), shoulder)
        lean = np.where(np.isfinite(body), body, motion.column(FaceColumn.ROLL_DEG))
        return np.asarray(np.abs(lean) > LYING_MIN_DEG)


def lasts(state: Array, duration_s: Array) -> bool:
    """Whether something, (T,), is so for more than a moment; a still picture is all there is to see."""
    if len(state) == 1:
        return bool(state[0])
    return any(state[a] and duration_s[a:b].sum() > MOMENT_S for a, b in runs(state))
