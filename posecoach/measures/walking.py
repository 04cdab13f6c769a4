"""Measures of walking, each over one walk: steps without a pause. The cuts come from manuals (threshold study, section 8.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.body.geometry import distance_px, lean_deg, midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.body.walks import Walk, cadence_per_min
from posecoach.measures.events import over_events
from posecoach.measures.measure import measure
from posecoach.measures.upper_body import trunk_lean_forward_deg, trunk_lean_left_deg
from posecoach.vocabulary import Reason

STEP = "step"
MOST_OF_IT = (5, 95)
"""Percentiles between which something swings: single frames jump."""
SEEN_SHARE = 0.5
FACE_LEVEL_DEG = -2.0
"""Lean of mouth to eye of a level head seen from the side: mean of six rendered people, 4 degrees between people."""
NOSE_LEVEL_DROP = 0.13
DEG_PER_NOSE_DROP = 100.0
"""The nose of a level head lies so far below the ears, in distances between the ears, and 0.57 of one before them."""

_TRUNK = (Pose.LEFT_SHOULDER, Pose.LEFT_HIP)
_TRUNK_DRAWING = Drawing("lean", ((Pose.LEFT_HIP, Pose.RIGHT_HIP), (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER)))
_ARM_DRAWING = Drawing("lean", ((Pose.LEFT_SHOULDER,), (Pose.LEFT_ELBOW,)))


def _of_walks(body: Body, values: Array, summary: Callable[[Array], float]) -> Array:
    """Over each walk what ``summary`` makes of the values (T,) in its trusted frames; nothing where fewer than half have one."""

    def of(walk: Walk) -> float:
        own = values[walk.frames][~body.is_unsure[walk.frames]]
        own = own[np.isfinite(own)]
        return summary(own) if len(own) >= max(3, SEEN_SHARE * (walk.end - walk.start)) else float("nan")

    return over_events(body, body.walks, of)


def _median(values: Array) -> float:
    return float(np.median(values))


def _swing(values: Array) -> float:
    low, high = np.percentile(values, MOST_OF_IT)
    return float(high - low)


@measure("per_min", legs=True, missing=Reason.TOO_SHORT, event=STEP)
def walk_cadence_per_min(body: Body) -> Array:
    """Steps a minute, without the first step and the last, which are half steps; needs four steps without a pause."""
    return over_events(body, body.walks, cadence_per_min)


@measure("deg", near=(Pose.LEFT_EYE, Pose.LEFT_EAR), missing=Reason.NOT_APPLICABLE, event=STEP, drawing=Drawing("head"))
def walk_head_down_deg(body: Body) -> Array:
    """How far the head looks down while walking.

    From the side by the line mouth to eye, from the front by the nose below the ears: a walker is too far away for the face mesh.
    """
    from_side = lean_deg(body.near(Pose.MOUTH_LEFT), body.near(Pose.LEFT_EYE), body.forward_x) - FACE_LEVEL_DEG
    left, right, nose = (body.point(joint) for joint in (Pose.LEFT_EAR, Pose.RIGHT_EAR, Pose.NOSE))
    drop = (nose - midpoint(left, right))[:, 1] / distance_px(left, right)
    from_front = (drop - NOSE_LEVEL_DROP) * DEG_PER_NOSE_DROP
    return _of_walks(body, np.where(body.is_side, from_side, from_front), _median)


@measure("deg", near=_TRUNK, missing=Reason.NOT_APPLICABLE, event=STEP, drawing=_TRUNK_DRAWING)
def walk_trunk_lean_deg(body: Body) -> Array:
    """Lean of the trunk while walking, seen from the side; positive forward."""
    return _of_walks(body, trunk_lean_forward_deg(body), _median)


@measure("deg", both=_TRUNK, missing=Reason.NOT_APPLICABLE, event=STEP, drawing=_TRUNK_DRAWING)
def walk_trunk_sway_deg(body: Body) -> Array:
    """How far the trunk sways from side to side while walking, seen from the front, from one end to the other."""
    return _of_walks(body, trunk_lean_left_deg(body), _swing)


@measure("deg", near=(Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW), missing=Reason.NOT_APPLICABLE, event=STEP, drawing=_ARM_DRAWING)
def walk_arm_swing_deg(body: Body) -> Array:
    """How far the near upper arm swings while walking, seen from the side, from one end to the other."""
    return _of_walks(body, lean_deg(body.near(Pose.LEFT_ELBOW), body.near(Pose.LEFT_SHOULDER), -body.forward_x), _swing)


@measure("tl", both=(Pose.LEFT_SHOULDER, Pose.LEFT_HIP, Pose.LEFT_WRIST), missing=Reason.NOT_APPLICABLE, event=STEP)
def walk_hands_rise_tl(body: Body) -> Array:
    """How far the hands rise and sink below the shoulders while walking, seen from the front, mean of both, in trunk lengths."""
    below = [(body.point(wrist) - body.mid_shoulder)[:, 1] / body.trunk_px for wrist in (Pose.LEFT_WRIST, Pose.RIGHT_WRIST)]
    return np.asarray(np.mean([_of_walks(body, values, _swing) for values in below], axis=0))
