"""Coefficients of the smile model: data, not code. Made anew by `python -m posecoach.evaluation.fit_smile`.

Fitted by L2-regularised logistic regression (weight 1) on 80 pictures of 40 people, neutral and smiling, of the Face Research Lab London
Set (DeBruine and Jones 2017, doi 10.6084/m9.figshare.5047666, CC-BY 4.0), on the features of `smile.mouth_features`, all over the distance
of the outer eye corners: corners above the inner edge of the lower lip, mouth width, distance from mouth corner to eye corner, height of
the upper lip. Leaving one person out at a time, 73 of the 80 pictures were told right; the features were
chosen on the same pictures, so that is too good by an unknown amount. `NEUTRAL` is the median shape of the 40 neutral
pictures (columns of `FaceColumn` from LIFT_LEFT on).
"""

from __future__ import annotations

MOUTH: dict[str, tuple[float, ...] | float] = {
    "mean": (0.0327, 0.5917, 0.7588, 0.0681),
    "scale": (0.0548, 0.0661, 0.0489, 0.0192),
    "weight": (1.5853, 1.8638, -0.9754, -0.8122),
    "bias": 0.9446,
}
NEUTRAL: tuple[float, ...] = (-0.0049, -0.0084, 0.5455, 0.0015, 0.1046, 0.7835, 0.0699)
