"""Many clips at a time: the same results for any number of jobs, crashes that cost one clip, runs that go on where they were."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event as Flag
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.body.records import Frame, Landmarks
from posecoach.errors import OutputError
from posecoach.jobs import batch
from posecoach.jobs.batch import BatchOptions, grade_all
from posecoach.jobs.grading import pieces_of
from posecoach.jobs.listener import STOPPED
from posecoach.jobs.regrade_batch import RegradeOptions, regrade_all
from posecoach.jobs.tools import Cutting, Tools
from posecoach.judging.results import ClipResult, Skipped
from posecoach.resources import rules_dir
from posecoach.runners.processes import InlineRunner, LocalRunner
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.sources.video import VideoSource
from posecoach.storage.landmark_files import load_meta
from posecoach.storage.output_folder import LOCK, MANIFEST
from posecoach.storage.output_runs import alone_in
from posecoach.storage.roster import Matched
from posecoach.vocabulary import Text
from tests.fake_estimator import HERE, FakeEstimator, here, slow_posecoach
from tests.odd_media import Image, cut, even_times, noise, numbered, with_jumps, write_video
from tests.tracks import load_track
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SIZE = (160, 120)
WHOLE, PIECES = Cutting(), Cutting(piece_s=2.0, lead_s=0.5)


class Quiet:
    """A listener that notes what it hears."""

    def __init__(self) -> None:
        self.matched: Matched | None = None
        self.graded: list[str] = []
        self.failed: list[str] = []
        self.frames: list[tuple[str, int, int]] = []

    def begin(self, count: int) -> None:
        """Note it."""
        self.begun = count

    def roster_matched(self, matched: Matched) -> None:
        """Note it."""
        self.matched = matched

    def clip_begun(self, path: str) -> None:
        """Nothing."""

    def frames_done(self, path: str, done: int, total: int) -> None:
        """Note it."""
        self.frames.append((path, done, total))

    def clip_done(self, clip: ClipResult) -> None:
        """Note it."""
        self.graded.append(clip.path)

    def kept(self, unchanged: Sequence[ClipResult], count: int) -> None:
        """Nothing."""

    def clip_failed(self, path: str, why: Text) -> None:
        """Note it."""
        self.failed.append(f"{path}: {why.en}")

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """Note it."""
        self.skipped = list(skipped)

    def end(self, *_: object) -> None:
        """Nothing."""


class CrashesOnB(FakeEstimator):
    """A model that takes its process down with the clip b.mp4."""

    def estimate(self, frame: Frame) -> Landmarks:
        if frame.source == "b.mp4":
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().estimate(frame)


class MayNotRun(FakeEstimator):
    """A model that must not be asked."""

    def estimate(self, frame: Frame) -> Landmarks:
        raise AssertionError(f"{frame.source} is graded again")


def video(path: Path, frames: int = 24, draw: Callable[[int, tuple[int, int]], Image] | None = None) -> Path:
    return write_video(path, even_times(frames, 12), SIZE, draw or (lambda index, size_wh: numbered(index % 40, size_wh)))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    for i, name in enumerate(("a.mp4", "b.mp4", "练习.mp4", "d.mp4")):
        video(folder / name, 18 + 6 * i)
    (folder / "broken.mp4").write_text("minutes", "utf-8")
    return folder


@pytest.fixture
def clips(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "clips")


@pytest.fixture(scope="module")
def finished(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over the clips leaves."""
    out = tmp_path_factory.mktemp("finished")
    run(written, out)
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """An output folder in which all clips are finished."""
    return shutil.copytree(finished, tmp_path / "out")


def run(
    clips: Path, out: Path, estimator: Any = FakeEstimator, runner: Any = here, cutting: Cutting = WHOLE, **settings: Any
) -> tuple[int, Quiet]:
    """Grade with a fake model, in this process unless told otherwise; the exit status and what was heard."""
    heard = Quiet()
    options = BatchOptions(paths=(str(clips),), out=out, **{"drill": "standing", "annotate": False, **settings})
    return grade_all(options, heard, tools=Tools(estimator, runner, cutting)), heard


def results(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "results.json").read_text("utf-8")))


def pages(out: Path) -> list[Path]:
    return [out / "index.html", *sorted((out / "people").iterdir())]


# --- side by side -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_results_are_the_same_for_any_number_of_jobs(clips: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"out{jobs}" for jobs in (1, 3)]
    statuses = [run(clips, out, runner=LocalRunner, jobs=jobs, annotate=True)[0] for out, jobs in zip(outs, (1, 3), strict=True)]
    assert statuses == [1, 1]
    for name in ("results.json", "results.csv"):
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()
    assert [clip["path"] for clip in results(outs[0])["clips"]] == ["a.mp4", "b.mp4", "d.mp4", "练习.mp4"]


@pytest.mark.slow
def test_a_crash_costs_one_clip_and_resume_tries_it_again(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, heard = run(clips, out, CrashesOnB, LocalRunner, jobs=2)
    assert status == 1
    assert sorted(heard.graded) == ["a.mp4", "d.mp4", "练习.mp4"]
    [crashed] = [line for line in heard.failed if line.startswith("b.mp4")]
    assert "SIGSEGV" in crashed
    assert "--resume" in crashed
    _, heard = run(clips, out, jobs=2, resume=True)
    assert sorted(heard.graded) == ["a.mp4", "b.mp4", "d.mp4", "练习.mp4"]
    undisturbed = tmp_path / "undisturbed"
    run(clips, undisturbed)
    assert results(out) == results(undisturbed)


def test_as_many_begin_as_are_graded_or_fail(clips: Path, tmp_path: Path) -> None:
    heard = Quiet()
    paths = (str(clips / "a.mp4"), str(clips / "gone.mp4"), str(tmp_path / "nowhere"))
    options = BatchOptions(paths=paths, out=tmp_path / "out", drill="standing", annotate=False)
    assert grade_all(options, heard, tools=Tools(FakeEstimator, here, WHOLE)) == 1
    assert (heard.begun, len(heard.graded), len(heard.failed)) == (3, 1, 2)
    again = Quiet()
    assert regrade_all(RegradeOptions(tmp_path / "out"), again) == 1
    assert (again.begun, len(again.graded), len(again.failed)) == (3, 1, 2)


@pytest.mark.slow
def test_a_clip_over_its_time_is_named(clips: Path, tmp_path: Path) -> None:
    status, heard = run(clips / "a.mp4", tmp_path / "out", partial(FakeEstimator, 600.0), LocalRunner, limit_s=1.0)
    assert status == 1
    assert "took longer than the 1 s allowed" in heard.failed[0]


def test_a_stop_from_outside_keeps_what_is_finished(clips: Path, tmp_path: Path) -> None:
    stop = Flag()

    class Stops(Quiet):
        def clip_done(self, clip: ClipResult) -> None:
            stop.set()

    options = BatchOptions(paths=(str(clips),), drill="standing", out=tmp_path / "out", annotate=False)
    assert grade_all(options, Stops(), stop, HERE) == STOPPED
    assert len(results(tmp_path / "out")["clips"]) == 1


def test_a_stop_before_anything_is_finished_keeps_the_report_of_before(clips: Path, out: Path) -> None:
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    stop = Flag()
    stop.set()
    for path in clips.iterdir():  # other clips than before
        path.rename(path.with_name(f"new {path.name}"))
    paths = (str(clips), str(clips / "missing.mp4"))
    assert grade_all(BatchOptions(paths=paths, out=out, annotate=False), Quiet(), stop, HERE) == STOPPED
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("was_there", [False, True])
def test_a_stop_before_anything_is_finished_leaves_no_folder_that_was_not_there(clips: Path, tmp_path: Path, was_there: bool) -> None:
    stop, new = Flag(), tmp_path / "new"
    stop.set()
    if was_there:
        (new / "clips").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    assert grade_all(BatchOptions(paths=(str(clips),), out=new), Quiet(), stop, HERE) == STOPPED
    assert sorted(tmp_path.rglob("*")) == before


# --- going on ---------------------------------------------------------------------------------------------------------------------------


def test_a_second_run_into_the_same_folder_touches_nothing(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "landmarks").mkdir(parents=True)
    half_written = out / "landmarks" / ".a.npz.1.tmp"
    half_written.write_bytes(b"")
    with alone_in(out), pytest.raises(OutputError, match="another run of posecoach is writing into"):
        run(clips, out)
    assert half_written.is_file()
    run(clips, out)
    assert not half_written.exists()
    assert not (out / LOCK).exists()


def test_resume_grades_nothing_again_that_is_unchanged(clips: Path, out: Path) -> None:
    before = results(out)
    status, heard = run(clips, out, MayNotRun, resume=True)
    assert status == 1
    assert len(heard.graded) == 4
    assert results(out) == before


def other_rules(folder: Path) -> Path:
    folder.mkdir()
    for path in rules_dir().glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes() + b"\n")
    return folder


def swap(clips: Path, _out: Path) -> dict[str, Any]:
    video(clips / "a.mp4", 30)
    return {}


def lose(_clips: Path, out: Path) -> dict[str, Any]:
    next((out / "landmarks").glob("a-*.npz")).unlink()
    return {}


CHANGES: dict[str, tuple[Callable[[Path, Path], dict[str, Any]], int]] = {
    "nothing": (lambda _clips, _out: {}, 0),
    "the content of a clip": (swap, 1),
    "a lost artefact": (lose, 1),
    "the rate": (lambda _clips, _out: {"fps": 6.0}, 4),
    "the drill": (lambda _clips, _out: {"drill": "auto"}, 4),
    "the profile": (lambda _clips, _out: {"profile": "male"}, 4),
    "annotation": (lambda _clips, _out: {"annotate": True}, 4),
    "the rules": (lambda clips, _out: {"rules_folder": other_rules(clips.parent / "rules")}, 4),
}


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES)
def test_resume_grades_again_what_has_changed(change: Callable[[Path, Path], dict[str, Any]], again: int, clips: Path, out: Path) -> None:
    read: set[str] = set()

    class Notes(FakeEstimator):
        def estimate(self, frame: Frame) -> Landmarks:
            read.add(frame.source)
            return super().estimate(frame)

    run(clips, out, Notes, resume=True, **change(clips, out))
    assert len(read) == again
    assert len(results(out)["clips"]) == 4


def test_resume_grades_again_when_the_reference_is_another_picture(clips: Path, tmp_path: Path) -> None:
    roster, reference = tmp_path / "roster.csv", tmp_path / "neutral.png"
    roster.write_text("file,reference\na.mp4,neutral.png\n", "utf-8")

    def neutral_with(height: int) -> Any:
        reference.write_bytes(cv2.imencode(".png", np.full((height, 320, 3), 90, np.uint8))[1].tobytes())
        run(clips, tmp_path / "out", roster=roster, resume=True)
        clip = results(tmp_path / "out")["clips"][0]
        return load_meta(tmp_path / "out" / clip["landmarks"])["neutral_shape"]

    first, same, other = neutral_with(480), neutral_with(480), neutral_with(470)
    assert first == same != other


@pytest.mark.slow
@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGKILL] if os.name == "posix" else [signal.SIGTERM])
def test_killed_half_way_and_resumed_gives_the_undisturbed_results(way: signal.Signals, clips: Path, tmp_path: Path) -> None:
    out, undisturbed = tmp_path / "out", tmp_path / "undisturbed"
    video(clips / "d.mp4", 200)  # takes long enough to be killed in, whatever else the machine does
    command = slow_posecoach("grade", clips, "--drill", "standing", "--no-annotate", "--jobs", "2", "--out", out, delay_s=0.1)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: len(list(out.glob("clips/*.json"))) >= 2 or process.poll() is not None)
        assert process.poll() is None
        process.send_signal(way)
    assert len(list(out.glob("clips/*.json"))) < 4
    run(clips, out, resume=True)
    run(clips, undisturbed)
    assert results(out) == results(undisturbed)
    assert [page.read_text("utf-8") for page in pages(out)] == [page.read_text("utf-8") for page in pages(undisturbed)]
    assert not [path.name for path in out.rglob(".*") if path.name != MANIFEST]


# --- long clips -------------------------------------------------------------------------------------------------------------------------


def test_one_clip_alone_has_all_the_processes_for_its_pieces(tmp_path: Path) -> None:
    asked: list[int] = []

    def noted(count: int) -> InlineRunner:
        asked.append(count)
        return InlineRunner()

    run(video(tmp_path / "long.mp4"), tmp_path / "out", runner=noted, jobs=4)
    assert asked == [4]


def test_a_clip_in_pieces_is_read_as_the_whole(tmp_path: Path) -> None:
    clip = video(tmp_path / "long.mp4", 150)
    run(clip, tmp_path / "whole", annotate=True)
    _, heard = run(clip, tmp_path / "pieces", cutting=Cutting(piece_s=2.0), annotate=True)
    whole, pieces = results(tmp_path / "whole"), results(tmp_path / "pieces")
    assert whole == pieces
    tracks = [load_track(tmp_path / name / whole["clips"][0]["landmarks"])[0] for name in ("whole", "pieces")]
    assert np.array_equal(tracks[0].t_ms, tracks[1].t_ms)
    assert np.array_equal(tracks[0].pose_px, tracks[1].pose_px)
    copies = [list(VideoSource(tmp_path / name / whole["clips"][0]["annotated"])) for name in ("whole", "pieces")]
    assert [[frame.t_ms for frame in copy] for copy in copies] == [pytest.approx(list(tracks[0].t_ms), abs=0.1)] * 2
    assert max(np.abs(one.image_bgr.astype(int) - other.image_bgr).mean() for one, other in zip(*copies, strict=True)) < 2
    assert not (tmp_path / "pieces" / "pieces").exists()
    assert len(heard.frames) >= 6


def test_the_readable_part_of_a_long_damaged_clip_is_graded(tmp_path: Path) -> None:
    clip = cut(video(tmp_path / "long.mp4", 150, noise), 0.5)
    _, heard = run(clip, tmp_path / "out", cutting=PIECES)
    assert heard.failed == []
    [result] = results(tmp_path / "out")["clips"]
    assert result["warnings"] == ["damaged"]
    assert 4 < result["duration_s"] < 9


def test_a_long_clip_with_next_to_nothing_readable_is_an_error(tmp_path: Path) -> None:
    clip = cut(video(tmp_path / "long.mp4", 150, noise), 0.05)
    _, heard = run(clip, tmp_path / "out", cutting=PIECES)
    assert "damaged" in heard.failed[0]
    assert not (tmp_path / "out" / "landmarks").exists()


def test_pieces_that_are_read_are_not_read_again(tmp_path: Path) -> None:
    clip = video(tmp_path / "long.mp4", 150)
    seen: list[float] = []

    class StopsLate(FakeEstimator):
        def estimate(self, frame: Frame) -> Landmarks:
            if frame.t_ms > 7000:
                raise KeyboardInterrupt
            return super().estimate(frame)

    class Notes(FakeEstimator):
        def estimate(self, frame: Frame) -> Landmarks:
            seen.append(frame.t_ms)
            return super().estimate(frame)

    status, _ = run(clip, tmp_path / "out", StopsLate, cutting=PIECES)
    assert status == STOPPED
    status, _ = run(clip, tmp_path / "out", Notes, cutting=PIECES, resume=True)
    assert status == 0
    assert min(seen) > 5000
    run(clip, tmp_path / "undisturbed", cutting=PIECES)
    assert results(tmp_path / "out") == results(tmp_path / "undisturbed")


@pytest.mark.parametrize("stray", [False, True], ids=["a jump", "a stray packet"])
def test_a_clip_whose_clock_jumps_is_cut_by_what_is_there(tmp_path: Path, stray: bool) -> None:
    clip = video(tmp_path / "long.mp4", 30)
    jump = ((lambda _: 0.0), (lambda i: 3600.0 * (i == 20))) if stray else ((lambda i: 3600.0 * (i >= 20)), (lambda _: 0.0))
    _, heard = run(with_jumps(clip, *jump), tmp_path / "out", cutting=PIECES)
    assert heard.failed == []
    [result] = results(tmp_path / "out")["clips"]
    assert result["warnings"] == ["time_jump"]
    assert 1.5 < result["duration_s"] < 4
    assert result["frames_analysed"] <= 31


def test_a_long_clip_with_a_jump_is_one_piece_and_as_long_as_what_is_there(tmp_path: Path) -> None:
    clip = with_jumps(video(tmp_path / "long.mp4", 150), lambda i: 3600.0 * (i >= 60))
    with open_source(find_inputs([str(clip)]).inputs[0], 10) as source:
        assert isinstance(source, VideoSource)
        pieces = pieces_of(source, PIECES)
    assert pieces is not None
    assert pieces.count == 1
    assert pieces.length_s == pytest.approx(12.5, abs=0.2)
    _, heard = run(clip, tmp_path / "out", cutting=PIECES)
    [result] = results(tmp_path / "out")["clips"]
    assert (heard.failed, result["warnings"]) == ([], ["time_jump"])
    assert result["duration_s"] == pytest.approx(pieces.length_s, abs=0.2)


def test_the_time_limit_bounds_a_clip_and_not_each_of_its_pieces(tmp_path: Path) -> None:
    now = [0.0]

    class Slow(FakeEstimator):
        def estimate(self, frame: Frame) -> Landmarks:
            now[0] += 0.1
            return super().estimate(frame)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "time", SimpleNamespace(monotonic=lambda: now[0], strftime=time.strftime))
        clip = video(tmp_path / "long.mp4", 150)
        _, heard = run(clip, tmp_path / "short", Slow, cutting=PIECES, limit_s=5.0)
        assert "took longer than the 5 s allowed" in heard.failed[0]
        spent_s = now[0]
        _, heard = run(clip, tmp_path / "enough", Slow, cutting=PIECES)
    assert heard.failed == []
    assert 5.0 <= spent_s < (now[0] - spent_s)
