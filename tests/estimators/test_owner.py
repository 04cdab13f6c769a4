"""Whose body it is when the clothes seem to change from one moment to the next: somebody before it, a way up from the seat, or arms."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.estimators.owner import Owner
from posecoach.estimators.regions import SeenPerson

GREY, RED = np.full((16, 3), 100.0), np.full((16, 3), 130.0)
HIPS, SCALE, SHOULDERS_Y = (320.0, 300.0), 100.0, 250.0


@pytest.mark.parametrize(
    ("scale", "shoulders_y", "is_theirs"),
    [(SCALE, SHOULDERS_Y, True), (SCALE * 1.05, SHOULDERS_Y - 10, True), (SCALE * 1.1, SHOULDERS_Y, False)],
    ids=["arms before the trunk", "getting up behind a counter", "somebody nearer before it"],
)
def test_clothes_that_change_at_once_are_somebody_elses_only_if_the_body_does_too(
    scale: float, shoulders_y: float, is_theirs: bool
) -> None:
    owner = Owner()
    for t_ms in range(0, 3000, 100):
        owner.meet([SeenPerson(*HIPS, 103.0)], float(t_ms))
        assert owner.owns(HIPS, SCALE, GREY, float(t_ms), SHOULDERS_Y)
    assert owner.owns(HIPS, scale, RED, 3000.0, shoulders_y) == is_theirs


def test_somebody_who_covers_a_part_first_has_not_become_the_one_followed() -> None:
    owner = Owner()
    partly = GREY.copy()
    partly[:4] = RED[0]
    for t_ms in range(0, 3000, 100):
        owner.meet([SeenPerson(*HIPS, 103.0)], float(t_ms))
        assert owner.owns(HIPS, SCALE, GREY, float(t_ms), SHOULDERS_Y)
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
    owner = Owner()
    people = [SeenPerson(*HIPS, 103.0), SeenPerson(HIPS[0] + other_m * SCALE, HIPS[1], 100.0)]
    for t_ms in range(0, 3000, 100):
        owner.meet(people, float(t_ms))
        assert owner.owns(HIPS, SCALE, GREY, float(t_ms), SHOULDERS_Y)
    leaning = HIPS[0] - 0.2 * SCALE, HIPS[1]
    assert owner.owns(leaning, SCALE, np.full((16, 3), 106.0), 3000.0, SHOULDERS_Y) == is_theirs
    assert not owner.owns(leaning, SCALE, RED, 3100.0, SHOULDERS_Y)
