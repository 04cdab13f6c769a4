"""Paints the shapes that judging describes; the page's painter.js does the same in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from posecoach.drawing.text import Bgr, Picture, TextPainter
from posecoach.judging.shapes import COLOURS as NAMED
from posecoach.judging.shapes import XY, Area, Disc, Figure, Line, Shape, Words, sign
from posecoach.vocabulary import State

Points: TypeAlias = npt.NDArray[np.float64]

_SHIFT = 4
"""OpenCV takes coordinates in sixteenths of a pixel."""
_SPREAD_PX = 0.7
"""So far beyond its outline OpenCV's anti-aliasing spreads a polygon, or a line one pixel wide beyond its middle (measured)."""
_ASIDE = np.array([-1.0, 1.0])
_RIGHT = np.array([1.0, 0.0])
_HALF_TURN = np.linspace(np.pi / 2, -np.pi / 2, 13)
_HALF_RIM = np.stack([np.cos(_HALF_TURN), np.sin(_HALF_TURN)], axis=1)
"""Along and aside of a line, from one of its sides round its end to the other."""


def bgr(name: str) -> Bgr:
    """A colour of `posecoach.judging.shapes` as pictures hold it."""
    red, green, blue = bytes.fromhex(NAMED[name][1:])
    return blue, green, red


COLOURS: dict[State, Bgr] = {state: bgr(state.word) for state in State}
WHITE, INK, SOFT = bgr("white"), bgr("ink"), bgr("soft")
_BGR = {name: bgr(name) for name in NAMED}


def paint(picture: Picture, shapes: Iterable[Shape], text: TextPainter) -> None:
    """Paint shapes one over the other on a picture (h, w, 3)."""
    below: list[Figure] = []
    for shape in shapes:
        if not isinstance(shape, Words):
            below.append(shape)
            continue
        _figures(picture, below)
        below = []
        _words(picture, shape, text)
    _figures(picture, below)


def badge(picture: Picture, centre: XY, radius: float, state: State) -> None:
    """Paint the sign of a state."""
    _figures(picture, sign(centre, radius, state))


def _figures(picture: Picture, figures: Iterable[Figure]) -> None:
    for is_stroke, run in groupby(figures, _is_stroke):
        if is_stroke:
            _strokes(picture, run)
            continue
        for figure in run:
            if isinstance(figure, Area):
                _area(picture, figure)
            elif isinstance(figure, Line):
                _fine_or_broken(picture, figure)


def _is_stroke(figure: Figure) -> bool:
    """Whether it is a solid line with round ends, or a disc, which is one without length."""
    return isinstance(figure, Disc) or (isinstance(figure, Line) and figure.dash is None and figure.width > 2 * _SPREAD_PX)


def _strokes(picture: Picture, strokes: Iterable[Figure]) -> None:
    """Lines and discs one over the other, their outlines worked out together: most of a drawing is made of them, and each is small."""
    ends, reaches, colours = list[XY](), list[float](), list[Bgr]()
    for stroke in strokes:
        if isinstance(stroke, Disc):
            pieces, reach = [stroke.centre, stroke.centre], max(stroke.radius - _SPREAD_PX, 0.1)
        else:
            assert isinstance(stroke, Line)
            pieces, reach = [point for piece in pairwise(stroke.points) for point in piece], stroke.width / 2 - _SPREAD_PX
        ends += pieces
        reaches += [reach] * (len(pieces) // 2)
        colours += [_BGR[stroke.colour]] * (len(pieces) // 2)
    from_to = np.array(ends).reshape(-1, 2, 2)
    along = _along(from_to[:, 0], from_to[:, 1], np.array(reaches)[:, None])[:, None]
    half = _HALF_RIM[:, :1] * along + _HALF_RIM[:, 1:] * along[..., ::-1] * _ASIDE
    _fill(picture, np.concatenate([from_to[:, 1:] + half, from_to[:, :1] - half], axis=1), colours)


def _along(starts: Points, ends: Points, reach: float | Points) -> Points:
    """From each start (n, 2) so many pixels towards its end; to the right where both are the same."""
    way = ends - starts
    length = np.sqrt((way * way).sum(axis=1, keepdims=True))
    return np.asarray(np.where(length > 0, way / np.maximum(length, 1e-6), _RIGHT) * reach)


def _fine_or_broken(picture: Picture, line: Line) -> None:
    """Lines a pixel wide, and broken ones, which have straight ends."""
    points, colour = np.array(line.points, np.float64), _BGR[line.colour]
    starts, ends = (points[:-1], points[1:]) if line.dash is None else _dashes(points, line.dash)
    if line.width <= 2 * _SPREAD_PX:
        cv2.polylines(picture, list(_fixed(np.stack([starts, ends], axis=1))), False, colour, 1, cv2.LINE_AA, _SHIFT)
        return
    aside = _along(starts, ends, line.width / 2 - _SPREAD_PX)[:, ::-1] * _ASIDE
    outlines = np.stack([starts + aside, ends + aside, ends - aside, starts - aside], axis=1)
    _fill(picture, outlines, [colour] * len(outlines))


def _fill(picture: Picture, polygons: Points, colours: Iterable[Bgr]) -> None:
    """Convex polygons (n, corners, 2): OpenCV's own circles have corners when they are small, and its lines are too wide."""
    for polygon, colour in zip(_fixed(polygons), colours, strict=True):
        cv2.fillConvexPoly(picture, polygon, colour, cv2.LINE_AA, _SHIFT)


def _dashes(points: Points, dash: XY) -> tuple[Points, Points]:
    """Where the drawn pieces of a broken line between two points start and end."""
    start, end = points[0], points[-1]
    length = float(np.hypot(*(end - start)))
    at = np.arange(0, max(length, 1e-6), sum(dash))[:, None]
    along = (end - start) / max(length, 1e-6)
    return start + at * along, start + np.minimum(at + dash[0], length) * along


def _area(picture: Picture, area: Area) -> None:
    """Only the pixels under a translucent area are touched."""
    outline = np.array(area.points, np.float64)
    height, width = picture.shape[:2]
    low, high = np.floor(outline.min(axis=0)) - 1, np.ceil(outline.max(axis=0)) + 2
    (x0, y0), (x1, y1) = np.maximum(low, 0).astype(int), np.minimum(high, (width, height)).astype(int)
    if x1 <= x0 or y1 <= y0:
        return
    part = picture[y0:y1, x0:x1]
    cover = part.copy()
    cv2.fillPoly(cover, [_fixed(outline - (x0, y0))], _BGR[area.colour], cv2.LINE_AA, _SHIFT)
    cv2.addWeighted(cover, area.opacity, part, 1 - area.opacity, 0, dst=part)
    if area.edge:
        cv2.polylines(picture, [_fixed(outline)], True, _BGR[area.colour], max(1, round(area.edge)), cv2.LINE_AA, _SHIFT)


def _words(picture: Picture, words: Words, text: TextPainter) -> None:
    size = round(words.size)
    left_top = round(words.at[0]), round(words.at[1]) - text.ascent_px(size)
    text.paint(picture, words.words, left_top, (size, _BGR[words.colour]))


def _fixed(points: Points) -> npt.NDArray[np.int32]:
    """Points as OpenCV takes them with `_SHIFT`; a pixel's middle is its number."""
    return np.rint((points - 0.5) * 2**_SHIFT).astype(np.int32)
