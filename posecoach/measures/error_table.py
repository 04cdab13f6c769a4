"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

By measure and view: over three seconds or more, and of a single picture, in the measure's unit. Fitted on rendered people (m1 or not is
told by `evaluation.intervals.is_fitted_on`), of clips and of single frames of them. `SHAPE`: by the share of errors that a shrunk interval
holds, what to shrink it by. `REAL_PEOPLE` is a judgement, not a fit: labels of real people are too coarse for degrees.
"""

from __future__ import annotations

REAL_PEOPLE = 1.1
ERRORS: dict[str, dict[str, tuple[float, float]]] = {
    "shoulder_tilt_deg": {"front": (2.29, 2.29), "back": (2.29, 2.29)},
    "trunk_lean_left_deg": {"front": (2.51, 2.51), "back": (2.51, 2.51)},
    "trunk_lean_forward_deg": {"side": (3.82, 3.91)},
    "head_roll_deg": {"front": (6.88, 6.88)},
    "head_pitch_down_deg": {"front": (5.93, 6.54), "three_quarter": (5.93, 6.54)},
    "face_away_deg": {"front": (4.57, 5.19), "three_quarter": (4.57, 5.19)},
    "knee_angle_deg": {"side": (11.7, 11.7)},
    "shin_lean_deg": {"side": (4.63, 4.63)},
    "toe_v_deg": {"front": (10.3, 11.4)},
}
SHAPE = {0.1: 0.0495, 0.2: 0.0959, 0.3: 0.152, 0.4: 0.235, 0.5: 0.303, 0.6: 0.398, 0.7: 0.529, 0.8: 0.616, 0.9: 0.777, 0.95: 0.883}
