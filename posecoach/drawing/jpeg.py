"""Pictures as JPEG, to be sent or to be kept."""

from __future__ import annotations

from pathlib import Path

import cv2

from posecoach.drawing.text import Picture
from posecoach.storage.whole_files import write_atomically


def to_jpeg(picture_bgr: Picture, quality: int, *, is_drawn_on: bool = False) -> bytes:
    """A picture (h, w, 3) as JPEG; ``quality`` 0..100.

    What is drawn on it stays sharp only with a colour for every pixel, which ``is_drawn_on`` gives for a fifth more bytes.
    """
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if is_drawn_on else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    options = (cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling)
    return bytes(cv2.imencode(".jpg", picture_bgr, options)[1].tobytes())


def write_jpeg(path: Path, picture_bgr: Picture, quality: int) -> None:
    """Write a picture, whole or not at all. Raises `OutputError`."""
    write_atomically(path, to_jpeg(picture_bgr, quality))
