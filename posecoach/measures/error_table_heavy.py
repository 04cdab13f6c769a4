"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on the rendered people `PEOPLE`, measures that came later on some of them. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: at so many pixels of
the trunk, or between the eyes, being small adds as much to the error as there is of it already; fitted on clips and copies of a quarter of
their size. `RESTING_FACES`: by how much the log odds of a smile differ between people at rest, half of their 95 % interval; 40 people of
the London set.
"""

from __future__ import annotations

RESTING_FACES = 3.08
SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = 19, 11.6
PEOPLE = (
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
    "n1",
    "n2",
    "n3",
    "n4",
    "n5",
    "n6",
    "n7",
    "n8",
    "p1",
    "p2",
)
ERRORS: dict[str, dict[str, tuple[float, float]]] = {
    "shoulder_tilt_deg": {"front": (1.72, 1.75), "back": (1.72, 1.75), "front apart": (2.84, 2.84), "back apart": (2.84, 2.84)},
    "trunk_lean_left_deg": {"front": (3.73, 3.73), "back": (3.73, 3.73), "front apart": (1.23, 1.46), "back apart": (1.23, 1.46)},
    "trunk_lean_forward_deg": {"side": (4.18, 5.32), "side apart": (2.44, 2.84)},
    "knee_angle_deg": {"side": (14.8, 14.9), "side apart": (7.01, 7.01)},
    "shin_lean_deg": {"side": (4.48, 4.63), "side apart": (4.64, 4.79)},
    "toe_v_deg": {"front": (14.7, 14.7), "front apart": (11.4, 11.4)},
    "ankle_gap_sw": {"front": (0.143, 0.146), "back": (0.143, 0.146), "front apart": (0.117, 0.117), "back apart": (0.117, 0.117)},
    "knee_gap_sw": {"front": (0.222, 0.222), "back": (0.222, 0.222), "front apart": (0.0646, 0.0717), "back apart": (0.0646, 0.0717)},
    "wrists_apart_sw": {"front": (0.152, 0.152), "front apart": (0.116, 0.116)},
    "wrists_off_midline_sw": {"front": (0.0415, 0.0415), "front apart": (0.0214, 0.0251)},
    "wrists_below_shoulders_tl": {"front": (0.171, 0.211), "front apart": (0.0665, 0.0697)},
    "centre_offset_sw": {
        "front": (0.0447, 0.0447),
        "back": (0.0447, 0.0447),
        "front apart": (0.0347, 0.0403),
        "back apart": (0.0347, 0.0403),
    },
    "head_roll_deg": {"front": (1.61, 1.69), "front apart": (10.7, 10.7)},
    "head_pitch_down_deg": {
        "front": (5.47, 5.47),
        "three_quarter": (5.47, 5.47),
        "front apart": (9.2, 10.4),
        "three_quarter apart": (9.2, 10.4),
    },
    "face_away_deg": {
        "front": (5.15, 5.29),
        "three_quarter": (5.15, 5.29),
        "front apart": (8.45, 10.1),
        "three_quarter apart": (8.45, 10.1),
    },
    "upper_arm_out_deg": {"front": (3.74, 3.83), "side": (3.74, 3.83)},
    "seated_knee_deg": {"side": (13.8, 14.4)},
    "front_shin_lean_deg": {"side": (8.16, 8.16)},
    "front_foot_pitch_deg": {"side": (15, 15.8)},
    "rear_heel_pitch_deg": {"side": (14, 14)},
    "hips_below_knee_tl": {"side": (0.218, 0.25)},
    "foot_stagger_shank": {"side": (0.114, 0.114)},
}
