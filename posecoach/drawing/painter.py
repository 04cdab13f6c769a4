"""Paints the shapes that judging describes; the page's painter.js does the same in the browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor, hypot
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from posecoach.drawing.text import Bgr, Picture, TextPainter
from posecoach.judging.shapes import COLOURS as NAMED
from posecoach.judging.shapes import XY, Area, Disc, Line, Shape, Words, sign
from posecoach.vocabulary import State

Points: TypeAlias = npt.NDArray[np.float64]
Fixed: TypeAlias = npt.NDArray[np.int32]

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


def paint(picture: Picture, shapes: Sequence[Shape], text: TextPainter | None = None) -> None:
    """Paint shapes one over the other on a picture (h, w, 3); ``text`` is wanted where there are words among them."""
    outlines = _outlines([shape for shape in shapes if isinstance(shape, Line | Disc)])
    for shape in shapes:
        if isinstance(shape, Words):
            assert text is not None
            _words(picture, shape, text)
        elif isinstance(shape, Area):
            _area(picture, shape)
        else:
            for outline in next(outlines):
                if len(outline) > 2:
                    cv2.fillConvexPoly(picture, outline, _BGR[shape.colour], cv2.LINE_AA, _SHIFT)
                else:
                    cv2.polylines(picture, [outline], False, _BGR[shape.colour], 1, cv2.LINE_AA, _SHIFT)


def badge(picture: Picture, centre: XY, radius: float, state: State) -> None:
    """Paint the sign of a state."""
    paint(picture, sign(centre, radius, state))


def _outlines(strokes: Sequence[Line | Disc]) -> Iterator[Fixed]:
    """For each stroke its pieces as OpenCV takes them, (n, corners, 2): convex polygons, and two ends where it is a pixel wide.

    OpenCV's own circles have corners when they are small, and its lines are too wide. All are worked out together: most of a drawing is
    made of strokes, and each is small.
    """
    pieces = [_pieces(stroke) for stroke in strokes]
    from_to = np.array([piece for each in pieces for piece in each], np.float64).reshape(-1, 2, 2)
    reach = np.repeat([_reach(stroke) for stroke in strokes], [len(each) for each in pieces])
    way = from_to[:, 1] - from_to[:, 0]
    length = np.sqrt((way * way).sum(axis=1, keepdims=True))
    along = np.where(length > 0, way / np.maximum(length, 1e-6), _RIGHT) * reach[:, None]
    aside = along[:, ::-1] * _ASIDE
    half = _HALF_RIM[:, :1] * along[:, None] + _HALF_RIM[:, 1:] * aside[:, None]
    thin = _fixed(from_to)
    rounded = _fixed(np.concatenate([from_to[:, 1:] + half, from_to[:, :1] - half], axis=1))
    straight = _fixed(np.concatenate([from_to + aside[:, None], from_to[:, ::-1] - aside[:, None]], axis=1))
    first = 0
    for stroke, each in zip(strokes, pieces, strict=True):
        if isinstance(stroke, Line) and stroke.width <= 2 * _SPREAD_PX:
            kind = thin
        elif isinstance(stroke, Line) and stroke.dash is not None:
            kind = straight
        else:
            kind = rounded
        yield kind[first : first + len(each)]
        first += len(each)


def _pieces(stroke: Line | Disc) -> list[tuple[XY, XY]]:
    """Ends of the straight pieces of a line; a disc is one without length. Broken ones have straight ends, others round ones."""
    if isinstance(stroke, Disc):
        return [(stroke.centre, stroke.centre)]
    return list(pairwise(stroke.points)) if stroke.dash is None else _dashes(stroke.points[0], stroke.points[-1], stroke.dash)


def _reach(stroke: Line | Disc) -> float:
    """How far its outline lies beside its middle, so that as much is painted as asked for."""
    return max(stroke.radius - _SPREAD_PX, 0.1) if isinstance(stroke, Disc) else stroke.width / 2 - _SPREAD_PX


def _dashes(start: XY, end: XY, dash: XY) -> list[tuple[XY, XY]]:
    """Where the drawn pieces of a broken line between two points start and end."""
    way = end[0] - start[0], end[1] - start[1]
    length = max(hypot(*way), 1e-6)
    begins = [i * sum(dash) / length for i in range(ceil(length / sum(dash)))]
    pieces = [(begin, min(begin + dash[0] / length, 1.0)) for begin in begins]
    return [((start[0] + a * way[0], start[1] + a * way[1]), (start[0] + b * way[0], start[1] + b * way[1])) for a, b in pieces]


def _area(picture: Picture, area: Area) -> None:
    """Only the pixels under a translucent area are touched."""
    xs, ys = zip(*area.points, strict=True)
    x0, y0 = max(0, floor(min(xs)) - 1), max(0, floor(min(ys)) - 1)
    x1, y1 = min(picture.shape[1], ceil(max(xs)) + 2), min(picture.shape[0], ceil(max(ys)) + 2)
    if x1 <= x0 or y1 <= y0:
        return
    outline = np.array(area.points, np.float64)
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


def _fixed(points: Points) -> Fixed:
    """Points as OpenCV takes them with `_SHIFT`; a pixel's middle is its number."""
    return np.rint((points - 0.5) * 2**_SHIFT).astype(np.int32)
