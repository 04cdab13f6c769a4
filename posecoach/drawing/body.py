"""Draws on the body: limbs coloured by verdict and, for the worst clauses, the measured line, the band that passes and the value.

What is drawn agrees with what is said: where a value is smoothed over time or corrected for the model's bias, the band is moved with it, so
that the line lies in the band exactly when the value does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import atan2, cos, degrees, radians, sin

import cv2
import numpy as np
import numpy.typing as npt

from posecoach.body.landmarks import BODY_EDGES, POSE_COUNT, Pose
from posecoach.body.records import Drawing, Landmarks
from posecoach.drawing.pen import COLOURS, INK, WHITE, Pen, Point, pixel, pixels
from posecoach.judging.scene import MIN_VISIBILITY, Mark, Scene
from posecoach.vocabulary import State, View

MOST_DRAWN = 3
"""Clauses drawn on the body at once; more would hide the person."""

"""Body points the model is less sure of are not drawn."""
_TRUNK: tuple[tuple[Pose, ...], tuple[Pose, ...]] = ((Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER), (Pose.LEFT_HIP, Pose.RIGHT_HIP))
_NECK: tuple[tuple[Pose, ...], tuple[Pose, ...]] = ((Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER), (Pose.LEFT_EAR, Pose.RIGHT_EAR))
_HEAD = range(Pose.NOSE, Pose.MOUTH_RIGHT + 1)
_SEVERITY = {State.FAIL: 3, State.WARN: 2, State.PASS: 1, State.UNJUDGED: 0}
_SHOWN_UNITS = 0.6
"""How far a band with an open side is drawn, in the measure's unit."""


def draw_body(pen: Pen, scene: Scene) -> None:
    """Skeleton, then the worst clauses in place; what is met only when nothing is amiss. Points that are not visible are left out."""
    face = _face_box(scene.landmarks)
    if face is not None:
        pen.taken.append(face)
    if not scene.landmarks.has_pose and face is None:
        return
    points = visible_points(scene.landmarks)
    drawable = [mark for mark in scene.marks if mark.drawing is not None and mark.state is not State.UNJUDGED]
    _draw_skeleton(pen, points, scene.landmarks, drawable)
    if np.isfinite(points[:, 0]).any():
        pen.body_x = float(np.nanmin(points[:, 0])), float(np.nanmax(points[:, 0]))
    elif face is not None:
        pen.body_x = float(face[0]), float(face[0] + face[2])
    amiss = [mark for mark in drawable if mark.state in (State.FAIL, State.WARN)]
    for mark in sorted(amiss or drawable, key=lambda mark: -_SEVERITY[mark.state])[:MOST_DRAWN]:
        assert mark.drawing is not None
        _DRAW[mark.drawing.kind](pen, points, mark, scene)


def _face_box(landmarks: Landmarks) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the head in the picture, from the face or the points of the body on it."""
    points = landmarks.face_px if landmarks.has_face else landmarks.pose_px[list(_HEAD)]
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.25 * float((high - low).max())
    left, top, right, bottom = (round(float(v)) for v in (*(low - margin), *(high + margin)))
    return left, top, right - left, bottom - top


def visible_points(landmarks: Landmarks) -> Point:
    """Body points in pixels (33, 2), NaN where missing, doubtful or far outside the picture."""
    points = landmarks.pose_px.astype(np.float64)
    size = np.array(landmarks.size_wh)
    outside = (points < -0.1 * size).any(axis=1) | (points > 1.1 * size).any(axis=1)
    points[outside | (landmarks.pose_visibility < MIN_VISIBILITY)] = np.nan
    return points


def _draw_skeleton(pen: Pen, points: Point, landmarks: Landmarks, marks: list[Mark]) -> None:
    joints, edges = [State.UNJUDGED] * POSE_COUNT, dict.fromkeys(BODY_EDGES, State.UNJUDGED)
    for mark in marks:
        assert mark.drawing is not None
        for joint in {joint for group in mark.drawing.points for joint in group}:
            joints[joint] = _worse(joints[joint], mark.state)
        for edge in edges:
            if _takes_part(edge, mark.drawing):
                edges[edge] = _worse(edges[edge], mark.state)
    _limb_if_seen(pen, *_neck(points, landmarks), State.UNJUDGED)
    for edge, state in sorted(edges.items(), key=lambda item: _SEVERITY[item[1]]):
        _limb_if_seen(pen, points[edge[0]], points[edge[1]], state)
    for joint in {joint for edge in BODY_EDGES for joint in edge}:
        if np.isfinite(points[joint]).all():
            radius = pen.size + (1 if joints[joint] is State.UNJUDGED else 2)
            cv2.circle(pen.picture, pixel(points[joint]), radius + 1, WHITE, -1, cv2.LINE_AA)
            cv2.circle(pen.picture, pixel(points[joint]), radius, COLOURS[joints[joint]], -1, cv2.LINE_AA)


def _neck(points: Point, landmarks: Landmarks) -> tuple[Point, Point]:
    """From between the shoulders up to the chin and no further: nothing is drawn over a face."""
    base, head = (_mean(points, group) for group in _NECK)
    up = head - base
    share = 0.4
    if landmarks.has_face and _seen(base, head) and up[1] < 0:
        chin = float(np.nanmax(landmarks.face_px[:, 1]))
        share = min(0.6, max(0.0, 0.95 * (chin - base[1]) / up[1]))
    return base, base + share * up


def _limb_if_seen(pen: Pen, start: Point, end: Point, state: State) -> None:
    if np.isfinite(start).all() and np.isfinite(end).all():
        pen.limb(start, end, state)


def _takes_part(edge: tuple[Pose, Pose], drawing: Drawing) -> bool:
    """Whether the limb is one of those named or lies along one of the drawing's lines."""
    if drawing.kind == "limbs":
        joints = {joint for group in drawing.points for joint in group}
        return edge[0] in joints and edge[1] in joints
    if drawing.kind in ("gap", "across", "height"):
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
    for low, high in _band(mark, measured, scene.view, 45.0):
        pen.shade(_sector(middle, reach, (low, high)), COLOURS[State.PASS])
        pen.shade(_sector(middle, reach, (low + 180, high + 180)), COLOURS[State.PASS])
    along = np.array([cos(radians(measured)), sin(radians(measured))])
    _measured_line(pen, middle - reach * along, middle + reach * along, mark.state)
    pen.label(middle + reach * along, mark)


def _lean(pen: Pen, points: Point, mark: Mark, scene: Scene) -> None:
    a, b = _ends(points, mark)
    if not _seen(a, b):
        return
    upright = -90.0 if b[1] < a[1] else 90.0
    off = _wrapped(_direction(a, b) - upright)
    length = float(np.hypot(*(b - a)))
    pen.dashes(a, a + length * np.array([0, np.sign(upright)]), WHITE, max(1, pen.size // 2))
    for low, high in _band(mark, off, scene.view, 60.0):
        pen.shade(_sector(a, 0.9 * length, (upright + low, upright + high)), COLOURS[State.PASS])
    _measured_line(pen, a, b, mark.state)
    pen.label(a + 0.7 * (b - a), mark, to_left=b[0] < a[0])


def _angle(pen: Pen, points: Point, mark: Mark, _scene: Scene) -> None:
    a, b, c = (_mean(points, group) for group in _groups(mark, 3))
    if not _seen(a, b, c):
        return
    first, turn = _direction(b, a), _wrapped(_direction(b, c) - _direction(b, a))
    side = 1.0 if turn >= 0 else -1.0
    reach = 0.55 * min(float(np.hypot(*(a - b))), float(np.hypot(*(c - b))))
    if mark.band is not None and mark.value is not None:
        low, high = mark.band
        moved = abs(turn) - mark.value
        edges = (first + side * ((low or 0.0) + moved), first + side * ((180.0 if high is None else high) + moved))
        pen.shade(_sector(b, reach, edges), COLOURS[State.PASS])
    _measured_line(pen, b, a, mark.state)
    _measured_line(pen, b, c, mark.state)
    arc = _sector(b, 0.35 * reach, (first, first + turn))[1:]
    cv2.polylines(pen.picture, [arc], False, WHITE, pen.size, cv2.LINE_AA)
    away = radians(first + turn / 2 + (0 if abs(turn) < 90 else 180))
    pen.label(b, mark, to_left=cos(away) < 0)


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
    pen.label(a if a[0] > b[0] else b, mark)


def _gap_band(pen: Pen, axes: tuple[Point, Point, Point], px_per_unit: float, limits: tuple[float | None, float | None]) -> None:
    """Where the two ends may lie: a bar on each side of the middle."""
    middle, along, down = axes
    low, high = limits
    near = 0.5 * px_per_unit * (low or 0.0)
    far = near + 0.35 * px_per_unit if high is None else 0.5 * px_per_unit * high
    for side in (-1, 1):
        edges = ((near, -1), (far, -1), (far, 1), (near, 1))
        corners = [middle + side * reach * along + edge * 3 * pen.size * down for reach, edge in edges]
        pen.shade(pixels(np.array(corners)), COLOURS[State.PASS])


def _across(pen: Pen, points: Point, mark: Mark, _scene: Scene) -> None:
    _offset(pen, points, mark, 0)


def _height(pen: Pen, points: Point, mark: Mark, _scene: Scene) -> None:
    _offset(pen, points, mark, 1)


def _offset(pen: Pen, points: Point, mark: Mark, axis: int) -> None:
    """How far b lies from a along one axis of the picture: a broken line through a, the way to b, and where b may lie."""
    a, b = _ends(points, mark)
    if not _seen(a, b) or mark.value is None:
        return
    foot = b.copy()
    foot[axis] = a[axis]
    pen.dashes(a, foot, WHITE, max(1, pen.size // 2))
    unit = np.zeros(2)
    unit[axis] = _px_per_unit(points, mark, float(b[axis] - a[axis]))
    if mark.band is not None and unit.any():
        low, high = mark.band
        high = max(low or 0.0, mark.value) + _SHOWN_UNITS if high is None else high
        low = -high if low is None else low
        beside = 3 * pen.size * unit[::-1] / np.hypot(*unit)
        ends = [b + (edge - mark.value) * unit for edge in (low, high)]
        corners = [ends[0] - beside, ends[1] - beside, ends[1] + beside, ends[0] + beside]
        pen.shade(pixels(np.array(corners)), COLOURS[State.PASS])
    _measured_line(pen, foot, b, mark.state)
    pen.label(b, mark, to_left=b[0] < a[0])


def _px_per_unit(points: Point, mark: Mark, drawn_px: float) -> float:
    """Pixels of one unit along the axis, negative where values grow against it; 0 when it cannot be told."""
    if mark.value and abs(mark.value) > 0.05 and abs(drawn_px) > 3:
        return drawn_px / mark.value
    shoulders, hips = (_mean(points, group) for group in _TRUNK)
    known = {"sw": points[Pose.LEFT_SHOULDER] - points[Pose.RIGHT_SHOULDER], "tl": shoulders - hips}.get(mark.unit)
    return float(np.hypot(*known)) if known is not None and _seen(known) else 0.0


def _limbs(pen: Pen, points: Point, mark: Mark, _scene: Scene) -> None:
    """The limbs are coloured already; only the label is missing."""
    assert mark.drawing is not None
    seen = points[[joint for group in mark.drawing.points for joint in group]]
    seen = seen[np.isfinite(seen).all(axis=1)]
    if len(seen):
        pen.label(np.asarray(seen[np.argmax(seen[:, 0])]), mark)


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
        cv2.polylines(pen.picture, [pixels(np.array(hook))], False, INK, pen.size + 2, cv2.LINE_AA)
        cv2.polylines(pen.picture, [pixels(np.array(hook))], False, colour, pen.size, cv2.LINE_AA)
    pen.label(centre, mark)


_DRAW: dict[str, Callable[[Pen, Point, Mark, Scene], None]] = {
    "tilt": _tilt,
    "lean": _lean,
    "angle": _angle,
    "gap": _gap,
    "across": _across,
    "height": _height,
    "limbs": _limbs,
    "head": _head,
}


def _measured_line(pen: Pen, start: Point, end: Point, state: State) -> None:
    pen.line(start, end, INK, pen.size + 3)
    pen.line(start, end, COLOURS[state], pen.size + 1)


def _band(mark: Mark, drawn_deg: float, view: View, widest: float) -> list[tuple[float, float]]:
    """The passing angles as drawn: an open lower side mirrors the upper one, an open upper side ends at ``widest``."""
    if mark.band is None or mark.value is None:
        return []
    low, high = mark.band
    high = max(widest, mark.value) if high is None else high
    low = -high if low is None else low
    sign = _drawn_sign(mark, drawn_deg, view)
    moved = drawn_deg - sign * mark.value
    return [(sign * low + moved, sign * high + moved)]


def _drawn_sign(mark: Mark, drawn_deg: float, view: View) -> float:
    """Which way positive values turn in the picture: as the measured line shows, or when it is near zero as the view tells."""
    measured = (mark.value or 0.0) - (mark.drawing.added if mark.drawing else 0.0)
    if min(abs(measured), abs(drawn_deg)) > 1:
        return float(np.sign(measured) * np.sign(drawn_deg))
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
    return pixels(np.vstack([centre[None], rim]))
