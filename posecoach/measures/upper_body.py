"""Measures of trunk, arms and hands. ``sw`` is the width between the shoulder joints, ``tl`` the trunk's length.

Formulas: unless a docstring says otherwise, threshold study, section 8 (angles and ratios of joints in pixels).
"""

from __future__ import annotations

import numpy as np

from posecoach.body.geometry import angle_deg, distance_px, lean_deg, midpoint, tilt_deg
from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.measures.measure import measure
from posecoach.vocabulary import Reason

TRUNK_LEAN_BIAS_DEG = -4.0
"""Seen from the side the model's hips lie in front of the hip joints and its shoulders behind: mean error over 36 rendered side clips of
11 people, standard deviation 2.3 (docs/accuracy.md)."""

_SHOULDERS = ((Pose.LEFT_SHOULDER,), (Pose.RIGHT_SHOULDER,))
MID_SHOULDER = (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER)
MID_HIP = (Pose.LEFT_HIP, Pose.RIGHT_HIP)
_TRUNK = Drawing("lean", (MID_HIP, MID_SHOULDER))
TORSO_JOINTS = (Pose.LEFT_SHOULDER, Pose.LEFT_HIP)


# --- trunk and shoulders --------------------------------------------------------------------------------------------------------------


@measure("deg", both=(Pose.LEFT_SHOULDER,), drawing=Drawing("tilt", _SHOULDERS))
def shoulder_tilt_deg(body: Body) -> Array:
    """Tilt of the shoulder line, less the camera's; positive: the person's left shoulder is higher."""
    return tilt_deg(body.point(Pose.LEFT_SHOULDER), body.point(Pose.RIGHT_SHOULDER)) - body.camera_roll_deg


@measure("deg", near=TORSO_JOINTS, drawing=Drawing("lean", (MID_HIP, MID_SHOULDER), added=-TRUNK_LEAN_BIAS_DEG))
def trunk_lean_forward_deg(body: Body) -> Array:
    """Lean of the line mid-hip to mid-shoulder seen from the side, less the model's bias; positive forward."""
    return lean_deg(body.mid_hip, body.mid_shoulder, body.forward_x) - TRUNK_LEAN_BIAS_DEG


@measure("deg", both=TORSO_JOINTS, drawing=_TRUNK)
def trunk_lean_left_deg(body: Body) -> Array:
    """Sideways lean of the line mid-hip to mid-shoulder seen from the front or behind, less the camera's; positive to the person's left."""
    return lean_deg(body.mid_hip, body.mid_shoulder, body.left_x) + body.camera_roll_deg


@measure("deg", near=(Pose.LEFT_EAR, Pose.LEFT_SHOULDER), drawing=Drawing("lean", ((Pose.LEFT_SHOULDER,), (Pose.LEFT_EAR,))))
def neck_forward_deg(body: Body) -> Array:
    """Lean of the line from the near shoulder to the near ear seen from the side; positive forward. Not the craniovertebral angle."""
    return lean_deg(body.near(Pose.LEFT_SHOULDER), body.near(Pose.LEFT_EAR), body.forward_x)


# --- arms and hands -------------------------------------------------------------------------------------------------------------------

_ARM_JOINTS = (Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW, Pose.LEFT_HIP)


def side_points(body: Body, *left_joints: Pose) -> list[list[Array]]:
    """The points of these names on the left, then on the right."""
    return [[body.point(joint) for joint in left_joints], [body.point(MIRROR_PARTNER[joint]) for joint in left_joints]]


@measure("deg", near=_ARM_JOINTS, drawing=Drawing("angle", ((Pose.LEFT_HIP,), (Pose.LEFT_SHOULDER,), (Pose.LEFT_ELBOW,))))
def upper_arm_out_deg(body: Body) -> Array:
    """Angle hip-shoulder-elbow of the arm that is further from the trunk; from the side of the near arm."""
    left, right = (angle_deg(*points) for points in side_points(body, Pose.LEFT_HIP, Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW))
    return np.where(body.is_side, np.where(body.is_left_near, left, right), np.fmax(left, right))


@measure(
    "deg",
    near=(Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW, Pose.LEFT_WRIST),
    drawing=Drawing("angle", ((Pose.LEFT_SHOULDER,), (Pose.LEFT_ELBOW,), (Pose.LEFT_WRIST,))),
)
def elbow_min_deg(body: Body) -> Array:
    """Angle shoulder-elbow-wrist of the arm that is bent more; from the side of the near arm. 180 is straight."""
    left, right = (angle_deg(*points) for points in side_points(body, Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW, Pose.LEFT_WRIST))
    return np.where(body.is_side, np.where(body.is_left_near, left, right), np.fmin(left, right))


def _mid_wrist(body: Body) -> Array:
    return midpoint(body.point(Pose.LEFT_WRIST), body.point(Pose.RIGHT_WRIST))


_WRISTS = (Pose.LEFT_WRIST, Pose.RIGHT_WRIST)
_WRIST_GAP = Drawing("gap", ((Pose.LEFT_WRIST,), (Pose.RIGHT_WRIST,)))
_FOREARMS = Drawing("limbs", ((Pose.LEFT_ELBOW, Pose.RIGHT_ELBOW), _WRISTS))
_WRISTS_TORSO = (*TORSO_JOINTS, Pose.LEFT_WRIST)


@measure("sw", both=_WRISTS_TORSO, drawing=_WRIST_GAP)
def wrists_apart_sw(body: Body) -> Array:
    """Distance between the wrists in shoulder widths."""
    return distance_px(body.point(Pose.LEFT_WRIST), body.point(Pose.RIGHT_WRIST)) / body.shoulder_px


@measure("sw", both=_WRISTS_TORSO, drawing=Drawing("across", ((*MID_SHOULDER, *MID_HIP), _WRISTS)))
def wrists_off_midline_sw(body: Body) -> Array:
    """Distance of the middle of the wrists from the middle of the trunk, sideways, in shoulder widths."""
    middle = midpoint(body.mid_shoulder, body.mid_hip)
    return np.abs(_mid_wrist(body)[:, 0] - middle[:, 0]) / body.shoulder_px


@measure("tl", both=_WRISTS_TORSO, drawing=Drawing("height", (MID_SHOULDER, _WRISTS)))
def wrists_below_shoulders_tl(body: Body) -> Array:
    """Height of the middle of the wrists: 0 at the shoulders, 1 at the hips, in trunk lengths."""
    return (_mid_wrist(body)[:, 1] - body.mid_shoulder[:, 1]) / body.trunk_px


@measure("tl", near=(*TORSO_JOINTS, Pose.LEFT_WRIST), drawing=Drawing("across", (MID_HIP, (Pose.LEFT_WRIST,))))
def wrists_behind_hips_tl(body: Body) -> Array:
    """How far the near wrist lies behind the hips seen from the side, in trunk lengths; positive behind.

    From behind: how close both wrists are to the small of the back (0.3 less the distance of the further one).
    """
    from_side = (body.mid_hip - body.near(Pose.LEFT_WRIST))[:, 0] * body.forward_x / body.trunk_px
    lumbar = body.mid_hip + 0.2 * (body.mid_shoulder - body.mid_hip)
    distances = [distance_px(body.point(wrist), lumbar) for wrist in (Pose.LEFT_WRIST, Pose.RIGHT_WRIST)]
    from_behind = 0.3 - np.fmax(*distances) / body.trunk_px
    return np.where(body.is_back, from_behind, from_side)


@measure("", both=_WRISTS_TORSO, drawing=_FOREARMS)
def wrists_in_front(body: Body) -> Array:
    """1 when both hands are plainly seen in front of the belly or hanging at the sides, seen from the front, else 0.

    Hands behind the back are guessed by the model near the hips, close behind the outline of the trunk. So "seen" asks for more than the
    model's word: hands hanging well below the hips outside the trunk, or forearms that cross in front of the belly.
    """
    wrists = np.stack([body.point(Pose.LEFT_WRIST), body.point(Pose.RIGHT_WRIST)], 1)
    below = (wrists[..., 1] - body.mid_hip[:, None, 1]) / body.trunk_px[:, None]
    hanging = (below > 0.12).all(1)
    inward = distance_px(wrists[:, 0], wrists[:, 1]) < 0.45 * body.shoulder_px
    belly = ((below < 0.12) & (below > -0.85)).all(1)
    sure = (body.motion.pose_visibility[:, [Pose.LEFT_WRIST, Pose.RIGHT_WRIST]] > 0.9).all(1)
    value = (sure & (hanging | (inward & belly))).astype(float)
    return np.where(np.isfinite(below).all(1), value, np.nan)


# Neither elbows nor wrists: arms that are hidden behind the back are guessed there, and then they are not before the trunk that is seen.
_TRUNK_CORNERS = (Pose.LEFT_SHOULDER, Pose.LEFT_HIP)


@measure("", both=_TRUNK_CORNERS, drawing=_FOREARMS)
def arms_folded(body: Body) -> Array:
    """1 when both forearms lie across the chest, each wrist past the other and near the other arm's elbow, else 0.

    No value when bent arms before the chest are nearly so: hands that gesture there and arms folded in a turned view look alike.
    """
    left_wrist, right_wrist = body.point(Pose.LEFT_WRIST), body.point(Pose.RIGHT_WRIST)
    left_elbow, right_elbow = body.point(Pose.LEFT_ELBOW), body.point(Pose.RIGHT_ELBOW)
    scale = np.fmax(body.shoulder_px, 0.6 * body.trunk_px)
    reach = np.fmax(distance_px(left_wrist, right_elbow), distance_px(right_wrist, left_elbow)) / scale
    crossed = (right_wrist - left_wrist)[:, 0] * body.left_x > 0.2 * scale
    below_tl = (np.fmax(left_wrist[:, 1], right_wrist[:, 1]) - body.mid_shoulder[:, 1]) / body.trunk_px
    bent = elbow_min_deg(body) < 110
    folded = bent & crossed & (reach < 0.55) & (below_tl < 0.8)
    nearly = bent & (reach < 0.75) & (below_tl < 0.65)
    return np.where(nearly & ~folded, np.nan, folded.astype(float))


@measure("", both=_TRUNK_CORNERS, drawing=_FOREARMS)
def hands_on_hips(body: Body) -> Array:
    """1 when a wrist that is seen rests at its own hip with the elbow bent and pointing outwards, else 0."""
    out = np.zeros(len(body.motion), bool)
    arms = side_points(body, Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW, Pose.LEFT_WRIST, Pose.LEFT_HIP)
    for (shoulder, elbow, wrist, hip), joint in zip(arms, (Pose.LEFT_WRIST, Pose.RIGHT_WRIST), strict=True):
        bent = angle_deg(shoulder, elbow, wrist) < 120
        at_hip = distance_px(wrist, hip) < 0.4 * body.trunk_px
        outside = np.abs(elbow[:, 0] - hip[:, 0]) > 0.35 * body.trunk_px
        outside &= np.abs(elbow[:, 0] - body.mid_hip[:, 0]) > np.abs(wrist[:, 0] - body.mid_hip[:, 0]) + 0.15 * body.trunk_px
        out |= body.seen[:, joint] & bent & at_hip & outside
    return out.astype(float)


HANDS_TOGETHER_SW = 0.65
"""Hands no further from each other than this lie on one another."""


@measure("sw", both=(*TORSO_JOINTS, Pose.LEFT_ELBOW, Pose.LEFT_KNEE), legs=True, missing=Reason.OCCLUDED, drawing=_FOREARMS)
def hands_in_lap_sw(body: Body) -> Array:
    """How far the hands are from lying together on a thigh: the larger of the gap between them and their distance from the nearer thigh.

    By the knuckles of the index fingers: in folded arms the wrists are together, and the hands are not. Of two hands that lie on one
    another the lower one is hidden: it counts where the model guesses it beside the other, and elsewhere there is no value.
    """
    hands = body.point(Pose.LEFT_INDEX), body.point(Pose.RIGHT_INDEX)
    thighs = side_points(body, Pose.LEFT_HIP, Pose.LEFT_KNEE)
    to_thigh = np.fmin(*[_to_segment_px(midpoint(*hands), hip, knee) for hip, knee in thighs])
    value = np.fmax(to_thigh, distance_px(*hands)) / body.shoulder_px
    seen = body.seen[:, [Pose.LEFT_WRIST, Pose.RIGHT_WRIST]].sum(1)
    return np.where((seen == 2) | ((seen == 1) & (value <= HANDS_TOGETHER_SW)), value, np.nan)


def _to_segment_px(point: Array, a: Array, b: Array) -> Array:
    along = b - a
    share = np.clip(((point - a) * along).sum(-1) / (along * along).sum(-1), 0, 1)
    return distance_px(point, a + share[:, None] * along)


@measure("tl", near=(*TORSO_JOINTS, Pose.LEFT_WRIST), drawing=Drawing("height", (MID_HIP, (Pose.LEFT_WRIST,))))
def hands_on_desk_tl(body: Body) -> Array:
    """Height of the lower visible wrist above the hips, in trunk lengths."""
    heights = (body.mid_hip[:, None, 1] - body.px[:, [Pose.LEFT_WRIST, Pose.RIGHT_WRIST], 1]) / body.trunk_px[:, None]
    near = np.where(body.is_left_near, heights[:, 0], heights[:, 1])
    return np.where(body.is_side, near, heights.min(1))
