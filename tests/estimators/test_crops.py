"""Pictures are cut, scaled and blanked without being shifted."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.estimators.crops import BLANK, MAX_SIDE_PX, blank_outside, cut, working_picture
from posecoach.estimators.regions import Box, Square


def test_the_working_picture_is_rgb_and_contiguous() -> None:
    bgr = np.zeros((10, 20, 3), np.uint8)
    bgr[:, :, 0] = 200
    picture, ratio = working_picture(bgr)
    assert ratio == 1.0
    assert picture[0, 0].tolist() == [0, 0, 200]
    assert picture.flags.c_contiguous


@pytest.mark.parametrize(("size_wh", "small_wh"), [((7680, 4320), (1920, 1080)), ((4000, 1), (1920, 1))])
def test_a_huge_picture_is_worked_on_smaller(size_wh: tuple[int, int], small_wh: tuple[int, int]) -> None:
    picture, ratio = working_picture(np.zeros((size_wh[1], size_wh[0], 3), np.uint8))
    assert (picture.shape[1], picture.shape[0]) == small_wh
    assert ratio == pytest.approx(size_wh[0] / MAX_SIDE_PX)


@pytest.mark.parametrize("side_px", [32, 64, 128], ids=["smaller", "as it is", "enlarged"])
def test_a_cut_shows_what_is_in_the_square(side_px: int) -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[40:72, 100:132] = 255
    crop = cut(picture, Square(100, 40, 64), side_px)
    assert crop.shape == (side_px, side_px, 3)
    assert crop.flags.c_contiguous
    half = side_px // 2
    assert crop[: half - 4, : half - 4].min() == 255
    assert crop[half + 4 :].max() == 0


def test_a_cut_is_black_beyond_the_edges() -> None:
    crop = cut(np.full((100, 100, 3), 255, np.uint8), Square(-32, -32, 64), 64)
    assert crop[:31].max() == 0
    assert crop[33:, 33:].min() == 255


def test_a_cut_beside_the_picture_is_black() -> None:
    assert not cut(np.full((10, 10, 3), 255, np.uint8), Square(50, 0, 20), 16).any()


def test_blanking_keeps_the_coordinates_and_the_original() -> None:
    picture = np.full((100, 200, 3), 255, np.uint8)
    out = blank_outside(picture, Box(150, -20, 260, 50))
    assert out.shape == picture.shape
    assert out[:50, 150:].min() == 255
    assert (out[50:] == BLANK).all()
    assert (out[:, :150] == BLANK).all()
    assert picture.min() == 255
