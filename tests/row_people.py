"""People in a row made of numbers, for tests that need no picture."""

from __future__ import annotations

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Landmarks
from posecoach.row.places import Sighting
from tests.factories import PX_PER_M, Figure, motion_of

SIZE_WH = (1920, 1080)
STANDING = motion_of([Figure()])
HIPS_X = float(STANDING.pose_px[0, [Pose.LEFT_HIP, Pose.RIGHT_HIP], 0].mean())


def body_px(x: float, ratio: float = 1.0, y: float = 0.0) -> Array:
    """Body points (33, 2) of somebody standing with the hips at ``x``, by ``ratio`` larger than 300 pixels a metre, ``y`` pixels lower."""
    points = STANDING.pose_px[0].astype(float)
    floor = points[:, 1].max()
    return np.asarray((points - (HIPS_X, floor)) * ratio + (x, floor + y))


def sighting(key: int, x: float, t_ms: float = 0.0, ratio: float = 1.0, y: float = 0.0) -> Sighting:
    """Somebody standing at ``x``, seen from the front."""
    px = body_px(x, ratio, y)
    landmarks = Landmarks(px, STANDING.pose_world_m[0], np.ones(33), np.full((478, 2), np.nan), SIZE_WH)
    eyes = px[[Pose.LEFT_EYE, Pose.RIGHT_EYE]].mean(axis=0)
    return Sighting(key, t_ms, landmarks, (float(eyes[0]), float(eyes[1])), ratio * PX_PER_M)


def head_only(key: int, x: float, t_ms: float = 0.0) -> Sighting:
    """Somebody of whom only the face is seen."""
    return Sighting(key, t_ms, Landmarks.absent(SIZE_WH), (x, 300.0), PX_PER_M)
