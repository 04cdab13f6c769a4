"""Joints that neighbours hide or lend."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.neighbours import Figure, covered, doubtful_joints, is_at_edge, is_behind, is_bent, is_hidden, may_touch, without
from tests.factories import PX_PER_M
from tests.row_people import SIZE_WH, body_px, sighting


def figure(x: float, ratio: float = 1.0, y: float = 0.0) -> Figure:
    return Figure(body_px(x, ratio, y), np.ones(33), ratio * PX_PER_M, SIZE_WH)


@pytest.mark.parametrize(
    ("apart_m", "back_px", "hidden"),
    [
        pytest.param(1.0, 0.0, False, id="arm's length apart"),
        pytest.param(0.65, 0.0, False, id="shoulder to shoulder"),
        pytest.param(0.15, -60.0, True, id="right behind somebody"),
        pytest.param(0.15, 60.0, False, id="in front of somebody"),
        pytest.param(1.0, -60.0, False, id="further back, but beside"),
    ],
)
def test_who_is_hidden(apart_m: float, back_px: float, hidden: bool) -> None:
    one, other = figure(900, y=back_px), figure(900 + apart_m * PX_PER_M)
    assert is_hidden(doubtful_joints(one, [other])) is hidden


@pytest.mark.parametrize(("lean_deg", "bent"), [(0, False), (20, False), (35, False), (60, True), (80, True)])
def test_who_bends_over_shows_a_short_trunk(lean_deg: float, bent: bool) -> None:
    one = figure(900)
    hips_y = one.px[Pose.LEFT_HIP, 1]
    one.px[: Pose.LEFT_HIP, 1] = hips_y + (one.px[: Pose.LEFT_HIP, 1] - hips_y) * np.cos(np.radians(lean_deg))
    assert is_bent(one) is bent


def test_whether_a_trunk_bends_that_is_not_in_the_picture_is_not_known() -> None:
    one = figure(900, y=-700)
    one.px[: Pose.LEFT_HIP, 1] = one.px[Pose.LEFT_HIP, 1]
    assert not is_bent(one)
    unseen = Figure(figure(900).px * (1.0, 0.5), np.zeros(33), PX_PER_M, SIZE_WH)
    assert not is_bent(unseen)


def test_a_covered_knee_takes_nothing_else_along() -> None:
    one = figure(900, y=-60)
    rod = figure(900)
    rod.px[:] = -5000.0
    rod.px[[Pose.LEFT_HIP, Pose.LEFT_KNEE, Pose.LEFT_ANKLE]] = one.px[[Pose.LEFT_KNEE]] + [[-30.0, 0.0], [30.0, 0.0], [30.0, 0.0]]
    assert set(np.flatnonzero(covered(one.px, rod))) == {Pose.LEFT_KNEE}


def test_a_wrist_found_where_the_neighbour_has_one_is_doubtful_with_its_hand() -> None:
    one, other = figure(700), figure(1200)
    one.px[Pose.LEFT_WRIST] = other.px[Pose.RIGHT_WRIST] + 5.0
    doubtful = doubtful_joints(one, [other])
    assert doubtful[[Pose.LEFT_WRIST, Pose.LEFT_INDEX, Pose.LEFT_THUMB, Pose.LEFT_PINKY]].all()
    assert not doubtful[[Pose.RIGHT_WRIST, Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]].any()
    assert doubtful_joints(other, [one])[Pose.RIGHT_WRIST], "the neighbour's may be the wrong one as well"


def test_higher_feet_stand_further_back_and_without_feet_size_tells() -> None:
    near, far = figure(500), figure(900, y=-60)
    assert is_behind(far, near)
    assert not is_behind(near, far)
    no_feet = [
        Figure(f.px, np.where(np.arange(33) >= Pose.LEFT_ANKLE, 0.0, 1.0), f.scale, SIZE_WH) for f in (figure(500), figure(900, 0.8))
    ]
    assert is_behind(no_feet[1], no_feet[0])
    assert not is_behind(no_feet[0], no_feet[1])


@pytest.mark.parametrize(("x", "cut"), [(900.0, False), (60.0, True), (1880.0, True), (200.0, False)])
def test_the_edge_of_the_picture(x: float, cut: bool) -> None:
    assert is_at_edge(figure(x)) is cut


def test_who_cannot_touch_changes_nothing() -> None:
    one, far = figure(400), figure(1200)
    assert not may_touch(one, far)
    assert not doubtful_joints(one, [far]).any()
    assert may_touch(one, figure(600))


def test_doubtful_points_count_as_hidden_and_stay_where_they_are() -> None:
    landmarks = sighting(1, 900).landmarks
    doubtful = np.arange(33) == Pose.LEFT_WRIST
    cleared = without(landmarks, doubtful)
    assert cleared.pose_visibility[Pose.LEFT_WRIST] == 0
    assert cleared.pose_visibility.sum() == 32
    np.testing.assert_array_equal(cleared.pose_px, landmarks.pose_px)
