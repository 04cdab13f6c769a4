"""Threads of the live pages that go on whatever happens in them, and how often they show a picture."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event, Thread
from typing import Any, TypeVar

from posecoach.errors import EstimatorError
from posecoach.live.slots import Broadcast, Slot

POLL_S = 0.25
"""How long a thread waits for something to do before it looks whether it is to stop."""
JOIN_S = 1.5
"""Threads have so long to end; one that hangs in a driver is left behind."""
_REST_S = 1.0

_Item = TypeVar("_Item")

log = logging.getLogger(__name__)


class Crew:
    """Threads that do one thing together, and what they hand on: they begin and end as one.

    When the models cannot run here ``without_models`` is called once and the thread that needed them ends. ``may_tell``: whether a trace
    cannot hold a network address with a password.
    """

    def __init__(self, without_models: Callable[[], None], may_tell: bool = True) -> None:
        self.stop = Event()
        self._without_models = without_models
        self._may_tell = may_tell
        self._threads: list[Thread] = []

    def start(self, *parts: Callable[[], None], name: str) -> None:
        """Run each part in a thread of its own, again and again."""
        self._threads = [Thread(target=self._keep_on, args=(part,), name=f"{name}{part.__name__}", daemon=True) for part in parts]
        for thread in self._threads:
            thread.start()

    def end(self, slots: Sequence[Slot[Any]], broadcasts: Sequence[Broadcast[Any]]) -> None:
        """Stop and join the threads: who waits at a slot goes, and all readers with them."""
        self.stop.set()
        for slot in slots:
            slot.wake()
        for broadcast in broadcasts:
            broadcast.close()
        join(self._threads)

    def _keep_on(self, part: Callable[[], None]) -> None:
        while not self.stop.is_set():
            try:
                part()
            except EstimatorError as error:
                log.error("%s", error)
                self._without_models()
                return
            except Exception as error:
                log.error("%s failed: %s", part.__name__, type(error).__name__, exc_info=self._may_tell)
            self.stop.wait(_REST_S)


def join(threads: Sequence[Thread]) -> None:
    """Wait for all of them together, at most `JOIN_S`."""
    end = time.monotonic() + JOIN_S
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def paced(slot: Slot[_Item], stop: Event, most_fps: float) -> Iterator[_Item]:
    """What comes into a slot until ``stop`` is set, at most so many times a second; what comes in between is left out."""
    due_s = 0.0
    while not stop.is_set():
        item = slot.take(POLL_S)
        if item is None or time.monotonic() < due_s:
            continue
        due_s = max(due_s + 1 / most_fps, time.monotonic() - 1 / most_fps)
        yield item
