"""H.264 MP4 that browsers play, from frames with their own times; a file is there whole or not at all."""

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
from av.video.reformatter import ColorPrimaries, ColorRange

from posecoach.errors import OutputError
from posecoach.storage.planes import Bytes, Planes, planes_of, scaled
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

    def write(self, picture: Bytes | Planes, t_ms: float) -> None:
        """Add a frame, (h, w, 3) BGR of the writer's size or planes of that of the file, shown from ``t_ms`` (from 0, strictly increasing).
        The array may be changed afterwards.

        Raises ValueError for another size or a time that does not increase, `OutputError` when the disk is full or gone.
        """
        is_bgr = picture.ndim == 3
        size_wh = picture.shape[1], picture.shape[0] if is_bgr else picture.shape[0] * 2 // 3
        if size_wh != (expected := self._size_wh if is_bgr else self._written_wh):
            raise ValueError(f"picture: expected {expected} (width, height), got {size_wh}")
        tick = round(t_ms * _TICKS / 1000)
        if tick <= self._last_tick:
            raise ValueError(f"t_ms: must be from 0 and strictly increasing, got {t_ms}")
        self._last_tick = tick
        planes = planes_of(scaled(picture, self._written_wh)) if is_bgr else picture
        coded = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        coded.pts, coded.time_base = tick, Fraction(1, _TICKS)
        try:
            self._mux(coded)
        except (OSError, av.FFmpegError) as error:
            raise self._cannot_write(error) from error

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


def kept_pictures(path: Path) -> Iterator[tuple[float, Planes]]:
    """Time in ms and planes of each frame that a `VideoWriter` wrote; none where it wrote no file."""
    if not path.exists():
        return
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for picture in container.decode(stream):
            yield 1000 * float(picture.time or 0.0), picture.to_ndarray()
