"""Where everything lies in the drawings of a record: values of many checks over time, each with its plus-minus. The page draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posecoach.history.trends import Done, Point
from posecoach.vocabulary import State

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 14, 26
SPARK_WIDTH, SPARK_HEIGHT = 180, 48
_SPARK_ROOM = 6.0
_SIDES = {State.PASS: 0, State.WARN: 3, State.FAIL: 4}
"""A verdict is told by its shape as well: a disc, a triangle, a square."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A check in a drawing, ``sides`` of its shape (0: a disc); ``low`` and ``high`` where its interval ends, ``y`` where none is known."""

    x: float
    y: float
    low: float
    high: float
    state: State
    sides: int


@dataclass(frozen=True, slots=True)
class Line:
    """Marks over time; ``path`` is the ``d`` of an SVG path through them."""

    marks: tuple[Mark, ...]
    path: str


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
    marks = tuple(_mark(x, _height(score), 0.0, state) for x, (_, score, state) in zip(places, scored, strict=True))
    days = ((places[0], times[0]), (places[-1], times[-1])) if len(scored) > 1 else ((places[0], times[0]),)
    return ScorePlot(_line(marks), tuple((_height(score), score) for score in (0, 50, 100)), days)


def spark(points: Sequence[Point]) -> Line | None:
    """A clause over time in a box of `SPARK_WIDTH` x `SPARK_HEIGHT`, as high as values and intervals reach; None without values."""
    valued = [(point, point.value, point.error_95 or 0.0) for point in points if point.value is not None]
    if not valued:
        return None
    low, high = min(value - error for _, value, error in valued), max(value + error for _, value, error in valued)
    scale = (SPARK_HEIGHT - 2 * _SPARK_ROOM) / (high - low) if high > low else 0.0
    middle = (low + high) / 2
    places = _over_time([point.done_at for point, _, _ in valued], _SPARK_ROOM, SPARK_WIDTH - _SPARK_ROOM)
    return _line(
        tuple(
            _mark(x, SPARK_HEIGHT / 2 - (value - middle) * scale, error * scale, point.state)
            for x, (point, value, error) in zip(places, valued, strict=True)
        )
    )


def _over_time(times: Sequence[datetime], left: float, right: float) -> list[float]:
    """Where moments lie between left and right; a single one in the middle."""
    span_s = (times[-1] - times[0]).total_seconds()
    if span_s <= 0:
        return [(left + right) / 2] * len(times)
    return [round(left + (at - times[0]).total_seconds() / span_s * (right - left), 1) for at in times]


def _height(score: float) -> float:
    return round(TOP + (100 - score) / 100 * (HEIGHT - TOP - BOTTOM), 1)


def _mark(x: float, y: float, half: float, state: State) -> Mark:
    return Mark(x, round(y, 1), round(y + half, 1), round(y - half, 1), state, _SIDES.get(state, 0))


def _line(marks: tuple[Mark, ...]) -> Line:
    return Line(marks, "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks))
