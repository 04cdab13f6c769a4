"""The objects that travel refuse wrong shapes, cannot be changed, and use the words of the contract."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.records import Frame, Landmarks, Track
from posecoach.vocabulary import Posture, Reason, State, View
from tests.factories import SIZE_WH, STANDING, motion_of, track_of

SHAPES: dict[str, tuple[int, ...]] = {"pose_px": (33, 2), "pose_world_m": (33, 3), "pose_visibility": (33,), "face_px": (478, 2)}


def landmarks(**changed: Any) -> Landmarks:
    arrays = {name: np.zeros(shape) for name, shape in SHAPES.items()} | changed
    return Landmarks(**arrays, size_wh=(64, 48))


def frame(image: Any) -> Frame:
    return Frame(image, 0, 0.0, "clip.mp4")


def test_a_frame_knows_its_size() -> None:
    assert frame(np.zeros((48, 64, 3), np.uint8)).size_wh == (64, 48)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((48, 64), np.uint8), id="a grey picture"),
        pytest.param(np.zeros((48, 64, 4), np.uint8), id="a picture with transparency"),
        pytest.param(np.zeros((48, 64, 3), np.float32), id="a picture of fractions"),
        pytest.param(np.zeros((48, 128, 3), np.uint8)[:, ::2], id="a view into another picture"),
    ],
)
def test_a_frame_refuses(image: Any) -> None:
    with pytest.raises(ValueError, match="image_bgr"):
        frame(image)


@pytest.mark.parametrize("name", SHAPES)
def test_landmarks_refuse_a_wrong_shape(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name}: expected shape .* got \(32, 2\)"):
        landmarks(**{name: np.zeros((32, 2))})


def test_landmarks_are_copied_and_cannot_be_changed() -> None:
    points = np.ones((33, 2), np.float32)
    made = landmarks(pose_px=points)
    points[:] = 7
    assert made.pose_px.max() == 1
    with pytest.raises(ValueError, match="read-only"):
        made.pose_px[0] = 3
    assert made.pose_px.dtype == np.float32


def test_nobody_is_missing_and_not_zero() -> None:
    nobody = Landmarks.absent((64, 48))
    assert not nobody.has_pose
    assert not nobody.has_face
    assert all(np.isnan(getattr(nobody, name)).all() for name in SHAPES)


def test_a_track_goes_to_frames_and_back() -> None:
    track = track_of(motion_of([STANDING, None, STANDING]))
    again = Track.from_landmarks(track.t_ms.tolist(), [track.at(i) for i in range(3)], SIZE_WH)
    assert [again.at(i).has_pose for i in range(3)] == [True, False, True]
    assert np.array_equal(again.pose_px, track.pose_px, equal_nan=True)
    assert len(Track.from_landmarks([], [], SIZE_WH)) == 0


@pytest.mark.parametrize("t_ms", [[0.0, 0.0], [10.0, 5.0]], ids=["the same time twice", "time running backwards"])
def test_a_track_refuses_time_that_does_not_pass(t_ms: list[float]) -> None:
    nobody = Landmarks.absent((64, 48))
    with pytest.raises(ValueError, match="t_ms: must be strictly increasing"):
        Track.from_landmarks(t_ms, [nobody, nobody], (64, 48))


def test_the_words_are_those_of_the_contract() -> None:
    assert [state.word for state in State] == ["pass", "warn", "fail", "unjudged"]
    codes = ["view", "not_visible", "too_small", "too_short", "occluded", "never", "not_applicable", "unsure"]
    assert [reason.word for reason in Reason] == [None, *codes]
    assert {posture.word for posture in Posture} == {"standing", "sitting", "crouching", "transition", "absent", "unknown"}
    assert {view.word for view in View} == {"front", "three_quarter", "side_left", "side_right", "back", "unknown"}


def test_states_are_ordered_from_best_to_worst() -> None:
    assert State.PASS < State.WARN < State.FAIL < State.UNJUDGED


@pytest.mark.parametrize("joint", Pose, ids=lambda joint: joint.name.lower())
def test_a_joints_mirror_partner_is_its_own_partners_partner(joint: Pose) -> None:
    partner = MIRROR_PARTNER[joint]
    assert MIRROR_PARTNER[partner] is joint
    assert (partner is joint) == (joint is Pose.NOSE)
