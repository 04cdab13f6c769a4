# ruff: noqa: T201
"""Whether a long day leaves anything behind: memory, threads and open files of a server with viewers and visitors who come and go.

    python -m tests.bench.bench_soak [--minutes 60] [--viewers 30] [--visitors 5]     Linux

A server of its own process looks at a clip as its camera, with the real models. For all of the time viewers read its stream and its events,
and as many visitors as there are places post the clip's pictures; each leaves after a while and another comes. Then all leave. What is
asked: at the end of the crowded time memory, threads and files within 10 % of minute five (of a fifth of the time, where that is less);
and, a minute after all have left, back within 25 % of what they were before the first came.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

import cv2
import numpy as np

from posecoach.sources.video import VideoSource
from tests.bench.bench_grade import processor_name
from tests.waiting import until

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "sample_videos" / "meeting_arms_folded_f4_front.mp4"
SETTLED_S, LOOK_S, QUIET_S = 300.0, 10.0, 60.0
LOOKS = 6
STAY_S = (5.0, 60.0)
GROWTH, REST = 1.10, 1.25
OURS = {"X-Posecoach": "1"}


@dataclass(frozen=True)
class Load:
    """What the server holds."""

    memory_mb: float
    threads: float
    files: float

    def within(self, share: float, of: Load) -> bool:
        """Whether nothing is above a share of what it was."""
        return all(now <= share * before for now, before in zip(astuple(self), astuple(of), strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--viewers", type=int, default=30)
    parser.add_argument("--visitors", type=int, default=5)
    options = parser.parse_args()
    print(
        f"{processor_name()}, {os.cpu_count()} cores; {options.minutes:g} minutes, {options.viewers} viewers, {options.visitors} visitors"
    )
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder), options) as process:
        assert process.stdout is not None
        port = int(re.findall(r":(\d+)/", process.stdout.readline())[0])
        try:
            return _soak(process.pid, port, options)
        finally:
            process.terminate()


def _server(folder: Path, options: argparse.Namespace) -> subprocess.Popen[str]:
    serve = ["serve", "--camera", str(CLIP), "--port", "0", "--state-dir", str(folder), "--max-visitors", str(options.visitors)]
    return subprocess.Popen([sys.executable, "-m", "posecoach.cli", *serve], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _soak(pid: int, port: int, options: argparse.Namespace) -> int:
    until(lambda: _status(port)["inference_ms"], what="the camera's models")
    time.sleep(LOOK_S)
    start = _told("before the first came", pid)
    over = threading.Event()
    crowd = [threading.Thread(target=_again, args=(over, lambda: _view(over, port))) for _ in range(options.viewers)]
    crowd += [threading.Thread(target=_again, args=(over, lambda: _visit(over, port))) for _ in range(options.visitors)]
    for person in crowd:
        person.start()
    end_s = time.monotonic() + 60 * options.minutes
    span_s = min(QUIET_S, 6 * options.minutes)
    time.sleep(min(SETTLED_S, 12 * options.minutes))
    settled = last = _usual("settled", pid, span_s)
    while time.monotonic() + span_s < end_s:
        last = _usual(f"{(end_s - time.monotonic()) / 60:.1f} minutes before the end", pid, span_s)
    over.set()
    for person in crowd:
        person.join()
    until(lambda: not _status(port)["viewers"] + _status(port)["visitors"], what="all places free")
    time.sleep(span_s)
    rest = _told("after all have left", pid)
    return _judged({"crowded": last.within(GROWTH, settled), "left": rest.within(REST, start)})


def _judged(kept: dict[str, bool]) -> int:
    for name, is_kept in kept.items():
        print(f"{name}: {'kept' if is_kept else 'MISSED'}")
    return 0 if all(kept.values()) else 1


def _usual(when: str, pid: int, span_s: float) -> Load:
    """The median of some looks: who has just come or gone makes a single one jump by the models of one visitor."""
    looks = []
    for _ in range(LOOKS):
        time.sleep(span_s / LOOKS)
        looks.append(_load(pid))
    found = Load(*(statistics.median(values) for values in zip(*(astuple(look) for look in looks), strict=True)))
    return _said(when, found)


def _told(when: str, pid: int) -> Load:
    return _said(when, _load(pid))


def _said(when: str, found: Load) -> Load:
    print(f"{when}: {found.memory_mb:.0f} MB, {found.threads:.0f} threads, {found.files:.0f} files", flush=True)
    return found


def _load(pid: int) -> Load:
    memory = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))
    assert memory is not None
    return Load(int(memory[1]) / 1024, _count(f"/proc/{pid}/task"), _count(f"/proc/{pid}/fd"))


def _count(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())


def _status(port: int) -> dict[str, float]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        client.request("GET", "/api/status")
        found: dict[str, float] = json.loads(client.getresponse().read())
    return found


def _again(over: threading.Event, stay: Callable[[], None]) -> None:
    """One person after the other, until it is over; a server that is full or busy is asked again."""
    while not over.wait(random.uniform(0, 1)):
        with suppress(OSError, http.client.HTTPException):
            stay()


def _view(over: threading.Event, port: int) -> None:
    address = random.choice(("/stream.mjpg", "/stream.mjpg?mirror=1", "/api/events"))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        client.request("GET", address)
        answer, leave_s = client.getresponse(), time.monotonic() + random.uniform(*STAY_S)
        while answer.read(65536 if "stream" in address else 64) and time.monotonic() < leave_s and not over.is_set():
            pass


def _visit(over: threading.Event, port: int) -> None:
    pictures, leave_s = _pictures(), time.monotonic() + random.uniform(*STAY_S)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        visitor = json.loads(_asked(client, "POST", "/api/visitor", b"{}")).get("id")
        while visitor and time.monotonic() < leave_s and not over.is_set():
            _asked(client, "POST", f"/api/visitor/{visitor}/frame", random.choice(pictures))
        if visitor:
            _asked(client, "DELETE", f"/api/visitor/{visitor}", b"")


def _asked(client: http.client.HTTPConnection, method: str, path: str, body: bytes) -> bytes:
    client.request(method, path, body, OURS)
    return client.getresponse().read()


_kept: list[bytes] = []


def _pictures() -> list[bytes]:
    if not _kept:
        with VideoSource(CLIP, 2) as source:
            _kept.extend(cv2.imencode(".jpg", np.asarray(frame.image_bgr))[1].tobytes() for frame in source)
    return _kept


if __name__ == "__main__":
    sys.exit(main())
