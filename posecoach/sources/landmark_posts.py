"""Landmarks that strangers post from browsers that recognise people themselves: `docs/live.md` has the layout, version `VERSION`.

Every number is checked before anybody works with it: what comes out is finite, within its range and in order of time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from posecoach.body.landmarks import FACE_COUNT, HAND_COUNT, POSE_COUNT
from posecoach.body.records import Array, Track
from posecoach.errors import SourceError
from posecoach.vocabulary import Text

VERSION = 1
MOST_FRAMES = 16
MOST_BYTES = 65_536
SIDES_PX = (16, 4096)
MOST_AWAY = 4.0
"""Points lie at most so many long sides of the picture away from its corner; models guess what is beyond its edges."""
MOST_M = 10.0
"""No point of a body is so many metres from its hips."""
STALE_S = 2.0
"""A picture taken so long before it was posted is not judged any more."""

_HEADER = struct.Struct("<BBHHHd")
_FRAME = struct.Struct("<dfB3x")
_BODY, _FACE, _LEFT_HAND, _RIGHT_HAND, _COMPANY = 1, 2, 4, 8, 16
_STEPS = 65_535
"""Points of the face lie on a grid of so many steps across the box of all of them."""
_LENGTH, _FACE_BOX = Text("长度", "length"), Text("脸部范围", "the box of the face")
_BODY_PX, _BODY_M = Text("身体关键点", "body points"), Text("身体关键点（米）", "body points in metres")
_VISIBILITY = Text("可见度", "visibility")


class LandmarksError(SourceError):
    """Posted landmarks that cannot be taken."""


class StaleError(LandmarksError):
    """Landmarks of pictures that are too old, or not newer than what came before."""


@dataclass(frozen=True, slots=True, eq=False)
class PostedLandmarks:
    """What a browser saw: ``track`` on its own clock, (T,) at least one frame; ``sent_ms`` when it posted them, on the same clock.

    ``brightness``: mean of the last picture, 0..255; ``has_company``: somebody else is in it.
    """

    track: Track
    sent_ms: float
    brightness: float
    has_company: bool

    def fresh(self, after_ms: float) -> PostedLandmarks:
        """The frames later than ``after_ms`` and not older than `STALE_S` when sent. Raises `StaleError` where there is none."""
        t_ms = self.track.t_ms
        kept = (t_ms > after_ms) & (t_ms >= self.sent_ms - 1000 * STALE_S)
        if not kept.any():
            raise StaleError(Text("画面太旧，没有采用", "the pictures are too old: nothing is taken from them"))
        return self if kept.all() else replace(self, track=self.track.since(float(t_ms[kept.argmax()])))


@dataclass(frozen=True, slots=True)
class _Head:
    """What the first bytes say; times in ms."""

    count: int
    size_wh: tuple[int, int]
    sent_ms: float


def decode_landmarks(data: bytes) -> PostedLandmarks:
    """Posted landmarks. Raises `LandmarksError` for anything but whole ones of people, in one line that says what is wrong."""
    head = _head_of(data)
    times_ms = np.zeros(head.count)
    found = _nothing(head.count)
    at, last_ms, brightness, flags = _HEADER.size, -np.inf, 0.0, 0
    for i in range(head.count):
        if len(data) < at + _FRAME.size:
            raise _too_short()
        t_s, brightness, flags = _FRAME.unpack_from(data, at)
        times_ms[i] = 1000 * t_s
        if not last_ms < times_ms[i] <= head.sent_ms:
            raise _wrong(Text("画面时间", "times"), Text("应依次递增，不晚于发送时间", "rising, and not later than the post"))
        if not 0 <= brightness <= 255:
            raise _wrong(Text("亮度", "brightness"), Text("应为 0 到 255", "from 0 to 255"))
        last_ms = times_ms[i]
        at = _read_landmarks(data, at + _FRAME.size, flags, head.size_wh, {name: array[i] for name, array in found.items()})
    if at != len(data):
        raise _wrong(_LENGTH, Text(f"应为 {at} 字节，收到 {len(data)}", f"{at} bytes, got {len(data)}"))
    arrays: dict[str, Any] = found
    track = Track(t_ms=times_ms, **arrays, size_wh=head.size_wh)
    return PostedLandmarks(track, head.sent_ms, brightness, bool(flags & _COMPANY))


def count_of(data: bytes) -> int:
    """How many frames a post claims to hold, 1 to `MOST_FRAMES`; it may hold less, or be none."""
    return min(max(1, data[1]), MOST_FRAMES) if len(data) > 1 else 1


def _head_of(data: bytes) -> _Head:
    if len(data) > MOST_BYTES:
        raise _wrong(_LENGTH, Text(f"应最多 {MOST_BYTES} 字节", f"at most {MOST_BYTES} bytes"))
    if len(data) < _HEADER.size:
        raise _too_short()
    version, count, width, height, _, sent_s = _HEADER.unpack_from(data)
    if version != VERSION:
        raise _wrong(Text("版本", "version"), Text(f"应为 {VERSION}，请刷新页面", f"{VERSION}, got {version}: reload the page"))
    if not 1 <= count <= MOST_FRAMES:
        raise _wrong(Text("画面数", "frames"), Text(f"应为 1 到 {MOST_FRAMES}", f"from 1 to {MOST_FRAMES}, got {count}"))
    low, high = SIDES_PX
    if not (low <= width <= high and low <= height <= high):
        raise _wrong(Text("画面大小", "picture size"), Text(f"每边应为 {low} 到 {high} 像素", f"sides from {low} to {high} pixels"))
    if not 0 <= sent_s < 1e9:
        raise _wrong(Text("发送时间", "time of the post"), Text("应为秒数", "seconds"))
    return _Head(count, (width, height), 1000 * sent_s)


def _nothing(count: int) -> dict[str, Array]:
    """What a `Track` of so many frames holds, with nobody in it."""
    shapes = {"pose_px": (POSE_COUNT, 2), "pose_world_m": (POSE_COUNT, 3), "pose_visibility": (POSE_COUNT,)}
    shapes |= {"face_px": (FACE_COUNT, 2), "hands_m": (2, HAND_COUNT, 3)}
    return {name: np.full((count, *shape), np.nan, np.float32) for name, shape in shapes.items()}


def _read_landmarks(data: bytes, at: int, flags: int, size_wh: tuple[int, int], into: dict[str, Array]) -> int:
    """One frame's landmarks; where the next frame begins."""
    if flags >= 2 * _COMPANY:
        raise _wrong(Text("标志", "flags"), Text("应没有未知内容", "nothing unknown"))
    far_px = MOST_AWAY * max(size_wh)
    if flags & _BODY:
        numbers, at = _numbers(data, at, 6 * POSE_COUNT)
        px, world, seen = numbers[: 2 * POSE_COUNT], numbers[2 * POSE_COUNT : 5 * POSE_COUNT], numbers[5 * POSE_COUNT :]
        _check(px, -far_px, far_px, _BODY_PX)
        _check(world, -MOST_M, MOST_M, _BODY_M)
        _check(seen, 0.0, 1.0, _VISIBILITY)
        into["pose_px"][:], into["pose_world_m"][:], into["pose_visibility"][:] = px.reshape(-1, 2), world.reshape(-1, 3), seen
    if flags & _FACE:
        into["face_px"][:], at = _face(data, at, far_px)
    for hand, flag in enumerate((_LEFT_HAND, _RIGHT_HAND)):
        if flags & flag:
            numbers, at = _numbers(data, at, 3 * HAND_COUNT)
            _check(numbers, -MOST_M, MOST_M, Text("手部关键点（米）", "hand points in metres"))
            into["hands_m"][hand] = numbers.reshape(-1, 3)
    return at


def _face(data: bytes, at: int, far_px: float) -> tuple[Array, int]:
    """The mesh of a face, and where it ends."""
    box, at = _numbers(data, at, 4)
    _check(box, -far_px, far_px, _FACE_BOX)
    if not (box[0] < box[2] and box[1] < box[3]):
        raise _wrong(_FACE_BOX, Text("应为左、上、右、下", "left, top, right and bottom"))
    end = at + 2 * 2 * FACE_COUNT
    if len(data) < end:
        raise _too_short()
    shares = np.frombuffer(data, "<u2", 2 * FACE_COUNT, at).reshape(-1, 2) / _STEPS
    return box[:2] + shares * (box[2:] - box[:2]), end


def _numbers(data: bytes, at: int, count: int) -> tuple[Array, int]:
    """So many numbers, and where they end."""
    end = at + 4 * count
    if len(data) < end:
        raise _too_short()
    return np.frombuffer(data, "<f4", count, at), end


def _check(numbers: Array, low: float, high: float, what: Text) -> None:
    """Raises `LandmarksError` unless all numbers are finite and in their range."""
    if not (numbers.min() >= low and numbers.max() <= high):  # false for NaN, which min and max hand on
        raise _wrong(what, Text(f"应为 {low:g} 到 {high:g} 的数字", f"numbers from {low:g} to {high:g}"))


def _wrong(what: Text, wanted: Text) -> LandmarksError:
    return LandmarksError(Text(f"关键点数据有误：{what.zh}{wanted.zh}", f"landmarks refused: {what.en}: expected {wanted.en}"))


def _too_short() -> LandmarksError:
    return LandmarksError(Text("关键点数据不完整", "landmarks refused: they end too soon"))
