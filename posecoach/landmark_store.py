"""Landmarks on disk: one `.npz` file a person and clip, from which a clip can be judged again without its pictures.

Arrays (T frames, F of them with a face), all exact, missing values NaN:

    format           ()            int     version of this layout, 1
    t_ms             (T,)          float64 time of the frame
    size_wh          (2,)          int64   width and height of the pictures, pixels
    pose_px          (T, 33, 2)    float32
    pose_world_m     (T, 33, 3)    float32
    pose_visibility  (T, 33)       float32
    face_frames      (F,)          int64   frames that have a face; the others have no row in face_px
    face_px          (F, 478, 2)   float32
    meta             ()            str     JSON object, free
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.errors import OutputError, SourceError
from posecoach.landmarks import FACE_COUNT
from posecoach.records import Array, Track

FORMAT = 1

Meta = dict[str, str | float | int]


def save_track(path: Path, track: Track, meta: Mapping[str, str | float | int]) -> None:
    """Write ``track`` and ``meta`` to ``path``: the file appears whole or not at all. Raises `OutputError` when it cannot be written."""
    face_frames = np.flatnonzero(np.isfinite(track.face_px).any(axis=(1, 2)))
    arrays: dict[str, Array] = {
        "format": np.asarray(FORMAT),
        "t_ms": track.t_ms,
        "size_wh": np.asarray(track.size_wh),
        "pose_px": track.pose_px,
        "pose_world_m": track.pose_world_m,
        "pose_visibility": track.pose_visibility,
        "face_frames": face_frames,
        "face_px": track.face_px[face_frames],
        "meta": np.asarray(json.dumps(dict(meta), ensure_ascii=False)),
    }
    try:
        _write(path, arrays)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the landmarks: {error.strerror or error}") from error


def load_track(path: Path) -> tuple[Track, Meta]:
    """The track and meta written by `save_track`. Raises `SourceError` when the file is absent, damaged or of another format."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return _track(stored), json.loads(stored["meta"].item())
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such landmark file") from error
    except (OSError, EOFError, KeyError, ValueError, IndexError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError(f"{path}: not a landmark file of format {FORMAT}, or damaged ({reason}); grade the clip again") from error


def _write(path: Path, arrays: dict[str, Array]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, **arrays)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _track(stored: Any) -> Track:
    version = int(stored["format"])
    if version != FORMAT:
        raise ValueError(f"format {version}")
    t_ms = stored["t_ms"]
    face_px = np.full((len(t_ms), FACE_COUNT, 2), np.nan, np.float32)
    face_px[stored["face_frames"]] = stored["face_px"]
    width, height = (int(side) for side in stored["size_wh"])
    return Track(
        t_ms=t_ms,
        pose_px=stored["pose_px"],
        pose_world_m=stored["pose_world_m"],
        pose_visibility=stored["pose_visibility"],
        face_px=face_px,
        size_wh=(width, height),
    )
