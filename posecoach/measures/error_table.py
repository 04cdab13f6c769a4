"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on rendered people, all of them in `PEOPLE`. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: at so many pixels of
the trunk, or between the eyes, being small adds as much to the error as there is of it already; fitted on clips and copies of a quarter of
their size. `RESTING_FACES`: by how much the log odds of a smile differ between people at rest, half of their 95 % interval; 40 people of
the London set, with either model.
"""

from __future__ import annotations

RESTING_FACES = 3.08
SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = 16.2, 11
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
    "shoulder_tilt_deg": {"front": (2.33, 2.33), "back": (2.33, 2.33), "front apart": (2.18, 2.29), "back apart": (2.18, 2.29)},
    "trunk_lean_left_deg": {"front": (3.5, 3.5), "back": (3.5, 3.5), "front apart": (1.51, 1.51), "back apart": (1.51, 1.51)},
    "trunk_lean_forward_deg": {"side": (5.26, 5.26), "side apart": (2.58, 3.12)},
    "knee_angle_deg": {"side": (12.3, 12.5), "side apart": (6.02, 6.36)},
    "shin_lean_deg": {"side": (5.75, 5.75), "side apart": (3.19, 4.2)},
    "toe_v_deg": {"front": (12.7, 13.8), "front apart": (11, 13.3)},
    "ankle_gap_sw": {"front": (0.0931, 0.106), "back": (0.0931, 0.106), "front apart": (0.0918, 0.104), "back apart": (0.0918, 0.104)},
    "knee_gap_sw": {"front": (0.164, 0.177), "back": (0.164, 0.177), "front apart": (0.0663, 0.0781), "back apart": (0.0663, 0.0781)},
    "wrists_apart_sw": {"front": (0.137, 0.146), "front apart": (0.0892, 0.109)},
    "wrists_off_midline_sw": {"front": (0.0488, 0.0525), "front apart": (0.0292, 0.0317)},
    "wrists_below_shoulders_tl": {"front": (0.186, 0.278), "front apart": (0.0601, 0.0652)},
    "centre_offset_sw": {
        "front": (0.0378, 0.0516),
        "back": (0.0378, 0.0516),
        "front apart": (0.0373, 0.0373),
        "back apart": (0.0373, 0.0373),
    },
    "upper_arm_out_deg": {"front": (4.38, 5.01), "side": (4.38, 5.01)},
    "seated_knee_deg": {"side": (10.3, 10.3)},
    "front_shin_lean_deg": {"side": (7.4, 7.4)},
    "front_foot_pitch_deg": {"side": (15.3, 16.8)},
    "rear_heel_pitch_deg": {"side": (22.4, 28.2)},
    "hips_below_knee_tl": {"side": (0.265, 0.287)},
    "foot_stagger_shank": {"side": (0.114, 0.14)},
    "head_roll_deg": {"front": (1.55, 1.62), "front apart": (5.58, 5.58)},
    "head_pitch_down_deg": {
        "front": (4.94, 4.94),
        "three_quarter": (4.94, 4.94),
        "front apart": (5.15, 5.15),
        "three_quarter apart": (5.15, 5.15),
    },
    "face_away_deg": {"front": (4.36, 4.4), "three_quarter": (4.36, 4.4), "front apart": (8.15, 8.57), "three_quarter apart": (8.15, 8.57)},
}
