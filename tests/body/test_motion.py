"""What is kept of a clip, and joining its parts."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.motion import Motion
from posecoach.body.records import Track
from tests.body.test_face_geometry import canonical_cm, projected, rotation
from tests.factories import SITTING, SIZE_WH, STANDING, motion_of, track_of


def track_with_face(pitch_deg: float) -> Track:
    track = track_of(motion_of([STANDING, STANDING]))
    faces = track.face_px.copy()
    faces[1] = projected(canonical_cm(), rotation(pitch_deg))
    return Track(track.t_ms, track.pose_px, track.pose_world_m, track.pose_visibility, faces, SIZE_WH)


def test_a_track_keeps_its_body_and_a_dozen_numbers_of_the_face() -> None:
    track = track_with_face(20)
    motion = Motion.of(track)
    assert motion.pose_px is track.pose_px
    assert motion.face.shape == (2, len(FaceColumn))
    assert motion.column(FaceColumn.PITCH_DOWN_DEG) == pytest.approx([np.nan, 20], abs=1e-2, nan_ok=True)


def test_parts_join_to_the_whole() -> None:
    whole = motion_of([STANDING, SITTING, None, STANDING])
    names = ("t_ms", "pose_px", "pose_world_m", "pose_visibility", "face")
    parts = [Motion(**{name: getattr(whole, name)[a:b] for name in names}, size_wh=SIZE_WH) for a, b in ((0, 1), (1, 1), (1, 4))]
    joined = Motion.join(parts)
    assert len(joined) == 4
    for name in names:
        assert np.array_equal(getattr(joined, name), getattr(whole, name), equal_nan=True), name


@pytest.mark.parametrize("step_ms", [0.0, -50.0], ids=["the same time twice", "time running backwards"])
def test_parts_that_do_not_follow_each_other_are_refused(step_ms: float) -> None:
    first = motion_of([STANDING])
    second = Motion(first.t_ms + step_ms, first.pose_px, first.pose_world_m, first.pose_visibility, first.face, SIZE_WH)
    with pytest.raises(ValueError, match="t_ms: must be strictly increasing"):
        Motion.join([first, second])


def test_a_frame_comes_back_with_its_body_and_no_mesh() -> None:
    motion = motion_of([STANDING, SITTING])
    landmarks = motion.landmarks_at(1)
    assert np.array_equal(landmarks.pose_px, motion.pose_px[1])
    assert landmarks.has_pose
    assert not landmarks.has_face
