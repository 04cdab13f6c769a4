"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on rendered people, all of them in `PEOPLE`. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: at so many pixels of
the trunk, or between the eyes, being small adds as much to the error as there is of it already; fitted on clips and copies of a quarter of
their size.
"""

from __future__ import annotations

SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = 16.5, 11.6
PEOPLE = (
    "e1",
    "e2",
    "e3",
    "e4",
    "e5",
    "e6",
    "f1",
    "f2",
    "f3",
    "j1",
    "j2",
    "j3",
    "j4",
    "j5",
    "j6",
    "m1",
    "m2",
    "m3",
    "z1",
    "z2",
    "z3",
    "z4",
)
ERRORS: dict[str, dict[str, tuple[float, float]]] = {
    "shoulder_tilt_deg": {"front": (2.07, 2.23), "back": (2.07, 2.23), "front apart": (2.18, 2.18), "back apart": (2.18, 2.18)},
    "trunk_lean_left_deg": {"front": (3.09, 3.09), "back": (3.09, 3.09), "front apart": (1.02, 1.24), "back apart": (1.02, 1.24)},
    "trunk_lean_forward_deg": {"side": (4.67, 4.77), "side apart": (2.77, 3.19)},
    "knee_angle_deg": {"side": (12.4, 13.7), "side apart": (6.48, 6.57)},
    "shin_lean_deg": {"side": (5.87, 5.87), "side apart": (4.21, 4.21)},
    "toe_v_deg": {"front": (13.8, 13.9), "front apart": (12.8, 12.8)},
    "ankle_gap_sw": {"front": (0.131, 0.137), "back": (0.131, 0.137), "front apart": (0.11, 0.11), "back apart": (0.11, 0.11)},
    "knee_gap_sw": {"front": (0.191, 0.191), "back": (0.191, 0.191), "front apart": (0.0706, 0.0793), "back apart": (0.0706, 0.0793)},
    "wrists_apart_sw": {"front": (0.158, 0.158), "front apart": (0.101, 0.101)},
    "wrists_off_midline_sw": {"front": (0.0355, 0.0355), "front apart": (0.0187, 0.0213)},
    "wrists_below_shoulders_tl": {"front": (0.165, 0.256), "front apart": (0.059, 0.059)},
    "centre_offset_sw": {
        "front": (0.0301, 0.0935),
        "back": (0.0301, 0.0935),
        "front apart": (0.0252, 0.0252),
        "back apart": (0.0252, 0.0252),
    },
    "upper_arm_out_deg": {"front": (4.02, 4.02), "side": (4.02, 4.02)},
    "seated_knee_deg": {"side": (12.8, 13)},
    "front_shin_lean_deg": {"side": (7.6, 7.6)},
    "front_foot_pitch_deg": {"side": (14.5, 15.1)},
    "rear_heel_pitch_deg": {"side": (15.2, 15.2)},
    "hips_below_knee_tl": {"side": (0.204, 0.219)},
    "foot_stagger_shank": {"side": (0.107, 0.144)},
    "head_roll_deg": {"front": (1.6, 1.6), "front apart": (5.5, 6.34)},
    "head_pitch_down_deg": {
        "front": (4.61, 4.61),
        "three_quarter": (4.61, 4.61),
        "front apart": (5.29, 5.29),
        "three_quarter apart": (5.29, 5.29),
    },
    "face_away_deg": {
        "front": (4.21, 4.46),
        "three_quarter": (4.21, 4.46),
        "front apart": (7.62, 7.99),
        "three_quarter apart": (7.62, 7.99),
    },
}
