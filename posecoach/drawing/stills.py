"""Small pictures of a clip, made while its annotated copy is: the worst and best moments of what is not met, and one of the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from posecoach.body.records import Array, Frame, Landmarks
from posecoach.drawing.face_blur import head_box
from posecoach.drawing.jpeg import write_jpeg
from posecoach.drawing.painter import paint
from posecoach.drawing.text import Picture, TextPainter
from posecoach.estimators.regions import Box
from posecoach.judging.charts import Charts, Extreme, still_name
from posecoach.judging.describe import scene_of_clause
from posecoach.judging.pipeline import Graded
from posecoach.judging.scene import Scene
from posecoach.judging.sketch import Look, sketch_of, visible_points
from posecoach.storage.output_folder import THUMB, clear_stills
from posecoach.vocabulary import Posture, State

LONG_SIDE_PX = 480
THUMB_SIDE_PX = 144
_FONT_PX = 16
_QUALITY = 80
_THUMB_QUALITY = 70
_MARGIN = 0.12
"""Room round the person, in long sides of the box round all points."""
_HEADS = 3.2
"""Side of a picture of the face alone, in heads."""
_NARROWEST = 0.9


class Stills:
    """Takes the pictures of one clip's moments as its frames go by; earlier pictures of the clip are removed first.

    Raises `OutputError` when a picture cannot be written.
    """

    def __init__(self, folder: Path, graded: Graded, charts: Charts, font_path: Path) -> None:
        self._folder = folder
        self._graded = graded
        self._text = TextPainter(font_path)
        self._wanted: dict[int, list[tuple[str, Extreme]]] = {}
        t_s = (graded.body.motion.t_ms - graded.body.motion.t_ms[:1]) / 1000
        for clause_id, extreme in moments(graded, charts):
            self._wanted.setdefault(int(np.abs(t_s - extreme.at_s).argmin()), []).append((clause_id, extreme))
        self._thumb = telling_frame(graded)
        clear_stills(folder)

    def take(self, frame: Frame, until: int) -> None:
        """The next picture of the clip, of any size: draws and writes what is wanted of the frames that it stands for, those from its
        own to before ``until``.
        """
        wanted = [i for i in range(frame.index, until) if i == self._thumb or i in self._wanted]
        if not wanted:
            return
        picture = np.asarray(frame.image_bgr, np.uint8)
        for i in wanted:
            if i == self._thumb:
                thumb = thumb_of(picture, _fitted(self._graded.body.motion.landmarks_at(i), picture))
                write_jpeg(self._folder / THUMB, thumb, _THUMB_QUALITY)
            for clause_id, extreme in self._wanted.get(i, ()):
                scene = scene_of_clause(self._graded, i, clause_id)
                still = drawn(picture, replace(scene, landmarks=_fitted(scene.landmarks, picture)), self._text)
                write_jpeg(self._folder / still_name(clause_id, extreme), still, _QUALITY)


def _fitted(landmarks: Landmarks, picture_bgr: Picture) -> Landmarks:
    """Landmarks of a frame in the pixels of its picture, which may be smaller."""
    size_wh = picture_bgr.shape[1], picture_bgr.shape[0]
    return landmarks.placed((0, 0), size_wh[0] / landmarks.size_wh[0], size_wh)


def telling_frame(graded: Graded) -> int:
    """The frame that shows what a clip is about: the middle of the person's longest steady stretch, else of the clip; -1 without frames."""
    t_s = (graded.body.motion.t_ms - graded.body.motion.t_ms[:1]) / 1000
    steady = [s for s in graded.person.segments if s.posture not in (Posture.ABSENT, Posture.TRANSITION)]
    longest = max(steady, key=lambda s: s.end_s - s.start_s, default=None)
    if longest is None:
        return len(t_s) // 2 if len(t_s) else -1
    return int(np.abs(t_s - (longest.start_s + longest.end_s) / 2).argmin())


def thumb_of(picture_bgr: Picture, landmarks: Landmarks) -> Picture:
    """The person cut out, nothing drawn, the longer side `THUMB_SIDE_PX`; it stays true whatever is judged of it later."""
    return _Cut.of(picture_bgr, _frame(landmarks, of_face=False), THUMB_SIDE_PX).taken_from(picture_bgr)


def moments(graded: Graded, charts: Charts) -> Iterator[tuple[str, Extreme]]:
    """The worst and the best moment of each clause whose verdict is fail or warn; none for a single picture."""
    amiss = {verdict.id for verdict in graded.person.clauses if verdict.state in (State.FAIL, State.WARN)}
    if len(graded.body.motion) < 2:
        return
    for chart in charts.clauses:
        if chart.id in amiss and chart.curves:
            curve = chart.curves[0]
            yield chart.id, curve.worst
            if curve.best.at_s != curve.worst.at_s:
                yield chart.id, curve.best


@dataclass(frozen=True, slots=True)
class _Cut:
    """A part of a picture, pixels, and how it is scaled."""

    left: int
    top: int
    right: int
    bottom: int
    scale: float

    @classmethod
    def of(cls, picture_bgr: Picture, box: Box, side_px: int) -> _Cut:
        """What a box holds of a picture, all of it where that is nothing; its longer side becomes ``side_px``."""
        height, width = picture_bgr.shape[:2]
        left, top, right, bottom = (round(edge) for edge in box.clipped((width, height)))
        if right - left < 2 or bottom - top < 2:
            left, top, right, bottom = 0, 0, width, height
        return cls(left, top, right, bottom, side_px / max(right - left, bottom - top))

    @property
    def size_wh(self) -> tuple[int, int]:
        """Of the scaled part."""
        return max(1, round(self.scale * (self.right - self.left))), max(1, round(self.scale * (self.bottom - self.top)))

    def taken_from(self, picture_bgr: Picture) -> Picture:
        """The scaled part, a picture of its own."""
        how = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_CUBIC
        part = picture_bgr[self.top : self.bottom, self.left : self.right]
        return np.ascontiguousarray(cv2.resize(part, self.size_wh, interpolation=how), np.uint8)


def drawn(picture_bgr: Picture, scene: Scene, text: TextPainter) -> Picture:
    """The person cut out, the face alone for what is judged there, scaled to `LONG_SIDE_PX`, with the scene's marks."""
    of_face = all(mark.drawing is None or mark.drawing.kind == "head" for mark in scene.marks)
    cut = _Cut.of(picture_bgr, _frame(scene.landmarks, of_face), LONG_SIDE_PX)
    canvas = cut.taken_from(picture_bgr)
    landmarks = scene.landmarks.placed((cut.left, cut.top), cut.scale, cut.size_wh)
    paint(canvas, sketch_of(replace(scene, landmarks=landmarks), Look(font_px=_FONT_PX)).shapes, text)
    return canvas


def _frame(landmarks: Landmarks, of_face: bool) -> Box:
    """What to show: the square round the head, or the box round the body, not too narrow for words beside it."""
    whole = Box(0, 0, *landmarks.size_wh)
    head = head_box(landmarks)
    if of_face and head is not None:
        return _around(head, _HEADS / 1.4 * (head.right - head.left), _HEADS / 1.4 * (head.bottom - head.top))
    points: Array = visible_points(landmarks.pose_px, landmarks.pose_visibility, landmarks.size_wh)
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return whole
    low, high = points.min(0), points.max(0)
    if head is not None:
        low, high = np.minimum(low, (head.left, head.top)), np.maximum(high, (head.right, head.bottom))
    width, height = (high - low) + 2 * _MARGIN * float((high - low).max())
    return _around(Box(*low, *high), max(width, _NARROWEST * height), max(height, _NARROWEST * width))


def _around(box: Box, width: float, height: float) -> Box:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
