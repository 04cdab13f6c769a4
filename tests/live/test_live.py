"""The live coach with real models on clips, and that it keeps to itself."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.body.records import Drawing, Frame, Landmarks
from posecoach.drawing.painter import paint
from posecoach.drawing.text import TextPainter
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.judging.live import LiveJudge, LiveState, Settings
from posecoach.judging.practice import practise_first
from posecoach.judging.scene import Mark, Scene
from posecoach.judging.sketch import Look, sketch_of
from posecoach.live import camera as live_module
from posecoach.live.camera import LiveCamera
from posecoach.live.drawing import LiveDrawing, Shown
from posecoach.live.pace import JUDGE_EVERY_S
from posecoach.live.slots import Broadcast, Slot
from posecoach.live.threads import POLL_S
from posecoach.resources import font_path
from posecoach.sources.camera import CameraAddress
from posecoach.sources.upright import Image
from posecoach.sources.video import VideoSource
from posecoach.vocabulary import Posture, Profile, State, Text, View
from tests.factories import STANDING, Figure
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.fakes import FAULT, FIGURES, RIGHT, SPEED, WRONG, heard, landmarks_of

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_videos"
ARMS_FOLDED = "meeting_arms_folded_f4_front.mp4"


class ClipCamera:
    """A clip over and over, on the clip's own clock: each picture comes when the one before has been looked at."""

    def __init__(self, clip: str) -> None:
        with VideoSource(SAMPLES / clip) as source:
            self.frames = list(source)
        self.now_s = time.monotonic()
        self._looked = threading.Event()

    def clock(self) -> float:
        return self.now_s

    def estimator(self) -> MediaPipeEstimator:
        """The real one, which lets the next picture come."""
        looked = self._looked

        class Looking(MediaPipeEstimator):
            def estimate(self, frame: Frame) -> Landmarks:
                try:
                    return super().estimate(frame)
                finally:
                    looked.set()

        return Looking()

    def pictures(self, _address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        step_s = (self.frames[-1].t_ms - self.frames[0].t_ms) / 1000 / (len(self.frames) - 1)
        for frame in cycle(self.frames):
            self.now_s += step_s
            yield frame.image_bgr
            while not self._looked.wait(POLL_S):
                if wait(0.0):
                    return
            self._looked.clear()


@contextmanager
def coach(clip: str, topic: str, profile: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """A live coach before a clip, faster than in use; what it tells."""
    monkeypatch.setattr(live_module, "JUDGE_EVERY_S", JUDGE_EVERY_S / SPEED)
    source = ClipCamera(clip)
    camera = LiveCamera(CameraAddress("file", clip, clip), RULE_SETS, source.estimator, font_path(), source.pictures)
    camera._clock, camera._start_s = source.clock, source.now_s
    camera.session.choose(topic, profile)
    told = heard(camera.events)
    camera.start()
    try:
        yield told
    finally:
        camera.stop()


@pytest.mark.model
def test_folded_arms_are_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    with coach(ARMS_FOLDED, "morning_meeting", "female", monkeypatch) as told:
        said = until(lambda: [state["correction"] for state in told if state["correction"]])
        assert said[0]["id"] == "meeting.no_fault_arms"


@pytest.mark.model
def test_a_right_posture_is_never_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    with coach("meeting_ok_hands_behind_m5_front.mp4", "morning_meeting", "male", monkeypatch) as told:
        ready = until(lambda: [state for state in told if state["placement"]["ready"]])[0]
        until(lambda: told[-1]["t_ms"] > ready["t_ms"] + 3500)
        assert not any(state["correction"] for state in told)
        assert [clause for clause in told[-1]["clauses"] if clause["state"] == "pass"]


_AUDITED = """
import socket, sys, time
from pathlib import Path

def forbid(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        assert args[0] in ("127.0.0.1", "localhost", None), args
    if event == "socket.connect" and args[0].family in (socket.AF_INET, socket.AF_INET6):
        assert args[1][0] in ("127.0.0.1", "::1"), args

sys.addaudithook(forbid)
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.webapp.server import LiveServer, ServeOptions
from tests.shipped import RULE_SETS
server = LiveServer(ServeOptions(camera=sys.argv[1], port=0, folder=Path(sys.argv[2])), RULE_SETS, MediaPipeEstimator)
server.start()
end = time.monotonic() + 200
while server.services.camera.status()["captured"] < 6 or not server.services.camera.state()["person"]:
    assert time.monotonic() < end, "nobody was seen"
    time.sleep(0.05)
server.stop()
"""


@pytest.mark.model
def test_no_connection_leaves_this_machine(tmp_path: Path) -> None:
    clip = SAMPLES / "smile_open_f5_face.mp4"
    command = [sys.executable, "-c", _AUDITED, str(clip), str(tmp_path)]
    trace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(tmp_path / "trace")]
    done = subprocess.run([*trace, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "trace").read_text("utf-8").splitlines()
    outside = [line for line in lines if "AF_INET" in line and "127.0.0.1" not in line and '"::1"' not in line]
    assert not outside


# --- how soon, in the time of the pictures ------------------------------------------------------------------------------------------------


def judged(shots: Iterable[tuple[float, Landmarks]], settings: Settings) -> Iterator[LiveState]:
    """What is told of landmarks as they come, as often as the server does."""
    judge, due_ms = LiveJudge(settings), 0.0
    for t_ms, landmarks in shots:
        judge.push(t_ms, landmarks)
        if t_ms >= due_ms:
            due_ms = t_ms + 1000 * JUDGE_EVERY_S
            state = judge.state(128.0)
            assert state is not None
            yield state


def figures(*seconds: tuple[Figure | None, float]) -> Iterator[tuple[float, Landmarks]]:
    """Figures one after the other, or an empty room, 25 pictures a second."""
    shown = [figure for figure, length_s in seconds for _ in range(round(25 * length_s))]
    for i, figure in enumerate(shown):
        yield 40.0 * i, Landmarks.absent((300, 300)) if figure is None else landmarks_of(figure, (300, 300))


@pytest.mark.model
def test_folded_arms_are_corrected_within_two_seconds_of_being_seen() -> None:
    rules = RULE_SETS["morning_meeting"]
    with VideoSource(SAMPLES / ARMS_FOLDED) as clip, MediaPipeEstimator() as estimator:
        states = list(judged(((frame.t_ms, estimator.estimate(frame)) for frame in clip), Settings(rules, Profile.FEMALE)))
    seen_ms = next(state.t_ms for state in states if state.posture is not Posture.ABSENT)
    advice = next(state.advice for state in states if state.advice.fault)
    assert advice.fault is not None
    assert advice.fault.rule_id == "meeting.no_fault_arms"
    assert advice.since_ms - seen_ms < max(2000, 1000 * rules.rule(advice.fault.rule_id).hold_s + 1000)


def test_a_fault_is_corrected_within_two_seconds_and_praised_as_soon_as_it_is_mended() -> None:
    states = list(judged(figures((FIGURES[RIGHT], 4), (FIGURES[WRONG], 4), (FIGURES[RIGHT], 4)), Settings(RULE_SETS["standing"])))
    said = [(state.t_ms, state.advice.fault.rule_id) for state in states if state.advice.fault]
    assert {rule_id for _, rule_id in said} == {FAULT}
    assert 4000 <= said[0][0] < 6000
    praised = [state.t_ms for state in states if state.advice.praised == FAULT]
    assert 8000 <= praised[0] < 10_000


def test_a_person_who_leaves_pauses_judging_within_a_second() -> None:
    states = list(judged(figures((FIGURES[RIGHT], 4), (None, 4), (FIGURES[RIGHT], 4)), Settings(RULE_SETS["standing"])))
    ready = {state.t_ms: state.is_ready for state in states}
    assert all(is_ready for t_ms, is_ready in ready.items() if 1500 <= t_ms < 4000 or t_ms >= 9500)
    assert not any(is_ready for t_ms, is_ready in ready.items() if 5000 <= t_ms < 8000)
    assert all(moment.state is State.UNJUDGED for state in states if 5000 <= state.t_ms < 8000 for moment in state.moments)


# --- a check ------------------------------------------------------------------------------------------------------------------------------


def checked(*seconds: tuple[Figure | None, float], from_s: float = 2.0, change: Settings | None = None) -> dict[float, LiveState]:
    """What is told at each time while a check of ten seconds is asked for; half-way through it something else may be chosen."""
    judge, told = LiveJudge(Settings(RULE_SETS["standing"], Profile.FEMALE)), {}
    for t_ms, landmarks in figures(*seconds):
        judge.push(t_ms, landmarks)
        if t_ms == 1000 * from_s:
            judge.start_check(10.0)
        if t_ms == 1000 * (from_s + 8) and change is not None:
            judge.change(change)
        if t_ms % 400 == 0:
            state = judge.state(128.0)
            assert state is not None
            told[t_ms] = state
    return told


def test_a_check_ends_with_the_one_it_was_begun_for_and_is_not_the_next_persons() -> None:
    told = checked((FIGURES[RIGHT], 6), (None, 5), (FIGURES[WRONG], 8))
    phases = [(t_ms, state.check.phase) for t_ms, state in told.items() if state.check]
    assert {phase for _, phase in phases} == {"countdown", "judging"}
    assert max(t_ms for t_ms, _ in phases) == pytest.approx(10_000, abs=500)


def test_a_check_goes_on_when_somebody_is_not_seen_for_a_moment() -> None:
    told = checked((FIGURES[RIGHT], 6), (None, 2), (FIGURES[RIGHT], 9))
    last = told[max(told)].check
    assert last is not None
    assert last.phase == "done"
    assert last.result is not None


@pytest.mark.parametrize("change", [Settings(RULE_SETS["standing"], Profile.MALE), Settings(RULE_SETS["morning_meeting"], Profile.FEMALE)])
def test_a_check_is_of_one_topic_and_profile(change: Settings) -> None:
    told = checked((FIGURES[RIGHT], 16), change=change)
    assert max(t_ms for t_ms, state in told.items() if state.check) < 10_000


def test_what_is_close_is_told_with_its_direction_too() -> None:
    close = replace(STANDING, shoulder_tilt_deg=4.5)
    check = checked((close, 16))[15_600.0].check
    assert check is not None
    assert check.result is not None
    found = {item.id: item for item in practise_first(check.result, RULE_SETS["standing"])}
    states = {clause.id: clause.state for clause in check.result.person.clauses}
    assert states[FAULT] is State.WARN
    assert found[FAULT].words.zh == "请把左肩放低一点"
    assert found[FAULT].limits == (-3.0, 3.0)


# --- drawing ------------------------------------------------------------------------------------------------------------------------------


def test_the_mirrored_picture_is_turned_over_before_anything_is_drawn_on_it() -> None:
    landmarks = landmarks_of(STANDING, (640, 640))
    mark = Mark(Text("双肩放平", "Shoulders level"), State.FAIL, 12.0, "deg", (-3.0, 3.0), Drawing("tilt", ((11,), (12,))), None)
    scene = Scene(landmarks, Posture.STANDING, View.FRONT, (mark,), None)
    picture = np.full((640, 640, 3), 90, np.uint8)
    picture[:, :320] = 60
    sent = decoded(LiveDrawing(font_path()).jpeg(picture, scene, Shown(Look(True, "zh"))))
    expected = np.ascontiguousarray(picture[:, ::-1])
    paint(expected, sketch_of(scene, Look(True, "zh")).shapes, TextPainter(font_path()))
    assert np.abs(sent.astype(int) - expected).mean() < 2
    assert (picture == np.where(np.arange(640) < 320, 60, 90)[None, :, None]).all(), "the given picture is left as it is"


def decoded(jpeg: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_wide_pictures_are_sent_smaller_with_the_marks_in_place() -> None:
    scene = Scene(landmarks_of(STANDING, (1920, 1920)), Posture.STANDING, View.FRONT, (), None)
    sent = decoded(LiveDrawing(font_path()).jpeg(np.full((1920, 1920, 3), 90, np.uint8), scene, Shown(Look(False, "zh"))))
    assert sent.shape == (1280, 1280, 3)
    ys, _ = np.nonzero(np.abs(sent.astype(int) - 90).max(2) > 40)
    assert ys.max() == pytest.approx(landmarks_of(STANDING, (1280, 1280)).pose_px[:, 1].max(), abs=12)


def test_small_pictures_are_sent_as_large_as_they_are_shown_with_words_that_can_be_read_there() -> None:
    asked = Shown.near(Look(True, "zh", font_px=37.0), 1100)
    assert (asked.width_px, asked.look.font_px) == (1280, 40)
    assert Shown.near(Look(), 700).width_px == 0
    mark = Mark(Text("双肩放平", "Shoulders level"), State.FAIL, 12.0, "deg", (-3.0, 3.0), Drawing("tilt", ((11,), (12,))), None)
    scene = Scene(landmarks_of(STANDING, (640, 640)), Posture.STANDING, View.FRONT, (mark,), None)
    sent = decoded(LiveDrawing(font_path()).jpeg(np.full((640, 640, 3), 90, np.uint8), scene, asked))
    assert sent.shape == (1280, 1280, 3)
    expected = np.full((1280, 1280, 3), 90, np.uint8)
    paint(expected, sketch_of(replace(scene, landmarks=landmarks_of(STANDING, (1280, 1280))), asked.look).shapes, TextPainter(font_path()))
    assert np.abs(sent.astype(int) - expected).mean() < 2


# --- handing on ---------------------------------------------------------------------------------------------------------------------------


def test_a_slot_keeps_the_newest_and_counts_what_it_drops() -> None:
    slot: Slot[int] = Slot()
    for i in range(5):
        slot.put(i)
    assert (slot.take(0), slot.take(0), slot.dropped) == (4, None, 4)


def test_readers_get_the_newest_and_a_new_one_nothing_old() -> None:
    news: Broadcast[str] = Broadcast()
    leave = news.join()
    for text in ("a", "b", "c"):
        news.publish(text)
    assert news.after(0, 0) == (3, "c")
    assert news.after(3, 0) == (3, None)
    leave()
    leave()
    assert news.readers == 0
    assert news.newest() is None
