"""Where connections wait: one thread accepts, shakes hands, receives whole requests and sends answers, of all connections side by side.

Nobody who is silent, slow or many costs anybody else a thread. Too many from one address, or in all, cost the longest-waiting of them.
"""

from __future__ import annotations

import logging
import selectors
import socket
import ssl
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from posecoach.webapp.connection import Connection, Step
from posecoach.webapp.request_head import MAX_HEAD_BYTES

log = logging.getLogger(__name__)

MOST_EACH = 48
"""Connections of one address that are no streams and not at work; a browser opens six, and a hall may have one address behind a proxy."""
MOST_ALL = 480 if sys.platform == "win32" else 960
"""In all: a hall of browsers that post, and some to spare. Windows can wait for 512 sockets at a time; elsewhere see `allow_files`."""
FILES = MOST_ALL + 256
MOST_BYTES = 32_000_000
"""Requests not yet whole, together."""

_TICK_S = 0.5
_ACCEPTS = 64
_EVENTS = {Step.READ: selectors.EVENT_READ, Step.WRITE: selectors.EVENT_WRITE}


def allow_files() -> None:
    """Let this process open as many files as all connections may be: systems start programs with 256 to 1024, and allow more on asking."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Reception:
    """Waits at ``listener`` for a web server; a whole request goes to ``serve``, and its connection comes back by `put`."""

    def __init__(self, server: Any, listener: socket.socket, tls: ssl.SSLContext | None, serve: Callable[[Connection], None]) -> None:
        self._server, self._listener, self._tls, self._serve = server, listener, tls, serve
        self._selector = selectors.DefaultSelector()
        self._waker, self._woken = socket.socketpair()
        self._back: deque[Connection] = deque()
        self._all: set[Connection] = set()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._is_closed = False
        for waiting in (listener, self._woken):
            waiting.setblocking(False)
            self._selector.register(waiting, selectors.EVENT_READ)

    def run(self) -> None:
        """Until `stop`."""
        look_s = 0.0
        try:
            while not self._is_over.is_set():
                for key, _ in self._selector.select(_TICK_S):
                    self._attend(key.fileobj, key.data)
                if time.monotonic() >= look_s:
                    look_s = time.monotonic() + _TICK_S
                    self._drop_late()
        finally:
            self._close()

    def put(self, connection: Connection) -> None:
        """A worker is done with this one."""
        with self._lock:
            is_late = self._is_closed
            self._back.append(connection)
        if is_late:
            connection.close()
        else:
            self._wake()

    def forget(self, connection: Connection) -> None:
        """A worker has ended this one."""
        with self._lock:
            self._all.discard(connection)

    def stop(self) -> None:
        """End everything: who waits is sent away, who is served is hung up."""
        self._is_over.set()
        self._wake()
        for connection in self._open():
            connection.hang_up()

    @property
    def count(self) -> int:
        """Connections open now."""
        return len(self._all)

    def _open(self) -> list[Connection]:
        with self._lock:
            return list(self._all)

    def _waiting(self) -> list[Connection]:
        return [connection for connection in self._open() if connection.is_waited_for]

    def _wake(self) -> None:
        with suppress(OSError):
            self._waker.send(b"\0")

    def _attend(self, waiting: object, connection: Connection | None) -> None:
        if connection is not None:
            if connection.socket.fileno() >= 0:  # else it was dropped since the selector saw it
                self._selector.unregister(connection.socket)
                self._go_on(connection)
        elif waiting is self._listener:
            self._accept()
        else:
            with suppress(BlockingIOError):
                self._woken.recv(4096)
            while self._back:
                returned = self._back.popleft()
                returned.socket.setblocking(False)
                returned.is_waited_for = True
                self._go_on(returned)

    def _accept(self) -> None:
        for _ in range(_ACCEPTS):
            try:
                client, address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:  # no more files: the longest-waiting goes, or the listener would call again and again
                log.warning("no room for a connection: %s", error)
                self._drop_longest(self._waiting())
                return
            connection = Connection(self._server, client, address, self._tls)
            with self._lock:
                self._all.add(connection)
            self._make_room(connection)
            self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        """The next step of a connection, as far as it gets without waiting."""
        try:
            step = next(connection.steps, None)
        except OSError:
            step = None
        except Exception as error:  # whatever is wrong with one connection ends no other
            log.error("a connection failed", exc_info=error)
            step = None
        if step is None:
            self._drop(connection)
        elif step is Step.ANSWER:
            connection.is_waited_for = False
            self._serve(connection)
        else:
            self._selector.register(connection.socket, _EVENTS[step], connection)
            if connection.size > MAX_HEAD_BYTES:
                self._keep_small()

    def _make_room(self, newest: Connection) -> None:
        """Where one address has too many, or all have, its longest-waiting goes; the newest only where all others are being served."""
        short = [connection for connection in self._open() if not connection.is_long]
        beside = [each for each in short if each.neighbourhood == newest.neighbourhood and not each.is_lively]
        if len(beside) > MOST_EACH:
            self._drop_longest([each for each in beside if each.is_waited_for])
        elif len(short) > MOST_ALL:
            waiting = [connection for connection in short if connection.is_waited_for]
            most = Counter(connection.neighbourhood for connection in waiting).most_common(1)
            self._drop_longest([each for each in waiting if each.neighbourhood == most[0][0]] if most else [])

    def _keep_small(self) -> None:
        waiting = self._waiting()
        if sum(connection.size for connection in waiting) > MOST_BYTES:
            sizes: Counter[str] = Counter()
            for connection in waiting:
                sizes[connection.neighbourhood] += connection.size
            largest = sizes.most_common(1)[0][0]
            self._drop_longest([each for each in waiting if each.size and each.neighbourhood == largest])

    def _drop_longest(self, waiting: list[Connection]) -> None:
        if waiting:
            self._drop(min(waiting, key=lambda connection: connection.since_s))

    def _drop_late(self) -> None:
        now_s = time.monotonic()
        for connection in [each for each in self._waiting() if each.until_s < now_s]:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.socket)
        self.forget(connection)
        connection.steps.close()
        connection.close()

    def _close(self) -> None:
        with self._lock:
            self._is_closed = True
        for connection in (*self._waiting(), *self._back):
            self._drop(connection)
        self._selector.close()
        self._waker.close()
        self._woken.close()
