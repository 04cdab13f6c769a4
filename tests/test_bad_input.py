"""What goes wrong in an office: broken, odd and missing files, folders that cannot be written, mistakes in rules and rosters.

Each failure is one line on the standard error stream; nobody ever sees a traceback; what is good is graded all the same.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, cycle, islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
from click.testing import CliRunner

from posecoach.cli.main import main
from posecoach.jobs.tools import USUAL, Tools
from posecoach.resources import rules_dir
from posecoach.sources.video import VideoSource
from tests.fake_estimator import HERE
from tests.odd_media import (
    TURNED,
    cut,
    even_times,
    huge_png_header,
    noise,
    numbered,
    with_matrix,
    with_unknown_coding,
    without_index,
    write_sound,
    write_video,
    write_zero_frames,
)
from tests.tracks import load_track

SAMPLES = Path(__file__).parents[1] / "sample_videos"
ONE_SECOND = even_times(12, 12)


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    status: int
    out: str
    lines: list[str]
    results: dict[str, Any] | None

    @property
    def failures(self) -> list[str]:
        return [line for line in self.lines if line.startswith("failed ")]

    @property
    def clip(self) -> dict[str, Any]:
        assert self.results is not None
        [clip] = self.results["clips"]
        return dict(clip)


def run(*arguments: str | Path, out: Path | None = None, tools: Tools = HERE) -> Run:
    """A command line, with no exception let through."""
    extra = ["--out", str(out)] if out else []
    done = CliRunner().invoke(main, [*map(str, arguments), *extra], obj=tools)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    stored = out / "results.json" if out else None
    results = json.loads(stored.read_text("utf-8")) if stored and stored.is_file() else None
    return Run(done.exit_code, done.stdout, done.stderr.splitlines(), results)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def text(path: Path) -> Path:
    path.write_text("minutes of the morning meeting", "utf-8")
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def short_rest(path: Path) -> Path:
    """Of three seconds less than one is left."""
    return cut(write_video(path, even_times(36, 12), (320, 240), noise), 0.2)


BROKEN: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty": ("empty.mp4", empty, "0 bytes"),
    "truncated": ("cut.mp4", short_rest, "damaged"),
    "without an index": ("died.mp4", lambda path: without_index(write_video(path, ONE_SECOND)), "moov"),
    "text renamed": ("minutes.mp4", text, "not a video"),
    "sound only": ("voice.mp4", write_sound, "no picture track"),
    "zero frames": ("nothing.mp4", write_zero_frames, "no frame could be read"),
    "unknown coding": ("new.mp4", lambda path: with_unknown_coding(write_video(path, ONE_SECOND)), "unknown picture coding"),
    "text renamed to a picture": ("minutes.jpg", text, "not a picture"),
    "empty picture": ("empty.png", empty, "0 bytes"),
    "picture with a false size": ("huge.png", lambda path: huge_png_header(path, (60000, 60000)), "too large"),
}


@pytest.mark.parametrize(("name", "make", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_line_and_one_entry(name: str, make: Callable[[Path], object], said: str, tmp_path: Path, out: Path) -> None:
    make(tmp_path / name)
    done = run("grade", tmp_path / name, out=out)
    assert done.status == 1
    assert len(done.lines) == 1
    assert said in done.lines[0]
    assert name in done.lines[0]
    assert done.results is not None
    assert done.results["clips"] == []
    assert [said in error["error"] for error in done.results["errors"]] == [True]
    assert not (out / "landmarks").exists()
    assert not (out / "annotated").exists()


def test_a_missing_file_is_one_line_and_nothing_is_written(tmp_path: Path, out: Path) -> None:
    done = run("grade", tmp_path / "gone.mp4", out=out)
    assert (done.status, len(done.lines)) == (1, 1)
    assert "no such file or folder" in done.lines[0]
    assert not out.exists()


def test_a_good_clip_beside_the_broken_ones_is_graded(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "monday"
    folder.mkdir()
    for name, make, _ in BROKEN.values():
        make(folder / name)
    write_video(folder / "好.mp4", ONE_SECOND, (320, 240))
    done = run("grade", folder, out=out)
    assert done.status == 1
    assert done.clip["path"] == "好.mp4"
    assert (out / done.clip["annotated"]).is_file()
    assert len(done.failures) == len(BROKEN)
    assert len(done.lines) == len(BROKEN) + 1
    assert done.results is not None
    assert len(done.results["errors"]) == len(BROKEN)


def test_a_truncated_video_with_a_second_left_is_graded_as_damaged(tmp_path: Path, out: Path) -> None:
    cut(write_video(tmp_path / "cut.mp4", even_times(36, 12), (320, 240), noise), 0.7)
    done = run("grade", tmp_path / "cut.mp4", out=out)
    assert done.status == 0
    assert done.clip["warnings"] == ["damaged"]
    assert 1.0 <= done.clip["duration_s"] < 3.0
    assert done.clip["people"]
    assert (out / done.clip["annotated"]).is_file()


@pytest.mark.parametrize("drill", ["auto", "standing"])
def test_no_person_is_a_warning_and_no_verdict(drill: str, tmp_path: Path, out: Path) -> None:
    write_video(tmp_path / "hall.mp4", ONE_SECOND, (320, 240), lambda index, size_wh: np.zeros((size_wh[1], size_wh[0], 3), np.uint8))
    done = run("grade", tmp_path / "hall.mp4", "--drill", drill, out=out)
    assert done.status == 0
    assert (done.clip["warnings"], done.clip["people"]) == (["no_person"], [])


@pytest.mark.parametrize("size_wh", [(1, 1), (7680, 4320)], ids=["1x1", "8K"])
def test_a_picture_of_any_size_is_graded(size_wh: tuple[int, int], tmp_path: Path, out: Path) -> None:
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((size_wh[1], size_wh[0], 3), 90, np.uint8))
    done = run("grade", tmp_path / "photo.png", out=out)
    assert done.status == 0
    assert (done.clip["kind"], done.clip["frames_analysed"]) == ("picture", 1)
    assert cv2.imread(str(out / done.clip["annotated"])) is not None


@pytest.mark.model
@pytest.mark.parametrize("size_wh", [(1, 1), (17, 17), (7680, 4320)], ids=["1x1", "17x17", "8K"])
def test_the_models_take_a_picture_of_any_size(size_wh: tuple[int, int], tmp_path: Path, out: Path) -> None:
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((size_wh[1], size_wh[0], 3), 90, np.uint8))
    done = run("grade", tmp_path / "photo.png", "--no-annotate", out=out, tools=USUAL)
    assert (done.status, done.clip["people"], done.clip["warnings"]) == (0, [], ["no_person"])


def test_a_picture_of_an_iphone_is_graded(tmp_path: Path, out: Path) -> None:
    picture = np.full((240, 320, 3), 90, np.uint8)
    pillow_heif.from_bytes("RGB", (320, 240), picture.tobytes()).save(tmp_path / "IMG_0001.HEIC")
    done = run("grade", tmp_path / "IMG_0001.HEIC", out=out)
    assert (done.status, done.clip["kind"]) == (0, "picture")


def test_a_phone_held_upright_gives_an_upright_copy(tmp_path: Path, out: Path) -> None:
    with_matrix(write_video(tmp_path / "phone.mp4", ONE_SECOND, (320, 240)), TURNED)
    done = run("grade", tmp_path / "phone.mp4", out=out)
    assert done.status == 0
    assert segments_of(done) == ["standing"]
    assert load_track(out / done.clip["landmarks"])[0].size_wh == (240, 320)
    with VideoSource(out / done.clip["annotated"]) as copy:
        assert copy.size_wh[1] >= 320


def test_a_variable_frame_rate_keeps_its_times(tmp_path: Path, out: Path) -> None:
    times = list(accumulate(islice(cycle([0.033, 0.033, 0.2, 0.05]), 40)))
    write_video(tmp_path / "phone.mp4", times, (320, 240))
    done = run("grade", tmp_path / "phone.mp4", out=out)
    assert done.status == 0
    assert done.clip["duration_s"] == pytest.approx(times[-1] - times[0], abs=0.3)
    with VideoSource(out / done.clip["annotated"]) as copy:
        shown = [frame.t_ms / 1000 for frame in copy]
    assert len(shown) == done.clip["frames_analysed"]
    assert shown[-1] == pytest.approx(times[-1] - times[0], abs=0.1)


def segments_of(done: Run) -> list[str]:
    return [segment["posture"] for segment in done.clip["people"][0]["segments"]]


def test_who_enters_and_leaves_is_judged_while_there(tmp_path: Path, out: Path) -> None:
    def draw(index: int, size_wh: tuple[int, int]) -> Any:
        return numbered(10 if 24 <= index < 60 else 0, size_wh) * (24 <= index < 60)

    write_video(tmp_path / "visit.mp4", even_times(84, 12), (320, 240), draw)
    done = run("grade", tmp_path / "visit.mp4", "--drill", "standing", out=out)
    assert done.status == 0
    assert segments_of(done) == ["absent", "standing", "absent"]
    [person] = done.clip["people"]
    start_s, end_s = (person["segments"][1][key] for key in ("start_s", "end_s"))
    assert (start_s, end_s) == (pytest.approx(2.0, abs=0.2), pytest.approx(5.0, abs=0.2))
    assert all(2.0 <= verdict["worst_s"] <= 5.0 for verdict in person["clauses"] if verdict["worst_s"] is not None)


def sample_frames(name: str) -> list[Any]:
    with VideoSource(SAMPLES / name) as source:
        return [frame.image_bgr for frame in source]


@pytest.mark.model
def test_the_models_see_who_enters_and_leaves(tmp_path: Path, out: Path) -> None:
    frames = sample_frames("stand_ok_hands_front_f5_front.mp4")
    hall = np.full_like(frames[0], frames[0][2, 2])
    shown = [hall] * 20 + frames + [hall] * 20
    write_video(tmp_path / "visit.mp4", even_times(len(shown), 10), (640, 480), lambda index, _: shown[index])
    done = run("grade", tmp_path / "visit.mp4", "--drill", "standing", "--no-annotate", out=out, tools=USUAL)
    assert segments_of(done) == ["absent", "standing", "absent"]


@pytest.mark.model
def test_of_two_people_one_is_judged_all_the_time(tmp_path: Path, out: Path) -> None:
    """The nearer one; the other one, who is smaller, leans forward and must not be mixed in."""
    near, far = sample_frames("stand_ok_hands_front_f5_front.mp4"), sample_frames("stand_lean_forward_m4_side.mp4")

    def draw(index: int, size_wh: tuple[int, int]) -> Any:
        small = cv2.resize(far[index], (400, 300))
        picture = np.hstack([near[index], np.repeat(near[index][:, -1:], 400, axis=1)])
        picture[130:430, 640:] = small
        return picture

    write_video(tmp_path / "two.mp4", even_times(len(near), 10), (1040, 480), draw)
    done = run("grade", tmp_path / "two.mp4", "--drill", "standing", "--profile", "female", "--no-annotate", out=out, tools=USUAL)
    [person] = done.clip["people"]
    assert {segment["view"] for segment in person["segments"]} == {"front"}
    assert segments_of(done) == ["standing"]
    assert not [verdict for verdict in person["clauses"] if verdict["state"] == "fail"]


def test_a_folder_without_videos_is_one_line_beside_what_was_skipped(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "notes.txt").write_text("nothing here", "utf-8")
    done = run("grade", folder, out=out)
    assert (done.status, len(done.lines)) == (1, 2)
    assert "no video or picture in the folder" in done.lines[0]
    assert done.lines[1].startswith("skipped 1, ")
    assert done.lines[1].endswith("notes.txt")
    assert not out.exists()


def test_a_disk_that_fills_up_is_one_line_and_resume_goes_on(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clips, write_bytes = tmp_path / "clips", Path.write_bytes
    clips.mkdir()
    for name in ("a.mp4", "b.mp4"):
        write_video(clips / name, ONE_SECOND)

    def full(self: Path, data: bytes) -> int:
        if self.name.startswith(".b-"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    done = run("grade", clips, "--no-annotate", out=out)
    assert (done.status, done.lines[-1].count("No space left on device")) == (2, 1)
    assert done.results is None or [clip["path"] for clip in done.results["clips"]] in ([], ["a.mp4"])
    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    again = run("grade", clips, "--no-annotate", "--resume", out=out)
    assert again.results is not None
    assert (again.status, [clip["path"] for clip in again.results["clips"]]) == (0, ["a.mp4", "b.mp4"])


def test_a_second_run_into_the_folder_of_the_clips_leaves_none_out(tmp_path: Path) -> None:
    """Folders of the user may be called as ours are; what was drawn the first time is no clip."""
    for name in ("a.mp4", "clips/b.mp4", "annotated/c.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_video(tmp_path / name, ONE_SECOND)
    for _ in range(2):
        done = run("grade", tmp_path, "--force", out=tmp_path)
        assert done.results is not None
        assert [clip["path"] for clip in done.results["clips"]] == ["a.mp4", "annotated/c.mp4", "clips/b.mp4"]


@pytest.mark.parametrize("where", ["file in the way", "below a file", "proc", "results in the way"])
def test_an_output_folder_that_cannot_be_written_is_one_line(where: str, tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", ONE_SECOND)
    (tmp_path / "taken").write_text("", "utf-8")
    (tmp_path / "folder" / "results.json").mkdir(parents=True)
    folder = {
        "file in the way": tmp_path / "taken",
        "below a file": tmp_path / "taken" / "out",
        "proc": Path("/proc/posecoach"),
        "results in the way": tmp_path / "folder",
    }[where]
    done = run("grade", clip, out=folder)
    assert done.status == 2
    assert len(done.lines) == 1
    assert done.lines[0].startswith("posecoach: ")
    assert "--out" in done.lines[0]


# --- rosters, references, rules ---------------------------------------------------------------------------------------------------------

ROSTERS = {
    "unknown column": ("file,wage\nclip.mp4,3\n", "people.csv:1: unknown column 'wage'"),
    "no file column": ("name\nAnna\n", "people.csv:1: no column 'file'"),
    "unknown drill": ("file,drill\nclip.mp4,jumping\n", "people.csv:2: drill: expected one of"),
    "unknown profile": ("file,profile\n\nclip.mp4,woman\n", "people.csv:3: profile: expected one of female, male, unspecified"),
    "no name of a file": ("file,name\n,Anna\n", "people.csv:2: file: expected a file name"),
}


@pytest.mark.parametrize(("content", "said"), ROSTERS.values(), ids=ROSTERS)
def test_a_mistake_in_the_roster_is_named_with_its_line(content: str, said: str, tmp_path: Path, out: Path) -> None:
    (tmp_path / "people.csv").write_text(content, "utf-8")
    done = run("grade", tmp_path, "--roster", tmp_path / "people.csv", out=out)
    assert (done.status, len(done.lines)) == (2, 1)
    assert said in done.lines[0]


def test_a_missing_roster_is_one_line(tmp_path: Path, out: Path) -> None:
    done = run("grade", tmp_path, "--roster", tmp_path / "people.csv", out=out)
    assert (done.status, len(done.lines)) == (2, 1)
    assert "no such roster" in done.lines[0]


def test_a_reference_in_the_roster_that_is_missing_fails_its_clip_only(tmp_path: Path, out: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, ONE_SECOND, (320, 240))
    (tmp_path / "people.csv").write_text("file,reference\na.mp4,gone.jpg\n", "utf-8")
    done = run("grade", tmp_path, "--roster", tmp_path / "people.csv", out=out)
    assert (done.status, done.clip["path"]) == (1, "b.mp4")
    assert len(done.failures) == 1
    assert done.failures[0].startswith("failed a.mp4: ")


@pytest.mark.parametrize("reference", ["gone.jpg", "black.png"])
def test_a_reference_that_shows_no_face_is_one_line(reference: str, tmp_path: Path, out: Path) -> None:
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((64, 64, 3), np.uint8))
    done = run("grade", tmp_path, "--reference", tmp_path / reference, out=out)
    assert (done.status, len(done.lines)) == (2, 1)
    assert done.lines[0].count(reference) == 1


RULE_MISTAKES: dict[str, tuple[str, str, str]] = {
    "typo in a key": ("priority: 95", "priorty: 95", "priorty"),
    "typo in a measure": ("measure: arms_folded", "measure: arms_foldet", "arms_foldet"),
    "missing clause": ("id: stand.head_up", "id: stand.head_upp", "stand.head_up"),
    "duplicate id": ("id: stand.head_level", "id: stand.head_up", "stand.head_up"),
    "overlapping bands": ("bands: {pass: [0, 0], warn: [0, 0]}", "bands: {pass: [0, 5], warn: [1, 2]}", "bands"),
    "no YAML": ("rules:", "rules: [", ""),
}


@pytest.mark.parametrize(("old", "new", "said"), RULE_MISTAKES.values(), ids=RULE_MISTAKES)
def test_a_mistake_in_the_rules_is_named_with_file_and_line(old: str, new: str, said: str, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "my-rules"
    shutil.copytree(rules_dir(), folder)
    content = (folder / "standing.yaml").read_text("utf-8")
    assert old in content
    (folder / "standing.yaml").write_text(content.replace(old, new, 1), "utf-8")
    clip = write_video(tmp_path / "clip.mp4", ONE_SECOND)
    for done in (run("grade", clip, "--rules", folder, out=out), run("rules", "check", folder)):
        assert done.status == 2
        problems = [line for line in done.lines if not line.startswith("posecoach: ")]
        assert problems
        assert all(re.match(r"standing\.yaml:\d+: ", line) for line in problems), problems
        assert said in "\n".join(problems)
    assert not out.exists()


def test_a_rules_folder_that_is_missing_is_said(tmp_path: Path, out: Path) -> None:
    done = run("grade", write_video(tmp_path / "clip.mp4", ONE_SECOND), "--rules", tmp_path / "gone", out=out)
    assert done.status == 2
    assert "gone" in "\n".join(done.lines)


@pytest.mark.parametrize("arguments", [("grade",), ("grade", "x.mp4", "--fps", "0"), ("grade", "x.mp4", "--drill", "jumping"), ("grad",)])
def test_wrong_usage_is_status_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).status == 2
