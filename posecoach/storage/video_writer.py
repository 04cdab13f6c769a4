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

from posecoach.errors import OutputError, reason_of
from posecoach.storage.planes import Bytes, Planes, lay, planes_of, scaled, size_of, views_of
from posecoach.vocabulary import Text

SHORT_SIDE_PX = 720
"""Larger pictures are written at this short side: coding 1080 lines takes as long as finding the person in them."""
_TICKS = 90_000  # a second
_OPENCV_MATRIX = 6  # BT.601 as SMPTE 170M in H.264's table, which is what OpenCV's I420 is
SHOWN, KEPT = 23, 22
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
        width, height = (side + side % 2 for side in self._written_wh)
        # Always the same: memory that is new each time takes longer than what is put into it.
        self._frame = av.VideoFrame(width, height, "yuv420p")
        self._frame.time_base = Fraction(1, _TICKS)

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

    def write(self, image_bgr: Bytes, t_ms: float) -> None:
        """Add a frame, (h, w, 3) uint8 of the writer's size, shown from ``t_ms`` (from 0, strictly increasing).

        Raises ValueError for another size or a time that does not increase, `OutputError` when the disk is full or gone.
        """
        _expect((image_bgr.shape[1], image_bgr.shape[0]), self._size_wh)
        self.write_planes(planes_of(scaled(image_bgr, self._written_wh)), t_ms)

    def write_planes(self, planes: Planes, t_ms: float) -> None:
        """Add a frame of the size of the file, as `write` does; the arrays may be changed afterwards."""
        _expect(size_of(planes), (self._frame.width, self._frame.height))
        tick = round(t_ms * _TICKS / 1000)
        if tick <= self._last_tick:
            raise ValueError(f"t_ms: must be from 0 and strictly increasing, got {t_ms}")
        self._last_tick = tick
        self._frame.make_writable()
        lay(views_of(self._frame), (0, 0), planes)
        self._frame.pts = tick
        try:
            self._mux(self._frame)
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
        why = reason_of(error) if isinstance(error, OSError) else Text(str(error), str(error))
        return OutputError(
            Text(
                f"视频写不了：{self._path}：{why.zh}；请换一个结果文件夹（--out），或腾出磁盘空间",
                f"the video cannot be written: {self._path}: {why.en}; choose another folder with --out or make room",
            )
        )


def _expect(size_wh: tuple[int, int], expected_wh: tuple[int, int]) -> None:
    if size_wh != expected_wh:
        raise ValueError(f"picture: expected {expected_wh} (width, height), got {size_wh}")


def kept_pictures(path: Path) -> Iterator[tuple[float, Planes]]:
    """Time in ms and planes of each frame that a `VideoWriter` wrote; none where it wrote no file."""
    if not path.exists():
        return
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for picture in container.decode(stream):
            yield 1000 * float(picture.time or 0.0), views_of(picture)
