"""Where everything lies in the drawings of a record: values of many checks over time, each with its plus-minus. The page draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from posecoach.history.trends import Done, Point
from posecoach.vocabulary import State

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 14, 26
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MOST = 180, 48, 30
"""More marks than so many would lie on each other."""
FINE = 10
"""Marks and lines are drawn in whole parts of a pixel, so many to one: a page has thousands, and whole numbers are written much sooner."""
_SPARK_ROOM = 6.0
_MARK, _SPARK_MARK = 50, 28
"""Half the width of a mark, in these parts."""
_SQUARE, _TRIANGLE, _DISC = "h{w}v{w}h-{w}z", "l{r} {h}h-{w}z", "a{r} {r} 0 1 0 {w} 0a{r} {r} 0 1 0-{w} 0z"
"""A verdict is told by its shape as well, ``d`` of an SVG path from the left upper corner, the tip, the leftmost point."""


class Mark(NamedTuple):
    """A check in a drawing, in parts of a pixel; ``half`` the height of its interval, 0 where none is known."""

    x: int
    y: int
    half: int
    state: State


@dataclass(frozen=True, slots=True)
class Line:
    """Checks over time as ``d`` of SVG paths in parts of a pixel: the line through them, their intervals, and their marks by verdict. One
    path for many marks: a year of checks is thousands of them.
    """

    path: str
    whiskers: str
    marks: tuple[tuple[State, str], ...]


@dataclass(frozen=True, slots=True)
class ScorePlot:
    """Scores 0..100 over time in a box of `WIDTH` x `HEIGHT`: the line, heights of the labelled scores, places of the labelled days."""

    line: Line
    scores: tuple[tuple[float, int], ...]
    days: tuple[tuple[float, datetime], ...]


def score_plot(checks: Sequence[Done], state_of: dict[str, State]) -> ScorePlot | None:
    """The scores of one topic; None where there is none. ``state_of`` an outcome gives its mark."""
    scored = [(check.done_at, check.score, state_of.get(check.outcome, State.UNJUDGED)) for check in checks if check.score is not None]
    if not scored:
        return None
    times = [at for at, _, _ in scored]
    places = _over_time(times, LEFT, WIDTH - RIGHT)
    marks = [Mark(x, round(FINE * _height(score)), 0, state) for x, (_, score, state) in zip(places, scored, strict=True)]
    first, last = places[0] / FINE, places[-1] / FINE
    days = ((first, times[0]), (last, times[-1])) if len(scored) > 1 else ((first, times[0]),)
    return ScorePlot(_line(marks, _MARK), tuple((_height(score), score) for score in (0, 50, 100)), days)


def spark(points: Sequence[Point]) -> Line | None:
    """The values of a clause over its last `SPARK_MOST` checks, as high as values and intervals reach, in a box of `SPARK_WIDTH` x
    `SPARK_HEIGHT`; None without values.
    """
    valued = [(point, point.value, point.error_95 or 0.0) for point in points[-SPARK_MOST:] if point.value is not None]
    if not valued:
        return None
    low, high = min(value - error for _, value, error in valued), max(value + error for _, value, error in valued)
    scale = FINE * (SPARK_HEIGHT - 2 * _SPARK_ROOM) / (high - low) if high > low else 0.0
    top = FINE * SPARK_HEIGHT / 2 + scale * (low + high) / 2
    places = _over_time([point.done.done_at for point, _, _ in valued], _SPARK_ROOM, SPARK_WIDTH - _SPARK_ROOM)
    marks = [
        Mark(x, int(top - value * scale), int(error * scale), point.state) for x, (point, value, error) in zip(places, valued, strict=True)
    ]
    return _line(marks, _SPARK_MARK)


def _over_time(times: Sequence[datetime], left: float, right: float) -> list[int]:
    """Where moments lie between left and right, in parts of a pixel; a single one in the middle."""
    first, span = times[0], times[-1] - times[0]
    if not span:
        return [int(FINE * (left + right) / 2)] * len(times)
    return [int(FINE * (left + (at - first) / span * (right - left))) for at in times]


def _height(score: float) -> float:
    return round(TOP + (100 - score) / 100 * (HEIGHT - TOP - BOTTOM), 1)


def _line(marks: Sequence[Mark], r: int) -> Line:
    square, triangle, disc = (shape.format(r=r, w=2 * r, h=int(1.8 * r)) for shape in (_SQUARE, _TRIANGLE, _DISC))
    shapes: dict[State, list[str]] = {}
    for x, y, _, state in marks:
        if state is State.FAIL:
            drawn = f"M{x - r} {y - r}{square}"
        else:
            drawn = f"M{x} {y - r}{triangle}" if state is State.WARN else f"M{x - r} {y}{disc}"
        shapes.setdefault(state, []).append(drawn)
    return Line(
        path="M" + "L".join([f"{x} {y}" for x, y, _, _ in marks]),
        whiskers="".join([f"M{x} {y - half}v{2 * half}" for x, y, half, _ in marks if half]),
        marks=tuple((state, "".join(found)) for state, found in shapes.items()),
    )
