"""What a measure is, and how its gates are applied.

A measure is a function of a `Body` that returns a value for each frame, (T,). Its `MeasureSpec` says what it needs; `take` applies the
gates (needed joints in the picture, legs not hidden, large enough, a value a body can show) and says why a value is missing. Which views
and postures a measure is used in is the rule's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.measures.far_ends import is_possible
from posecoach.vocabulary import Reason

SHOULDER_MIN_PX = 12.0


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure with its unit and gates.

    Needed joints are given for the left: ``both`` on either side, ``near`` on the side towards the camera (in views other
    than from a side on both), ``front_leg`` and ``rear_leg``
    on the leg whose foot is in front or behind (a leg partly hidden by the other is enough). ``legs`` needs legs that are really seen;
    ``eye_gap_px`` is the least size of the face; ``missing`` is the reason where the function itself has no value; ``event`` is the kind
    of event that the measure is of, empty for one of every moment; ``hands``: it is of the hand model.
    """

    name: str
    unit: str
    about: str
    function: Callable[[Body], Array]
    both: tuple[Pose, ...] = ()
    near: tuple[Pose, ...] = ()
    front_leg: tuple[Pose, ...] = ()
    rear_leg: tuple[Pose, ...] = ()
    legs: bool = False
    eye_gap_px: float = 0.0
    missing: Reason = Reason.NOT_VISIBLE
    drawing: Drawing | None = None
    event: str = ""
    hands: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Values (T,), NaN where missing, and the `Reason` codes (T,) why."""

    value: Array
    reason: Array


REGISTRY: dict[str, MeasureSpec] = {}
"""Measures by name, filled by `measure`."""


def measure(
    unit: str,
    both: tuple[Pose, ...] = (),
    near: tuple[Pose, ...] = (),
    front_leg: tuple[Pose, ...] = (),
    rear_leg: tuple[Pose, ...] = (),
    legs: bool = False,
    eye_gap_px: float = 0.0,
    missing: Reason = Reason.NOT_VISIBLE,
    drawing: Drawing | None = None,
    event: str = "",
    hands: bool = False,
) -> Callable[[Callable[[Body], Array]], Callable[[Body], Array]]:
    def register(function: Callable[[Body], Array]) -> Callable[[Body], Array]:
        name = function.__name__
        about = (function.__doc__ or "").strip()
        REGISTRY[name] = MeasureSpec(
            name, unit, about, function, both, near, front_leg, rear_leg, legs, eye_gap_px, missing, drawing, event, hands
        )
        return function

    return register


def take(name: str, body: Body) -> Series:
    """The measure ``name`` of ``body`` with its gates applied. KeyError for an unknown name."""
    spec = REGISTRY[name]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.asarray(spec.function(body), float)
        possible = is_possible(name, value, body)
    reason = np.full(len(value), Reason.NONE, np.int8)
    reason[~possible] = Reason.UNSURE
    reason[~np.isfinite(value)] = spec.missing
    if spec.eye_gap_px:
        gap = body.face(FaceColumn.EYE_GAP_PX)
        reason[~np.isfinite(gap)] = Reason.NOT_VISIBLE
        reason[gap < spec.eye_gap_px] = Reason.TOO_SMALL
    else:
        reason[np.maximum(body.shoulder_px, body.trunk_px) < SHOULDER_MIN_PX] = Reason.TOO_SMALL
    if spec.legs:
        reason[~body.legs_seen] = Reason.OCCLUDED
    reason[~_have(body, spec, body.seen, body.half_seen)] = Reason.OCCLUDED
    reason[~_have(body, spec, body.inside, body.inside)] = Reason.NOT_VISIBLE
    return Series(np.where(reason == Reason.NONE, value, np.nan), reason)


def _have(body: Body, spec: MeasureSpec, points: Array, leg_points: Array) -> Array:
    """(T,) whether ``points`` (T, 33) holds for all joints that are needed; ``leg_points`` for those of one leg."""
    have = points[:, np.concatenate(_columns(spec.both))].all(1)
    for joints, of_leg, is_left in (
        (spec.near, points, body.is_left_near),
        (spec.front_leg, leg_points, body.is_left_foot_front),
        (spec.rear_leg, leg_points, ~body.is_left_foot_front),
    ):
        if not joints:
            continue
        left, right = (of_leg[:, columns].all(1) for columns in _columns(joints))
        one_side = np.where(is_left, left, right)
        have = have & (one_side if joints is not spec.near else np.where(body.is_side, one_side, left & right))
    return np.asarray(have)


@cache
def _columns(joints: tuple[Pose, ...]) -> tuple[Array, Array]:
    """Where joints that are given for the left lie among the body points, on the left and on the right."""
    return np.array(joints, int), np.array([MIRROR_PARTNER[joint] for joint in joints], int)
