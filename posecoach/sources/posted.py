"""Pictures that strangers post one by one from their browsers' cameras.

They are decoded in the server's own process: nothing but JPEG is taken, and what would cost much time or memory is refused by its header.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import cv2
import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from posecoach.errors import SourceError
from posecoach.sources.picture import UNREADABLE
from posecoach.sources.upright import Image
from posecoach.vocabulary import Text

MAX_SIDE_PX = 1920
MOST_SCANS = 16
"""Progressive pictures have about ten; each more costs as long as the whole picture, in as little as twenty bytes."""
_FIRST_BYTES = b"\xff\xd8\xff"
_SCAN = b"\xff\xda"
_FRAMES = range(0xC0, 0xC3)
"""Markers before the size: plain, extended and progressive pictures."""
_TOLD_NOTHING = (*range(0xE0, 0xEE), 0xEF, 0xFE)
"""Markers of what is said beside the picture (EXIF, profiles, notes); 0xEE tells the colour model."""

_DAMAGED = Text("画面损坏：读不到结尾", "the picture is damaged: it cannot be read to its end")


def decode_posted(data: bytes) -> Image:
    """A posted picture as (h, w, 3) BGR, as its rows lie in the file: what is said beside the picture, EXIF too, is not read.

    Raises `SourceError` for anything but a whole JPEG of at most `MAX_SIDE_PX` pixels a side.
    """
    if not data.startswith(_FIRST_BYTES):
        raise SourceError(Text("不是照片：要 JPEG", "not a picture: expected a JPEG"))
    if data.count(_SCAN) > MOST_SCANS:
        raise SourceError(
            Text(
                f"照片太复杂：要最多 {MOST_SCANS} 遍扫描的 JPEG", f"the picture is not plain: expected a JPEG of at most {MOST_SCANS} scans"
            )
        )
    needed = b"".join(_needed_parts(data))
    try:
        with JpegImageFile(BytesIO(needed)) as picture:
            return np.asarray(cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)
    except UNREADABLE as error:
        raise SourceError(_DAMAGED) from error


def _needed_parts(data: bytes) -> Iterator[bytes]:
    """The parts of a JPEG that its pixels need, the size checked on the way."""
    yield data[:2]
    at = 2
    while data[at : at + 2] != _SCAN:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if len(data) < at + 4 or data[at] != 0xFF or length < 2:
            raise SourceError(_DAMAGED)
        if data[at + 1] in _FRAMES:
            _check_size(int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big"))
        if data[at + 1] not in _TOLD_NOTHING:
            yield data[at : at + 2 + length]
        at += 2 + length
    yield data[at:]


def _check_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE_PX:
        raise SourceError(
            Text(
                f"画面太大：每边最多 {MAX_SIDE_PX} 像素，现在是 {width}x{height}",
                f"the picture is too large: expected at most {MAX_SIDE_PX} pixels a side, got {width}x{height}",
            )
        )
