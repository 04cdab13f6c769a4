"""Draws on the body: limbs coloured by verdict and, for the worst clauses, the measured line, the band that passes and the value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import atan2, cos, degrees, radians, sin
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from posecoach.landmarks import BODY_EDGES, POSE_COUNT, Pose
from posecoach.records import Drawing, Landmarks, State, View
from posecoach.scene import Mark, Scene
from posecoach.text_drawing import Bgr, Picture, TextPainter
from posecoach.wording import Language, format_limits, format_value

COLOURS: dict[State, Bgr] = {
    State.PASS: (116, 200, 62),
    State.WARN: (40, 178, 255),
    State.FAIL: (72, 66, 240),
    State.UNJUDGED: (178, 170, 162),
}
WHITE: Bgr = (255, 255, 255)
INK: Bgr = (30, 24, 20)
MOST_DRAWN = 3
"""Clauses drawn on the body at once; more would hide the person."""

_MIN_VISIBILITY = 0.5
_NECK: tuple[tuple[Pose, ...], tuple[Pose, ...]] = ((Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER), (Pose.LEFT_EAR, Pose.RIGHT_EAR))
_HEAD = range(Pose.NOSE, Pose.MOUTH_RIGHT + 1)
_SEVERITY = {State.FAIL: 3, State.WARN: 2, State.PASS: 1, State.UNJUDGED: 0}

Point = npt.NDArray[np.float64]


@dataclass(slots=True)
class Pen:
    """A picture being drawn on: ``size`` and ``font_px`` in pixels, ``body_x`` where the person is, ``taken`` where labels are."""

    picture: Picture
    size: int
    font_px: int
    text: TextPainter
    language: Language
    body_x: tuple[float, float] = (0.0, 0.0)
    taken: list[tuple[int, int, int, int]] = field(default_factory=list)

    def line(self, start: Point, end: Point, colour: Bgr, width: int) -> None:
        """A solid anti-aliased line."""
        cv2.line(self.picture, _pixel(start), _pixel(end), colour, width, cv2.LINE_AA)

    def dashes(self, start: Point, end: Point, colour: Bgr, width: int) -> None:
        """A broken line."""
        length = float(np.hypot(*(end - start)))
        count = max(1, int(length / (5 * self.size)))
        for i in range(count):
            self.line(start + (end - start) * (i / count), start + (end - start) * ((i + 0.55) / count), colour, width)

    def limb(self, start: Point, end: Point, state: State) -> None:
        """A limb: thin grey unjudged, solid pass, broken warn, thick with a white rim fail, so that it reads without colour."""
        colour = COLOURS[state]
        if state is State.FAIL:
            self.line(start, end, WHITE, 2 * self.size + 2)
            self.line(start, end, colour, 2 * self.size)
        elif state is State.WARN:
            self.line(start, end, INK, self.size)
            self.dashes(start, end, colour, 2 * self.size)
        else:
            self.line(start, end, colour, self.size if state is State.UNJUDGED else self.size + 1)

    def shade(self, outline: npt.NDArray[np.int32], colour: Bgr, strength: float = 0.38) -> None:
        """A translucent area with a thin edge; only the pixels under it are touched."""
        height, width = self.picture.shape[:2]
        (x0, y0), (x1, y1) = np.maximum(outline.min(axis=0), 0), np.minimum(outline.max(axis=0) + 1, (width, height))
        if x1 <= x0 or y1 <= y0:
            return
        area = self.picture[y0:y1, x0:x1]
        cover = area.copy()
        cv2.fillPoly(cover, [outline - (x0, y0)], colour)
        cv2.addWeighted(cover, strength, area, 1 - strength, 0, dst=area)
        cv2.polylines(self.picture, [outline], True, colour, 1, cv2.LINE_AA)


def badge(picture: Picture, centre: tuple[int, int], radius: int, state: State) -> None:
    """The sign of a state: tick in a disc, ``!`` in a triangle, cross in a square, dash in a ring."""
    (x, y), r, colour = centre, radius, COLOURS[state]
    width = max(1, round(r / 4))
    if state is State.PASS:
        cv2.circle(picture, centre, r, colour, -1, cv2.LINE_AA)
        tick = np.array([(x - 0.5 * r, y + 0.05 * r), (x - 0.1 * r, y + 0.45 * r), (x + 0.55 * r, y - 0.4 * r)])
        cv2.polylines(picture, [_pixels(tick)], False, WHITE, width, cv2.LINE_AA)
    elif state is State.WARN:
        corners = _pixels(np.array([(x, y - 1.05 * r), (x + 1.1 * r, y + 0.9 * r), (x - 1.1 * r, y + 0.9 * r)]))
        cv2.fillPoly(picture, [corners], colour, cv2.LINE_AA)
        cv2.line(picture, (x, round(y - 0.4 * r)), (x, round(y + 0.2 * r)), INK, width, cv2.LINE_AA)
        cv2.circle(picture, (x, round(y + 0.6 * r)), max(1, width // 2), INK, -1, cv2.LINE_AA)
    elif state is State.FAIL:
        cv2.rectangle(picture, (x - r, y - r), (x + r, y + r), colour, -1)
        reach = round(0.5 * r)
        cv2.line(picture, (x - reach, y - reach), (x + reach, y + reach), WHITE, width, cv2.LINE_AA)
        cv2.line(picture, (x - reach, y + reach), (x + reach, y - reach), WHITE, width, cv2.LINE_AA)
    else:
        cv2.circle(picture, centre, r - 1, colour, max(1, width // 2), cv2.LINE_AA)
        cv2.line(picture, (round(x - 0.4 * r), y), (round(x + 0.4 * r), y), colour, max(1, width // 2), cv2.LINE_AA)


def draw_body(pen: Pen, scene: Scene) -> None:
    """Skeleton, then the worst clauses in place. Points that are missing or not visible are left out."""
    if not scene.landmarks.has_pose:
        return
    points = visible_points(scene.landmarks)
    drawable = [mark for mark in scene.marks if mark.drawing is not None and mark.state is not State.UNJUDGED]
    _draw_skeleton(pen, points, drawable)
    if np.isfinite(points[:, 0]).any():
        pen.body_x = float(np.nanmin(points[:, 0])), float(np.nanmax(points[:, 0]))
    worst = sorted(drawable, key=lambda mark: -_SEVERITY[mark.state])
    for mark in worst[:MOST_DRAWN]:
        assert mark.drawing is not None
        _DRAW[mark.drawing.kind](pen, points, mark, scene)


def visible_points(landmarks: Landmarks) -> Point:
    """Body points in pixels (33, 2), NaN where missing, doubtful or far outside the picture."""
    points = landmarks.pose_px.astype(np.float64)
    size = np.array(landmarks.size_wh)
    outside = (points < -0.1 * size).any(axis=1) | (points > 1.1 * size).any(axis=1)
    points[outside | (landmarks.pose_visibility < _MIN_VISIBILITY)] = np.nan
    return points


def _draw_skeleton(pen: Pen, points: Point, marks: list[Mark]) -> None:
    joints, edges = [State.UNJUDGED] * POSE_COUNT, dict.fromkeys(BODY_EDGES, State.UNJUDGED)
    for mark in marks:
        assert mark.drawing is not None
        for joint in {joint for group in mark.drawing.points for joint in group}:
            joints[joint] = _worse(joints[joint], mark.state)
        for edge in edges:
            if _takes_part(edge, mark.drawing):
                edges[edge] = _worse(edges[edge], mark.state)
    base, head = (_mean(points, group) for group in _NECK)
    _limb_if_seen(pen, base, base + 0.6 * (head - base), State.UNJUDGED)
    for edge, state in sorted(edges.items(), key=lambda item: _SEVERITY[item[1]]):
        _limb_if_seen(pen, points[edge[0]], points[edge[1]], state)
    for joint in {joint for edge in BODY_EDGES for joint in edge}:
        if np.isfinite(points[joint]).all():
            radius = pen.size + (1 if joints[joint] is State.UNJUDGED else 2)
            cv2.circle(pen.picture, _pixel(points[joint]), radius + 1, WHITE, -1, cv2.LINE_AA)
            cv2.circle(pen.picture, _pixel(points[joint]), radius, COLOURS[joints[joint]], -1, cv2.LINE_AA)


def _limb_if_seen(pen: Pen, start: Point, end: Point, state: State) -> None:
    if np.isfinite(start).all() and np.isfinite(end).all():
        pen.limb(start, end, state)


def _takes_part(edge: tuple[Pose, Pose], drawing: Drawing) -> bool:
    """Whether the limb lies along one of the drawing's lines."""
    if drawing.kind == "gap":
        return False
    pairs = zip(drawing.points, drawing.points[1:], strict=False)
    return any((edge[0] in a and edge[1] in b) or (edge[1] in a and edge[0] in b) for a, b in pairs)


def _worse(one: State, other: State) -> State:
    return one if _SEVERITY[one] >= _SEVERITY[other] else other


def _tilt(pen: Pen, points: Point, mark: Mark, scene: Scene) -> None:
    a, b = _ends(points, mark)
    if not _seen(a, b):
        return
    if a[0] > b[0]:
        a, b = b, a
    middle, measured = (a + b) / 2, _direction(a, b)
    reach = 0.5 * float(np.hypot(*(b - a))) + 6 * pen.size
    for start in _band(mark, measured, scene.view, 90.0):
        pen.shade(_sector(middle, reach, start), COLOURS[State.PASS])
        pen.shade(_sector(middle, reach, (start[0] + 180, start[1] + 180)), COLOURS[State.PASS])
    along = np.array([cos(radians(measured)), sin(radians(measured))])
    _measured_line(pen, middle - reach * along, middle + reach * along, mark.state)
    _label(pen, middle + np.array([reach, reach * sin(radians(measured))]), mark)


def _lean(pen: Pen, points: Point, mark: Mark, scene: Scene) -> None:
    a, b = _ends(points, mark)
    if not _seen(a, b):
        return
    upright = -90.0 if b[1] < a[1] else 90.0
    off = _wrapped(_direction(a, b) - upright)
    length = float(np.hypot(*(b - a)))
    pen.dashes(a, a + length * np.array([0, np.sign(upright)]), WHITE, max(1, pen.size // 2))
    for low, high in _band(mark, off, scene.view, 90.0):
        pen.shade(_sector(a, 0.9 * length, (upright + low, upright + high)), COLOURS[State.PASS])
    _measured_line(pen, a, b, mark.state)
    _label(pen, a + 0.7 * (b - a), mark, to_left=b[0] < a[0])


def _angle(pen: Pen, points: Point, mark: Mark, _scene: Scene) -> None:
    a, b, c = (_mean(points, group) for group in _groups(mark, 3))
    if not _seen(a, b, c):
        return
    first, turn = _direction(b, a), _wrapped(_direction(b, c) - _direction(b, a))
    side = 1.0 if turn >= 0 else -1.0
    reach = 0.55 * min(float(np.hypot(*(a - b))), float(np.hypot(*(c - b))))
    if mark.band is not None:
        low, high = mark.band
        edges = (first + side * (low or 0.0), first + side * (180.0 if high is None else high))
        pen.shade(_sector(b, reach, edges), COLOURS[State.PASS])
    _measured_line(pen, b, a, mark.state)
    _measured_line(pen, b, c, mark.state)
    arc = _sector(b, 0.35 * reach, (first, first + turn))[1:]
    cv2.polylines(pen.picture, [arc], False, WHITE, pen.size, cv2.LINE_AA)
    away = radians(first + turn / 2 + (0 if abs(turn) < 90 else 180))
    _label(pen, b, mark, to_left=cos(away) < 0)


def _gap(pen: Pen, points: Point, mark: Mark, _scene: Scene) -> None:
    a, b = _ends(points, mark)
    if not _seen(a, b):
        return
    length = float(np.hypot(*(b - a)))
    along = (b - a) / length if length > 0 else np.array([1.0, 0.0])
    down = np.array([-along[1], along[0]]) * (1.0 if along[0] >= 0 else -1.0)
    offset = 9 * pen.size * down
    a, b = a + offset, b + offset
    if mark.band is not None and mark.value:
        _gap_band(pen, (np.asarray((a + b) / 2), np.asarray(along), np.asarray(down)), length / mark.value, mark.band)
    for end in (a, b):
        _measured_line(pen, end - 3 * pen.size * down, end + 3 * pen.size * down, mark.state)
    _measured_line(pen, a, b, mark.state)
    _label(pen, a if a[0] > b[0] else b, mark)


def _gap_band(pen: Pen, axes: tuple[Point, Point, Point], px_per_unit: float, limits: tuple[float | None, float | None]) -> None:
    """Where the two ends may lie: a bar on each side of the middle."""
    middle, along, down = axes
    low, high = limits
    near = 0.5 * px_per_unit * (low or 0.0)
    far = near + 0.35 * px_per_unit if high is None else 0.5 * px_per_unit * high
    for side in (-1, 1):
        edges = ((near, -1), (far, -1), (far, 1), (near, 1))
        corners = [middle + side * reach * along + edge * 3 * pen.size * down for reach, edge in edges]
        pen.shade(_pixels(np.array(corners)), COLOURS[State.PASS])


def _head(pen: Pen, points: Point, mark: Mark, scene: Scene) -> None:
    face = scene.landmarks.face_px if scene.landmarks.has_face else points[list(_HEAD)]
    face = face[np.isfinite(face).all(axis=1)]
    if not len(face):
        return
    centre = (face.min(axis=0) + face.max(axis=0)) / 2
    half = max(0.62 * float((face.max(axis=0) - face.min(axis=0)).max()), 4.0 * pen.size)
    colour = COLOURS[mark.state]
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        corner = centre + half * np.array([x, y])
        hook = [corner - np.array([x * half * 0.45, 0]), corner, corner - np.array([0, y * half * 0.45])]
        cv2.polylines(pen.picture, [_pixels(np.array(hook))], False, INK, pen.size + 2, cv2.LINE_AA)
        cv2.polylines(pen.picture, [_pixels(np.array(hook))], False, colour, pen.size, cv2.LINE_AA)
    _label(pen, centre + np.array([half, 0]), mark)


_DRAW = {"tilt": _tilt, "lean": _lean, "angle": _angle, "gap": _gap, "head": _head}


def _measured_line(pen: Pen, start: Point, end: Point, state: State) -> None:
    pen.line(start, end, INK, pen.size + 3)
    pen.line(start, end, COLOURS[state], pen.size + 1)


def _label(pen: Pen, anchor: Point, mark: Mark, to_left: bool = False) -> None:
    """Sign, value and limit on a translucent plate beside the person, with a thin line to what is measured."""
    value, limit = format_value(mark.value, mark.unit, pen.language), format_limits(mark.band, mark.unit)
    small = max(11, round(0.8 * pen.font_px))
    radius, pad = round(0.42 * pen.font_px), round(0.3 * pen.font_px)
    widths = [2 * radius, pen.text.width_px(value, pen.font_px, True), pen.text.width_px(limit, small)]
    width, height = sum(widths) + pad * (2 + sum(w > 0 for w in widths)), round(1.5 * pen.font_px)
    beside = min(anchor[0], pen.body_x[0]) - 6 * pen.size - width if to_left else max(anchor[0], pen.body_x[1]) + 6 * pen.size
    x, y = _place(pen, round(float(beside)), round(float(anchor[1])) - height // 2, (width, height))
    pen.line(anchor, np.array([x + width if to_left else x, y + height / 2]), WHITE, max(1, pen.size // 2))
    pen.shade(np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.int32), INK, 0.78)
    badge(pen.picture, (x + 2 * pad + radius, y + height // 2), radius, mark.state)
    at = x + 3 * pad + 2 * radius
    at += pen.text.paint(pen.picture, value, (at, y + (height - pen.text.height_px(pen.font_px)) // 2), (pen.font_px, WHITE), True) + pad
    pen.text.paint(pen.picture, limit, (at, y + (height - pen.text.height_px(small)) // 2), (small, (190, 225, 180)))


def _place(pen: Pen, x: int, y: int, size: tuple[int, int]) -> tuple[int, int]:
    """The nearest free place inside the picture, straight down or, at the bottom, straight up."""
    width, height = size
    limit_x, limit_y = pen.picture.shape[1] - width - 2, pen.picture.shape[0] - height - 2
    x, y = max(2, min(x, limit_x)), max(2, min(y, limit_y))
    steps = sorted(range(-limit_y, limit_y + 1, max(1, height // 4)), key=lambda step: (abs(step), -step))
    free = (y + step for step in [0, *steps] if 2 <= y + step <= max(2, limit_y) and not _covers(pen.taken, (x, y + step, width, height)))
    y = next(free, y)
    pen.taken.append((x, y, width, height))
    return x, y


def _covers(taken: Iterable[tuple[int, int, int, int]], box: tuple[int, int, int, int]) -> bool:
    x, y, width, height = box
    return any(x < tx + tw + 2 and tx < x + width + 2 and y < ty + th + 2 and ty < y + height + 2 for tx, ty, tw, th in taken)


def _band(mark: Mark, measured_deg: float, view: View, widest: float) -> list[tuple[float, float]]:
    """The passing angles as drawn: an open lower side mirrors the upper one, an open upper side ends at ``widest``."""
    if mark.band is None:
        return []
    low, high = mark.band
    high = widest if high is None else high
    low = -high if low is None else low
    sign = _drawn_sign(mark, measured_deg, view)
    return [(sign * low, sign * high)]


def _drawn_sign(mark: Mark, measured_deg: float, view: View) -> float:
    """Which way positive values turn in the picture: as the measured line shows, or when it is near zero as the view tells."""
    if mark.value is not None and min(abs(mark.value), abs(measured_deg)) > 1:
        return float(np.sign(mark.value) * np.sign(measured_deg))
    return -1.0 if view is View.SIDE_LEFT else 1.0


def _groups(mark: Mark, count: int) -> tuple[tuple[int, ...], ...]:
    assert mark.drawing is not None
    if len(mark.drawing.points) < count:
        raise ValueError(f"a drawing of kind {mark.drawing.kind} needs {count} points, got {len(mark.drawing.points)}")
    return mark.drawing.points[:count]


def _ends(points: Point, mark: Mark) -> tuple[Point, Point]:
    first, second = _groups(mark, 2)
    return _mean(points, first), _mean(points, second)


def _mean(points: Point, group: Iterable[int]) -> Point:
    return np.asarray(points[list(group)].mean(axis=0))


def _seen(*points: Point) -> bool:
    return all(bool(np.isfinite(point).all()) for point in points)


def _direction(start: Point, end: Point) -> float:
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180) % 360 - 180


def _sector(centre: Point, radius: float, edges_deg: tuple[float, float]) -> npt.NDArray[np.int32]:
    angles = np.radians(np.linspace(edges_deg[0], edges_deg[1], 24))
    rim = centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return _pixels(np.vstack([centre[None], rim]))


def _pixels(points: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    return np.asarray(np.rint(points), np.int32)


def _pixel(point: Point) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))
