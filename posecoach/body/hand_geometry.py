"""What is kept of the hands over time: a few numbers for each, from the points of the hand model."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from posecoach.body.landmarks import HAND_COUNT, Hand
from posecoach.body.records import Array


class HandColumn(IntEnum):
    """Columns of `describe_hands`.

    ``PALM_UP``: vertical part of the palm's normal, 1 up, -1 down. ``SPREAD``: largest distance of neighbouring finger tips (index to
    little finger) over the palm's width; together they read 0.5 for the little finger is shorter. ``INDEX_REACH`` and ``OTHERS_REACH``: how
    far the tip of the index finger, and of the other three on average, is from the wrist, over the same of its knuckle: 1.7 to 2 straight,
    1.1 curled.
    """

    PALM_UP = 0
    SPREAD = 1
    INDEX_REACH = 2
    OTHERS_REACH = 3


_TIPS = (Hand.INDEX_TIP, Hand.MIDDLE_TIP, Hand.RING_TIP, Hand.PINKY_TIP)
_KNUCKLES = (Hand.INDEX_KNUCKLE, Hand.MIDDLE_KNUCKLE, Hand.RING_KNUCKLE, Hand.PINKY_KNUCKLE)


def describe_hands(hands_m: Array) -> Array:
    """(T, 2, 4) with the columns of `HandColumn`, the left hand first, of hands (T, 2, 21, 3) in metres, y down; NaN without a hand."""
    if not np.isfinite(hands_m).any():
        return np.full((len(hands_m), 2, len(HandColumn)), np.nan)
    points = hands_m.astype(float).reshape(-1, 2, HAND_COUNT, 3)
    wrist = points[:, :, Hand.WRIST]
    index, pinky = points[:, :, Hand.INDEX_KNUCKLE], points[:, :, Hand.PINKY_KNUCKLE]
    normal = np.cross(index - wrist, pinky - wrist)
    normal[:, 0] *= -1
    tips, knuckles = points[:, :, list(_TIPS)], points[:, :, list(_KNUCKLES)]
    with np.errstate(invalid="ignore", divide="ignore"):
        palm_up = -normal[..., 1] / np.linalg.norm(normal, axis=-1)
        gaps = np.linalg.norm(tips[:, :, 1:] - tips[:, :, :-1], axis=-1).max(-1) / np.linalg.norm(index - pinky, axis=-1)
        reach = np.linalg.norm(tips - wrist[:, :, None], axis=-1) / np.linalg.norm(knuckles - wrist[:, :, None], axis=-1)
    return np.stack([palm_up, gaps, reach[..., 0], reach[..., 1:].mean(-1)], -1)
