"""What is drawn on a picture of a judged frame: limbs coloured by verdict and the worst clauses in place.

`posecoach.drawing` and the page paint it and decide nothing.

What is drawn agrees with what is said: where a value is smoothed over time or corrected for the model's bias, the band is moved with it, so
that the line lies in the band exactly when the value does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from posecoach.body.landmarks import BODY_EDGES, POSE_COUNT, Pose
from posecoach.body.records import Array, Drawing, Landmarks
from posecoach.judging.labels import Box, LabelSheet, Point
from posecoach.judging.marking import HEAD, draw_mark, is_seen, mean_of, xy
from posecoach.judging.scene import MIN_VISIBILITY, SEVERITY, Mark, Scene
from posecoach.judging.shapes import COLOURS, XY, Disc, Line, Shape, Shares, to_dict
from posecoach.vocabulary import State
from posecoach.wording import Language

MOST_DRAWN = 3
"""Clauses drawn on the body at once; more would hide the person."""
_STROKE_SHARE, _STROKE_MIN = 1 / 240, 2.0
_FONT_SHARE, _FONT_MIN = 17 / 480, 14.0
"""Of the picture's shorter side, and pixels."""
_JOINTS = sorted({joint for edge in BODY_EDGES for joint in edge})
_SHOULDERS, _EARS = (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER), (Pose.LEFT_EAR, Pose.RIGHT_EAR)


WHOLE: Shares = (0.0, 0.0, 1.0, 1.0)
"""All of a picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is shown: mirrored or not, with words in this language, at least ``font_px`` high in its pixels.

    ``seen``: left, top, right and bottom of what is seen of it, in its widths and heights as it is shown; labels lie there.
    """

    is_mirrored: bool = False
    language: Language = "zh"
    font_px: float = 0.0
    seen: Shares = WHOLE


@dataclass(frozen=True, slots=True)
class Sketch:
    """Shapes from the first painted to the last, in pixels of a picture of ``size_wh`` as it is shown."""

    size_wh: tuple[int, int]
    shapes: tuple[Shape, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON, with the colours that the shapes name."""
        return {"size": list(self.size_wh), "colours": COLOURS, "shapes": [to_dict(shape) for shape in self.shapes]}


def font_px(size_wh: tuple[int, int]) -> float:
    """Height of the words on a picture of this size."""
    return max(_FONT_MIN, _FONT_SHARE * min(size_wh))


def sketch_of(scene: Scene, look: Look) -> Sketch:
    """Skeleton, then the worst clauses in place; what is met only when nothing is amiss. Points that are not visible are left out."""
    sheet = _sheet(scene, look)
    box = _head_box(scene.landmarks, sheet)
    if box is not None:
        sheet.taken.append(box)
        sheet.body_x = box[0], box[0] + box[2]
    elif not scene.landmarks.has_pose:
        return Sketch(sheet.size_wh, ())
    if np.isfinite(sheet.points[:, 0]).any():
        sheet.body_x = float(np.nanmin(sheet.points[:, 0])), float(np.nanmax(sheet.points[:, 0]))
    drawable = [mark for mark in scene.marks if mark.drawing is not None and mark.state is not State.UNJUDGED]
    _draw_skeleton(sheet, drawable)
    amiss = [mark for mark in drawable if mark.state is not State.PASS]
    for mark in sorted(amiss or drawable, key=lambda mark: -SEVERITY[mark.state])[:MOST_DRAWN]:
        draw_mark(sheet, mark)
    return Sketch(sheet.size_wh, tuple(sheet.shapes))


def visible_points(pose_px: Array, visibility: Array, size_wh: tuple[int, int]) -> Point:
    """Body points ``pose_px`` (33, 2) in pixels, NaN where missing, doubtful by ``visibility`` (33,) or far outside the picture."""
    points = pose_px.astype(np.float64)
    size = np.array(size_wh)
    outside = (points < -0.1 * size).any(axis=1) | (points > 1.1 * size).any(axis=1)
    points[outside | (visibility < MIN_VISIBILITY)] = np.nan
    return points


def _sheet(scene: Scene, look: Look) -> LabelSheet:
    found = scene.landmarks
    points, face = visible_points(found.pose_px, found.pose_visibility, found.size_wh), found.face_px.astype(np.float64)
    if look.is_mirrored:
        for shown in (points, face):
            shown[:, 0] = found.size_wh[0] - shown[:, 0]
    stroke = max(_STROKE_MIN, _STROKE_SHARE * min(found.size_wh))
    font = max(font_px(found.size_wh), look.font_px)
    left, top, right, bottom = (share * side for share, side in zip(look.seen, 2 * found.size_wh, strict=True))
    seen, mesh = (left, top, right, bottom), face[np.isfinite(face).all(axis=1)]
    return LabelSheet(found.size_wh, seen, stroke, font, look.language, scene.view, look.is_mirrored, points, mesh)


def _head_box(landmarks: Landmarks, sheet: LabelSheet) -> Box | None:
    """Left, top, width and height of the head in the picture, from the face or the points of the body on it, seen well or not."""
    points = sheet.face
    if not len(points):
        points = landmarks.pose_px[list(HEAD)].astype(np.float64)
        points = points[np.isfinite(points).all(axis=1)]
        if sheet.is_mirrored:
            points[:, 0] = sheet.size_wh[0] - points[:, 0]
    if not len(points):
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.25 * float((high - low).max())
    left, top, right, bottom = (float(edge) for edge in (*(low - margin), *(high + margin)))
    return left, top, right - left, bottom - top


def _draw_skeleton(sheet: LabelSheet, marks: list[Mark]) -> None:
    joints, edges = [State.UNJUDGED] * POSE_COUNT, dict.fromkeys(BODY_EDGES, State.UNJUDGED)
    for mark in marks:
        assert mark.drawing is not None
        own_joints, own_edges = _parts_of(mark.drawing)
        for joint in own_joints:
            joints[joint] = _worse(joints[joint], mark.state)
        for edge in own_edges:
            edges[edge] = _worse(edges[edge], mark.state)
    points: list[XY] = [(x, y) for x, y in sheet.points.tolist()]
    base, chin = _neck(sheet)
    _limb_if_seen(sheet, xy(base), xy(chin), State.UNJUDGED)
    for edge, state in sorted(edges.items(), key=lambda item: SEVERITY[item[1]]):
        _limb_if_seen(sheet, points[edge[0]], points[edge[1]], state)
    rim = max(1.0, 0.5 * sheet.stroke)
    for joint in _JOINTS:
        if is_seen(points[joint]):
            radius = sheet.stroke * (1.6 if joints[joint] is State.UNJUDGED else 2.0)
            sheet.shapes += Disc(points[joint], radius + rim, "white"), Disc(points[joint], radius, joints[joint].word)


def _neck(sheet: LabelSheet) -> tuple[Point, Point]:
    """From between the shoulders up to the chin and no further: nothing is drawn over a face."""
    base, head = (mean_of(sheet.points, group) for group in (_SHOULDERS, _EARS))
    up = head - base
    share = 0.4
    if len(sheet.face) and is_seen(base, head) and up[1] < 0:
        chin = float(sheet.face[:, 1].max())
        share = min(0.6, max(0.0, 0.95 * (chin - base[1]) / up[1]))
    return base, base + share * up


def _limb_if_seen(sheet: LabelSheet, start: XY, end: XY, state: State) -> None:
    """A limb: thin grey unjudged, solid pass, broken warn, thick with a white rim fail, so that it reads without colour."""
    if not is_seen(start, end):
        return
    points, size = (start, end), sheet.stroke
    if state is State.FAIL:
        sheet.shapes += Line(points, "white", 2.6 * size + 2.5), Line(points, state.word, 2.6 * size)
    elif state is State.WARN:
        sheet.shapes += Line(points, "ink", size), Line(points, state.word, 2.6 * size, (3 * size, 2.5 * size))
    else:
        sheet.shapes.append(Line(points, state.word, (1.6 if state is State.UNJUDGED else 2.3) * size))


@cache
def _parts_of(drawing: Drawing) -> tuple[frozenset[int], tuple[tuple[Pose, Pose], ...]]:
    """The joints that a drawing names, and the limbs that take part in it."""
    return frozenset(joint for group in drawing.points for joint in group), tuple(edge for edge in BODY_EDGES if _takes_part(edge, drawing))


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
    return one if SEVERITY[one] >= SEVERITY[other] else other
