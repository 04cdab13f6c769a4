"""Landmarks on disk: one `.npz` file a person and clip, from which a clip can be judged again without its pictures.

Arrays (T frames, F of them with a face, H with a hand), all exact, missing values NaN:

    format           ()            int     version of this layout, 1
    t_ms             (T,)          float64 time of the frame
    size_wh          (2,)          int64   width and height of the pictures, pixels
    pose_px          (T, 33, 2)    float32
    pose_world_m     (T, 33, 3)    float32
    pose_visibility  (T, 33)       float32
    face_frames      (F,)          int64   frames that have a face; the others have no row in face_px
    face_px          (F, 478, 2)   float32
    hand_frames      (H,)          int64   frames that have a hand; left out, with hands_m, where there is none
    hands_m          (H, 2, 21, 3) float32
    model            ()            str     what found the pose: full (also where left out) or heavy
    meta             ()            str     JSON object, free

Files are written and read in blocks, so that memory does not grow with the length of a clip but for the body points.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from posecoach.body.landmarks import FACE_COUNT, HAND_COUNT, POSE_COUNT
from posecoach.body.motion import Motion
from posecoach.body.records import Array, Track
from posecoach.errors import OutputError, SourceError
from posecoach.storage.plain_json import DAMAGE, as_count, as_mapping, as_number, as_text, parse_json
from posecoach.vocabulary import POSE_MODELS, PoseModel, Text

FORMAT = 1
BLOCK_FRAMES = 512

Meta = dict[str, str | float | int]

_POSE_SHAPES: Mapping[str, tuple[int, ...]] = {
    "t_ms": (),
    "pose_px": (POSE_COUNT, 2),
    "pose_world_m": (POSE_COUNT, 3),
    "pose_visibility": (POSE_COUNT,),
}
_POSE_ARRAYS = tuple(_POSE_SHAPES)
_LONGEST_SIDE = 100_000
_HANDS_SHAPE = (2, HAND_COUNT, 3)
_SIZE_START, _SIZE_END = 8, 10
"""Where the head of an array says how long it is, in version 1.0 of the `.npy` format, the only one that these arrays need."""
_FACE_ROW_BYTES = FACE_COUNT * 2 * 4


class TrackWriter:
    """Writes the blocks of a track as they come; the file appears whole on `finish`, and not at all without it.

    Raises `OutputError` when the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pose: list[dict[str, Array]] = []
        self._face_frames: list[Array] = []
        self._hands: list[tuple[Array, Array]] = []
        self._count = 0
        self._model: PoseModel = "full"
        with _writing(path):
            self._faces = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 (closed by __exit__)

    def add(self, block: Track) -> None:
        """Append a block."""
        found = np.flatnonzero(np.isfinite(block.face_px).any(axis=(1, 2)))
        with _writing(self._path):
            self._faces.write(block.face_px[found].tobytes())
        self._face_frames.append(found + self._count)
        with_hands = np.flatnonzero(np.isfinite(block.hands_m).any(axis=(1, 2, 3)))
        self._hands.append((with_hands + self._count, block.hands_m[with_hands]))
        self._pose.append({name: getattr(block, name) for name in _POSE_ARRAYS})
        self._count += len(block)
        self._model = block.model

    def finish(self, size_wh: tuple[int, int], meta: Mapping[str, str | float | int]) -> None:
        """Write the file."""
        empty = Track.from_landmarks([], [], size_wh)
        blocks = self._pose or [{name: getattr(empty, name) for name in _POSE_ARRAYS}]
        arrays = {name: np.concatenate([block[name] for block in blocks]) for name in _POSE_ARRAYS}
        frames = np.concatenate([np.zeros(0, np.int64), *self._face_frames])
        text = np.asarray(json.dumps(dict(meta), ensure_ascii=False))
        arrays |= {"format": np.asarray(FORMAT), "size_wh": np.asarray(size_wh), "face_frames": frames, "meta": text}
        if self._model != "full":
            arrays["model"] = np.asarray(self._model)
        if any(len(own) for own, _ in self._hands):
            arrays |= {
                "hand_frames": np.concatenate([own for own, _ in self._hands]),
                "hands_m": np.concatenate([m for _, m in self._hands]),
            }
        with _writing(self._path):
            self._write(arrays, len(frames))

    def _write(self, arrays: Mapping[str, Array], faces: int) -> None:
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
                for key, array in arrays.items():
                    with archive.open(f"{key}.npy", "w") as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)  # type: ignore[no-untyped-call]
                with archive.open("face_px.npy", "w", force_zip64=True) as member:
                    header = {"descr": "<f4", "fortran_order": False, "shape": (faces, FACE_COUNT, 2)}
                    np.lib.format.write_array_header_1_0(member, header)  # type: ignore[no-untyped-call]
                    self._faces.seek(0)
                    shutil.copyfileobj(self._faces, member, 1 << 20)
            temporary.replace(self._path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def __enter__(self) -> TrackWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._faces.close()


def save_track(path: Path, track: Track, meta: Mapping[str, str | float | int]) -> None:
    """Write a whole track and ``meta`` to ``path``. Raises `OutputError` when it cannot be written."""
    with TrackWriter(path) as writer:
        writer.add(track)
        writer.finish(track.size_wh, meta)


def load_meta(path: Path) -> Meta:
    """The meta of a file. Raises as `load_blocks`."""
    with _reading(path), zipfile.ZipFile(path) as stored:
        found = as_mapping(parse_json(as_text(_array(stored, "meta").item()).encode()))
        return {key: value if isinstance(value, str) else as_number(value) for key, value in found.items()}


def load_blocks(path: Path) -> Iterator[Track]:
    """The track in blocks of consecutive frames, at least one.

    Raises `SourceError` when the file is absent, damaged or of another format.
    """
    with _reading(path), zipfile.ZipFile(path) as stored:
        there = stored.namelist()
        if (found := _array(stored, "format").item()) != FORMAT:
            raise ValueError(f"format {found}")
        pose = {name: _array(stored, name) for name in _POSE_ARRAYS}
        face_frames = _array(stored, "face_frames")
        hands = (_array(stored, "hand_frames"), _array(stored, "hands_m")) if "hands_m.npy" in there else None
        width, height = map(as_count, _array(stored, "size_wh").tolist())
        model = _model_of(_array(stored, "model").item() if "model.npy" in there else "full")
        _check_pose(pose)
        _check_frames(face_frames, len(pose["t_ms"]), "face_frames")
        hands_m = _hands_of(hands, len(pose["t_ms"]))
        if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
            raise ValueError(f"size_wh is {width}, {height}")
        with stored.open("face_px.npy") as faces:
            shape, dtype = _shape_of(faces)
            if shape != (len(face_frames), FACE_COUNT, 2) or dtype != np.dtype("<f4"):
                raise ValueError(f"face_px has shape {shape} of {dtype}")
            for start in range(0, max(len(pose["t_ms"]), 1), BLOCK_FRAMES):
                rows = slice(start, start + BLOCK_FRAMES)
                face_px = _faces_of(faces, face_frames, range(start, start + len(pose["t_ms"][rows])))
                pose_here = {name: array[rows] for name, array in pose.items()}
                yield Track(**pose_here, face_px=face_px, hands_m=hands_m[rows], size_wh=(width, height), model=model)


def _array(stored: zipfile.ZipFile, name: str) -> Array:
    """An array of a file; `numpy.load` works the same headers out anew for each, which takes five times as long."""
    with stored.open(f"{name}.npy") as member:
        shape, dtype = _shape_of(member)
        return np.ndarray(shape, dtype, member.read())


def _shape_of(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and kind of numbers of an array whose file is read up to them. Raises ValueError."""
    start = member.read(_SIZE_END)
    return _header(start + member.read(int.from_bytes(start[_SIZE_START:], "little")))


@lru_cache(maxsize=1024)
def _header(head: bytes) -> tuple[tuple[int, ...], np.dtype[Any]]:
    file = io.BytesIO(head)
    np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)  # type: ignore[no-untyped-call]
    if is_fortran or dtype.hasobject:
        raise ValueError(f"an array of {dtype} cannot be read")
    return shape, dtype


def _model_of(name: object) -> PoseModel:
    """Raises ValueError for what is no model's name."""
    for model in POSE_MODELS:
        if name == model:
            return model
    raise ValueError(f"model is {name!r}")


def _check_pose(pose: Mapping[str, Array]) -> None:
    """Raises ValueError for other shapes and kinds of numbers than in the table above, infinity, and times that do not increase."""
    count = len(np.atleast_1d(pose["t_ms"]))
    for name, rest in _POSE_SHAPES.items():
        array = pose[name]
        if array.shape != (count, *rest) or array.dtype.kind != "f" or np.isinf(array).any():
            raise ValueError(f"{name} has shape {array.shape} of {array.dtype}, or holds infinity")
    t_ms = pose["t_ms"]
    if not np.isfinite(t_ms).all() or (np.diff(t_ms) <= 0).any():
        raise ValueError("t_ms does not increase")


def _check_frames(frames: Array, count: int, name: str) -> None:
    """Raises ValueError for frames that do not increase, or lie outside of ``count``."""
    if frames.ndim != 1 or frames.dtype.kind not in "iu" or (np.diff(frames) <= 0).any():
        raise ValueError(f"{name} does not increase")
    if len(frames) and not 0 <= frames[0] <= frames[-1] < count:
        raise ValueError(f"{name} is outside of the clip")


def _hands_of(stored: tuple[Array, Array] | None, count: int) -> Array:
    """The hands of all ``count`` frames, (T, 2, 21, 3). Raises ValueError for other shapes and kinds of numbers than in the table above."""
    out = np.full((count, *_HANDS_SHAPE), np.nan, np.float32)
    if stored is None:
        return out
    frames, hands_m = stored
    _check_frames(frames, count, "hand_frames")
    if hands_m.shape != (len(frames), *_HANDS_SHAPE) or hands_m.dtype.kind != "f" or np.isinf(hands_m).any():
        raise ValueError(f"hands_m has shape {hands_m.shape} of {hands_m.dtype}, or holds infinity")
    out[frames] = hands_m
    return out


def _faces_of(faces: Any, face_frames: Array, frames: range) -> Array:
    here = face_frames[(face_frames >= frames.start) & (face_frames < frames.stop)]
    found: Array = np.ndarray((len(here), FACE_COUNT, 2), "<f4", faces.read(len(here) * _FACE_ROW_BYTES))
    if np.isinf(found).any():
        raise ValueError("face_px holds infinity")
    if len(here) == len(frames):
        return found
    face_px = np.full((len(frames), FACE_COUNT, 2), np.nan, np.float32)
    face_px[here - frames.start] = found
    return face_px


def save_pair(path: Path, tracks: Sequence[Track], meta: Meta) -> None:
    """Write the first track of two people to ``path`` and the second beside it; one of an earlier grading does not stay there."""
    _beside(path).unlink(missing_ok=True)
    for track, file in zip(tracks, (path, _beside(path)), strict=False):
        save_track(file, track, meta)


def load_pair(path: Path) -> tuple[Motion, ...]:
    """The motions that `save_pair` wrote. Raises `SourceError`."""
    return tuple(Motion.join([Motion.of(block) for block in load_blocks(file)]) for file in files_of_pair(path))


def files_of_pair(path: Path) -> list[Path]:
    """The file of a clip, and that of the second person where there is one."""
    return [file for file in (path, _beside(path)) if file == path or file.exists()]


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}-02{path.suffix}")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError(Text(f"没有这个骨架文件：{path}", f"{path}: no such landmark file")) from error
    except DAMAGE as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError(
            Text(
                f"{path} 不是格式 {FORMAT} 的骨架文件，或已损坏（{reason}）；请重新评分这段视频",
                f"{path}: not a landmark file of format {FORMAT}, or damaged ({reason}); grade the clip again",
            )
        ) from error


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError.at(path, error) from error
