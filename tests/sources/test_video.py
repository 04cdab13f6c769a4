"""Video files: which frames are handed out when, upright and square, and what is said about files that are not whole."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.body.records import Turn
from posecoach.errors import SourceError
from posecoach.sources import video
from posecoach.sources.picture import PictureSource
from posecoach.sources.video import VideoSource
from tests.odd_media import (
    PLAIN,
    TURNED,
    corners,
    cut,
    even_times,
    noise,
    number_of,
    quarters,
    scratch,
    with_jumps,
    with_matrix,
    with_orientation_message,
    with_unknown_coding,
    without_index,
    write_sound,
    write_turned_phone,
    write_video,
    write_with_thumbnail,
    write_zero_frames,
)

WITH_B_FRAMES = {"preset": "medium", "bf": "3", "b-pyramid": "normal", "g": "30"}


def read(path: Path, fps: float | None = None) -> tuple[list[int], list[float], VideoSource]:
    """Numbers and times in ms of the frames handed out, and the source after them."""
    with VideoSource(path, fps) as source:
        frames = [(number_of(frame.image_bgr), frame.t_ms) for frame in source]
    return [number for number, _ in frames], [t_ms for _, t_ms in frames], source


def nearest(times_s: list[float], fps: float) -> list[int]:
    """Frames nearest to the grid, by brute force; of two equally near the later."""
    grid = [k / fps for k in range(int(times_s[-1] * fps + 1e-6) + 1)]
    return sorted({min(range(len(times_s)), key=lambda i: (round(abs(times_s[i] - t), 9), -i)) for t in grid})


def test_without_a_rate_every_frame_comes_with_its_time(tmp_path: Path) -> None:
    numbers, times_ms, source = read(write_video(tmp_path / "a.mp4", even_times(30, 30)))
    assert numbers == list(range(30))
    assert times_ms == pytest.approx([1000 * t for t in even_times(30, 30)], abs=0.1)
    assert (source.kind, source.name, source.size_wh, source.warnings) == ("video", "a.mp4", (64, 48), [])
    assert [source.fps, source.duration_s] == pytest.approx([30, 1.0], abs=0.01)


@pytest.mark.parametrize("rate", [8, 12, 15, 24, 25, 30, 40])
def test_frames_nearest_to_the_grid_are_handed_out_once(tmp_path: Path, rate: int) -> None:
    times_s = even_times(40, rate)
    numbers, times_ms, source = read(write_video(tmp_path / "a.mp4", times_s, rate=rate), 12)
    assert numbers == nearest(times_s, 12)
    assert times_ms == sorted(set(times_ms))
    assert source.fps == pytest.approx(min(12, rate))


def test_a_file_slower_than_the_grid_gives_all_its_frames_and_no_more(tmp_path: Path) -> None:
    numbers, _, source = read(write_video(tmp_path / "a.mp4", even_times(20, 10), rate=10), 12)
    assert numbers == list(range(20))
    assert source.fps == pytest.approx(10)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_skipping_in_the_decoder_changes_nothing(tmp_path: Path, codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = WITH_B_FRAMES | ({"x265-params": "log-level=none"} if codec == "libx265" else {})
    path = write_video(tmp_path / "a.mp4", even_times(45, 30), codec=codec, options=options)
    skipping = read(path, 6)[:2]
    monkeypatch.setattr(video, "_SKIPPING_CODECS", ())
    assert skipping == read(path, 6)[:2]
    assert skipping[0] == list(range(0, 45, 5))


def test_variable_frame_rate_keeps_true_times(tmp_path: Path) -> None:
    times_s = [0.0, 0.02, 0.05, 0.3, 0.31, 0.33, 1.2, 1.21, 1.9]
    path = write_video(tmp_path / "a.mp4", times_s)
    assert read(path)[1] == pytest.approx([1000 * t for t in times_s], abs=0.1)
    assert read(path, 10)[0] == nearest(times_s, 10)


def test_the_first_frame_is_time_zero_wherever_the_file_starts(tmp_path: Path) -> None:
    _, times_ms, _ = read(write_video(tmp_path / "a.ts", [5 + t for t in even_times(10, 10)]))
    assert times_ms == pytest.approx([100 * i for i in range(10)], abs=0.1)


def test_a_stream_without_stamps_runs_at_the_usual_rate(tmp_path: Path) -> None:
    _, times_ms, source = read(write_video(tmp_path / "a.h264", even_times(10, 25), rate=25))
    assert times_ms == pytest.approx([40 * i for i in range(10)])
    assert source.duration_s == pytest.approx(0.4)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("fps", [None, 10, 7], ids=str)
def test_windows_share_out_the_frames_of_the_whole(suffix: str, fps: float | None, tmp_path: Path) -> None:
    path = write_video(tmp_path / f"a.{suffix}", even_times(200, 25), (64, 48), rate=25, options={"g": "40", "bf": "3"})
    parts = [read_window(path, fps, (start, start + 3.0)) for start in range(0, 9, 3)]
    assert parts[1]
    assert [frame for part in parts for frame in part] == read_window(path, fps, None)


def read_window(path: Path, fps: float | None, window_s: tuple[float, float] | None) -> list[tuple[float, bytes]]:
    with VideoSource(path, fps, None, window_s) as source:
        return [(frame.t_ms, frame.image_bgr.tobytes()) for frame in source]


def test_a_window_beyond_the_usable_part_is_empty_and_damaged(tmp_path: Path) -> None:
    path = cut(write_video(tmp_path / "a.mp4", even_times(250, 25), (320, 240), noise, rate=25), 0.3)
    with VideoSource(path, None, None, (8.0, 10.0)) as source:
        assert list(source) == []
        assert source.warnings == ["damaged"]


def test_stamps_that_repeat_or_jump_back_still_increase() -> None:
    clock = video._Clock(0.001, 0.1)
    clock.begin(500)
    times_s = [clock._corrected(pts) if i == 0 else _next(clock, pts) for i, pts in enumerate([500, 600, 600, 700, None])]
    assert times_s == pytest.approx([0.0, 0.1, 0.101, 0.2, 0.3])
    clock._last_s = 5.0
    assert [_next(clock, 0), _next(clock, 100)] == pytest.approx([5.1, 5.2])


def _next(clock: video._Clock, pts: int | None) -> float:
    clock._last_s = max(clock._last_s or 0.0, 0.0)
    clock._last_s = clock._corrected(pts)
    return clock._last_s


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (PLAIN, "bgrw"),
        (TURNED, "wbgr"),
        ((-1, 0, 0, -1), "rwbg"),
        ((0, -1, 1, 0), "grwb"),
        ((-1, 0, 0, 1), "gbwr"),
        ((1, 0, 0, -1), "wrgb"),
        ((0, 1, 1, 0), "bwrg"),
    ],
    ids=["plain", "portrait", "upside down", "portrait the other way", "mirrored", "mirrored upside down", "mirrored portrait"],
)
def test_phone_video_is_turned_upright(tmp_path: Path, matrix: tuple[int, int, int, int], expected: str) -> None:
    with VideoSource(with_matrix(write_video(tmp_path / "a.mp4", even_times(3, 30), (96, 64), quarters), matrix)) as source:
        frames = list(source)
    assert source.size_wh == ((64, 96) if matrix[0] == 0 else (96, 64))
    assert [(corners(frame.image_bgr), frame.size_wh) for frame in frames] == [(expected, source.size_wh)] * 3


@pytest.mark.parametrize(
    ("size_wh", "pix_fmt", "codec"), [((97, 61), "yuv444p", "libx264"), ((33, 35), "yuv420p", "ffv1"), ((1, 1), "yuv444p", "ffv1")]
)
def test_odd_sizes(tmp_path: Path, size_wh: tuple[int, int], pix_fmt: str, codec: str) -> None:
    path = write_video(tmp_path / "a.mkv", even_times(5, 10), size_wh, codec=codec, pix_fmt=pix_fmt, rate=10)
    assert read(path)[0] == list(range(5))
    assert read(path)[2].size_wh == size_wh


@pytest.mark.parametrize(("aspect", "size_wh"), [(Fraction(4, 3), (128, 48)), (Fraction(1, 2), (96, 96)), (Fraction(100, 1), (96, 48))])
def test_pixels_are_made_square(tmp_path: Path, aspect: Fraction, size_wh: tuple[int, int]) -> None:
    with VideoSource(write_video(tmp_path / "a.mp4", even_times(3, 30), (96, 48), aspect=aspect)) as source:
        assert {frame.size_wh for frame in source} == {source.size_wh} == {size_wh}


@pytest.mark.parametrize("sizes_wh", [((128, 64), (64, 128)), ((64, 128), (128, 64), (64, 128))], ids=["upright", "and back"])
def test_a_phone_turned_while_recording_is_fitted_without_distortion_and_told(tmp_path: Path, sizes_wh: list[tuple[int, int]]) -> None:
    with VideoSource(write_turned_phone(tmp_path / "a.ts", sizes_wh)) as source:
        frames = list(source)
    assert source.warnings == ["size_changed"]
    assert {frame.size_wh for frame in frames} == {sizes_wh[0]}
    assert corners(frames[0].image_bgr) == "bgrw"
    shown = np.argwhere(frames[15].image_bgr.max(2) > 60)
    top, left = shown.min(0)
    bottom, right = shown.max(0) + 1
    assert (right - left) / (bottom - top) == pytest.approx(sizes_wh[1][0] / sizes_wh[1][1], abs=0.05)
    assert corners(np.ascontiguousarray(frames[15].image_bgr[top:bottom, left:right])) == "bgrw"
    if len(sizes_wh) == 3:
        assert corners(frames[25].image_bgr) == "bgrw"


def test_an_orientation_told_at_key_pictures_only_holds_for_those_that_follow(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.h264", even_times(4, 10), (96, 64), quarters, rate=10, options={"g": "2"})
    with VideoSource(with_orientation_message(path)) as source:
        frames = list(source)
    assert source.size_wh == (64, 96)
    assert [corners(frame.image_bgr) for frame in frames] == ["wbgr"] * 4


@pytest.mark.parametrize(
    ("turn", "size_wh", "expected"),
    [
        (Turn(90), (64, 96), "wbgr"),
        (Turn(180), (96, 64), "rwbg"),
        (Turn(270), (64, 96), "grwb"),
        (Turn(0, True), (96, 64), "gbwr"),
        (Turn(90, True), (64, 96), "bwrg"),
    ],
    ids=str,
)
def test_pictures_are_turned_and_mirrored_as_asked(tmp_path: Path, turn: Turn, size_wh: tuple[int, int], expected: str) -> None:
    with VideoSource(write_video(tmp_path / "a.mp4", even_times(2, 10), (96, 64), quarters), turn=turn) as source:
        assert source.size_wh == size_wh
        assert [(corners(frame.image_bgr), frame.size_wh) for frame in source] == [(expected, size_wh)] * 2
    cv2.imwrite(str(tmp_path / "a.png"), quarters(0, (96, 64)))
    (picture,) = PictureSource(tmp_path / "a.png", turn=turn)
    assert (corners(picture.image_bgr), picture.size_wh) == (expected, size_wh)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov"])
@pytest.mark.parametrize("thumbnails", [1, 2], ids=["one thumbnail", "one a second"])
@pytest.mark.parametrize("flags", [(False, False), (True, False), (False, True), (True, True)], ids=str)
def test_a_thumbnail_is_never_the_film(tmp_path: Path, suffix: str, thumbnails: int, flags: tuple[bool, bool]) -> None:
    numbers, _, source = read(write_with_thumbnail(tmp_path / f"a.{suffix}", flags, thumbnails))
    assert numbers == list(range(20))
    assert source.size_wh == (128, 96)


def test_a_cover_is_never_the_film(tmp_path: Path) -> None:
    assert read(write_with_thumbnail(tmp_path / "a.mp4", (True, False), is_cover=True))[0] == list(range(20))


@pytest.mark.parametrize(("flagged", "expected"), [(None, (96, 64)), (0, (64, 48)), (1, (96, 64))])
def test_of_two_films_the_one_flagged_is_read_else_the_larger(tmp_path: Path, flagged: int | None, expected: tuple[int, int]) -> None:
    flags = (flagged == 0, flagged == 1)
    path = write_with_thumbnail(tmp_path / "a.mkv", flags, 20, sizes_wh=((64, 48), (96, 64)))
    with VideoSource(path) as source:
        assert source.size_wh == expected


HOUR_S, DAY_S = 3600.0, 86400.0
JUMPS = {
    "an hour in the middle": (lambda i: HOUR_S * (i >= 20), lambda _: 0.0),
    "a day after the first picture": (lambda i: DAY_S * (i >= 1), lambda _: 0.0),
    "a minute in the middle": (lambda i: 60.0 * (i >= 20), lambda _: 0.0),
    "one stray packet": (lambda _: 0.0, lambda i: HOUR_S * (i == 20)),
    "a stray first packet": (lambda _: 0.0, lambda i: DAY_S * (i == 0)),
    "a last packet far off": (lambda i: 2 * HOUR_S * (i == 39), lambda _: 0.0),
}


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov"])
@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumps_makes_no_clip_longer(tmp_path: Path, jump: str, suffix: str) -> None:
    path = write_video(tmp_path / f"a.{suffix}", even_times(40, 10), rate=10, ticks=1000, options={"g": "1", "bf": "0"})
    numbers, times_ms, source = read(with_jumps(path, *JUMPS[jump]), 10)
    assert numbers == list(range(40))
    assert times_ms == pytest.approx([100 * i for i in range(40)], abs=60)
    assert source.warnings == ["time_jump"]
    assert source.duration_s == pytest.approx(4.0, abs=0.1)
    assert source.fps == pytest.approx(10, rel=0.05)
    assert source.packet_times.length_s == pytest.approx(4.0, abs=0.2)
    assert not source.packet_times.is_steady


@pytest.mark.parametrize("gap_s", [1.0, 5.0, 9.0])
def test_a_pause_of_some_seconds_is_no_jump(tmp_path: Path, gap_s: float) -> None:
    times_s = [t + gap_s * (t > 2) for t in even_times(40, 10)]
    numbers, times_ms, source = read(write_video(tmp_path / "a.mp4", times_s, rate=10))
    assert numbers == list(range(40))
    assert times_ms == pytest.approx([1000 * t for t in times_s], abs=1)
    assert source.warnings == []
    assert source.packet_times.is_steady


def test_a_clip_of_a_picture_every_fifteen_seconds_has_no_jumps(tmp_path: Path) -> None:
    numbers, times_ms, source = read(write_video(tmp_path / "a.mkv", even_times(6, 1 / 15), rate=1))
    assert (numbers, source.warnings) == (list(range(6)), [])
    assert times_ms[-1] == pytest.approx(75_000)


def test_a_long_unreadable_stretch_is_damage_and_no_jump(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", even_times(400, 10), (64, 48), noise, rate=10, options={"g": "1"})
    with VideoSource(scratch(path, 0.4, int(0.35 * path.stat().st_size))) as source:
        times_ms = [frame.t_ms for frame in source]
    assert source.warnings == ["damaged"]
    assert times_ms[-1] == pytest.approx(39_900, abs=1)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_cut_off_file_with_a_usable_second_is_damaged(tmp_path: Path, suffix: str) -> None:
    path = cut(write_video(tmp_path / f"a.{suffix}", even_times(90, 30), draw=noise, ticks=30), 0.6)
    with VideoSource(path, 12) as source:
        assert source.duration_s == pytest.approx(3.0, abs=0.05)
        last = list(source)[-1]
    assert source.warnings == ["damaged"]
    assert source.duration_s == pytest.approx(1.8, abs=0.2)
    assert last.t_ms == pytest.approx(1800, abs=200)


def test_a_cut_off_file_with_less_than_a_second_is_an_error(tmp_path: Path) -> None:
    path = cut(write_video(tmp_path / "a.mp4", even_times(90, 30), draw=noise), 0.2)
    with VideoSource(path) as source, pytest.raises(SourceError, match=r"damaged: a\.mp4 could be read for 0\.\d s only"):
        list(source)


def test_a_scratch_in_the_middle_loses_only_what_it_hit(tmp_path: Path) -> None:
    path = scratch(write_video(tmp_path / "a.mp4", even_times(90, 30), draw=noise), 0.5, 3000)
    with VideoSource(path) as source:
        times_ms = [frame.t_ms for frame in source]
    assert source.warnings == ["damaged"]
    assert 60 <= len(times_ms) < 90
    assert times_ms[-1] == pytest.approx(2967, abs=1)


def test_a_short_whole_clip_is_not_damaged(tmp_path: Path) -> None:
    assert read(write_video(tmp_path / "a.mp4", even_times(5, 30)))[2].warnings == []


def test_one_frame_is_enough(tmp_path: Path) -> None:
    assert read(write_video(tmp_path / "a.mp4", [0.0]), 12)[:2] == ([0], [0.0])


def _text(path: Path) -> Path:
    path.write_text("这不是视频\n" * 50, "utf-8")
    return path


def _empty(path: Path) -> Path:
    path.touch()
    return path


def _playlist(path: Path) -> Path:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path, "no such file: a.mp4"),
        (lambda path: path.mkdir() or path, "not a video: a.mp4 is a folder"),
        (_empty, "the file is empty: a.mp4"),
        (_text, "not a video: a.mp4"),
        (_playlist, "not a video: a.mp4"),
        (write_sound, "no picture track: a.mp4"),
        (write_zero_frames, "no frame could be read: a.mp4"),
        (lambda path: with_unknown_coding(write_video(path, even_times(3, 30))), "unknown picture coding: a.mp4"),
        (lambda path: without_index(write_video(path, even_times(30, 30))), "the recording is incomplete: a.mp4 has no whole index"),
        (lambda path: cut(write_video(path, even_times(30, 30)), 0.02), "the recording is incomplete: a.mp4 has no whole index"),
    ],
    ids=["missing", "folder", "empty", "text", "play list", "sound only", "no frames", "unknown coding", "index missing", "index cut"],
)
def test_what_is_no_video_gets_one_clear_line(tmp_path: Path, make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(SourceError) as caught:
        VideoSource(make(tmp_path / "a.mp4"))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_real_videos_open(shared_data: Path) -> None:
    for path in sorted((shared_data / "photos").glob("*.mp4")):
        with VideoSource(path, 2) as source:
            assert len(list(source)) == pytest.approx((source.duration_s or 0) * 2, abs=1)
        assert source.warnings == []
