"""Annotated clips: browsers' H.264, true times, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posecoach.errors import OutputError
from posecoach.sources.video import VideoSource
from posecoach.storage.planes import bgr_of, lay, planes_of
from posecoach.storage.video_writer import KEPT, VideoWriter, kept_pictures
from tests.odd_media import corners, number_of, numbered, quarters

UNEVEN_MS = [0.0, 83.3, 166.7, 400.0, 500.0, 2000.0]


def write(path: Path, size_wh: tuple[int, int], times_ms: list[float]) -> Path:
    with VideoWriter(path, size_wh, 12) as writer:
        for index, t_ms in enumerate(times_ms):
            writer.write(numbered(index, size_wh), t_ms)
    return path


def test_frames_and_uneven_times_come_back(tmp_path: Path) -> None:
    with VideoSource(write(tmp_path / "标注" / "站姿.mp4", (96, 64), UNEVEN_MS)) as source:
        frames = list(source)
    assert [number_of(frame.image_bgr) for frame in frames] == list(range(6))
    assert [frame.t_ms for frame in frames] == pytest.approx(UNEVEN_MS, abs=0.1)
    assert source.duration_s == pytest.approx(2.0 + 1 / 12, abs=0.01)
    assert [path.name for path in (tmp_path / "标注").iterdir()] == ["站姿.mp4"]


def test_what_is_kept_to_be_drawn_on_comes_back_as_it_was(tmp_path: Path) -> None:
    times_ms = [120_000 + t_ms for t_ms in UNEVEN_MS]
    with VideoWriter(tmp_path / "a.mp4", (96, 64), 12, qp=KEPT) as writer:
        for index, t_ms in enumerate(times_ms):
            writer.write_planes(planes_of(numbered(index, (96, 64))), t_ms)
    kept = list(kept_pictures(tmp_path / "a.mp4"))
    assert [t_ms for t_ms, _ in kept] == pytest.approx(times_ms, abs=0.1)
    assert max(np.abs(numbered(i, (96, 64)).astype(int) - bgr_of(planes)).mean() for i, (_, planes) in enumerate(kept)) < 2
    assert list(kept_pictures(tmp_path / "none.mp4")) == []


def test_an_array_may_be_used_again_for_the_next_frame(tmp_path: Path) -> None:
    planes = planes_of(numbered(0, (96, 64)))
    with VideoWriter(tmp_path / "a.mp4", (96, 64), 10) as writer:
        for index in range(20):
            lay(planes, (0, 0), planes_of(numbered(index, (96, 64))))
            writer.write_planes(planes, 100 * index)
    with VideoSource(tmp_path / "a.mp4") as source:
        assert [number_of(frame.image_bgr) for frame in source] == list(range(20))


def test_a_picture_is_coded_as_finely_however_long_it_stays(tmp_path: Path) -> None:
    grain = np.random.default_rng(0).integers(0, 256, (20, 64, 96, 3), np.uint8)
    sizes = []
    for step_ms in (100, 500):
        path = tmp_path / f"{step_ms}.mp4"
        with VideoWriter(path, (96, 64), 10) as writer:
            for i, picture in enumerate(grain):
                writer.write(picture, i * step_ms)
        sizes.append(path.stat().st_size)
    assert sizes[1] == pytest.approx(sizes[0], rel=0.01)


def test_browsers_can_play_it_from_the_start(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", (96, 64), UNEVEN_MS)
    with av.open(str(path)) as container:
        context: Any = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.profile) == ("h264", "yuv420p", "Constrained Baseline")
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_colours_survive(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "a.mp4", (96, 64), 12) as writer:
        writer.write(quarters(0, (96, 64)), 0)
    with VideoSource(tmp_path / "a.mp4") as source:
        (frame,) = source
    assert corners(frame.image_bgr) == "bgrw"


@pytest.mark.parametrize(("size_wh", "even_wh"), [((97, 61), (98, 62)), ((1, 1), (2, 2)), ((64, 33), (64, 34))])
def test_odd_sides_are_made_even(tmp_path: Path, size_wh: tuple[int, int], even_wh: tuple[int, int]) -> None:
    with VideoSource(write(tmp_path / "a.mp4", size_wh, [0.0, 100.0])) as source:
        assert (source.size_wh, len(list(source))) == (even_wh, 2)


@pytest.mark.parametrize(("size_wh", "written_wh"), [((1920, 1080), (1280, 720)), ((2160, 3840), (720, 1280)), ((1280, 720), (1280, 720))])
def test_large_pictures_are_shrunk(tmp_path: Path, size_wh: tuple[int, int], written_wh: tuple[int, int]) -> None:
    with VideoSource(write(tmp_path / "a.mp4", size_wh, [0.0, 100.0])) as source:
        assert (source.size_wh, [number_of(frame.image_bgr) for frame in source]) == (written_wh, [0, 1])


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="increasing"):
        write(path, (96, 64), [0.0, 0.0])
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_without_frames_there_is_no_file(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", (96, 64), [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("t_ms", [-1.0, 100.0, 99.0])
def test_times_must_increase(tmp_path: Path, t_ms: float) -> None:
    with pytest.raises(ValueError, match="strictly increasing"):
        write(tmp_path / "a.mp4", (96, 64), [100.0 if t_ms > 0 else t_ms, t_ms])


def test_frames_must_have_the_size(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected"), VideoWriter(tmp_path / "a.mp4", (96, 64), 12) as writer:
        writer.write(np.zeros((10, 10, 3), np.uint8), 0)
    with pytest.raises(ValueError, match="expected"), VideoWriter(tmp_path / "a.mp4", (96, 64), 12, short_side_px=32) as writer:
        writer.write_planes(planes_of(numbered(0, (96, 64))), 0)


def test_where_nothing_can_be_written_one_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.mp4").mkdir()
    for path in (tmp_path / "file" / "a.mp4", tmp_path / "folder.mp4"):
        with pytest.raises(OutputError, match="the video cannot be written") as caught:
            write(path, (96, 64), [0.0])
        assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.mp4"]
