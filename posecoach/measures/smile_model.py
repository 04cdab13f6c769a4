"""Coefficients of the smile model: data, not code. Made anew by `python -m posecoach.evaluation.fit_smile`.

Fitted by L2-regularised logistic regression on 80 pictures of 40 people, neutral and smiling, of the Face Research Lab London Set (DeBruine
and Jones 2017, doi 10.6084/m9.figshare.5047666, CC-BY 4.0), on the features of `smile.mouth_features`, in this order. With weight 1 of the
regularisation: corners above the inner edge of the lower lip, mouth width, distance from mouth corner to eye corner, height of the upper
lip. With weight 30, of 1, 3, 10 and 30 by cross-validation: curves of the outer edges of the upper and the lower lip and of their inner
edges, lower lip above the chin. Leaving one person out at a time, 75 of the 80 pictures were told right; the features were chosen on the
same pictures, so that is too good by an unknown amount (docs/decisions/014).
`NEUTRAL` is the median shape of the 40 neutral pictures (columns of `FaceColumn` from LIFT_LEFT on).
"""

from __future__ import annotations

MOUTH: dict[str, tuple[float, ...] | float] = {
    "mean": (0.0489, 0.5939, 1.2962, 0.1183, -0.0035, -0.0026, -0.0151, 0.0041, -0.0580),
    "scale": (0.0799, 0.0658, 0.1876, 0.0373, 0.0064, 0.0075, 0.0091, 0.0257, 0.0838),
    "weight": (1.3820, 0.9036, -1.5782, -1.0622, 0.0225, -0.0195, 0.0141, -0.0411, -0.0103),
    "bias": 0.7761,
}
NEUTRAL: tuple[float, ...] = (-0.0008, -0.0052, 0.5454, 0.0009, 0.1046, 0.7847, 0.0711, -0.0034, 0.0007, -0.0075, 0.0117, -0.0267)
