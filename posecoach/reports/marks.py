"""What is drawn beside a person where a posture alone does not tell: how long, how far, how often; and a hand from near by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from posecoach.reports.strokes import HEIGHT, WIDTH, Limb, Point, disc, go

Hand = Literal["up", "down", "together", "spread", "pointing"]
_DIAL_PX = 15.0
_FINGERS = (0.0, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Marks:
    """``dial``: share of a clock's face that has gone by, its middle at ``dial_at``. ``arrows``: each from one point to another. ``dots``:
    so many of four steps done. ``counter``: stands behind one. ``hand``: a hand alone, instead of the person.
    """

    dial: float | None = None
    dial_at: Point = (WIDTH - 22.0, 22.0)
    arrows: tuple[tuple[Point, Point], ...] = ()
    dots: int | None = None
    counter: bool = False
    hand: Hand | None = None


def marks_of(marks: Marks) -> tuple[Limb, ...]:
    """The strokes of all marks but a hand, from back to front."""
    return tuple(_strokes(marks))


def _strokes(marks: Marks) -> Iterator[Limb]:
    if marks.counter:
        yield Limb("counter", ((8, 128), (WIDTH - 8, 128), (WIDTH - 8, 198), (8, 198), (8, 128)))
    if marks.dial is not None:
        gone = tuple(go(marks.dial_at, _DIAL_PX, 180 - 360 * min(marks.dial, 1.0) * i / 24) for i in range(25))
        yield from (disc("dial", marks.dial_at, _DIAL_PX), Limb("gone", (marks.dial_at, *gone, marks.dial_at)))
    for start, end in marks.arrows:
        yield from _arrow(start, end)
    if marks.dots is not None:
        yield from (disc("done" if i < marks.dots else "dial", (24.0 + 24 * i, HEIGHT - 12.0), 7.0) for i in range(4))


def _arrow(start: Point, end: Point) -> Iterator[Limb]:
    """A line with a head at its end, along one of the axes or between."""
    along = (end[0] - start[0], end[1] - start[1])
    length = (along[0] ** 2 + along[1] ** 2) ** 0.5
    u, v = along[0] / length, along[1] / length
    wings = [(end[0] - 8 * u + side * 6 * v, end[1] - 8 * v - side * 6 * u) for side in (-1, 1)]
    yield from (Limb("arrow", (start, end)), Limb("arrow", (wings[0], end, wings[1])))


def hand_of(kind: Hand) -> tuple[Limb, ...]:
    """A hand that comes in from the left, large: its palm upwards or downwards seen from the side, or its fingers seen from above."""
    if kind in ("up", "down"):
        return _from_its_side(1 if kind == "up" else -1)
    wrist, palm, knuckle_y = (14.0, 104.0), (48.0, 104.0), 88.0
    limbs = [
        Limb("sleeve", ((4.0, 104.0), wrist)),
        Limb("wrist", (wrist, palm)),
        Limb("palm", ((44.0, 92.0), (62.0, 92.0), (62.0, 116.0), (44.0, 116.0), (44.0, 92.0))),
    ]
    for i in _FINGERS:
        start = (64.0, knuckle_y + 10.5 * i)
        if kind == "pointing" and i > 0:
            limbs.append(Limb("finger", (start, (74.0, start[1]), (66.0, start[1] + 3))))
        else:
            angle = 90 + (15.0 * (1.5 - i) if kind == "spread" else 0.0)
            limbs.append(Limb("finger", (start, go(start, 42.0 - 4 * abs(1.3 - i), angle))))
    thumb = (66.0, 66.0) if kind == "spread" else (70.0, 76.0)
    return (*limbs, Limb("finger", ((46.0, 88.0), (54.0, 80.0), thumb)))


def _from_its_side(up: int) -> tuple[Limb, ...]:
    """``up`` 1: the palm looks upwards, -1: downwards; an arrow shows where it looks."""
    y = 108.0
    arm = (
        Limb("sleeve", ((4.0, y + 8), (24.0, y + 4))),
        Limb("wrist", ((24.0, y + 4), (46.0, y))),
        Limb("flat", ((46.0, y), (74.0, y - 2), (108.0, y - 6))),
    )
    thumb = Limb("finger", ((52.0, y - up * 3), (62.0, y - up * 14), (74.0, y - up * 17)))
    return (*arm, thumb, *_arrow((84.0, y - up * 14), (84.0, y - up * 44)))
