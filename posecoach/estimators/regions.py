"""Where in the picture to look: who the main person is, where the head is, whether a face belongs to it. Pure geometry, pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.landmarks import Face, Pose
from posecoach.records import Array

HEAD_SIDE_M = 0.45
"""Side of the head crop: about twice the height of a head."""
HOLD_SHARE = 0.15
"""The crop stays where it is until the head has moved by this share of its side."""
HOLD_RATIO = 1.25
"""... or its size differs by this factor."""
FACE_GATE_M = 0.06
"""An eye of the mesh may lie this far from the same eye of the pose; measured 0.003 on matching faces, 0.03 at most while crouching."""
SAME_PERSON_IOU = 0.5
"""Boxes that overlap more are one person found twice."""
STAY_FACTOR = 2.0
"""How much another person must outweigh the one who is being followed."""
MARGIN = 1.6
"""Side of the region kept around the followed person, in box sides."""
TIGHT_MARGIN = 1.15
"""The same while the tracker has yet to find the person."""

WHOLE_MARGIN = 1.5

_TRUNK = slice(0, Pose.RIGHT_HIP + 1)
_HEAD = slice(0, Pose.MOUTH_RIGHT + 1)


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the picture: whole pixels, may reach beyond the edges."""

    x: int
    y: int
    side: int

    @classmethod
    def around(cls, centre_px: Array, side_px: float) -> Square:
        """The square of ``side_px`` (at least 8) around a point (2,)."""
        side = max(8, round(side_px))
        return cls(round(float(centre_px[0]) - side / 2), round(float(centre_px[1]) - side / 2), side)

    def holds(self, other: Square) -> bool:
        """Whether ``other`` is so near in place and size that this square may stay."""
        slack = HOLD_SHARE * self.side
        near = max(abs(self.x + self.side / 2 - other.x - other.side / 2), abs(self.y + self.side / 2 - other.y - other.side / 2)) <= slack
        return near and 1 / HOLD_RATIO <= other.side / self.side <= HOLD_RATIO


def px_per_m(pose_px: Array, pose_world_m: Array) -> float:
    """Scale of a body in the picture, from the spread of head, arms and trunk (33, 2) against the same in metres (33, 3); 0 if unknown."""
    spread_px = np.linalg.norm(pose_px[_TRUNK] - pose_px[_TRUNK].mean(axis=0))
    spread_m = np.linalg.norm(pose_world_m[_TRUNK, :2] - pose_world_m[_TRUNK, :2].mean(axis=0))
    scale = float(spread_px / spread_m) if spread_m > 0 else 0.0
    return scale if np.isfinite(scale) else 0.0


def head_square(pose_px: Array, scale: float) -> Square:
    """Where to cut the head out: (33, 2) pixels and pixels a metre."""
    return Square.around(pose_px[_HEAD].mean(axis=0), HEAD_SIDE_M * scale)


def is_face_of(face_px: Array, pose_px: Array, scale: float) -> bool:
    """Whether both eyes of a face mesh (478, 2) lie where the pose (33, 2) has the same eyes."""
    eyes = np.stack([
        face_px[[Face.LEFT_EYE_OUTER, Face.LEFT_EYE_INNER]].mean(axis=0),
        face_px[[Face.RIGHT_EYE_OUTER, Face.RIGHT_EYE_INNER]].mean(axis=0),
    ])  # fmt: skip
    gaps = np.linalg.norm(eyes - pose_px[[Pose.LEFT_EYE, Pose.RIGHT_EYE]], axis=1)
    return bool((gaps <= FACE_GATE_M * scale).all())


def eye_distance(face_px: Array) -> float:
    """Pixels between the outer eye corners of a mesh (478, 2)."""
    return float(np.linalg.norm(face_px[Face.LEFT_EYE_OUTER] - face_px[Face.RIGHT_EYE_OUTER]))


def whole_square(size_wh: tuple[int, int]) -> Square:
    """The whole picture with a margin, as the face detector wants to see more than the face."""
    return Square.around(np.asarray(size_wh) / 2, WHOLE_MARGIN * max(size_wh))


def box_of(pose_px: Array, size_wh: tuple[int, int]) -> Array:
    """The part of a body (33, 2) that lies in the picture, as x0, y0, x1, y1."""
    limits = np.asarray(size_wh, np.float64)
    return np.concatenate([np.clip(pose_px.min(axis=0), 0, limits), np.clip(pose_px.max(axis=0), 0, limits)])


def overlap(one: Array, other: Array) -> float:
    """Intersection over union of two boxes (4,); 0 where either is empty."""
    inner = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    common = float(np.prod(np.maximum(inner, 0)))
    total = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - common
    return common / total if total > 0 else 0.0


def distinct(boxes: list[Array]) -> list[int]:
    """Indices of the boxes left when a person found twice is counted once (the first stays)."""
    kept: list[int] = []
    for i, box in enumerate(boxes):
        if all(overlap(box, boxes[k]) < SAME_PERSON_IOU for k in kept):
            kept.append(i)
    return kept


def prominence(box: Array, size_wh: tuple[int, int]) -> float:
    """Size times centrality: area of the box (pixels squared), halved when its middle is at the edge of the picture."""
    area = float(np.prod(box[2:] - box[:2]))
    off_centre = abs(float(box[0] + box[2]) / size_wh[0] - 1.0)
    return area * (1.0 - 0.5 * min(off_centre, 1.0))


def main_person(boxes: list[Array], size_wh: tuple[int, int], home: Array | None) -> int:
    """Index of the main person among ``boxes`` (not empty): the most prominent, with a bonus for who is where ``home`` (4,) has been."""
    scores = [prominence(box, size_wh) * (1.0 + (STAY_FACTOR - 1.0) * (0.0 if home is None else overlap(box, home))) for box in boxes]
    return int(np.argmax(scores))


def nearest(boxes: list[Array], box: Array) -> Array:
    """The one of ``boxes`` (not empty) that overlaps ``box`` most."""
    return max(boxes, key=lambda other: overlap(other, box))


def region_around(box: Array, margin: float, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of the picture kept around a box, ``margin`` times its sides: x0, y0, x1, y1 in whole pixels inside the picture."""
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * margin
    low, high = np.maximum(middle - half, 0), np.minimum(middle + half, size_wh)
    return int(low[0]), int(low[1]), int(np.ceil(high[0])), int(np.ceil(high[1]))
