"""A camera, an estimator and a server for tests: the grey of a picture says who stands in it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np

from posecoach.calibration_store import CalibrationStore
from posecoach.landmarks import FACE_COUNT
from posecoach.live_camera import LiveCamera
from posecoach.live_visitors import Visitors
from posecoach.measures import MEASURES
from posecoach.records import Frame, Landmarks
from posecoach.resources import font_path, rules_dir
from posecoach.rule_schema import RuleSet
from posecoach.rules import load_rule_sets
from posecoach.sources.camera import STOPPED, CameraAddress, CameraError, Image
from posecoach.webapp import Services
from posecoach.webapp.passphrase import Logins
from tests.factories import SIZE_WH, STANDING, Figure

SIDE_PX = 300
BLACK, NOBODY, RIGHT, WRONG = 0, 60, 120, 180
"""Greys: a black picture, an empty room, somebody who stands well, somebody whose left shoulder is high."""

FIGURES = {RIGHT: STANDING, WRONG: replace(STANDING, shoulder_tilt_deg=14.0)}
FAULT = "stand.shoulders_level"
RULE_SETS: dict[str, RuleSet] = load_rule_sets(rules_dir(), MEASURES)


def picture(grey: int) -> Image:
    """A picture of one grey with an edge in it."""
    image = np.full((SIDE_PX, SIDE_PX, 3), grey, np.uint8)
    image[:, :1] = min(255, grey + (60 if grey else 0))
    return image


def jpeg(grey: int, size_wh: tuple[int, int] = (SIDE_PX, SIDE_PX), kind: str = ".jpg") -> bytes:
    """The same encoded."""
    return cv2.imencode(kind, cv2.resize(picture(grey), size_wh))[1].tobytes()


class GreyEstimator:
    """Finds whoever the grey stands for; the face is a cloud of points that describes nothing."""

    def __init__(self) -> None:
        self.is_open = True

    def estimate(self, frame: Frame) -> Landmarks:
        assert self.is_open
        grey = round(float(np.median(frame.image_bgr[::8, ::8])))
        figure = FIGURES.get(min(FIGURES, key=lambda known: abs(known - grey))) if grey > (NOBODY + RIGHT) / 2 else None
        return Landmarks.absent(frame.size_wh) if figure is None else landmarks_of(figure, frame.size_wh)

    def __enter__(self) -> GreyEstimator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.is_open = False


def landmarks_of(figure: Figure, size_wh: tuple[int, int]) -> Landmarks:
    """A figure as found in a picture of this size."""
    ratio = np.array(size_wh) / SIZE_WH
    face = np.full((FACE_COUNT, 2), np.nan)
    return Landmarks(figure.pose_px() * ratio, figure.camera_m(), figure.visibility(), face, size_wh)


@dataclass
class FakeCamera:
    """Hands out what is set: a grey, or None for a camera that is gone."""

    grey: int | None = RIGHT
    fps: float = 25.0
    opened: int = 0

    def pictures(self, _address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        """As `posecoach.sources.camera.pictures`."""
        self.opened += 1
        while True:
            if self.grey is None:
                raise CameraError("lost", STOPPED)
            yield picture(self.grey)
            if wait(1 / self.fps):
                return


@dataclass
class World:
    """Services with a fake camera, and the camera's handle."""

    services: Services
    camera: FakeCamera
    threads_before: int = field(default_factory=threading.active_count)


@contextmanager
def world(folder: Path, *, has_camera: bool = True, max_visitors: int = 3, logins: Logins | None = None, **more: Any) -> Iterator[World]:
    """Running services; everything is stopped on leaving."""
    fake = FakeCamera()
    address = CameraAddress("device", "0", "0") if has_camera else None
    camera = LiveCamera(address, RULE_SETS, GreyEstimator, font_path(), fake.pictures)
    visitors = Visitors(RULE_SETS, GreyEstimator, max_visitors)
    services = Services(camera, visitors, CalibrationStore(folder), RULE_SETS, logins=logins, **more)
    camera.start()
    try:
        yield World(services, fake)
    finally:
        services.stopping.set()
        camera.stop()
        visitors.stop()


def until(find: Callable[[], Any], seconds: float = 5.0) -> Any:
    """The first true answer of ``find``; fails when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s")


def read_events(stream: Any, count: int) -> list[dict[str, Any]]:
    """So many states out of a stream of server-sent events."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        line = stream.readline()
        assert line, "the stream has ended"
        if line.startswith(b"data: "):
            found.append(json.loads(line[6:]))
    return found
