"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on the rendered people `PEOPLE`. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: at so many pixels of the trunk, or between the eyes, being
small adds as much to the error as there is of it already; fitted on clips and copies of a quarter of their size. `RESTING_FACES`: by how
much the log odds of a smile differ between people at rest, half of their 95 % interval; 40 people of the London set.
"""

from __future__ import annotations

RESTING_FACES = 3.15
SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = 24.2, 6.78
PEOPLE = ("f1", "f2", "f3", "m1", "m2", "m3", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "p1", "p2")
ERRORS: dict[str, dict[str, tuple[float, float]]] = {
    "shoulder_tilt_deg": {"front": (2.25, 2.26), "back": (2.25, 2.26), "front apart": (2.67, 2.67), "back apart": (2.67, 2.67)},
    "trunk_lean_left_deg": {"front": (3.63, 3.63), "back": (3.63, 3.63), "front apart": (1.49, 1.49), "back apart": (1.49, 1.49)},
    "trunk_lean_forward_deg": {"side": (6, 6.33), "side apart": (2.72, 3.46)},
    "knee_angle_deg": {"side": (14.3, 14.3), "side apart": (6.7, 6.7)},
    "shin_lean_deg": {"side": (6.2, 6.2), "side apart": (4.04, 4.04)},
    "toe_v_deg": {"front": (10.7, 11.3), "front apart": (12.1, 13.3)},
    "ankle_gap_sw": {"front": (0.103, 0.109), "back": (0.103, 0.109), "front apart": (0.104, 0.11), "back apart": (0.104, 0.11)},
    "knee_gap_sw": {"front": (0.18, 0.18), "back": (0.18, 0.18), "front apart": (0.0773, 0.0773), "back apart": (0.0773, 0.0773)},
    "wrists_apart_sw": {"front": (0.137, 0.148), "front apart": (0.121, 0.121)},
    "wrists_off_midline_sw": {"front": (0.0574, 0.0574), "front apart": (0.0415, 0.0415)},
    "wrists_below_shoulders_tl": {"front": (0.171, 0.208), "front apart": (0.0657, 0.0723)},
    "centre_offset_sw": {
        "front": (0.0921, 0.0961),
        "back": (0.0921, 0.0961),
        "front apart": (0.036, 0.0368),
        "back apart": (0.036, 0.0368),
    },
    "head_roll_deg": {"front": (5.9, 6.03), "front apart": (17.8, 17.8)},
    "head_pitch_down_deg": {
        "front": (7.18, 7.37),
        "three_quarter": (7.18, 7.37),
        "front apart": (10.1, 10.1),
        "three_quarter apart": (10.1, 10.1),
    },
    "face_away_deg": {
        "front": (5.05, 5.56),
        "three_quarter": (5.05, 5.56),
        "front apart": (5.71, 6.79),
        "three_quarter apart": (5.71, 6.79),
    },
}
