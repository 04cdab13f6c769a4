"""Stored landmarks of rendered clips with what must be said about them. Made by `make golden`, checked by test_golden.

`NAME.npz` holds a clip's landmarks, quantised to 1/16 pixel, 1/2 mm and 1/255 of visibility. `expected.json` holds for each clip its
drill and profile, the clauses its truth knows (true: met), those nobody could judge, and the verdict on each when the file was made.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.landmarks import Face, Pose
from posecoach.body.records import Array, Landmarks, Track

FOLDER = Path(__file__).parent
PX, METRE, SEEN = 16, 2000, 255
ABSENT = np.iinfo(np.int16).min
BADNESS = {
    True: {"pass": 0, "warn": 1, "unjudged": 1, "fail": 4},
    False: {"fail": 0, "warn": 1, "unjudged": 2, "pass": 4},
    None: {"unjudged": 0, "warn": 4, "pass": 4, "fail": 4},
}
"""How bad a verdict is where the clause is met, not met, or cannot be judged."""


def _whole(values: Array, scale: int) -> Array:
    scaled = np.clip(np.round(values * scale), ABSENT + 1, np.iinfo(np.int16).max)
    return np.where(np.isfinite(values), scaled, ABSENT).astype(np.int16)


def _real(whole: Array, scale: int) -> Array:
    return np.where(whole == ABSENT, np.nan, whole / scale).astype(np.float32)


def pack(path: Path, track: Track) -> None:
    """Write a track, quantised; changes from frame to frame, which are small."""
    found = np.flatnonzero(np.isfinite(track.face_px).all((1, 2)))
    arrays = {"pose_px": (track.pose_px, PX), "pose_world_m": (track.pose_world_m, METRE), "pose_visibility": (track.pose_visibility, SEEN)}
    steps = {name: np.diff(_whole(values, scale), axis=0, prepend=np.int16(0)) for name, (values, scale) in arrays.items()}
    steps["face_px"] = np.diff(_whole(track.face_px[found], PX), axis=0, prepend=np.int16(0))
    np.savez_compressed(path, t_ms=track.t_ms, size_wh=np.array(track.size_wh), face_frames=found, **steps)


def unpack(path: Path) -> Track:
    """The track in a file of `pack`."""
    with np.load(path) as stored:
        pose: dict[str, Any] = {
            name: _real(np.cumsum(stored[name], axis=0, dtype=np.int16), scale)
            for name, scale in (("pose_px", PX), ("pose_world_m", METRE), ("pose_visibility", SEEN))
        }
        face_px = np.full((len(stored["t_ms"]), *stored["face_px"].shape[1:]), np.nan, np.float32)
        face_px[stored["face_frames"]] = _real(np.cumsum(stored["face_px"], axis=0, dtype=np.int16), PX)
        width, height = (int(side) for side in stored["size_wh"])
        return Track(t_ms=stored["t_ms"], **pose, face_px=face_px, size_wh=(width, height))


def with_face(seen: Landmarks) -> Landmarks:
    """Landmarks without a mesh of the face, with that of a man who looks straight ahead, laid on their eyes."""
    mesh = unpack(FOLDER / "stand_ok_m6_front_00.npz").face_px[0].astype(float)
    ends = mesh[[Face.RIGHT_EYE_OUTER, Face.LEFT_EYE_OUTER]], seen.pose_px[[Pose.RIGHT_EYE_OUTER, Pose.LEFT_EYE_OUTER]]
    scale = np.ptp(ends[1][:, 0]) / np.ptp(ends[0][:, 0])
    return replace(seen, face_px=(mesh - ends[0].mean(0)) * scale + ends[1].mean(0))


def expected() -> dict[str, Any]:
    """What `expected.json` says, by clip."""
    said: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    return said


def badness(truth: dict[str, bool | None], states: dict[str, str]) -> dict[str, int]:
    """How bad the verdicts on a clip are, by clause."""
    return {clause: BADNESS[is_met][states.get(clause, "unjudged")] for clause, is_met in truth.items()}
