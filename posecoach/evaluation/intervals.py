"""How often the truth lies inside the 95 % interval of a measure, and how wide the intervals are against what their errors ask for."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from posecoach.evaluation.scoring import AngleOutcome, share
from posecoach.evaluation.statistics import Z_95
from posecoach.measures.error_table import SHAPE

NEEDED = Z_95 / sqrt(2 / np.pi)
"""Half the width of the 95 % interval of a normal distribution, over its mean absolute error."""
CLAIMS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Shares claimed for intervals: the 95 % one, and the same shrunk (`error_table.SHAPE`)."""


def is_fitted_on(person: str) -> bool:
    """Whether intervals are fitted on a rendered person: half of them, by their names; figures are of the others."""
    return zlib.crc32(person.encode()) % 2 == 0


def interval_figures(outcomes: Sequence[AngleOutcome]) -> dict[str, Any] | None:
    """Coverage by measure, calibration over all, and the width of intervals, of people who were not fitted on; None of nobody."""
    known = [one for one in outcomes if one.error_95 is not None and not is_fitted_on(one.person)]
    if not known:
        return None
    return {
        "people": sorted({one.person for one in known}),
        "measures": {name: _of_measure([o for o in known if o.measure == name]) for name in sorted({o.measure for o in known})},
        "calibration": [(claim, _found(known, claim)) for claim in CLAIMS],
        "expected_calibration_error": float(np.mean([abs(_found(known, claim) - claim) for claim in CLAIMS])),
    }


def _of_measure(outcomes: Sequence[AngleOutcome]) -> dict[str, Any]:
    errors = np.array([abs(o.measured - o.true) for o in outcomes])
    halves = np.array([o.error_95 for o in outcomes], float)
    return {
        "inside": share(int((errors <= halves).sum()), len(outcomes)),
        "half_width": float(halves.mean()),
        "mae": float(errors.mean()),
        "over_needed": float(halves.mean() / (NEEDED * errors.mean())) if errors.any() else None,
    }


def _found(outcomes: Sequence[AngleOutcome], claim: float) -> float:
    """The share of truths inside intervals shrunk to hold the share ``claim``, as the errors fitted on are spread."""
    return float(np.mean([abs(o.measured - o.true) <= SHAPE[claim] * (o.error_95 or 0.0) for o in outcomes]))
