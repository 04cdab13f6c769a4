"""How often the truth lies inside the 95 % interval of a measure, and how wide the intervals are against what their errors ask for."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from posecoach.evaluation.scoring import ValueOutcome, share
from posecoach.judging.shares import Z_95
from posecoach.measures.error_table import PEOPLE

NEEDED = Z_95 / sqrt(2 / np.pi)
"""Half the width of the 95 % interval of a normal distribution, over its mean absolute error."""
CLAIMS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Shares claimed for intervals: the 95 % one, and the same shrunk as those of normal errors are."""


def is_fitted_on(person: str) -> bool:
    """Whether intervals are fitted on a rendered person; figures are of the others."""
    return person in PEOPLE


def shrunk(claim: float) -> float:
    """What to shrink a 95 % interval by so that it claims less: 1 at 0.95."""
    return NormalDist().inv_cdf(0.5 + claim / 2) / Z_95


def interval_figures(outcomes: Sequence[ValueOutcome]) -> dict[str, Any] | None:
    """Coverage by measure, calibration over all, and the width of intervals, of people who were not fitted on; None of nobody."""
    known = [one for one in outcomes if one.error_95 is not None and not is_fitted_on(one.person)]
    if not known:
        return None
    found = [(claim, _found(known, claim)) for claim in CLAIMS]
    return {
        "people": sorted({one.person for one in known}),
        "fitted_on": list(PEOPLE),
        "measures": {name: _of_measure([o for o in known if o.measure == name]) for name in sorted({o.measure for o in known})},
        "calibration": found,
        "sets": {name: _of_set([o for o in known if o.dataset == name]) for name in sorted({o.dataset for o in known})},
        "expected_calibration_error": calibration_error(found),
    }


def _of_set(outcomes: Sequence[ValueOutcome]) -> dict[str, Any]:
    found = [(claim, _found(outcomes, claim)) for claim in CLAIMS]
    return {"values": len(outcomes), "calibration": found, "expected_calibration_error": calibration_error(found)}


def calibration_error(found: Sequence[tuple[float, float]]) -> float:
    """The mean distance of found shares from claimed ones."""
    return float(np.mean([abs(share - claim) for claim, share in found]))


def _of_measure(outcomes: Sequence[ValueOutcome]) -> dict[str, Any]:
    errors = np.array([abs(o.measured - o.true) for o in outcomes])
    halves = np.array([o.error_95 for o in outcomes], float)
    return {
        "inside": share(int((errors <= halves).sum()), len(outcomes)),
        "half_width": float(halves.mean()),
        "mae": float(errors.mean()),
        "over_needed": float(halves.mean() / (NEEDED * errors.mean())) if errors.any() else None,
    }


def _found(outcomes: Sequence[ValueOutcome], claim: float) -> float:
    """The share of truths inside intervals shrunk to hold the share ``claim`` of normal errors."""
    return float(np.mean([abs(o.measured - o.true) <= shrunk(claim) * (o.error_95 or 0.0) for o in outcomes]))
