"""The sample videos, graded by the real models: what a trainer expects of them, and what lies on disk afterwards."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from posecoach.body.motion import Motion
from posecoach.cli.main import main
from posecoach.jobs.clips import DEFAULT_FPS
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.judging.results import ClipResult
from posecoach.storage.landmark_files import load_blocks
from posecoach.storage.output_folder import MANIFEST as FILES_LIST
from posecoach.storage.output_folder import OF_GRADING
from posecoach.storage.results_json import clip_to_dict
from posecoach.vocabulary import Profile
from tests.shipped import ALL_RULES

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_videos"
SCHEMA = json.loads((ROOT / "docs" / "results.schema.json").read_text("utf-8"))
MANIFEST = yaml.safe_load((SAMPLES / "manifest.yaml").read_text("utf-8"))["clips"]
ENTRIES = [pytest.param(entry, id=entry["file"].removesuffix(".mp4")) for entry in MANIFEST]
ANNOTATED = ("stand_lean_forward_m4_side", "smile_open_f5_face")
CHINESE = "站姿练习 一.mp4"

# Where the grader does not yet say what a trainer would; each is a strict expected failure, so the line goes when it is mended.
PAIRS = [
    pytest.param(
        entry["file"],
        clause,
        expected,
        id=f"{entry['file'].removesuffix('.mp4')}-{clause}",
    )
    for entry in MANIFEST
    for clause, expected in entry["expect"].items()
]

pytestmark = [pytest.mark.model, pytest.mark.slow]


@dataclass(frozen=True)
class Graded:
    """An output folder and the clips of its results.json by path."""

    out: Path
    results: dict[str, Any]

    def clip(self, path: str) -> dict[str, Any]:
        return next(clip for clip in self.results["clips"] if clip["path"] == path)

    def person(self, path: str) -> dict[str, Any]:
        [person] = self.clip(path)["people"]
        return dict(person)


def grade(out: Path, *arguments: str) -> Graded:
    done = CliRunner().invoke(main, ["grade", *arguments, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return Graded(out, json.loads((out / "results.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """All sample clips, without annotated copies."""
    out = tmp_path_factory.mktemp("samples")
    return grade(out, str(SAMPLES), "--roster", str(SAMPLES / "roster.csv"), "--no-annotate")


@pytest.fixture(scope="session")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Two clips with annotated copies, one of them under a Chinese name."""
    folder = tmp_path_factory.mktemp("中文 文件夹")
    shutil.copy(SAMPLES / f"{ANNOTATED[0]}.mp4", folder / CHINESE)
    shutil.copy(SAMPLES / f"{ANNOTATED[1]}.mp4", folder)
    return grade(folder / "结果", str(folder))


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_clip_is_the_one_the_manifest_means(entry: dict[str, Any]) -> None:
    assert hashlib.sha256((SAMPLES / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize(("path", "clause", "expected"), PAIRS)
def test_the_verdict_is_the_one_a_trainer_expects(path: str, clause: str, expected: list[str], plain: Graded) -> None:
    """A clause that the profile leaves out is not judged either."""
    verdicts = {verdict["id"]: verdict for verdict in plain.person(path)["clauses"]}
    verdict = verdicts.get(clause, {"state": "unjudged"})
    assert verdict["state"] in expected, verdict


@pytest.mark.parametrize("entry", ENTRIES)
def test_posture_and_view_are_right(entry: dict[str, Any], plain: Graded) -> None:
    last = plain.person(entry["file"])["segments"][-1]
    assert last["view"].removesuffix("_left").removesuffix("_right") == entry["expect_view"]
    assert entry["expect_posture"] in ("any", last["posture"])


def test_every_clip_is_graded_at_its_own_rate(plain: Graded) -> None:
    assert [clip["path"] for clip in plain.results["clips"]] == sorted(entry["file"] for entry in MANIFEST)
    for clip in plain.results["clips"]:
        assert clip["warnings"] == []
        assert clip["fps"] == min(10, DEFAULT_FPS)
        assert clip["frames_analysed"] == round(clip["duration_s"] * clip["fps"])


@pytest.mark.parametrize("which", ["plain", "annotated"])
def test_the_results_follow_the_schema(which: str, request: pytest.FixtureRequest) -> None:
    Draft202012Validator(SCHEMA).validate(request.getfixturevalue(which).results)


@pytest.mark.parametrize("which", ["plain", "annotated"])
def test_every_file_that_is_named_exists_and_no_other(which: str, request: pytest.FixtureRequest) -> None:
    graded: Graded = request.getfixturevalue(which)
    named = {clip[key] for clip in graded.results["clips"] for key in ("landmarks", "annotated") if clip[key]}
    there = {path.relative_to(graded.out).as_posix() for path in graded.out.rglob("*") if path.is_file()}
    clip_ids = [Path(clip["landmarks"]).stem for clip in graded.results["clips"]]
    of_a_clip = "|".join(map(re.escape, clip_ids))
    sometimes = rf"people/[^/]+\.html|captions/({of_a_clip})\.vtt|stills/({of_a_clip})/[^/]+\.jpg"
    named |= {f"clips/{clip_id}.json" for clip_id in clip_ids} | {path for path in there if re.fullmatch(sometimes, path)}
    assert there == named | {"results.json", "results.csv", "results.xlsx", "index.html", "people.html", FILES_LIST}
    assert set(json.loads((graded.out / FILES_LIST).read_text("utf-8"))["files"]) == set(OF_GRADING)
    assert any(path.startswith("people/") for path in there)
    assert any(path.startswith("stills/") for path in there) == (which == "annotated")


def test_the_table_opens_in_a_spreadsheet_with_chinese_text(plain: Graded) -> None:
    content = (plain.out / "results.csv").read_bytes()
    assert content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert len(rows) == sum(len(person["clauses"]) for clip in plain.results["clips"] for person in clip["people"])
    assert any("请" in row["correction_zh"] for row in rows)


def test_names_in_chinese_are_kept(annotated: Graded) -> None:
    clip = annotated.clip(CHINESE)
    assert clip["annotated"].startswith("annotated/站姿练习")
    assert clip["people"]


def test_annotated_copies_play_in_browsers_are_as_long_and_never_stand_for_longer_than_half_a_second(annotated: Graded) -> None:
    for clip in annotated.results["clips"]:
        with av.open(str(annotated.out / clip["annotated"])) as container:
            stream = container.streams.video[0]
            assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
            assert float(stream.duration * stream.time_base) == pytest.approx(clip["duration_s"], abs=0.11)
            times_s = [frame.time for frame in container.decode(stream)]
            assert 2 * clip["duration_s"] <= len(times_s) <= clip["frames_analysed"]
            assert np.diff(times_s).max() < 0.51


def test_stored_landmarks_give_the_same_verdicts(plain: Graded) -> None:
    for entry, clip, options in options_by_clip(plain):
        motion = Motion.join([Motion.of(block) for block in load_blocks(plain.out / clip["landmarks"])])
        graded = grade_motion(motion, options)
        again = clip_to_dict(
            ClipResult("", "video", graded.warnings, 0.0, 0.0, len(motion), "", options.profile, None, None, (graded.person,))
        )
        assert again["people"] == clip["people"], entry["file"]


def options_by_clip(plain: Graded) -> Iterator[tuple[dict[str, Any], dict[str, Any], GradeOptions]]:
    for entry in MANIFEST:
        clip = plain.clip(entry["file"])
        name = clip["people"][0]["name"]
        yield entry, clip, GradeOptions(ALL_RULES, entry["drill"], Profile(entry["profile"]), name=name)
