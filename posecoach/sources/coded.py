"""The planes of a decoded picture: scaled, and of the matrix and range of `posecoach.storage.planes` whatever it was coded with."""

from __future__ import annotations

from functools import cache

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange

from posecoach.body.records import Array
from posecoach.storage.planes import Planes, plane_of, scaled

_FORMATS = ("yuv420p", "yuvj420p")
_BT601, _BT709 = (0.299, 0.114), (0.2126, 0.0722)
_LUMA = {1: _BT709, 2: _BT601, 5: _BT601, 6: _BT601}
"""Shares of red and of blue in the brightness, by the number of the matrix in H.264's table; 2 is a file that says nothing."""


def has_planes(picture: av.VideoFrame) -> bool:
    """Whether `coded_planes` can be had of a picture."""
    return picture.format.name in _FORMATS and picture.colorspace in _LUMA


def coded_planes(picture: av.VideoFrame, size_wh: tuple[int, int]) -> Planes:
    """Brightness of ``size_wh``, both even, and colour of half of it."""
    half_wh = size_wh[0] // 2, size_wh[1] // 2
    y, u, v = (scaled(plane_of(picture, i), half_wh if i else size_wh) for i in range(3))
    is_full = picture.format.name == "yuvj420p" or picture.color_range == ColorRange.JPEG
    luma = _LUMA[picture.colorspace]
    return (y, u, v) if luma == _BT601 and not is_full else _as_bt601((y, u, v), *_change(luma, is_full))


def _as_bt601(planes: Planes, gains: Array, offsets: Array) -> Planes:
    """Brightness takes on a share of the colour, which is worked out at the size of the colour; ``gains`` (3, 3), ``offsets`` (3,)."""
    y, u, v = planes
    share = float(gains[0, 1]), float(gains[0, 2])
    shade = cv2.addWeighted(u, share[0], v, share[1], 128 - 128 * sum(share))
    shade = cv2.resize(shade, (y.shape[1], y.shape[0]), interpolation=cv2.INTER_LINEAR)
    bright = cv2.addWeighted(y, float(gains[0, 0]), shade, 1.0, float(offsets[0]) + 128 * sum(share) - 128)
    blue, red = (cv2.addWeighted(u, float(gains[i, 1]), v, float(gains[i, 2]), float(offsets[i])) for i in (1, 2))
    return np.asarray(bright, np.uint8), np.asarray(blue, np.uint8), np.asarray(red, np.uint8)


@cache
def _change(luma: tuple[float, float], is_full: bool) -> tuple[Array, Array]:
    """What makes planes of a matrix and range those of BT.601 with 16 to 235: gains (3, 3) and offsets (3,)."""
    steps, bottom = ((255.0, 255.0, 255.0), 0.0) if is_full else ((219.0, 224.0, 224.0), 16.0)
    gains = np.diag((219.0, 224.0, 224.0)) @ _from_rgb(*_BT601) @ np.linalg.inv(_from_rgb(*luma)) @ np.diag(1 / np.array(steps))
    return gains, np.array([16.0, 128.0, 128.0]) - gains @ (bottom, 128.0, 128.0)


def _from_rgb(red: float, blue: float) -> Array:
    """Brightness and the colour differences, from -0.5 to 0.5, of red, green and blue."""
    bright = np.array([red, 1 - red - blue, blue])
    return np.stack([bright, (np.array([0, 0, 1]) - bright) / (2 - 2 * blue), (np.array([1, 0, 0]) - bright) / (2 - 2 * red)])
