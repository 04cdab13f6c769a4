"""Searching for everybody: tiles, duplicates, and where a body is looked for."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.estimators.people import (
    BAND_OVERLAP,
    BAND_TILE,
    HEAD_M,
    Head,
    Region,
    Search,
    head_above,
    merged_heads,
    region_below,
    region_round,
    tiles,
)
from posecoach.estimators.regions import SeenPerson

SIZE_WH = (1920, 1080)


@pytest.mark.parametrize("side", [1920.0, 960.0, 480.0])
def test_every_face_smaller_than_half_a_tile_lies_whole_in_one(side: float) -> None:
    squares = tiles(SIZE_WH, side)
    margin = min(side / 4, 200)
    rng = np.random.default_rng(5)
    for x, y in rng.uniform((margin, margin), np.subtract(SIZE_WH, margin), (200, 2)):
        assert any(
            q.x <= x - margin and x + margin <= q.x + q.side and q.y <= y - margin and y + margin <= q.y + q.side for q in squares
        ), f"nobody sees a face at {x:.0f}, {y:.0f}"


@pytest.mark.parametrize("face", [18.0, 40.0, 77.75, 110.0])
def test_along_a_row_every_face_as_large_as_the_others_lies_whole_in_a_tile(face: float) -> None:
    side = round(BAND_TILE * face)
    squares = tiles((SIZE_WH[0], side), side, BAND_OVERLAP)
    for x in np.arange(face, SIZE_WH[0] - face):
        assert any(q.x <= x - face and x + face <= q.x + q.side for q in squares), f"nobody sees a face at {x:.0f}"


def test_a_whole_picture_is_one_tile_with_a_margin() -> None:
    (square,) = tiles(SIZE_WH, 1920)
    assert (square.x, square.y, square.side) == (0, -420, 1920)


def test_a_face_found_in_several_tiles_is_one_and_neighbours_are_two() -> None:
    found = [Head(500, 300, 60, 0.7), Head(506, 304, 66, 0.9), Head(590, 300, 60, 0.8), Head(500, 350, 62, 0.6)]
    assert merged_heads(found) == (found[1], found[2], found[3])


def test_the_body_of_a_face_is_looked_for_where_somebody_standing_has_it() -> None:
    head = Head(500, 200, 50, 0.9)
    standing, seated = region_below(head), region_below(head, 2.6)
    scale = head.side / HEAD_M
    assert standing.x == head.x
    assert standing.y - head.y == pytest.approx(0.65 * scale, rel=0.05), "the hips are 65 cm below the eyes"
    assert standing.side == pytest.approx(2.6 * scale, rel=0.05)
    assert seated.y < standing.y
    assert seated.side < standing.side


def test_head_and_region_of_a_body_fit_each_other() -> None:
    person = SeenPerson(800, 600, 300)
    region, from_head = region_round(person), region_below(head_above(person))
    assert (from_head.x, from_head.y, from_head.side) == pytest.approx((region.x, region.y, region.side))
    assert region == Region(800, 600, 750)


class Dots:
    """Finds white squares as faces, or as people."""

    def __init__(self) -> None:
        self.calls = 0

    def find(self, picture: Array) -> list[Head]:
        self.calls += 1
        ys, xs = np.nonzero(picture[..., 0] > 200)
        return [Head(float(xs.mean()), float(ys.mean()), float(np.ptp(xs)), 0.9)] if len(xs) > 20 else []

    def close(self) -> None:
        pass


class Nobody:
    calls = 0

    def find(self, picture: Array) -> list[SeenPerson]:
        self.calls += 1
        return []

    def close(self) -> None:
        pass


def picture_with(x: int, y: int, side: int) -> Array:
    picture = np.zeros((SIZE_WH[1], SIZE_WH[0], 3), np.uint8)
    picture[y - side // 2 : y + side // 2, x - side // 2 : x + side // 2] = 255
    return picture


def test_places_in_tiles_become_places_in_the_picture() -> None:
    search = Search(Dots(), Nobody())
    (head,) = search.everywhere(picture_with(1400, 300, 40)).heads
    assert (head.x, head.y) == pytest.approx((1400, 300), abs=3)
    assert head.side == pytest.approx(40, abs=4)


def test_along_a_row_only_its_height_is_searched_in_few_tiles() -> None:
    faces = Dots()
    search = Search(faces, Nobody())
    row = [Head(300, 320, 40, 0.9), Head(1500, 300, 40, 0.9)]
    (head,) = search.along(picture_with(900, 310, 40), row).heads
    assert (head.x, head.y) == pytest.approx((900, 310), abs=3)
    assert faces.calls <= 12
    assert search.along(picture_with(900, 900, 40), row).heads == ()


@pytest.mark.parametrize("face", [40.0, 40.05, 40.06, 77.75, 77.8])
def test_along_a_row_no_place_is_searched_twice(face: float) -> None:
    shown: list[bytes] = []

    class Notes(Dots):
        def find(self, picture: Array) -> list[Head]:
            shown.append(picture.tobytes())
            return []

    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (SIZE_WH[1], SIZE_WH[0], 3), np.uint8)
    Search(Notes(), Nobody()).along(picture, [Head(300, 150, face, 0.9), Head(1500, 170, face, 0.9)])
    assert len(set(shown)) == len(shown) > 1
