"""Pictures as films are coded: a plane of brightness and two of colour with a quarter of its pixels, all sides and places even.

They are those of I420 as OpenCV has it (BT.601, 16 to 235). A film that is kept and coded again this way is never turned into colours.
"""

from __future__ import annotations

from typing import TypeAlias

import av
import cv2
import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Planes: TypeAlias = tuple[Bytes, Bytes, Bytes]
"""Brightness (h, w) and the colours' differences to blue and to red (h / 2, w / 2), uint8."""


def size_of(planes: Planes) -> tuple[int, int]:
    """Width and height."""
    return planes[0].shape[1], planes[0].shape[0]


def blank(size_wh: tuple[int, int]) -> Planes:
    """Planes for a picture of this size, of no colour yet."""
    return _split(np.empty((size_wh[1] * 3 // 2, size_wh[0]), np.uint8))


def planes_of(picture_bgr: Bytes) -> Planes:
    """The planes of a picture (h, w, 3); an odd side is made even by repeating the last row or column."""
    odd = picture_bgr.shape[0] % 2, picture_bgr.shape[1] % 2
    even = cv2.copyMakeBorder(picture_bgr, 0, odd[0], 0, odd[1], cv2.BORDER_REPLICATE) if any(odd) else picture_bgr
    return _split(np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420), np.uint8))


def bgr_of(planes: Planes) -> Bytes:
    """The picture (h, w, 3)."""
    picture = np.empty((*planes[0].shape, 3), np.uint8)
    fill(picture, planes)
    return picture


def fill(picture_bgr: Bytes, planes: Planes) -> None:
    """Make a picture (h, w, 3), which may be a part of another, show what planes of its size do."""
    one = np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, planes[0].shape[1])
    cv2.cvtColor(one, cv2.COLOR_YUV2BGR_I420, dst=picture_bgr)


def part_of(planes: Planes, left_top: tuple[int, int], size_wh: tuple[int, int]) -> Planes:
    """A part of a picture, which changes with it."""
    y, u, v = (
        plane[top : top + height, left : left + width]
        for plane, (left, top, width, height) in zip(planes, _places(*left_top, *size_wh), strict=True)
    )
    return y, u, v


def lay(planes: Planes, left_top: tuple[int, int], part: Planes) -> None:
    """Put a smaller picture over a part of one."""
    for to, plane in zip(part_of(planes, left_top, size_of(part)), part, strict=True):
        to[:] = plane


def plane_of(picture: av.VideoFrame, number: int) -> Bytes:
    """A view of a plane (h, w) of a coded picture that has a byte a pixel."""
    plane = picture.planes[number]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def views_of(picture: av.VideoFrame) -> Planes:
    """The planes of a coded picture themselves."""
    return plane_of(picture, 0), plane_of(picture, 1), plane_of(picture, 2)


def scaled(image: Bytes, size_wh: tuple[int, int]) -> Bytes:
    """A picture or a plane (h, w, ...) of another size: halved as often as it is twice as large, which is quick, then interpolated."""
    while image.shape[1] >= 2 * size_wh[0] and image.shape[0] >= 2 * size_wh[1]:
        image = halved(image)
    if (image.shape[1], image.shape[0]) == size_wh:
        return image
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_LINEAR), np.uint8)


def halved(image: Bytes) -> Bytes:
    """A picture or a plane (h, w, ...) of half the size, of the mean of each four pixels; an odd last row or column is left out."""
    half_wh = image.shape[1] // 2, image.shape[0] // 2
    return np.asarray(cv2.resize(image[: 2 * half_wh[1], : 2 * half_wh[0]], half_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _split(planes: Bytes) -> Planes:
    height, width = planes.shape[0] * 2 // 3, planes.shape[1]
    blue, red = planes[height:].reshape(2, height // 2, width // 2)
    return planes[:height], blue, red


def _places(*place: int) -> tuple[tuple[int, ...], ...]:
    """A place in a picture in each of its planes."""
    half = tuple(number // 2 for number in place)
    return place, half, half
