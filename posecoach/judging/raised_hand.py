"""A hand raised above the head: how somebody who stands three metres from the screen goes on, or does something again. Pure arrays."""

from __future__ import annotations

from typing import Literal

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array

HELD_MS = 800.0
ABOVE_HEAD_TL = 0.1
"""How far the wrist is above the nose, in trunk lengths: a hand at the cheek or in the hair is lower."""

Hand = Literal["left", "right"]


def raised_hand(body: Body) -> Hand | None:
    """The person's own hand that has been up for 0.8 s at the end of a body's recent past; None without one, or with both."""
    t_ms = body.motion.t_ms
    lately = t_ms >= t_ms[-1] - HELD_MS
    if t_ms[-1] - t_ms[0] < HELD_MS:
        return None
    left, right = (bool(_is_up(body, wrist)[lately].all()) for wrist in (Pose.LEFT_WRIST, Pose.RIGHT_WRIST))
    return None if left == right else "left" if left else "right"


def _is_up(body: Body, wrist: Pose) -> Array:
    above = body.point(Pose.NOSE)[:, 1] - body.point(wrist)[:, 1]
    with np.errstate(invalid="ignore"):
        return np.asarray((above > ABOVE_HEAD_TL * body.trunk_px) & body.inside[:, wrist])
