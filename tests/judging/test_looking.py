"""Which frames are looked at: all that move, and a few of those that do not; what lies between two looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal

import cv2
import numpy as np
import pytest

from posecoach.body.records import Array, Frame, Landmarks, Track
from posecoach.judging.looking import LOOK_MS, Looking
from posecoach.judging.pipeline import BLOCK_FRAMES, follow
from posecoach.sources.upright import FilmFrame
from posecoach.sources.video import VideoSource
from posecoach.storage.planes import plane_of
from tests.factories import SIZE_WH
from tests.odd_media import Image, even_times, noise, write_video

STILL = np.kron(np.random.default_rng(0).integers(0, 255, (9, 16)), np.ones((10, 10))).astype(np.uint8)


class GreyFrame(Frame):
    """A frame with a small picture of its own."""

    def __init__(self, grey: Array, index: int, t_ms: float) -> None:
        super().__init__(np.zeros((2, 2, 3), np.uint8), index, t_ms, "list")
        object.__setattr__(self, "grey", grey)

    grey: Array

    @property
    def small_grey(self) -> Array:
        return self.grey


def looked_at(greys: list[Array], step_ms: float = 100.0) -> list[int]:
    """The numbers of the frames looked at."""
    looking, found = Looking(), []
    for i, grey in enumerate(greys):
        frame = GreyFrame(grey, i, i * step_ms)
        if looking.is_due(frame):
            looking.note(frame)
            found.append(i)
    return found


def with_spot(change: float, size: int = 3) -> Array:
    """The still picture, a spot of it brighter or darker."""
    out = STILL.astype(float)
    spot = out[40 : 40 + size, 80 : 80 + size]
    out[40 : 40 + size, 80 : 80 + size] = np.where(spot > 127, spot - change, spot + change)
    return out.astype(np.uint8)


@pytest.mark.parametrize(("step_ms", "every"), [(100.0, 5), (1000 / 30, 15), (50.0, 10), (500.0, 1)])
def test_a_still_picture_is_looked_at_at_least_twice_a_second(step_ms: float, every: int) -> None:
    found = looked_at([STILL] * 60, step_ms)
    assert np.diff(found).max() * step_ms <= LOOK_MS + 1e-6
    assert np.diff(found).min() == every


def test_whatever_moves_is_looked_at_at_once_and_every_time() -> None:
    assert looked_at([STILL, with_spot(60), STILL, with_spot(60), STILL]) == [0, 1, 2, 3, 4]


def test_the_noise_of_a_camera_is_no_movement() -> None:
    dice = np.random.default_rng(1)
    noisy = [np.clip(STILL + dice.normal(0, 1.5, STILL.shape), 0, 255).astype(np.uint8) for _ in range(40)]
    assert looked_at(noisy) == list(range(0, 40, 5))


def test_what_creeps_is_seen_when_it_adds_up() -> None:
    assert looked_at([with_spot(5.0 * i) for i in range(4)]) == [0, 3]


def test_in_poor_light_less_is_a_movement() -> None:
    dim = (STILL // 8).astype(np.uint8)
    moved = dim.copy()
    moved[40:44, 80:84] += 8
    assert looked_at([dim, moved]) == [0, 1]
    assert looked_at([STILL, with_spot(8.0)]) == [0]


def test_a_picture_of_another_size_and_one_without_a_small_one_are_looked_at() -> None:
    assert looked_at([STILL, STILL[:, :90], STILL]) == [0, 1, 2]
    looking = Looking()
    for i in range(3):
        frame = Frame(np.zeros((2, 2, 3), np.uint8), i, 100.0 * i, "list")
        assert looking.is_due(frame)
        looking.note(frame)


# --- what lies between ------------------------------------------------------------------------------------------------------------------


class Greys:
    """A source of still pictures, of which some move."""

    name = "list"
    kind: Literal["video", "picture"] = "video"
    duration_s: float | None = None
    fps = 10.0
    size_wh = SIZE_WH

    def __init__(self, count: int, moving: range) -> None:
        self.warnings: list[str] = []
        self._frames = [GreyFrame(with_spot(60) if i in moving and i % 2 else STILL, i, 100.0 * i) for i in range(count)]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    def __enter__(self) -> Greys:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to close."""


class Counting:
    """Finds everything at the time of the frame, in pixels; nobody in the frames of ``absent``."""

    warnings: tuple[str, ...] = ()
    is_in_company = False
    with_hands = False
    height_px = 300.0

    def __init__(self, absent: range = range(0)) -> None:
        self.looked: list[int] = []
        self._absent = absent

    def estimate(self, frame: Frame) -> Landmarks:
        self.looked.append(frame.index)
        if frame.index in self._absent:
            return Landmarks.absent(SIZE_WH)
        at = frame.t_ms
        px = np.full((33, 2), at)
        px[1] += self.height_px
        return Landmarks(px, np.full((33, 3), at), np.full(33, 0.5), np.full((478, 2), at), SIZE_WH)

    def __enter__(self) -> Counting:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to free."""


def followed(count: int, moving: range = range(0), absent: range = range(0)) -> tuple[list[Track], list[int]]:
    estimator = Counting(absent)
    return list(follow(Greys(count, moving), estimator)), estimator.looked


def test_what_lies_between_two_looks_lies_between_their_landmarks() -> None:
    (block,), looked = followed(21)
    assert looked == [0, 5, 10, 15, 20]
    assert block.pose_px[:, 0, 0] == pytest.approx(block.t_ms)
    assert block.face_px[:, 477, 1] == pytest.approx(block.t_ms)
    assert block.t_ms == pytest.approx(100.0 * np.arange(21))


def test_after_the_last_look_nothing_has_changed() -> None:
    (block,), _ = followed(8)
    assert block.pose_px[:, 0, 0] == pytest.approx([0, 100, 200, 300, 400, 500, 500, 500])


def test_movement_is_kept_frame_by_frame() -> None:
    _, looked = followed(40, range(13, 24))
    assert set(range(13, 25)) <= set(looked)
    assert len(looked) < 22


def test_who_is_missing_is_looked_for_in_every_frame() -> None:
    (block,), looked = followed(17, absent=range(5, 8))
    assert looked == [0, 5, 6, 7, 8, 13]
    assert np.isfinite(block.pose_px[:, 0, 0]).tolist() == [True] * 5 + [False] * 3 + [True] * 9


def test_who_is_small_is_looked_at_in_every_frame() -> None:
    estimator = Counting()
    estimator.height_px = 200.0
    list(follow(Greys(9, range(0)), estimator))
    assert estimator.looked == list(range(9))


def test_looks_at_both_ends_of_a_block_leave_nothing_between_two_blocks() -> None:
    blocks, looked = followed(2 * BLOCK_FRAMES + 5)
    assert {0, BLOCK_FRAMES - 1, BLOCK_FRAMES, 2 * BLOCK_FRAMES - 1, 2 * BLOCK_FRAMES} <= set(looked)
    times = np.concatenate([block.pose_px[:, 0, 0] for block in blocks])
    assert times[: 2 * BLOCK_FRAMES] == pytest.approx(100.0 * np.arange(2 * BLOCK_FRAMES), abs=0.01)


# --- films ------------------------------------------------------------------------------------------------------------------------------


def test_a_frame_of_a_film_has_a_small_picture_in_grey(tmp_path: Path) -> None:
    def ramp(_: int, size_wh: tuple[int, int]) -> Image:
        return np.repeat(np.linspace(20, 230, size_wh[0], dtype=np.uint8)[None, :, None], 3, axis=2).repeat(size_wh[1], axis=0)

    with VideoSource(write_video(tmp_path / "a.mp4", even_times(3, 10), (640, 480), ramp)) as source:
        frame = next(iter(source))
        grey = frame.small_grey
        assert grey is not None
        assert grey.shape == (120, 160)
        assert np.diff(grey[60].astype(int)).min() >= 0
        assert grey.mean() == pytest.approx(frame.image_bgr.mean() * 219 / 255 + 16, abs=3)


def test_a_film_with_ten_bits_a_pixel_is_looked_at_in_every_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", even_times(5, 10), (64, 48), lambda _, size_wh: noise(0, size_wh), pix_fmt="yuv420p10le")
    estimator = Counting()
    with VideoSource(path, 10) as source:
        assert [frame.small_grey for frame in source] == [None] * 5
    with VideoSource(path, 10) as source:
        list(follow(source, estimator))
    assert estimator.looked == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("size_wh", [(1920, 1080), (720, 1280), (854, 480), (1280, 4), (160, 90)])
def test_the_small_picture_is_the_mean_of_what_it_shows(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    with VideoSource(write_video(tmp_path / "a.mp4", even_times(2, 10), size_wh, noise)) as source:
        frame = next(iter(source))
        assert isinstance(frame, FilmFrame)
        assert frame.small_grey is not None
        height, width = frame.small_grey.shape
        assert width == size_wh[0] // round(max(size_wh) / 160)
        mean = cv2.resize(plane_of(frame._shown.picture, 0), (width, height), interpolation=cv2.INTER_AREA)
        assert np.abs(frame.small_grey.astype(int) - mean).max() <= 2
