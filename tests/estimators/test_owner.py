"""Whose body it is when the clothes seem to change from one moment to the next: somebody before it, a way up from the seat, or arms."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.estimators.owner import Owner
from posecoach.estimators.regions import SeenPerson

GREY, RED = np.full((16, 3), 100.0), np.full((16, 3), 130.0)
SUIT = np.array([(90.0, 128.0, 128.0), (230.0, 128.0, 128.0), (60.0, 130.0, 120.0)])[[0, 1, 0, 0, 1, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2]]
"""A jacket with a shirt between its lapels, and trousers."""
HIPS, SCALE, SHOULDERS_Y = (320.0, 300.0), 100.0, 250.0


def followed(looks: Array, *others: SeenPerson) -> Owner:
    """Three seconds of somebody, with others in the picture or without."""
    owner = Owner()
    for t_ms in range(0, 3000, 100):
        owner.meet([SeenPerson(*HIPS, 103.0), *others], float(t_ms))
        assert owner.owns(HIPS, SCALE, looks, float(t_ms), SHOULDERS_Y)
    return owner


def with_skirt(looks: Array) -> Array:
    """The same with all but the chest as never seen before: what a desk had hidden."""
    shown = looks.copy()
    shown[6:] = (180.0, 160.0, 90.0)
    return shown


@pytest.mark.parametrize("others", [(), (SeenPerson(HIPS[0] + 200.0, HIPS[1], 95.0),)], ids=["alone", "beside others"])
def test_who_gets_up_behind_a_counter_and_leans_to_the_camera_stays_the_same(others: tuple[SeenPerson, ...]) -> None:
    owner = followed(SUIT, *others)
    for i, t_ms in enumerate(range(3000, 9000, 100), 1):
        way = min(i, 8)
        owner.meet([SeenPerson(HIPS[0], HIPS[1] - 3.0 * way, 103.0), *others], float(t_ms))
        shown = with_skirt(SUIT) if i > 2 else SUIT
        assert owner.owns((HIPS[0], HIPS[1] - 3.0 * way), SCALE * (1 + 0.018 * way), shown, float(t_ms), SHOULDERS_Y - 2.0 * way), t_ms
    assert owner.unsure_ms == 0
    assert owner.is_in_company(9000.0) == bool(others)


def test_clothes_that_slip_on_the_body_are_the_same() -> None:
    """Of a coat in stripes, when somebody turns."""
    stripes = np.tile(SUIT[:2], (8, 1))
    owner = followed(stripes)
    assert owner.owns((HIPS[0] + 8.0, HIPS[1]), SCALE * 1.08, np.roll(stripes, 1, axis=0), 3000.0, SHOULDERS_Y)
    assert not owner.is_in_company(3000.0)


def test_nobody_stands_before_somebody_and_is_smaller() -> None:
    """Who bends back or crouches shows other clothes, and is further from the camera."""
    owner = followed(GREY)
    assert owner.owns((HIPS[0] + 8.0, HIPS[1] + 3.0), SCALE * 0.93, RED, 3000.0, SHOULDERS_Y + 4.0)


def test_somebody_in_much_the_same_clothes_who_stops_before_one_who_has_got_up_is_another() -> None:
    owner = followed(SUIT)
    for t_ms in range(3000, 3600, 100):
        assert owner.owns((HIPS[0], HIPS[1] - 20.0), SCALE * 1.1, with_skirt(SUIT), float(t_ms), SHOULDERS_Y - 25.0)
    alike = np.add(SUIT, (0.0, 6.0, 7.0))
    for t_ms in range(3600, 5000, 100):
        assert not owner.owns((HIPS[0] - 24.0, HIPS[1] - 20.0), SCALE * 1.45, alike, float(t_ms), SHOULDERS_Y - 31.0)


@pytest.mark.parametrize(
    ("scale", "shoulders_y", "is_theirs"),
    [(SCALE, SHOULDERS_Y, True), (SCALE * 1.05, SHOULDERS_Y - 10, True), (SCALE * 1.1, SHOULDERS_Y, False)],
    ids=["arms before the trunk", "getting up behind a counter", "somebody nearer before it"],
)
def test_clothes_that_change_at_once_are_somebody_elses_only_if_the_body_does_too(
    scale: float, shoulders_y: float, is_theirs: bool
) -> None:
    owner = followed(GREY)
    assert owner.owns(HIPS, scale, RED, 3000.0, shoulders_y) == is_theirs


def test_somebody_who_covers_a_part_first_has_not_become_the_one_followed() -> None:
    partly = GREY.copy()
    partly[:4] = RED[0]
    owner = followed(GREY)
    assert owner.owns(HIPS, SCALE * 1.04, partly, 3000.0, SHOULDERS_Y)
    assert not owner.owns(HIPS, SCALE * 1.06, RED, 3100.0, SHOULDERS_Y)


def test_the_first_moments_count_no_more_than_those_that_follow() -> None:
    """An arm lies before the trunk while the clip begins; then both shake hands."""
    owner = Owner()
    for t_ms in range(0, 6000, 100):
        others = [SeenPerson(HIPS[0] + 200.0, HIPS[1], 95.0)] if t_ms >= 3000 else []
        owner.meet([SeenPerson(*HIPS, 103.0), *others], float(t_ms))
        assert owner.owns(HIPS, SCALE * 1.04, np.full((16, 3), 115.0) if t_ms < 1000 else GREY, float(t_ms), SHOULDERS_Y)


@pytest.mark.parametrize(("other_m", "is_theirs"), [(1.5, True), (0.5, False)], ids=["clear", "close"])
def test_clothes_may_look_different_while_somebody_moves_clear_of_others(other_m: float, is_theirs: bool) -> None:
    owner = followed(GREY, SeenPerson(HIPS[0] + other_m * SCALE, HIPS[1], 100.0))
    leaning = HIPS[0] - 0.2 * SCALE, HIPS[1]
    assert owner.owns(leaning, SCALE, np.full((16, 3), 106.0), 3000.0, SHOULDERS_Y) == is_theirs
    assert not owner.owns(leaning, SCALE, RED, 3100.0, SHOULDERS_Y)


def test_two_frames_of_one_time_are_no_reason_to_stop() -> None:
    """As a clock of sixty ticks a second gives them."""
    owner = Owner()
    assert all(owner.owns(HIPS, SCALE, SUIT, 1000.0, SHOULDERS_Y) for _ in range(3))
    assert owner.home == HIPS
