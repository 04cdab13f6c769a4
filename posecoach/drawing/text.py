"""Chinese and Latin text on pictures: Pillow draws each text once, a cache keeps it, NumPy lays it over the picture."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from posecoach.errors import EstimatorError
from posecoach.vocabulary import Text

Picture = npt.NDArray[np.uint8]
Bgr = tuple[int, int, int]

SIMPLIFIED_CHINESE = "Noto Sans CJK SC"
_CACHED_TEXTS = 512
_MOST_FACES = 64
_DIGIT_OR_REST = re.compile(r"\d|\D+")


@cache
def face_index(font_path: Path, face: str = SIMPLIFIED_CHINESE) -> int:
    """The index of the named face in a font collection; 0 where the file holds no such face (a system font).

    The first face of the collection draws Japanese forms, so the Simplified-Chinese one is asked for by name.
    """
    for index in range(_MOST_FACES):
        try:
            name, _style = ImageFont.truetype(str(font_path), 10, index=index).getname()
        except OSError:
            break
        if name == face:
            return index
    return 0


@cache
def _font(font_path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(font_path), size_px, index=face_index(font_path), layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise EstimatorError(
            Text(
                f"字体 {font_path.name} 读不了（{error}）；请重新安装 posecoach 的依赖",
                f"font {font_path.name} cannot be read ({error}); reinstall posecoach's dependencies",
            )
        ) from error


@lru_cache(maxsize=_CACHED_TEXTS)
def text_mask(font_path: Path, text: str, size_px: int, bold: bool = False) -> npt.NDArray[np.uint8]:
    """Coverage of one line of text, (height, width) from 0 to 255; the height depends on the size only, so baselines agree.

    The font has one weight; bold thickens the strokes of large text and leaves small text as it is.
    """
    font, stroke = _font(font_path, size_px), size_px // 26 if bold else 0
    ascent, descent = font.getmetrics()
    width = max(1, int(np.ceil(font.getlength(text))) + 2 * stroke)
    image = Image.new("L", (width, ascent + descent), 0)
    ImageDraw.Draw(image).text((stroke, 0), text, font=font, fill=255, stroke_width=stroke)
    mask = np.array(image, np.uint8)
    mask.setflags(write=False)
    return mask


@lru_cache(maxsize=_CACHED_TEXTS)
def _ink(font_path: Path, text: str, look: tuple[int, Bgr], bold: bool) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """What remains of the picture (0..256) and what is added, both (height, width, 3): full arrays, as broadcasting is slow here."""
    mask = text_mask(font_path, text, look[0], bold).astype(np.uint16)
    cover = np.repeat((mask + (mask >> 7))[..., None], 3, axis=2)
    return np.subtract(256, cover, dtype=np.uint16), np.multiply(cover, np.array(look[1], np.uint16), dtype=np.uint16)


class TextPainter:
    """Draws text in one font. Sizes are the height of a letter's body in pixels, positions the top left of the line."""

    def __init__(self, font_path: Path) -> None:
        self._path = font_path

    def width_px(self, text: str, size_px: int, bold: bool = False) -> int:
        """How wide ``paint`` will draw the text."""
        return sum(text_mask(self._path, run, size_px, bold).shape[1] for run in _runs(text, bold))

    def ascent_px(self, size_px: int) -> int:
        """How far the top of a line of that size lies above the line its letters stand on."""
        return _font(self._path, size_px).getmetrics()[0]

    def height_px(self, size_px: int) -> int:
        """Height of a line of that size."""
        ascent, descent = _font(self._path, size_px).getmetrics()
        return ascent + descent

    def paint(self, picture: Picture, text: str, left_top: tuple[int, int], look: tuple[int, Bgr], bold: bool = False) -> int:
        """Draw one line in place with ``look`` = (size in pixels, colour), cut at the picture's edges; returns its width."""
        x, y = left_top
        for run in _runs(text, bold):
            x += self._paint_run(picture, run, (x, y), look, bold)
        return x - left_top[0]

    def _paint_run(self, picture: Picture, run: str, left_top: tuple[int, int], look: tuple[int, Bgr], bold: bool) -> int:
        keep, ink = _ink(self._path, run, look, bold)
        width = keep.shape[1]
        x, y = left_top
        cut = slice(max(0, -y), max(0, picture.shape[0] - y)), slice(max(0, -x), max(0, picture.shape[1] - x))
        keep, ink = keep[cut], ink[cut]
        if keep.size:
            area = picture[max(0, y) : max(0, y) + keep.shape[0], max(0, x) : max(0, x) + keep.shape[1]]
            area[:] = (area * keep + ink) >> 8
        return width

    def shorten(self, text: str, size_px: int, width_px: int) -> str:
        """The text, or as much of its beginning as fits into the width with an ellipsis."""
        font = _font(self._path, size_px)
        if font.getlength(text) <= width_px:
            return text
        while text and font.getlength(text + "…") > width_px:
            text = text[:-1]
        return text.rstrip() + "…" if text else ""

    def wrap(self, text: str, size_px: int, width_px: int) -> list[str]:
        """Lines no wider than the width: broken between Chinese characters or at spaces, never before a closing mark."""
        font, lines, line = _font(self._path, size_px), list[str](), ""
        for piece in _pieces(text):
            if line and font.getlength((line + piece).rstrip()) > width_px:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        return [*lines, line.rstrip()] if line.strip() else lines


def _runs(text: str, bold: bool) -> list[str]:
    """What is drawn once and kept: digits one by one, as numbers change all the time. Not where strokes are thickened and overlap."""
    return [text] if bold and text else _DIGIT_OR_REST.findall(text)


_NEVER_FIRST = "，。；：！？、）》”…,.;:!?)"


def _pieces(text: str) -> list[str]:
    """The smallest parts that stay together on a line."""
    pieces: list[str] = []
    for char in text:
        joins = pieces and (char in _NEVER_FIRST or (_is_latin(char) and _is_latin(pieces[-1][-1])))
        if joins:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _is_latin(char: str) -> bool:
    return char < "⺀" and not char.isspace()
