"""Pictures as films are coded: a plane of brightness over two of colour with a quarter of its pixels, all sides and places even.

They are I420 as OpenCV has it (BT.601, 16 to 235). A film that is kept and coded again this way is never turned into colours and back.
"""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Planes: TypeAlias = Bytes
"""(3 h / 2, w) uint8, contiguous."""


def blank(size_wh: tuple[int, int]) -> Planes:
    """Planes for a picture of this size, of no colour yet."""
    return np.empty((size_wh[1] * 3 // 2, size_wh[0]), np.uint8)


def split(planes: Planes) -> tuple[Bytes, Bytes, Bytes]:
    """Views of the brightness (h, w) and of the colours' differences to blue and to red (h / 2, w / 2)."""
    height, width = planes.shape[0] * 2 // 3, planes.shape[1]
    blue, red = planes[height:].reshape(2, height // 2, width // 2)
    return planes[:height], blue, red


def planes_of(picture_bgr: Bytes) -> Planes:
    """The planes of a picture (h, w, 3); an odd side is made even by repeating the last row or column."""
    odd = picture_bgr.shape[0] % 2, picture_bgr.shape[1] % 2
    even = cv2.copyMakeBorder(picture_bgr, 0, odd[0], 0, odd[1], cv2.BORDER_REPLICATE) if any(odd) else picture_bgr
    return np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420), np.uint8)


def bgr_of(planes: Planes) -> Bytes:
    """The picture (h, w, 3)."""
    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), np.uint8)


def part_of(planes: Planes, left_top: tuple[int, int], size_wh: tuple[int, int]) -> Bytes:
    """A part of the picture (h, w, 3)."""
    part = blank(size_wh)
    for to, plane, scale in zip(split(part), split(planes), (1, 2, 2), strict=True):
        left, top = left_top[0] // scale, left_top[1] // scale
        to[:] = plane[top : top + to.shape[0], left : left + to.shape[1]]
    return bgr_of(part)


def lay(planes: Planes, left_top: tuple[int, int], part: Planes) -> None:
    """Put a smaller picture over a part of one."""
    for plane, what, scale in zip(split(planes), split(part), (1, 2, 2), strict=True):
        left, top = left_top[0] // scale, left_top[1] // scale
        plane[top : top + what.shape[0], left : left + what.shape[1]] = what


def scaled(image: Bytes, size_wh: tuple[int, int]) -> Bytes:
    """A picture or a plane (h, w, ...) of another size: halved as often as it is twice as large, which is quick, then interpolated."""
    while image.shape[1] >= 2 * size_wh[0] and image.shape[0] >= 2 * size_wh[1]:
        half_wh = image.shape[1] // 2, image.shape[0] // 2
        image = np.asarray(cv2.resize(image[: 2 * half_wh[1], : 2 * half_wh[0]], half_wh, interpolation=cv2.INTER_AREA), np.uint8)
    if (image.shape[1], image.shape[0]) == size_wh:
        return image
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_LINEAR), np.uint8)
