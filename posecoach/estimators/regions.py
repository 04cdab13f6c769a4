"""Where in the picture to look: who the main person is, where the head is, whether a face belongs to it. Pure geometry, pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from posecoach.body.landmarks import Face, Pose
from posecoach.body.records import Array

HEAD_SIDE_M = 0.45
"""Side of the head crop: about twice the height of a head."""
HOLD_SHARE = 0.15
"""The crop stays where it is until the head has moved by this share of its side."""
HOLD_RATIO = 1.25
"""... or its size differs by this factor."""
FACE_GATE_M = 0.045
"""An eye of the mesh may lie this far from the same eye of the pose. Measured on 2,300 faces: median 0.005, 99 of 100 below 0.026."""
WHOLE_MARGIN = 1.5
"""Side of the square round a whole picture, in long sides: the face detector wants to see more than the face."""
FOLLOW_MARGIN = 1.6
"""Sides of the region kept around a followed body, in sides of its box."""
START_MARGIN = 1.25
"""The same around a body that was only detected; its box is the square round the whole outstretched body."""
STAY_FACTOR = 2.0
"""How much another person must outweigh the one who has been followed for a moment,"""
KNOWN_FACTOR = 4.0
"""and one whom the clip is known to be about: as somebody does who stands at half the distance."""
SAME_PLACE = 0.5
"""Within this share of the radius a person is taken for the one who was there before."""
IN_LINE = 0.15
"""People nearer to each other than this share of the radius, sideways, stand behind each other and cannot be told apart by a region."""
SAME_TRUNK = 0.5
"""Two trunks that lie the opposite way are one where hips and shoulders are this near to each other, in lengths of the longer one."""

_TRUNK = slice(0, Pose.RIGHT_HIP + 1)
_HEAD = slice(0, Pose.MOUTH_RIGHT + 1)


class SeenPerson(NamedTuple):
    """A detected body: middle of the hips and radius of the circle around the outstretched body."""

    x: float
    y: float
    radius: float

    def distance(self, x: float, y: float) -> float:
        """Distance of a place from the hips."""
        return float(np.hypot(self.x - x, self.y - y))


class Box(NamedTuple):
    """A rectangle; may reach beyond the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def clipped(self, size_wh: tuple[int, int]) -> Box:
        """The part inside a picture; empty (left = right or top = bottom) when there is none."""
        width, height = size_wh
        left, top = min(max(self.left, 0), width), min(max(self.top, 0), height)
        return Box(left, top, max(left, min(self.right, width)), max(top, min(self.bottom, height)))


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the picture in whole pixels; may reach beyond the edges."""

    x: int
    y: int
    side: int

    @classmethod
    def around(cls, centre_px: Array, side_px: float) -> Square:
        """The square of ``side_px`` (at least 8) around a point (2,)."""
        side = max(8, round(side_px))
        return cls(round(float(centre_px[0]) - side / 2), round(float(centre_px[1]) - side / 2), side)

    def place(self, points: Array) -> Array:
        """Pixels of the picture for points (n, 2) given in shares of the side."""
        return points * self.side + (self.x, self.y)

    def holds(self, other: Square) -> bool:
        """Whether ``other`` is so near in place and size that this square may stay."""
        shift = max(abs(self.x + self.side / 2 - other.x - other.side / 2), abs(self.y + self.side / 2 - other.y - other.side / 2))
        return shift <= HOLD_SHARE * self.side and 1 / HOLD_RATIO <= other.side / self.side <= HOLD_RATIO


def px_per_m(pose_px: Array, pose_world_m: Array) -> float:
    """Scale of a body in the picture, from the spread of head, arms and trunk (33, 2) against the same in metres (33, 3); 0 if unknown."""
    spread_px = np.linalg.norm(pose_px[_TRUNK] - pose_px[_TRUNK].mean(axis=0))
    spread_m = np.linalg.norm(pose_world_m[_TRUNK, :2] - pose_world_m[_TRUNK, :2].mean(axis=0))
    scale = float(spread_px / spread_m) if spread_m > 0 else 0.0
    return scale if np.isfinite(scale) else 0.0


def head_square(pose_px: Array, scale: float) -> Square:
    """Where to cut the head out: (33, 2) pixels and pixels a metre."""
    return Square.around(head_centre(pose_px), HEAD_SIDE_M * scale)


def head_centre(pose_px: Array) -> Array:
    """Middle (2,) of the head's points of a body (33, 2)."""
    middle: Array = pose_px[_HEAD].mean(axis=0)
    return middle


def whole_square(size_wh: tuple[int, int]) -> Square:
    """The whole picture with a margin."""
    return Square.around(np.asarray(size_wh) / 2, WHOLE_MARGIN * max(size_wh))


def is_face_of(face_px: Array, pose_px: Array, scale: float) -> bool:
    """Whether both eyes of a face mesh (478, 2) lie where the pose (33, 2) has the same eyes; ``scale`` in pixels a metre."""
    left = face_px[[Face.LEFT_EYE_OUTER, Face.LEFT_EYE_INNER]].mean(axis=0) - pose_px[Pose.LEFT_EYE]
    right = face_px[[Face.RIGHT_EYE_OUTER, Face.RIGHT_EYE_INNER]].mean(axis=0) - pose_px[Pose.RIGHT_EYE]
    return bool(max(np.linalg.norm(left), np.linalg.norm(right)) <= FACE_GATE_M * scale)


def eye_distance(face_px: Array) -> float:
    """Pixels between the outer eye corners of a mesh (478, 2)."""
    return float(np.linalg.norm(face_px[Face.LEFT_EYE_OUTER] - face_px[Face.RIGHT_EYE_OUTER]))


def hips(pose_px: Array) -> tuple[float, float]:
    """Middle of the hips of a body (33, 2)."""
    x, y = pose_px[[Pose.LEFT_HIP, Pose.RIGHT_HIP]].mean(axis=0)
    return float(x), float(y)


def nearest(people: Sequence[SeenPerson], place: tuple[float, float]) -> SeenPerson:
    """The one of ``people`` (not empty) whose hips are nearest to a place."""
    return min(people, key=lambda person: person.distance(*place))


def seen_once(people: Sequence[SeenPerson], shoulders_px: Array) -> list[SeenPerson]:
    """``people``, the surest first, without those who are one of the surer ones taken head for feet, as a bent body may be.

    ``shoulders_px`` (n, 2): the middle of everybody's shoulders. Trunks that lie the same way may be of two people, one behind the other.
    """
    trunks = np.array([(*person[:2], *shoulders) for person, shoulders in zip(people, shoulders_px, strict=True)]).reshape(-1, 2, 2)
    kept: list[int] = []
    for i, trunk in enumerate(trunks):
        if not any(_is_turned_over(trunk, trunks[j]) for j in kept):
            kept.append(i)
    return [people[i] for i in kept]


def _is_turned_over(trunk: Array, other: Array) -> bool:
    """Whether a trunk (2, 2), hips and shoulders, lies in the place of another with its ends exchanged."""
    length = max(np.linalg.norm(trunk[1] - trunk[0]), np.linalg.norm(other[1] - other[0]))
    is_opposite = np.dot(trunk[1] - trunk[0], other[1] - other[0]) < 0
    return bool(is_opposite and np.linalg.norm(trunk - other[::-1], axis=1).max() <= SAME_TRUNK * length)


def main_person(people: Sequence[SeenPerson], size_wh: tuple[int, int], home: tuple[float, float] | None, stay_factor: float) -> SeenPerson:
    """The main one of ``people`` (not empty): the most prominent; who stays where ``home`` has been counts ``stay_factor`` times."""

    def weight(person: SeenPerson) -> float:
        stays = home is not None and person.distance(*home) <= SAME_PLACE * person.radius
        return prominence(person, size_wh) * (stay_factor if stays else 1.0)

    return max(people, key=weight)


def prominence(person: SeenPerson, size_wh: tuple[int, int]) -> float:
    """Size times centrality: the radius squared, halved when the hips are at the left or right edge of the picture."""
    off_centre = abs(2.0 * person.x / size_wh[0] - 1.0)
    return person.radius**2 * (1.0 - 0.5 * min(off_centre, 1.0))


def start_region(person: SeenPerson, others: Sequence[SeenPerson]) -> Box:
    """The part of the picture in which the models find ``person``: around the body, and at most half-way to the ``others``."""
    reach = START_MARGIN * person.radius
    left, right = person.x - reach, person.x + reach
    for other in others:
        gap = other.x - person.x
        border = person.x + gap * person.radius / (person.radius + other.radius)
        if gap > IN_LINE * person.radius:
            right = min(right, border)
        elif gap < -IN_LINE * person.radius:
            left = max(left, border)
    return Box(left, person.y - reach, right, person.y + reach)


def follow_region(pose_px: Array) -> Box:
    """The part of the picture kept around a body (33, 2) for its next frame."""
    low, high = pose_px.min(axis=0), pose_px.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2 * FOLLOW_MARGIN
    return Box(*(middle - half).tolist(), *(middle + half).tolist())
