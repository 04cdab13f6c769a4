"""Clips that lie on their side or are mirrored: turned as the command and the roster say; else no verdict, but the advice to turn them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.body.records import Turn
from posecoach.jobs.batch import BatchOptions, grade_all
from posecoach.jobs.tools import Tools
from posecoach.sources.video import VideoSource
from posecoach.storage.landmark_files import load_blocks
from tests.fake_estimator import HERE, here
from tests.jobs.test_batch import Quiet, video
from tests.odd_media import even_times, write_video

SAMPLES = Path(__file__).parents[2] / "sample_videos"
SIDE = SAMPLES / "stand_lean_forward_m4_side.mp4"
FRONT = SAMPLES / "stand_ok_hands_front_f5_front.mp4"


def grade(clip: Path, out: Path, tools: Tools, **settings: Any) -> dict[str, Any]:
    grade_all(BatchOptions(paths=(str(clip),), out=out, **{"annotate": False, "drill": "standing", **settings}), Quiet(), tools=tools)
    [found] = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    return dict(found)


def size_of(out: Path, clip: dict[str, Any]) -> tuple[int, int]:
    return next(load_blocks(out / clip["landmarks"])).size_wh


def test_the_roster_turns_a_clip_and_else_the_command_does(tmp_path: Path) -> None:
    clip, fake = video(tmp_path / "a.mp4"), HERE
    (tmp_path / "roster.csv").write_text("file,rotate\na.mp4,180\n", "utf-8")
    plain = grade(clip, tmp_path / "plain", fake)
    turned = grade(clip, tmp_path / "turned", fake, turn=Turn(90))
    by_roster = grade(clip, tmp_path / "roster", fake, turn=Turn(90), roster=tmp_path / "roster.csv")
    sizes = [size_of(tmp_path / name, found) for name, found in (("plain", plain), ("turned", turned), ("roster", by_roster))]
    assert sizes == [(160, 120), (120, 160), (160, 120)]


def test_a_clip_that_is_to_be_turned_now_is_graded_again_on_resume(tmp_path: Path) -> None:
    clip, fake = video(tmp_path / "a.mp4"), HERE
    grade(clip, tmp_path / "out", fake)
    found = grade(clip, tmp_path / "out", fake, turn=Turn(270), resume=True)
    assert size_of(tmp_path / "out", found) == (120, 160)


def rewritten(clip: Path, out: Path, change: Callable[[Any], Any]) -> Path:
    """The clip with every picture changed."""
    with VideoSource(clip, 10) as source:
        pictures = [np.ascontiguousarray(change(frame.image_bgr)) for frame in source]
    size_wh = (pictures[0].shape[1], pictures[0].shape[0])
    return write_video(out, even_times(len(pictures), 10), size_wh, lambda i, _: pictures[i], rate=10, options={"crf": "14"})


@pytest.mark.model
@pytest.mark.parametrize("rotate_deg", [90, 180, 270])
def test_a_clip_that_lies_is_warned_of_and_right_once_it_is_turned(tmp_path: Path, rotate_deg: int) -> None:
    how = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}[rotate_deg]
    clip = rewritten(SIDE, tmp_path / "lies.mp4", lambda image: cv2.rotate(image, how))
    lying = grade(clip, tmp_path / "lying", Tools(runner=here), drill="auto")
    assert lying["warnings"] == ["sideways"]
    assert all(clause["state"] == "unjudged" for person in lying["people"] for clause in person["clauses"])
    turned = grade(clip, tmp_path / "turned", Tools(runner=here), turn=Turn(rotate_deg))
    assert turned["warnings"] == []
    assert states(turned) == states(grade(SIDE, tmp_path / "upright", Tools(runner=here)))


@pytest.mark.model
def test_a_mirrored_selfie_is_judged_as_others_see_the_person(tmp_path: Path) -> None:
    clip = rewritten(FRONT, tmp_path / "selfie.mp4", lambda image: cv2.flip(image, 1))
    upright = values(grade(FRONT, tmp_path / "upright", Tools(runner=here)))
    unmirrored = values(grade(clip, tmp_path / "turned", Tools(runner=here), turn=Turn(0, True)))
    assert unmirrored["stand.shoulders_level"] == pytest.approx(upright["stand.shoulders_level"], abs=0.5)


def states(clip: dict[str, Any]) -> dict[str, str]:
    return {clause["id"]: clause["state"] for clause in clip["people"][0]["clauses"]}


def values(clip: dict[str, Any]) -> dict[str, float]:
    return {clause["id"]: clause["value"] for clause in clip["people"][0]["clauses"] if clause["value"] is not None}
