"""The live coach with real models on clips, and that it keeps to itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.live_camera import LiveCamera
from posecoach.live_drawing import LiveDrawing, Look
from posecoach.live_slots import Broadcast, Slot
from posecoach.records import Drawing, Posture, State, Text, View
from posecoach.resources import font_path
from posecoach.scene import Mark, Scene
from posecoach.sources.camera import CameraAddress
from tests.factories import STANDING
from tests.webapp.fakes import RULE_SETS, landmarks_of, until

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_videos"


@contextmanager
def coach(clip: str, topic: str, profile: str) -> Iterator[LiveCamera]:
    camera = LiveCamera(CameraAddress.parse(str(SAMPLES / clip)), RULE_SETS, MediaPipeEstimator, font_path())
    camera.session.choose(topic, profile)
    camera.start()
    try:
        yield camera
    finally:
        camera.stop()


@pytest.mark.model
def test_folded_arms_are_corrected_within_two_seconds_of_being_seen() -> None:
    with coach("meeting_arms_folded_f4_front.mp4", "morning_meeting", "female") as camera:
        until(lambda: camera.state()["person"], 10)
        start = time.monotonic()
        correction: dict[str, Any] = until(lambda: camera.state()["correction"])
        hold_s = RULE_SETS["morning_meeting"].rule(correction["id"]).hold_s
        assert correction["id"] == "meeting.no_fault_arms"
        assert time.monotonic() - start < max(2.0, hold_s + 1.0)


@pytest.mark.model
def test_a_right_posture_is_never_corrected() -> None:
    with coach("meeting_ok_hands_behind_m5_front.mp4", "morning_meeting", "male") as camera:
        until(lambda: camera.state()["placement"]["ready"], 10)
        end, said = time.monotonic() + 3.5, []
        while time.monotonic() < end:
            said.append(camera.state()["correction"])
            time.sleep(0.1)
        assert not any(said)
        assert [clause for clause in camera.state()["clauses"] if clause["state"] == "pass"]


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
from tests.webapp.fakes import RULE_SETS
server = LiveServer(ServeOptions(camera=sys.argv[1], port=0, folder=Path(sys.argv[2])), RULE_SETS, MediaPipeEstimator)
server.start()
time.sleep(4)
print(server.services.camera.status()["captured"])
server.stop()
"""


@pytest.mark.model
def test_no_connection_leaves_this_machine(tmp_path: Path) -> None:
    clip = SAMPLES / "smile_open_f5_face.mp4"
    command = [sys.executable, "-c", _AUDITED, str(clip), str(tmp_path)]
    trace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(tmp_path / "trace")]
    done = subprocess.run([*trace, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5
    lines = (tmp_path / "trace").read_text("utf-8").splitlines()
    outside = [line for line in lines if "AF_INET" in line and "127.0.0.1" not in line and '"::1"' not in line]
    assert not outside


# --- drawing ------------------------------------------------------------------------------------------------------------------------------


def test_labels_read_the_same_in_the_mirrored_picture() -> None:
    landmarks = landmarks_of(STANDING, (640, 640))
    mark = Mark(Text("双肩放平", "Shoulders level"), State.FAIL, 12.0, "deg", (-3.0, 3.0), Drawing("tilt", ((11,), (12,))), None)
    scene = Scene(landmarks, Posture.STANDING, View.FRONT, (mark,), None)
    blank = np.full((640, 640, 3), 90, np.uint8)
    plain, mirrored = (decoded(LiveDrawing(font_path()).jpeg(blank, scene, Look(flip, "zh"))) for flip in (False, True))
    back = np.ascontiguousarray(mirrored[:, ::-1])
    difference = np.abs(plain.astype(int) - back.astype(int)).max(2) > 60
    ys, xs = np.nonzero(difference)
    assert len(xs), "the labels were not turned over"
    plate = slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1)
    straight, turned = (np.abs(plain[plate].astype(int) - other).mean() for other in (back[plate], back[plate][:, ::-1]))
    assert turned < straight / 2, "inside the label the picture is turned over, elsewhere it is the same"


def decoded(jpeg: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_wide_pictures_are_sent_smaller_with_the_marks_in_place() -> None:
    scene = Scene(landmarks_of(STANDING, (1920, 1920)), Posture.STANDING, View.FRONT, (), None)
    sent = decoded(LiveDrawing(font_path()).jpeg(np.full((1920, 1920, 3), 90, np.uint8), scene, Look(False, "zh")))
    assert sent.shape == (1280, 1280, 3)
    ys, _ = np.nonzero(np.abs(sent.astype(int) - 90).max(2) > 40)
    assert ys.max() == pytest.approx(landmarks_of(STANDING, (1280, 1280)).pose_px[:, 1].max(), abs=12)


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
