"""A real Dask cluster on this machine for tests: a scheduler and workers in processes of their own, started as docs/cluster.md says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from posecoach.body.records import Frame, Landmarks
from posecoach.runners.processes import OnProgress
from tests.fake_estimator import FakeEstimator

ROOT = Path(__file__).parents[1]
DASK = str(Path(sysconfig.get_path("scripts")) / "dask")
CHINESE = "蹲姿 1.mp4"
LOCAL = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster."""

    address: str
    scheduler: subprocess.Popen[bytes]


@contextmanager
def scheduler(folder: Path, allowed_failures: int = 3) -> Iterator[Cluster]:
    """A scheduler without workers; a job may lose so many workers before it is given up."""
    file = folder / "scheduler.json"
    command = [DASK, "scheduler", *LOCAL, "--port", "0", "--scheduler-file", str(file)]
    with _running(command, folder, {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}) as process:
        yield Cluster(_address(file, process), process)


@contextmanager
def workers(folder: Path, address: str, count: int = 2) -> Iterator[subprocess.Popen[bytes]]:
    """Worker processes, each under a nanny that starts it again when it dies."""
    command = [DASK, "worker", address, *LOCAL, "--nworkers", str(count), "--nthreads", "1", "--local-directory", str(folder / "dask")]
    with _running(command, folder, {"PYTHONPATH": str(ROOT)}) as process:
        yield process


@contextmanager
def cluster(folder: Path, count: int = 2, allowed_failures: int = 3) -> Iterator[Cluster]:
    """A scheduler with workers."""
    with scheduler(folder, allowed_failures) as found, workers(folder, found.address, count):
        yield found


@contextmanager
def _running(command: list[str], folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (folder / f"{command[1]}.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env={**os.environ, **settings}, stdout=log, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(file: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, "the scheduler ended"
        assert time.monotonic() < end, "the scheduler did not start"
        try:
            return str(json.loads(file.read_text("utf-8"))["address"])
        except (OSError, ValueError, KeyError):
            time.sleep(0.05)


# --- what the workers do ------------------------------------------------------------------------------------------------------------------


def die(_report: OnProgress) -> None:
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(scar: Path, _report: OnProgress) -> str:
    if not scar.exists():
        scar.write_text("x")
        os.kill(os.getpid(), signal.SIGKILL)
    return "survived"


def go_on(seconds: float, begun: Path, report: OnProgress) -> None:
    begun.write_text("x")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.02)
        report(1, 2)
    begun.with_name("whole").write_text("x")


class DiesOnce(FakeEstimator):
    """Takes its process down in the middle of a clip, the first time; ``scar`` then holds the process's number."""

    def __init__(self, scar: Path, *, still: bool = False) -> None:
        super().__init__(0.02, still=still)
        self._scar = scar

    def estimate(self, frame: Frame) -> Landmarks:
        if frame.source == CHINESE and frame.index == 12 and not self._scar.exists():
            self._scar.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return super().estimate(frame)
