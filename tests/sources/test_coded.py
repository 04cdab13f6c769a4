"""The planes of a film's pictures show what its colours show, however it is coded and lies."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from posecoach.body.records import Turn
from posecoach.sources.coded import coded_planes, has_planes
from posecoach.sources.upright import CodedFrame, FilmFrame, Image
from posecoach.sources.video import VideoSource
from posecoach.storage.planes import bgr_of, lay, planes_of, scaled, size_of, views_of
from tests.odd_media import PLAIN, TURNED, corners, even_times, quarters, with_matrix, write_turned_phone, write_video

SIZE_WH = (96, 64)


def smooth() -> Image:
    """Soft colours of all kinds, which no way of scaling treats much unlike another."""
    spots = np.random.default_rng(0).integers(30, 220, (3, 4, 3), np.uint8)
    return np.asarray(cv2.resize(spots, SIZE_WH, interpolation=cv2.INTER_LINEAR), np.uint8)


def difference(one: Image, other: Image) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("colorspace", [1, 2, 5, 6])
@pytest.mark.parametrize(("pix_fmt", "color_range"), [("yuv420p", 0), ("yuv420p", 1), ("yuv420p", 2), ("yuvj420p", 0), ("yuvj420p", 2)])
def test_every_matrix_and_range_becomes_the_one_that_is_kept(colorspace: int, pix_fmt: str, color_range: int) -> None:
    picture = av.VideoFrame(*SIZE_WH, pix_fmt)
    lay(views_of(picture), (0, 0), planes_of(smooth()))
    picture.colorspace, picture.color_range = colorspace, color_range
    assert difference(bgr_of(coded_planes(picture, SIZE_WH)), np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)) < 2


@pytest.mark.parametrize(("pix_fmt", "colorspace"), [("yuv420p10le", 2), ("yuv444p", 2), ("rgb24", 2), ("yuv420p", 9)])
def test_other_codings_have_none(pix_fmt: str, colorspace: int) -> None:
    picture = av.VideoFrame(*SIZE_WH, pix_fmt)
    picture.colorspace = colorspace
    assert not has_planes(picture)


@pytest.mark.parametrize("matrix", [PLAIN, TURNED, (-1, 0, 0, -1), (0, -1, 1, 0), (-1, 0, 0, 1)])
@pytest.mark.parametrize("turn", [Turn(), Turn(90), Turn(180, True), Turn(270, True)])
@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p"])
def test_they_lie_as_the_picture_does(tmp_path: Path, matrix: tuple[int, int, int, int], turn: Turn, pix_fmt: str) -> None:
    clip = write_video(tmp_path / "a.mp4", [0.0], SIZE_WH, lambda _, __: quarters(0, SIZE_WH), pix_fmt=pix_fmt)
    with VideoSource(with_matrix(clip, matrix), turn=turn) as source:
        (frame,) = source
    assert isinstance(frame, FilmFrame)
    half_wh = frame.size_wh[0] // 2, frame.size_wh[1] // 2
    kept = CodedFrame(frame.planes(half_wh), 0, 0.0, "a.mp4")
    assert kept.size_wh == half_wh
    assert corners(kept.image_bgr) == corners(frame.image_bgr) != "????"
    assert difference(kept.image_bgr, scaled(frame.image_bgr, half_wh)) < 6


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    with VideoSource(write_video(tmp_path / "a.mp4", [0.0], SIZE_WH, quarters, aspect=2)) as source:
        (frame,) = source
    assert isinstance(frame, FilmFrame)
    planes = frame.planes((96, 32))
    assert (size_of(planes), corners(bgr_of(planes))) == ((96, 32), "bgrw")


def test_a_size_that_changes_on_the_way_is_fitted_into_the_first(tmp_path: Path) -> None:
    with VideoSource(write_turned_phone(tmp_path / "a.ts", [(96, 64), (64, 96)])) as source:
        frames = list(source)
    last = frames[-1]
    assert isinstance(last, FilmFrame)
    planes = last.planes((48, 32))
    assert difference(bgr_of(planes), scaled(last.image_bgr, (48, 32))) < 6


def test_each_of_many_frames_has_its_own(tmp_path: Path) -> None:
    with VideoSource(write_video(tmp_path / "a.mp4", even_times(5, 30))) as source:
        bright = [frame.planes(frame.size_wh)[0].mean() for frame in source if isinstance(frame, FilmFrame)]
    assert len(bright) == 5
    assert (np.diff(bright) > 3).all()
