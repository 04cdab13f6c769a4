"""Tracks on disk come back exactly, and damage is told in one line."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.body.motion import Motion
from posecoach.body.records import Array, Landmarks, Track
from posecoach.errors import OutputError, SourceError
from posecoach.storage.landmark_files import BLOCK_FRAMES, TrackWriter, load_blocks, load_meta, save_track
from tests.tracks import load_track

ARRAYS = ("t_ms", "pose_px", "pose_world_m", "pose_visibility", "face_px")


def _landmarks(rng: np.random.Generator, *, body: bool = True, face: bool = True) -> Landmarks:
    absent = Landmarks.absent((640, 480))
    return Landmarks(
        pose_px=rng.normal(300, 90, (33, 2)) if body else absent.pose_px,
        pose_world_m=rng.normal(0, 1, (33, 3)) if body else absent.pose_world_m,
        pose_visibility=rng.random(33) if body else absent.pose_visibility,
        face_px=rng.normal(300, 9, (478, 2)) if face else absent.face_px,
        size_wh=(640, 480),
    )


def _track(frames: int) -> Track:
    rng = np.random.default_rng(7)
    items = [_landmarks(rng, body=i % 5 != 4, face=i % 3 == 0) for i in range(frames)]
    return Track.from_landmarks([i * 33.3667 for i in range(frames)], items, (640, 480))


@pytest.mark.parametrize("frames", [0, 1, 20])
def test_a_track_comes_back_exactly(tmp_path: Path, frames: int) -> None:
    track = _track(frames)
    save_track(tmp_path / "a.npz", track, {"clip": "站姿.mp4", "fps": 29.97, "drill": 1})
    loaded, meta = load_track(tmp_path / "a.npz")
    for name in ARRAYS:
        before, after = getattr(track, name), getattr(loaded, name)
        assert after.dtype == before.dtype
        assert np.array_equal(before, after, equal_nan=True), name
    assert loaded.size_wh == (640, 480)
    assert meta == {"clip": "站姿.mp4", "fps": 29.97, "drill": 1}


def test_blocks_are_written_and_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    frames = BLOCK_FRAMES + 10
    absent = Landmarks.absent((640, 480))
    face = _landmarks(np.random.default_rng(1))
    track = Track.from_landmarks([float(i) for i in range(frames)], [face if i % 1000 == 7 else absent for i in range(frames)], (640, 480))
    with TrackWriter(path) as writer:
        for part in (slice(0, 100), slice(100, 101), slice(101, frames)):
            writer.add(Track(**{name: getattr(track, name)[part] for name in ARRAYS}, size_wh=(640, 480)))
        writer.finish((640, 480), {"fps": 10})
    blocks = list(load_blocks(path))
    assert [len(block) for block in blocks] == [BLOCK_FRAMES, 10]
    assert np.array_equal(np.concatenate([block.face_px for block in blocks]), track.face_px, equal_nan=True)
    assert load_meta(path) == {"fps": 10}


def test_without_finish_no_file_appears(tmp_path: Path) -> None:
    with TrackWriter(tmp_path / "a.npz") as writer:
        writer.add(_track(3))
    assert list(tmp_path.iterdir()) == []


def test_one_missing_face_point_stays_the_only_one(tmp_path: Path) -> None:
    face = np.zeros((478, 2))
    face[5] = np.nan
    absent = Landmarks.absent((10, 10))
    item = Landmarks(absent.pose_px, absent.pose_world_m, absent.pose_visibility, face, (10, 10))
    save_track(tmp_path / "a.npz", Track.from_landmarks([0.0], [item], (10, 10)), {})
    assert np.flatnonzero(np.isnan(load_track(tmp_path / "a.npz")[0].face_px[0, :, 0])).tolist() == [5]


def test_frames_without_a_face_take_little_room(tmp_path: Path) -> None:
    absent = Track.from_landmarks([float(i) for i in range(100)], [Landmarks.absent((640, 480))] * 100, (640, 480))
    save_track(tmp_path / "a.npz", absent, {})
    assert (tmp_path / "a.npz").stat().st_size < 100 * 1000


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_cut_off_is_damaged(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.npz"
    save_track(path, _track(20), {})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(SourceError, match=r"^.*a\.npz: not a landmark file of format 1, or damaged \(.*\); grade the clip again$"):
        load_track(path)


def test_a_changed_byte_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    save_track(path, _track(20), {})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError, match="damaged"):
        load_track(path)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": np.zeros(3)},
        {"format": np.asarray(2)},
        {"format": np.asarray(1), "t_ms": np.array([0.0, None])},
        {"format": np.asarray(1), "t_ms": np.zeros(2), "face_frames": np.asarray([9]), "face_px": np.zeros((1, 478, 2))},
    ],
    ids=["something else", "a later format", "objects", "a face of no frame"],
)
def test_another_npz_is_refused(tmp_path: Path, arrays: dict[str, Array]) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(SourceError, match="not a landmark file"):
        load_track(tmp_path / "a.npz")


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.npz: no such landmark file$"):
        load_track(tmp_path / "no.npz")


def test_writing_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=re.escape(str(tmp_path / "no" / "a.npz"))):
        save_track(tmp_path / "no" / "a.npz", _track(1), {})


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.npz"
    save_track(path, _track(1), {"old": 1})

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OutputError, match="No space left on device"):
        save_track(path, _track(2), {})
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]
    monkeypatch.undo()
    assert load_track(path)[1] == {"old": 1}


def test_a_long_clip_is_loaded_whole(tmp_path: Path) -> None:
    frames = 3 * BLOCK_FRAMES + 10
    rng = np.random.default_rng(1)
    poses = {"pose_px": (33, 2), "pose_world_m": (33, 3), "pose_visibility": (33,)}
    faces = np.full((frames, 478, 2), np.nan, np.float32)
    faces[::50] = rng.random(faces[::50].shape, np.float32)
    arrays: dict[str, Any] = {name: rng.random((frames, *shape), np.float32) for name, shape in poses.items()}
    track = Track(t_ms=np.arange(frames) * 100.0, face_px=faces, size_wh=(640, 480), **arrays)
    save_track(tmp_path / "a.npz", track, {})
    loaded, _ = load_track(tmp_path / "a.npz")
    assert all(np.array_equal(getattr(loaded, name), getattr(track, name), equal_nan=True) for name in ARRAYS)


def test_the_model_that_found_the_body_is_kept(tmp_path: Path) -> None:
    stored = tmp_path / "a.npz"
    save_track(stored, replace(_track(3), model="heavy"), {})
    (block,) = load_blocks(stored)
    assert (block.model, block.since(0.0).model, block.at(0).model, Motion.of(block).model) == ("heavy",) * 4
