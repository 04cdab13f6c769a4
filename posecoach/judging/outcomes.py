"""What the verdicts on the clauses come to: the score and the outcome of a person, unless too little was judged for either."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Reason, State

NOT_JUDGED = "not_judged"
NOT_ENOUGH = "not_enough"

_WORTH = {State.PASS: 1.0, State.WARN: 0.5, State.FAIL: 0.0}
_CANNOT_SHOW = frozenset({Reason.VIEW, Reason.NEVER, Reason.NOT_APPLICABLE})
"""Why a clause is not among those that a clip of this view could have shown."""


class Judged(Protocol):
    """A clause as judged, over a clip or at a moment."""

    @property
    def id(self) -> str: ...

    @property
    def state(self) -> State: ...

    @property
    def reason(self) -> Reason: ...


def score(verdicts: Collection[Judged], rule_sets: Sequence[RuleSet]) -> float | None:
    """100 x weighted share of judged clauses met (warn counts half) to one decimal, None when too little was judged (`is_enough`).

    As exact as it is kept: rounded twice, by a file and by a page, the same score reads 89 in one place and 90 in another.
    """
    if not is_enough(verdicts, rule_sets):
        return None
    weights = _weights(rule_sets)
    judged = [(weights[v.id], _WORTH[v.state]) for v in verdicts if v.state in _WORTH]
    return round(100 * sum(weight * part for weight, part in judged) / sum(weight for weight, _ in judged), 1)


def outcome(verdicts: Collection[Judged], rule_sets: Sequence[RuleSet]) -> str:
    """What a clip comes to.

    ``meets`` (no fail, at most the rule sets' share of warn), ``improve`` (no more than a third fail), ``not_met``, ``not_enough`` (too
    little was judged to say, `is_enough`) or ``not_judged`` (nothing was).
    """
    states = [v.state for v in verdicts if v.state is not State.UNJUDGED]
    if not states:
        return NOT_JUDGED
    if not is_enough(verdicts, rule_sets):
        return NOT_ENOUGH
    fails, warns = states.count(State.FAIL), states.count(State.WARN)
    if not fails and warns <= min(s.max_warn_share for s in rule_sets) * len(states):
        return "meets"
    return "improve" if fails * 3 <= len(states) else "not_met"


def overall_state(states: Collection[State]) -> State:
    """Fail with something to correct, pass when something is judged and nothing fails, else unjudged."""
    if State.FAIL in states:
        return State.FAIL
    return State.PASS if State.PASS in states or State.WARN in states else State.UNJUDGED


def is_enough(verdicts: Collection[Judged], rule_sets: Sequence[RuleSet]) -> bool:
    """Whether so much was judged that a score speaks of the person and not of one or two clauses.

    Asked for are the rule sets' least number of judged clauses and their share of the weight of what a clip of this view can show. What
    another view would show, no camera can tell or was not done counts on neither side.
    """
    weights = _weights(rule_sets)
    judged = [weights[v.id] for v in verdicts if v.state is not State.UNJUDGED]
    missed = [weights[v.id] for v in verdicts if v.state is State.UNJUDGED and v.reason not in _CANNOT_SHOW]
    asked = [s for s in rule_sets if any(rule.id in {v.id for v in verdicts} for rule in s.rules)]
    if not judged or not asked:
        return False
    least, share = max(s.min_judged for s in asked), max(s.min_weight_share for s in asked)
    return len(judged) >= least and sum(judged) >= share * (sum(judged) + sum(missed))


def _weights(rule_sets: Sequence[RuleSet]) -> dict[str, float]:
    return {rule.id: rule.weight for rule_set in rule_sets for rule in rule_set.rules}
