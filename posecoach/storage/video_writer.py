"""H.264 MP4 that browsers play, from BGR frames with their own times; a file is there whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorPrimaries, ColorRange

from posecoach.errors import OutputError
from posecoach.vocabulary import Text

SHORT_SIDE_PX = 720
"""Larger pictures are written at this short side: coding 1080 lines takes as long as finding the person in them."""
_TICKS = 90_000  # a second
_OPENCV_MATRIX = 6  # BT.601 as SMPTE 170M in H.264's table, which is what OpenCV's I420 is
SHOWN, KEPT = 23, 18
"""How coarsely a film is coded (x264's ``qp``): one that is looked at, and one that will be drawn on and coded again. The same for every
picture: ``crf`` codes a picture the finer the longer it stays, and takes up to twice the time for what nobody sees."""
# Without B-frames: reordering and uneven times together make players cut the end off.
_OPTIONS = {"preset": "ultrafast", "bf": "0"}


class VideoWriter:
    """Context manager that writes ``path`` (made with its folders) when it is left without an error, and else leaves nothing behind.

    ``size_wh`` in pixels is the size of the frames to come; those with a larger short side than ``short_side_px`` are shrunk to it, and an
    odd side is made even by repeating the last row or column. ``fps`` is the usual rate: it says how long the last frame stays, the others
    stay until the next. Nothing is written when no frame came.

    Raises `OutputError` when the file cannot be written.
    """

    def __init__(
        self, path: str | Path, size_wh: tuple[int, int], fps: float, *, short_side_px: int = SHORT_SIDE_PX, qp: int = SHOWN
    ) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{uuid.uuid4().hex}.part")
        self._size_wh = size_wh
        ratio = min(1.0, short_side_px / min(size_wh))
        self._written_wh = round(ratio * size_wh[0]), round(ratio * size_wh[1])
        self._fps = fps
        self._qp = qp
        self._last_tick = -1
        self._container: Any = None
        self._stream: Any = None

    def __enter__(self) -> VideoWriter:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(self._part), "w", format="mp4", options={"movflags": "+faststart"})
            self._stream = self._add_stream()
        except (OSError, av.FFmpegError) as error:
            self._discard()
            raise self._cannot_write(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and self._last_tick >= 0:
                self._mux(None)
                self._container.close()
                os.replace(self._part, self._path)  # noqa: PTH105
        except (OSError, av.FFmpegError) as problem:
            raise self._cannot_write(problem) from problem
        finally:
            self._discard()

    def write(self, image_bgr: npt.NDArray[np.uint8], t_ms: float) -> None:
        """Add a frame, (h, w, 3) uint8 of the writer's size, shown from ``t_ms`` (from 0, strictly increasing).

        Raises ValueError for another size or a time that does not increase, `OutputError` when the disk is full or gone.
        """
        height, width = image_bgr.shape[:2]
        if (width, height) != self._size_wh:
            raise ValueError(f"image_bgr: expected {self._size_wh} (width, height), got {(width, height)}")
        tick = round(t_ms * _TICKS / 1000)
        if tick <= self._last_tick:
            raise ValueError(f"t_ms: must be from 0 and strictly increasing, got {t_ms}")
        self._last_tick = tick
        even = self._shrunk(image_bgr)
        if self._written_wh[0] % 2 or self._written_wh[1] % 2:
            even = cv2.copyMakeBorder(even, 0, self._written_wh[1] % 2, 0, self._written_wh[0] % 2, cv2.BORDER_REPLICATE)
        yuv = np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420), np.uint8)
        picture = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
        picture.pts, picture.time_base = tick, Fraction(1, _TICKS)
        try:
            self._mux(picture)
        except (OSError, av.FFmpegError) as error:
            raise self._cannot_write(error) from error

    def _shrunk(self, image_bgr: npt.NDArray[np.uint8]) -> Any:
        if self._written_wh == self._size_wh:
            return image_bgr
        how = (
            cv2.INTER_AREA if self._size_wh[0] >= 2 * self._written_wh[0] else cv2.INTER_LINEAR
        )  # averaging 1.5 to 1 takes five times as long
        return cv2.resize(image_bgr, self._written_wh, interpolation=how)

    def _add_stream(self) -> Any:
        width, height = self._written_wh
        stream: Any = self._container.add_stream(
            "libx264", rate=Fraction(self._fps).limit_denominator(1001), options=_OPTIONS | {"qp": str(self._qp)}
        )
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, _TICKS)
        stream.codec_context.thread_count = 1
        stream.codec_context.color_primaries = stream.codec_context.color_trc = ColorPrimaries.BT709
        stream.codec_context.colorspace = _OPENCV_MATRIX
        stream.codec_context.color_range = ColorRange.MPEG
        return stream

    def _mux(self, picture: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(picture):
            packet.duration = round(_TICKS / self._fps)
            self._container.mux(packet)

    def _discard(self) -> None:
        """Close and remove what is unfinished; after success there is nothing left to remove."""
        if self._container is not None:
            with suppress(OSError, av.FFmpegError):
                self._container.close()
        with suppress(OSError):
            self._part.unlink()

    def _cannot_write(self, error: Exception) -> OutputError:
        reason = getattr(error, "strerror", None) or error
        return OutputError(
            Text(
                f"视频写不了：{self._path}：{reason}；请换一个结果文件夹（--out），或腾出磁盘空间",
                f"the video cannot be written: {self._path}: {reason}; choose another folder with --out or make room",
            )
        )


def kept_pictures(path: Path, size_wh: tuple[int, int]) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    """Time in ms and picture (h, w, 3) of each frame that a `VideoWriter` for ``size_wh`` wrote; none where it wrote no file."""
    if not path.exists():
        return
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for picture in container.decode(stream):
            image = cv2.cvtColor(picture.to_ndarray(), cv2.COLOR_YUV2BGR_I420)
            yield 1000 * float(picture.time or 0.0), np.ascontiguousarray(image[: size_wh[1], : size_wh[0]], np.uint8)
