"""The web server alone on a loopback port, with or without TLS, and clients that are slow, silent or many."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cheroot.ssl.builtin import BuiltinSSLAdapter

from posecoach.webapp.web_server import WebServer

PEM = Path(__file__).with_name("localhost.pem")
"""A certificate and its key, of no use but here."""
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Door:
    """A server that answers; clients are closed with it."""

    web: WebServer
    has_tls: bool
    clients: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.web.bind_addr[1])

    def reach(self) -> socket.socket:
        """A bare TCP connection."""
        found = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.clients.append(found)
        return found

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A connection on which something has been sent, after the handshake where there is one."""
        found = self.reach()
        if self.has_tls:
            found = client_context().wrap_socket(found, server_hostname="localhost")
            self.clients[-1] = found
        if sent:
            found.sendall(sent)
        return found

    def get(self, path: str = "/login", timeout_s: float = 60) -> tuple[int, bytes]:
        """One page, on a connection of its own."""
        with closing(self.http(timeout_s)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def http(self, timeout_s: float = 60) -> http.client.HTTPConnection:
        """A client that speaks HTTP."""
        if self.has_tls:
            return http.client.HTTPSConnection("localhost", self.port, timeout=timeout_s, context=client_context())
        return http.client.HTTPConnection("localhost", self.port, timeout=timeout_s)

    def seconds(self, times: int) -> float:
        """The time of a page, without what the machine had to do besides."""
        taken = []
        for _ in range(times):
            start_s = time.monotonic()
            assert self.get("/static/live/page.js")[0] == 200
            taken.append(time.monotonic() - start_s)
        return min(taken)


@contextmanager
def open_door(app: Any, has_tls: bool = False, pages: int = 8) -> Iterator[Door]:
    """A server in a thread, stopped on leaving."""
    tls = BuiltinSSLAdapter(str(PEM), str(PEM)) if has_tls else None
    web = WebServer(("127.0.0.1", 0), app, pages, 8.0, tls)
    web.shutdown_timeout = 1
    web.prepare()
    thread = threading.Thread(target=web.serve, daemon=True)
    thread.start()
    door = Door(web, has_tls)
    try:
        yield door
    finally:
        web.stop()
        thread.join()
        for client in door.clients:
            client.close()


def client_context() -> ssl.SSLContext:
    """Trusts the test's certificate and nothing else."""
    return ssl.create_default_context(cafile=str(PEM))


def read_all(client: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    found = b""
    while True:
        try:
            data = client.recv(65536)
        except (ConnectionResetError, ssl.SSLError):
            return found
        if not data:
            return found
        found += data
