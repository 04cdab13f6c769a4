"""Threads of the live pages that go on whatever happens in them, and how often they show a picture."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import TypeVar

from posecoach.errors import EstimatorError
from posecoach.live.slots import Slot

POLL_S = 0.25
"""How long a thread waits for something to do before it looks whether it is to stop."""
_REST_S = 1.0

_Item = TypeVar("_Item")

log = logging.getLogger(__name__)


def keep_on(part: Callable[[], None], stop: Event, without_models: Callable[[], None], may_tell: bool = True) -> None:
    """Run ``part`` again and again until ``stop`` is set.

    When the models cannot run here ``without_models`` is called and that is the end. ``may_tell``: whether a trace cannot hold a network
    address with a password.
    """
    while not stop.is_set():
        try:
            part()
        except EstimatorError as error:
            log.error("%s", error)
            without_models()
            return
        except Exception as error:
            log.error("%s failed: %s", part.__name__, type(error).__name__, exc_info=may_tell)
        stop.wait(_REST_S)


def paced(slot: Slot[_Item], stop: Event, most_fps: float) -> Iterator[_Item]:
    """What comes into a slot until ``stop`` is set, at most so many times a second; what comes in between is left out."""
    due_s = 0.0
    while not stop.is_set():
        item = slot.take(POLL_S)
        if item is None or time.monotonic() < due_s:
            continue
        due_s = max(due_s + 1 / most_fps, time.monotonic() - 1 / most_fps)
        yield item
