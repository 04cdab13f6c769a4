"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on the rendered people `PEOPLE`, measures that came later on some of them. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: at so many pixels of
the trunk, or between the eyes, being small adds as much to the error as there is of it already; fitted on clips and copies of a quarter of
their size. `RESTING_FACES`: by how much the log odds of a smile differ between people at rest, half of their 95 % interval; 40 people of
the London set.
"""

from __future__ import annotations

RESTING_FACES = 3.08
SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = 13.4, 11
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
    "shoulder_tilt_deg": {"front": (2.38, 2.38), "back": (2.38, 2.38), "front apart": (2.71, 2.71), "back apart": (2.71, 2.71)},
    "trunk_lean_left_deg": {"front": (3.89, 3.89), "back": (3.89, 3.89), "front apart": (1.52, 1.52), "back apart": (1.52, 1.52)},
    "trunk_lean_forward_deg": {"side": (6.11, 6.42), "side apart": (2.78, 3.51)},
    "knee_angle_deg": {"side": (14.5, 14.5), "side apart": (6.81, 6.81)},
    "shin_lean_deg": {"side": (6.31, 6.31), "side apart": (4.11, 4.11)},
    "toe_v_deg": {"front": (10.8, 11.5), "front apart": (12.3, 13.5)},
    "ankle_gap_sw": {"front": (0.105, 0.111), "back": (0.105, 0.111), "front apart": (0.106, 0.112), "back apart": (0.106, 0.112)},
    "knee_gap_sw": {"front": (0.183, 0.183), "back": (0.183, 0.183), "front apart": (0.0784, 0.0784), "back apart": (0.0784, 0.0784)},
    "wrists_apart_sw": {"front": (0.139, 0.15), "front apart": (0.123, 0.123)},
    "wrists_off_midline_sw": {"front": (0.0581, 0.0581), "front apart": (0.0422, 0.0422)},
    "wrists_below_shoulders_tl": {"front": (0.173, 0.211), "front apart": (0.0667, 0.0733)},
    "centre_offset_sw": {
        "front": (0.0495, 0.0825),
        "back": (0.0495, 0.0825),
        "front apart": (0.0365, 0.0426),
        "back apart": (0.0365, 0.0426),
    },
    "head_roll_deg": {"front": (1.72, 1.72), "front apart": (12.2, 12.2)},
    "head_pitch_down_deg": {
        "front": (5.57, 5.57),
        "three_quarter": (5.57, 5.57),
        "front apart": (10.6, 10.6),
        "three_quarter apart": (10.6, 10.6),
    },
    "face_away_deg": {"front": (5.19, 5.19), "three_quarter": (5.19, 5.19), "front apart": (8.03, 9.4), "three_quarter apart": (8.03, 9.4)},
    "front_shin_lean_deg": {"side": (8.1, 8.1)},
    "front_foot_pitch_deg": {"side": (15.8, 19.1)},
    "rear_heel_pitch_deg": {"side": (22.6, 30.7)},
    "hips_below_knee_tl": {"side": (0.295, 0.32)},
    "foot_stagger_shank": {"side": (0.127, 0.127)},
    "upper_arm_out_deg": {"front": (4.4, 4.7), "side": (4.4, 4.7)},
    "seated_knee_deg": {"side": (11.5, 11.5)},
}
