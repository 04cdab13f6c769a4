"""Rows put together from the sample clips: columns with one person each, side by side on a plain wall. Faults are known from the clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from posecoach.body.records import Array
from posecoach.sources.video import VideoSource
from posecoach.vocabulary import Profile

SAMPLES = Path(__file__).parents[1] / "sample_videos"
FEMALE, MALE, FOLDED = "stand_ok_hands_front_f5_front", "meeting_ok_hands_behind_m5_front", "meeting_arms_folded_f4_front"
PROFILES = {FEMALE: Profile.FEMALE, MALE: Profile.MALE, FOLDED: Profile.FEMALE}
SIZE_WH = (1920, 1080)
COLUMN = slice(205, 435)
"""The part of a sample's 640 columns that shows the person."""


@cache
def columns(name: str) -> tuple[Array, ...]:
    """The person of a clip, 10 pictures a second, (480, 230, 3) BGR."""
    with VideoSource(SAMPLES / f"{name}.mp4", 10.0) as source:
        return tuple(np.ascontiguousarray(frame.image_bgr[:, COLUMN]) for frame in source)


def row_pictures(names: Sequence[str | None], count: int, size_wh: tuple[int, int] = SIZE_WH) -> Iterator[Array]:
    """Pictures of a row of these clips from left to right, each in a column of its own; None leaves a gap."""
    width, height = size_wh
    step = width // len(names)
    ratio = min(step / columns(FEMALE)[0].shape[1], height / 480)
    for i in range(count):
        picture = np.full((height, width, 3), (196, 204, 208), np.uint8)
        for place, name in enumerate(names):
            if name is not None:
                film = columns(name)
                person = cv2.resize(film[(i + 3 * place) % len(film)], None, fx=ratio, fy=ratio, interpolation=cv2.INTER_LINEAR)
                top, left = (height - person.shape[0]) // 2, place * step + (step - person.shape[1]) // 2
                picture[top : top + person.shape[0], left : left + person.shape[1]] = person
        yield picture
