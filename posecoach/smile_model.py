"""Coefficients of the smile model: data, not code.

Fitted by L2-regularised logistic regression (weight 1) on 80 pictures of 40 people, neutral and smiling, of the Face Research Lab London
Set (DeBruine and Jones 2017, doi 10.6084/m9.figshare.5047666, CC-BY 4.0), on the features of `smile.py`: mean lift of the mouth corners,
mouth width, opening of the lips, height of the lips under the eyes, distance from cheek to lower lid, all over the distance of the outer
eye corners. Leaving one person out at a time, 89 % of the 80 pictures were told right. `NEUTRAL` is the median shape of the 40 neutral
pictures (columns of `face_geometry.expression`).
"""

from __future__ import annotations

MOUTH: dict[str, tuple[float, ...] | float] = {
    "mean": (0.0178, 0.5914, 0.0302, 0.7259, 0.3664),
    "scale": (0.0341, 0.0676, 0.0482, 0.0426, 0.0219),
    "weight": (1.6314, 1.7541, 0.9442, -0.8162, 0.4563),
    "bias": 0.8862,
}
NEUTRAL: tuple[float, ...] = (-0.0036, -0.0066, 0.5440, 0.0014, 0.1039, 0.3698, 0.7276)
