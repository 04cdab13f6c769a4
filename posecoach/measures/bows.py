"""Measures of bows. The cuts of the rules come from etiquette manuals (threshold study, section 8.5) and from what the model shows.

All angles are seen from the side and, but for the depth, taken against the same person upright just before.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.body.bows import Bow
from posecoach.body.geometry import lean_deg, midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.measures.events import at_rest, over_events
from posecoach.measures.legs import knee_angle_deg
from posecoach.measures.measure import measure
from posecoach.measures.upper_body import trunk_lean_forward_deg
from posecoach.vocabulary import Reason

DEPTHS_DEG = (15.0, 30.0, 45.0)
"""The three bows that manuals teach."""
EAR_PER_HANG = 0.63
"""A head that hangs takes the ear along by so many degrees of the line from the shoulder for each degree of the face: geometry of a head
whose ears lie 12 cm above the neck joint and whose shoulders lie 10 cm below it."""
HANGING_MIN_DEG = 12.0
"""Below this the face's angle may be an error of the landmarks."""

BOW = "bow"
_HEAD = (Pose.LEFT_EAR, Pose.LEFT_SHOULDER, Pose.LEFT_HIP)
_TRUNK_DRAWING = Drawing("lean", ((Pose.LEFT_HIP, Pose.RIGHT_HIP), (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER)), added=4.0)
_NECK_DRAWING = Drawing("lean", ((Pose.LEFT_SHOULDER,), (Pose.LEFT_EAR,)))


def _gained(body: Body, bow: Bow, values: Array) -> float:
    """By how much the median of values (T,) at the deepest is above that before the bow."""
    return float(np.median(values[bow.held]) - np.median(values[at_rest(body, bow)]))


def _from_side(body: Body, value_of: Callable[[Bow], float]) -> Array:
    """(T,) what is seen of each bow from the side; nothing of one seen from elsewhere."""
    return over_events(body, body.bows, lambda bow: value_of(bow) if body.is_side[bow.held].all() else float("nan"))


@measure("deg", near=(Pose.LEFT_SHOULDER, Pose.LEFT_HIP), missing=Reason.NOT_APPLICABLE, event=BOW, drawing=_TRUNK_DRAWING)
def bow_depth_deg(body: Body) -> Array:
    """Lean of the trunk against the vertical at the deepest moment of a bow, degrees forward."""
    lean = trunk_lean_forward_deg(body)
    return _from_side(body, lambda bow: float(np.median(lean[bow.held])))


@measure("deg", near=(Pose.LEFT_SHOULDER, Pose.LEFT_HIP), missing=Reason.NOT_APPLICABLE, event=BOW, drawing=_TRUNK_DRAWING)
def bow_off_nearest_deg(body: Body) -> Array:
    """How far a bow is from the nearest of 15, 30 and 45 degrees; positive: too deep."""
    depth = bow_depth_deg(body)
    off = depth[:, None] - np.array(DEPTHS_DEG)
    return np.asarray(off[np.arange(len(off)), np.abs(off).argmin(1)])


def _head_hang_deg(body: Body, bow: Bow) -> float:
    face = lean_deg(body.near(Pose.MOUTH_LEFT), body.near(Pose.LEFT_EYE), body.forward_x)
    return _gained(body, bow, face) - _gained(body, bow, trunk_lean_forward_deg(body))


@measure("deg", near=(*_HEAD, Pose.LEFT_EYE), missing=Reason.NOT_APPLICABLE, event=BOW, drawing=_NECK_DRAWING)
def bow_head_hang_deg(body: Body) -> Array:
    """How much further than the trunk the face (mouth to eye) leans in a bow; positive: the head hangs, negative: the chin is up."""
    return _from_side(body, lambda bow: _head_hang_deg(body, bow))


def _back_round_deg(body: Body, bow: Bow) -> float:
    ears = midpoint(body.point(Pose.LEFT_EAR), body.point(Pose.RIGHT_EAR))
    neck = _gained(body, bow, lean_deg(body.mid_shoulder, ears, body.forward_x))
    hanging = max(_head_hang_deg(body, bow) - HANGING_MIN_DEG, 0.0)
    return neck - _gained(body, bow, trunk_lean_forward_deg(body)) - EAR_PER_HANG * hanging


@measure("deg", near=_HEAD, missing=Reason.NOT_APPLICABLE, event=BOW, drawing=_NECK_DRAWING)
def bow_back_round_deg(body: Body) -> Array:
    """How much further than the line hips-shoulders the line shoulders-ears leans in a bow, less what a plainly hanging head explains.

    A round back turns the shoulders further than the hips, and the neck with them.
    """
    return _from_side(body, lambda bow: _back_round_deg(body, bow))


@measure(
    "deg",
    near=(Pose.LEFT_HIP, Pose.LEFT_KNEE, Pose.LEFT_ANKLE),
    legs=True,
    missing=Reason.NOT_APPLICABLE,
    event=BOW,
    drawing=Drawing("angle", ((Pose.LEFT_HIP,), (Pose.LEFT_KNEE,), (Pose.LEFT_ANKLE,))),
)
def bow_knee_deg(body: Body) -> Array:
    """Angle hip-knee-ankle of the near leg at the deepest moment of a bow; 180 is straight."""
    knee = knee_angle_deg(body)
    return _from_side(body, lambda bow: float(np.median(knee[bow.held])))


@measure("s", missing=Reason.NOT_APPLICABLE, event=BOW)
def bow_down_s(body: Body) -> Array:
    """How long a bow takes to go down, from 5 to 95 % of its depth."""
    return over_events(body, body.bows, lambda bow: bow.down_s)


@measure("s", missing=Reason.NOT_APPLICABLE, event=BOW)
def bow_hold_s(body: Body) -> Array:
    """How long a bow stays within a degree (or 3 %) of its depth; one that turns at once still spends 0.4 s there."""
    return over_events(body, body.bows, lambda bow: bow.hold_s)
