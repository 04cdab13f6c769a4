"""Draws one frame from plain data: the person with marks, a list of the clauses beside it and the one correction below it.

The picture is extended to the right and at the bottom, so nothing but the marks themselves covers the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from posecoach.body.records import Drawing
from posecoach.drawing.painter import COLOURS, SOFT, WHITE, badge, paint
from posecoach.drawing.text import Bgr, Picture, TextPainter
from posecoach.judging.scene import SEVERITY, Mark, Scene
from posecoach.judging.shapes import Shape
from posecoach.judging.sketch import Look, font_px, sketch_of
from posecoach.vocabulary import Posture, State, Text, View
from posecoach.wording import POSTURES, VIEWS, Language, format_value, say, without_aside

__all__ = ["Annotator", "Drawing", "Mark", "Scene", "annotate"]

Languages = Literal["zh", "en", "both"]

_PANEL: Bgr = (38, 31, 27)
_BAR: Bgr = (26, 21, 18)
_FAINT: Bgr = (62, 53, 47)
_STRIP_IN_FONTS = {"zh": 17, "en": 21, "both": 24}
_BAR_IN_FONTS = {"zh": 3.2, "en": 3.2, "both": 4.4}
_ALL_MET = Text("很好，请保持", "Good, keep it up")
_NEARLY = Text("接近要求，再留意：{}", "Nearly there, mind: {}")
_MOVING = Text("正在变换姿势", "Changing posture")
_POINTS = Text("得分", "Score")
_NONE_JUDGED = Text("暂时无法判断", "Cannot judge yet")
_NOBODY = Text("请站到画面中", "Please step into the picture")
_MORE = Text("另有 {} 项未列出", "{} more not listed")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in pixels: the stage holds the picture, the strip lies to its right, the bar below both."""

    stage_wh: tuple[int, int]
    canvas_wh: tuple[int, int]
    font_px: int

    @classmethod
    def for_picture(cls, size_wh: tuple[int, int], language: Languages) -> _Layout:
        font = round(font_px(size_wh))
        stage = max(size_wh[0], 16 * font), max(size_wh[1], 16 * font)
        canvas = stage[0] + _STRIP_IN_FONTS[language] * font, stage[1] + round(_BAR_IN_FONTS[language] * font)
        return cls(stage, (canvas[0] + canvas[0] % 2, canvas[1] + canvas[1] % 2), font)


def _scaled(size_wh: tuple[int, int], share: float) -> tuple[int, int]:
    """About so many times a size, both sides even."""
    return max(2, 2 * round(share * size_wh[0] / 2)), max(2, 2 * round(share * size_wh[1] / 2))


class Annotator:
    """Draws frames of one size. Keeps the rendered panels, so one instance serves one clip or one camera, in one thread."""

    def __init__(self, size_wh: tuple[int, int], font_path: Path, language: Languages = "zh") -> None:
        self.size_wh = size_wh
        self._language: Languages = language
        self._text = TextPainter(font_path)
        self._layout = _Layout.for_picture(size_wh, language)
        (stage_width, stage_height), (width, _) = self._layout.stage_wh, self._layout.canvas_wh
        self._strip: Picture = np.zeros((stage_height, width - stage_width, 3), np.uint8)
        self._blank = self._strip
        self._strip_head: object = None
        self._strip_rows: dict[int, tuple[Text, State, str]] = {}
        self._bar: tuple[object, Picture] | None = None

    @classmethod
    def within(cls, size_wh: tuple[int, int], short_side_px: int, font_path: Path, language: Languages) -> Annotator:
        """One for pictures of a film, scaled so that what it returns has no longer short side; `size_wh`, both even, says to what."""
        share = 1.0
        while min(_Layout.for_picture(scaled := _scaled(size_wh, share), language).canvas_wh) > short_side_px:
            share *= min(0.995, short_side_px / min(_Layout.for_picture(scaled, language).canvas_wh))
        return cls(scaled, font_path, language)

    @property
    def output_size_wh(self) -> tuple[int, int]:
        """Size of the pictures it returns: larger than the input, both even (H.264 asks for it), the same for every frame."""
        return self._layout.canvas_wh

    @property
    def stage_wh(self) -> tuple[int, int]:
        """Where the panels begin: the strip to the right of it, the bar below it."""
        return self._layout.stage_wh

    def annotate(self, picture_bgr: Picture, scene: Scene) -> Picture:
        """A new picture of ``output_size_wh`` with the marks of the scene; the given one (h, w, 3) is left as it is."""
        if (picture_bgr.shape[1], picture_bgr.shape[0]) != self.size_wh:
            raise ValueError(f"expected a picture of {self.size_wh}, got {picture_bgr.shape[1]}x{picture_bgr.shape[0]}")
        (stage_width, stage_height), (width, height) = self.stage_wh, self.size_wh
        canvas = self.blank()
        canvas[:height, :width] = picture_bgr
        self.paint(canvas[:height, :width], self.shapes(scene))
        canvas[:stage_height, stage_width:], _ = self.strip(scene)
        canvas[stage_height:] = self.bar(scene)
        return canvas

    def blank(self) -> Picture:
        """A new picture of ``output_size_wh`` with nothing on it."""
        return np.full((self._layout.canvas_wh[1], self._layout.canvas_wh[0], 3), _BAR, np.uint8)

    def shapes(self, scene: Scene) -> tuple[Shape, ...]:
        """What is painted on the picture itself."""
        return sketch_of(scene, Look(language="en" if self._language == "en" else "zh")).shapes

    def paint(self, picture_bgr: Picture, shapes: tuple[Shape, ...]) -> None:
        """Paint on a picture in place."""
        paint(picture_bgr, shapes, self._text)

    def strip(self, scene: Scene) -> tuple[Picture, tuple[int, int]]:
        """The list beside the picture, always the same array, and from which even line to before which it was drawn anew for this scene."""
        rows = [(mark.label, mark.state, self._value(mark)) for mark in sorted(scene.marks, key=lambda mark: -SEVERITY[mark.state])]
        top, step, room = self._grid(len(rows))
        head = (scene.posture, scene.view, scene.score, len(rows))
        is_new = self._strip_head != head
        if is_new:
            self._strip_head, self._strip_rows, self._blank = head, {}, self._draw_header(scene)
            if len(rows) > room:
                self._draw_rest(self._blank, len(rows) - room + 1, top + (room - 1) * step)
            self._strip[:] = self._blank
        shown = dict(enumerate(rows if len(rows) <= room else rows[: room - 1]))
        changed = [i for i, row in shown.items() if self._strip_rows.get(i) != row]
        for i in changed:
            place = slice(top + i * step, top + (i + 1) * step)
            self._strip[place] = self._blank[place]
            self._draw_row(self._strip[place], shown[i])
        self._strip_rows = shown
        if is_new:
            return self._strip, (0, len(self._strip))
        if not changed:
            return self._strip, (0, 0)
        first, after = top + changed[0] * step, top + (changed[-1] + 1) * step
        return self._strip, (first - first % 2, min(after + after % 2, len(self._strip)))

    def bar(self, scene: Scene) -> Picture:
        """The one correction below the picture: another object where it has changed."""
        key = _message(scene)
        if self._bar is None or self._bar[0] != key:
            self._bar = (key, self._draw_bar(*key))
        return self._bar[1]

    def _draw_rest(self, strip: Picture, count: int, top: int) -> None:
        size = round(0.8 * self._layout.font_px)
        self._text.paint(strip, self._say(_MORE).replace("{}", str(count)), (size, top), (size, SOFT))

    def _grid(self, count: int) -> tuple[int, int, int]:
        """Top of the first row, height of a row, and how many rows there is room for."""
        font, height = self._layout.font_px, self._layout.stage_wh[1]
        top = round(3.2 * font)
        step = min(round(1.75 * font), max(round(1.45 * font), (height - top) // max(1, count)))
        return top, step, max(1, (height - top) // step)

    def _value(self, mark: Mark) -> str:
        language: Language = "en" if self._language == "en" else "zh"
        return "" if mark.state is State.UNJUDGED else format_value(mark.value, mark.unit, language, mark.error_95)

    def _say(self, text: Text) -> str:
        return f"{text.zh} {text.en}" if self._language == "both" else say(text, self._language)

    def _draw_header(self, scene: Scene) -> Picture:
        """A strip with the posture, the view and the score at its top and nothing below."""
        font, pad = self._layout.font_px, round(0.8 * self._layout.font_px)
        strip = np.full((self._layout.stage_wh[1], self._layout.canvas_wh[0] - self._layout.stage_wh[0], 3), _PANEL, np.uint8)
        score = "" if scene.score is None else f"{scene.score:.0f}"
        score_px = round(1.5 * font)
        score_width = self._text.width_px(score, score_px, True)
        points, points_px = self._say(_POINTS) if score else "", round(0.8 * font)
        points_width = self._text.width_px(points, points_px)
        caption = self._caption(scene)
        caption = self._text.shorten(caption, font, strip.shape[1] - 3 * pad - score_width - points_width)
        self._text.paint(strip, caption, (pad, round(0.75 * font)), (font, WHITE), True)
        self._text.paint(strip, score, (strip.shape[1] - pad - score_width, round(0.35 * font)), (score_px, WHITE), True)
        at = strip.shape[1] - round(1.4 * pad) - score_width - points_width, round(0.95 * font)
        self._text.paint(strip, points, at, (points_px, SOFT))
        bottom = round(2.8 * font)
        strip[bottom : bottom + max(1, font // 14), pad : strip.shape[1] - pad] = _FAINT
        return strip

    def _caption(self, scene: Scene) -> str:
        """Posture and view; of a posture that the picture does not show nothing is said once something is judged all the same."""
        posture, view = self._say(POSTURES[scene.posture]), self._say(VIEWS[scene.view])
        if scene.posture is Posture.ABSENT or scene.view is View.UNKNOWN:
            return posture
        return view if scene.posture is Posture.UNKNOWN and scene.marks else f"{posture} · {view}"

    def _draw_row(self, strip: Picture, row: tuple[Text, State, str]) -> None:
        label, state, value = row
        font, pad = self._layout.font_px, round(0.8 * self._layout.font_px)
        small, radius, middle = round(0.88 * font), round(0.44 * font), strip.shape[0] // 2
        badge(strip, (pad + radius, middle), radius, state)
        value_width = self._text.width_px(value, small)
        left = 2 * pad + 2 * radius
        text, room = self._say(label), strip.shape[1] - left - 2 * pad - value_width
        if self._text.width_px(text, font) > room:
            text = self._text.shorten(without_aside(text), font, room)
        colour = SOFT if state is State.UNJUDGED else WHITE
        self._text.paint(strip, text, (left, middle - self._text.height_px(font) // 2), (font, colour))
        at = strip.shape[1] - pad - value_width, middle - self._text.height_px(small) // 2
        self._text.paint(strip, value, at, (small, SOFT if state is State.PASS else COLOURS[state]))

    def _draw_bar(self, state: State, message: Text) -> Picture:
        font, width = self._layout.font_px, self._layout.canvas_wh[0]
        bar = np.full((self._layout.canvas_wh[1] - self._layout.stage_wh[1], width, 3), _BAR, np.uint8)
        bar[:, : max(4, font // 3)] = COLOURS[state]
        radius = round(0.7 * font)
        badge(bar, (round(1.1 * font) + radius, bar.shape[0] // 2), radius, state)
        left = round(1.8 * font) + 2 * radius
        lines = self._message_lines(message, width - left - font)
        top = (bar.shape[0] - sum(self._text.height_px(size) for _, size, _ in lines)) // 2
        for text, size, colour in lines:
            self._text.paint(bar, text, (left, top), (size, colour), bold=colour == WHITE)
            top += self._text.height_px(size)
        return bar

    def _message_lines(self, message: Text, width: int) -> list[tuple[str, int, Bgr]]:
        """The message as large as fits: one line, else two smaller ones; in both languages the second one below, small."""
        font = self._layout.font_px
        if self._language != "both":
            return self._fit(say(message, self._language), width, 2.0, 1.0, WHITE)
        return [*self._fit(message.zh, width, 1.6, 0.8, WHITE), (self._text.shorten(message.en, font, width), font, SOFT)]

    def _fit(self, text: str, width: int, one: float, two: float, colour: Bgr) -> list[tuple[str, int, Bgr]]:
        for size in (round(scale * self._layout.font_px) for scale in (one, 0.85 * one, 0.7 * one)):
            if self._text.width_px(text, size, True) <= width:
                return [(text, size, colour)]
        size = max(12, round(two * self._layout.font_px))
        lines = self._text.wrap(text, size, width)
        if len(lines) > 2:
            lines = [lines[0], self._text.shorten(" ".join(lines[1:]), size, width)]
        return [(line, size, colour) for line in lines]


def _message(scene: Scene) -> tuple[State, Text]:
    """The one thing to say: the first correction, else how it stands."""
    if not scene.landmarks.has_pose and not scene.landmarks.has_face:
        return State.UNJUDGED, _NOBODY
    states = {mark.state for mark in scene.marks}
    for mark in scene.marks:
        if mark.state is State.FAIL and mark.correction is not None:
            return State.FAIL, mark.correction
    if State.FAIL in states:
        return State.FAIL, next(mark.label for mark in scene.marks if mark.state is State.FAIL)
    if State.WARN in states:
        label = next(mark.label for mark in scene.marks if mark.state is State.WARN)
        return State.WARN, Text(_NEARLY.zh.format(without_aside(label.zh)), _NEARLY.en.format(without_aside(label.en)))
    if not states and scene.posture is Posture.TRANSITION:
        return State.UNJUDGED, _MOVING
    return (State.PASS, _ALL_MET) if State.PASS in states else (State.UNJUDGED, _NONE_JUDGED)


def annotate(picture_bgr: Picture, scene: Scene, font_path: Path, language: Languages = "zh") -> Picture:
    """One picture annotated on its own; for many of one size keep an `Annotator`."""
    return Annotator((picture_bgr.shape[1], picture_bgr.shape[0]), font_path, language).annotate(picture_bgr, scene)
