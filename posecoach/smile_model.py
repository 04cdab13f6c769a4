"""Coefficients of the smile model: data, not code. Made anew by `python -m posecoach.evaluation.fit_smile`.

Fitted by L2-regularised logistic regression (weight 1) on 80 pictures of 40 people, neutral and smiling, of the Face Research Lab London
Set (DeBruine and Jones 2017, doi 10.6084/m9.figshare.5047666, CC-BY 4.0), on the features of `smile.mouth_features`, all over the distance
of the outer eye corners: corners above the inner edge of the lower lip, mouth width, distance from mouth corner to eye corner, height of
the upper lip. Leaving one person out at a time, 75 of the 80 pictures were told right. `NEUTRAL` is the median shape of the 40 neutral
pictures (columns of `FaceColumn` from LIFT_LEFT on).
"""

from __future__ import annotations

MOUTH: dict[str, tuple[float, ...] | float] = {
    "mean": (0.0329, 0.5914, 0.7593, 0.0680),
    "scale": (0.0549, 0.0676, 0.0480, 0.0195),
    "weight": (1.5307, 1.8998, -0.9585, -0.8288),
    "bias": 0.9479,
}
NEUTRAL: tuple[float, ...] = (-0.0036, -0.0066, 0.5440, 0.0014, 0.1039, 0.7869, 0.0703)
