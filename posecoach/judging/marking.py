"""One judged clause in place: the measured line or angle, the band that passes, and its label."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import atan2, cos, degrees, isfinite, radians, sin

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.judging.labels import LabelSheet, Point
from posecoach.judging.scene import Mark
from posecoach.judging.shapes import XY, Area, Line
from posecoach.vocabulary import State, View

HEAD = range(Pose.NOSE, Pose.MOUTH_RIGHT + 1)
"""The points of the body on the head."""
_TRUNK: tuple[tuple[Pose, ...], tuple[Pose, ...]] = ((Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER), (Pose.LEFT_HIP, Pose.RIGHT_HIP))
_SHOWN_UNITS = 0.6
"""How far a band with an open side is drawn, in the measure's unit."""
_BAND_OPACITY, _BAND_EDGE = 0.38, 1.0
_ARC_STEP_DEG = 4.0


def draw_mark(sheet: LabelSheet, mark: Mark) -> None:
    """Draws a mark that has a place; nothing where its points are not seen."""
    assert mark.drawing is not None
    _DRAW[mark.drawing.kind](sheet, mark)


def _tilt(sheet: LabelSheet, mark: Mark) -> None:
    a, b = _ends(sheet, mark)
    if not is_seen(a, b):
        return
    if a[0] > b[0]:
        a, b = b, a
    middle, measured = (a + b) / 2, _direction(a, b)
    reach = 0.5 * float(np.hypot(*(b - a))) + 6 * sheet.stroke
    for low, high in passing_angles(sheet, mark, measured, 45.0):
        _shade(sheet, _sector(middle, reach, (low, high)))
        _shade(sheet, _sector(middle, reach, (low + 180, high + 180)))
    along = np.array([cos(radians(measured)), sin(radians(measured))])
    _measured_line(sheet, middle - reach * along, middle + reach * along, mark.state)
    sheet.label(xy(middle + reach * along), mark)


def _lean(sheet: LabelSheet, mark: Mark) -> None:
    a, b = _ends(sheet, mark)
    if not is_seen(a, b):
        return
    upright = -90.0 if b[1] < a[1] else 90.0
    off = _wrapped(_direction(a, b) - upright)
    length = float(np.hypot(*(b - a)))
    _reference(sheet, a, a + length * np.array([0, np.sign(upright)]))
    for low, high in passing_angles(sheet, mark, off, 60.0):
        _shade(sheet, _sector(a, 0.9 * length, (upright + low, upright + high)))
    _measured_line(sheet, a, b, mark.state)
    sheet.label(xy(a + 0.7 * (b - a)), mark, to_left=b[0] < a[0])


def _angle(sheet: LabelSheet, mark: Mark) -> None:
    a, b, c = (mean_of(sheet.points, group) for group in _groups(mark, 3))
    if not is_seen(a, b, c):
        return
    first, turn = _direction(b, a), _wrapped(_direction(b, c) - _direction(b, a))
    side = 1.0 if turn >= 0 else -1.0
    reach = 0.55 * min(float(np.hypot(*(a - b))), float(np.hypot(*(c - b))))
    if mark.band is not None and mark.value is not None:
        low, high = mark.band
        moved = abs(turn) - mark.value
        edges = (first + side * ((low or 0.0) + moved), first + side * ((180.0 if high is None else high) + moved))
        _shade(sheet, _sector(b, reach, edges))
    _measured_line(sheet, b, a, mark.state)
    _measured_line(sheet, b, c, mark.state)
    sheet.shapes.append(Line(_sector(b, 0.35 * reach, (first, first + turn))[1:], "white", 1.6 * sheet.stroke))
    away = radians(first + turn / 2 + (0 if abs(turn) < 90 else 180))
    sheet.label(xy(b), mark, to_left=cos(away) < 0)


def _gap(sheet: LabelSheet, mark: Mark) -> None:
    a, b = _ends(sheet, mark)
    if not is_seen(a, b):
        return
    length = float(np.hypot(*(b - a)))
    along = (b - a) / length if length > 0 else np.array([1.0, 0.0])
    down = np.array([-along[1], along[0]]) * (1.0 if along[0] >= 0 else -1.0)
    offset = 9 * sheet.stroke * down
    a, b = a + offset, b + offset
    if mark.band is not None and mark.value:
        _gap_band(sheet, (np.asarray((a + b) / 2), np.asarray(along), np.asarray(down)), length / mark.value, mark.band)
    for end in (a, b):
        _measured_line(sheet, end - 3 * sheet.stroke * down, end + 3 * sheet.stroke * down, mark.state)
    _measured_line(sheet, a, b, mark.state)
    sheet.label(xy(a if a[0] > b[0] else b), mark)


def _gap_band(sheet: LabelSheet, axes: tuple[Point, Point, Point], px_per_unit: float, limits: tuple[float | None, float | None]) -> None:
    """Where the two ends may lie: a bar on each side of the middle."""
    middle, along, down = axes
    low, high = limits
    near = 0.5 * px_per_unit * (low or 0.0)
    far = near + 0.35 * px_per_unit if high is None else 0.5 * px_per_unit * high
    for side in (-1, 1):
        edges = ((near, -1), (far, -1), (far, 1), (near, 1))
        _shade(sheet, tuple(xy(middle + side * reach * along + edge * 3 * sheet.stroke * down) for reach, edge in edges))


def _across(sheet: LabelSheet, mark: Mark) -> None:
    _offset(sheet, mark, 0)


def _height(sheet: LabelSheet, mark: Mark) -> None:
    _offset(sheet, mark, 1)


def _offset(sheet: LabelSheet, mark: Mark, axis: int) -> None:
    """How far b lies from a along one axis of the picture: a broken line through a, the way to b, and where b may lie."""
    a, b = _ends(sheet, mark)
    if not is_seen(a, b) or mark.value is None:
        return
    foot = b.copy()
    foot[axis] = a[axis]
    _reference(sheet, a, foot)
    unit = np.zeros(2)
    unit[axis] = _px_per_unit(sheet, mark, axis, float(b[axis] - a[axis]))
    if mark.band is not None and unit.any():
        low, high = mark.band
        high = max(low or 0.0, mark.value) + _SHOWN_UNITS if high is None else high
        low = -high if low is None else low
        beside = 3 * sheet.stroke * unit[::-1] / np.hypot(*unit)
        ends = [b + (edge - mark.value) * unit for edge in (low, high)]
        _shade(sheet, tuple(xy(corner) for corner in (ends[0] - beside, ends[1] - beside, ends[1] + beside, ends[0] + beside)))
    _measured_line(sheet, foot, b, mark.state)
    sheet.label(xy(b), mark, to_left=b[0] < a[0])


def _px_per_unit(sheet: LabelSheet, mark: Mark, axis: int, drawn_px: float) -> float:
    """Pixels of one unit along the axis, negative where values grow against it; 0 when it cannot be told."""
    if mark.value and abs(mark.value) > 0.05 and abs(drawn_px) > 3:
        return drawn_px / mark.value
    shoulders, hips = (mean_of(sheet.points, group) for group in _TRUNK)
    width = sheet.points[Pose.LEFT_SHOULDER] - sheet.points[Pose.RIGHT_SHOULDER]
    known = {"sw": width, "tl": shoulders - hips}.get(mark.unit)
    if known is None or not is_seen(known):
        return 0.0
    return float(np.hypot(*known)) * (-1.0 if axis == 0 and sheet.is_mirrored else 1.0)


def _limbs(sheet: LabelSheet, mark: Mark) -> None:
    """The limbs are coloured already; only the label is missing."""
    assert mark.drawing is not None
    seen = sheet.points[[joint for group in mark.drawing.points for joint in group]]
    seen = seen[np.isfinite(seen).all(axis=1)]
    if len(seen):
        sheet.label(xy(seen[np.argmax(seen[:, 0])]), mark)


def _head(sheet: LabelSheet, mark: Mark) -> None:
    points = sheet.points[list(HEAD)]
    face = sheet.face if len(sheet.face) else points[np.isfinite(points).all(axis=1)]
    if not len(face):
        return
    centre = (face.min(axis=0) + face.max(axis=0)) / 2
    half = max(0.62 * float((face.max(axis=0) - face.min(axis=0)).max()), 4.0 * sheet.stroke)
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        corner = centre + half * np.array([x, y])
        hook = tuple(xy(corner - half * 0.45 * np.array(back)) for back in ((x, 0), (0, 0), (0, y)))
        sheet.shapes += Line(hook, "ink", 1.6 * sheet.stroke + 2.4), Line(hook, mark.state.word, 1.6 * sheet.stroke)
    sheet.label(xy(centre), mark)


_DRAW: dict[str, Callable[[LabelSheet, Mark], None]] = {
    "tilt": _tilt,
    "lean": _lean,
    "angle": _angle,
    "gap": _gap,
    "across": _across,
    "height": _height,
    "limbs": _limbs,
    "head": _head,
}


def passing_angles(sheet: LabelSheet, mark: Mark, drawn_deg: float, widest: float) -> list[tuple[float, float]]:
    """The passing angles as drawn, none without a band: an open lower side mirrors the upper one, an open upper side ends at ``widest``."""
    if mark.band is None or mark.value is None:
        return []
    low, high = mark.band
    high = max(widest, mark.value) if high is None else high
    low = -high if low is None else low
    sign = _drawn_sign(sheet, mark, drawn_deg)
    moved = drawn_deg - sign * mark.value
    return [(sign * low + moved, sign * high + moved)]


def _drawn_sign(sheet: LabelSheet, mark: Mark, drawn_deg: float) -> float:
    """Which way positive values turn in the picture: as the measured line shows, or when it is near zero as the view tells."""
    measured = (mark.value or 0.0) - (mark.drawing.added if mark.drawing else 0.0)
    if min(abs(measured), abs(drawn_deg)) > 1:
        return float(np.sign(measured) * np.sign(drawn_deg))
    return -1.0 if (sheet.view is View.SIDE_LEFT) is not sheet.is_mirrored else 1.0


def _shade(sheet: LabelSheet, outline: tuple[XY, ...]) -> None:
    sheet.shapes.append(Area(outline, State.PASS.word, _BAND_OPACITY, _BAND_EDGE))


def _reference(sheet: LabelSheet, start: Point, end: Point) -> None:
    """A broken line that shows where the measured one should lie."""
    sheet.shapes.append(Line((xy(start), xy(end)), "white", max(1.4, 0.7 * sheet.stroke), (2.5 * sheet.stroke, 2 * sheet.stroke)))


def _measured_line(sheet: LabelSheet, start: Point, end: Point, state: State) -> None:
    points = (xy(start), xy(end))
    sheet.shapes += Line(points, "ink", 2.3 * sheet.stroke + 2.6), Line(points, state.word, 2.3 * sheet.stroke)


def _groups(mark: Mark, count: int) -> tuple[tuple[int, ...], ...]:
    assert mark.drawing is not None
    if len(mark.drawing.points) < count:
        raise ValueError(f"a drawing of kind {mark.drawing.kind} needs {count} points, got {len(mark.drawing.points)}")
    return mark.drawing.points[:count]


def _ends(sheet: LabelSheet, mark: Mark) -> tuple[Point, Point]:
    first, second = _groups(mark, 2)
    return mean_of(sheet.points, first), mean_of(sheet.points, second)


def mean_of(points: Point, group: Iterable[int]) -> Point:
    """The middle of a group of points (n, 2), NaN where one is not seen."""
    chosen = points[list(group)]
    return np.asarray(chosen.sum(axis=0) / len(chosen))


def is_seen(*points: Point | XY) -> bool:
    """Whether none of the points is NaN."""
    return all(isfinite(point[0] + point[1]) for point in points)


def xy(point: Point) -> XY:
    """A point as shapes have them."""
    return float(point[0]), float(point[1])


def _direction(start: Point, end: Point) -> float:
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180) % 360 - 180


def _sector(centre: Point, radius: float, edges_deg: tuple[float, float]) -> tuple[XY, ...]:
    """The centre and an arc round it."""
    steps = max(2, int(abs(edges_deg[1] - edges_deg[0]) / _ARC_STEP_DEG) + 1)
    angles = np.radians(np.linspace(edges_deg[0], edges_deg[1], steps + 1))
    rim = centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (xy(centre), *(xy(point) for point in rim))
