"""Verdicts that were given all the same on skeletons in spoilt pictures, clause by clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from posecoach.body.posture import observe
from posecoach.evaluation.skeletons import ASTRAY_TL, Skeleton
from posecoach.judging.judge import judge
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Profile, State


def wrong_verdicts(found: Iterable[Skeleton], rule_sets: Sequence[RuleSet]) -> dict[str, Any]:
    """By how pictures were spoilt: skeletons, and clauses passed and failed on them; the same of those plainly off the body, and by clause.

    Each skeleton is judged by every topic asked for by name, but for those of a row, in the form for women. All sources count.
    """
    table: dict[str, Counter[str]] = {}
    clauses: dict[str, Counter[str]] = {}
    for one in found:
        if one.how == "whole":
            continue
        counts, off = table.setdefault(one.how, Counter(skeletons=0)), one.off_tl > ASTRAY_TL
        counts.update({"skeletons": 1, "off": int(off)})
        for rule_id, state in _verdicts(one, rule_sets):
            counts.update({state: 1, f"off_{state}": int(off)})
            clauses.setdefault(rule_id, Counter()).update({state: 1, f"off_{state}": int(off)})
    return {
        "spoilt": {how: dict(table[how]) for how in sorted(table)},
        "clauses": {rule_id: dict(clauses[rule_id]) for rule_id in sorted(clauses)},
    }


def _verdicts(skeleton: Skeleton, rule_sets: Sequence[RuleSet]) -> list[tuple[str, str]]:
    """Ids and words of the clauses passed and failed."""
    body = observe(skeleton.motion)
    judged = [v for s in rule_sets if not s.row for v in judge(body, (s,), Profile.FEMALE, s.topic).verdicts]
    return [(verdict.id, verdict.state.word) for verdict in judged if verdict.state in (State.PASS, State.FAIL)]
