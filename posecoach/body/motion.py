"""What is kept of a person over a whole clip: the body points at every frame, and of the face a dozen numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from posecoach.body.face_geometry import FaceColumn, describe_faces
from posecoach.body.geometry import is_inside
from posecoach.body.hand_geometry import HandColumn, describe_hands
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Landmarks, Track
from posecoach.body.timeline import frame_durations_s
from posecoach.vocabulary import PoseModel

VISIBILITY_MIN = 0.5
"""From here on the model means that it sees a point, and does not guess it."""
_NO_FACE = Landmarks.absent((1, 1)).face_px
MOTION_ARRAYS = ("t_ms", "pose_px", "pose_world_m", "pose_visibility", "face", "hands")
"""What of a `Motion` has a row for each frame."""


@dataclass(frozen=True, eq=False)
class Motion:
    """A person over time; missing is NaN.

    ``t_ms`` (T,) strictly increasing; ``pose_px`` (T, 33, 2), ``pose_world_m`` (T, 33, 3) and ``pose_visibility`` (T, 33) as in `Track`;
    ``face`` (T, 17) with the columns of `FaceColumn`; ``hands`` (T, 2, 4) with those of `HandColumn`, left out
    where there are none. ``model`` found the pose. The face mesh itself would make memory grow by 4 KB a frame. ``is_known_body``: whoever
    found it has made sure that it is a body, as is done in a row; then it needs no face.
    """

    t_ms: Array
    pose_px: Array
    pose_world_m: Array
    pose_visibility: Array
    face: Array
    size_wh: tuple[int, int]
    hands: Array = field(default_factory=lambda: np.zeros((0, 2, len(HandColumn))))
    is_known_body: bool = False
    model: PoseModel = "full"

    def __post_init__(self) -> None:
        if len(self.hands) != len(self.t_ms):
            object.__setattr__(self, "hands", np.full((len(self.t_ms), 2, len(HandColumn)), np.nan))

    def __len__(self) -> int:
        return len(self.t_ms)

    @classmethod
    def of(cls, track: Track) -> Motion:
        """The motion of one track."""
        face = describe_faces(track.face_px, track.pose_px[:, [Pose.LEFT_EAR, Pose.RIGHT_EAR]].mean(1), track.model)
        hands = describe_hands(track.hands_m)
        return cls(track.t_ms, track.pose_px, track.pose_world_m, track.pose_visibility, face, track.size_wh, hands, model=track.model)

    @classmethod
    def join(cls, parts: Sequence[Motion]) -> Motion:
        """One motion of consecutive parts (at least one). Raises ValueError when time does not increase from part to part."""
        arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in MOTION_ARRAYS}
        if np.any(np.diff(arrays["t_ms"]) <= 0):
            raise ValueError("t_ms: must be strictly increasing")
        return cls(**arrays, size_wh=parts[0].size_wh, is_known_body=parts[0].is_known_body, model=parts[0].model)

    def where(self, kept: Array) -> Motion:
        """The frames that ``kept`` (T,) tells."""
        return self if kept.all() else replace(self, **{name: getattr(self, name)[kept] for name in MOTION_ARRAYS})

    def column(self, column: FaceColumn) -> Array:
        """One column of ``face``, (T,)."""
        return np.asarray(self.face[:, column])

    @cached_property
    def px(self) -> Array:
        """Body points (T, 33, 2) in double precision."""
        return self.pose_px.astype(float)

    @cached_property
    def world_m(self) -> Array:
        """Body points in metres (T, 33, 3) in double precision."""
        return self.pose_world_m.astype(float)

    @cached_property
    def points_seen(self) -> Array:
        """(T, 33) whether a point is really in the picture; the model guesses what is hidden, but says so."""
        return self.seen_from(VISIBILITY_MIN)

    def seen_from(self, visibility_min: float) -> Array:
        """(T, 33) whether a point is in the picture and as visible as that."""
        with np.errstate(invalid="ignore"):
            visible = self.pose_visibility >= visibility_min
        return np.asarray(visible & is_inside(self.pose_px, self.size_wh))

    @cached_property
    def duration_s(self) -> Array:
        """How long each frame stands for, (T,) seconds."""
        return frame_durations_s(self.t_ms)

    def landmarks_at(self, i: int) -> Landmarks:
        """The body of frame ``i`` with no face mesh."""
        return Landmarks(self.pose_px[i], self.pose_world_m[i], self.pose_visibility[i], _NO_FACE, self.size_wh, model=self.model)
