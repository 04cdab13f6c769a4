"""Faults of docs/faults.md that need a server, a camera or a disk of their own: frozen, asleep, killed, full or read-only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.live.camera import LiveCamera
from posecoach.resources import font_path
from posecoach.sources.camera import CameraAddress
from posecoach.webapp.logins import Logins
from tests.odd_media import even_times, write_video
from tests.processes import hear_ctrl_c
from tests.shipped import RULE_SETS
from tests.test_bad_input import run
from tests.waiting import until
from tests.webapp.fakes import FAULT, WRONG, GreyEstimator, picture

ROOT = Path(__file__).parents[2]
HOUR_S = 3600.0


class Bench:
    """The server's camera with its clock in the hand of the test."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.camera = LiveCamera(CameraAddress("device", "0", "0"), RULE_SETS, GreyEstimator, font_path())
        self.camera._clock, self.camera._start_s = lambda: self.now_s, self.now_s
        self._estimator = GreyEstimator()

    def film(self, seconds: float) -> dict[str, Any]:
        """Ten pictures a second, each judged at once; the last state told."""
        for _ in range(round(10 * seconds)):
            self.now_s += 0.1
            self.camera._take(np.ascontiguousarray(picture(WRONG)))
            frame = self.camera._frames.take(0.0)
            assert frame is not None
            self.camera._estimate(self._estimator, frame)
            told = self.state()
        return told

    def state(self) -> dict[str, Any]:
        """What the page is told now."""
        self.camera._judge_newest()
        return dict(json.loads(self.camera.events.newest() or b"{}"))


def test_a_camera_that_freezes_is_lost_after_two_seconds_and_back_with_its_next_picture() -> None:
    bench = Bench()
    assert bench.film(4.0)["camera"]["state"] == "ok"
    bench.now_s += 1.9
    assert bench.state()["camera"]["state"] == "ok"
    bench.now_s += 0.2
    frozen = bench.state()
    assert (frozen["camera"]["state"], "摄像头断开了" in frozen["camera"]["zh"]) == ("lost", True)
    assert (frozen["correction"], frozen["person"]) == (None, False)
    assert bench.film(0.1)["camera"]["state"] == "ok"


def test_after_an_hour_asleep_the_camera_goes_on_and_nothing_of_before_is_said() -> None:
    bench = Bench()
    assert bench.film(6.0)["correction"]["id"] == FAULT
    bench.camera.session.start_check(20.0)
    bench.film(5.0)
    bench.now_s += HOUR_S
    assert bench.state()["camera"]["state"] == "lost"
    awake = bench.film(0.2)
    assert (awake["camera"]["state"], awake["correction"], awake["check"]) == ("ok", None, None)
    assert bench.film(6.0)["correction"]["id"] == FAULT


def test_after_an_hour_asleep_who_signed_in_is_still_signed_in() -> None:
    now = [0.0]
    logins = Logins("a long phrase", lambda: now[0])
    token = logins.open("::1", "a long phrase")
    now[0] += HOUR_S
    assert isinstance(token, str)
    assert logins.sessions.find(token) is not None


# --- signals while serving --------------------------------------------------------------------------------------------------------------


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[..., Any]]]:
    """A real server and how to ask it; killed at the end where it still runs."""
    command = [sys.executable, "-m", "posecoach.cli", "serve", "--port", "0", "--state-dir", str(folder / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, preexec_fn=hear_ctrl_c) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]

        def ask(path: str, body: dict[str, Any] | None = None) -> Any:
            data = None if body is None else json.dumps(body).encode()
            headers = {"X-Posecoach": "1", "Content-Type": "application/json"}
            with urllib.request.urlopen(urllib.request.Request(address + path, data, headers), timeout=60) as answer:
                return json.load(answer)

        try:
            yield process, ask
        finally:
            process.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent another way there")
def test_a_server_killed_in_a_job_tells_of_it_when_it_is_back_and_sigterm_ends_it(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    write_video(tmp_path / "clips" / "a.mp4", even_times(1200, 30))
    with serving(tmp_path) as (process, ask):
        ask("api/trainer/start", {"folder": str(tmp_path / "clips"), "out": str(tmp_path / "out"), "annotate": False, "jobs": 1})
        assert ask("api/trainer")["job"]["state"] == "running"
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    with serving(tmp_path) as (process, ask):
        job = ask("api/trainer")["job"]
        assert (job["state"], job["folder"]) == ("interrupted", str(tmp_path / "clips"))
        process.send_signal(signal.SIGTERM)
        until(lambda: process.poll() is not None, what="the end after SIGTERM")


# --- disks ------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = sys.platform == "linux" and _mount("-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place))
    if not mounted:
        pytest.skip("a disk of its own may be mounted by root on Linux only")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _mount(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        write_video(folder / name, even_times(40, 10), rate=10)
    return folder


def test_a_disk_that_is_full_is_one_line_and_resume_goes_on_when_there_is_room(disk: Path, clips: Path) -> None:
    done = run("grade", clips, "--no-annotate", "--drill", "standing", out=disk / "out")
    assert (done.status, done.lines[-1].count("No space left on device")) == (2, 1)
    finished = {path: path.read_bytes() for path in (disk / "out" / "clips").glob("*.json") if path.stat().st_size}
    for path in finished:
        json.loads(path.read_bytes())
    assert _mount("-o", "remount,size=16m", str(disk))
    again = run("grade", clips, "--no-annotate", "--drill", "standing", "--resume", out=disk / "out")
    assert again.results is not None
    assert (again.status, len(again.results["clips"])) == (0, 3)
    assert {path: path.read_bytes() for path in finished} == finished


def test_a_read_only_disk_is_one_line_and_keeps_what_lay_there(disk: Path, clips: Path) -> None:
    assert _mount("-o", "remount,size=16m", str(disk))
    before = run("grade", clips / "a.mp4", "--no-annotate", "--drill", "standing", out=disk / "out")
    assert _mount("-o", "remount,ro", str(disk))
    done = run("grade", clips, "--no-annotate", "--drill", "standing", out=disk / "out")
    assert (done.status, len(done.lines)) == (2, 1)
    assert "Read-only file system" in done.lines[0]
    assert "--out" in done.lines[0]
    assert done.results == before.results
