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
import pytest
from flask import Flask
from werkzeug.serving import make_server

from posecoach.body.landmarks import FACE_COUNT
from posecoach.body.records import Frame, Landmarks
from posecoach.live import camera as live_module
from posecoach.live.camera import LiveCamera
from posecoach.live.pace import JUDGE_EVERY_S, Pace
from posecoach.live.slots import Broadcast
from posecoach.live.visitors import Visitors
from posecoach.resources import font_path
from posecoach.sources.camera import STOPPED, CameraAddress, CameraError
from posecoach.sources.upright import Image
from posecoach.storage.calibrations import CalibrationStore
from posecoach.webapp import Services
from posecoach.webapp.logins import Logins
from tests.factories import SIZE_WH, STANDING, Figure
from tests.shipped import RULE_SETS

SIDE_PX = 300
BLACK, NOBODY, RIGHT, WRONG = 0, 60, 120, 180
"""Greys: a black picture, an empty room, somebody who stands well, somebody whose left shoulder is high."""

FIGURES = {RIGHT: STANDING, WRONG: replace(STANDING, shoulder_tilt_deg=14.0)}
FAULT = "stand.shoulders_level"
SPEED = 4.0


def picture(grey: int) -> Image:
    """A picture of one grey with an edge in it."""
    image = np.full((SIDE_PX, SIDE_PX, 3), grey, np.uint8)
    image[:, :1] = min(255, grey + (60 if grey else 0))
    return image


def jpeg(grey: int, size_wh: tuple[int, int] = (SIDE_PX, SIDE_PX), kind: str = ".jpg") -> bytes:
    """The same encoded."""
    return cv2.imencode(kind, cv2.resize(picture(grey), size_wh))[1].tobytes()


class GreyEstimator:
    """Finds whoever the grey stands for; the face is a cloud of points that describes nothing. Sets ``looked`` after each picture."""

    warnings: tuple[str, ...] = ()
    is_in_company = False
    with_hands = False

    def __init__(self, looked: threading.Event | None = None) -> None:
        self.is_open = True
        self._looked = looked

    def estimate(self, frame: Frame) -> Landmarks:
        assert self.is_open
        if self._looked is not None:
            self._looked.set()
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
    """Hands out what is set: a grey, or None for a camera that is gone.

    ``now_s`` is a clock of its own, which goes on from picture to picture: with it, how long the machine takes changes nothing. ``speed``
    is how much faster than that clock the pictures come; each waits up to ``patience_s`` until the one before has been looked at.
    """

    grey: int | None = RIGHT
    fps: float = 12.5
    speed: float = 1.0
    patience_s: float = 0.0
    opened: int = 0
    now_s: float = field(default_factory=time.monotonic)
    looked: threading.Event = field(default_factory=threading.Event)

    def clock(self) -> float:
        """Seconds, of the newest picture."""
        return self.now_s

    def pictures(self, _address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        """As `posecoach.sources.camera.pictures`."""
        self.opened += 1
        while True:
            if self.grey is None:
                raise CameraError("lost", STOPPED)
            self.now_s += 1 / self.fps
            yield picture(self.grey)
            if wait(1 / self.fps / self.speed):
                return
            self.looked.wait(self.patience_s)
            self.looked.clear()


class Unhurried(Pace):
    """Nothing is too slow: how fast this machine is must not matter."""

    def note(self, t_ms: float, lag_ms: float) -> None:
        pass


@dataclass
class World:
    """Services with a fake camera, the camera's handle, and every state that was told."""

    services: Services
    camera: FakeCamera
    told: list[dict[str, Any]]


@contextmanager
def world(
    folder: Path, *, has_camera: bool = True, max_visitors: int = 3, logins: Logins | None = None, speed: float = SPEED, **more: Any
) -> Iterator[World]:
    """Running services, so many times as fast as they would be in use; everything is stopped on leaving."""
    fake = FakeCamera(speed=speed, patience_s=1.0)
    address = CameraAddress("device", "0", "0") if has_camera else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_module, "JUDGE_EVERY_S", JUDGE_EVERY_S / speed)
        camera = LiveCamera(address, RULE_SETS, lambda: GreyEstimator(fake.looked), font_path(), fake.pictures)
        camera._clock, camera._start_s, camera._pace = fake.clock, fake.now_s, Unhurried()
        visitors = Visitors(RULE_SETS, GreyEstimator, max_visitors)
        services = Services(camera, visitors, CalibrationStore(folder), RULE_SETS, logins=logins, **more)
        told = heard(camera.events)
        camera.start()
        try:
            yield World(services, fake, told)
        finally:
            services.stopping.set()
            camera.stop()
            visitors.stop()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an app that answers on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def heard(events: Broadcast[bytes]) -> list[dict[str, Any]]:
    """All states from now on, as they are told; a reader that is slow would miss some."""
    told: list[dict[str, Any]] = []
    publish = events.publish

    def note(item: bytes) -> None:
        told.append(json.loads(item))
        publish(item)

    events.publish = note  # type: ignore[method-assign]
    return told


def read_events(stream: Any, count: int) -> list[dict[str, Any]]:
    """So many states out of a stream of server-sent events."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        line = stream.readline()
        assert line, "the stream has ended"
        if line.startswith(b"data: "):
            found.append(json.loads(line[6:]))
    return found
