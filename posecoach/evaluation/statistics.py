"""Balanced accuracy with its interval, agreement and ROC figures. Pure numpy."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt

import numpy as np

from posecoach.body.records import Array
from posecoach.judging.shares import Z_95, wilson

Interval = tuple[float, float]


def balanced_accuracy(hits: float, faulty: int, clean: float, correct: int) -> float | None:
    """Mean of the share of faulty cases found and of correct cases not called faulty; None when either is absent."""
    return (hits / faulty + clean / correct) / 2 if faulty and correct else None


def balanced_interval(hits: float, faulty: int, clean: float, correct: int) -> Interval | None:
    """95 % interval of the balanced accuracy: the two Wilson intervals combined by squares (Newcombe 1998)."""
    first, second = wilson(hits, faulty), wilson(clean, correct)
    middle = balanced_accuracy(hits, faulty, clean, correct)
    if first is None or second is None or middle is None:
        return None
    a, b = hits / faulty, clean / correct
    low = sqrt((a - first[0]) ** 2 + (b - second[0]) ** 2) / 2
    high = sqrt((first[1] - a) ** 2 + (second[1] - b) ** 2) / 2
    return max(0.0, middle - low), min(1.0, middle + high)


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float | None:
    """Cohen's kappa of two judges of the same cases; None when there are none or chance alone explains all."""
    if not first:
        return None
    count, yes, other = len(first), sum(first), sum(second)
    agreed = count * sum(a == b for a, b in zip(first, second, strict=True))
    by_chance = yes * other + (count - yes) * (count - other)
    return (agreed - by_chance) / (count**2 - by_chance) if by_chance < count**2 else None


def kappa_interval(first: Sequence[bool], second: Sequence[bool], draws: int = 1000) -> Interval | None:
    """95 % bootstrap interval of kappa (seed 0)."""
    if kappa(first, second) is None:
        return None
    rng, a, b = np.random.default_rng(0), np.asarray(first, bool), np.asarray(second, bool)
    drawn = [kappa(a[i].tolist(), b[i].tolist()) for i in rng.integers(0, len(a), (draws, len(a)))]
    low, high = np.percentile([k for k in drawn if k is not None and isfinite(k)] or [np.nan], [2.5, 97.5])
    return float(low), float(high)


def roc_area(score: Array, positive: Array) -> float:
    """Area under the ROC curve: how often a positive case scores above a negative one, ties counting half; NaN without either."""
    score, positive = np.asarray(score, float), np.asarray(positive, bool)
    above, below = score[positive], np.sort(score[~positive])
    if not len(above) or not len(below):
        return float("nan")
    ranks = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(ranks.mean() / (2 * len(below)))


def roc_interval(score: Array, positive: Array) -> Interval:
    """95 % interval of the ROC area (Hanley and McNeil 1982)."""
    area, positive = roc_area(score, positive), np.asarray(positive, bool)
    many, few = int(positive.sum()), int((~positive).sum())
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = sqrt(max(area * (1 - area) + (many - 1) * (q1 - area**2) + (few - 1) * (q2 - area**2), 0.0) / (many * few))
    return max(0.0, area - Z_95 * error), min(1.0, area + Z_95 * error)


def agreement(measured: Sequence[float], true: Sequence[float]) -> dict[str, float]:
    """Bias, mean absolute error and limits of agreement (Bland and Altman 1986) of measured against true values."""
    error = np.subtract(measured, true)
    bias, spread = float(error.mean()), float(error.std(ddof=1)) if len(error) > 1 else 0.0
    return {
        "count": len(error),
        "bias": bias,
        "mae": float(np.abs(error).mean()),
        "low": bias - Z_95 * spread,
        "high": bias + Z_95 * spread,
    }
