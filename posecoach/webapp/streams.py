"""The endless answers: pictures and states of the server's camera."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from flask import Blueprint, Response

from posecoach.drawing.jpeg import to_jpeg
from posecoach.live.drawing import BOUNDARY, JPEG_QUALITY, Shown, picture_part
from posecoach.live.slots import Broadcast
from posecoach.vocabulary import Text
from posecoach.webapp.access import watch
from posecoach.webapp.answers import ApiError
from posecoach.webapp.api import look_asked, number_asked, with_camera
from posecoach.webapp.services import Services, services

blueprint = Blueprint("streams", __name__)

MOST_WIDTH_PX = 10_000
BEAT_S = 10.0
FIRST_S = 1.0
"""Without a picture for so long, a grey one is sent: browsers show nothing at all before the first."""
AGAIN_S = 5.0
"""Without a new picture for so long, the last one is sent again: only writing tells whether a viewer was cut off."""
LOOK_S = 0.5
"""With nothing to send for so long, an empty part has the server look whether the reader has hung up."""


@blueprint.get("/stream.mjpg")
def pictures() -> Response:
    found = with_camera(services())
    shown = Shown.near(look_asked(found.camera.session.is_mirrored), number_asked("width", MOST_WIDTH_PX))
    view, leave = place(found, lambda: found.camera.viewers, lambda: found.camera.watch(shown))
    return endless_pictures(view, leave)


@blueprint.get("/api/events")
def events() -> Response:
    found = services()
    states = found.camera.events
    leave = place(found, lambda: states.readers, states.join)
    return endless_states(states, leave)


def endless_pictures(view: Broadcast[bytes], leave: Callable[[], None]) -> Response:
    """A camera's pictures, until it closes or the session of who asked ends; ``leave`` gives the place back."""
    content = parts_of(view, watch(services()))
    return _endless(Response(content, content_type=f"multipart/x-mixed-replace; boundary={BOUNDARY}"), leave)


def endless_states(states: Broadcast[bytes], leave: Callable[[], None]) -> Response:
    """States as server-sent events, so long as `endless_pictures`."""
    return _endless(Response(states_of(states, watch(services())), mimetype="text/event-stream"), leave)


def _endless(answer: Response, leave: Callable[[], None]) -> Response:
    answer.call_on_close(leave)
    return answer


T = TypeVar("T")
_ROOM = threading.Lock()


def place(found: Services, readers: Callable[[], int], join: Callable[[], T]) -> T:
    """What ``join`` gives for a reader's place. Raises `ApiError` where there are ``readers`` enough."""
    with _ROOM:
        if readers() >= found.max_viewers:
            words = Text(f"观看人数已满（{found.max_viewers}），请稍后再试", f"All {found.max_viewers} places are taken: try again later")
            raise ApiError(503, "full", words, limit=found.max_viewers)
        return join()


def parts_of(view: Broadcast[bytes], holds: Callable[[], bool]) -> Iterator[bytes]:
    """What ``multipart/x-mixed-replace`` sends of a camera's pictures, while the session ``holds``."""
    number, picture = view.number, view.newest()
    if picture is None:
        number, picture = view.after(number, FIRST_S)
    yield f"--{BOUNDARY}\r\n".encode()
    yield picture or picture_part(0.0, to_jpeg(np.full((480, 640, 3), 56, np.uint8), JPEG_QUALITY))
    sent_s = time.monotonic()
    while not view.is_closed and holds():
        number, picture = view.after(number, LOOK_S)
        if picture is None and time.monotonic() - sent_s >= AGAIN_S:
            picture = view.newest()
        if picture is not None:
            sent_s = time.monotonic()
        yield picture or b""


def states_of(states: Broadcast[bytes], holds: Callable[[], bool]) -> Iterator[bytes]:
    """States as server-sent events, while the session ``holds``."""
    number, beat_at = 0, 0.0
    while not states.is_closed and holds():
        if time.monotonic() >= beat_at:
            beat_at = time.monotonic() + BEAT_S
            yield b": beat\n\n"
        number, state = states.after(number, LOOK_S)
        yield b"" if state is None else b"event: state\ndata: " + state + b"\n\n"
