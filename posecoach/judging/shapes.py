"""What a drawing is made of: lines, discs, areas and words in pixels of the picture, in colours by name. Whoever paints decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import Any, TypeAlias

from posecoach.vocabulary import State

XY: TypeAlias = tuple[float, float]

Shares: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom in widths and heights of a picture."""

COLOURS = {
    State.PASS.word: "#3ec874",
    State.WARN.word: "#ffb228",
    State.FAIL.word: "#f04248",
    State.UNJUDGED.word: "#a2aab2",
    "white": "#ffffff",
    "ink": "#14181e",
    "soft": "#c3cad2",
    "limit": "#b4e1be",
}
"""Every colour a shape may have, as the page writes colours."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, ``width`` pixels wide; ``dash``: so many pixels drawn, so many left out, None for a solid one."""

    points: tuple[XY, ...]
    colour: str
    width: float
    dash: XY | None = None


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    centre: XY
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon; ``opacity`` 0..1, ``edge``: width of the line round it, 0 for none."""

    points: tuple[XY, ...]
    colour: str
    opacity: float = 1.0
    edge: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: ``at`` its left end on the line letters stand on, ``size`` of the font, ``width`` the room kept for it."""

    at: XY
    words: str
    size: float
    colour: str
    width: float


Figure: TypeAlias = Line | Disc | Area
Shape: TypeAlias = Figure | Words


def to_dict(shape: Shape) -> dict[str, Any]:
    """The shape for JSON, rounded to a tenth: ``kind`` line, disc, area or words, and its fields as they are named here."""
    if isinstance(shape, Disc):
        return {"kind": "disc", "centre": _pair(shape.centre), "radius": round(shape.radius, 1), "colour": shape.colour}
    if isinstance(shape, Words):
        place = {"at": _pair(shape.at), "words": shape.words, "size": round(shape.size, 1)}
        return {"kind": "words", **place, "colour": shape.colour, "width": round(shape.width, 1)}
    drawn = {"points": [[round(x, 1), round(y, 1)] for x, y in shape.points], "colour": shape.colour}
    if isinstance(shape, Line):
        return {"kind": "line", **drawn, "width": round(shape.width, 1), "dash": None if shape.dash is None else _pair(shape.dash)}
    return {"kind": "area", **drawn, "opacity": round(shape.opacity, 1), "edge": round(shape.edge, 1)}


def _pair(point: XY) -> list[float]:
    return [round(point[0], 1), round(point[1], 1)]


def sign(centre: XY, radius: float, state: State) -> tuple[Figure, ...]:
    """The sign of a state: tick in a disc, ``!`` in a triangle, cross in a square, dash in a ring."""
    width = max(1.5, radius / 3.5)

    def line(colour: str, *points: XY) -> Line:
        return Line(_around(centre, radius, points), colour, width)

    if state is State.PASS:
        return Disc(centre, radius, state.word), line("white", (-0.5, 0.05), (-0.1, 0.45), (0.55, -0.4))
    if state is State.WARN:
        corners = _around(centre, radius, ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)))
        dot = Disc((centre[0], centre[1] + 0.6 * radius), width / 2, "ink")
        return Area(corners, state.word), line("ink", (0, -0.4), (0, 0.2)), dot
    if state is State.FAIL:
        corners = _around(centre, radius, ((-1, -1), (1, -1), (1, 1), (-1, 1)))
        return Area(corners, state.word), line("white", (-0.5, -0.5), (0.5, 0.5)), line("white", (-0.5, 0.5), (0.5, -0.5))
    turns = [2 * pi * i / 24 for i in range(25)]
    ring = line(state.word, *((0.9 * cos(turn), 0.9 * sin(turn)) for turn in turns))
    return ring, line(state.word, (-0.4, 0), (0.4, 0))


def _around(centre: XY, radius: float, offsets: Iterable[XY]) -> tuple[XY, ...]:
    return tuple((centre[0] + radius * x, centre[1] + radius * y) for x, y in offsets)


def rounded_box(left_top: XY, size: XY, radius: float) -> tuple[XY, ...]:
    """The outline of a box with round corners."""
    (left, top), (width, height) = left_top, size
    near, far = (left + radius, top + radius), (left + width - radius, top + height - radius)
    corners = (far, (near[0], far[1]), near, (far[0], near[1]))
    turns = [(centre, pi / 2 * (quarter + i / 5)) for quarter, centre in enumerate(corners) for i in range(6)]
    return tuple((x + radius * cos(turn), y + radius * sin(turn)) for (x, y), turn in turns)


_WIDTHS_EM = {"ijlIft.,:;!|'()[]/ °": 0.36, "mwMW%@≤≥±": 1.0, "ABCDEFGHJKLNOPQRSTUVXYZ": 0.67}
_WIDTH_EM = {char: width for chars, width in _WIDTHS_EM.items() for char in chars}


@lru_cache(maxsize=1024)
def width_em(words: str) -> float:
    """Room for a line of text, in its size: rather too much than too little, as fonts differ."""
    return sum(1.0 if char > "⺀" else _WIDTH_EM.get(char, 0.59) for char in words)
