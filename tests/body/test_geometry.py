"""Angles and distances by known answers, and the sign of each from the person's own left and right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.body.geometry import angle_deg, distance_px, is_inside, lean_deg, midpoint, pitch_down_deg, tilt_deg
from posecoach.body.records import Array

NAN = float("nan")
COORDINATES = st.floats(-1000, 1000, allow_nan=False)
POINTS = st.tuples(COORDINATES, COORDINATES).map(np.array)
ANGLES = st.floats(-85, 85)
SCALES = st.floats(0.01, 100)


def at(*coordinates: float) -> Array:
    return np.array(coordinates, float)


def up(angle_deg: float, length: float = 100.0) -> Array:
    """A step in the picture, ``angle_deg`` to the right of straight up."""
    return length * at(np.sin(np.radians(angle_deg)), -np.cos(np.radians(angle_deg)))


def far_apart(*points: Array) -> bool:
    return all(np.hypot(*(a - b)) > 1 for i, a in enumerate(points) for b in points[:i])


def test_distance_and_middle_of_a_known_triangle() -> None:
    assert distance_px(at(1, 2), at(4, 6)) == 5
    assert midpoint(at(1, 2), at(4, 6)).tolist() == [2.5, 4]


@pytest.mark.parametrize("angle", [0.01, 20, 90, 135, 179.99])
@pytest.mark.parametrize("turned", [0, 33, 180])
def test_an_angle_is_recovered_whatever_way_the_figure_is_turned(angle: float, turned: float) -> None:
    vertex = at(40, 70)
    assert angle_deg(vertex + up(turned), vertex, vertex + up(turned + angle, 3)) == pytest.approx(angle, abs=1e-5)


def test_a_straight_line_is_180_and_a_folded_one_0() -> None:
    assert angle_deg(at(0, 0), at(1, 1), at(2, 2)) == pytest.approx(180, abs=1e-5)
    assert angle_deg(at(2, 2), at(1, 1), at(2, 2)) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(("third", "angle"), [((0, 0, 1), 90), ((1, 1, 0), 45), ((1, 1, np.sqrt(2)), 60), ((-1, 0, 0), 180)])
def test_angles_in_space(third: tuple[float, float, float], angle: float) -> None:
    assert angle_deg(at(1, 0, 0), at(0, 0, 0), at(*third)) == pytest.approx(angle, abs=1e-5)


def test_arrays_in_time_give_one_angle_a_frame() -> None:
    vertex = np.zeros((3, 2))
    ends = np.stack([up(20), up(90), up(150)])
    assert angle_deg(np.broadcast_to(up(0), (3, 2)), vertex, ends) == pytest.approx([20, 90, 150])


@given(POINTS, POINTS, POINTS, POINTS, SCALES)
def test_angles_stay_under_shift_scale_and_mirror(a: Array, b: Array, c: Array, shift: Array, scale: float) -> None:
    if not far_apart(a, b, c):
        return
    plain = angle_deg(a, b, c)
    assert angle_deg(a * scale + shift, b * scale + shift, c * scale + shift) == pytest.approx(plain, abs=1e-2)
    assert angle_deg(a * (-1, 1), b * (-1, 1), c * (-1, 1)) == pytest.approx(plain, abs=1e-6)
    assert angle_deg(c, b, a) == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("from_behind", [False, True], ids=["seen from the front", "seen from behind"])
@pytest.mark.parametrize("tilt", [-89, -20, 0, 8, 20, 89])
def test_a_tilt_is_positive_with_the_persons_left_end_higher(tilt: float, from_behind: bool) -> None:
    left_in_picture = -1 if from_behind else 1
    half = 50 * at(left_in_picture * np.cos(np.radians(tilt)), -np.sin(np.radians(tilt)))
    assert tilt_deg(at(300, 200) + half, at(300, 200) - half) == pytest.approx(tilt)


def test_a_line_straight_up_tilts_90() -> None:
    assert tilt_deg(at(5, 0), at(5, 10)) == 90
    assert tilt_deg(at(5, 10), at(5, 0)) == -90


@given(POINTS, POINTS, POINTS, SCALES)
def test_exchanging_left_and_right_flips_a_tilt(left: Array, right: Array, shift: Array, scale: float) -> None:
    if not far_apart(left, right):
        return
    plain = tilt_deg(left, right)
    assert -90 <= plain <= 90
    assert tilt_deg(right, left) == pytest.approx(-plain)
    assert tilt_deg(left * (-1, 1), right * (-1, 1)) == pytest.approx(plain)
    assert tilt_deg(left * scale + shift, right * scale + shift) == pytest.approx(plain, abs=1e-2)


@pytest.mark.parametrize("lean", [-170, -90, -20, 0, 20, 90, 170])
@pytest.mark.parametrize("positive_x", [1.0, -1.0], ids=["towards the right edge", "towards the left edge"])
def test_a_lean_is_positive_towards_the_given_side(lean: float, positive_x: float) -> None:
    bottom = at(200, 300)
    assert lean_deg(bottom, bottom + up(lean * positive_x), positive_x) == pytest.approx(lean)


def test_each_frame_has_its_own_direction_of_lean() -> None:
    bottom, top = np.zeros((3, 2)), np.stack([up(20)] * 3)
    assert lean_deg(bottom, top, at(1, -1, NAN)) == pytest.approx([20, -20, NAN], nan_ok=True)


@given(POINTS, ANGLES, st.floats(1, 1000), st.sampled_from([1.0, -1.0]))
def test_the_mirror_image_leans_to_the_other_side_of_the_picture(bottom: Array, lean: float, length: float, side: float) -> None:
    top = bottom + up(lean, length)
    assert lean_deg(bottom * (-1, 1), top * (-1, 1), -side) == pytest.approx(lean_deg(bottom, top, side), abs=1e-6)
    assert lean_deg(bottom, top, side) == pytest.approx(lean * side, abs=1e-6)


@pytest.mark.parametrize("forward_x", [1.0, -1.0], ids=["facing the right edge", "facing the left edge"])
@pytest.mark.parametrize("pitch", [-60, 0, 20, 90, 120])
def test_a_foot_pitches_down_when_the_toes_are_lower(pitch: float, forward_x: float) -> None:
    heel = at(100, 400)
    toe = heel + 30 * at(forward_x * np.cos(np.radians(pitch)), np.sin(np.radians(pitch)))
    assert pitch_down_deg(heel, toe, forward_x) == pytest.approx(pitch)


DEGENERATE = {
    "an angle with its vertex on the first point": angle_deg(at(1, 1), at(1, 1), at(5, 5)),
    "an angle with its vertex on the last point": angle_deg(at(5, 5), at(1, 1), at(1, 1)),
    "a tilt of one point": tilt_deg(at(3, 3), at(3, 3)),
    "a lean of one point": lean_deg(at(3, 3), at(3, 3)),
    "a pitch of one point": pitch_down_deg(at(3, 3), at(3, 3), 1.0),
    "an angle with a missing point": angle_deg(at(NAN, 1), at(1, 1), at(5, 5)),
    "a tilt with a missing point": tilt_deg(at(1, 1), at(3, NAN)),
    "a lean with a missing point": lean_deg(at(1, 1), at(NAN, NAN)),
    "a pitch with a missing point": pitch_down_deg(at(NAN, NAN), at(1, 1), 1.0),
    "a distance with a missing point": distance_px(at(NAN, NAN), at(1, 1)),
}


@pytest.mark.parametrize("value", DEGENERATE.values(), ids=DEGENERATE)
def test_no_number_comes_out_of(value: Array) -> None:
    assert np.isnan(value)


@pytest.mark.parametrize(
    ("point", "margin", "expected"),
    [
        pytest.param((0, 0), 0.0, True, id="the corner counts as inside"),
        pytest.param((200, 100), 0.0, True, id="so does the opposite corner"),
        pytest.param((-0.1, 50), 0.0, False, id="left of the picture"),
        pytest.param((100, 100.1), 0.0, False, id="below the picture"),
        pytest.param((15, 50), 0.1, False, id="within the margin of the width"),
        pytest.param((25, 12), 0.1, True, id="past the margins of width and height"),
        pytest.param((NAN, 50), 0.0, False, id="missing"),
    ],
)
def test_what_is_inside_the_picture(point: tuple[float, float], margin: float, expected: bool) -> None:
    assert bool(is_inside(at(*point), (200, 100), margin)) is expected
