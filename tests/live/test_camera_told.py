"""What the server's camera tells of a slow computer and of others in the picture."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from posecoach.body.records import Frame, Landmarks, Turn
from posecoach.judging.sketch import Look
from posecoach.live.camera import LiveCamera
from posecoach.live.drawing import Shown
from posecoach.live.messages import OK
from posecoach.live.session import LiveSession
from posecoach.resources import font_path
from posecoach.sources.camera import CameraAddress
from tests.odd_media import corners, quarters
from tests.shipped import RULE_SETS
from tests.webapp.fakes import FIGURES, RIGHT, GreyEstimator, landmarks_of, picture

GREY = 200
SHOWN = Shown(Look(True, "zh"))


class SlowEstimator(GreyEstimator):
    """Takes its time, on the camera's own clock."""

    takes_s = 0.0
    now_s = 100.0

    def estimate(self, frame: Frame) -> Landmarks:
        self.now_s += self.takes_s
        return super().estimate(frame)


def told(takes_s: float, *, is_in_company: bool = False) -> tuple[list[dict[str, Any]], list[float]]:
    """The states told of ten pictures, each judged as soon as it was looked at; and the times of the pictures left to be drawn."""
    estimator = SlowEstimator()
    estimator.takes_s, estimator.is_in_company = takes_s, is_in_company
    camera = LiveCamera(CameraAddress("device", "0", "0"), RULE_SETS, lambda: estimator, font_path())
    camera._clock, camera._start_s = lambda: estimator.now_s, estimator.now_s
    _, leave = camera.watch(SHOWN)
    states, drawn = [], []
    for _ in range(10):
        estimator.now_s += 0.05
        camera._take(np.ascontiguousarray(picture(GREY)))
        frame = camera._frames.take(0.0)
        assert frame is not None
        camera._estimate(estimator, frame)
        camera._judge_newest()
        states.append(json.loads(camera.events.newest() or b"{}"))
        shown = camera._to_draw.take(0.0)
        drawn.append(-1.0 if shown is None else shown.frame.t_ms)
    leave()
    return states, drawn


def test_a_quick_computer_says_nothing_of_it() -> None:
    states, drawn = told(takes_s=0.03)
    assert {state["slow"] is None for state in states} == {True}
    assert drawn == pytest.approx([state["t_ms"] for state in states], abs=0.1)


def test_a_slow_computer_says_so_and_shows_what_was_judged() -> None:
    states, drawn = told(takes_s=0.9)
    assert all("跟不上" in state["slow"]["zh"] for state in states[1:])
    assert {state["praise"] for state in states} == {None}
    assert drawn[1:] == pytest.approx([state["t_ms"] for state in states[1:]], abs=0.1), "the picture drawn is the one the verdict is about"


def test_somebody_else_in_the_picture_is_told() -> None:
    states, _ = told(takes_s=0.03, is_in_company=True)
    assert all("一个人" in state["company"]["zh"] for state in states)
    assert told(takes_s=0.03)[0][-1]["company"] is None


def test_a_camera_that_hangs_on_its_side_is_turned_for_all_who_use_it() -> None:
    camera = LiveCamera(CameraAddress("device", "0", "0"), RULE_SETS, GreyEstimator, font_path())
    frames: list[Frame] = []
    camera.lend(frames.append)
    camera._take(quarters(0, (96, 64)))
    camera.turn = Turn(90)
    camera._take(quarters(0, (96, 64)))
    assert [(frame.size_wh, corners(frame.image_bgr)) for frame in frames] == [((96, 64), "bgrw"), ((64, 96), "wbgr")]


def test_a_picture_that_changes_its_size_is_told_on_the_page_and_in_the_check() -> None:
    session = LiveSession(RULE_SETS)

    def told_at(t_ms: float, size_wh: tuple[int, int]) -> dict[str, Any]:
        session.push(t_ms, landmarks_of(FIGURES[RIGHT], size_wh))
        return session.to_dict(session.state(GREY), OK, t_ms, is_slow=False, has_company=False)

    session.start_check(5.0)
    states = [told_at(100.0 * i, (640, 480) if i < 60 else (480, 640)) for i in range(81)]
    assert {state["size_changed"] is None for state in states[:60]} == {True}
    assert "大小变了" in states[60]["size_changed"]["zh"]
    told = {warning["id"]: warning["zh"] for warning in states[-1]["check"]["result"]["warnings"]}
    assert "只评了变化之后" in told["size_changed"]
    assert told_at(12_000.0, (480, 640))["size_changed"] is None
    session.start_check(1.0)
    states = [told_at(13_000.0 + 100.0 * i, (480, 640)) for i in range(60)]
    assert states[-1]["check"]["result"]["warnings"] == []
