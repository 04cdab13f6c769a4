"""A morning meeting without models: stored sightings of a rendered row of eight, before a camera whose pictures show nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from posecoach.live_camera import LiveCamera
from posecoach.live_meeting import LiveMeeting
from posecoach.live_row import LiveRow
from posecoach.resources import font_path
from posecoach.sources.camera import CameraAddress, Image
from posecoach.webapp import Services, create_app
from tests.test_live_row import NAMED, PICTURE, RULES, TRUTH, Film
from tests.webapp.fakes import RULE_SETS, GreyEstimator, world

__all__ = ["NAMED", "TRUTH", "Place", "meeting_place"]

FPS = 10.0


class SteadyCamera:
    """The same picture ten times a second."""

    def pictures(self, _address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        """As `posecoach.sources.camera.pictures`."""
        while not wait(1 / FPS):
            yield PICTURE


@dataclass
class Place:
    """A server's services with a morning meeting, its browser, and the films that stand in for models, the last one in use."""

    services: Services
    client: FlaskClient
    films: list[Film]
    absent: set[int]

    @property
    def meeting(self) -> LiveMeeting:
        """The meeting."""
        assert self.services.meeting is not None
        return self.services.meeting

    def state(self) -> dict[str, Any]:
        """The newest state."""
        found = self.client.get("/api/meeting").get_json()
        assert isinstance(found, dict)
        return found


@contextmanager
def meeting_place(folder: Path, **more: Any) -> Iterator[Place]:
    """Running services with a meeting; everything is stopped on leaving."""
    films: list[Film] = []
    absent: set[int] = set()

    def make_row() -> LiveRow:
        film = Film()
        film.absent = absent
        films.append(film)
        return LiveRow(film, RULES, time.monotonic)

    camera = LiveCamera(CameraAddress("device", "0", "0"), RULE_SETS, GreyEstimator, font_path(), SteadyCamera().pictures)
    meeting = LiveMeeting(camera, RULES, make_row)
    with world(folder, has_camera=False, **more) as running:
        services = replace(running.services, camera=camera, meeting=meeting)
        camera.start()
        meeting.start()
        try:
            yield Place(services, create_app(services).test_client(), films, absent)
        finally:
            meeting.stop()
            camera.stop()
