"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on the rendered people `PEOPLE`. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: below so many pixels of the trunk, or between the eyes, the
intervals grow as the body shrinks; fitted with copies of a quarter of the size. `RESTING_FACES`: by how much the log odds of a smile differ
between people at rest, half of their 95 % interval; 40 people of the London set.
"""

from __future__ import annotations

RESTING_FACES = 3.12
SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = 79, 23
PEOPLE = ("f1", "f2", "f3", "m1", "m2", "m3", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8")
ERRORS: dict[str, dict[str, tuple[float, float]]] = {
    "shoulder_tilt_deg": {"front": (2.28, 2.28), "back": (2.28, 2.28), "front apart": (2.4, 2.4), "back apart": (2.4, 2.4)},
    "trunk_lean_left_deg": {"front": (3.31, 3.31), "back": (3.31, 3.31), "front apart": (1.3, 1.3), "back apart": (1.3, 1.3)},
    "trunk_lean_forward_deg": {"side": (4.93, 5.03), "side apart": (2.23, 3.05)},
    "knee_angle_deg": {"side": (15.5, 15.5), "side apart": (6.8, 6.84)},
    "shin_lean_deg": {"side": (6.74, 6.74), "side apart": (4.35, 4.35)},
    "toe_v_deg": {"front": (12, 12.6), "front apart": (11.3, 13)},
    "ankle_gap_sw": {"front": (0.108, 0.108), "back": (0.108, 0.108), "front apart": (0.0956, 0.0956), "back apart": (0.0956, 0.0956)},
    "knee_gap_sw": {"front": (0.216, 0.216), "back": (0.216, 0.216), "front apart": (0.0618, 0.0719), "back apart": (0.0618, 0.0719)},
    "wrists_apart_sw": {"front": (0.173, 0.173), "front apart": (0.113, 0.113)},
    "wrists_off_midline_sw": {"front": (0.0447, 0.0447), "front apart": (0.0265, 0.0265)},
    "wrists_below_shoulders_tl": {"front": (0.174, 0.203), "front apart": (0.0692, 0.082)},
    "centre_offset_sw": {
        "front": (0.0392, 0.0392),
        "back": (0.0392, 0.0392),
        "front apart": (0.0369, 0.0369),
        "back apart": (0.0369, 0.0369),
    },
    "head_roll_deg": {"front": (4.26, 4.78), "front apart": (10.5, 10.5)},
    "head_pitch_down_deg": {
        "front": (4.51, 5.57),
        "three_quarter": (4.51, 5.57),
        "front apart": (4.75, 4.75),
        "three_quarter apart": (4.75, 4.75),
    },
    "face_away_deg": {
        "front": (4.16, 4.45),
        "three_quarter": (4.16, 4.45),
        "front apart": (3.61, 4.17),
        "three_quarter apart": (3.61, 4.17),
    },
}
