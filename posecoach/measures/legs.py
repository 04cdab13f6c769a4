"""Measures of legs and feet, and of sitting down. ``sw`` is the width between the shoulder joints, ``tl`` the trunk's length.

Formulas: unless a docstring says otherwise, threshold study, section 8 (angles and ratios of joints in pixels).
"""

from __future__ import annotations

import numpy as np

from posecoach.body.excursions import crossing_s
from posecoach.body.geometry import angle_deg, distance_px, lean_deg, midpoint, pitch_down_deg
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.measures.measure import measure
from posecoach.measures.upper_body import MID_HIP, MID_SHOULDER, TORSO_JOINTS, side_points
from posecoach.vocabulary import Posture, Reason

_LEG = (Pose.LEFT_HIP, Pose.LEFT_KNEE, Pose.LEFT_ANKLE)
_KNEE_DRAWING = Drawing("angle", ((Pose.LEFT_HIP,), (Pose.LEFT_KNEE,), (Pose.LEFT_ANKLE,)))
_ANKLE_GAP = Drawing("gap", ((Pose.LEFT_ANKLE,), (Pose.RIGHT_ANKLE,)))
_KNEE_GAP = Drawing("gap", ((Pose.LEFT_KNEE,), (Pose.RIGHT_KNEE,)))
_FOOT_PX_PER_SHOULDER = 0.58  # heel to foot index over shoulder width, body proportions of the threshold study, section 8.1


@measure("deg", near=_LEG, legs=True, drawing=_KNEE_DRAWING)
def knee_angle_deg(body: Body) -> Array:
    """Angle hip-knee-ankle, 180 straight: the near knee from the side, the knee that looks more bent from elsewhere."""
    left, right = (angle_deg(*points) for points in side_points(body, *_LEG))
    near = np.where(body.is_left_near, left, right)
    return np.where(body.is_side, near, np.fmin(left, right))


@measure("sw", both=(Pose.LEFT_SHOULDER, Pose.LEFT_KNEE), legs=True, drawing=_KNEE_GAP)
def knee_gap_sw(body: Body) -> Array:
    """Distance between the knee joints in shoulder widths; of who crouches sideways only, for there one knee is lower than the other."""
    left, right = body.point(Pose.LEFT_KNEE), body.point(Pose.RIGHT_KNEE)
    gap = np.where(body.posture == Posture.CROUCHING, np.abs((left - right)[:, 0]), distance_px(left, right))
    return np.asarray(gap / body.shoulder_px)


@measure("sw", both=(Pose.LEFT_SHOULDER, Pose.LEFT_ANKLE), legs=True, drawing=_ANKLE_GAP)
def ankle_gap_sw(body: Body) -> Array:
    """Distance between the ankle joints in shoulder widths; no value while a foot is cut by the picture's edge."""
    gap = distance_px(body.point(Pose.LEFT_ANKLE), body.point(Pose.RIGHT_ANKLE)) / body.shoulder_px
    return np.where(_are_feet_whole(body), gap, np.nan)


def _are_feet_whole(body: Body) -> Array:
    """(T,) whether both feet lie in the picture; of a foot cut off the model guesses ankle and toes alike."""
    return np.asarray(body.inside[:, [Pose.LEFT_HEEL, Pose.RIGHT_HEEL, Pose.LEFT_FOOT_INDEX, Pose.RIGHT_FOOT_INDEX]].all(1))


@measure(
    "deg",
    both=(Pose.LEFT_SHOULDER, Pose.LEFT_ANKLE, Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX),
    legs=True,
    drawing=Drawing("limbs", ((Pose.LEFT_HEEL, Pose.RIGHT_HEEL), (Pose.LEFT_FOOT_INDEX, Pose.RIGHT_FOOT_INDEX))),
)
def toe_v_deg(body: Body) -> Array:
    """Angle between the two feet seen from the front, positive: toes apart; from how much wider the toes stand than the heels."""
    toes = (body.point(Pose.LEFT_FOOT_INDEX) - body.point(Pose.RIGHT_FOOT_INDEX))[:, 0]
    heels = (body.point(Pose.LEFT_HEEL) - body.point(Pose.RIGHT_HEEL))[:, 0]
    spread = (toes - heels) * body.left_x / (2 * _FOOT_PX_PER_SHOULDER * body.shoulder_px)
    return 2 * np.degrees(np.arcsin(np.clip(spread, -1, 1)))


@measure(
    "sw",
    both=(*TORSO_JOINTS, Pose.LEFT_ANKLE),
    legs=True,
    drawing=Drawing("across", ((Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE), (*MID_SHOULDER, *MID_HIP))),
)
def centre_offset_sw(body: Body) -> Array:
    """How far the middle of the trunk stands beside the middle of the ankles, in shoulder widths; positive to the person's left.

    No value while a foot is cut by the picture's edge.
    """
    middle = midpoint(body.mid_shoulder, body.mid_hip)
    feet = midpoint(body.point(Pose.LEFT_ANKLE), body.point(Pose.RIGHT_ANKLE))
    tilted_px = np.sin(np.radians(body.camera_roll_deg)) * (feet - middle)[:, 1]
    offset = ((middle - feet)[:, 0] * body.left_x + tilted_px) / body.shoulder_px
    return np.where(_are_feet_whole(body), offset, np.nan)


@measure("deg", near=(Pose.LEFT_KNEE, Pose.LEFT_ANKLE), legs=True, drawing=Drawing("lean", ((Pose.LEFT_ANKLE,), (Pose.LEFT_KNEE,))))
def shin_lean_deg(body: Body) -> Array:
    """Angle of the near shin against the vertical seen from the side, 0 or more."""
    return np.abs(lean_deg(body.near(Pose.LEFT_ANKLE), body.near(Pose.LEFT_KNEE)))


@measure("deg", near=_LEG, legs=True, drawing=_KNEE_DRAWING)
def seated_knee_deg(body: Body) -> Array:
    """Angle hip-knee-ankle of the near leg while sitting."""
    return angle_deg(*(body.near(joint) for joint in _LEG))


@measure("deg", both=(Pose.LEFT_KNEE, Pose.LEFT_ANKLE), legs=True, drawing=Drawing("lean", ((Pose.LEFT_ANKLE,), (Pose.LEFT_KNEE,))))
def shanks_slant_deg(body: Body) -> Array:
    """Slant of the shin that slants less when both slant to the same side seen from the front; 0 when they slant to opposite sides."""
    left, right = (lean_deg(ankle, knee) for knee, ankle in side_points(body, Pose.LEFT_KNEE, Pose.LEFT_ANKLE))
    return np.where(left * right > 0, np.fmin(np.abs(left), np.abs(right)), 0.0) + 0 * left


def _shin_px(body: Body) -> Array:
    return np.fmax(*[distance_px(knee, ankle) for knee, ankle in side_points(body, Pose.LEFT_KNEE, Pose.LEFT_ANKLE)])


@measure(
    "shin",
    front_leg=(Pose.LEFT_ANKLE,),
    rear_leg=(Pose.LEFT_ANKLE,),
    legs=True,
    drawing=Drawing("across", ((Pose.LEFT_ANKLE,), (Pose.RIGHT_ANKLE,))),
)
def foot_stagger_shank(body: Body) -> Array:
    """How far one foot is in front of the other, in lengths of the longer-looking shin, 0 or more.

    From the side by the ankles in the picture; else by the world landmarks along the direction the shoulders face, since in a
    three-quarter view the stance's width hides its depth.
    """
    from_side = np.abs((body.point(Pose.LEFT_ANKLE) - body.point(Pose.RIGHT_ANKLE))[:, 0]) / _shin_px(body)
    return np.where(body.is_side, from_side, _stagger_in_space(body))


def _stagger_in_space(body: Body) -> Array:
    world = body.motion.world_m
    across = (world[:, Pose.LEFT_SHOULDER] - world[:, Pose.RIGHT_SHOULDER])[:, [0, 2]]
    step = (world[:, Pose.LEFT_ANKLE] - world[:, Pose.RIGHT_ANKLE])[:, [0, 2]]
    along = np.abs(across[:, 0] * step[:, 1] - across[:, 1] * step[:, 0]) / np.linalg.norm(across, axis=1)
    shins = [np.linalg.norm(world[:, knee] - world[:, ankle], axis=1) for knee, ankle in _SHANKS]
    return np.asarray(along / np.fmax(*shins))


@measure(
    "deg",
    front_leg=(Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX),
    legs=True,
    drawing=Drawing("tilt", ((Pose.LEFT_HEEL,), (Pose.LEFT_FOOT_INDEX,))),
)
def front_foot_pitch_deg(body: Body) -> Array:
    """How far the front foot's heel is off the ground: pitch of heel to toe seen from the side, positive with the heel higher."""
    return pitch_down_deg(body.front(Pose.LEFT_HEEL), body.front(Pose.LEFT_FOOT_INDEX), body.forward_x)


@measure("deg", front_leg=(Pose.LEFT_KNEE, Pose.LEFT_ANKLE), legs=True, drawing=Drawing("lean", ((Pose.LEFT_ANKLE,), (Pose.LEFT_KNEE,))))
def front_shin_lean_deg(body: Body) -> Array:
    """Angle of the front shin against the vertical seen from the side, 0 or more."""
    return np.abs(lean_deg(body.front(Pose.LEFT_ANKLE), body.front(Pose.LEFT_KNEE)))


@measure(
    "deg",
    rear_leg=(Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX),
    legs=True,
    drawing=Drawing("tilt", ((Pose.LEFT_HEEL,), (Pose.LEFT_FOOT_INDEX,))),
)
def rear_heel_pitch_deg(body: Body) -> Array:
    """How far the rear foot's heel is lifted: pitch of heel to toe seen from the side, positive with the heel higher."""
    return pitch_down_deg(body.rear(Pose.LEFT_HEEL), body.rear(Pose.LEFT_FOOT_INDEX), body.forward_x)


@measure("tl", near=(*TORSO_JOINTS, Pose.LEFT_KNEE), legs=True, drawing=Drawing("height", ((Pose.LEFT_KNEE,), MID_HIP)))
def hips_below_knee_tl(body: Body) -> Array:
    """How far the hips are below the higher knee, in trunk lengths; negative: above it."""
    knee_y = np.fmin(body.point(Pose.LEFT_KNEE)[:, 1], body.point(Pose.RIGHT_KNEE)[:, 1])
    return (body.mid_hip[:, 1] - knee_y) / body.trunk_px


_SHANKS = ((Pose.LEFT_KNEE, Pose.LEFT_ANKLE), (Pose.RIGHT_KNEE, Pose.RIGHT_ANKLE))
_FEET = ((Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX), (Pose.RIGHT_HEEL, Pose.RIGHT_FOOT_INDEX))

CROSSED_LIFT_MIN = 0.15
"""How much higher than the far ankle the near one is with its leg on top, in shins (five rendered people: 0.19 to 0.67). Feet on the floor
are the other way round, the nearer one lower in the picture. Of the far leg on top nothing is said: ankles of people at desks who cross
nothing differ by up to 0.6."""


@measure(
    "deg",
    near=(Pose.LEFT_KNEE, Pose.LEFT_ANKLE, Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX),
    legs=True,
    missing=Reason.NOT_APPLICABLE,
    drawing=Drawing("tilt", ((Pose.LEFT_HEEL,), (Pose.LEFT_FOOT_INDEX,))),
)
def crossed_foot_down_deg(body: Body) -> Array:
    """With the near leg crossed over the other, seen from the side: how far the toes of its foot point down; no value when not crossed.

    In the model's metres: in the picture it draws a foot that hangs in the air by up to 50 degrees too level.
    """
    left, right = body.point(Pose.LEFT_ANKLE)[:, 1], body.point(Pose.RIGHT_ANKLE)[:, 1]
    lift = np.where(body.is_left_near, right - left, left - right) / _shin_px(body)
    world = body.motion.world_m
    feet = [world[:, toe] - world[:, heel] for heel, toe in _FEET]
    left_down, right_down = (np.degrees(np.arctan2(foot[:, 1], np.hypot(foot[:, 0], foot[:, 2]))) for foot in feet)
    return np.where(lift >= CROSSED_LIFT_MIN, np.where(body.is_left_near, left_down, right_down), np.nan)


# --- movement -------------------------------------------------------------------------------------------------------------------------


@measure("s", missing=Reason.NOT_APPLICABLE)
def seat_descent_s(body: Body) -> Array:
    """Duration of the last sitting down (from 5 to 95 % of the hips' drop), at every frame sitting after it.

    No value before a person has been seen to sit down. The threshold study (section 8.3) proposes 10 to 90 %, which drops half of an
    evenly accelerated movement.
    """
    out = np.full(len(body.motion), np.nan)
    t_s = body.motion.t_ms / 1000
    for rise in body.rises:  # behind a counter only head and hips tell
        if not rise.is_up:
            out[rise.end :] = np.where(body.posture[rise.end :] == Posture.UNKNOWN, rise.takes_s, out[rise.end :])
    for start, end in body.descents:
        height = body.mid_hip[start:end, 1]
        top, bottom = height[0], height[-1]
        share = (height - top) / (bottom - top)
        low = crossing_s(t_s[start:end], share, 0.05)
        high = crossing_s(t_s[start:end], share, 0.95)
        out[end:] = high - low
    return out
