# ruff: noqa: T201
"""The morning meeting live, through the server: pictures a second, and how long somebody is not looked at.

    python -m tests.bench.bench_row [PEOPLE] [SECONDS]

A video of a row (1080p, 30 frames/s, put together from the sample clips) is the server's camera. One viewer takes pictures and states over
HTTP as the page does. Times are by the clock, so another program at work counts; the load of the machine is printed beside them.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from posecoach.storage.video_writer import VideoWriter
from tests.bench.bench_lineup import names
from tests.rows import SIZE_WH, row_pictures
from tests.waiting import until
from tests.webapp.browser import serve

FPS = 30.0
FRAMES = 90
SETTLE_S = 10.0
NEEDED_FPS, NEEDED_GAP_S = 10.0, 1.0


def main() -> None:
    """Measure and print."""
    people, seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 8, float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as coach:
        film(coach.camera, people)
        shown: list[float] = []
        threading.Thread(target=look, args=(coach.port, shown), daemon=True).start()
        until(lambda: len(coach.ask("GET", "/api/meeting")[1]["people"]) == people, 60, f"{people} people")
        time.sleep(SETTLE_S)
        gaps_s, states = listen(coach.port, seconds)
        came = [t for t in shown if t >= shown[-1] - seconds]
        judged = coach.ask("GET", "/api/meeting/status")[1]
    gaps = sorted(b - a for a, b in pairwise(came))
    print(f"{people} people: {len(gaps) / (came[-1] - came[0]):.1f} pictures/s (at least {NEEDED_FPS:.0f}), longest wait {gaps[-1]:.2f} s")
    print(f"longest time between two looks at somebody {max(gaps_s):.2f} s (at most {NEEDED_GAP_S:.0f})")
    print(f"{states / seconds:.1f} states/s, {judged}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def film(path: Path, people: int) -> None:
    """The row as a video."""
    fresh = path.with_name("fresh.mp4")
    with VideoWriter(fresh, SIZE_WH, FPS, short_side_px=min(SIZE_WH)) as writer:
        for i, picture in enumerate(row_pictures(names(people), FRAMES)):
            writer.write(picture, 1000 * i / FPS)
    fresh.replace(path)


def look(port: int, shown: list[float]) -> None:
    """Take the pictures for ever, and note when each came."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/meeting/stream.mjpg")
    answer = connection.getresponse()
    while line := answer.readline():
        if line.lower().startswith(b"content-length:"):
            size = int(line.split(b":")[1])
            while answer.readline().strip():
                pass
            answer.read(size)
            shown.append(time.monotonic())


def listen(port: int, seconds: float) -> tuple[list[float], int]:
    """Longest times for which each person was not looked at, seconds by the camera's clock, and how many states came."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/meeting/events")
    answer = connection.getresponse()
    updates: dict[int, list[float]] = defaultdict(list)
    end, states = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        line = answer.readline()
        if line.startswith(b"data: "):
            state = json.loads(line[6:])
            states += 1
            for person in state["people"]:
                if person["age_ms"] is None:  # away
                    continue
                updated = state["t_ms"] - person["age_ms"]
                if not updates[person["key"]] or updated > updates[person["key"]][-1] + 1:
                    updates[person["key"]].append(updated)
    return [max(b - a for a, b in pairwise(times)) / 1000 for times in updates.values()], states


if __name__ == "__main__":
    main()
