"""Landmark posts as a browser makes them."""

from __future__ import annotations

import struct

import numpy as np

from posecoach.body.records import Array, Track
from posecoach.sources.landmark_posts import VERSION


def post_of(track: Track, sent_s: float | None = None, brightness: float = 120.0, flags: int = 0) -> bytes:
    """All frames of a track in one post, sent with the last of them unless ``sent_s`` is given; ``flags`` are added to each frame's."""
    sent_s = float(track.t_ms[-1]) / 1000 if sent_s is None else sent_s
    return header(len(track), track.size_wh, sent_s) + b"".join(frame_of(track, i, brightness, flags) for i in range(len(track)))


def header(count: int, size_wh: tuple[int, int], sent_s: float, version: int = VERSION) -> bytes:
    """What a post begins with."""
    return struct.pack("<BBHHHd", version, count, *size_wh, 0, sent_s)


def frame_of(track: Track, i: int, brightness: float = 120.0, flags: int = 0) -> bytes:
    """One frame of a post."""
    parts = []
    if np.isfinite(track.pose_px[i]).all():
        flags |= 1
        parts += [track.pose_px[i].astype("<f4"), track.pose_world_m[i].astype("<f4"), track.pose_visibility[i].astype("<f4")]
    if np.isfinite(track.face_px[i]).all():
        flags |= 2
        parts += _face(track.face_px[i].astype(np.float64))
    for hand in range(2):
        if np.isfinite(track.hands_m[i, hand]).all():
            flags |= 4 << hand
            parts.append(track.hands_m[i, hand].astype("<f4"))
    return struct.pack("<dfB3x", float(track.t_ms[i]) / 1000, brightness, flags) + b"".join(part.tobytes() for part in parts)


def _face(points: Array) -> list[Array]:
    low = points.min(0)
    size = np.maximum(points.max(0) - low, 0.01)
    return [np.concatenate([low, low + size]).astype("<f4"), np.round((points - low) / size * 65_535).astype("<u2")]
