"""Draws the frames of a film as it is coded: only what lies under the marks is turned into colours and back."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from posecoach.drawing.annotate import Annotator
from posecoach.drawing.text import Picture
from posecoach.judging.scene import Scene
from posecoach.judging.shapes import XY, Disc, Line, Shape, Words
from posecoach.storage.planes import Planes, fill, lay, part_of, planes_of

_SPREAD_PX = 2.0
"""No anti-aliasing reaches further."""


class FilmAnnotator:
    """Does what an `Annotator` does with planes, for one film and in one thread. The size of its pictures is even."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator
        self._canvas = planes_of(annotator.blank())
        self._painted = np.zeros((annotator.size_wh[1], annotator.size_wh[0], 3), np.uint8)
        self._bar: Picture | None = None

    def annotate(self, planes: Planes, scene: Scene) -> Planes:
        """The planes of what `Annotator.annotate` returns; they stand until the next frame."""
        annotator = self._annotator
        lay(self._canvas, (0, 0), planes)
        shapes = annotator.shapes(scene)
        if (box := _even_box(shapes, annotator.size_wh)) is not None:
            (left, top), (width, height) = box
            part = self._painted[top : top + height, left : left + width]
            fill(part, part_of(planes, *box))
            annotator.paint(self._painted, shapes)
            lay(self._canvas, (left, top), planes_of(part))
        strip, (first, after) = annotator.strip(scene)
        if after > first:
            lay(self._canvas, (annotator.stage_wh[0], first), planes_of(strip[first:after]))
        if (bar := annotator.bar(scene)) is not self._bar:
            lay(self._canvas, (0, annotator.stage_wh[1]), planes_of(bar))
            self._bar = bar
        return self._canvas


def _even_box(shapes: Iterable[Shape], size_wh: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Left and top, width and height, all even, of what shapes touch of a picture; None where that is nothing."""
    points, reach = list[XY](), 0.0
    for shape in shapes:
        if isinstance(shape, Words):
            points += (shape.at[0], shape.at[1] - 1.2 * shape.size), (shape.at[0] + shape.width, shape.at[1] + 0.4 * shape.size)
        elif isinstance(shape, Disc):
            points.append(shape.centre)
            reach = max(reach, shape.radius)
        else:
            points += shape.points
            reach = max(reach, shape.width if isinstance(shape, Line) else shape.edge)
    if not points:
        return None
    corners = np.array(points)
    low, high = corners.min(axis=0) - reach - _SPREAD_PX, corners.max(axis=0) + reach + _SPREAD_PX
    left, top = (2 * int(np.clip(edge // 2, 0, side // 2)) for edge, side in zip(low, size_wh, strict=True))
    right, bottom = (2 * int(np.clip(-(-edge // 2), 0, side // 2)) for edge, side in zip(high, size_wh, strict=True))
    return ((left, top), (right - left, bottom - top)) if right > left and bottom > top else None
