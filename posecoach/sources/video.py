"""Video files of any common container: upright square pixels, true times, sampled on a grid of time, damage reported."""

from __future__ import annotations

import logging
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from functools import cached_property
from itertools import chain
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import av

from posecoach.body.records import AS_IT_IS, Frame, Turn
from posecoach.errors import SourceError
from posecoach.judging.pipeline import SIZE_CHANGED
from posecoach.sources.containers import declared_duration_s, main_track, open_container, stamps_of
from posecoach.sources.files import DAMAGED
from posecoach.sources.grid import TINY_S, has_grid_time, nearest_to_grid
from posecoach.sources.packet_times import JUMP_BACK_S, PacketTimes, is_jump_ahead
from posecoach.sources.upright import FilmFrame, Upright
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

TIME_JUMP = "time_jump"
USABLE_S = 1.0

_FALLBACK_RATE = 25.0
_DOUBTFUL_RATE = 5.0  # a jump of the clock makes the average of a short clip as low as this
_UNREAL_RATE = 250.0  # recordings of browsers claim 1000 pictures a second, their unit of time
_LOOKAHEAD = 20  # packets; H.264 and HEVC reorder at most 16 pictures
_SKIPPING_CODECS = ("h264", "hevc")
_SEEKING_FORMATS = ("mov", "matroska")
_SEEK_EARLY_S = 1.0


class VideoSource:
    """A video file as a `Source`: frames upright, with square pixels, all of one size; the first has t = 0.

    With ``fps`` the frames nearest to the times k / fps are handed out, each at most once, so never more than the file has; without it
    every frame is. ``fps`` the attribute is the rate handed out, frames a second. ``duration_s`` is the container's word, or None, and is
    put right when the last frame has been read. Memory does not grow with the length.

    With ``window_s`` (from, to) only the frames with from <= t < to are handed out, the very ones that reading the whole file would give;
    files that do not let one jump are read from their beginning.

    ``turn`` is done to every picture once it lies as the file says.

    Once iteration has reached the end of what is usable, ``warnings`` holds ``damaged`` for a file of which a part cannot be read,
    ``size_changed`` where pictures had to be fitted into the size of the first, and ``time_jump`` where the clock leapt or went back and
    the leap was closed.

    Raises `SourceError` on opening when there is no picture to be had, and at the end of iteration when a damaged file had less than 1 s
    (not with ``window_s``, where ``end_s`` tells how far the file could be read).
    """

    kind: Literal["video", "picture"] = "video"

    def __init__(
        self,
        path: str | Path,
        fps: float | None = None,
        name: str | None = None,
        window_s: tuple[float, float] | None = None,
        turn: Turn = AS_IT_IS,
    ) -> None:
        self._path = Path(path)
        self._window_s = window_s
        self.name = name or self._path.name
        self.warnings: list[str] = []
        self._is_damaged = False
        self._grid_fps = fps
        with ExitStack() as stack:
            first = self._open(stack, keeps_edits=True) or self._open(stack, keeps_edits=False)
            if first is None:
                raise SourceError(_nothing_usable(self.name))
            self._clock.begin(first.pts)
            self._first = iter([first])
            self._upright = Upright(self._stream, first, turn)
            self._stack = stack.pop_all()
        self.size_wh = self._upright.size_wh

    def _open(self, stack: ExitStack, *, keeps_edits: bool) -> av.VideoFrame | None:
        """Open the file up to its first picture; None where an edit list, made of a wrong stamp, leaves out all, or nothing is usable."""
        self._keeps_edits = keeps_edits
        self._container = stack.enter_context(open_container(self._path, self.name, keeps_edits=keeps_edits))
        self._stream = main_track(self._container, self._path, self.name)
        self._track, self._unit_s = self._stream.index, float(self._stream.time_base or 0.001)
        rate = self._rate()
        self.fps = min(self._grid_fps, rate) if self._grid_fps else rate
        self._declared_s = declared_duration_s(self._container, self._stream)
        self.duration_s = self._declared_s or (self._container.duration or 0) / av.time_base or None
        self._may_skip = self.fps < rate and self._stream.codec_context.name in _SKIPPING_CODECS
        self._clock = _Clock(self._unit_s, 1 / rate)
        self._decoded = self._decode()
        return next(self._decoded, None)

    def __enter__(self) -> VideoSource:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._decoded.close()
        self._stack.close()

    @cached_property
    def packet_times(self) -> PacketTimes:
        """What is there, by a look at all packets; it takes as long as copying the file."""
        with open_container(self._path, self.name, keeps_edits=self._keeps_edits) as container:
            return PacketTimes.of(stamps_of(container, self._track), self._unit_s)

    def _rate(self) -> float:
        """Pictures a second: what the container says, unless so many that nobody records them, or so few that its clock may have jumped."""
        rate = float(self._stream.average_rate or self._stream.guessed_rate or 0)
        if rate > _UNREAL_RATE or (0 < rate < _DOUBTFUL_RATE and not self.packet_times.is_steady):
            rate = self.packet_times.rate
        return rate if 0.01 <= rate <= 1000 else _FALLBACK_RATE

    @property
    def is_seekable(self) -> bool:
        """Whether the file tells its length and lets one jump to a time in it."""
        formats = self._container.format.name.split(",")
        return self._declared_s is not None and self._clock.is_plain and any(name in formats for name in _SEEKING_FORMATS)

    @property
    def end_s(self) -> float:
        """When the last picture that was read ends."""
        return self._clock.end_s

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        for t_s, picture in self._sampled():
            if self._window_s and t_s >= self._window_s[1]:
                break
            if not self._window_s or t_s >= self._window_s[0]:
                yield FilmFrame(self._upright.shown(picture), index, t_s * 1000, self.name)
                index += 1
        self._finish()

    def _timed(self) -> Iterator[tuple[float, av.VideoFrame]]:
        for picture in chain(self._first, self._decoded):
            yield self._clock.tell(picture), picture

    def _sampled(self) -> Iterator[tuple[float, av.VideoFrame]]:
        start_s = self._jump()
        return nearest_to_grid(self._timed(), self._grid_fps, start_s) if self._grid_fps else self._timed()

    def _jump(self) -> float:
        """Go to just before the window; the time from which frames follow without a gap."""
        target_s = self._window_s[0] - _SEEK_EARLY_S if self._window_s else 0.0
        if target_s <= 0 or not self.is_seekable:
            return 0.0
        for pts in (self._clock.stamp(target_s), self._clock.stamp(0.0)):
            self._container.seek(pts, stream=self._stream)
            self._decoded.close()
            self._decoded = self._decode()
            first = next(self._decoded, None)
            start_s = self._clock.begin_again(None if first is None else first.pts)
            if start_s <= target_s:
                break
        self._first = iter([] if first is None else [first])
        return start_s

    def _decode(self) -> Generator[av.VideoFrame, None, None]:
        """Pictures in order of time; what cannot be decoded is left out and, once there has been a good one, noted as damage."""
        context = self._stream.codec_context
        has_begun = False
        for packet, is_spare in self._with_spare(self._packets()):
            context.skip_frame = "NONREF" if is_spare else "DEFAULT"
            try:
                pictures = packet.decode()
            except av.FFmpegError as error:
                log.debug("%s: packet at %s: %s", self.name, packet.pts, error)
                self._is_damaged |= has_begun
                continue
            for picture in pictures:
                if not picture.is_corrupt:
                    has_begun = True
                    yield picture
                else:
                    self._is_damaged |= has_begun

    def _packets(self) -> Iterator[Any]:
        try:
            for packet in self._container.demux(self._stream):
                self._clock.see(packet.pts)
                yield packet
        except av.FFmpegError as error:
            log.debug("%s: reading stopped: %s", self.name, error)
            self._is_damaged = True

    def _with_spare(self, packets: Iterator[Any]) -> Iterator[tuple[Any, bool]]:
        """Each packet, and whether its picture is surely not wanted, so that the decoder may skip it if nothing refers to it."""
        if not self._may_skip:
            yield from ((packet, False) for packet in packets)
            return
        waiting: deque[Any] = deque()
        stamps: list[int] = []
        for packet in packets:
            waiting.append(packet)
            if packet.pts is not None:
                insort(stamps, packet.pts)
            if len(waiting) > _LOOKAHEAD:
                head = waiting.popleft()
                yield head, self._is_spare(head.pts, stamps)
                del stamps[: -3 * _LOOKAHEAD]
        yield from ((packet, False) for packet in waiting)

    def _is_spare(self, pts: int | None, stamps: list[int]) -> bool:
        i = bisect_left(stamps, pts) if pts is not None else 0
        if not self._clock.is_plain or not 0 < i < len(stamps) - 1:
            return False
        before, here, after = (self._clock.seconds(stamp) for stamp in stamps[i - 1 : i + 2])
        if is_jump_ahead(after - before, 1 / self.fps):
            return False
        return not has_grid_time((before + here) / 2 - TINY_S, (here + after) / 2 + TINY_S, self.fps)

    def _finish(self) -> None:
        if self._upright.has_changed:
            self._warn(SIZE_CHANGED)
        if self._clock.has_jumped:
            self._warn(TIME_JUMP)
        usable_s = self._clock.end_s
        declared_s = None if self._clock.has_jumped else self._declared_s
        if declared_s:
            wanted_s = min(declared_s, self._window_s[1]) if self._window_s else declared_s
            self._is_damaged |= wanted_s - usable_s > max(1.0, 0.05 * declared_s)
        if declared_s is None or self._is_damaged:
            self.duration_s = usable_s
        if not self._is_damaged:
            return
        if usable_s < USABLE_S and not self._window_s:
            raise SourceError(too_damaged(self.name, usable_s))
        self._warn(DAMAGED)

    def _warn(self, code: str) -> None:
        if code not in self.warnings:
            self.warnings.append(code)


def _nothing_usable(name: str) -> Text:
    return Text(
        f"一帧画面也读不出来：{name} 的画面全部损坏；请重新录制或拷贝",
        f"no frame could be read: {name} has a picture track with nothing usable in it; record or copy it again",
    )


def too_damaged(name: str, usable_s: float) -> Text:
    """What to say of a damaged file that could be read for less than `USABLE_S`."""
    return Text(
        f"文件损坏：{name} 只能读出 {usable_s:.1f} 秒，至少要 {USABLE_S:.0f} 秒；请重新拷贝",
        f"damaged: {name} could be read for {usable_s:.1f} s only, {USABLE_S:.0f} s is needed; copy it again",
    )


class _Clock:
    """Seconds from the first frame, strictly increasing whatever the file's stamps say."""

    def __init__(self, unit_s: float, interval_s: float) -> None:
        self._unit_s = unit_s
        self._interval_s = interval_s
        self._origin: int | None = None
        self._last_s: float | None = None
        self._packets: deque[int] = deque(maxlen=3 * _LOOKAHEAD)
        self.is_plain = False
        self.has_jumped = False
        self.end_s = 0.0

    def seconds(self, pts: int) -> float:
        """What a stamp says, in seconds from the first."""
        return (pts - (self._origin or 0)) * self._unit_s

    def stamp(self, t_s: float) -> int:
        """The stamp of a time."""
        return (self._origin or 0) + round(t_s / self._unit_s)

    def begin(self, pts: int | None) -> None:
        """The stamp of the first picture of the file."""
        self._origin, self.is_plain = pts, pts is not None

    def see(self, pts: int | None) -> None:
        """A packet that was read, whether or not it can be decoded."""
        if pts is not None:
            self._packets.append(pts)

    def begin_again(self, pts: int | None) -> float:
        """After a jump: the time of the first picture there; infinite when it does not say."""
        self._last_s, self.end_s = None, 0.0
        return inf if pts is None else self.seconds(pts)

    def tell(self, picture: av.VideoFrame) -> float:
        """The time of the next picture; one without a stamp comes one usual interval after the one before."""
        t_s = self._corrected(picture.pts)
        shown_s = (picture.duration or 0) * self._unit_s
        self._last_s = t_s
        self.end_s = t_s + max(shown_s, self._interval_s)
        return t_s

    def _corrected(self, pts: int | None) -> float:
        if self._last_s is None:
            return 0.0 if pts is None else self.seconds(pts)
        following_s = self._last_s + self._interval_s
        if pts is None or self._origin is None:
            self.is_plain = False
            return following_s
        t_s = self.seconds(pts)
        if t_s < self._last_s - JUMP_BACK_S or self._is_ahead(pts, t_s - self._last_s):
            self._origin = pts - round(following_s / self._unit_s)
            self.is_plain, self.has_jumped = False, True
            return following_s
        return max(t_s, self._last_s + TINY_S)

    def _is_ahead(self, pts: int, gap_s: float) -> bool:
        """Whether the clock has leapt since the last picture; packets in between that cannot be decoded are no leap."""
        if not is_jump_ahead(gap_s, self._interval_s):
            return False
        before = max((stamp for stamp in self._packets if stamp < pts), default=None)
        return before is None or is_jump_ahead((pts - before) * self._unit_s, self._interval_s)
