"""The value objects that travel between the parts. Shapes are checked on construction, arrays are read-only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from posecoach.body.landmarks import FACE_COUNT, HAND_COUNT, POSE_COUNT
from posecoach.vocabulary import PoseModel, Posture, View

Array = npt.NDArray[Any]


def _frozen(array: Array, shape: tuple[int | None, ...], dtype: Any, name: str) -> Array:
    out = np.ascontiguousarray(array, dtype=dtype)
    if len(out.shape) != len(shape) or any(want not in (None, got) for want, got in zip(shape, out.shape, strict=True)):
        raise ValueError(f"{name}: expected shape {shape}, got {out.shape}")
    if not out.flags.writeable and (out.base is None or isinstance(out.base, bytes)):
        return out
    if out is array or out.base is not None:
        out = out.copy()
    out.setflags(write=False)
    return out


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a source.

    ``image_bgr`` (h, w, 3) uint8 contiguous; ``index`` counts the pictures handed out; ``t_ms`` strictly increasing, from the container
    for files and from the monotonic clock for cameras; ``source`` names where it came from (never with a password in it).
    """

    image_bgr: npt.NDArray[np.uint8]
    index: int
    t_ms: float
    source: str

    def __post_init__(self) -> None:
        if self.image_bgr.ndim != 3 or self.image_bgr.shape[2] != 3 or self.image_bgr.dtype != np.uint8:
            raise ValueError(f"image_bgr: expected (h, w, 3) uint8, got {self.image_bgr.shape} {self.image_bgr.dtype}")
        if not self.image_bgr.flags.c_contiguous:
            raise ValueError("image_bgr: must be contiguous; MediaPipe reads a view as garbage")

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image_bgr.shape[1], self.image_bgr.shape[0]

    @property
    def small_grey(self) -> Array | None:
        """The picture (h, w) uint8 in grey, some 160 pixels long, to see whether anything moves; None where it costs more than it saves."""
        return None


@dataclass(frozen=True, slots=True)
class Turn:
    """What is done to every picture of a source before anybody looks: turned clockwise by 0, 90, 180 or 270 degrees, then mirrored."""

    rotate_deg: int = 0
    is_mirrored: bool = False

    def __post_init__(self) -> None:
        if self.rotate_deg not in (0, 90, 180, 270):
            raise ValueError(f"rotate_deg: expected 0, 90, 180 or 270, got {self.rotate_deg}")


AS_IT_IS = Turn()
"""Nothing is done to the pictures."""


_NO_HANDS = np.full((2, HAND_COUNT, 3), np.nan, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """What an estimator found in one frame; missing is NaN, never zero. Pixels of the (unmirrored) frame, x right, y down.

    ``pose_px`` (33, 2), ``pose_world_m`` (33, 3) metres from the mid-hip, ``pose_visibility`` (33,) 0..1, ``face_px`` (478, 2),
    ``hands_m`` (2, 21, 3) metres from the middle of each hand, the left one first, x and y as in the picture, z away from the camera.
    No person: all NaN. No face: ``face_px`` all NaN. No hand, or none looked for: NaN. ``model`` found the pose.
    """

    pose_px: Array
    pose_world_m: Array
    pose_visibility: Array
    face_px: Array
    size_wh: tuple[int, int]
    hands_m: Array = field(default_factory=lambda: _NO_HANDS)
    model: PoseModel = "full"

    def __post_init__(self) -> None:
        for name, shape in _LANDMARK_SHAPES.items():
            object.__setattr__(self, name, _frozen(getattr(self, name), shape, np.float32, name))

    @classmethod
    def absent(cls, size_wh: tuple[int, int], model: PoseModel = "full") -> Landmarks:
        """Landmarks of a frame in which nobody was found."""
        return cls(**{name: np.full(shape, np.nan, np.float32) for name, shape in _LANDMARK_SHAPES.items()}, size_wh=size_wh, model=model)

    def placed(self, origin: tuple[float, float], scale: float, size_wh: tuple[int, int]) -> Landmarks:
        """The same in a part of the picture that begins at ``origin``, scaled, of ``size_wh``."""
        shift = np.asarray(origin)
        pose_px, face_px = ((points - shift) * scale for points in (self.pose_px, self.face_px))
        return replace(self, pose_px=pose_px, face_px=face_px, size_wh=size_wh)

    @property
    def has_pose(self) -> bool:
        """Whether a body was found."""
        return bool(np.isfinite(self.pose_px).any())

    @property
    def has_face(self) -> bool:
        """Whether a face was found."""
        return bool(np.isfinite(self.face_px).any())


_LANDMARK_SHAPES: dict[str, tuple[int, ...]] = {
    "pose_px": (POSE_COUNT, 2),
    "pose_world_m": (POSE_COUNT, 3),
    "pose_visibility": (POSE_COUNT,),
    "face_px": (FACE_COUNT, 2),
    "hands_m": _NO_HANDS.shape,
}


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Landmarks of one person over time: the arrays of `Landmarks` with a leading axis T, and ``t_ms`` (T,) strictly increasing.

    Without ``hands_m`` there are no hands. ``model`` found the pose in all frames.
    """

    t_ms: Array
    pose_px: Array
    pose_world_m: Array
    pose_visibility: Array
    face_px: Array
    size_wh: tuple[int, int]
    hands_m: Array = field(default_factory=lambda: np.zeros((0, *_NO_HANDS.shape), np.float32))
    model: PoseModel = "full"

    def __post_init__(self) -> None:
        object.__setattr__(self, "t_ms", _frozen(self.t_ms, (None,), np.float64, "t_ms"))
        if len(self.hands_m) != len(self.t_ms):
            object.__setattr__(self, "hands_m", np.full((len(self.t_ms), *_NO_HANDS.shape), np.nan, np.float32))
        if np.any(np.diff(self.t_ms) <= 0):
            raise ValueError("t_ms: must be strictly increasing")
        for name, shape in _LANDMARK_SHAPES.items():
            object.__setattr__(self, name, _frozen(getattr(self, name), (len(self.t_ms), *shape), np.float32, name))

    def __len__(self) -> int:
        return len(self.t_ms)

    @classmethod
    def from_landmarks(cls, t_ms: list[float], items: list[Landmarks], size_wh: tuple[int, int]) -> Track:
        """Stack per-frame landmarks of one model; all must have the size ``size_wh``. An empty list gives a track of length 0."""
        arrays = {
            name: np.stack([getattr(item, name) for item in items]) if items else np.zeros((0, *shape), np.float32)
            for name, shape in _LANDMARK_SHAPES.items()
        }
        model: PoseModel = next((item.model for item in items if item.has_pose), "full")
        return cls(t_ms=np.asarray(t_ms, np.float64), **arrays, size_wh=size_wh, model=model)

    def since(self, t_ms: float) -> Track:
        """The frames from a time on."""
        first = int(np.searchsorted(self.t_ms, t_ms))
        arrays = {name: getattr(self, name)[first:] for name in ("t_ms", *_LANDMARK_SHAPES)}
        return Track(**arrays, size_wh=self.size_wh, model=self.model)

    def at(self, i: int) -> Landmarks:
        """Landmarks of frame ``i``."""
        return Landmarks(**{name: getattr(self, name)[i] for name in _LANDMARK_SHAPES}, size_wh=self.size_wh, model=self.model)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in seconds with one posture and one view."""

    start_s: float
    end_s: float
    posture: Posture
    view: View


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where on the body a measure can be shown; each of ``points`` is the mean of the named body points.

    ``tilt``: line a-b against the horizontal; ``lean``: line a-b against the vertical; ``angle``: at b, between a and c;
    ``gap``: distance a-b; ``across`` and ``height``: how far b lies from a sideways or in height; ``limbs``: the limbs between the points,
    without a line; ``head``: beside the face, no points. What lies on one side of the body is given for the left.
    ``added``: what the measure adds to the angle in the picture, degrees.
    """

    kind: Literal["tilt", "lean", "angle", "gap", "across", "height", "limbs", "head"]
    points: tuple[tuple[int, ...], ...] = ()
    added: float = 0.0
