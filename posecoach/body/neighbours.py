"""What people close together hide of each other, and which body points may have been taken from a neighbour.

Pure geometry in the picture. Lengths are in metres of the body concerned: pixels divided by its scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.body.geometry import is_inside
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Landmarks

HIDDEN_SHARE = 1 / 3
"""Somebody of whose trunk and limbs this share is covered is not judged at all."""
EDGE_SHARE = 0.004
"""A joint as near to the left or right edge of the picture as this share of its width lies at the edge."""
DEEPER_M = 0.08
"""Ankles higher in the picture by this stand further back: 25 cm for a camera at 1.4 m that is 4 m away."""
SMALLER = 1.1
"""Without the ankles, somebody smaller by this factor stands further back."""
SAME_JOINT_M = 0.06
"""Joints of the same kind as near as this are one joint found twice: an upper arm alone is 10 cm wide."""
BENT_TRUNK_M = 0.33
"""A trunk that looks shorter than this is bent by 45 degrees towards the camera or away from it: upright ones look 0.47 long."""
TURNED_M = 0.08
"""Shoulders and hips further apart than this, the wrong way round, are those of a back: half the width of hips."""

THICKEST_M = 0.3
"""No part of a body reaches further beyond its joints than this."""

MAIN = (
    *(Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER, Pose.LEFT_ELBOW, Pose.RIGHT_ELBOW, Pose.LEFT_WRIST, Pose.RIGHT_WRIST),
    *(Pose.LEFT_HIP, Pose.RIGHT_HIP, Pose.LEFT_KNEE, Pose.RIGHT_KNEE, Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE),
)
"""The joints of trunk and limbs."""
_ANKLES = (Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE)
_PAIRS = (
    (Pose.LEFT_ELBOW, Pose.RIGHT_ELBOW),
    (Pose.LEFT_WRIST, Pose.RIGHT_WRIST),
    (Pose.LEFT_KNEE, Pose.RIGHT_KNEE),
    _ANKLES,
)
_BEYOND = {
    Pose.LEFT_WRIST: (Pose.LEFT_PINKY, Pose.LEFT_INDEX, Pose.LEFT_THUMB),
    Pose.RIGHT_WRIST: (Pose.RIGHT_PINKY, Pose.RIGHT_INDEX, Pose.RIGHT_THUMB),
    Pose.LEFT_ANKLE: (Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX),
    Pose.RIGHT_ANKLE: (Pose.RIGHT_HEEL, Pose.RIGHT_FOOT_INDEX),
}
_LIMBS = (
    (Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW, 0.055),
    (Pose.RIGHT_SHOULDER, Pose.RIGHT_ELBOW, 0.055),
    (Pose.LEFT_ELBOW, Pose.LEFT_WRIST, 0.045),
    (Pose.RIGHT_ELBOW, Pose.RIGHT_WRIST, 0.045),
    (Pose.LEFT_HIP, Pose.LEFT_KNEE, 0.08),
    (Pose.RIGHT_HIP, Pose.RIGHT_KNEE, 0.08),
    (Pose.LEFT_KNEE, Pose.LEFT_ANKLE, 0.055),
    (Pose.RIGHT_KNEE, Pose.RIGHT_ANKLE, 0.055),
)
"""Limbs as rods with rounded ends: the joints and half the thickness."""
_HEAD_M = 0.11
_SEEN_MIN = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A body in the picture: ``px`` (33, 2) pixels, ``visibility`` (33,), ``scale`` pixels a metre, ``size_wh`` of the picture."""

    px: Array
    visibility: Array
    scale: float
    size_wh: tuple[int, int]

    @classmethod
    def of(cls, landmarks: Landmarks, scale: float) -> Figure:
        """The figure of a person's landmarks."""
        return cls(landmarks.pose_px.astype(float), landmarks.pose_visibility, scale, landmarks.size_wh)


def doubtful_joints(one: Figure, others: Iterable[Figure]) -> Array:
    """(33,) whether each point of ``one`` is covered by somebody in front or beside, or may be somebody else's."""
    doubtful = np.zeros(len(one.px), bool)
    for other in others:
        if not is_behind(other, one):
            doubtful |= covered(one.px, other)
        doubtful |= _lent(one, other)
    for joint, beyond in _BEYOND.items():
        doubtful[list(beyond)] |= doubtful[joint]
    return doubtful


def may_touch(one: Figure, other: Figure) -> bool:
    """Whether two people are so near in the picture that one may cover or lend a joint; else the rest need not be looked at."""
    gap = max(float(one.px[:, 0].min() - other.px[:, 0].max()), float(other.px[:, 0].min() - one.px[:, 0].max()))
    return gap < THICKEST_M * max(one.scale, other.scale)


def is_hidden(doubtful: Array) -> bool:
    """Whether so many of a person's joints are doubtful (33,) that nothing should be said of them."""
    return bool(doubtful[list(MAIN)].mean() >= HIDDEN_SHARE)


def is_at_edge(one: Figure) -> bool:
    """Whether the left or right edge of the picture cuts a person."""
    x, width = one.px[list(MAIN), 0], one.size_wh[0]
    return bool(((x < EDGE_SHARE * width) | (x > (1 - EDGE_SHARE) * width)).any())


def is_bent(one: Figure) -> bool:
    """Whether a person bends so far that the trunk is seen from its end: sideways angles of it mean nothing then.

    False where shoulders or hips are not seen.
    """
    trunk = [*MAIN[0:2], *MAIN[6:8]]
    if one.visibility[trunk].min() < _SEEN_MIN or not is_inside(one.px[trunk], one.size_wh).all():
        return False
    shoulders, hips = one.px[trunk[:2]].mean(axis=0), one.px[trunk[2:]].mean(axis=0)
    return bool(np.linalg.norm(shoulders - hips) < BENT_TRUNK_M * one.scale)


def is_from_behind(one: Figure) -> bool:
    """Whether a person shows the back: the left shoulder and hip plainly lie to the left of the right ones."""
    pairs = ((MAIN[0], MAIN[1]), (MAIN[6], MAIN[7]))
    return all(one.px[right, 0] - one.px[left, 0] > TURNED_M * one.scale for left, right in pairs)


def is_behind(one: Figure, other: Figure) -> bool:
    """Whether ``one`` plainly stands further back than ``other``; False also when it cannot be told."""
    feet = [_feet_y(figure) for figure in (one, other)]
    if np.isfinite(feet).all():
        return bool(feet[1] - feet[0] > DEEPER_M * one.scale)
    return one.scale * SMALLER < other.scale


def _feet_y(figure: Figure) -> float:
    ankles = list(_ANKLES)
    seen = (figure.visibility[ankles] >= _SEEN_MIN) & (figure.px[ankles, 1] < figure.size_wh[1])
    return float(figure.px[ankles, 1].mean()) if seen.all() else float("nan")


def covered(points: Array, by: Figure) -> Array:
    """(n,) whether points (n, 2) of the picture lie on a body, taken as rods for trunk and limbs and a disc for the head."""
    px = by.px
    shoulders, hips = (px[list(pair)].mean(axis=0) for pair in ((MAIN[0], MAIN[1]), (MAIN[6], MAIN[7])))
    half_width = max(0.5 * float(np.linalg.norm(px[MAIN[0]] - px[MAIN[1]])), 0.1 * by.scale)
    eyes = px[[Pose.LEFT_EYE, Pose.RIGHT_EYE]].mean(axis=0)
    inside = _distance(points, shoulders, hips) < half_width
    inside |= _distance(points, eyes, shoulders) < _HEAD_M * by.scale
    for start, end, radius_m in _LIMBS:
        inside |= _distance(points, px[start], px[end]) < radius_m * by.scale
    return np.asarray(inside)


def _distance(points: Array, start: Array, end: Array) -> Array:
    """Distances (n,) of points (n, 2) from a line between two points."""
    way = end - start
    share = np.clip((points - start) @ way / max(float(way @ way), 1e-9), 0.0, 1.0)
    return np.asarray(np.linalg.norm(points - start - share[:, None] * way, axis=1))


def _lent(one: Figure, other: Figure) -> Array:
    """(33,) points of ``one`` that are just where ``other`` has the same joint."""
    lent = np.zeros(len(one.px), bool)
    for pair in _PAIRS:
        for joint in pair:
            gaps = np.linalg.norm(other.px[list(pair)] - one.px[joint], axis=1)
            lent[joint] = lent[joint] or bool((gaps < SAME_JOINT_M * min(one.scale, other.scale)).any())
    return lent


def without(landmarks: Landmarks, doubtful: Sequence[bool] | Array) -> Landmarks:
    """Landmarks whose doubtful points (33,) count as hidden: measures that need them are unjudged."""
    visibility = np.where(np.asarray(doubtful), 0.0, landmarks.pose_visibility)
    return Landmarks(landmarks.pose_px, landmarks.pose_world_m, visibility, landmarks.face_px, landmarks.size_wh, model=landmarks.model)
