"""Bodies that are one, parts of other people that are none, and room for people whose face nobody sees."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.people import Head, Region, SeenPeople, head_of
from posecoach.estimators.row_bodies import (
    ROOM_M,
    free_places,
    is_found_again,
    is_part_of,
    is_pattern,
    is_same,
    is_under,
    is_whole,
    shifted,
)
from tests.factories import PX_PER_M
from tests.row_people import SIZE_WH, STANDING, body_px


def body(x: float, ratio: float = 1.0, y: float = 0.0) -> SeenBody:
    return SeenBody(body_px(x, ratio, y), STANDING.pose_world_m[0].astype(float), np.ones(33))


UNKNOWN = SeenBody(body_px(900), np.zeros((33, 3)), np.ones(33))
"""A body whose scale cannot be told."""


def moved(one: SeenBody, joint: Pose, by_m: float) -> SeenBody:
    px = one.px.copy()
    px[joint, 0] += by_m * one.scale
    return SeenBody(px, one.world_m, one.visibility)


def places_x(row: list[SeenBody], heads_x: list[float] | None = None) -> list[float]:
    return [place.x for place in free_places(row, heads_x or [], SIZE_WH[0])]


def test_bodies_in_one_place_are_one_and_neighbours_are_two() -> None:
    assert is_same(body(500), body(510))
    assert not is_same(body(500), body(500 + 0.45 * PX_PER_M))
    assert not is_same(body(500), None)


def test_a_body_found_again_has_every_joint_where_it_was() -> None:
    one = body(500)
    assert is_found_again(one, body(505))
    elsewhere = moved(moved(one, Pose.LEFT_KNEE, 0.6), Pose.LEFT_ANKLE, 0.6)
    assert is_same(one, elsewhere), "the same trunk"
    assert not is_found_again(one, elsewhere)


def test_a_body_belongs_to_the_face_at_its_eyes() -> None:
    head = head_of(body(500))
    assert is_under(body(500), head)
    assert not is_under(body(500 + 0.12 * PX_PER_M), head)


def test_what_lies_on_somebody_else_is_part_of_them() -> None:
    big = body(900)
    legs = body(900, ratio=0.4, y=-20)
    assert is_part_of(legs, [big], SIZE_WH)
    assert not is_part_of(body(1250), [big], SIZE_WH)
    assert not is_part_of(legs, [], SIZE_WH)


@pytest.mark.parametrize(
    ("joint", "ratio", "expected"),
    [
        pytest.param(Pose.LEFT_HIP, 0.3, True, id="a badge on the coat"),
        pytest.param(Pose.LEFT_HIP, 0.9, False, id="somebody as large, kneeling in front"),
    ],
)
def test_a_small_face_on_somebody_is_a_pattern(joint: Pose, ratio: float, expected: bool) -> None:
    big = body(900)
    x, y = big.px[joint]
    head = Head(float(x), float(y), 0.147 * ratio * big.scale, 0.9)
    assert is_pattern(head, ratio * big.scale, [big], SIZE_WH) is expected


def test_a_small_face_beside_somebody_stands_in_the_background() -> None:
    big = body(900)
    head = Head(900 + 0.6 * PX_PER_M, float(big.px[Pose.NOSE, 1]), 10.0, 0.9)
    assert not is_pattern(head, 0.3 * big.scale, [big], SIZE_WH)


def test_a_whole_body_is_seen_to_the_feet_in_the_picture_and_as_large_as_the_row() -> None:
    assert is_whole(body(900), SIZE_WH, PX_PER_M)
    assert not is_whole(body(900, ratio=0.5), SIZE_WH, PX_PER_M), "somebody in the background"
    assert not is_whole(body(20), SIZE_WH, PX_PER_M), "cut by the edge"
    no_feet = SeenBody(body(900).px, body(900).world_m, np.where(np.arange(33) >= Pose.LEFT_ANKLE, 0.3, 1.0))
    assert not is_whole(no_feet, SIZE_WH, PX_PER_M)


def test_there_is_room_in_gaps_and_at_both_ends() -> None:
    row = [body(400), body(600), body(1300), body(1500)]
    found = places_x(row)
    assert any(900 <= x <= 1000 for x in found), "in the gap"
    assert min(found) < 300
    assert max(found) > 1600
    assert all(0 <= x <= SIZE_WH[0] for x in found)
    assert all(abs(x - one.hips[0]) >= ROOM_M * PX_PER_M - 1e-6 for x in found for one in row)


def test_a_full_row_has_room_at_its_ends_only() -> None:
    row = [body(x) for x in (500, 680, 860, 1040)]
    assert all(x < 500 or x > 1040 for x in places_x(row))


def test_where_a_mere_face_is_seen_there_is_no_room() -> None:
    row = [body(500), body(1000)]
    assert any(abs(x - 750) < 60 for x in places_x(row))
    assert not any(abs(x - 750) < ROOM_M * PX_PER_M for x in places_x(row, [750.0]))


@pytest.mark.parametrize("row", [[], [body(900)]], ids=["nobody", "one person"])
def test_one_person_is_no_row(row: list[SeenBody]) -> None:
    assert free_places(row, [], SIZE_WH[0]) == []


def test_bodies_of_unknown_scale_are_no_part_of_the_row() -> None:
    known = [body(400), body(1300)]
    assert places_x([UNKNOWN, *known, UNKNOWN, UNKNOWN]) == places_x(known)
    assert places_x([UNKNOWN, UNKNOWN]) == places_x([UNKNOWN, body(900)]) == []
    assert not is_whole(UNKNOWN, SIZE_WH, PX_PER_M)
    assert not is_whole(body(900), SIZE_WH, UNKNOWN.scale)


def test_a_place_is_as_deep_in_the_room_as_its_neighbours() -> None:
    near, far = body(400), body(1200, ratio=0.8, y=-60)
    (middle,) = [place for place in free_places([near, far], [], SIZE_WH[0]) if 750 < place.x < 850]
    assert near.hips[1] > middle.y > far.hips[1] or near.hips[1] < middle.y < far.hips[1]
    assert 0.8 < middle.radius / (1.03 * PX_PER_M) < 1.0


def test_what_is_found_in_a_part_lies_in_the_whole() -> None:
    found = shifted(SeenPeople(body(500), Region(500, 400, 300, 5.0)), 100, 20)
    np.testing.assert_allclose(found.body.px, body_px(500) + np.array([100, 20]))
    assert found.region == Region(600, 420, 300, 5.0)
