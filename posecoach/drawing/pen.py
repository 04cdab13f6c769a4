"""What marks on a picture are drawn with: lines, limbs, translucent areas, the signs of the states, labels that find a free place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from posecoach.drawing.text import Bgr, Picture, TextPainter
from posecoach.judging.scene import Mark
from posecoach.vocabulary import State
from posecoach.wording import Language, format_limits, format_value, say, without_aside

COLOURS: dict[State, Bgr] = {
    State.PASS: (116, 200, 62),
    State.WARN: (40, 178, 255),
    State.FAIL: (72, 66, 240),
    State.UNJUDGED: (178, 170, 162),
}
WHITE: Bgr = (255, 255, 255)
INK: Bgr = (30, 24, 20)
SOFT: Bgr = (190, 182, 174)
_LIMIT: Bgr = (190, 225, 180)

Point = npt.NDArray[np.float64]


@dataclass(slots=True)
class Pen:
    """A picture being drawn on: ``size`` and ``font_px`` in pixels, ``body_x`` where the person is, ``taken`` where no label may lie."""

    picture: Picture
    size: int
    font_px: int
    text: TextPainter
    language: Language
    body_x: tuple[float, float] = (0.0, 0.0)
    taken: list[tuple[int, int, int, int]] = field(default_factory=list)

    def line(self, start: Point, end: Point, colour: Bgr, width: int) -> None:
        """A solid anti-aliased line."""
        cv2.line(self.picture, pixel(start), pixel(end), colour, width, cv2.LINE_AA)

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

    def label(self, anchor: Point, mark: Mark, to_left: bool = False) -> None:
        """The clause over its value and limit on a translucent plate beside the person, with a thin line to what is measured.

        The line to an anchor on the face begins at its edge. Left out where no place is free: the list beside the picture has it too.
        """
        small, pad, radius = max(11, round(0.8 * self.font_px)), round(0.3 * self.font_px), round(0.42 * self.font_px)
        name = without_aside(say(mark.label, self.language))
        value, limit = format_value(mark.value, mark.unit, self.language), format_limits(mark.band, mark.unit)
        value_px, limit_px = self.text.width_px(value, self.font_px, True), self.text.width_px(limit, small)
        left = 3 * pad + 2 * radius
        width = left + max(self.text.width_px(name, small), value_px + pad + limit_px if value else 0) + 2 * pad
        height = round((2.5 if value else 1.4) * self.font_px)
        place = self._free_place(anchor, (width, height), to_left)
        if place is None:
            return
        x, y = place
        is_left = x + width / 2 < anchor[0]
        self.line(
            self._beside_face(anchor, is_left), np.array([x + width if is_left else x, y + height / 2]), WHITE, max(1, self.size // 2)
        )
        self.shade(np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.int32), INK, 0.78)
        badge(self.picture, (x + 2 * pad + radius, y + height // 2), radius, mark.state)
        if not value:
            self.text.paint(self.picture, name, (x + left, y + (height - self.text.height_px(small)) // 2), (small, WHITE))
            return
        self.text.paint(self.picture, name, (x + left, y + pad // 3), (small, SOFT))
        below = y + height - pad // 3
        self.text.paint(self.picture, value, (x + left, below - self.text.height_px(self.font_px)), (self.font_px, WHITE), True)
        at = x + left + value_px + pad, below - self.text.height_px(small) - round(0.12 * self.font_px)
        self.text.paint(self.picture, limit, at, (small, _LIMIT))

    def _beside_face(self, anchor: Point, is_left: bool) -> Point:
        for left, top, width, height in self.taken:
            if left < anchor[0] < left + width and top < anchor[1] < top + height:
                return np.array([left if is_left else left + width, anchor[1]])
        return anchor

    def _free_place(self, anchor: Point, size: tuple[int, int], to_left: bool) -> tuple[int, int] | None:
        """The nearest free place beside the person, on the other side or, in a narrow picture, over the body; None when there is none."""
        width, height = size
        most_x, most_y = self.picture.shape[1] - width - 2, self.picture.shape[0] - height - 2
        away = 6 * self.size
        sides = [round(min(anchor[0], self.body_x[0])) - away - width, round(max(anchor[0], self.body_x[1])) + away]
        if not to_left:
            sides.reverse()
        wanted_y = max(2, min(round(float(anchor[1])) - height // 2, most_y))
        steps = sorted(range(-most_y, most_y + 1, max(1, height // 4)), key=lambda step: (abs(step), -step))
        heights = [wanted_y, *(y for y in (wanted_y + step for step in steps) if 2 <= y <= most_y)]
        near = [y for y in heights if abs(y - wanted_y) <= 4 * height]
        inside = [x for x in sides if 2 <= x <= most_x]
        clipped = [max(2, min(x, most_x)) for x in sides] if most_x >= 2 and most_y >= 2 else []
        for x, y in [*((x, y) for x in inside for y in near), *((x, y) for x in clipped for y in heights)]:
            if not _covers(self.taken, (x, y, width, height)):
                self.taken.append((x, y, width, height))
                return x, y
        return None


def badge(picture: Picture, centre: tuple[int, int], radius: int, state: State) -> None:
    """The sign of a state: tick in a disc, ``!`` in a triangle, cross in a square, dash in a ring."""
    (x, y), r, colour = centre, radius, COLOURS[state]
    width = max(1, round(r / 4))
    if state is State.PASS:
        cv2.circle(picture, centre, r, colour, -1, cv2.LINE_AA)
        tick = np.array([(x - 0.5 * r, y + 0.05 * r), (x - 0.1 * r, y + 0.45 * r), (x + 0.55 * r, y - 0.4 * r)])
        cv2.polylines(picture, [pixels(tick)], False, WHITE, width, cv2.LINE_AA)
    elif state is State.WARN:
        corners = pixels(np.array([(x, y - 1.05 * r), (x + 1.1 * r, y + 0.9 * r), (x - 1.1 * r, y + 0.9 * r)]))
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


def _covers(taken: Iterable[tuple[int, int, int, int]], box: tuple[int, int, int, int]) -> bool:
    x, y, width, height = box
    return any(x < tx + tw + 2 and tx < x + width + 2 and y < ty + th + 2 and ty < y + height + 2 for tx, ty, tw, th in taken)


def pixels(points: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """Points rounded to pixels."""
    return np.asarray(np.rint(points), np.int32)


def pixel(point: Point) -> tuple[int, int]:
    """A point rounded to a pixel."""
    return round(float(point[0])), round(float(point[1]))
