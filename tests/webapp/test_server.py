"""The real server on a loopback port: streams, viewers that do not read, ports in use, Ctrl-C."""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.errors import PosecoachError
from posecoach.judging.sketch import Look
from posecoach.webapp import server as serving
from posecoach.webapp.server import LiveServer, ServeOptions, _greeting, next_free_port, read_passphrase
from tests.processes import hear_ctrl_c
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.fakes import RIGHT, WRONG, FakeCamera, GreyEstimator, read_events

ROOT = Path(__file__).parents[2]
PAST_ALL_BUFFERS = 100
"""So many pictures (0.4 MB) do not wait in the buffers of one connection."""
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def fake() -> FakeCamera:
    return FakeCamera()


@pytest.fixture
def write_timeout_s() -> int:
    """How long the server waits for a viewer who does not read."""
    return 1


@pytest.fixture
def running(tmp_path: Path, fake: FakeCamera, write_timeout_s: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    monkeypatch.setattr("posecoach.live.camera.pictures", fake.pictures)
    monkeypatch.setattr(serving, "WRITE_TIMEOUT_S", write_timeout_s)
    options = ServeOptions(camera="0", port=0, folder=tmp_path, max_viewers=3)
    server = LiveServer(options, RULE_SETS, GreyEstimator)
    server.services.camera._source = fake.pictures
    server.start()
    try:
        yield server
    finally:
        server.stop()


def connect(server: LiveServer, path: str = "") -> socket.socket:
    host, port = re.findall(r"//([\d.]+):(\d+)/", server.url)[0]
    found = socket.create_connection((host, int(port)), timeout=60)
    if path:
        found.sendall(GET % path.encode())
    return found


def get(server: LiveServer, path: str) -> tuple[int, Any]:
    host, port = re.findall(r"//([\d.]+):(\d+)/", server.url)[0]
    with closing(http.client.HTTPConnection(host, int(port), timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def stream(server: LiveServer, path: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    host, port = re.findall(r"//([\d.]+):(\d+)/", server.url)[0]
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    connection.request("GET", path)
    return connection, connection.getresponse()


def read_pictures(answer: http.client.HTTPResponse, count: int) -> list[tuple[float, np.ndarray[Any, Any]]]:
    found: list[tuple[float, np.ndarray[Any, Any]]] = []
    while len(found) < count:
        length, t_ms = 0, 0.0
        while (line := answer.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif line.lower().startswith(b"x-t-ms:"):
                t_ms = float(line.split(b":")[1])
        decoded = cv2.imdecode(np.frombuffer(answer.read(length), np.uint8), cv2.IMREAD_COLOR)
        found.append((t_ms, np.asarray(decoded)))
    return found


def test_two_viewers_get_annotated_pictures_one_of_them_mirrored(running: LiveServer) -> None:
    viewers = [stream(running, f"/stream.mjpg?mirror={mirror}") for mirror in (0, 1)]
    assert all(answer.getheader("Content-Type", "").startswith("multipart/x-mixed-replace; boundary=") for _, answer in viewers)
    (plain_ms, plain), (mirrored_ms, mirrored) = (read_pictures(answer, 1)[0] for _, answer in viewers)
    while plain_ms != mirrored_ms or not plain_ms:
        behind = viewers[plain_ms > mirrored_ms][1]
        t_ms, picture = read_pictures(behind, 1)[0]
        assert t_ms >= min(plain_ms, mirrored_ms), "pictures come in order"
        if behind is viewers[0][1]:
            plain_ms, plain = t_ms, picture
        else:
            mirrored_ms, mirrored = t_ms, picture
    assert float(plain.std()) > 5, "nothing was drawn"
    edge = slice(0, 2)
    assert abs(float(plain[:, edge].mean()) - float(mirrored[:, ::-1][:, edge].mean())) < 12
    assert get(running, "/api/status")[1]["viewers"] == 2
    for connection, _ in viewers:
        connection.close()
    until(lambda: get(running, "/api/status")[1]["viewers"] == 0)


def test_events_come_far_more_seldom_than_pictures(running: LiveServer, fake: FakeCamera) -> None:
    fake.fps = 100.0
    connection, answer = stream(running, "/api/events")
    with closing(connection):
        assert answer.getheader("Content-Type", "").startswith("text/event-stream")
        assert answer.readline() == b": beat\n"
        times = [until(lambda: read_events(answer, 1)[0]["t_ms"])]
        while times[-1] < times[0] + 1000:
            times += [state["t_ms"] for state in read_events(answer, 1)]
    assert len(times) < 40, "about five are meant, of a hundred pictures"


def test_events_and_state_agree_on_a_fault(running: LiveServer, fake: FakeCamera) -> None:
    connection, answer = stream(running, "/api/events")
    with closing(connection):
        until(lambda: read_events(answer, 1)[0]["placement"]["ready"])
        fake.grey = WRONG
        said = until(lambda: read_events(answer, 1)[0]["correction"])
        assert until(lambda: get(running, "/api/state")[1]["correction"])["id"] == said["id"]


def test_a_heartbeat_comes_where_nothing_else_does(running: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.webapp.streams.BEAT_S", 0.1)
    connection, answer = stream(running, "/api/events")
    with closing(connection):
        lines = [answer.readline() for _ in range(30)]
    assert lines.count(b": beat\n") > 2


def test_viewers_over_the_limit_are_told_and_leave_room_when_they_go(running: LiveServer, fake: FakeCamera) -> None:
    fake.fps = 5.0
    viewers = [stream(running, "/stream.mjpg") for _ in range(3)]
    code, answer = get(running, "/stream.mjpg")
    assert code == 503
    assert answer["error"] == "full"
    assert get(running, "/api/status")[1]["viewer_limit"] == 3
    for connection, _ in viewers:
        connection.close()
    until(lambda: get(running, "/api/status")[1]["viewers"] == 0)
    connection, answer_again = stream(running, "/stream.mjpg")
    with closing(connection):
        assert read_pictures(answer_again, 1)


def test_asking_for_the_head_only_takes_no_place(running: LiveServer) -> None:
    host, port = re.findall(r"//([\d.]+):(\d+)/", running.url)[0]
    for _ in range(4):
        with closing(http.client.HTTPConnection(host, int(port), timeout=60)) as connection:
            connection.request("HEAD", "/stream.mjpg")
            assert connection.getresponse().status == 200
    until(lambda: get(running, "/api/status")[1]["viewers"] == 0)


@contextmanager
def deaf_viewer(server: LiveServer) -> Iterator[None]:
    """Somebody who asks for pictures and does not read them."""
    with connect(server) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.sendall(GET % b"/stream.mjpg")
        assert deaf.recv(16)
        yield


def test_a_viewer_that_does_not_read_is_dropped(running: LiveServer, fake: FakeCamera) -> None:
    fake.fps = 100.0
    with deaf_viewer(running):
        assert get(running, "/api/status")[1]["viewers"] == 1
        until(lambda: get(running, "/api/status")[1]["viewers"] == 0)


@pytest.mark.parametrize("write_timeout_s", [600])
def test_a_viewer_that_does_not_read_holds_nobody_up(running: LiveServer, fake: FakeCamera) -> None:
    fake.fps = 100.0
    with deaf_viewer(running):
        connection, answer = stream(running, "/stream.mjpg?mirror=1")
        with closing(connection):
            times = [t_ms for t_ms, _ in read_pictures(answer, PAST_ALL_BUFFERS)]
        assert len(set(times)) > PAST_ALL_BUFFERS / 2, "pictures that are sent again are not new ones"
        assert get(running, "/api/status")[1]["viewers"] >= 1, "who does not read is still there"


def test_frames_posted_while_one_is_in_flight_are_refused(running: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = running.services.visitors.open()
    gate = threading.Event()
    plain = GreyEstimator.estimate

    def slow(self: GreyEstimator, frame: Any) -> Any:
        gate.wait(60)
        return plain(self, frame)

    monkeypatch.setattr(GreyEstimator, "estimate", slow)
    first = threading.Thread(target=visitor.see, args=(np.full((64, 64, 3), RIGHT, np.uint8), Look()))
    first.start()
    until(lambda: visitor._in_flight.locked())
    host, port = re.findall(r"//([\d.]+):(\d+)/", running.url)[0]
    with closing(http.client.HTTPConnection(host, int(port), timeout=60)) as connection:
        frame = cv2.imencode(".jpg", np.full((64, 64, 3), RIGHT, np.uint8))[1].tobytes()
        connection.request("POST", f"/api/visitor/{visitor.id}/frame", frame, {"X-Posecoach": "1"})
        assert connection.getresponse().status == 409
    gate.set()
    first.join()


# --- starting and stopping ----------------------------------------------------------------------------------------------------------------


def test_all_threads_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "WRITE_TIMEOUT_S", 600)
    before = set(threading.enumerate())
    server = LiveServer(ServeOptions(camera="0", port=0, folder=tmp_path), RULE_SETS, GreyEstimator)
    server.services.camera._source = FakeCamera().pictures
    server.start()
    viewer = connect(server, "/stream.mjpg")
    until(lambda: server.services.camera.viewers == 1)
    server.stop()
    until(lambda: set(threading.enumerate()) <= before)
    viewer.close()


def test_with_tls_others_get_the_certificate_to_trust_before_they_sign_in_and_no_key(tmp_path: Path) -> None:
    options = ServeOptions(host="0.0.0.0", port=0, passphrase="open sesame", tls=True, folder=tmp_path)
    server = LiveServer(options, RULE_SETS, GreyEstimator)
    server.start()
    try:
        trusting = ssl.create_default_context(cafile=str(tmp_path / "tls" / "office-ca.crt"))
        with closing(http.client.HTTPSConnection("127.0.0.1", server._web.bind_addr[1], timeout=60, context=trusting)) as connection:
            connection.request("GET", "/office-ca.crt")
            answer = connection.getresponse()
            content = answer.read()
            connection.request("GET", "/api/status")
            assert connection.getresponse().status == 401
    finally:
        server.stop()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/x-x509-ca-cert")
    assert content == (tmp_path / "tls" / "office-ca.crt").read_bytes()
    assert b"PRIVATE" not in content
    said = "\n".join(line.en for line in _greeting(server))
    assert server.office is not None
    assert server.office.fingerprint in said
    assert "/office-ca.crt" in said


def test_a_certificate_is_made_or_given(tmp_path: Path) -> None:
    with pytest.raises(PosecoachError, match="not both"):
        LiveServer(ServeOptions(tls=True, tls_cert=tmp_path / "c.pem", folder=tmp_path), RULE_SETS, GreyEstimator)


def test_a_port_in_use_names_the_next_free_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = LiveServer(ServeOptions(port=port, folder=tmp_path), RULE_SETS, GreyEstimator)
        with pytest.raises(PosecoachError, match=rf"port {port} is in use; the next free one: posecoach serve --port \d+"):
            server.start()
        assert next_free_port("127.0.0.1", port) != port


def test_beyond_this_machine_a_pass_phrase_is_needed(tmp_path: Path) -> None:
    with pytest.raises(PosecoachError, match="needs a pass phrase"):
        LiveServer(ServeOptions(host="0.0.0.0", folder=tmp_path), RULE_SETS, GreyEstimator)
    with pytest.raises(PosecoachError, match="too short"):
        LiveServer(ServeOptions(host="0.0.0.0", folder=tmp_path, passphrase="short"), RULE_SETS, GreyEstimator)


def test_a_certificate_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("no certificate", "ascii")
    options = ServeOptions(tls_cert=tmp_path / "cert.pem", tls_key=tmp_path / "cert.pem", folder=tmp_path)
    with pytest.raises(PosecoachError, match="cannot be read"):
        LiveServer(options, RULE_SETS, GreyEstimator)
    with pytest.raises(PosecoachError, match="needs both"):
        LiveServer(ServeOptions(tls_cert=tmp_path / "cert.pem", folder=tmp_path), RULE_SETS, GreyEstimator)


def test_the_pass_phrase_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(serving.PASSPHRASE_VARIABLE, raising=False)
    assert read_passphrase(None) is None
    monkeypatch.setenv(serving.PASSPHRASE_VARIABLE, "from outside")
    assert read_passphrase(None) == "from outside"
    (tmp_path / "phrase").write_text("from a file\nmore\n", "utf-8")
    assert read_passphrase(tmp_path / "phrase") == "from a file"
    with pytest.raises(PosecoachError, match="cannot be read"):
        read_passphrase(tmp_path / "absent")


def run_serve(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "posecoach.cli", "serve", "--state-dir", str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, preexec_fn=hear_ctrl_c)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent another way there")
def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("a long phrase\n", "utf-8")
    process = run_serve(tmp_path, "--port", "0", "--passphrase-file", str(tmp_path / "phrase"))
    assert process.stdout is not None
    url = process.stdout.readline()
    assert "http://127.0.0.1:" in url
    assert process.stdout.readline() == "camera: none; visitors can use their own\n"
    assert process.stdout.readline().startswith("the pass phrase is not asked for: only this machine reaches the page")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    rest = process.stdout.read()
    process.stdout.close()
    assert rest == ""


def test_a_video_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with run_serve(tmp_path, "--port", "0", "--camera", "nope.mp4") as process:
        assert process.wait(60) == 2
        assert process.stdout is not None
        assert re.fullmatch("posecoach: .*nope.mp4.*\n", process.stdout.read())


def test_an_address_with_a_password_shows_it_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address = "rtsp://user:hunter2@127.0.0.1:9/live?token=hunter2"
    server = LiveServer(ServeOptions(camera=address, port=0, folder=tmp_path), RULE_SETS, GreyEstimator)
    server.start()
    try:
        state = until(lambda: (found := get(server, "/api/state")[1])["camera"]["state"] == "lost" and found)
        seen = [json.dumps(state), json.dumps(get(server, "/api/status")[1]), caplog.text, repr(server.services)]
    finally:
        server.stop()
    assert "127.0.0.1:9/live" in seen[1]
    assert not any("hunter2" in text for text in seen)
