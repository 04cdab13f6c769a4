"""The one place that decides how a picture is shown: upright, square in pixel, all of one size, turned and mirrored as was asked.

Files, network cameras, cameras of this machine and still pictures all go through here.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import VideoReformatter

from posecoach.body.records import AS_IT_IS, Frame, Turn
from posecoach.sources.coded import coded_planes, has_planes
from posecoach.storage.planes import Planes, bgr_of, halved, plane_of, planes_of, scaled

Image = npt.NDArray[np.uint8]

_WIDEST_PIXEL = 8
SMALL_PX = 160
_BRIGHTNESS_FIRST = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray")
"""Codings whose first plane holds the brightness, a byte a pixel."""
_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(image_bgr: Image, turn: Turn) -> Image:
    """A picture or a plane (h, w, ...) turned clockwise and then mirrored as asked, contiguous; itself where nothing is asked."""
    if turn.rotate_deg:
        image_bgr = np.asarray(cv2.rotate(image_bgr, _ROTATIONS[turn.rotate_deg]), np.uint8)
    return np.asarray(cv2.flip(image_bgr, 1), np.uint8) if turn.is_mirrored else image_bgr


class Upright:
    """Turns the decoded pictures of one stream upright, square in pixel and BGR, all to the size of the first.

    The display matrix may change on the way; where only some pictures have one it holds up to the next key picture. The pixel aspect is
    the container's word until the coding itself begins to say something else. A picture of another size is scaled alike in width and
    height and gets black edges: ``has_changed``.
    """

    def __init__(self, stream: Any, first: av.VideoFrame, turn: Turn = AS_IT_IS) -> None:
        self._stream = stream
        self._turn = turn
        self._first_aspect = stream.codec_context.sample_aspect_ratio
        self._orientation: tuple[bool, int | None] = (False, None)
        self._rotation_deg: int | None = None
        self._upright_wh = self._layout(first).upright_wh
        self._reformatter = VideoReformatter()
        self.size_wh = self._upright_wh[::-1] if turn.rotate_deg in (90, 270) else self._upright_wh
        self.has_changed = False

    def to_bgr(self, picture: av.VideoFrame) -> Image:
        """(h, w, 3) uint8, contiguous, of ``size_wh``."""
        return self.shown(picture).to_bgr()

    def shown(self, picture: av.VideoFrame) -> Shown:
        """How the next picture is shown, worked out when it is asked for. Pictures come in order."""
        layout = self._layout(picture)
        self.has_changed |= layout.upright_wh != self._upright_wh
        return Shown(self, picture, layout)

    def convert(self, picture: av.VideoFrame, layout: Layout) -> Image:
        """(h, w, 3) uint8, contiguous, of a picture that lies so."""
        fits = layout.upright_wh == self._upright_wh
        width, height = layout.square_wh if fits else layout.within(self._upright_wh)
        image = layout.laid(np.asarray(self._reformatter.reformat(picture, width, height, "bgr24", threads=1).to_ndarray(), np.uint8))
        if not fits:
            image = _framed(image, self._upright_wh)
        return turned(np.ascontiguousarray(image, np.uint8), self._turn)

    def planes(self, picture: av.VideoFrame, layout: Layout, size_wh: tuple[int, int]) -> Planes:
        """The planes of a picture that lies so, scaled to ``size_wh``, both even; by way of its colours where it is coded otherwise."""
        if not has_planes(picture) or layout.upright_wh != self._upright_wh:
            return planes_of(scaled(self.convert(picture, layout), size_wh))
        is_on_its_side = layout.is_transposed is not (self._turn.rotate_deg in (90, 270))
        y, u, v = (turned(layout.laid(plane), self._turn) for plane in coded_planes(picture, size_wh[::-1] if is_on_its_side else size_wh))
        return y, u, v

    def _layout(self, picture: av.VideoFrame) -> Layout:
        # The matrix is looked at only when it has changed: whoever asks a picture for it keeps the picture in memory for long.
        if picture.rotation != self._rotation_deg and (picture.key_frame or picture.rotation):
            matrix = picture.side_data.get("DISPLAYMATRIX")
            self._orientation, self._rotation_deg = (False, None) if matrix is None else _orientation(matrix), picture.rotation
        coded = self._stream.codec_context.sample_aspect_ratio
        aspect = self._stream.sample_aspect_ratio if coded == self._first_aspect else coded
        return Layout(_square_size(picture.width, picture.height, float(aspect or 1)), *self._orientation)


class Shown(NamedTuple):
    """A decoded picture of a stream as it is to be shown."""

    upright: Upright
    picture: av.VideoFrame
    layout: Layout

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.upright.size_wh

    def to_bgr(self) -> Image:
        """(h, w, 3) uint8, contiguous."""
        return self.upright.convert(self.picture, self.layout)

    def planes(self, size_wh: tuple[int, int]) -> Planes:
        """The planes, scaled to ``size_wh``, both even."""
        return self.upright.planes(self.picture, self.layout, size_wh)

    def small_grey(self) -> Image | None:
        """(h, w) uint8, `SMALL_PX` long: the brightness as it was coded, before anything is turned; None where it is coded otherwise."""
        picture = self.picture
        if picture.format.name not in _BRIGHTNESS_FIRST:
            return None
        step = max(1, round(max(picture.width, picture.height) / SMALL_PX))
        size_wh = max(1, picture.width // step), max(1, picture.height // step)
        grey = plane_of(picture, 0)
        while step % 2 == 0 and min(grey.shape) > 1:  # a third to a fifth of the time of one go, and within a grey level of it
            grey, step = halved(grey), step // 2
        return np.asarray(cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


class FilmFrame(Frame):
    """A frame of a film, converted only when its picture is asked for."""

    def __init__(self, shown: Shown, index: int, t_ms: float, source: str) -> None:
        for name, value in (("_shown", shown), ("index", index), ("t_ms", t_ms), ("source", source)):
            object.__setattr__(self, name, value)

    _shown: Shown

    @cached_property
    def image_bgr(self) -> Image:
        """(h, w, 3) uint8, contiguous."""
        return self._shown.to_bgr()

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._shown.size_wh

    def planes(self, size_wh: tuple[int, int]) -> Planes:
        """The picture as films are coded, scaled to ``size_wh``, both even."""
        return self._shown.planes(size_wh)

    @cached_property
    def small_grey(self) -> Image | None:
        """The picture in grey to see whether anything moves."""
        return self._shown.small_grey()


class CodedFrame(Frame):
    """A frame of which the planes are there, of a film that was kept; converted only when its picture is asked for."""

    def __init__(self, planes: Planes, index: int, t_ms: float, source: str) -> None:
        for name, value in (("planes", planes), ("index", index), ("t_ms", t_ms), ("source", source)):
            object.__setattr__(self, name, value)

    planes: Planes

    @cached_property
    def image_bgr(self) -> Image:
        """(h, w, 3) uint8, contiguous."""
        return bgr_of(self.planes)


class Layout(NamedTuple):
    """How one picture lies: its size in square pixels, whether to transpose it, OpenCV's flip code to apply then."""

    square_wh: tuple[int, int]
    is_transposed: bool
    flip: int | None

    @property
    def upright_wh(self) -> tuple[int, int]:
        """The size once it is upright."""
        return self.square_wh[::-1] if self.is_transposed else self.square_wh

    def laid(self, image: Image) -> Image:
        """A picture or a plane (h, w, ...) upright."""
        laid: Any = cv2.transpose(image) if self.is_transposed else image
        return np.asarray(laid if self.flip is None else cv2.flip(laid, self.flip), np.uint8)

    def within(self, upright_wh: tuple[int, int]) -> tuple[int, int]:
        """The size before it is turned with which it fits into ``upright_wh``, both sides scaled alike."""
        scale = min(room / side for room, side in zip(upright_wh, self.upright_wh, strict=True))
        width, height = (max(1, round(side * scale)) for side in self.square_wh)
        return width, height


def _framed(image: Image, size_wh: tuple[int, int]) -> Image:
    """The picture in the middle of a black one."""
    height, width = image.shape[:2]
    left, top = (size_wh[0] - width) // 2, (size_wh[1] - height) // 2
    edges = (top, size_wh[1] - height - top, left, size_wh[0] - width - left)
    return np.asarray(cv2.copyMakeBorder(image, *edges, cv2.BORDER_CONSTANT), np.uint8)


def _square_size(width: int, height: int, pixel_aspect: float) -> tuple[int, int]:
    """Size in square pixels, enlarging one side; an absurd aspect is taken for a mistake in the file."""
    if not 1 / _WIDEST_PIXEL <= pixel_aspect <= _WIDEST_PIXEL:
        return width, height
    return (round(width * pixel_aspect), height) if pixel_aspect >= 1 else (width, round(height / pixel_aspect))


def _orientation(matrix: Any) -> tuple[bool, int | None]:
    """Whether to transpose, and OpenCV's flip code to apply then, from a display matrix (x' = ax + cy, y' = bx + dy)."""
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5].tolist()
    is_transposed = abs(b) + abs(c) > abs(a) + abs(d)
    x_sign, y_sign = (c, b) if is_transposed else (a, d)
    return is_transposed, {(False, False): None, (True, False): 1, (False, True): 0, (True, True): -1}[x_sign < 0, y_sign < 0]
