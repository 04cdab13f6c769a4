"""Films for the server's camera, put together of stretches of other clips: what somebody does before it in one go."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

FPS = 10
SIZE_WH = (640, 480)

Stretch = tuple[Path | None, float, float]
"""A clip, from when and until when, s; None is an empty room for so long. A stretch that is longer than its clip goes back and forth."""


def write_film(path: Path, stretches: Sequence[Stretch], speed: float = 1.0) -> Path:
    """Write the stretches one after the other, 10 pictures a second, or all of it faster."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", Fraction(FPS * speed).limit_denominator(10))
        stream.width, stream.height = SIZE_WH
        stream.bit_rate = 4_000_000
        for clip, start_s, end_s in stretches:
            for picture in _pictures(clip, start_s, end_s):
                container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def _pictures(clip: Path | None, start_s: float, end_s: float) -> list[av.VideoFrame]:
    count = round((end_s - start_s) * FPS)
    if clip is None:
        room = np.full((SIZE_WH[1], SIZE_WH[0], 3), 150, np.uint8)
        return [av.VideoFrame.from_ndarray(room) for _ in range(count)]
    with av.open(str(clip)) as container:
        found = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)][round(start_s * FPS) : round(end_s * FPS)]
    there_and_back = [*found, *found[::-1]]
    return [av.VideoFrame.from_ndarray(there_and_back[i % len(there_and_back)]) for i in range(count)]
