"""Cutting, scaling and blanking pictures for the landmark models.

Every picture that comes out is contiguous: MediaPipe reads a view as garbage.
"""

from __future__ import annotations

import cv2
import numpy as np

from posecoach.body.records import Array
from posecoach.estimators.regions import Box, Square

MAX_SIDE_PX = 1920
"""Larger pictures are worked on at this long side; landmarks are reported in pixels of the picture as it came."""
BLANK = 128


def working_picture(image_bgr: Array) -> tuple[Array, float]:
    """The picture (h, w, 3) to work on in RGB, and the factor from its pixels to those of the original."""
    height, width = image_bgr.shape[:2]
    ratio = max(1.0, max(width, height) / MAX_SIDE_PX)
    if ratio > 1.0:
        size_wh = (max(1, round(width / ratio)), max(1, round(height / ratio)))
        image_bgr = cv2.resize(image_bgr, size_wh, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB), ratio


def to_lab(colours: Array) -> Array:
    """RGB colours (..., 3) uint8 in CIE Lab, each channel 0..255."""
    return cv2.cvtColor(colours.reshape(-1, 1, 3), cv2.COLOR_RGB2LAB).reshape(colours.shape)


def with_margin(picture: Array, margin_px: int) -> Array:
    """The picture (h, w, 3) with its edges continued by so many pixels on all sides."""
    return cv2.copyMakeBorder(picture, margin_px, margin_px, margin_px, margin_px, cv2.BORDER_REPLICATE) if margin_px else picture


def size_wh_of(picture: Array) -> tuple[int, int]:
    """Width and height."""
    return picture.shape[1], picture.shape[0]


def cut(picture: Array, square: Square, side_px: int, *, continued: bool = False) -> Array:
    """The square scaled to ``side_px``; where it reaches beyond the picture black, or the picture's edge ``continued``."""
    width, height = size_wh_of(picture)
    left, top, right, bottom = max(square.x, 0), max(square.y, 0), min(square.x + square.side, width), min(square.y + square.side, height)
    if right <= left or bottom <= top:
        return np.zeros((side_px, side_px, 3), np.uint8)
    margins = (top - square.y, square.y + square.side - bottom, left - square.x, square.x + square.side - right)
    part = cv2.copyMakeBorder(picture[top:bottom, left:right], *margins, cv2.BORDER_REPLICATE if continued else cv2.BORDER_CONSTANT)
    how = cv2.INTER_AREA if square.side > side_px else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(part, (side_px, side_px), interpolation=how))


def blank_outside(picture: Array, box: Box) -> Array:
    """The picture with everything grey but ``box``; the coordinates stay what they were."""
    out = np.full_like(picture, BLANK)
    left, top, right, bottom = (round(float(side)) for side in box.clipped(size_wh_of(picture)))
    out[top:bottom, left:right] = picture[top:bottom, left:right]
    return out
