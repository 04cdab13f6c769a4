"""Draws and encodes the live picture: skeleton and judged marks in place; the words stand in the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from posecoach.body.records import Landmarks
from posecoach.drawing.body import draw_body
from posecoach.drawing.pen import Pen
from posecoach.drawing.text import Picture, TextPainter
from posecoach.judging.judge import Moment
from posecoach.judging.live import LiveState
from posecoach.judging.scene import Mark, Scene
from posecoach.live.messages import drawing_of, limits_of
from posecoach.measures.catalogue import MEASURES
from posecoach.vocabulary import Posture, State, View
from posecoach.wording import Language

MOST_WIDE_PX = 1280
"""Wider pictures are sent at this width."""
JPEG_QUALITY = 80
BOUNDARY = "posecoach-picture"

_ORDER = {State.FAIL: 0, State.WARN: 1, State.PASS: 2, State.UNJUDGED: 3}


@dataclass(frozen=True, slots=True)
class Look:
    """One version of the picture."""

    is_mirrored: bool
    language: Language


class _MirroredPen(Pen):
    """For a picture that is mirrored when all is drawn: labels are turned over in place, so that they read right afterwards."""

    def label(self, *args: Any, **more: Any) -> None:
        before = len(self.taken)
        super().label(*args, **more)
        for x, y, width, height in self.taken[before:]:
            plate = self.picture[y : y + height, x : x + width]
            plate[:] = cv2.flip(plate, 1)


class LiveDrawing:
    """Draws pictures of one camera, in one thread."""

    def __init__(self, font_path: Path) -> None:
        self._text = TextPainter(font_path)

    def jpeg(self, picture_bgr: Picture, scene: Scene | None, look: Look) -> bytes:
        """The picture (h, w, 3) with the scene drawn in, as JPEG; the given picture is left as it is."""
        canvas, scene = _fitted(picture_bgr, scene)
        if scene is not None:
            short = min(canvas.shape[:2])
            kind = _MirroredPen if look.is_mirrored else Pen
            draw_body(kind(canvas, max(2, round(short / 260)), max(14, round(short * 17 / 480)), self._text, look.language), scene)
        if look.is_mirrored:
            canvas = np.asarray(cv2.flip(canvas, 1), np.uint8)
        return to_jpeg(canvas)


def to_jpeg(picture_bgr: Picture) -> bytes:
    """The picture as JPEG."""
    _, encoded = cv2.imencode(".jpg", picture_bgr, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))
    return encoded.tobytes()


def picture_part(t_ms: float, jpeg: bytes) -> bytes:
    """One part of a ``multipart/x-mixed-replace`` stream; the boundary after it tells browsers at once that it is whole."""
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\nX-T-Ms: {t_ms:.1f}\r\n\r\n"
    return b"".join((head.encode(), jpeg, f"\r\n--{BOUNDARY}\r\n".encode()))


def marks_of(state: LiveState | None) -> tuple[Mark, ...]:
    """What is drawn of the clauses judged now, faults first, the rule's priority next."""
    if state is None or not state.is_ready:
        return ()
    judged = [moment for moment in state.moments if moment.state is not State.UNJUDGED and moment.check is not None]
    judged.sort(key=lambda moment: (_ORDER[moment.state], -moment.rule.priority))
    return tuple(_mark(moment, state) for moment in judged)


def scene_of(landmarks: Landmarks, state: LiveState | None, marks: tuple[Mark, ...]) -> Scene:
    """The landmarks of a frame with the marks judged last."""
    if state is None:
        return Scene(landmarks, Posture.UNKNOWN, View.UNKNOWN, marks, None)
    return Scene(landmarks, state.posture, state.view, marks, state.score)


def _mark(moment: Moment, state: LiveState) -> Mark:
    assert moment.check is not None
    spec = MEASURES[moment.check.check.measure]
    return Mark(moment.rule.clause, moment.state, moment.value, spec.unit, limits_of(moment), drawing_of(moment, state), moment.correction)


def _fitted(picture_bgr: Picture, scene: Scene | None) -> tuple[Picture, Scene | None]:
    """A copy to draw on, no wider than is sent, and the scene in its pixels."""
    small = no_wider(picture_bgr)
    if small is picture_bgr:
        return picture_bgr.copy(), scene
    if scene is None:
        return small, None
    ratio, found = small.shape[1] / picture_bgr.shape[1], scene.landmarks
    size_wh = (small.shape[1], small.shape[0])
    scaled = replace(found, pose_px=found.pose_px * ratio, face_px=found.face_px * ratio, size_wh=size_wh)
    return small, replace(scene, landmarks=scaled)


def no_wider(picture_bgr: Picture) -> Picture:
    """The picture itself, or a smaller one where it is wider than is sent."""
    height, width = picture_bgr.shape[:2]
    if width <= MOST_WIDE_PX:
        return picture_bgr
    size_wh = (MOST_WIDE_PX, round(height * MOST_WIDE_PX / width))
    return np.asarray(cv2.resize(picture_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
