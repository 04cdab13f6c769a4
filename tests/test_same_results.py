"""What is said of stored landmarks is what was said before, but for what was changed on purpose; and the comparison misses nothing."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.golden.results import CHANGES, FILE, changes
from tests.same_results import differences

BEFORE: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
CLIP = "clips[stand_ok_m6_front_00]"


def test_the_golden_clips_and_rows_are_judged_as_before() -> None:
    """`python -m tests.golden.results` notes a change that is meant."""
    assert changes() == CHANGES.read_text("utf-8").splitlines()


def changed(*keys: str | int, value: Any) -> dict[str, Any]:
    after = copy.deepcopy(BEFORE)
    clip: Any = next(clip for clip in after["clips"] if clip["path"] == "stand_ok_m6_front_00")
    for key in keys[:-1]:
        clip = clip[key]
    clip[keys[-1]] = value
    return after


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (changed("people", 0, "score", value=1.0), f"{CLIP}.people[1].score"),
        (changed("people", 0, "clauses", 0, "state", value="fail"), f"{CLIP}.people[1].clauses[stand.head_up].state"),
        (changed("people", 0, "segments", value=[]), f"{CLIP}.people[1].segments"),
        (changed("warnings", value=["damaged"]), f"{CLIP}.warnings"),
        (changed("frames_analysed", value=32.0), f"{CLIP}.frames_analysed"),
        ({"clips": []}, "clips"),
        ({}, "clips"),
    ],
)
def test_a_change_is_one_line_that_says_where(after: dict[str, Any], said: str) -> None:
    (line,) = differences(BEFORE, after)
    assert line.startswith(f"{said}: ")


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        changed("annotated", value="annotated/a.mp4"),
        changed("model", value="full"),
        {**BEFORE, "generator": "posecoach 9", "rules": 1},
    ],
    ids=["nothing", "a copy was drawn", "a new field", "another version"],
)
def test_version_paths_and_new_fields_are_no_change(after: dict[str, Any]) -> None:
    assert list(differences(BEFORE, after)) == []


def test_the_command_says_what_differs(tmp_path: Path) -> None:
    for name, content in (("before", BEFORE), ("after", changed("people", 0, "score", value=1.0))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(json.dumps(content), "utf-8")
    command = [sys.executable, "-m", "tests.same_results", str(tmp_path / "before")]
    done = [
        subprocess.run([*command, str(tmp_path / name)], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
        for name in ("after", "before")
    ]
    assert [run.returncode for run in done] == [1, 0]
    assert "people[1].score" in done[0].stdout
