"""Pictures as films are coded: to planes and back, parts of them, other sizes."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.storage.planes import bgr_of, lay, part_of, planes_of, scaled
from tests.odd_media import corners, numbered, quarters


def test_colours_survive() -> None:
    planes = planes_of(quarters(0, (96, 64)))
    assert [plane.shape for plane in planes] == [(64, 96), (32, 48), (32, 48)]
    assert corners(bgr_of(planes)) == "bgrw"


@pytest.mark.parametrize(("size_wh", "even_wh"), [((97, 61), (98, 62)), ((1, 1), (2, 2)), ((64, 33), (64, 34))])
def test_odd_sides_are_made_even(size_wh: tuple[int, int], even_wh: tuple[int, int]) -> None:
    picture = bgr_of(planes_of(numbered(3, size_wh)))
    assert (picture.shape[1], picture.shape[0]) == even_wh
    assert np.abs(picture.astype(int) - numbered(3, even_wh)).max() <= 2


def test_a_part_is_taken_out_and_laid_over_another() -> None:
    planes = planes_of(quarters(0, (96, 64)))
    part = bgr_of(part_of(planes, (46, 2), (50, 60)))
    assert part.shape == (60, 50, 3)
    assert corners(part) == "ggrr"
    under = planes_of(numbered(0, (96, 64)))
    lay(under, (46, 2), planes_of(part))
    picture = bgr_of(under)
    assert np.abs(picture[2:62, 46:].astype(int) - part).max() <= 3
    assert np.abs(picture[:, :46].astype(int) - numbered(0, (46, 64))).max() <= 2


@pytest.mark.parametrize("size_wh", [(96, 64), (50, 40), (48, 32), (20, 14), (200, 100)])
def test_another_size_shows_the_same(size_wh: tuple[int, int]) -> None:
    picture = scaled(quarters(0, (97, 65)), size_wh)
    assert picture.shape == (size_wh[1], size_wh[0], 3)
    assert corners(picture) == "bgrw"
    assert scaled(picture[..., 0], size_wh).shape == picture.shape[:2]


def test_what_is_much_smaller_is_an_average() -> None:
    grain = np.random.default_rng(0).integers(0, 256, (512, 512), np.uint8)
    assert scaled(grain, (50, 50)).std() < 12
