"""How much a face smiles, from its shape (`face_geometry.describe_faces`). A small transparent model; see `smile_model.py`."""

from __future__ import annotations

import numpy as np

from posecoach.body.records import Array
from posecoach.measures.smile_model import MOUTH, NEUTRAL

LIFT_LEFT, LIFT_RIGHT, WIDTH, OPENING, APERTURE, CORNER_TO_EYE, UPPER_LIP = range(7)
UPPER_CURVE, LOWER_CURVE, INNER_UPPER_CURVE, INNER_LOWER_CURVE, CHIN = range(7, 12)


def _own(shape: Array, neutral: tuple[float, ...] | None) -> Array:
    """The shape as if the person's own neutral were the population's; columns a neutral stored long ago does not have stay as they are."""
    if neutral is None:
        return shape
    known = len(neutral)
    return np.column_stack([shape[:, :known] - np.asarray(neutral) + np.asarray(NEUTRAL[:known]), shape[:, known:]])


def mouth_features(shape: Array) -> Array:
    """The features (T, 9) of the model, from shapes (T, 12): how far the corners lie above the inner edge of the lower lip (mean of both,
    with the nod of the head taken out), mouth width, distance from corner to eye (mean of both), height of the upper lip, curves of the
    four edges of the lips, lower lip above the chin. The width is over the distance of the outer eye corners, the others are over the
    width: they change with the form of the mouth, not with its size.
    """
    width = shape[:, WIDTH]
    lift = (shape[:, LIFT_LEFT] + shape[:, LIFT_RIGHT] + shape[:, OPENING]) / 2
    rest = shape[:, [CORNER_TO_EYE, UPPER_LIP, UPPER_CURVE, LOWER_CURVE, INNER_UPPER_CURVE, INNER_LOWER_CURVE, CHIN]]
    return np.column_stack([lift / width, width, rest / width[:, None]])


def smile_strength(shape: Array, neutral: tuple[float, ...] | None) -> Array:
    """Probability (T,) that the mouth smiles, from shapes (T, 12); with the person's own ``neutral`` shape (12,) against that."""
    features = (mouth_features(_own(shape, neutral)) - MOUTH["mean"]) / MOUTH["scale"]
    return 1 / (1 + np.exp(-(features @ np.asarray(MOUTH["weight"]) + MOUTH["bias"])))


def smile_eyes(shape: Array, neutral: tuple[float, ...] | None) -> Array:
    """How much the eyes join a smile (T,), 0..1, from how much narrower they are than in the neutral face; 0.5 at a tenth narrower.

    Source of the tenth: threshold study, section 6. The distance from cheek to lid is left out: it does not tell the rendered smiles with
    the eyes from those without.
    """
    own = _own(shape, neutral)
    return np.asarray(np.clip((1 - own[:, APERTURE] / NEUTRAL[APERTURE]) / 0.2, 0, 1))


CLEAR_LIFT = 0.06
"""How far a clear smile lifts the corners of the mouth, as `face_geometry` counts it: on half of 40 photographed smilers 0.05 and more."""


def smile_asymmetry(shape: Array, neutral: tuple[float, ...] | None) -> Array:
    """Difference of the two corners' lift from neutral as a share of the larger, or of a clear smile's where that is more (T,), 0..1.

    A share of a faint smile alone would be that of the landmarks' errors.
    """
    own = _own(shape, neutral)
    left, right = own[:, LIFT_LEFT] - NEUTRAL[LIFT_LEFT], own[:, LIFT_RIGHT] - NEUTRAL[LIFT_RIGHT]
    larger = np.maximum(np.maximum(np.abs(left), np.abs(right)), CLEAR_LIFT)
    return np.clip(np.abs(left - right) / larger, 0, 1)
