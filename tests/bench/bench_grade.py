# ruff: noqa: T201
"""Frames a second of `posecoach grade` beside a bare loop over the same models: what all the rest costs.

    python -m tests.bench.bench_grade [ROUNDS]     prints the table and writes docs/benchmarks.md

Both run on the same frames of the sample videos, in this one process, on one core, in turns. The bare loop decodes, finds the body with
the PoseLandmarker in VIDEO mode and the face with FaceMesh (irises included) on a head crop of the same size as grading uses; it keeps
nothing. `grade` is the whole command without annotated copies: rules, landmarks on disk, verdicts, JSON, CSV and page. Each loads its
models anew for every clip, since a following model must not follow from one clip into the next.
"""

from __future__ import annotations

import datetime
import importlib
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from posecoach.batch import BatchOptions, grade_all
from posecoach.estimators import mediapipe as estimator
from posecoach.estimators.crops import cut
from posecoach.estimators.faces import CROP_PX
from posecoach.estimators.quiet import quiet_native
from posecoach.estimators.regions import Square, head_square, px_per_m
from posecoach.grading import DEFAULT_FPS
from posecoach.records import Array, ClipResult, Text
from posecoach.sources.video import VideoSource

ROOT = Path(__file__).parents[2]
CLIPS = tuple(sorted((ROOT / "sample_videos").glob("*.mp4")))
REPORT = ROOT / "docs" / "benchmarks.md"
NEEDED = 0.80
SIDE_OF_CLOSE_UP_PX = 480


@dataclass(frozen=True)
class Timing:
    """Frames, and the seconds they took by the clock and of the processor."""

    frames: int
    wall_s: float
    cpu_s: float


def main() -> None:
    """Measure, print and write."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    cv2.setNumThreads(1)
    _timed(bare_loop)  # what is loaded once only
    bare: list[Timing] = []
    graded: list[Timing] = []
    for i in range(rounds):
        turns: list[tuple[list[Timing], Callable[[], int]]] = [(bare, bare_loop), (graded, grade)]
        for timings, job in turns if i % 2 == 0 else turns[::-1]:
            timings.append(_timed(job))
            print(f"round {i + 1} {job.__name__:9s} {timings[-1].frames / timings[-1].wall_s:6.1f} frames/s", flush=True)
    assert {t.frames for t in bare} == {t.frames for t in graded}, "the two must see the same frames"
    text = _report(bare, graded)
    print(f"\n{text}")
    REPORT.write_text(text, "utf-8")


def _timed(job: Callable[[], int]) -> Timing:
    wall, cpu = time.perf_counter(), time.process_time()
    frames = job()
    return Timing(frames, time.perf_counter() - wall, time.process_time() - cpu)


# --- the bare loop ----------------------------------------------------------------------------------------------------------------------


def bare_loop() -> int:
    """Decode all clips and run the models on every frame; returns the number of frames."""
    library: Any = importlib.import_module("mediapipe")
    count = 0
    for clip in CLIPS:
        with quiet_native():
            landmarker = estimator._pose_landmarker("VIDEO")
            mesh = library.solutions.face_mesh.FaceMesh(refine_landmarks=True, max_num_faces=1)
        with VideoSource(clip, DEFAULT_FPS) as source, landmarker, mesh:
            square = None
            for frame in source:
                picture = cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2RGB)
                image = library.Image(image_format=library.ImageFormat.SRGB, data=picture)
                found = landmarker.detect_for_video(image, 1000 + int(frame.t_ms))
                square = square or _head(found, source.size_wh)
                mesh.process(cut(picture, square, CROP_PX))
                count += 1
    return count


def _head(found: Any, size_wh: tuple[int, int]) -> Square:
    """Where the head is in the first picture with a body; the crop is held there. Without a body the picture shows a face."""
    if not found.pose_landmarks:
        return Square.around(np.asarray(size_wh) / 2, SIDE_OF_CLOSE_UP_PX)
    px: Array = np.array([(p.x, p.y) for p in found.pose_landmarks[0]]) * size_wh
    world_m: Array = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]])
    return head_square(px, px_per_m(px, world_m))


# --- the whole command ------------------------------------------------------------------------------------------------------------------


class _Counter:
    """Listens and counts frames."""

    frames = 0

    def begin(self, count: int) -> None:
        """Nothing."""

    def frames_done(self, path: str, done: int, total: int) -> None:
        """Nothing."""

    def clip_done(self, clip: ClipResult) -> None:
        """So many more."""
        self.frames += clip.frames_analysed

    def clip_failed(self, path: str, error: str) -> None:
        """No sample may fail."""
        raise AssertionError(f"{path}: {error}")

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path, stopped: bool) -> None:
        """Nothing."""


def grade() -> int:
    """Grade all clips without annotated copies; returns the number of frames."""
    counter = _Counter()
    with tempfile.TemporaryDirectory() as out:
        options = BatchOptions(paths=tuple(map(str, CLIPS)), out=Path(out), fps=DEFAULT_FPS, annotate=False)
        grade_all(options, counter)
    return counter.frames


# --- the report -------------------------------------------------------------------------------------------------------------------------


def _report(bare: Sequence[Timing], graded: Sequence[Timing]) -> str:
    rows = [("bare loop", bare), ("`posecoach grade --no-annotate`", graded)]
    table = "\n".join(
        f"| {name} | {statistics.median(t.frames / t.wall_s for t in timings):.1f} | "
        f"{statistics.median(1000 * t.cpu_s / t.frames for t in timings):.1f} |"
        for name, timings in rows
    )
    by_clock, by_cpu = ([getattr(b, what) / getattr(g, what) for b, g in zip(bare, graded, strict=True)] for what in ("wall_s", "cpu_s"))
    versions = ", ".join(f"{name} {version(name)}" for name in ("mediapipe", "numpy", "av", "opencv-contrib-python-headless"))
    shares = ", ".join(f"{ratio:.2f}" for ratio in by_clock)
    return f"""# Benchmarks

Written by `make bench` (`tests/bench/bench_grade.py`, which says what is compared). The models take most of the time; the figure to
watch is the share of the bare loop's speed that is left when everything else is added.

| one process on one core | frames/s | processor ms a frame |
| --- | ---: | ---: |
{table}

Ratio, median of {len(bare)} rounds in turns: **{statistics.median(by_clock):.2f}** by the clock,
{statistics.median(by_cpu):.2f} by processor time (rounds: {shares}). At least {NEEDED:.2f} is asked for.

{bare[0].frames} frames of {len(CLIPS)} sample videos (640x480) at up to {DEFAULT_FPS:.0f} frames/s. {_processor()}, {os.cpu_count()} cores,
{platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}; {datetime.date.today()}.
"""


def _processor() -> str:
    """The processor's name where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    main()
