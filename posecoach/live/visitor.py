"""What all visitors are: somebody with a camera of their own and a session, gone when nothing is posted any more."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from posecoach.errors import PosecoachError
from posecoach.live.session import Session
from posecoach.storage.calibrations import Calibration
from posecoach.vocabulary import Text

IDLE_S = 15.0


class NoRoomError(PosecoachError):
    """No room: all sessions are taken, or what this one posted last is still being looked at. ``wait_s``: when to ask again."""

    def __init__(self, words: Text, wait_s: int = 1) -> None:
        super().__init__(words)
        self.wait_s = wait_s


class Visitor:
    """One session, with at most one post in flight; ``threads`` work for it."""

    session: Session
    threads: tuple[threading.Thread, ...] = ()

    def __init__(self) -> None:
        self.id = secrets.token_urlsafe(18)
        self.camera: str | None = None
        self._in_flight = threading.Lock()
        self._stop = threading.Event()
        self._start_s = self._used_at_s = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or nothing was posted for so long that it ends now; not while a post waits for its answer."""
        return self._stop.is_set() or (not self._in_flight.locked() and time.monotonic() - self._used_at_s > IDLE_S)

    def apply(self, calibration: Calibration | None) -> None:
        """Judge with this calibration."""
        self.session.apply(calibration)

    def stop(self) -> None:
        """End the session."""
        self._stop.set()

    @contextmanager
    def _posting(self) -> Iterator[None]:
        """While a post is worked on. Raises `NoRoomError` while another is."""
        if not self._in_flight.acquire(blocking=False):
            raise NoRoomError(Text("上一张画面还在处理", "The last picture is still being looked at"))
        try:
            self._used_at_s = time.monotonic()
            yield
        finally:
            self._used_at_s = time.monotonic()
            self._in_flight.release()
