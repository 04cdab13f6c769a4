"""What a body can show at all: a value beyond is an error of the landmarks, and no posture that could be judged.

Wide on purpose: what the rules call a fault lies well within.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from posecoach.body.geometry import lean_deg
from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.vocabulary import Posture

Range = tuple[float, float]

POSSIBLE: dict[str, Range] = {
    "head_pitch_down_deg": (-70, 70),
    "head_roll_deg": (-60, 60),
    "face_away_deg": (0, 90),
    "shoulder_tilt_deg": (-45, 45),
    "trunk_lean_forward_deg": (-60, 110),
    "trunk_lean_left_deg": (-60, 60),
    "neck_forward_deg": (-60, 120),
    "wrists_apart_sw": (0, 6),
    "wrists_off_midline_sw": (0, 4),
    "wrists_below_shoulders_tl": (-2.5, 2.5),
    "wrists_behind_hips_tl": (-2.5, 2.5),
    "hands_in_lap_sw": (0, 6),
    "hands_on_desk_tl": (-2.5, 2.5),
    "knee_angle_deg": (10, 180),
    "seated_knee_deg": (10, 180),
    "knee_gap_sw": (0, 4),
    "ankle_gap_sw": (0, 5),
    "centre_offset_sw": (-3, 3),
    "shin_lean_deg": (0, 90),
    "front_shin_lean_deg": (0, 90),
    "shanks_slant_deg": (0, 60),
    "foot_stagger_shank": (0, 3),
    "hips_below_knee_tl": (-1.5, 1.5),
    "bow_depth_deg": (-60, 110),
    "bow_head_hang_deg": (-90, 90),
    "bow_back_round_deg": (-60, 90),
    "bow_knee_deg": (10, 180),
    "handshake_swing_tl": (0, 3),
    "walk_trunk_sway_deg": (0, 60),
    "walk_trunk_lean_deg": (-60, 90),
    "walk_head_down_deg": (-70, 70),
    "walk_arm_swing_deg": (0, 180),
    "walk_hands_rise_tl": (0, 2),
    "gesture_hand_height_tl": (-1.5, 2),
    "gesture_face_away_deg": (-120, 120),
    "gesture_palm_up": (-1, 1),
    "greeting_head_down_deg": (-70, 70),
    "farewell_head_down_deg": (-70, 70),
}
"""Lowest and highest value by measure; what is not named ends by itself."""

POSSIBLE_UPRIGHT: dict[str, Range] = {
    "trunk_lean_forward_deg": (-60, 60),
    "neck_forward_deg": (-60, 90),
    "shin_lean_deg": (0, 50),
}
"""Narrower unless the person crouches: nobody stands or sits at work bent further than this, or with a shin that lies."""


def are_possible(names: tuple[str, ...], values: Array, body: Body) -> Array:
    """(M, T) whether the values (M, T) of measures are such as a body can show; True for NaN. A neck needs a trunk that is possible too."""
    possible = _are_within(values, *_ends(names))
    for row, name in enumerate(names):
        if name in POSSIBLE_UPRIGHT:
            possible[row] &= (body.posture == Posture.CROUCHING) | _are_within(values[row], *POSSIBLE_UPRIGHT[name])
        if name == "neck_forward_deg":
            trunk = lean_deg(body.mid_hip, body.mid_shoulder, body.forward_x)
            possible[row] &= are_possible(("trunk_lean_forward_deg",), trunk[None], body)[0]
    return possible


def _are_within(values: Array, low: Array | float, high: Array | float) -> Array:
    return np.asarray(~((values < low) | (values > high)))


@lru_cache(maxsize=1024)
def _ends(names: tuple[str, ...]) -> tuple[Array, Array]:
    """The lowest and the highest value of each measure, (M, 1)."""
    low, high = np.array([POSSIBLE.get(name, (-np.inf, np.inf)) for name in names], float).T
    return low[:, None], high[:, None]
