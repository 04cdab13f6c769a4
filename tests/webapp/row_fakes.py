"""A morning meeting without models: stored sightings of a rendered row of eight, before a camera whose pictures show nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from posecoach.body.records import Frame
from posecoach.live.camera import LiveCamera
from posecoach.live.row import RowSession
from posecoach.resources import font_path
from posecoach.row.live import LiveRow
from posecoach.row.places import Sighting
from posecoach.sources.camera import CameraAddress
from posecoach.sources.upright import Image
from posecoach.storage.saved_rosters import SavedRosters
from posecoach.webapp import Services, create_app
from tests.row.test_live import ALL, NAMED, PICTURE, RULES, TRUTH, Film
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.fakes import GreyEstimator, heard, world

__all__ = ["NAMED", "TRUTH", "Place", "row_place"]

FPS = 10.0
SPEED = 10.0


class SteadyCamera:
    """The same picture ten times a second, by a clock of its own that goes on with each: how long the machine takes changes nothing.

    The next one comes at the earliest ``1 / FPS / SPEED`` s later, and when the one before has been looked at or ``patience_s`` is over.
    """

    def __init__(self) -> None:
        self.now_s = time.monotonic()
        self.looked = threading.Event()
        self.patience_s = 1.0

    def clock(self) -> float:
        """Seconds, of the newest picture."""
        return self.now_s

    def pictures(self, _address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        """As `posecoach.sources.camera.pictures`."""
        while not wait(1 / FPS / SPEED):
            self.now_s += 1 / FPS
            yield PICTURE
            self.looked.wait(self.patience_s)
            self.looked.clear()


class WatchedFilm(Film):
    """A film that lets the next picture come when it has been asked about one."""

    def __init__(self, looked: threading.Event) -> None:
        super().__init__(ALL)
        self._looked = looked

    @property
    def waiting(self) -> frozenset[int]:
        return frozenset()

    def estimate(self, frame: Frame, has_time: Callable[[], bool]) -> Sequence[Sighting]:
        """As `Film`."""
        self._looked.set()
        return super().estimate(frame, has_time)


@dataclass
class Place:
    """A server's services with a morning meeting, its browser, its camera, every state that was told, and the films that stand in for
    models, the last one in use."""

    services: Services
    client: FlaskClient
    camera: SteadyCamera
    told: list[dict[str, Any]]
    films: list[Film]
    absent: set[int]

    @property
    def row(self) -> RowSession:
        """The row before the camera."""
        assert self.services.row is not None
        return self.services.row

    def state(self) -> dict[str, Any]:
        """The newest state."""
        found = self.client.get("/api/meeting").get_json()
        assert isinstance(found, dict)
        return found

    def wait_for(self, is_so: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The first state of which that is so."""
        return dict(until(lambda: is_so(found := self.state()) and found))


@contextmanager
def row_place(folder: Path, **more: Any) -> Iterator[Place]:
    """Running services with a row before the camera, as fast as they can; everything is stopped on leaving."""
    films: list[Film] = []
    absent: set[int] = set()
    steady = SteadyCamera()

    def make_row() -> LiveRow:
        film = WatchedFilm(steady.looked)
        film.absent = absent
        films.append(film)
        return LiveRow(film, RULES, film.clock)

    estimator = partial(GreyEstimator, steady.looked)
    camera = LiveCamera(CameraAddress("device", "0", "0"), RULE_SETS, estimator, font_path(), steady.pictures)
    camera._clock, camera._start_s = steady.clock, steady.now_s
    row = RowSession(camera, RULES, make_row)
    with world(folder, has_camera=False, **more) as running:
        services = replace(running.services, camera=camera, row=row, rosters=SavedRosters(folder))
        told = heard(row.events)
        camera.start()
        row.start()
        try:
            yield Place(services, create_app(services).test_client(), steady, told, films, absent)
        finally:
            row.stop()
            camera.stop()
