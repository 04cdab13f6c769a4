"""Draws a row: a frame round each person and, on a strip above the picture, a card for each in row order. Nothing covers a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from posecoach.drawing.jpeg import to_jpeg
from posecoach.drawing.painter import COLOURS, INK, SOFT, WHITE, badge
from posecoach.drawing.text import Picture, TextPainter
from posecoach.vocabulary import State

_STRIP = (26, 21, 18)
_CARD = (52, 44, 38)
_CHARACTERS = 8.5
"""Chinese characters to a line of a card, which the size of the text follows from."""
_FONT_MIN, _FONT_MAX_SHARE = 13, 1 / 24
_LINES = 3
SHEET_SIDE_PX = 1600
"""Longest side of the picture on a group sheet."""
_SHEET_QUALITY = 82


@dataclass(frozen=True, slots=True)
class RowCard:
    """What is shown of one person: ``title`` number and name, ``state`` its sign and colour, ``text`` the one correction or why not judged.

    ``box_xyxy`` is where the person is in the picture, pixels; None while they are not.
    """

    title: str
    state: State
    text: str
    box_xyxy: tuple[float, float, float, float] | None


class RowAnnotator:
    """Draws frames of one size with ``count`` cards; one instance serves one clip, in one thread."""

    def __init__(self, size_wh: tuple[int, int], font_path: Path, count: int) -> None:
        self._size_wh = size_wh
        self._text = TextPainter(font_path)
        self._column = size_wh[0] / max(count, 1)
        self._font = max(_FONT_MIN, round(min(self._column / (_CHARACTERS + 1), min(size_wh) * _FONT_MAX_SHARE)))
        self._strip_px = round((1.9 + 1.3 * _LINES) * self._font) + 2 * self._gap

    @property
    def _gap(self) -> int:
        return max(2, self._font // 4)

    @property
    def output_size_wh(self) -> tuple[int, int]:
        """Size of the pictures it returns, both even."""
        width, height = self._size_wh[0], self._size_wh[1] + self._strip_px
        return width + width % 2, height + height % 2

    def annotate(self, picture_bgr: Picture, cards: Sequence[RowCard]) -> Picture:
        """A new picture of ``output_size_wh``; the given one (h, w, 3) is left as it is."""
        (width, height), (out_width, out_height) = self._size_wh, self.output_size_wh
        canvas = np.full((out_height, out_width, 3), _STRIP, np.uint8)
        canvas[self._strip_px : self._strip_px + height, :width] = picture_bgr
        line = max(2, self._font // 8)
        for card in cards:
            if card.box_xyxy is not None:
                self._frame(canvas[self._strip_px : self._strip_px + height, :width], card, line)
        for i, card in enumerate(cards):
            self._card(canvas, i, card, line)
        return canvas

    def _frame(self, picture: Picture, card: RowCard, line: int) -> None:
        assert card.box_xyxy is not None
        left, top, right, bottom = (round(side) for side in card.box_xyxy)
        colour = COLOURS[card.state]
        width = 2 * line if card.state is State.FAIL else line
        cv2.rectangle(picture, (left, top), (right, bottom), INK, width + 2, cv2.LINE_AA)
        cv2.rectangle(picture, (left, top), (right, bottom), colour, width, cv2.LINE_AA)
        self._number(picture, card.title.split()[0], (left, min(bottom, picture.shape[0])), colour)

    def _number(self, picture: Picture, number: str, corner: tuple[int, int], colour: tuple[int, int, int]) -> None:
        """The number of a place in the lower left corner of its frame, as on the card."""
        size = self._font
        width, height = self._text.width_px(number, size, True) + size, round(1.3 * size)
        left = max(0, min(corner[0], picture.shape[1] - width))
        top = max(0, corner[1] - height)
        picture[top : top + height, left : left + width] = colour
        self._text.paint(picture, number, (left + size // 2, top + (height - self._text.height_px(size)) // 2), (size, INK), True)

    def _card(self, canvas: Picture, i: int, card: RowCard, line: int) -> None:
        left, right = round(i * self._column) + self._gap, round((i + 1) * self._column) - self._gap
        area = canvas[self._gap : self._strip_px - self._gap, left:right]
        area[:] = _CARD
        area[:, :line] = COLOURS[card.state]
        if card.box_xyxy is not None:
            head = round((card.box_xyxy[0] + card.box_xyxy[2]) / 2), self._strip_px + max(0, round(card.box_xyxy[1]))
            cv2.line(canvas, ((left + right) // 2, self._strip_px - self._gap), head, COLOURS[card.state], max(1, line // 2), cv2.LINE_AA)
        self._write(area, card, line)

    def _write(self, area: Picture, card: RowCard, line: int) -> None:
        font, radius = self._font, round(0.55 * self._font)
        badge(area, (line + self._gap + radius, round(0.95 * font)), radius, card.state)
        indent = line + 2 * self._gap + 2 * radius
        title = self._text.shorten(card.title, font, area.shape[1] - indent - self._gap)
        self._text.paint(area, title, (indent, round(0.95 * font) - self._text.height_px(font) // 2), (font, WHITE), True)
        small = round(0.92 * font)
        room = area.shape[1] - line - 2 * self._gap
        lines = self._text.wrap(card.text, small, room)
        if len(lines) > _LINES:
            lines = [*lines[: _LINES - 1], self._text.shorten("".join(lines[_LINES - 1 :]), small, room)]
        for number, text in enumerate(lines):
            at = line + self._gap, round((1.85 + 1.25 * number) * font)
            self._text.paint(area, text, at, (small, WHITE if card.state is State.FAIL else SOFT))


def sheet_picture(annotated_bgr: Picture) -> bytes:
    """A picture with cards (h, w, 3) as it stands on a group sheet: JPEG, its longest side no longer than `SHEET_SIDE_PX`."""
    ratio = min(1.0, SHEET_SIDE_PX / max(annotated_bgr.shape[:2]))
    fitted = cv2.resize(annotated_bgr, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    return to_jpeg(np.asarray(fitted, np.uint8), _SHEET_QUALITY)
