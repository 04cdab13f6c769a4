"""A tilted camera is told from a tilted person, and taken out of what must be level."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.geometry import midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.measures.catalogue import take
from tests.factories import Figure, Shot, still

LEVEL_FACE = np.zeros(len(FaceColumn))
LEVEL_FACE[FaceColumn.EYE_GAP_PX] = 30.0
LEVEL_OF = ("shoulder_tilt_deg", "trunk_lean_left_deg", "head_roll_deg", "centre_offset_sw")


def seen_by_tilted_camera(figure: Figure, roll_deg: float) -> Motion:
    """``roll_deg`` positive: everything is shown turned so that the left edge of a person seen from the front comes up."""
    motion = still(figure, shot=Shot(face=LEVEL_FACE))
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = midpoint(motion.pose_px[0, 23], motion.pose_px[0, 24])
    face = motion.face.copy()
    face[:, FaceColumn.ROLL_DEG] += roll_deg
    return replace(motion, pose_px=((motion.pose_px - middle) @ turn.T + middle).astype(np.float32), face=face)


@pytest.mark.parametrize("roll_deg", [-8.0, -5.0, 5.0, 8.0])
def test_a_tilted_camera_leaves_a_level_person_level(roll_deg: float) -> None:
    body = observe(seen_by_tilted_camera(Figure(), roll_deg))
    assert body.camera_roll_deg == pytest.approx(roll_deg, abs=0.5)
    for name in LEVEL_OF:
        assert take(name, body).value == pytest.approx(np.zeros(len(body.motion)), abs=0.6), name


@pytest.mark.parametrize("roll_deg", [-5.0, 5.0])
def test_a_tilted_shoulder_is_still_seen_by_a_tilted_camera(roll_deg: float) -> None:
    body = observe(seen_by_tilted_camera(Figure(shoulder_tilt_deg=8.0), roll_deg))
    assert take("shoulder_tilt_deg", body).value == pytest.approx(np.full(len(body.motion), 8.0), abs=1.0)


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(Figure(shoulder_tilt_deg=8.0), id="a shoulder held high"),
        pytest.param(Figure(lean_left_deg=8.0), id="a trunk that leans"),
        pytest.param(Figure(), id="a level person"),
    ],
)
def test_a_fault_of_posture_is_not_taken_for_the_camera(figure: Figure) -> None:
    assert observe(still(figure, shot=Shot(face=LEVEL_FACE))).camera_roll_deg == 0.0


def test_nothing_is_guessed_from_two_lines() -> None:
    hidden = Figure(hidden=frozenset({Pose.LEFT_KNEE, Pose.RIGHT_KNEE, Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE}))
    assert observe(replace(seen_by_tilted_camera(hidden, 5.0), face=np.full((30, len(FaceColumn)), np.nan))).camera_roll_deg == 0.0
