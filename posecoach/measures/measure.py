"""What a measure is, and how its gates are applied.

A measure is a function of a `Body` that returns a value for each frame, (T,). Its `MeasureSpec` says what it needs; `take` applies the
gates (needed joints in the picture, legs not hidden, large enough, a value a body can show) and says why a value is missing. Which views
and postures a measure is used in is the rule's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import MIRROR_PARTNER, POSE_COUNT, Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.measures.far_ends import are_possible
from posecoach.vocabulary import Reason

SHOULDER_MIN_PX = 12.0


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure with its unit and gates.

    Needed joints are given for the left: ``both`` on either side, ``near`` on the side towards the camera (in views other than from a
    side on both), ``front_leg`` and ``rear_leg`` on the leg whose foot is in front or behind (a leg partly hidden by the other is
    enough). ``legs`` needs legs that are really seen; ``eye_gap_px`` is the least size of the face; ``missing`` is the reason where the
    function itself has no value; ``event`` is the kind of event that the measure is of, empty for one of every moment; ``hands``: it is
    of the hand model.
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
    """Make a function a measure of its own name, with these as in its `MeasureSpec`."""

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
    taken = take_all((name,), body)
    return Series(taken.value[0], taken.reason[0])


def take_all(names: tuple[str, ...], body: Body) -> Series:
    """Measures, at least one, with their gates applied: ``value`` and ``reason`` are (M, T). KeyError for an unknown name."""
    needed = _needed(names)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.array([REGISTRY[name].function(body) for name in names], float)
        reason = np.where(are_possible(names, value, body), _NONE, _UNSURE)
        reason = np.where(np.isfinite(value), reason, needed.missing)
        gap, width = body.face(FaceColumn.EYE_GAP_PX), np.maximum(body.shoulder_px, body.trunk_px)
        by_face = needed.eye_gap_px > 0
        reason[by_face & ~np.isfinite(gap)] = _NOT_VISIBLE
        reason[np.where(by_face, gap < needed.eye_gap_px, width < SHOULDER_MIN_PX)] = _TOO_SMALL
    reason[needed.legs & ~body.legs_seen] = _OCCLUDED
    hidden = _how_hidden(body, needed)
    reason = np.where(hidden > 0, _WHY_HIDDEN[hidden], reason)
    return Series(np.where(reason == _NONE, value, np.nan), reason)


_NONE, _UNSURE, _NOT_VISIBLE, _TOO_SMALL, _OCCLUDED = (
    np.int8(why) for why in (Reason.NONE, Reason.UNSURE, Reason.NOT_VISIBLE, Reason.TOO_SMALL, Reason.OCCLUDED)
)
_PARTNERS = np.array([*MIRROR_PARTNER, POSE_COUNT], int)
_WHY_HIDDEN = np.array([_NONE, _OCCLUDED, _NOT_VISIBLE])


@dataclass(frozen=True, slots=True, eq=False)
class _Needed:
    """The gates of several measures, a row each: (M, 1) reasons, sizes and whether legs are needed; joints by `_columns`, None for none."""

    missing: Array
    eye_gap_px: Array
    legs: Array
    both: tuple[Array, Array] | None
    near: tuple[Array, Array] | None
    front_leg: tuple[Array, Array] | None
    rear_leg: tuple[Array, Array] | None


@lru_cache(maxsize=1024)
def _needed(names: tuple[str, ...]) -> _Needed:
    specs = [REGISTRY[name] for name in names]
    return _Needed(
        np.array([[spec.missing] for spec in specs], np.int8),
        np.array([[spec.eye_gap_px] for spec in specs], float),
        np.array([[spec.legs] for spec in specs], bool),
        _columns([(*spec.both, *(MIRROR_PARTNER[joint] for joint in spec.both)) for spec in specs]),
        _columns([spec.near for spec in specs]),
        _columns([spec.front_leg for spec in specs]),
        _columns([spec.rear_leg for spec in specs]),
    )


def _columns(joints: list[tuple[Pose, ...]]) -> tuple[Array, Array] | None:
    """Where joints that are given for the left lie among the body points, on the left and on the right, (M, J) each.

    None where no measure needs any; rows that need fewer end with `POSE_COUNT`, a point that is always seen.
    """
    most = max(map(len, joints))
    rows = [[*of_one, *[POSE_COUNT] * (most - len(of_one))] for of_one in joints]
    columns = np.array(rows, int)
    return (columns, _PARTNERS[columns]) if most else None


def _how_hidden(body: Body, needed: _Needed) -> Array:
    """(M, T) of the joints that are needed: 0 where all are seen, 1 where one is hidden, 2 where one is not in the picture."""
    found = np.zeros((len(needed.missing), len(body.motion)), np.int8)
    if needed.both is not None:
        found = _most(body.hidden, needed.both[0])
    if needed.near is not None:
        left, right = (_most(body.hidden, columns) for columns in needed.near)
        one_side = np.where(body.is_left_near, left, right)
        found = np.maximum(found, np.where(body.is_side, one_side, np.maximum(left, right)))
    for of_leg, is_left in ((needed.front_leg, body.is_left_foot_front), (needed.rear_leg, ~body.is_left_foot_front)):
        if of_leg is not None:
            left, right = (_most(body.half_hidden, columns) for columns in of_leg)
            found = np.maximum(found, np.where(is_left, left, right))
    return found


def _most(hidden: Array, columns: Array) -> Array:
    """(M, T) the most that any of the points in each row of ``columns`` (M, J) is hidden."""
    return np.asarray(hidden[columns].max(1))
