"""Pictures as JPEG, to be sent or to be kept."""

from __future__ import annotations

from pathlib import Path

import cv2

from posecoach.drawing.text import Picture
from posecoach.storage.whole_files import write_atomically


def to_jpeg(picture_bgr: Picture, quality: int) -> bytes:
    """A picture (h, w, 3) as JPEG; ``quality`` 0..100."""
    return bytes(cv2.imencode(".jpg", picture_bgr, (cv2.IMWRITE_JPEG_QUALITY, quality))[1].tobytes())


def write_jpeg(path: Path, picture_bgr: Picture, quality: int) -> None:
    """Write a picture, whole or not at all. Raises `OutputError`."""
    write_atomically(path, to_jpeg(picture_bgr, quality))
