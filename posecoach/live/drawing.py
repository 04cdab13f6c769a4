"""Draws and encodes the live picture: skeleton and judged marks in place; the words stand in the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor
from pathlib import Path

import cv2
import numpy as np

from posecoach.drawing.jpeg import to_jpeg
from posecoach.drawing.painter import paint
from posecoach.drawing.text import Picture, TextPainter
from posecoach.judging.scene import Scene
from posecoach.judging.sketch import WHOLE, Look, sketch_of

MOST_WIDE_PX = 1280
"""Wider pictures are sent at this width."""
JPEG_QUALITY = 80
BOUNDARY = "posecoach-picture"


FONTS_PX = (0.0, 20.0, 28.0, 40.0, 56.0, 80.0)
WIDTHS_PX = (0, 960, MOST_WIDE_PX)
SEEN_STEPS = 20
"""The steps of what viewers may ask for: those of one step share a picture."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a live picture is shown: its look, and how wide it is at least: what is drawn on it is then sharp on a large screen."""

    look: Look
    width_px: int = 0

    @classmethod
    def near(cls, look: Look, width_px: float) -> Shown:
        """The step that serves: words no smaller than asked for, a picture about as wide, and only what is surely seen."""
        font = next((step for step in FONTS_PX if step >= look.font_px), FONTS_PX[-1])
        left, top, right, bottom = look.seen
        seen = ceil(SEEN_STEPS * left), ceil(SEEN_STEPS * top), floor(SEEN_STEPS * right), floor(SEEN_STEPS * bottom)
        near = (seen[0] / SEEN_STEPS, seen[1] / SEEN_STEPS, seen[2] / SEEN_STEPS, seen[3] / SEEN_STEPS)
        return cls(replace(look, font_px=font, seen=near), max(step for step in WIDTHS_PX if 0.75 * step <= max(0.0, width_px)))

    @property
    def plain(self) -> Shown:
        """What all can share: words where they lie in the whole picture."""
        return replace(self, look=replace(self.look, seen=WHOLE))


class LiveDrawing:
    """Draws pictures of one camera, in one thread."""

    def __init__(self, font_path: Path) -> None:
        self._text = TextPainter(font_path)

    def jpeg(self, picture_bgr: Picture, scene: Scene | None, shown: Shown) -> bytes:
        """The picture (h, w, 3) with the scene drawn in, as JPEG; the given picture is left as it is."""
        canvas, scene = _fitted(picture_bgr, scene, shown.width_px)
        if shown.look.is_mirrored:
            canvas = np.asarray(cv2.flip(canvas, 1), np.uint8)
        if scene is None:
            return to_jpeg(canvas, JPEG_QUALITY)
        paint(canvas, sketch_of(scene, shown.look).shapes, self._text)
        return to_jpeg(canvas, JPEG_QUALITY, is_drawn_on=True)


def picture_part(t_ms: float, jpeg: bytes) -> bytes:
    """One part of a ``multipart/x-mixed-replace`` stream; the boundary after it tells browsers at once that it is whole."""
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\nX-T-Ms: {t_ms:.1f}\r\n\r\n"
    return b"".join((head.encode(), jpeg, f"\r\n--{BOUNDARY}\r\n".encode()))


def _fitted(picture_bgr: Picture, scene: Scene | None, least_wide_px: int) -> tuple[Picture, Scene | None]:
    """A copy to draw on, no wider than is sent and no narrower than asked for, and the scene in its pixels."""
    fitted = no_wider(picture_bgr)
    if fitted.shape[1] < least_wide_px:
        height = round(fitted.shape[0] * least_wide_px / fitted.shape[1])
        fitted = np.asarray(cv2.resize(fitted, (least_wide_px, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    if fitted is picture_bgr:
        return picture_bgr.copy(), scene
    if scene is None:
        return fitted, None
    ratio, found = fitted.shape[1] / picture_bgr.shape[1], scene.landmarks
    size_wh = (fitted.shape[1], fitted.shape[0])
    scaled = replace(found, pose_px=found.pose_px * ratio, face_px=found.face_px * ratio, size_wh=size_wh)
    return fitted, replace(scene, landmarks=scaled)


def no_wider(picture_bgr: Picture) -> Picture:
    """The picture itself, or a smaller one where it is wider than is sent."""
    height, width = picture_bgr.shape[:2]
    if width <= MOST_WIDE_PX:
        return picture_bgr
    size_wh = (MOST_WIDE_PX, round(height * MOST_WIDE_PX / width))
    return np.asarray(cv2.resize(picture_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
