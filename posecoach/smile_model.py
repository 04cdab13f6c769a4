"""Coefficients of the smile model: data, not code. Made anew by `python -m posecoach.evaluation.fit_smile`.

Fitted by L2-regularised logistic regression (weight 1) on 80 pictures of 40 people, neutral and smiling, of the Face Research Lab London
Set (DeBruine and Jones 2017, doi 10.6084/m9.figshare.5047666, CC-BY 4.0), on the features of `smile.mouth_features`: corners above the
inner edge of the lower lip, mouth width, distance from mouth corner to eye corner, height of the upper lip. Leaving one person out at a
time, 76 of the 80 pictures were told right; the features were chosen on the same pictures, so that is too good by an unknown amount.
`NEUTRAL` is the median shape of the 40 neutral pictures (columns of `FaceColumn` from LIFT_LEFT on).
"""

from __future__ import annotations

MOUTH: dict[str, tuple[float, ...] | float] = {
    "mean": (0.0489, 0.5939, 1.2962, 0.1183),
    "scale": (0.0799, 0.0658, 0.1876, 0.0373),
    "weight": (1.4018, 0.9054, -1.5820, -1.0649),
    "bias": 0.7555,
}
NEUTRAL: tuple[float, ...] = (-0.0008, -0.0052, 0.5454, 0.0009, 0.1046, 0.7847, 0.0711)
