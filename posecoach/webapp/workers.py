"""Threads that answer requests. One that is busy with a long answer is replaced, so that streams never take the threads of pages."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

log = logging.getLogger(__name__)


class Workers:
    """``count`` threads that call ``attend`` for what is `put`; in the place of cheroot's pool."""

    def __init__(self, count: int, attend: Callable[[Any], None]) -> None:
        self._count = count
        self._attend = attend
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._at_hand = 0

    def start(self) -> None:
        """Start all threads."""
        for _ in range(self._count):
            self._come()

    def put(self, item: Any) -> None:
        """Have a thread attend to this, as soon as one is free."""
        self._queue.put(item)

    @contextmanager
    def away(self) -> Iterator[None]:
        """While the calling thread is busy for long: another takes its place, and with its end there is one too many, which goes."""
        with self._lock:
            self._at_hand -= 1
        self._come()
        try:
            yield
        finally:
            with self._lock:
                self._at_hand += 1

    def stop(self, timeout_s: float) -> None:
        """End all threads; one that hangs is left behind."""
        end = time.monotonic() + timeout_s
        with self._lock:
            self._count, threads = 0, list(self._threads)
        for _ in threads:
            self._queue.put(None)
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _come(self) -> None:
        thread = threading.Thread(target=self._work, name="posecoach_worker", daemon=True)
        with self._lock:
            self._at_hand += 1
            self._threads.add(thread)
            thread.start()  # with the lock: `stop` joins only what has been started

    def _work(self) -> None:
        while True:
            item = self._queue.get()
            if item is not None:
                self._try(item)
            with self._lock:
                if item is None or self._at_hand > self._count:
                    self._at_hand -= 1
                    self._threads.discard(threading.current_thread())
                    return

    def _try(self, item: Any) -> None:
        try:
            self._attend(item)
        except Exception as error:  # a thread that ended would be missing for good
            log.error("a request failed", exc_info=error)
