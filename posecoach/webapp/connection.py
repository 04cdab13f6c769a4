"""One connection: everything that waits for the other side is a step of the reception's one thread, and no worker's time."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from enum import Enum
from functools import partial
from io import BytesIO
from typing import Any, TypeVar, cast

from cheroot.server import HTTPConnection

from posecoach.webapp.request_head import MAX_HEAD_BYTES, RefusedError, bad_request, body_length, head_too_large, not_encrypted

HEAD_S = 10.0
"""For the TLS handshake, and again for a request's head."""
LIVELY_S = 5.0
"""Who was answered, or began to ask, so lately is at work."""
IDLE_S = 30.0
"""Between two requests."""
BODY_S = 30.0
SEND_S = 30.0
"""For an answer that is not long, whatever its reader does."""
PART_S = 2.0
"""After a refusal: closing at once would take the answer back from who is still sending."""

_CHUNK_BYTES = 65_536
_TLS_FIRST_BYTE = b"\x16"
_END_OF_HEAD = b"\r\n\r\n"


class Step(Enum):
    """What a connection waits for."""

    READ = "something to read"
    WRITE = "room to write"
    ANSWER = "a worker's answer"


Steps = Generator[Step, None, None]
_T = TypeVar("_T")


class _Outbox:
    """An answer: kept until a worker is done with it, or, from `open` on, sent by the worker as it comes."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._socket: Any = None

    def open(self, to: Any) -> None:
        self._socket = to

    def write(self, data: bytes) -> int:
        if self._socket is None:
            self._kept += data
        else:
            self._socket.sendall(data)
        return len(data)

    def take(self) -> bytes:
        kept, self._kept = bytes(self._kept), bytearray()
        return kept


class Connection(HTTPConnection):
    """`steps` is its life. The reception owns the socket but from `Step.ANSWER` to the end of the answer, when the worker does."""

    def __init__(self, server: Any, client: socket.socket, address: tuple[Any, ...], tls: ssl.SSLContext | None) -> None:
        super().__init__(server, client, lambda *_: BytesIO())
        client.setblocking(False)
        self.remote_addr, self.remote_port = address[:2]
        self.ssl_env: dict[str, str] = {}
        self.neighbourhood = neighbourhood(address[0])
        self.wfile = _Outbox()
        self.is_long = False
        self.is_waited_for = True
        self.since_s = self.until_s = time.monotonic()
        self.steps = self._steps(tls)
        self._received = bytearray()
        self._is_last = False

    @property
    def is_lively(self) -> bool:
        """Whether it has asked something before, and there is nothing that it has been at for long: a page that posts again and again."""
        return self.requests_seen > 0 and time.monotonic() - self.since_s < LIVELY_S

    @property
    def size(self) -> int:
        """Bytes received and not yet handed on."""
        return len(self._received)

    def communicate(self) -> bool:
        """Answer the request received, in a worker. Whether there is anything left to do with the connection."""
        self._is_last = not super().communicate()  # type: ignore[no-untyped-call]
        return not (self._is_last and self.is_long)

    def send_as_it_comes(self, timeout_s: float) -> None:
        """From now on the answer is written to the socket by the worker; writing fails when nothing is taken for ``timeout_s``."""
        self.is_long = True
        self.socket.settimeout(timeout_s)
        self.wfile.open(self.socket)

    def is_gone(self, timeout_s: float) -> bool:
        """Whether the reader of a long answer has hung up; what it says meanwhile is not listened to."""
        self.socket.settimeout(0)
        try:
            return not self.socket.recv(_CHUNK_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except OSError:
            return True
        finally:
            self.socket.settimeout(timeout_s)

    def hang_up(self) -> None:
        """End it from any thread: whoever waits for its socket is woken."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it, by whoever owns the socket."""
        self.hang_up()
        self.socket.close()

    # --- steps: each goes as far as it can without waiting --------------------------------------------------------------------------------

    def _steps(self, tls: ssl.SSLContext | None) -> Steps:
        try:
            if tls is not None:
                yield from self._shake_hands(tls)
            while not self._is_last:
                yield from self._receive()
                yield Step.ANSWER
                yield from self._send(self.wfile.take())
        except RefusedError as refused:
            yield from self._send(refused.answer())
        yield from self._part()

    def _shake_hands(self, tls: ssl.SSLContext) -> Steps:
        self._allow(HEAD_S)
        yield Step.READ
        first = self.socket.recv(1, socket.MSG_PEEK)
        if first and first != _TLS_FIRST_BYTE:
            raise not_encrypted()
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        yield from _once_ready(self.socket.do_handshake, Step.READ)

    def _receive(self) -> Steps:
        """A whole request, into ``rfile``."""
        if not self._received:
            self._allow(IDLE_S if self.requests_seen else HEAD_S)
            yield from self._read()
        self._allow(HEAD_S)
        while (end := self._received.find(_END_OF_HEAD)) < 0 and len(self._received) <= MAX_HEAD_BYTES:
            yield from self._read()
        if not 0 <= end <= MAX_HEAD_BYTES:
            raise head_too_large()
        whole = end + len(_END_OF_HEAD) + body_length(bytes(self._received[:end]))
        self._allow(BODY_S)
        while len(self._received) < whole:
            yield from self._read()
        self.rfile = BytesIO(self._received[:whole])
        del self._received[:whole]
        self.requests_seen += 1

    def _read(self) -> Steps:
        data = yield from _once_ready(lambda: self.socket.recv(_CHUNK_BYTES), Step.READ)
        if not data:
            raise ConnectionAbortedError("gone") if not self._received else bad_request()
        self._received += data

    def _send(self, data: bytes) -> Steps:
        self._allow(SEND_S)
        rest = memoryview(data)
        while rest:
            sent = yield from _once_ready(partial(self.socket.send, rest[:_CHUNK_BYTES]), Step.WRITE)
            rest = rest[sent:]

    def _part(self) -> Steps:
        self._allow(PART_S)
        self.socket.shutdown(socket.SHUT_WR)
        while True:
            yield Step.READ
            self._received.clear()
            yield from self._read()

    def _allow(self, seconds: float) -> None:
        self.since_s = time.monotonic()
        self.until_s = self.since_s + seconds


def _once_ready(act: Callable[[], _T], step: Step) -> Generator[Step, None, _T]:
    """What ``act`` on a socket that does not wait returns, as soon as it can; ``step`` is what a plain socket waits for."""
    while True:
        blocked, value = _try(act, step)
        if blocked is None:
            return cast("_T", value)
        yield blocked


def _try(act: Callable[[], _T], step: Step) -> tuple[Step | None, _T | None]:
    try:
        return None, act()
    except BlockingIOError:
        return step, None
    except ssl.SSLWantReadError:
        return Step.READ, None
    except ssl.SSLWantWriteError:
        return Step.WRITE, None


def neighbourhood(address: str) -> str:
    """Addresses that one person can have at will count as one: IPv6 by its first 64 bits."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(number, ipaddress.IPv4Address):
        return str(number)
    if number.ipv4_mapped:
        return str(number.ipv4_mapped)
    return str(ipaddress.ip_network((number, 64), strict=False))
