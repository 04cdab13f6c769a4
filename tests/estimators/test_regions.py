"""Who is the main person, where is the head, whose is the face."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.estimators import regions
from posecoach.estimators.regions import Box, SeenPerson, Square
from tests.estimators.figures import body_at, face_at, person_at

SIZE_WH = (640, 480)


@pytest.mark.parametrize("px_per_m", [40.0, 250.0])
@pytest.mark.parametrize("turn_deg", [0.0, 30.0, 90.0], ids=["upright", "leaning", "lying"])
def test_scale_is_recovered_at_any_size_and_tilt(px_per_m: float, turn_deg: float) -> None:
    body = body_at(300, 200, px_per_m)
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    turned = body.px @ np.array(((c, s), (-s, c)))
    assert regions.px_per_m(turned, body.world_m) == pytest.approx(px_per_m)


def test_scale_of_a_point_is_unknown() -> None:
    assert regions.px_per_m(np.ones((33, 2)), np.zeros((33, 3))) == 0


def test_the_head_square_is_around_the_head() -> None:
    body = body_at(300, 200, 100)
    square = regions.head_square(body.px, body.scale)
    assert square.side == 45
    assert abs(square.x + square.side / 2 - 300) < 2
    assert abs(square.y + square.side / 2 - (200 - 62)) < 3


@pytest.mark.parametrize(
    ("other", "holds"),
    [(Square(105, 100, 100), True), (Square(120, 100, 100), False), (Square(90, 90, 120), True), (Square(80, 80, 140), False)],
    ids=["a small way", "a long way", "a little larger", "much larger"],
)
def test_a_square_is_held_for_small_changes(other: Square, holds: bool) -> None:
    assert Square(100, 100, 100).holds(other) is holds


def test_points_are_placed_in_the_picture() -> None:
    assert Square(10, 20, 100).place(np.array(((0.5, 0.25),))).tolist() == [[60.0, 45.0]]


def test_a_square_is_never_smaller_than_eight_pixels() -> None:
    assert Square.around(np.zeros(2), 0.3).side == 8


@pytest.mark.parametrize(("shift_m", "same"), [(0.0, True), (0.04, True), (0.05, False), (-0.5, False)])
def test_a_face_belongs_to_the_body_whose_eyes_it_covers(shift_m: float, same: bool) -> None:
    body = body_at(300, 200, 130)
    assert regions.is_face_of(face_at(body, shift_m), body.px, body.scale) is same


def test_a_mirrored_face_does_not_belong() -> None:
    body = body_at(300, 200, 130)
    face = face_at(body)
    face[:, 0] = 2 * body.px[Pose.NOSE, 0] - face[:, 0]
    assert not regions.is_face_of(face, body.px, body.scale)


@pytest.mark.parametrize(
    ("hips", "shoulders", "count"),
    [
        (((375, 157), (361, 208)), ((361, 223), (378, 143)), 1),
        (((375, 157), (361, 158)), ((361, 223), (365, 224)), 2),
        (((375, 157), (561, 208)), ((361, 223), (578, 143)), 2),
        ((), (), 0),
    ],
    ids=["one bent body, head for feet", "one behind the other", "head for feet elsewhere", "nobody"],
)
def test_a_body_taken_head_for_feet_is_not_another(hips: tuple[tuple[int, int], ...], shoulders: tuple[object, ...], count: int) -> None:
    people = [person_at(x, y, 190) for x, y in hips]
    assert regions.seen_once(people, np.array(shoulders)) == people[:count]


@pytest.mark.parametrize(
    ("people", "home", "main"),
    [
        ((person_at(300, 240, 90), person_at(100, 240, 60)), None, 0),
        ((person_at(100, 240, 60), person_at(300, 240, 90)), None, 1),
        ((person_at(20, 240, 90), person_at(320, 240, 80)), None, 1),
        ((person_at(20, 240, 130), person_at(320, 240, 80)), None, 0),
        ((person_at(200, 240, 100), person_at(420, 240, 85)), (420.0, 240.0), 1),
        ((person_at(200, 240, 200), person_at(420, 240, 85)), (420.0, 240.0), 0),
    ],
    ids=["larger", "larger, second", "central", "much larger at the edge", "who was there before", "much larger than who was there"],
)
def test_main_person(people: tuple[SeenPerson, ...], home: tuple[float, float] | None, main: int) -> None:
    assert regions.main_person(people, SIZE_WH, home, regions.STAY_FACTOR) is people[main]


def test_nearest() -> None:
    people = [person_at(100, 100), person_at(300, 100)]
    assert regions.nearest(people, (190, 100)) is people[0]


def test_a_start_region_ends_half_way_to_the_neighbours() -> None:
    middle = person_at(300, 240, 100)
    box = regions.start_region(middle, [person_at(200, 240, 100), middle, person_at(400, 240, 300)])
    assert box == Box(250, 115, 325, 365)


def test_a_start_region_does_not_cut_between_people_behind_each_other() -> None:
    front = person_at(300, 240, 100)
    assert regions.start_region(front, [front, person_at(310, 200, 60)]) == Box(175, 115, 425, 365)


def test_the_region_of_a_followed_body_has_a_margin() -> None:
    box = regions.follow_region(np.array(((100.0, 100.0), (200.0, 300.0))))
    assert box == pytest.approx((70, 40, 230, 360))


@pytest.mark.parametrize(
    ("box", "clipped"),
    [(Box(-10, 5, 20, 30), Box(0, 5, 20, 30)), (Box(700, 5, 800, 30), Box(640, 5, 640, 30)), (Box(-9, -9, -1, -1), Box(0, 0, 0, 0))],
    ids=["over the edge", "right of the picture", "left of the picture"],
)
def test_boxes_are_clipped_to_the_picture(box: Box, clipped: Box) -> None:
    assert box.clipped(SIZE_WH) == clipped
