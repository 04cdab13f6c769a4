# ruff: noqa: T201
"""What the live coach costs beside a bare loop over MediaPipe's models.

    python -m tests.bench.bench_live [ROUNDS]     prints the tables and writes docs/benchmarks-live.md

Both see the same 640x480 pictures, out of memory. The bare loop finds the body with the PoseLandmarker in VIDEO mode, with its models as
they come, and the face with FaceMesh (irises included) on a head crop, as fast as it can, and does nothing else. The live coach gets them
from a camera of 60 frames/s and does all it does in use: judging, drawing, encoding, sending to viewers (30 pictures/s at most), which read
in a process of their own on the same machine. The two take turns, so that what else runs on the machine slows both.
"""

from __future__ import annotations

import datetime
import importlib
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np

from posecoach.body.records import Frame, Landmarks
from posecoach.estimators.crops import cut
from posecoach.estimators.faces import CROP_PX
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.estimators.quiet import quiet_native
from posecoach.sources.camera import CameraAddress
from posecoach.sources.upright import Image
from posecoach.sources.video import VideoSource
from posecoach.webapp.server import LiveServer, ServeOptions
from tests.bench.bench_grade import processor_name
from tests.bench.bench_loops import head_of
from tests.shipped import RULE_SETS
from tests.whole_model import whole_landmarker

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "sample_videos" / "meeting_arms_folded_f4_front.mp4"
REPORT = ROOT / "docs" / "benchmarks-live.md"
CAMERA_FPS = 60.0
WARM_UP_S, RUN_S = 3.0, 8.0
MANY = 30
NEEDED_SHARE, NEEDED_LOSS, NEEDED_START_S = 0.85, 0.10, 2.0
STARTS = 3

# One process reads for all viewers; it prints when each picture of the first one was whole, and the picture's time.
_VIEWERS = r"""
import json, re, selectors, socket, sys, time
port, many, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
watch = selectors.DefaultSelector()
for i in range(many):
    viewer = socket.create_connection(("127.0.0.1", port))
    viewer.sendall(b"GET /stream.mjpg?mirror=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    watch.register(viewer, selectors.EVENT_READ, i)
found, rest, t_ms, room = [], b"", None, bytearray(1 << 18)
end = time.monotonic() + seconds
while time.monotonic() < end:
    for key, _ in watch.select(0.2):
        size = key.fileobj.recv_into(room)
        if not size:
            sys.exit("hung up")
        if key.data == 0:
            rest += room[:size]
            done = 0
            for mark in re.finditer(rb"X-T-Ms: ([0-9.]+)\r\n|--posecoach-picture\r\n", rest):
                done = mark.end()
                if mark[1]:
                    t_ms = float(mark[1])
                elif t_ms:
                    found.append((time.monotonic(), t_ms))
                    t_ms = None
            rest = rest[max(done, len(rest) - 40):]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Run:
    """Frames a second through the models, and in ms: each inference, the processor's time a frame, from captured to received whole."""

    fps: float
    inference_ms: Sequence[float]
    cpu_ms: float
    latency_ms: Sequence[float] = ()


def main() -> None:
    """Measure, print and write."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with VideoSource(CLIP) as source:
        frames = [frame.image_bgr for frame in source]
    jobs: dict[str, Callable[[], Run]] = {
        "bare": lambda: bare_loop(frames),
        "one": lambda: live(frames, 1),
        "many": lambda: live(frames, MANY),
    }
    runs: dict[str, list[Run]] = {name: [] for name in jobs}
    for i in range(rounds):
        for name in list(jobs) if i % 2 == 0 else list(jobs)[::-1]:
            runs[name].append(jobs[name]())
            print(f"round {i + 1} {name:5s} {runs[name][-1].fps:5.1f} frames/s {runs[name][-1].cpu_ms:5.1f} ms", flush=True)
    starts = [start_s() for _ in range(STARTS)]
    text = _report(runs, starts)
    print(f"\n{text}")
    REPORT.write_text(text, "utf-8")


# --- the bare loop ------------------------------------------------------------------------------------------------------------------------


def bare_loop(frames: Sequence[Image]) -> Run:
    """The models alone, one picture after the other."""
    library: Any = importlib.import_module("mediapipe")
    with quiet_native():
        landmarker = whole_landmarker()
        mesh = library.solutions.face_mesh.FaceMesh(refine_landmarks=True, max_num_faces=1)
    taken_ms: list[float] = []
    with landmarker, mesh:
        square, cpu = None, 0.0
        start = time.perf_counter()
        for index, frame in enumerate(cycle(frames)):
            begun = time.perf_counter()
            if begun - start > WARM_UP_S + RUN_S:
                break
            picture = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            image = library.Image(image_format=library.ImageFormat.SRGB, data=picture)
            found = landmarker.detect_for_video(image, 1000 + 25 * index)
            square = square or head_of(found, (frame.shape[1], frame.shape[0]))
            mesh.process(cut(picture, square, CROP_PX))
            if begun - start > WARM_UP_S:
                cpu = cpu or time.process_time()
                taken_ms.append((time.perf_counter() - begun) * 1000)
    return Run(len(taken_ms) / RUN_S, taken_ms, (time.process_time() - cpu) * 1000 / len(taken_ms))


# --- the live coach -----------------------------------------------------------------------------------------------------------------------


class _Timed:
    """The estimator of the live coach, timed."""

    warnings: tuple[str, ...] = ()
    is_in_company = False
    with_hands = False

    def __init__(self) -> None:
        self._inner = MediaPipeEstimator()
        self.times: list[tuple[float, float]] = []

    def estimate(self, frame: Frame) -> Landmarks:
        start = time.perf_counter()
        found = self._inner.estimate(frame)
        self.times.append((start, (time.perf_counter() - start) * 1000))
        return found

    def __enter__(self) -> _Timed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._inner.close()


def live(frames: Sequence[Image], viewers: int) -> Run:
    """The whole coach with so many viewers."""
    made: list[_Timed] = []

    def make() -> _Timed:
        made.append(_Timed())
        return made[-1]

    def camera(_address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        start = time.monotonic()
        for index, frame in enumerate(cycle(frames)):
            yield frame
            if wait(max(0.0, start + (index + 1) / CAMERA_FPS - time.monotonic())):
                return

    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(ServeOptions(camera="0", port=0, folder=Path(folder)), RULE_SETS, make)
        server.services.camera._source = camera
        server.services.camera.session.choose("morning_meeting", "female")
        server.start()
        try:
            return _watched(server, made, viewers)
        finally:
            server.stop()


def _watched(server: LiveServer, made: list[_Timed], viewers: int) -> Run:
    while not made or not made[0].times:
        time.sleep(0.05)
    port = server.url.rsplit(":", 1)[1].strip("/")
    watching = subprocess.Popen(
        [sys.executable, "-c", _VIEWERS, port, str(viewers), str(WARM_UP_S + RUN_S)], stdout=subprocess.PIPE, text=True
    )
    time.sleep(WARM_UP_S)
    begin, cpu = time.perf_counter(), time.process_time()
    time.sleep(RUN_S)
    cpu = time.process_time() - cpu
    taken_ms = [ms for start, ms in list(made[0].times) if start >= begin]
    said, _ = watching.communicate()
    zero_s = server.services.camera._start_s
    late_ms = [(at_s - zero_s) * 1000 - t_ms for at_s, t_ms in json.loads(said)]
    return Run(len(taken_ms) / RUN_S, taken_ms, cpu * 1000 / len(taken_ms), late_ms[len(late_ms) // 4 :])


def start_s() -> float:
    """From starting `posecoach serve` to the first annotated picture, in seconds."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        command = [sys.executable, "-m", "posecoach.cli", "serve", "--camera", str(CLIP), "--port", str(port), "--state-dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT) as process:
            try:
                while not _has_annotated(port):
                    time.sleep(0.02)
                return time.monotonic() - start
            finally:
                process.terminate()


def _has_annotated(port: int) -> bool:
    """Whether the stream gives a picture of the camera (the grey one it may begin with has the time 0)."""
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as viewer:
        viewer.sendall(b"GET /stream.mjpg?mirror=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        seen = b""
        while data := viewer.recv(65536):
            seen += data
            times = [float(t) for t in re.findall(rb"X-T-Ms: ([0-9.]+)\r\n", seen)]
            if any(times) and seen.rfind(b"--posecoach-picture") > seen.rfind(b"X-T-Ms"):
                return True
    return False


# --- the report ---------------------------------------------------------------------------------------------------------------------------


def _report(runs: dict[str, list[Run]], starts: Sequence[float]) -> str:
    shares = [one.fps / bare.fps for one, bare in zip(runs["one"], runs["bare"], strict=True)]
    losses = [1 - many.fps / one.fps for many, one in zip(runs["many"], runs["one"], strict=True)]
    names = {"bare": "bare loop", "one": "live, drawn and encoded, 1 viewer", "many": f"live, drawn and encoded, {MANY} viewers"}
    rows = "\n".join(_row(names[name], runs[name]) for name in runs)
    return f"""# Benchmarks of the live coach

Written by `make bench-live` (`tests/bench/bench_live.py`, which says what is compared). Medians of {len(shares)} rounds in turns.

| 640x480 | frames/s | processor ms a frame | inference ms, median | 95th percentile | captured to received ms, median | 95th percentile |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

* Frames/s beside the bare loop: **{statistics.median(shares):.2f}** (rounds: {_listed(shares, ".2f")}); at least {NEEDED_SHARE} is
  asked for.
* {MANY} viewers instead of one cost **{statistics.median(losses):.0%}** of the frames (rounds: {_listed(losses, ".0%")}); less than
  {NEEDED_LOSS:.0%} is asked for.
* From `posecoach serve` to the first annotated picture: **{statistics.median(starts):.1f} s** (starts: {_listed(starts, ".1f")}); at most
  {NEEDED_START_S:.0f} s is asked for.

{processor_name()}, {datetime.datetime.now(datetime.timezone.utc).date()}. The viewers read on the same machine, on the same processor.
"""


def _row(name: str, runs: Sequence[Run]) -> str:
    fps = statistics.median(run.fps for run in runs)
    inference = [ms for run in runs for ms in run.inference_ms]
    latency = [ms for run in runs for ms in run.latency_ms]
    return f"| {name} | {fps:.1f} | {statistics.median(run.cpu_ms for run in runs):.1f} | {_two(inference)} | {_two(latency)} |"


def _two(values: Sequence[float]) -> str:
    return f"{np.median(values):.1f} | {np.percentile(values, 95):.1f}" if len(values) else "- | -"


def _listed(values: Sequence[float], form: str) -> str:
    return ", ".join(format(value, form) for value in values)


if __name__ == "__main__":
    main()
