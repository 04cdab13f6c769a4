"""The pitch of a head, by a linear model of face and ears."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.head_pitch import FACE_ALONE, ears_feature, face_features, head_pitch_deg
from posecoach.body.head_pitch_model import POINTS, WEIGHTS
from posecoach.body.landmarks import FACE_COUNT, Face
from posecoach.body.records import Array

LEVEL_DEG = np.zeros((1, 2))
NOWHERE = np.full((1, 2), np.nan)


def mesh(seed: int = 3) -> Array:
    """Some face (1, 478, 2) of 100 pixels between the outer eye corners, its mouth level, both sides alike."""
    face = np.random.default_rng(seed).uniform(-40.0, 40.0, (FACE_COUNT, 2))
    for right, left in POINTS:
        face[left] = face[right] * (-1, 1) if right != left else face[left] * (0, 1)
    face[Face.NOSE_TIP] = 0.0, 10.0
    face[Face.RIGHT_EYE_OUTER], face[Face.LEFT_EYE_OUTER] = (-50.0, -30.0), (50.0, -30.0)
    face[Face.MOUTH_RIGHT], face[Face.MOUTH_LEFT] = (-20.0, 40.0), (20.0, 40.0)
    return face[None]


def turned(points: Array, roll_deg: float) -> Array:
    cosine, sine = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return points @ np.array([[cosine, -sine], [sine, cosine]])


def test_features_are_heights_below_the_tip_of_the_nose_then_widths_then_the_fit() -> None:
    face = mesh()
    features = face_features(face, np.array([[12.0, 0.0]]))[0]
    pairs = [(right, left) for right, left in POINTS if right != left]
    eye, mouth = POINTS.index((33, 263)), len(POINTS) + pairs.index((61, 291))
    assert len(features) == len(POINTS) + len(pairs) + 1
    assert (features[eye], features[mouth], features[-1]) == pytest.approx((-0.4, 0.4, 0.2))


@pytest.mark.parametrize("roll_deg", [-20.0, 15.0])
def test_neither_place_nor_size_nor_roll_matter(roll_deg: float) -> None:
    face, ears = mesh(), np.array([[0.0, -8.0]])
    moved = turned(np.concatenate([face, ears[None]], 1), roll_deg) * 2.5 + (300.0, 80.0)
    plain = head_pitch_deg(face, LEVEL_DEG, ears, "full")
    assert head_pitch_deg(moved[:, :-1], LEVEL_DEG, moved[:, -1], "full") == pytest.approx(plain)


def test_a_turned_face_is_measured_as_from_the_front() -> None:
    face = mesh()
    narrow = face * (0.8, 1.0)
    away = np.array([[0.0, np.degrees(np.arccos(0.8))]])
    assert face_features(narrow, away)[0, : len(POINTS)] == pytest.approx(face_features(face, LEVEL_DEG)[0, : len(POINTS)])


@pytest.mark.parametrize("model", ["full", "heavy"])
def test_ears_that_rise_in_the_picture_tell_of_a_nod(model: str) -> None:
    face = mesh()
    above, below = (head_pitch_deg(face, LEVEL_DEG, np.array([[0.0, y]]), model)[0] for y in (-20.0, 0.0))  # type: ignore[arg-type]
    assert above > below
    assert ears_feature(face, LEVEL_DEG, np.array([[0.0, -20.0]]))[0] == pytest.approx(-0.3)


def test_without_a_body_the_face_tells_alone() -> None:
    face = mesh()
    expected = face_features(face, LEVEL_DEG)[0] @ np.array(WEIGHTS[FACE_ALONE][:-1]) + WEIGHTS[FACE_ALONE][-1]
    assert head_pitch_deg(face, LEVEL_DEG, NOWHERE, "full")[0] == pytest.approx(expected)
