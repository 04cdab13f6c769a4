"""Sightings of rendered rows, stored small: what real models saw, for tests that run none. Made by `python -m tests.golden_rows.make`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.landmarks import FACE_COUNT, POSE_COUNT
from posecoach.body.records import Array, Landmarks
from posecoach.row.places import Sighting

FOLDER = Path(__file__).parent
SIXTEENTHS = 16.0
"""Pixels are stored in sixteenths, as whole numbers."""
NOTHING = np.iinfo(np.int16).min

Frames = list[tuple[float, tuple[Sighting, ...]]]


def pack(path: Path, frames: Frames, *, with_faces: bool) -> None:
    """Write what was seen frame by frame."""
    every = [(t_ms, sighting) for t_ms, seen in frames for sighting in seen]
    arrays: dict[str, Any] = {
        "t_ms": np.array([t_ms for t_ms, _ in frames]),
        "frame_ms": np.array([t_ms for t_ms, _ in every]),
        "key": np.array([s.key for _, s in every], np.int16),
        "head": _stored(np.array([s.head_px for _, s in every])),
        "scale": np.array([s.scale_px_m for _, s in every], np.float32),
        "pose": _stored(np.array([s.landmarks.pose_px for _, s in every])),
        "world": np.array([s.landmarks.pose_world_m for _, s in every], np.float16),
        "visibility": np.array([s.landmarks.pose_visibility for _, s in every], np.float16),
        "size_wh": np.array(every[0][1].landmarks.size_wh),
    }
    if with_faces:
        arrays["face"] = _stored(np.array([s.landmarks.face_px for _, s in every]))
    np.savez_compressed(path, **arrays)


def unpack(path: Path) -> Frames:
    """What was seen frame by frame."""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    count = len(arrays["key"])
    faces = _given(arrays["face"]) if "face" in arrays else np.full((count, FACE_COUNT, 2), np.nan)
    width, height = (int(side) for side in arrays["size_wh"])
    pose, head = _given(arrays["pose"]).reshape(count, POSE_COUNT, 2), _given(arrays["head"])
    seen = []
    for i in range(count):
        landmarks = Landmarks(pose[i], arrays["world"][i], arrays["visibility"][i], faces[i], (width, height))
        t_ms = float(arrays["frame_ms"][i])
        seen.append(Sighting(int(arrays["key"][i]), t_ms, landmarks, (float(head[i, 0]), float(head[i, 1])), float(arrays["scale"][i])))
    return [(float(t_ms), tuple(s for s in seen if s.t_ms == t_ms)) for t_ms in arrays["t_ms"]]


def truth_of(name: str) -> list[dict[str, Any]]:
    """The people of a row from left to right: character, profile, fault, and which clauses the fault may touch."""
    people: list[dict[str, Any]] = json.loads((FOLDER / "truth.json").read_text("utf-8"))[name]
    return people


def _stored(px: Array) -> Array:
    return np.where(np.isfinite(px), np.round(np.nan_to_num(px) * SIXTEENTHS).clip(NOTHING + 1, -NOTHING - 1), NOTHING).astype(np.int16)


def _given(stored: Array) -> Array:
    return np.where(stored == NOTHING, np.nan, stored / SIXTEENTHS)
