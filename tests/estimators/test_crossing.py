"""Real models on somebody who walks through the picture, or on nobody else: what is handed out is the same body throughout."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Frame, Landmarks
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.sources.inputs import Input, open_source

SAMPLES = Path(__file__).parents[2] / "sample_videos"
STANDS = SAMPLES / "stand_ok_hands_front_f5_front.mp4"
WALKS = SAMPLES / "meeting_arms_folded_f4_front.mp4"
TRUNK = [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER, Pose.LEFT_HIP, Pose.RIGHT_HIP]
COMES_MS, GOES_MS = 2600.0, 4800.0

pytestmark = [pytest.mark.model, pytest.mark.slow]


def frames_of(path: Path) -> Iterator[Frame]:
    with open_source(Input(path, path.name, "video", path.stem), 10.0) as source:
        yield from source


def standing() -> Iterator[Frame]:
    """Eight seconds of the one who stands: the clip forwards and backwards."""
    clip = list(frames_of(STANDS))
    for i, frame in zip(range(80), cycle([*clip, *reversed(clip)]), strict=False):
        yield Frame(frame.image_bgr, i, 100.0 * i, frame.source)


def passer(larger: float) -> Array:
    """Somebody with the background close around, cut from a clip and enlarged: (h, w, 3)."""
    image = next(frames_of(WALKS)).image_bgr
    width = image.shape[1]
    return cv2.resize(image[:, int(0.36 * width) : int(0.64 * width)], None, fx=larger, fy=larger)


def crossed(larger: float, stops: bool) -> Iterator[Frame]:
    """The one who stands, while somebody goes from left to right in front, or stops in the middle."""
    other = passer(larger)
    for frame in standing():
        image = frame.image_bgr.copy()
        height, width = image.shape[:2]
        share = (frame.t_ms - COMES_MS) / (GOES_MS - COMES_MS)
        left = round(-other.shape[1] + (min(share, 0.5) if stops else share) * (width + other.shape[1]))
        first, last = max(left, 0), min(left + other.shape[1], width)
        if last > first:
            image[:, first:last] = other[-height:, first - left : last - left]
        yield Frame(np.ascontiguousarray(image), frame.index, frame.t_ms, frame.source)


def followed(frames: Iterator[Frame]) -> tuple[list[tuple[float, Landmarks]], tuple[str, ...]]:
    with MediaPipeEstimator() as estimator:
        found = [(frame.t_ms, estimator.estimate(frame)) for frame in frames]
        return found, estimator.warnings


@pytest.fixture(scope="module")
def alone() -> list[tuple[float, Landmarks]]:
    """The one who stands, while nobody passes."""
    found, warnings = followed(standing())
    assert warnings == ()
    return found


@pytest.mark.parametrize(("larger", "stops"), [(1.0, False), (1.25, False), (1.25, True)], ids=["as large", "nearer", "stops in front"])
def test_nobody_else_is_handed_out(larger: float, stops: bool, alone: list[tuple[float, Landmarks]]) -> None:
    found, warnings = followed(crossed(larger, stops))
    off = [
        float(np.linalg.norm(landmarks.pose_px[TRUNK] - before.pose_px[TRUNK], axis=1).mean())
        for (_, landmarks), (_, before) in zip(found, alone, strict=True)
        if landmarks.has_pose
    ]
    assert max(off) < 25, "pixels; the trunk of the other would be elsewhere"
    assert len(off) >= (25 if stops else 55)
    assert "person_unsure" in warnings
    if not stops:
        assert all(landmarks.has_pose for t_ms, landmarks in found if t_ms > GOES_MS + 600), "found again at once"


def test_who_gets_up_alone_behind_a_counter_is_followed_all_the_time(shared_data: Path) -> None:
    """Three seconds at the desk, then the clerk nods, rises and shows the exit."""
    clip = list(frames_of(shared_data / "moves" / "window_ok_f1_upper.mp4"))[190:250]
    found, warnings = followed(Frame(frame.image_bgr, i, 100.0 * i, frame.source) for i, frame in enumerate(clip))
    assert all(landmarks.has_pose for _, landmarks in found)
    assert warnings == ()
