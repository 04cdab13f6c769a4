"""Rows that lie in the picture: seen by heads above each other and bodies that hang, and never where people stand, sit or bow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Landmarks
from posecoach.row.places import RowPlaces, Sighting, Status, clear
from posecoach.row.record import RowRecord
from tests.row_people import head_only, sighting

XS = (400.0, 700.0, 1000.0, 1300.0)
SIZE_WH = (1920, 1080)


def turned(points: Array, degrees: int) -> Array:
    """Points about the middle of the picture, clockwise."""
    angle = np.radians(degrees)
    middle = np.array(SIZE_WH) / 2
    return np.asarray((points - middle) @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + middle)


def in_turned_picture(one: Sighting, degrees: int) -> Sighting:
    seen, (head,) = one.landmarks, turned(np.array([one.head_px]), degrees)
    points = Landmarks(turned(seen.pose_px, degrees), seen.pose_world_m, seen.pose_visibility, seen.face_px, SIZE_WH)
    return replace(one, landmarks=points, head_px=(float(head[0]), float(head[1])))


def statuses(sightings: list[Sighting]) -> set[Status]:
    return {status for _, status in clear(sightings)}


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_row_in_a_turned_picture_is_not_judged(count: int, degrees: int) -> None:
    assert statuses([in_turned_picture(sighting(i, x), degrees) for i, x in enumerate(XS[:count])]) == {Status.SIDEWAYS}


def test_heads_above_each_other_are_enough() -> None:
    """The bodies of a row on its side are mostly found on others' legs."""
    column = [replace(head_only(i, 300.0), head_px=(300.0 + 20 * i, 200.0 * i)) for i in range(4)]
    assert statuses(column) == {Status.SIDEWAYS}
    assert statuses([replace(sighting(i, 300.0), head_px=one.head_px) for i, one in enumerate(column)]) == {Status.SIDEWAYS}


def test_some_bodies_found_upright_do_not_make_a_hanging_row_stand() -> None:
    row = [in_turned_picture(sighting(i, x), 180) if i < 2 else sighting(i, x) for i, x in enumerate((*XS, 1600.0))]
    assert statuses(row) == {Status.SIDEWAYS}


def test_one_who_lies_one_skeleton_astray_and_two_lines_of_people_are_no_row_that_lies() -> None:
    standing = [sighting(i, x) for i, x in enumerate(XS)]
    assert Status.SIDEWAYS not in statuses([*standing[:3], in_turned_picture(standing[3], 180)])
    assert Status.SIDEWAYS not in statuses([*standing, *(sighting(10 + i, x + 150.0, y=-180.0) for i, x in enumerate(XS))])
    assert Status.SIDEWAYS not in statuses([sighting(1, 600.0), sighting(2, 640.0, y=-160.0)])


def test_a_whole_row_that_bows_does_not_lie() -> None:
    def bowing(one: Sighting) -> Sighting:
        px = one.landmarks.pose_px.copy()
        hips_y = px[[Pose.LEFT_HIP, Pose.RIGHT_HIP], 1].mean()
        px[: Pose.RIGHT_SHOULDER + 1, 1] += hips_y - 20.0 - px[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER], 1].mean()
        return replace(one, landmarks=replace(one.landmarks, pose_px=px))

    assert statuses([bowing(sighting(i, x)) for i, x in enumerate(XS)]) == {Status.BENT}


@pytest.mark.parametrize("lying", [0, 12, 28])
def test_a_film_is_told_of_when_the_row_lies_in_most_of_it(lying: int) -> None:
    record, row = RowRecord(SIZE_WH), RowPlaces()
    for i in range(40):
        people = [sighting(j, x, 100.0 * i) for j, x in enumerate(XS)]
        row.update(100.0 * i, [in_turned_picture(one, 180) for one in people] if i < lying else people)
        record.add(100.0 * i, row.cleared())
    assert record.is_sideways is (lying == 28)
