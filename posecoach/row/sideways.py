"""Whether a whole row lies on its side or hangs upside down in the picture: then it is the picture that has to be turned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecoach.body.geometry import lean_deg
from posecoach.body.landmarks import Pose
from posecoach.body.lying import LYING_MIN_DEG
from posecoach.body.neighbours import Figure
from posecoach.body.records import Array

COLUMN_MIN = 3
"""So many heads above each other are no row that stands."""
COLUMN_TALLER = 1.5
"""Heads in a column are so many times further apart in height than across,"""
COLUMN_MIN_M = 0.5
"""and by more than people differ in size, of bodies of their scale."""
LYING_SHARE = 0.4
"""So many of the bodies found must lie or hang: of a row upside down half of them are found upright on others' legs."""
HANGING_MIN_DEG = 120.0
"""A trunk that leans by more hangs head down, whatever the legs are taken for; nobody bows so deep."""

_SHOULDERS, _HIPS, _ANKLES = ([left, left + 1] for left in (Pose.LEFT_SHOULDER, Pose.LEFT_HIP, Pose.LEFT_ANKLE))


def looks_sideways(heads_px: Array, scales_px_m: Array, figures: Sequence[Figure]) -> bool:
    """Whether those seen at one moment, with heads at (N, 2) and of scales (N,), are a row that lies in the picture.

    Faces are found turned in any way, bodies often on others' legs: heads tell it best where it lies on its side, ``figures`` (those of
    whom a body is seen) where it hangs upside down.
    """
    return _is_column(heads_px, scales_px_m) or (bool(figures) and sum(map(_lies, figures)) >= LYING_SHARE * len(figures))


def _is_column(heads_px: Array, scales_px_m: Array) -> bool:
    if len(heads_px) < COLUMN_MIN:
        return False
    across, down = np.ptp(heads_px, axis=0)
    return bool(down > COLUMN_TALLER * across and down > COLUMN_MIN_M * np.median(scales_px_m))


def _lies(one: Figure) -> bool:
    """Whether the shoulders hang below the hips, or lie aside of hips and ankles: who bows keeps the ankles down."""
    shoulders, hips, ankles = (one.px[pair].mean(axis=0) for pair in (_SHOULDERS, _HIPS, _ANKLES))
    trunk, body = abs(lean_deg(hips, shoulders)), abs(lean_deg(ankles, shoulders))
    return bool(trunk > HANGING_MIN_DEG or min(trunk, body) > LYING_MIN_DEG)
