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
    "mean": (0.0487, 0.5937, 1.2965, 0.1187, -0.0036, -0.0026, -0.0151, 0.0042, -0.0583),
    "scale": (0.0795, 0.0653, 0.1867, 0.0378, 0.0063, 0.0074, 0.0092, 0.0256, 0.0841),
    "weight": (1.4052, 0.9300, -1.5671, -1.0045, 0.0256, -0.0199, 0.0060, -0.0403, -0.0130),
    "bias": 0.8056,
}
NEUTRAL: tuple[float, ...] = (-0.0017, -0.0047, 0.5461, 0.0009, 0.1048, 0.7853, 0.0721, -0.0033, 0.0007, -0.0075, 0.0116, -0.0277)
