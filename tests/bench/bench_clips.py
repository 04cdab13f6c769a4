"""Clips to measure speed on: half a minute at 30 frames/s in 720p and 1080p, made of sample videos and of a real one in ../shared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from posecoach.body.records import Array
from posecoach.sources.video import VideoSource
from tests.conftest import SHARED_DATA

ROOT = Path(__file__).parents[2]
SECONDS = 30
FPS = 30
SIZES_WH = ((1280, 720), (1920, 1080))
SAMPLES = ("stand_ok_hands_front_f5_front", "sit_ok_f4_side", "crouch_ok_f4_side")
REAL = ("rohan_squat",)
_LONGEST_PART_S = 8
_GRAIN = 3.0
"""Standard deviation of the noise, grey levels: enlarged pictures without any are coded and decoded faster than a camera's."""


def make_clips(folder: Path) -> list[Path]:
    """Write the clips that are not there yet into a folder, made where there is none; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [ROOT / "sample_videos" / f"{name}.mp4" for name in SAMPLES] + [SHARED_DATA / "photos" / f"{name}.mp4" for name in REAL]
    paths = []
    for source in (name for name in names if name.is_file()):
        for size_wh in SIZES_WH:
            path = folder / f"{source.stem}_{size_wh[1]}p.mp4"
            if not path.is_file():
                _write(path, source, size_wh)
            paths.append(path)
    return paths


def _write(path: Path, source: Path, size_wh: tuple[int, int]) -> None:
    part = path.with_suffix(".part.mp4")
    with av.open(str(part), "w") as container:
        stream: Any = container.add_stream("libx264", rate=Fraction(FPS), options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height = size_wh
        stream.pix_fmt = "yuv420p"
        for picture in _pictures(source, size_wh):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    part.replace(path)


def _pictures(source: Path, size_wh: tuple[int, int]) -> Iterator[Array]:
    """The source forwards and backwards again and again, at the wanted rate and size, grey at the sides, with grain."""
    with VideoSource(source, FPS) as video:
        frames = [(frame.t_ms / 1000, _fitted(frame.image_bgr, size_wh)) for frame in islice(video, _LONGEST_PART_S * FPS)]
    times_s = np.array([t_s for t_s, _ in frames])
    count = max(2, round(times_s[-1] * FPS))
    there = [int(np.abs(times_s - i / FPS).argmin()) for i in range(count)]
    rng = np.random.default_rng(0)
    grain = [rng.normal(0, _GRAIN, (size_wh[1], size_wh[0], 1)).astype(np.float32) for _ in range(8)]
    for i, shown in enumerate(islice(cycle(there + there[-2:0:-1]), SECONDS * FPS)):
        yield np.clip(frames[shown][1] + grain[i % 8], 0, 255).astype(np.uint8)


def _fitted(picture: Array, size_wh: tuple[int, int]) -> Array:
    height, width = picture.shape[:2]
    ratio = min(size_wh[0] / width, size_wh[1] / height)
    inner = cv2.resize(picture, (round(ratio * width), round(ratio * height)), interpolation=cv2.INTER_CUBIC)
    left, top = (size_wh[0] - inner.shape[1]) // 2, (size_wh[1] - inner.shape[0]) // 2
    right, bottom = size_wh[0] - inner.shape[1] - left, size_wh[1] - inner.shape[0] - top
    return cv2.copyMakeBorder(inner, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(90, 90, 90))
