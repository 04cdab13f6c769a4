# ruff: noqa: T201
"""How many people one computer judges whose browsers recognise them: landmark streams posted by many at a time.

    python -m tests.bench.bench_hall [--browsers 100 400] [--seconds 30] [--proxied 100] [--write]     Linux; --write renews
                                                                                                   docs/benchmarks-hall.md

A server of its own process, with the processes it judges in, gets what was recorded of sample clips, ten pictures a second of each
browser, over connections that stay open, as the page posts it: one post in flight, pictures meanwhile go together in the next one, and
posts on the average as far apart as the server asks. Everybody has joined before the time that is measured begins. What is asked of 100
browsers: each judged twice a second, 95 % of the answers within 400 ms, less than 1.5 GB in all, and nobody refused. The browsers are one
more process on the same cores. In the last row all of them come from one address, as behind a proxy or a router that hides theirs.
"""

from __future__ import annotations

import argparse
import datetime
import heapq
import json
import os
import re
import selectors
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.storage.landmark_files import load_blocks
from tests.bench.bench_grade import processor_name
from tests.bench.processes import cpu_s, family, memory_mb
from tests.landmark_posts import frame_of, header

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "benchmarks-hall.md"
CLIPS = {
    "meeting_arms_folded_f4_front": "standing",
    "sit_knees_apart_m4_front": "sitting",
    "desk_ok_m4_front": "desk",
    "crouch_ok_f4_side": "crouching",
}
FRAME_S = 0.1
JOIN_S, SETTLE_S = 0.04, 8.0
"""One browser after the other joins, and all are judged for a while before anything is measured."""
EACH = 40
"""Connections of one address: the server takes 48."""
MOST_TOGETHER = 16
NEEDED_PER_S, NEEDED_MS, NEEDED_MB = 2.0, 400.0, 1500.0
JUDGED_AFTER_S = 0.19
"""A post is judged when its pictures are so much later than those judged before."""


@dataclass(frozen=True)
class Film:
    """What a browser posts again and again: the parts of its frames after their times."""

    topic: str
    size_wh: tuple[int, int]
    frames: Sequence[bytes]


@dataclass(eq=False)
class Browser:
    """One page: its connection, what it has seen and not posted yet, and what it was answered."""

    film: Film
    path: str
    address: str
    socket: socket.socket | None = None
    waiting: list[tuple[float, int]] = field(default_factory=list)
    seen: int = 0
    is_in_flight: bool = False
    sent_s: float = 0.0
    turn_s: float = 0.0
    newest_s: float = 0.0
    judged_s: float = 0.0
    post_s: float = 0.1
    took_ms: float = 0.0
    answer: bytearray = field(default_factory=bytearray)
    judged: int = 0
    times_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """What came of so many browsers. CPU in cores, memory of server and judges in MB."""

    browsers: int
    is_proxied: bool
    reopened_per_s: float
    refused: int
    failed: Counter[str]
    posts_per_s: float
    pictures_per_s: float
    judged_per_s: Sequence[float]
    times_ms: Sequence[float]
    front_cores: float
    judge_cores: float
    load_cores: float
    memory_mb: float

    @property
    def is_enough(self) -> bool:
        """Whether all that is asked of 100 browsers held."""
        least, p95 = min(self.judged_per_s, default=0.0), float(np.percentile(self.times_ms, 95))
        return not self.refused and not self.failed and least >= NEEDED_PER_S - 0.1 and p95 <= NEEDED_MS and self.memory_mb < NEEDED_MB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browsers", type=int, nargs="+", default=[50, 100, 200, 400])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--proxied", type=int, default=100, help="browsers of the last row, which all have one address; 0 for no such row")
    parser.add_argument("--landmarks", type=Path, help="a folder of landmark files instead of grading the sample clips first")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    films = films_of(options.landmarks) if options.landmarks else graded_films()
    load = os.getloadavg()[0]
    runs = []
    for count, is_proxied in [*((count, False) for count in options.browsers), *([(options.proxied, True)] if options.proxied else [])]:
        runs.append(hall(films, count, options.seconds, is_proxied=is_proxied))
        print(line(runs[-1]), flush=True)
    if options.write:
        REPORT.write_text(report(runs, load, options.seconds), "utf-8")
    asked = [run for run in runs if run.browsers <= 100]
    return 0 if all(run.is_enough for run in asked) else 1


# --- what is posted -----------------------------------------------------------------------------------------------------------------------


def graded_films() -> list[Film]:
    """The sample clips, looked at by the models now."""
    with tempfile.TemporaryDirectory() as folder:
        clips = [str(ROOT / "sample_videos" / f"{name}.mp4") for name in CLIPS]
        command = [sys.executable, "-m", "posecoach.cli", "grade", *clips, "--out", folder, "--no-annotate"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return films_of(Path(folder) / "landmarks")


def films_of(folder: Path) -> list[Film]:
    """The films in a folder of landmark files."""
    return [film(next(folder.glob(f"{name}-*.npz")), topic) for name, topic in CLIPS.items()]


def film(path: Path, topic: str) -> Film:
    track = next(iter(load_blocks(path)))
    return Film(topic, track.size_wh, [frame_of(track, i)[8:] for i in range(len(track))])


# --- the browsers -------------------------------------------------------------------------------------------------------------------------


class Crowd:
    """All browsers, in one thread: each takes a picture every `FRAME_S`, and posts what it has as soon as it may."""

    def __init__(self, port: int, *, is_proxied: bool = False) -> None:
        self._port = port
        self._is_proxied = is_proxied
        self._selector = selectors.DefaultSelector()
        self._due: list[tuple[float, int, Browser]] = []
        self._count = 0
        self.browsers: list[Browser] = []
        self.refused = 0
        self.failed: Counter[str] = Counter()
        self.is_measured = False
        self.posts = self.pictures = self.reopened = 0

    def join(self, film: Film) -> None:
        """One more browser, if the server lets it in."""
        number = len(self.browsers) + self.refused
        address = "127.0.0.1" if self._is_proxied else f"127.0.{1 + number // EACH}.1"
        status, told = self._ask(address, "POST", "/api/visitor", b'{"sends": "landmarks"}')
        if status != 200:
            self.refused += 1
            return
        browser = Browser(film, f"/api/visitor/{told['id']}/landmarks?topic={film.topic}&profile=female&mirror=1&lang=zh&took=", address)
        self.browsers.append(browser)
        self._later(time.monotonic() + FRAME_S * (number % 10) / 10, browser)

    def run(self, seconds: float) -> None:
        """Let all of them go on for so long."""
        until_s = time.monotonic() + seconds
        while (now_s := time.monotonic()) < until_s:
            while self._due and self._due[0][0] <= now_s:
                due_s, _, browser = heapq.heappop(self._due)
                self._look(browser, due_s)
            wait_s = min(self._due[0][0] if self._due else until_s, until_s) - time.monotonic()
            for key, _ in self._selector.select(max(0.0, wait_s)):
                self._receive(key.data)

    def leave(self) -> None:
        """Close all connections."""
        for browser in self.browsers:
            if browser.socket is not None:
                browser.socket.close()
        self._selector.close()

    def _later(self, due_s: float, browser: Browser) -> None:
        self._count += 1
        heapq.heappush(self._due, (due_s, self._count, browser))

    def _look(self, browser: Browser, due_s: float) -> None:
        browser.waiting = [*browser.waiting, (due_s, browser.seen % len(browser.film.frames))][-MOST_TOGETHER:]
        browser.seen += 1
        self.pictures += self.is_measured
        self._later(due_s + FRAME_S, browser)
        if not browser.is_in_flight and time.monotonic() >= browser.turn_s + browser.post_s:
            self._post(browser)

    def _post(self, browser: Browser) -> None:
        frames = [struct.pack("<d", t_s) + browser.film.frames[i] for t_s, i in browser.waiting]
        browser.sent_s = time.monotonic()
        browser.turn_s = max(browser.turn_s + browser.post_s, browser.sent_s - FRAME_S)
        body = header(len(frames), browser.film.size_wh, browser.sent_s) + b"".join(frames)
        browser.newest_s, browser.waiting, browser.is_in_flight = browser.waiting[-1][0], [], True
        head = (
            f"POST {browser.path}{browser.took_ms:.0f} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Posecoach: 1\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            if browser.socket is None:
                browser.socket = connected(browser.address, self._port)
                self._selector.register(browser.socket, selectors.EVENT_READ, browser)
            browser.socket.sendall(head.encode() + body)
        except OSError as error:
            self._lose(browser, type(error).__name__)

    def _receive(self, browser: Browser) -> None:
        assert browser.socket is not None
        try:
            data = browser.socket.recv(262_144)
        except OSError:
            data = b""
        if not data:
            self._lose(browser, "closed")
            return
        browser.answer += data
        end = browser.answer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = int(re.findall(rb"(?i)content-length: (\d+)", browser.answer[:end])[0])
        if len(browser.answer) >= end + 4 + length:
            self._answered(browser, browser.answer[9:12].decode(), bytes(browser.answer[-40:]))

    def _answered(self, browser: Browser, status: str, tail: bytes) -> None:
        browser.answer.clear()
        browser.is_in_flight = False
        browser.took_ms = 1000 * (time.monotonic() - browser.sent_s)
        if status != "200":
            self.failed[status] += 1
            return
        browser.post_s = int(re.findall(rb'"post_ms":(\d+)', tail)[0]) / 1000
        is_judged = browser.newest_s - browser.judged_s >= JUDGED_AFTER_S
        browser.judged_s = browser.newest_s if is_judged else browser.judged_s
        if self.is_measured:
            self.posts += 1
            browser.judged += is_judged
            browser.times_ms.append(browser.took_ms)

    def _lose(self, browser: Browser, why: str) -> None:
        self.failed[why] += browser.is_in_flight
        self.reopened += self.is_measured and not browser.is_in_flight
        if browser.socket is not None:
            self._selector.unregister(browser.socket)
            browser.socket.close()
        browser.socket, browser.is_in_flight = None, False
        browser.answer.clear()

    def _ask(self, address: str, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        with connected(address, self._port) as line:
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Posecoach: 1\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            line.sendall(head.encode() + body)
            answer = b""
            while part := line.recv(65_536):
                answer += part
        return int(answer[9:12]), json.loads(answer.partition(b"\r\n\r\n")[2])


def connected(address: str, port: int) -> socket.socket:
    """A connection from one of this machine's own addresses."""
    return socket.create_connection(("127.0.0.1", port), 60, (address, 0))


# --- the server ---------------------------------------------------------------------------------------------------------------------------


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Process id and port of a server without a camera."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "posecoach.cli", "serve", "--port", "0", "--state-dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert process.stdout is not None
            yield process.pid, int(re.findall(r":(\d+)/", process.stdout.readline())[0])
        finally:
            process.terminate()
            process.wait()


def hall(films: Sequence[Film], count: int, seconds: float, *, is_proxied: bool = False) -> Run:
    """So many browsers at a server for so long, all from one address where they are ``is_proxied``."""
    with server() as (pid, port):
        crowd = Crowd(port, is_proxied=is_proxied)
        for number in range(count):
            crowd.join(films[number % len(films)])
            crowd.run(JOIN_S)
        crowd.run(SETTLE_S)
        judges = family(pid)
        before, crowd.is_measured, begun_s = [cpu_s(each) for each in (pid, *judges, os.getpid())], True, time.monotonic()
        crowd.run(seconds)
        took_s = time.monotonic() - begun_s
        used = [(cpu_s(each) - old) / took_s for each, old in zip((pid, *judges, os.getpid()), before, strict=True)]
        memory = sum(memory_mb(each) for each in (pid, *judges))
        crowd.leave()
    return Run(
        browsers=count,
        is_proxied=is_proxied,
        reopened_per_s=crowd.reopened / took_s,
        refused=crowd.refused,
        failed=crowd.failed,
        posts_per_s=crowd.posts / took_s,
        pictures_per_s=crowd.pictures / took_s,
        judged_per_s=[browser.judged / took_s for browser in crowd.browsers],
        times_ms=[ms for browser in crowd.browsers for ms in browser.times_ms] or [float("inf")],
        front_cores=used[0],
        judge_cores=sum(used[1:-1]),
        load_cores=used[-1],
        memory_mb=memory,
    )


# --- what is told -------------------------------------------------------------------------------------------------------------------------

COLUMNS = (
    "| browsers | refused | judged a second, least / median | post to verdict, median / 95 % "
    "| posts a second | cores: front + judging | the browsers' own | memory |"
)


def line(run: Run) -> str:
    """One row of the table."""
    judged = run.judged_per_s or [0.0]
    p50, p95 = np.percentile(run.times_ms, [50, 95])
    cells = [
        str(run.browsers) + (", one address" if run.is_proxied else ""),
        str(run.refused) + (f", failed {dict(run.failed)}" if run.failed else ""),
        f"{min(judged):.1f} / {statistics.median(judged):.1f}",
        f"{p50:.0f} / {p95:.0f} ms",
        f"{run.posts_per_s:.0f}",
        f"{run.front_cores:.2f} + {run.judge_cores:.2f}",
        f"{run.load_cores:.2f}",
        f"{run.memory_mb:.0f} MB",
    ]
    return "| " + " | ".join(cells) + " |"


def report(runs: Sequence[Run], load: float, seconds: float) -> str:
    """The page, with how many cores a hall needs by what was measured."""
    judged = [(run, sum(run.judged_per_s)) for run in runs]
    need = statistics.median(NEEDED_PER_S * (run.front_cores + run.judge_cores) / count for run, count in judged if count)
    table = "\n".join(
        f"| {people} | {need * people:.1f} | {max(2, int(np.ceil(need * people / 0.8)))} |" for people in (20, 50, 100, 200, 400)
    )
    return f"""# People judged by landmarks

Made by `make bench-hall ARGS=--write` on {datetime.date.today().isoformat()}: {processor_name()}, {os.cpu_count()} cores,
load {load:.1f} before it began, {seconds:g} s a row. How it is done stands at the top of `tests/bench/bench_hall.py`; the browsers
run on the same cores.

{COLUMNS}
|---:|---:|---:|---:|---:|---:|---:|---:|
{chr(10).join(line(run) for run in runs)}
{_of_one_address(runs)}
## How many cores a hall needs

To judge one browser twice a second took {1000 * need:.1f} ms of a core a second, median of the rows.
With a fifth of the cores' time left over:

| people | cores busy | cores to have |
|---:|---:|---:|
{table}

One process receives for all; each of the others judges those who began in it. Who does not fit is told when to come back.
"""


def _of_one_address(runs: Sequence[Run]) -> str:
    """What of those from one address the table does not show."""
    told = [f"{run.reopened_per_s:.1f} times a second" for run in runs if run.is_proxied]
    return f"\nThose of one address had to open a connection anew {told[0]}.\n" if told else ""


if __name__ == "__main__":
    sys.exit(main())
