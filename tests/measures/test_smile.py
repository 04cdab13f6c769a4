"""The smile model tells smiling from neutral, against the person's own face when that is known."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.measures.smile import APERTURE, LIFT_LEFT, LIFT_RIGHT, OPENING, WIDTH, smile_asymmetry, smile_eyes, smile_strength
from posecoach.measures.smile_model import MOUTH, NEUTRAL
from tests.factories import SMILING


def shape(**changed: float) -> Array:
    """The population's neutral face with some numbers moved by an amount."""
    row = np.array(NEUTRAL)
    for name, amount in changed.items():
        row[{"left": LIFT_LEFT, "right": LIFT_RIGHT, "width": WIDTH, "opening": OPENING, "aperture": APERTURE}[name]] += amount
    return row[None]


def strength(row: Array, neutral: tuple[float, ...] | None = None) -> float:
    return float(smile_strength(row, neutral)[0])


def test_a_neutral_face_does_not_smile_and_a_smiling_one_does() -> None:
    assert strength(shape()) < 0.5
    assert strength(np.array([SMILING])) > 0.9


@pytest.mark.parametrize("part", ["left", "width"])
def test_more_of_a_smile_is_a_stronger_smile(part: str) -> None:
    values = [strength(shape(**{part: amount})) for amount in (-0.05, 0.0, 0.03, 0.06)]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1


def test_someone_whose_mouth_is_wide_by_nature_must_smile_against_that() -> None:
    wide = tuple(shape(width=0.1, left=0.03, right=0.03)[0].tolist())
    resting = np.array([wide])
    assert strength(resting) > 0.5
    assert strength(resting, wide) == pytest.approx(strength(shape()))
    assert strength(resting + np.subtract(SMILING, NEUTRAL), wide) == pytest.approx(strength(np.array([SMILING])))


def test_a_neutral_stored_with_fewer_numbers_serves_for_those_it_has() -> None:
    wide = tuple(shape(width=0.1, left=0.03, right=0.03)[0].tolist())
    assert strength(np.array([wide]), wide[:7]) == pytest.approx(strength(shape()))


def test_the_finer_features_only_nudge() -> None:
    """All five of them two spreads towards a smile weigh less than the corners one spread up."""
    scale = np.asarray(MOUTH["scale"])
    towards = np.sign(MOUTH["weight"]) * scale
    odds = (towards * MOUTH["weight"] / scale)[4:].sum() * 2
    assert 0 < odds < np.asarray(MOUTH["weight"])[0]


@pytest.mark.parametrize(("narrower", "expected"), [(-0.1, 0.0), (0.0, 0.0), (0.1, 0.5), (0.2, 1.0), (0.5, 1.0)])
def test_eyes_join_when_they_narrow(narrower: float, expected: float) -> None:
    own = NEUTRAL[APERTURE]
    assert smile_eyes(shape(aperture=-narrower * own), None) == pytest.approx([expected])


def test_eyes_that_are_narrow_by_nature_do_not_count_as_joining() -> None:
    narrow = tuple(shape(aperture=-0.03)[0].tolist())
    assert smile_eyes(np.array([narrow]), narrow) == pytest.approx([0.0])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(0.06, 0.06, 0.0), (0.06, 0.03, 0.5), (0.03, 0.06, 0.5), (0.06, 0.0, 1.0), (0.0, 0.06, 1.0)],
)
def test_asymmetry_is_the_share_that_one_corner_lacks(left: float, right: float, expected: float) -> None:
    assert smile_asymmetry(shape(left=left, right=right), None) == pytest.approx([expected])


def test_a_resting_mouth_has_no_asymmetry_to_speak_of() -> None:
    assert smile_asymmetry(shape(), None) == pytest.approx([0.0])


def test_the_least_unevenness_of_a_faint_smile_is_none_of_a_smile() -> None:
    assert smile_asymmetry(shape(left=0.02, right=0.008), None) == pytest.approx([0.2])


def test_a_mouth_that_is_uneven_by_nature_smiles_evenly() -> None:
    own = tuple(shape(left=0.03)[0].tolist())
    assert smile_asymmetry(shape(left=0.09, right=0.06), own) == pytest.approx([0.0], abs=1e-6)


def test_no_face_no_smile() -> None:
    missing = np.full((2, len(NEUTRAL)), np.nan)
    assert np.isnan(smile_strength(missing, None)).all()
    assert np.isnan(smile_eyes(missing, NEUTRAL)).all()
    assert np.isnan(smile_asymmetry(missing, None)).all()
