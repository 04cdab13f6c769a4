"""Cheroot's reading of requests and its WSGI gateway between our own reception and workers: see `docs/decisions/` on slow connections."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

from posecoach.webapp.connection import Connection
from posecoach.webapp.reception import Reception
from posecoach.webapp.request_head import MAX_BODY_BYTES, MAX_HEAD_BYTES
from posecoach.webapp.workers import Workers

log = logging.getLogger(__name__)

SEND_BUFFER_BYTES = 65_536
"""About one picture: what a slow viewer has not read is not kept."""
LONG_BYTES = 262_144
"""Answers up to here are kept whole until they are sent; no page of ours is larger. Longer ones are videos and reports."""
MOST_FILES = 16
"""Long files sent at a time; streams have their own places."""


class WebServer(wsgi.Server):
    """A WSGI server. Nobody who is silent or slow holds a worker; an endless answer is replaced by another worker.

    ``write_timeout_s``: a viewer that takes nothing for so long is dropped.
    """

    def __init__(self, address: tuple[str, int], app: Any, pages: int, write_timeout_s: float, tls: BuiltinSSLAdapter | None) -> None:
        super().__init__(address, app, server_name="posecoach")
        self.requests = Workers(pages, self._attend)
        self.gateway = _Gateway
        self.ssl_adapter = tls
        self.write_timeout_s = write_timeout_s
        self.request_queue_size = 128
        self.max_request_header_size, self.max_request_body_size = MAX_HEAD_BYTES, MAX_BODY_BYTES
        self.software = "posecoach"
        self.files = threading.BoundedSemaphore(MOST_FILES)
        self.reception: Reception | None = None

    @classmethod
    def prepare_socket(cls, *args: Any, **more: Any) -> Any:
        found = super().prepare_socket(*args, **more)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        return found

    @staticmethod
    def bind_socket(socket_: Any, bind_addr: Any) -> Any:
        try:
            return wsgi.Server.bind_socket(socket_, bind_addr)  # type: ignore[no-untyped-call]
        except OSError:
            socket_.close()
            raise

    def prepare(self) -> None:
        """Listen, and start the workers. Raises OSError where the port cannot be had."""
        super().prepare()
        self.reception = Reception(self, self.socket, self.ssl_adapter and self.ssl_adapter.context, self.requests.put)

    def serve(self) -> None:
        """Until `stop`."""
        assert self.reception is not None
        self.reception.run()

    def stop(self) -> None:
        """Hang up on everybody, and end the workers."""
        if self.reception is not None:
            self.reception.stop()
        super().stop()

    @property
    def can_add_keepalive_connection(self) -> bool:
        """Whether a connection may wait for its next request; the reception sees to it that they are not too many."""
        return bool(self.ready)

    def _attend(self, connection: Connection) -> None:
        assert self.reception is not None
        if connection.communicate():
            self.reception.put(connection)
        else:
            connection.close()
            self.reception.forget(connection)

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: ARG002
        log.debug("web server: %s", msg, exc_info=traceback)


class _Gateway(wsgi.Gateway_10):
    """Sends long answers as they come, with a worker to themselves; an empty part only asks whether the reader is still there."""

    def respond(self) -> None:
        server = self.req.server
        answer = server.wsgi_app(self.env, self.start_response)
        try:
            if self._has_known_length():
                self._write_all(answer)
            elif self._is_file() and not server.files.acquire(blocking=False):
                self.req.simple_response("503 Service Unavailable")
            else:
                self._write_long(answer)
        finally:
            self.req.ensure_headers_sent()
            if hasattr(answer, "close"):
                answer.close()

    def _has_known_length(self) -> bool:
        is_bodiless = self.req.method == b"HEAD" or self.req.status[:3] in (b"204", b"304")
        return is_bodiless or (self._is_file() and self.remaining_bytes_out <= LONG_BYTES)

    def _is_file(self) -> bool:
        return self.remaining_bytes_out is not None

    def _write_all(self, answer: Any) -> None:
        for part in filter(None, answer):
            self.write(part)

    def _write_long(self, answer: Any) -> None:
        server, connection = self.req.server, self.req.conn
        self.req.close_connection = True
        connection.send_as_it_comes(server.write_timeout_s)
        try:
            with server.requests.away():
                for part in answer:
                    if connection.is_gone(server.write_timeout_s):
                        break
                    if part:
                        self.write(part)
        finally:
            if self._is_file():
                server.files.release()
