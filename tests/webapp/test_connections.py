"""Slow, silent and many connections cost nobody else anything; what is no plain request of HTTP/1 is refused; gone readers leave room."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from posecoach.webapp import connection, create_app, reception, request_head, web_server
from posecoach.webapp.connection import neighbourhood
from posecoach.webapp.request_head import MAX_BODY_BYTES, RefusedError, body_length
from posecoach.webapp.workers import Workers
from tests.waiting import until
from tests.webapp.doors import GET, Door, open_door, read_all
from tests.webapp.fakes import world
from tests.webapp.row_fakes import row_place

MANY = 100
SLOW_BODY = b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nX-Posecoach: 1\r\nContent-Length: 900\r\n\r\n{"
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-One: "


@pytest.fixture(params=[False, True], ids=["http", "https"])
def door(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Door]:
    with world(tmp_path, has_camera=False) as running, open_door(create_app(running.services), request.param) as opened:
        yield opened


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Door]:
    with world(tmp_path, has_camera=False) as running, open_door(create_app(running.services)) as opened:
        yield opened


# --- slow, silent, many -------------------------------------------------------------------------------------------------------------------


def test_hundreds_of_slow_connections_cost_nobody_else_anything(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "MOST_EACH", 1000)
    monkeypatch.setattr(reception, "MOST_ALL", 1000)
    monkeypatch.setattr(connection, "HEAD_S", 1e6)
    monkeypatch.setattr(connection, "BODY_S", 1e6)
    quiet_s = door.seconds(21)
    for _ in range(MANY):
        door.reach()
        door.connect(SLOW_HEAD)
        door.connect(SLOW_BODY)
    waiting = door.web.reception
    assert waiting is not None
    until(lambda: waiting.count >= 3 * MANY)
    until(lambda: door.seconds(21) < 3 * quiet_s, what="a page within three times its quiet time")


def test_one_address_with_hundreds_loses_its_longest_waiting(door: Door) -> None:
    for _ in range(MANY):
        door.reach()
        door.connect(SLOW_BODY)
    assert door.get()[0] == 303
    assert door.web.reception is not None
    assert door.web.reception.count <= reception.MOST_EACH
    door.clients[0].settimeout(60)
    assert read_all(door.clients[0]) == b""


def test_a_hall_behind_one_address_keeps_its_connections_while_it_posts(plain: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "MOST_EACH", 4)
    monkeypatch.setattr(connection, "LIVELY_S", 1e6)
    with ExitStack() as stack:
        hall = [stack.enter_context(closing(plain.http())) for _ in range(12)]
        for page in hall * 2:
            page.request("GET", "/nowhere")
            assert page.getresponse().read()


@pytest.mark.skipif(sys.platform == "darwin", reason="only 127.0.0.1 is this machine there")
def test_too_many_in_all_cost_the_address_that_has_most(plain: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "MOST_ALL", 6)
    alone = plain.reach()
    crowd = [socket.create_connection(("127.0.0.1", plain.port), 60, (f"127.0.0.{2}", 0)) for _ in range(12)]
    plain.clients += crowd
    assert read_all(crowd[0]) == b""
    alone.sendall(GET % b"/login")
    assert alone.recv(12) == b"HTTP/1.1 303"


def test_requests_that_are_not_whole_share_little_memory(plain: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "MOST_BYTES", 100_000)
    head = b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"
    first = plain.connect(head + bytes(59_000))
    plain.connect(head + bytes(59_000))
    assert read_all(first) == b""


@pytest.mark.parametrize(("sent", "limit"), [(b"", "HEAD_S"), (SLOW_HEAD, "HEAD_S"), (SLOW_BODY, "BODY_S")], ids=["silent", "head", "body"])
def test_who_does_not_finish_is_sent_away(door: Door, monkeypatch: pytest.MonkeyPatch, sent: bytes, limit: str) -> None:
    client = door.connect()
    monkeypatch.setattr(connection, limit, 0.1)
    if sent:
        client.sendall(sent)
    else:
        client = door.reach()
    assert read_all(client) == b""


def test_pages_are_kept_for_nobody_who_does_not_read_them(door: Door) -> None:
    for _ in range(40):
        door.connect(GET % b"/static/live/live.css" * 20)
    assert door.get()[0] == 303


def test_a_connection_is_used_again_and_requests_sent_together_are_answered_in_turn(door: Door) -> None:
    with closing(door.http()) as client:
        for path in ("/api/topics", "/nowhere", "/api/topics"):
            client.request("GET", path)
            answer = client.getresponse()
            assert (answer.status, bool(answer.read())) == (404 if path == "/nowhere" else 200, True)
    both = door.connect(GET % b"/nowhere" + b"GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    said = read_all(both)
    assert said.index(b"HTTP/1.1 404") < said.index(b"HTTP/1.1 303")


def test_who_speaks_plainly_where_tls_is_spoken_is_told(tmp_path: Path) -> None:
    with world(tmp_path, has_camera=False) as running, open_door(create_app(running.services), has_tls=True) as opened:
        client = opened.reach()
        client.sendall(GET % b"/")
        assert b"https://" in read_all(client)


# --- streams ------------------------------------------------------------------------------------------------------------------------------


def test_with_every_permitted_stream_open_pages_still_answer(tmp_path: Path) -> None:
    places = 6
    with row_place(tmp_path, max_viewers=places) as place, open_door(place.client.application, pages=2) as opened:
        for path in (b"/stream.mjpg", b"/api/events", b"/meeting/stream.mjpg", b"/api/meeting/events"):
            for _ in range(places):
                assert opened.connect(GET % path).recv(12) == b"HTTP/1.1 200", path
        assert opened.get("/api/events")[0] == 503
        assert opened.get("/static/live/live.css")[0] == 200


def test_gone_readers_leave_room_when_nothing_is_sent(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.webapp.streams.BEAT_S", 1e6)
    events = door.web.wsgi_app.extensions["posecoach"].camera.events
    client = door.connect(GET % b"/api/events")
    assert client.recv(12) == b"HTTP/1.1 200"
    assert events.readers == 1
    client.close()
    until(lambda: events.readers == 0)


def test_long_files_are_sent_whole_and_not_too_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_server, "MOST_FILES", 2)
    size = 3_000_000

    def app(environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Length", str(size))])
        return [bytes(1000)] * (size // 1000)

    with open_door(app, pages=1) as opened:
        for _ in range(2):
            assert opened.connect(GET % b"/").recv(12) == b"HTTP/1.1 200"
        assert opened.get("/")[0] == 503
        while opened.clients:
            opened.clients.pop().close()
        assert len(until(lambda: (found := opened.get("/"))[0] == 200 and found)[1]) == size


# --- heads --------------------------------------------------------------------------------------------------------------------------------


def head(*fields: str, line: str = "GET / HTTP/1.1", host: str = "Host: localhost") -> bytes:
    return "\r\n".join((line, *([host] if host else []), *fields)).encode("latin-1")


@pytest.mark.parametrize(
    ("given", "length"),
    [
        (head(), 0),
        (head("Content-Length: 12"), 12),
        (head("content-length:7 "), 7),
        (head(line="GET / HTTP/1.0", host=""), 0),
        (head("A: é"), 0),
    ],
    ids=str,
)
def test_the_length_of_a_plain_request(given: bytes, length: int) -> None:
    assert body_length(given) == length


@pytest.mark.parametrize(
    "given",
    [
        head("Host: evil.example"),
        head("HOST: localhost"),
        head(host=""),
        head("Content-Length: 1", "Content-Length: 1"),
        head("Content-Length: -1"),
        head("Content-Length: +1"),
        head("Content-Length: 0x1"),
        head("Content-Length: " + "9" * 400),
        head("Transfer-Encoding: chunked"),
        head("Origin: http://localhost", "Origin: http://evil.example"),
        head("X_Posecoach: 1"),
        head("A : 1"),
        head(" folded"),
        head("A: 1\n B: 2"),
        head("A: \x00"),
        head("no colon"),
        head(line="GET  / HTTP/1.1"),
        head(line="get / HTTP/1.1"),
        head(line="GET //[x HTTP/1.1"),
        head(line="GET http://evil.example/ HTTP/1.1"),
        head(line="GET /ü HTTP/1.1"),
        head(line="CONNECT evil.example:80 HTTP/1.1"),
        head(line="GET / HTTP/2.0"),
        head(line="GET /"),
        head(f"Content-Length: {MAX_BODY_BYTES + 1}"),
        b"",
        b"\x16\x03\x01",
    ],
    ids=str,
)
def test_what_could_be_read_in_two_ways_is_refused(given: bytes) -> None:
    with pytest.raises(RefusedError):
        body_length(given)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (head("Host: evil.example"), b"400"),
        (head(line="GET //[x HTTP/1.1"), b"400"),
        (head("Transfer-Encoding: chunked"), b"411"),
        (head("Content-Length: 9000000"), b"413"),
        (head("A: " + "a" * request_head.MAX_HEAD_BYTES), b"431"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refusals_are_answers_in_both_languages(door: Door, sent: bytes, status: bytes) -> None:
    said = read_all(door.connect(sent + b"\r\n\r\n"))
    assert said.startswith(b"HTTP/1.1 " + status)
    assert set(json.loads(said.partition(b"\r\n\r\n")[2])) == {"error", "zh", "en"}


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_addresses_that_one_person_has_at_will_are_one(address: str, known_as: str) -> None:
    assert neighbourhood(address) == known_as


# --- workers ------------------------------------------------------------------------------------------------------------------------------


def test_a_worker_that_is_away_is_replaced_and_one_goes_when_it_is_back() -> None:
    gate, served = threading.Event(), threading.Semaphore(0)

    def attend(is_long: bool) -> None:
        if is_long:
            with workers.away():
                gate.wait(60)
        served.release()

    workers = Workers(2, attend)
    workers.start()
    for is_long in (True, True, True, False):
        workers.put(is_long)
    assert served.acquire(timeout=60), "the short one is served while three long ones go on"
    gate.set()
    until(lambda: len(workers._threads) == 2)
    workers.stop(60)
    assert not workers._threads
