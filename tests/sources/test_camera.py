"""Addresses of cameras, files played over and over, network streams that stop, devices that are not there."""

from __future__ import annotations

import http.server
import logging
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from posecoach.errors import SourceError
from posecoach.sources import camera
from posecoach.sources.camera import CameraAddress, CameraError, check_file, pictures
from posecoach.sources.upright import Image
from posecoach.sources.video import VideoSource
from tests.odd_media import TURNED, corners, even_times, quarters, with_matrix, write_turned_phone, write_video

CLIP = Path(__file__).parents[2] / "sample_videos" / "smile_none_m4_face.mp4"


def never(_seconds: float) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("0", "device", "0"),
        ("USB Camera", "device", "USB Camera"),
        (str(CLIP), "file", CLIP.name),
        ("absent.mp4", "file", "absent.mp4"),
        ("rtsp://camera.local/live", "network", "rtsp://camera.local/live"),
        ("rtsp://user:secret@camera.local:554/live?key=secret", "network", "rtsp://camera.local:554/live"),
        ("http://user@[fe80::1]:8080/video#secret", "network", "http://[fe80::1]:8080/video"),
    ],
)
def test_an_address_is_understood(text: str, kind: str, name: str) -> None:
    found = CameraAddress.parse(text)
    assert (found.kind, found.name) == (kind, name)


@pytest.mark.parametrize("text", ["ftp://camera.local/x", "rtsp://user:secret@", "rtsp://user:secret@host:port/"])
def test_a_wrong_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SourceError) as refused:
        CameraAddress.parse(text)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("text", ["absent.mp4", str(CLIP.parent), __file__])
def test_a_file_that_cannot_be_played_is_told_before_anything_starts(text: str) -> None:
    with pytest.raises(SourceError, match=Path(text).name):
        check_file(CameraAddress.parse(text))
    for later in (CLIP, "17", "rtsp://camera.local/live"):
        check_file(CameraAddress.parse(str(later)))


def test_a_password_is_in_no_repr() -> None:
    assert "secret" not in repr(CameraAddress.parse("rtsp://user:secret@camera.local/live"))


# --- files --------------------------------------------------------------------------------------------------------------------------------


def test_a_file_starts_again_at_its_end() -> None:
    stream = pictures(CameraAddress.parse(str(CLIP)), never)
    frames = [next(stream) for _ in range(90)]
    stream.close()
    assert any(np.array_equal(frames[0], later) for later in frames[1:])


def test_a_file_is_played_at_its_own_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    with VideoSource(CLIP) as clip:
        due_ms = [frame.t_ms for frame in clip]
    now = [1000.0]
    monkeypatch.setattr(camera, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def pause(seconds: float) -> bool:
        now[0] += seconds
        return False

    shown_ms = []
    stream = pictures(CameraAddress.parse(str(CLIP)), pause)
    for _ in due_ms:
        next(stream)
        shown_ms.append(1000 * (now[0] - 1000))
        now[0] += 0.02 * (len(shown_ms) % 3)  # whoever looks takes some time too
    stream.close()
    assert shown_ms == pytest.approx(due_ms, abs=0.01)


def test_a_file_stops_when_told() -> None:
    assert list(pictures(CameraAddress.parse(str(CLIP)), lambda _: True)) == []


def test_a_file_that_is_not_there_is_lost_until_it_is_back(tmp_path: Path) -> None:
    address = CameraAddress.parse(str(tmp_path / "clip.mp4"))
    with pytest.raises(CameraError) as lost:
        next(pictures(address, never))
    assert lost.value.state == "lost"
    assert lost.value.words.zh
    shutil.copy(CLIP, tmp_path / "clip.mp4")
    stream = pictures(address, never)
    assert next(stream).ndim == 3
    stream.close()


# --- the network --------------------------------------------------------------------------------------------------------------------------


class Stream(http.server.BaseHTTPRequestHandler):
    """Sends a few pictures, then hangs up."""

    count = 8

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for i in range(self.count):
            data = cv2.imencode(".jpg", np.full((120, 160, 3), 40 + 20 * i, np.uint8))[1].tobytes()
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def network_camera() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://user:secret@127.0.0.1:{server.server_address[1]}/video"
        server.shutdown()
        thread.join()


def read_all(stream: Generator[Image, None, None]) -> tuple[list[Image], CameraError]:
    frames: list[Image] = []
    with pytest.raises(CameraError) as error:
        frames.extend(stream)
    return frames, error.value


def test_a_network_camera_that_stops_is_lost_and_can_be_opened_again(network_camera: str) -> None:
    address = CameraAddress.parse(network_camera)
    for _ in range(2):
        frames, error = read_all(pictures(address, never))
        assert len(frames) >= 5
        assert frames[0].shape == (120, 160, 3)
        assert frames[0].flags.c_contiguous
        assert error.state == "lost"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Serves the files of ``tmp_path``: from a file's name to its address."""

    class Files(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield lambda name: f"http://127.0.0.1:{server.server_address[1]}/{name}"
        server.shutdown()
        thread.join()


def test_pixels_and_turns_are_the_same_from_the_network_as_from_a_file(tmp_path: Path, served: Callable[[str], str]) -> None:
    path = write_video(tmp_path / "a.mp4", even_times(60, 10), (64, 96), quarters, rate=10, aspect=Fraction(64, 45))
    with VideoSource(with_matrix(path, TURNED)) as source:
        of_file = [frame.image_bgr for frame in source]
    frames, _ = read_all(pictures(CameraAddress.parse(served("a.mp4")), never))
    assert source.size_wh == (96, 91)
    assert {corners(image) for image in frames} == {"wbgr"}
    assert np.array_equal(frames[-1], of_file[-1])


def test_a_network_camera_whose_picture_changes_its_size_stays_undistorted(tmp_path: Path, served: Callable[[str], str]) -> None:
    write_turned_phone(tmp_path / "a.ts", ((128, 64), (64, 128)), seconds=4.0)
    frames, _ = read_all(pictures(CameraAddress.parse(served("a.ts")), never))
    assert {image.shape for image in frames} == {(64, 128, 3)}
    assert not frames[-1][:, :40].any()
    assert corners(np.ascontiguousarray(frames[-1][:, 48:80])) == "bgrw"


def test_an_address_that_does_not_answer_is_lost_and_its_password_is_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, error = read_all(pictures(CameraAddress.parse("http://user:secret@127.0.0.1:9/video"), never))
    assert error.state == "lost"
    assert "secret" not in f"{error!r} {error} {caplog.text} {error.__cause__!r}"


def test_a_network_address_opens_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        CameraAddress.parse(f"file://{CLIP}")


# --- devices ------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(camera, "_DEVICES", tmp_path)
    monkeypatch.setattr(camera, "_VIDEO_NAMES", tmp_path / "names")
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


class FakeCapture:
    """OpenCV's capture: opens or not, gives two pictures, then none."""

    opens = True
    asked: tuple[int, ...] = ()

    def __init__(self, number: int, _how: int) -> None:
        FakeCapture.asked = (*FakeCapture.asked, number)
        self._left = 2

    def isOpened(self) -> bool:  # noqa: N802
        return self.opens

    def set(self, *_: object) -> bool:
        return True

    def read(self) -> tuple[bool, Image | None]:
        self._left -= 1
        return (True, np.zeros((48, 64, 3), np.uint8)) if self._left >= 0 else (False, None)

    def release(self) -> None:
        """Nothing."""


def test_a_device_that_is_not_there_is_lost(devices: Path) -> None:
    _, error = read_all(pictures(CameraAddress.parse("7"), never))
    assert error.state == "lost"
    assert "check the cable" in error.words.en


def test_a_device_that_is_there_but_does_not_open_is_busy(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (devices / "video0").touch()
    monkeypatch.setattr(cv2, "VideoCapture", FakeCapture)
    monkeypatch.setattr(FakeCapture, "opens", False)
    _, error = read_all(pictures(CameraAddress.parse("0"), never))
    assert error.state == "busy"


def test_a_device_is_found_by_its_name_and_lost_when_it_stops(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in ((0, "Built-in"), (2, "USB Camera: HD")):
        (devices / f"video{number}").touch()
        (devices / "names" / f"video{number}").mkdir(parents=True)
        (devices / "names" / f"video{number}" / "name").write_text(f"{name}\n", "utf-8")
    monkeypatch.setattr(cv2, "VideoCapture", FakeCapture)
    frames, error = read_all(pictures(CameraAddress.parse("usb camera"), never))
    assert FakeCapture.asked[-1] == 2
    assert len(frames) == 2
    assert error.state == "lost"
    assert read_all(pictures(CameraAddress.parse("no such name"), never))[1].state == "lost"
