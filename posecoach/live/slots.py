"""How threads of the live coach hand things on without ever queueing: the newest wins."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """Room for one item between two threads; an item not taken in time is dropped for the next, and counted."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self.dropped = 0

    def put(self, item: T) -> None:
        """Leave the newest item."""
        with self._changed:
            self.dropped += self._item is not None
            self._item = item
            self._changed.notify()

    def wake(self) -> None:
        """Let whoever waits for an item go without one."""
        with self._changed:
            self._changed.notify_all()

    def take(self, timeout_s: float) -> T | None:
        """The item, once; None when there was none in time."""
        with self._changed:
            if self._item is None:
                self._changed.wait(timeout_s)
            item, self._item = self._item, None
            return item


class Broadcast(Generic[T]):
    """The newest item for any number of readers; a slow reader misses items and costs nothing."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._item: T | None = None
        self._is_closed = False
        self.readers = 0

    def publish(self, item: T) -> None:
        """Make this the newest item and wake all readers."""
        with self._changed:
            self._number += 1
            self._item = item
            self._changed.notify_all()

    @property
    def number(self) -> int:
        """How many items there were."""
        return self._number

    def newest(self) -> T | None:
        """The newest item, None before the first."""
        return self._item

    def after(self, number: int, timeout_s: float) -> tuple[int, T | None]:
        """The newest item and its number once that is above ``number``; None when there was none in time."""
        with self._changed:
            if self._number <= number and not self._is_closed:
                self._changed.wait(timeout_s)
            return self._number, self._item if self._number > number else None

    @property
    def is_closed(self) -> bool:
        """Whether readers should leave."""
        return self._is_closed

    def close(self) -> None:
        """Send all readers away."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def join(self) -> Callable[[], None]:
        """Count a reader; what is returned counts it off, once. With the last one the item goes: the next one gets none that is old."""
        left = threading.Event()
        with self._changed:
            self.readers += 1

        def leave() -> None:
            with self._changed:
                if left.is_set():
                    return
                left.set()
                self.readers -= 1
                if not self.readers:
                    self._item = None

        return leave


class Rate:
    """Events a second over the last seconds. Written by one thread."""

    def __init__(self, span_s: float = 3.0) -> None:
        self._span_s = span_s
        self._times: deque[float] = deque(maxlen=400)

    def tick(self) -> None:
        """Something happened now."""
        self._times.append(time.monotonic())

    @property
    def per_s(self) -> float:
        """How often it happened a second, lately."""
        since = time.monotonic() - self._span_s
        times = [t for t in list(self._times) if t >= since]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0
