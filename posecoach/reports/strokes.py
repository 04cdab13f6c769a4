"""Strokes that pictures of people are made of, in pixels of a box of `WIDTH` x `HEIGHT`."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 120, 200
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Limb:
    """A stroke through points; ``part`` names what it is."""

    part: str
    points: tuple[Point, ...]


def go(start: Point, length: float, angle_deg: float) -> Point:
    """From a point so far down, turned to the right by an angle."""
    angle = math.radians(angle_deg)
    return start[0] + length * math.sin(angle), start[1] + length * math.cos(angle)


def disc(part: str, centre: Point, radius: float) -> Limb:
    """A round outline, closed."""
    return Limb(part, tuple(go(centre, radius, 15 * i) for i in range(25)))


def path_of(limb: Limb) -> str:
    """The ``d`` of an SVG path; a mouth is curved."""
    spots = [f"{x:.1f} {y:.1f}" for x, y in limb.points]
    return f"M{spots[0]}Q{spots[1]} {spots[2]}" if limb.part == "mouth" else "M" + "L".join(spots)
