"""Verdicts on stored landmarks of rendered clips: no clause may get worse. `make golden` makes the files anew."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from posecoach.body.motion import Motion
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.vocabulary import Profile
from tests.golden import BADNESS, FOLDER, badness, expected, unpack
from tests.shipped import ALL_RULES

EXPECTED = expected()
CLAUSES = sorted({clause for clip in EXPECTED.values() for clause in clip["truth"]})


@cache
def states() -> dict[str, dict[str, str]]:
    """States by clip and clause as they are now."""
    out = {}
    for name, clip in EXPECTED.items():
        graded = grade_motion(Motion.of(unpack(FOLDER / f"{name}.npz")), GradeOptions(ALL_RULES, clip["drill"], Profile(clip["profile"])))
        out[name] = {v.id.split(".", 1)[1]: v.state.word for v in graded.judgement.verdicts}
    return out


def test_there_are_enough_clips_and_few_enough_bytes() -> None:
    assert len(EXPECTED) >= 40
    assert sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file()) <= 10_000_000


@pytest.mark.parametrize("clause", CLAUSES)
def test_no_verdict_on_this_clause_got_worse(clause: str) -> None:
    worse, was, now = [], 0, 0
    for name, clip in EXPECTED.items():
        if clause not in clip["truth"]:
            continue
        before, after = badness(clip["truth"], clip["states"])[clause], badness(clip["truth"], states()[name])[clause]
        was, now = was + before, now + after
        if after > before:
            worse.append(f"{name}: {clip['states'][clause]} -> {states()[name].get(clause, 'unjudged')}, met: {clip['truth'][clause]}")
    assert now <= was, f"{clause} got worse: {'; '.join(worse)}"


def test_no_verdict_is_given_where_none_is_possible() -> None:
    judged = [
        f"{name}: {clause}"
        for name, clip in EXPECTED.items()
        for clause, is_met in clip["truth"].items()
        if BADNESS[is_met] is BADNESS[None] and states()[name].get(clause, "unjudged") != "unjudged"
    ]
    assert judged == []


def test_the_promised_figures_hold() -> None:
    correct = Counter(states()[name].get(c, "unjudged") for name, clip in EXPECTED.items() for c, met in clip["truth"].items() if met)
    judged = correct.total() - correct["unjudged"]
    assert judged >= 0.90 * correct.total()
    assert correct["pass"] >= 0.92 * judged
    assert correct["fail"] <= 0.01 * judged
    faulty = {name: [c for c, met in clip["truth"].items() if met is False] for name, clip in EXPECTED.items()}
    found = [any(states()[name].get(c) in ("warn", "fail") for c in clauses) for name, clauses in faulty.items() if clauses]
    assert sum(found) >= 0.95 * len(found)
