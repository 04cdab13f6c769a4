"""An earlier grading judged again from its landmarks."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.body.motion import Motion
from posecoach.body.observed import Neutral
from posecoach.body.records import Landmarks, Track
from posecoach.cli.main import main
from posecoach.cli.terminal import Console
from posecoach.jobs.listener import STOPPED
from posecoach.jobs.regrade import neutral_from_meta, neutral_to_meta, regrade_clip
from posecoach.jobs.regrade_batch import RegradeOptions, regrade_all
from posecoach.judging.charts import Charts
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.results import ClipResult
from posecoach.resources import rules_dir
from posecoach.storage.landmark_files import save_track
from posecoach.storage.results_json import dump_results, load_results
from posecoach.vocabulary import Profile
from tests.factories import STANDING, motion_of, still, turned
from tests.shipped import ALL_RULES

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("graded")
    arguments = ["grade", str(SAMPLES / "stand_lean_forward_m4_side.mp4"), "--drill", "standing", "--profile", "male"]
    arguments += ["--reference", str(SAMPLES / "smile_none_m4_face.mp4"), "--no-annotate", "--out", str(out)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    return out


def clauses(folder: Path) -> dict[str, dict[str, object]]:
    (clip,) = json.loads((folder / "results.json").read_text("utf-8"))["clips"]
    return {clause["id"]: clause for clause in clip["people"][0]["clauses"]}


@pytest.mark.model
@pytest.mark.slow
def test_the_same_rules_give_the_same_results(graded: Path, tmp_path: Path) -> None:
    again = shutil.copytree(graded, tmp_path / "again")
    assert CliRunner().invoke(main, ["regrade", str(again)]).exit_code == 0
    assert (again / "results.json").read_bytes() == (graded / "results.json").read_bytes()


@pytest.mark.model
@pytest.mark.slow
def test_another_threshold_gives_another_verdict(graded: Path, tmp_path: Path) -> None:
    again, rules = shutil.copytree(graded, tmp_path / "again"), shutil.copytree(rules_dir(), tmp_path / "rules")
    file = rules / "standing.yaml"
    text = file.read_text("utf-8")
    assert "bands: {pass: [-3, 5], warn: [-8, 10]}" in text
    file.write_text(text.replace("bands: {pass: [-3, 5], warn: [-8, 10]}", "bands: {pass: [-3, 25], warn: [-8, 30]}"), "utf-8")
    assert clauses(again)["stand.trunk_upright"]["state"] == "fail"
    assert CliRunner().invoke(main, ["regrade", str(again), "--rules", str(rules)]).exit_code == 0
    assert clauses(again)["stand.trunk_upright"]["state"] == "pass"


@pytest.mark.model
@pytest.mark.slow
def test_landmarks_that_are_gone_are_named_and_the_rest_goes_on(graded: Path, tmp_path: Path) -> None:
    again = shutil.copytree(graded, tmp_path / "again")
    (stored,) = (again / "landmarks").iterdir()
    stored.unlink()
    result = CliRunner().invoke(main, ["regrade", str(again)])
    assert result.exit_code == 1
    (error,) = json.loads((again / "results.json").read_text("utf-8"))["errors"]
    assert "no such landmark file" in error["error"]


def raising_at_the_second(graded: Path, error: BaseException) -> RegradeOptions:
    """Put a second clip into the results; judging it raises ``error``."""
    (clip,) = load_results(graded).clips
    both = replace(load_results(graded), clips=(clip, replace(clip, path="z.mp4")))
    (graded / "results.json").write_text(dump_results(both), "utf-8")

    def judge(clip: ClipResult, folder: Path, options: GradeOptions) -> tuple[ClipResult, Charts]:
        if clip.path == "z.mp4":
            raise error
        return regrade_clip(clip, folder, options)

    return RegradeOptions(graded, judge=judge)


@pytest.mark.model
@pytest.mark.slow
def test_ctrl_c_keeps_the_results_of_before(graded: Path, tmp_path: Path) -> None:
    options = raising_at_the_second(shutil.copytree(graded, tmp_path / "again"), KeyboardInterrupt())
    before = {path: path.read_bytes() for path in options.folder.glob("results.*")}
    assert regrade_all(options, Console()) == STOPPED
    assert {path: path.read_bytes() for path in options.folder.glob("results.*")} == before


@pytest.mark.model
@pytest.mark.slow
def test_what_cannot_be_written_leaves_the_results_as_they_were(graded: Path, tmp_path: Path) -> None:
    again = shutil.copytree(graded, tmp_path / "again")
    (again / "regraded").write_text("in the way", "utf-8")
    result = CliRunner().invoke(main, ["regrade", str(again)])
    assert (result.exit_code, "regraded" in result.output) == (2, True)
    assert (again / "results.json").read_bytes() == (graded / "results.json").read_bytes()


@pytest.mark.model
@pytest.mark.slow
def test_a_clip_that_trips_a_library_does_not_stop_those_beside_it(graded: Path, tmp_path: Path) -> None:
    options = raising_at_the_second(shutil.copytree(graded, tmp_path / "again"), ZeroDivisionError("odd"))
    assert regrade_all(options, Console()) == 1
    results = load_results(options.folder)
    assert [clip.path for clip in results.clips] == [clip.path for clip in load_results(graded).clips]
    assert [error.path for error in results.errors] == ["z.mp4"]


def test_a_folder_without_results_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["regrade", str(tmp_path)])
    assert result.exit_code == 2
    assert "--out" in result.output


@pytest.mark.parametrize(("command", "said"), [("regrade", "posecoach lineup"), ("grade", "--out")])
def test_a_row_is_left_as_it_is(command: str, said: str, tmp_path: Path) -> None:
    """Its verdicts cannot be made anew here; under other rules they would be told as made by those."""
    row = {
        "path": "row.mp4",
        "kind": "video",
        "warnings": [],
        "duration_s": 2.0,
        "fps": 10.0,
        "frames_analysed": 20,
        "drill": "morning_meeting",
    }
    row |= {"profile": "unspecified", "landmarks": None, "annotated": None, "people": []}
    text = json.dumps({"schema": "posecoach.results/1", "generator": "posecoach", "rules": [], "clips": [row], "errors": []})
    (tmp_path / "results.json").write_text(text, "utf-8")
    arguments = ["regrade", str(tmp_path)] if command == "regrade" else ["grade", str(SAMPLES), "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, said in result.output) == (2, True)
    assert (tmp_path / "results.json").read_text("utf-8") == text


def stored(motion: Motion, file: Path) -> None:
    """Save a motion as an earlier grading keeps it; no faces."""
    no_face = Landmarks.absent(motion.size_wh).face_px
    bodies = zip(motion.pose_px, motion.pose_world_m, motion.pose_visibility, strict=True)
    frames = [Landmarks(px, world, visibility, no_face, motion.size_wh) for px, world, visibility in bodies]
    save_track(file, Track.from_landmarks(motion.t_ms.tolist(), frames, motion.size_wh), {"path": "a.mp4"})


@pytest.mark.parametrize(
    ("motion", "drill", "code"),
    [
        (turned(still(STANDING, 4.0), 90), "auto", "sideways"),
        (still(replace(STANDING, turn_deg=90.0), 4.0), "crouching", "posture_not_seen"),
        (motion_of([None] * 40), "standing", "no_person"),
    ],
    ids=["sideways", "posture_not_seen", "no_person"],
)
def test_judging_again_says_each_warning_once_and_keeps_those_of_reading(motion: Motion, drill: str, code: str, tmp_path: Path) -> None:
    stored(motion, tmp_path / "a.npz")
    clip = ClipResult("a.mp4", "video", ("damaged",), 4.0, 10.0, 40, drill, Profile.FEMALE, "a.npz", None)
    rules = GradeOptions(ALL_RULES)
    once, _ = regrade_clip(clip, tmp_path, rules)
    twice, _ = regrade_clip(once, tmp_path, rules)
    assert once.warnings.count(code) == 1
    assert once.warnings[0] == "damaged"
    assert twice.warnings == once.warnings


def test_a_neutral_survives_the_meta() -> None:
    neutral = Neutral(3.25, (0.1, -0.2, 0.3, 0.0, 0.1, 0.4, 0.7, 0.2, 0.3, -0.1, 0.5, 0.25))
    assert neutral_from_meta(neutral_to_meta(neutral)) == neutral
    assert neutral_from_meta(neutral_to_meta(None)) is None
