"""Hands: which are looked at, what is kept of them, and that they survive being stored; old files have none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecoach.body.hand_geometry import HandColumn, describe_hands
from posecoach.body.landmarks import HAND_COUNT, Hand, Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Array, Landmarks, Track
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.hands import CROP_PX, Hands
from posecoach.storage.landmark_files import load_blocks, save_track
from tests.factories import STANDING

PICTURE = np.zeros((900, 900, 3), np.uint8)


def hand(palm_up: float = 1.0, curled: bool = False) -> Array:
    """A right hand that points away to the left of the picture: palm up or down, the last three fingers straight or curled."""
    points = np.zeros((HAND_COUNT, 3))
    fingers = ((Hand.INDEX_KNUCKLE, -0.03), (Hand.MIDDLE_KNUCKLE, -0.01), (Hand.RING_KNUCKLE, 0.01), (Hand.PINKY_KNUCKLE, 0.03))
    for knuckle, across in fingers:
        reach = 0.09 if curled and knuckle is not Hand.INDEX_KNUCKLE else 0.17
        points[knuckle], points[knuckle + 3] = (-0.09, 0.0, palm_up * across), (-reach, 0.0, palm_up * across)
    return points


class Model:
    """Finds the same hand in every picture and counts them."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, ...]] = []

    def find(self, crop: Array) -> Array:
        self.shown.append(crop.shape)
        return hand()

    def close(self) -> None:
        self.shown.clear()


def body(wrist_m: tuple[float, float, float] | None, scale: float = 1.0) -> SeenBody:
    at = (
        {}
        if wrist_m is None
        else {Pose.RIGHT_WRIST: wrist_m, Pose.RIGHT_INDEX: wrist_m, Pose.RIGHT_PINKY: wrist_m, Pose.RIGHT_THUMB: wrist_m}
    )
    figure = type(STANDING)(at=at)
    return SeenBody(figure.pose_px() * scale, figure.camera_m(), figure.visibility())


def test_only_a_hand_that_is_held_out_is_looked_at() -> None:
    model = Model()
    hands = Hands(model)
    assert np.isnan(hands.find(PICTURE, body(None))).all()
    assert model.shown == []
    found = hands.find(PICTURE, body((-0.55, 0.3, 0.1)))
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
    assert model.shown == [(CROP_PX, CROP_PX, 3)]
    assert np.isnan(hands.find(PICTURE, body((-0.55, 0.3, 0.1), scale=0.3))).all()


@pytest.mark.parametrize("palm_up", [1.0, -1.0])
def test_a_hand_tells_its_palm_and_its_fingers(palm_up: float) -> None:
    described = describe_hands(np.stack([np.full((HAND_COUNT, 3), np.nan), hand(palm_up, curled=True)])[None])
    assert np.isnan(described[0, 0]).all()
    assert abs(described[0, 1, HandColumn.PALM_UP]) == pytest.approx(1.0)
    opposite = describe_hands(np.stack([hand(palm_up), hand(palm_up)])[None])
    assert opposite[0, 0, HandColumn.PALM_UP] == -opposite[0, 1, HandColumn.PALM_UP]
    assert described[0, 1, HandColumn.INDEX_REACH] > 1.7
    assert described[0, 1, HandColumn.OTHERS_REACH] < 1.1


def test_hands_are_stored_where_there_are_any(tmp_path: Path) -> None:
    absent = Landmarks.absent((64, 48))
    both = np.stack([hand(), np.full((HAND_COUNT, 3), np.nan)])
    seen = Landmarks(absent.pose_px, absent.pose_world_m, absent.pose_visibility, absent.face_px, absent.size_wh, both)
    for name, items in (("with", [absent, seen, absent]), ("without", [absent, absent, absent])):
        save_track(tmp_path / f"{name}.npz", Track.from_landmarks([0.0, 100.0, 200.0], items, (64, 48)), {})
    (block,) = load_blocks(tmp_path / "with.npz")
    assert np.allclose(block.hands_m[1, 0], hand(), atol=1e-6)
    assert np.isfinite(Motion.of(block).hands[:, 0]).all(1).tolist() == [False, True, False]
    (block,) = load_blocks(tmp_path / "without.npz")
    assert np.isnan(block.hands_m).all()
    with np.load(tmp_path / "without.npz") as stored:
        assert "hands_m" not in stored
