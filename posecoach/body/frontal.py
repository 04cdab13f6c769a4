"""What legs not seen from the side may be of: thighs that point at the camera look alike in a seat, half a squat and a stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.codes import BACK, FRONT, SIDE_LEFT, SIDE_RIGHT, SITTING, STANDING
from posecoach.body.records import Array

SEATED_THIGH_DROP_MAX_TL = 0.68
UPRIGHT_LEGS_MIN, BENT_LEGS_MAX = 1.0, -0.5
"""A desk may hide the hips of somebody whom the model then stands up, and half a squat looks like a seat: legs nearly as upright as the cut
are either. The thighs of 21 seated people drop at most 0.66, and their legs read -0.7 and less, but one behind a desk 0.5; half a squat
read -0.1 with a drop of 0.74."""
STANDING_KNEE_MIN_DEG, SEATED_KNEE_MAX_DEG = 145.0, 150.0
"""Who stands has knees of 156 degrees and more in 45 rendered clips, of 148 in 33 real pictures and parts of films; half squats and lunges
read up to 142, who sits up to 143, somebody who walks away 160."""
STANDING_KNEE_AT_A_DESK_MIN_DEG, HANDS_AT_A_DESK_MIN_TL = 155.0, 0.28
"""Two women of 40 whose hips a desk hid were stood up on knees of 150 and 151 degrees. Hands on a desk lie 0.31 trunks and more above the
hips; real people who stood on knees of less than 155 had them 0.25 above or lower."""
FEET_BEHIND_MAX_TL = 0.8
"""The rear foot of who sits is at most 0.64 behind the middle of the body, those of upright lunges 0.68 to 1.6."""
UPRIGHT_TRUNK_MIN_SW = 1.08
"""Half a squat obliges to bend forward, and the trunk is short then: 0.59 to 1.06 shoulder widths of rendered ones on both feet that looked
like a seat or a stand, 1.11 and more of 60 people seated, 1.27 of real ones."""
LOW_SEAT_HIP_HEIGHT_MIN_M, LOW_SEAT_KNEE_MIN_DEG, LOW_SEAT_BEHIND_FEET_MIN_TL = 0.44, 90.0, 0.3
"""Of 40 rendered crouches with an upright trunk the hips are up to 0.43 over the ankles and the knees up to 83 degrees, and of lunges the
body's middle lies before the rear foot; seats lower than 0.47 read 98 and 99 degrees, and 0.49 and 0.6 behind the feet."""


@dataclass(frozen=True, slots=True)
class Legs:
    """Features (T,): how far the thighs drop over the trunk, the angle of the knees, how upright both together say that the legs are, the
    trunk over the shoulders' width, how far the lower hand is above the hips over the trunk, in the model's metres how high the hips are
    over the ankles and how far behind the rear foot the body's middle is, over the trunk.
    """

    view: Array
    thigh_drop_tl: Array
    knee_deg: Array
    uprightness: Array
    trunk_sw: Array
    hands_up_tl: Array
    hip_height_m: Array
    behind_feet_tl: Array

    @property
    def is_frontal(self) -> Array:
        """Whether they are seen from the front or from behind."""
        return np.asarray((self.view == FRONT) | (self.view == BACK))


def are_unclear(legs: Legs, seen: Array) -> Array:
    """(T,) whether legs not seen from the side, ``seen`` (T,) in a posture, may as well be in another one."""
    as_of_seated = legs.thigh_drop_tl < SEATED_THIGH_DROP_MAX_TL
    between = as_of_seated & (legs.uprightness > BENT_LEGS_MAX) & (legs.uprightness < UPRIGHT_LEGS_MIN)
    is_straight_from_behind = (legs.view == BACK) & (legs.knee_deg > SEATED_KNEE_MAX_DEG)  # where no desk hides the hips
    from_side = (legs.view == SIDE_LEFT) | (legs.view == SIDE_RIGHT)
    neither = (legs.uprightness <= 0) & ~as_of_seated
    either = legs.is_frontal & between & ~is_straight_from_behind
    return np.asarray(~from_side & (neither | either | _are_of_no_seat(legs, seen) | _are_of_no_stand(legs, seen)))


def _are_of_no_seat(legs: Legs, seen: Array) -> Array:
    is_straight = legs.is_frontal & (legs.knee_deg > SEATED_KNEE_MAX_DEG)
    is_bent = legs.trunk_sw < UPRIGHT_TRUNK_MIN_SW
    return np.asarray((seen == SITTING) & (is_straight | is_bent | (legs.behind_feet_tl < -FEET_BEHIND_MAX_TL)))


def _are_of_no_stand(legs: Legs, seen: Array) -> Array:
    perhaps_at_a_desk = (legs.view == FRONT) & (legs.hands_up_tl > HANDS_AT_A_DESK_MIN_TL)
    least_deg = np.where(perhaps_at_a_desk, STANDING_KNEE_AT_A_DESK_MIN_DEG, STANDING_KNEE_MIN_DEG)
    return np.asarray((seen == STANDING) & (legs.knee_deg < least_deg))


def are_on_low_seat(legs: Legs) -> Array:
    """(T,) whether legs low enough for a crouch carry no upright body."""
    is_upright = legs.trunk_sw >= UPRIGHT_TRUNK_MIN_SW
    is_high = (legs.hip_height_m > LOW_SEAT_HIP_HEIGHT_MIN_M) & (legs.knee_deg > LOW_SEAT_KNEE_MIN_DEG)
    return np.asarray(legs.is_frontal & is_upright & is_high & (legs.behind_feet_tl > LOW_SEAT_BEHIND_FEET_MIN_TL))
