"""Legs not seen from the side: what they may be of, and what is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body import frontal
from posecoach.body.codes import BACK, FRONT, SIDE_LEFT, SITTING, STANDING, THREE_QUARTER
from posecoach.body.frontal import Legs
from posecoach.body.landmarks import Pose
from posecoach.body.posture import observe
from posecoach.vocabulary import Posture
from tests.factories import STANDING as UPRIGHT
from tests.factories import Figure, Leg, still

FEET = [joint for joint in Pose if joint >= Pose.LEFT_ANKLE]


def legs(**features: float) -> Legs:
    """Those of somebody on a chair seen from the front, but for the named features."""
    seated = {"view": FRONT, "thigh_drop_tl": 0.4, "knee_deg": 105.0, "uprightness": -8.0, "trunk_sw": 1.3, "hands_up_tl": 0.1}
    seated |= {"hip_height_m": 0.55, "behind_feet_tl": 0.3}
    return Legs(**{name: np.array([value]) for name, value in (seated | features).items()})


def is_unclear(found: Legs, seen: int) -> bool:
    return bool(frontal.are_unclear(found, np.array([seen]))[0])


@pytest.mark.parametrize("deg", [15.0, 35.0, 50.0])
@pytest.mark.parametrize("turn", [0.0, 180.0])
def test_half_a_squat_is_neither_a_seat_nor_a_stand(deg: float, turn: float) -> None:
    """Rendered ones were said to sit (8 of 41) or to stand (17): a trunk bent forward is short, and thighs seem to drop far over it."""
    leg = Leg(deg, -25.0)
    squat = replace(UPRIGHT, left=leg, right=leg, lean_forward_deg=50.0).seen_from(turn)
    assert not {int(code) for code in observe(still(squat, 2.0)).posture} & {Posture.STANDING, Posture.SITTING}


def test_half_a_squat_on_feet_out_of_sight_does_not_stand() -> None:
    leg = Leg(50.0, -25.0)
    squat = replace(UPRIGHT, left=leg, right=leg, lean_forward_deg=62.0, hidden=frozenset(FEET))
    assert {int(code) for code in observe(still(squat, 2.0)).posture} == {Posture.UNKNOWN}


def test_an_upright_trunk_sits_and_a_short_one_may_squat() -> None:
    assert not is_unclear(legs(), SITTING)
    assert is_unclear(legs(trunk_sw=0.9), SITTING)
    assert is_unclear(legs(trunk_sw=0.9, view=THREE_QUARTER), SITTING)


@pytest.mark.parametrize("view", [FRONT, BACK])
def test_who_walks_away_from_a_camera_above_does_not_sit(view: int) -> None:
    """Somebody in a film was said to sit: from above the thighs drop little, but the knees were straight."""
    assert is_unclear(legs(view=view, thigh_drop_tl=0.45, knee_deg=160.0, uprightness=-0.9), SITTING)


def test_straight_knees_seen_from_behind_stand_where_from_the_front_a_desk_may_hide_the_hips() -> None:
    straight = legs(view=BACK, thigh_drop_tl=0.52, knee_deg=168.0, uprightness=0.9)
    assert not is_unclear(straight, STANDING)
    assert is_unclear(replace(straight, view=np.array([FRONT])), STANDING)


@pytest.mark.parametrize("view", [FRONT, BACK, THREE_QUARTER])
def test_bent_knees_do_not_stand_unless_the_side_shows_it(view: int) -> None:
    bent = legs(view=view, thigh_drop_tl=0.85, knee_deg=138.0, uprightness=1.4)
    assert is_unclear(bent, STANDING)
    assert not is_unclear(replace(bent, view=np.array([SIDE_LEFT])), STANDING)


def test_hands_as_high_as_on_a_desk_need_straighter_knees_to_stand() -> None:
    """Two rendered women of 40 at a desk, which hid their hips, were said to stand."""
    upright = {"thigh_drop_tl": 0.8, "knee_deg": 151.0, "uprightness": 2.3}
    assert is_unclear(legs(**upright, hands_up_tl=0.36), STANDING)
    assert not is_unclear(legs(**upright, hands_up_tl=0.1), STANDING)
    assert not is_unclear(legs(**(upright | {"knee_deg": 160.0}), hands_up_tl=0.36), STANDING)


def test_a_foot_far_behind_the_body_carries_a_lunge() -> None:
    assert is_unclear(legs(behind_feet_tl=-1.0), SITTING)


def test_thighs_that_drop_far_over_bent_knees_are_no_seat() -> None:
    for view in (FRONT, BACK, THREE_QUARTER):
        assert is_unclear(legs(view=view, thigh_drop_tl=0.72, knee_deg=120.0, uprightness=-2.5), SITTING)


@pytest.mark.parametrize(
    ("other", "is_seat"),
    [
        ({}, True),
        ({"hip_height_m": 0.42}, False),
        ({"knee_deg": 80.0}, False),
        ({"trunk_sw": 1.0}, False),
        ({"behind_feet_tl": -0.9}, False),
    ],
    ids=["low seat", "low crouch", "bent knees", "bent trunk", "lunge"],
)
def test_a_low_seat_is_told_from_a_crouch(other: dict[str, float], is_seat: bool) -> None:
    low = {"hip_height_m": 0.455, "knee_deg": 98.0, "behind_feet_tl": 0.5}
    assert bool(frontal.are_on_low_seat(legs(**(low | other)))[0]) is is_seat


def seated(thigh_down_deg: float) -> Figure:
    leg = Leg(thigh_down_deg)
    return replace(UPRIGHT, left=leg, right=leg)


def test_a_chair_from_the_front_is_still_a_seat() -> None:
    for deg in (5.0, 25.0, 35.0):
        assert {int(code) for code in observe(still(seated(deg), 2.0)).posture} == {Posture.SITTING}
