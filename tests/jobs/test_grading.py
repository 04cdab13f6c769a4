"""From one file to its files: what `grade_clip` writes, what it says, and that it leaves nothing half done."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.drawing.film import FilmAnnotator
from posecoach.errors import OutputError, SourceError
from posecoach.jobs import grading
from posecoach.jobs.grading import ClipWork, OutputOptions, grade_clip, neutral_of
from posecoach.judging.pipeline import BLOCK_FRAMES, GradeOptions
from posecoach.judging.protocols import Source
from posecoach.judging.results import ClipResult
from posecoach.sources.inputs import Input, find_inputs, open_source
from posecoach.sources.video import VideoSource
from posecoach.storage.landmark_files import load_meta
from tests.fake_estimator import FakeEstimator
from tests.odd_media import Image, cut, even_times, noise, numbered, write_video
from tests.shipped import ALL_RULES
from tests.tracks import load_track

SIZE = (320, 240)


@pytest.fixture
def output(tmp_path: Path) -> OutputOptions:
    for name in ("landmarks", "annotated", "clips"):
        (tmp_path / "out" / name).mkdir(parents=True)
    return OutputOptions(tmp_path / "out")


def only(path: Path) -> Input:
    found = find_inputs([str(path)])
    [item], problems = found.inputs, found.problems
    assert not problems
    return item


def video(path: Path, frames: int = 24, fps: float = 10) -> Input:
    def draw(index: int, size_wh: tuple[int, int]) -> Image:
        return numbered(index % 40, size_wh)

    return only(write_video(path, even_times(frames, fps), SIZE, draw))


def grade(item: Input, output: OutputOptions, drill: str = "standing", **listen: Any) -> ClipResult:
    clip = grade_clip(ClipWork(item, GradeOptions(ALL_RULES, drill), output, estimator=FakeEstimator), **listen)
    assert isinstance(clip, ClipResult)
    return clip


def test_a_clip_is_graded_stored_and_drawn(tmp_path: Path, output: OutputOptions) -> None:
    clip = grade(video(tmp_path / "a.mp4"), output)
    assert (clip.path, clip.kind, clip.warnings, clip.frames_analysed) == ("a.mp4", "video", (), 24)
    assert clip.landmarks is not None
    assert clip.annotated is not None
    assert len(load_track(output.folder / clip.landmarks)[0]) == 24
    with VideoSource(output.folder / clip.annotated) as copy:
        assert sum(1 for _ in copy) == 24


@pytest.mark.parametrize(("blur_faces", "times"), [(False, 1), (True, 2)])
def test_a_film_is_read_once_though_it_is_drawn_on(
    blur_faces: bool, times: int, tmp_path: Path, output: OutputOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Input] = []

    def noted(item: Input, fps: float) -> Source:
        opened.append(item)
        return open_source(item, fps)

    monkeypatch.setattr(grading, "open_source", noted)
    monkeypatch.setattr(grading, "blurring", lambda _landmarks: nullcontext(lambda frames: frames))
    clip = grade(video(tmp_path / "a.mp4"), replace(output, blur_faces=blur_faces))
    with VideoSource(output.folder / str(clip.annotated)) as copy:
        assert sum(1 for _ in copy) == 24
    assert len(opened) == times
    assert not list((output.folder / "pieces").glob("*"))


def loaded_by(code: str) -> set[str]:
    """The modules that a process of its own has loaded after some code."""
    command = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_a_process_that_grades_loads_no_more_than_it_needs() -> None:
    """Each job has a process of its own: records, reports and plots would cost every one of them memory and time."""
    loaded = loaded_by("import posecoach.jobs.grading; from posecoach.estimators.mediapipe_graphs import library; library()")
    assert {"posecoach", "mediapipe"} <= loaded
    assert not {"sqlalchemy", "jinja2", "xlsxwriter", "flask", "matplotlib"} & loaded


def test_a_process_that_judges_again_loads_nothing_that_reads_pictures() -> None:
    loaded = loaded_by("import posecoach.jobs.regrade_batch")
    assert "posecoach.jobs.regrade" in loaded
    assert not {"av", "PIL", "mediapipe", "posecoach.estimators", "posecoach.sources", "posecoach.drawing"} & loaded


def test_the_stored_landmarks_say_what_they_are_of(tmp_path: Path, output: OutputOptions) -> None:
    clip = grade(video(tmp_path / "练习.mp4"), output)
    assert clip.landmarks is not None
    meta = load_meta(output.folder / clip.landmarks)
    assert meta == {"path": "练习.mp4", "kind": "video", "fps": clip.fps, "duration_s": pytest.approx(2.4, abs=0.1)}


@pytest.mark.parametrize(("fps", "frames"), [(12.0, 36), (6.0, 18), (60.0, 36)])
def test_as_many_frames_are_analysed_as_asked_for(fps: float, frames: int, tmp_path: Path, output: OutputOptions) -> None:
    clip = grade(video(tmp_path / "a.mp4", 36, 12), OutputOptions(output.folder, fps, annotate=False))
    assert clip.frames_analysed == frames
    assert clip.fps == pytest.approx(min(fps, 12), rel=0.05)


def test_without_annotation_nothing_is_drawn(tmp_path: Path, output: OutputOptions) -> None:
    clip = grade(video(tmp_path / "a.mp4"), OutputOptions(output.folder, annotate=False))
    assert clip.annotated is None
    assert not list((output.folder / "annotated").iterdir())


def test_blurring_removes_what_was_drawn_before(tmp_path: Path, output: OutputOptions) -> None:
    item = video(tmp_path / "a.mp4")
    before = grade(item, output)
    assert before.annotated is not None
    grade(item, replace(output, annotate=False, blur_faces=True))
    assert not (output.folder / before.annotated).exists()
    assert not (output.folder / "stills" / item.clip_id).exists()


def test_a_picture_gives_a_picture_and_no_verdict_that_needs_time(tmp_path: Path, output: OutputOptions) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((240, 320, 3), 90, np.uint8))
    clip = grade(only(tmp_path / "a.png"), output, "smile")
    assert (clip.kind, clip.frames_analysed, clip.duration_s) == ("picture", 1, 0.0)
    assert clip.annotated is not None
    assert cv2.imread(str(output.folder / clip.annotated)) is not None
    held = next(verdict for verdict in clip.people[0].clauses if verdict.id == "smile.held")
    assert held.state.word == "unjudged"


def test_a_clip_longer_than_a_block_is_whole(tmp_path: Path, output: OutputOptions) -> None:
    count = 2 * BLOCK_FRAMES + 3
    clip = grade(video(tmp_path / "a.mp4", count), OutputOptions(output.folder, annotate=False))
    assert clip.frames_analysed == count
    [segment] = clip.people[0].segments
    assert segment.start_s == 0.0
    assert segment.end_s == pytest.approx(count / 10, abs=0.1)


def test_every_frame_is_told(tmp_path: Path, output: OutputOptions) -> None:
    told: list[tuple[int, int]] = []
    grade(video(tmp_path / "a.mp4"), output, on_progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(1, 25))
    assert {total for _, total in told} <= {23, 24}


def test_what_fails_leaves_nothing_behind(tmp_path: Path, output: OutputOptions) -> None:
    broken = cut(write_video(tmp_path / "a.mp4", even_times(36, 12), SIZE, noise), 0.2)
    with pytest.raises(SourceError, match="damaged"):
        grade(only(broken), output)
    assert [path for path in output.folder.rglob("*") if path.is_file()] == []


def test_a_stop_while_reading_leaves_nothing_behind(tmp_path: Path, output: OutputOptions) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(video(tmp_path / "a.mp4"), output, on_progress=stop)
    assert [path for path in output.folder.rglob("*") if path.is_file()] == []


def test_a_stop_while_drawing_leaves_no_half_video(tmp_path: Path, output: OutputOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FilmAnnotator, "annotate", stop)
    with pytest.raises(KeyboardInterrupt):
        grade(video(tmp_path / "a.mp4"), output)
    assert not list((output.folder / "annotated").iterdir())


def test_a_picture_that_cannot_be_written_is_an_output_error(tmp_path: Path, output: OutputOptions) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((240, 320, 3), 90, np.uint8))
    (output.folder / "annotated").rmdir()
    (output.folder / "annotated").touch()
    with pytest.raises(OutputError, match="--out"):
        grade(only(tmp_path / "a.png"), output)


def test_a_reference_gives_pitch_and_shape_of_the_face(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((480, 320, 3), 90, np.uint8))
    neutral = neutral_of(str(tmp_path / "a.png"), FakeEstimator)
    assert neutral.head_pitch_down_deg is not None
    assert neutral.face_shape is not None


def test_a_reference_without_a_face_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((480, 320, 3), np.uint8))
    with pytest.raises(SourceError, match=r"the reference: no face is seen in .*a\.png"):
        neutral_of(str(tmp_path / "a.png"), FakeEstimator)
