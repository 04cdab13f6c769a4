"""Damaged media, graded one by one in the worker processes of a grading: ``python -m tests.fuzz.media``."""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from posecoach.errors import SourceError, WorkerError
from posecoach.jobs.grading import ClipWork, OutputOptions, grade_clip
from posecoach.judging.pipeline import GradeOptions
from posecoach.runners.processes import Done, Failed, Job, LocalRunner, OnProgress, run_all
from posecoach.sources.inputs import find_inputs
from posecoach.storage.output_folder import CLIPS, LANDMARKS
from tests.fake_estimator import FakeEstimator
from tests.mutations import COUNT, HANG_S, mutations
from tests.odd_media import even_times, write_video

KINDS = ("mp4", "mkv", "avi", "mov", "ts", "gif", "jpg", "png", "webp", "bmp", "heic", "avif", "tif")
DEADLY_EVERY = 200
"""Now and then a copy really ends its worker, however well the decoders hold: it must cost nothing but itself."""


def copies(count: int, room: Path) -> Iterator[tuple[str, bytes]]:
    """Damaged files with an ending, which is sometimes another's."""
    seeds = [_whole(suffix, room) for suffix in KINDS]
    dice = random.Random(5)
    for i in range(len(KINDS)):
        share = count // len(KINDS) + (i < count % len(KINDS))
        for data in mutations([seeds[i]], share, seed=i):
            yield KINDS[i] if dice.random() < 0.95 else dice.choice(KINDS), data


def _whole(suffix: str, room: Path) -> bytes:
    file = room / f"seed.{suffix}"
    if suffix in ("mp4", "mkv", "avi", "mov", "ts"):
        write_video(file, even_times(12, 12), (64, 48))
    else:
        frames = [Image.fromarray(np.random.default_rng(i).integers(0, 255, (48, 64, 3), np.uint8)) for i in range(3)]
        more: dict[str, Any] = {"save_all": True, "append_images": frames[1:]} if suffix == "gif" else {}
        frames[0].save(file, **more)
    return file.read_bytes()


def grade(room: str, suffix: str, data: bytes, _report: OnProgress) -> int:
    """Grade a copy as a batch does, in the worker's own corner; the frames analysed."""
    corner = Path(room) / str(os.getpid())
    for folder in (LANDMARKS, CLIPS):
        (corner / "out" / folder).mkdir(parents=True, exist_ok=True)
    file = corner / f"a.{suffix}"
    file.write_bytes(data)
    (item,) = find_inputs([str(file)]).inputs
    result = grade_clip(ClipWork(item, GradeOptions(()), OutputOptions(corner / "out", annotate=False), estimator=FakeEstimator))
    return result.frames_analysed  # type: ignore[union-attr]  # of seconds, never in pieces


def die(_report: OnProgress) -> None:
    """End like a decoder that crashes."""
    os.kill(os.getpid(), signal.SIGSEGV)


def jobs(count: int, room: Path) -> Iterator[Job]:
    """A job for each copy, and the deadly ones."""
    for number, (suffix, data) in enumerate(copies(count, room)):
        yield Job((number, suffix), grade, (str(room), suffix, data), HANG_S)
        if number % DEADLY_EVERY == 0:
            yield Job((number, "deadly"), die, (), HANG_S)


def told(event: Done | Failed) -> str:
    """How a copy ended; raises for what should have been told as a damaged file."""
    if isinstance(event, Done):
        return "graded"
    if isinstance(event.error, SourceError):
        return "refused"
    if isinstance(event.error, WorkerError) and "signal SIG" in event.error.words.en:
        return "ended its worker"
    raise AssertionError(f"copy {event.key}: {event.error.words.en}")


def main() -> None:
    """Grade all; an error nobody expected, a hang or a copy of which nothing is heard ends it."""
    heard: Counter[str] = Counter()
    deadly = len(range(0, COUNT, DEADLY_EVERY))
    with tempfile.TemporaryDirectory() as folder, LocalRunner(2) as runner:
        for event in run_all(runner, jobs(COUNT, Path(folder))):
            heard[told(event)] += 1
            if told(event) == "ended its worker" and event.key[1] != "deadly":
                sys.stdout.write(f"copy {event.key} ended its worker\n")
    sys.stdout.write(f"{COUNT} copies of media: {dict(heard)}\n")
    assert heard.total() == COUNT + deadly
    assert heard["ended its worker"] >= deadly
    assert heard["graded"] > COUNT / 10


if __name__ == "__main__":
    main()
