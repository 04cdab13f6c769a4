"""How sure a verdict is, and how often verdicts are wrong among the surest: risk against coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from posecoach.evaluation.scoring import Outcome
from posecoach.judging.judge import ClauseTrack, Judgement, off_by
from posecoach.judging.results import ClauseVerdict

FULL = 5.0
"""Surer than this nothing is counted: bands without a warn band have no width to tell by."""
COVERAGES = (0.25, 0.5, 0.75, 0.9, 1.0)


def leanings(judgement: Judgement) -> dict[str, float]:
    """How far the value of each judged clause (its id without the prefix) lies from the middle of its warn band, in widths of that band,
    within `FULL`: negative where the clause seems to be met.
    """
    found = {}
    for track, verdict in zip(judgement.tracks, judgement.verdicts, strict=True):
        leaning = _leaning(track, verdict)
        if leaning is not None:
            found[verdict.id.split(".", 1)[1]] = leaning
    return found


def _leaning(track: ClauseTrack, verdict: ClauseVerdict) -> float | None:
    if verdict.value is None:
        return None
    typical = [(float(np.nanmedian(check.value)), check) for check in track.checks if np.isfinite(check.value).any()]
    if not typical:
        return None
    check = min(typical, key=lambda one: abs(one[0] - (verdict.value or 0.0)))[1]
    return float(np.clip(off_by(np.array([verdict.value]), check.bands)[0] - 0.5, -FULL, FULL))


def risk_coverage(outcomes: Iterable[Outcome]) -> dict[str, Any] | None:
    """The share of wrong verdicts among the surest, by how many of all labelled clauses these are; None where none was judged.

    A verdict is wrong here where the value lies on the other side of the middle of the warn band than the label says.
    """
    cases = list(outcomes)
    judged = sorted((case for case in cases if case.leaning is not None), key=lambda case: -abs(case.leaning or 0.0))
    if not judged:
        return None
    wrong = [((case.leaning or 0.0) < 0) is not case.is_met for case in judged]
    return {
        "labelled": len(cases),
        "judged": len(judged),
        "wrong": sum(wrong),
        "curve": _curve(wrong, len(cases)),
        "risk": [(share, _risk(wrong, share * len(cases))) for share in COVERAGES],
    }


def _curve(wrong: Sequence[bool], labelled: int) -> list[tuple[float, float]]:
    return [((i + 1) / labelled, sum(wrong[: i + 1]) / (i + 1)) for i in range(len(wrong))]


def _risk(wrong: Sequence[bool], count: float) -> float | None:
    """The share of wrong ones among the surest ``count``; None where fewer were judged."""
    first = round(count)
    return sum(wrong[:first]) / first if 0 < first <= len(wrong) else None
