"""Which of several permitted forms a person shows, and what to say where that cannot be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from posecoach.rulebook.schema import Group, Rule
from posecoach.vocabulary import State

CLEARLY_NEARER = 1.0
"""A failing form is the one meant when it is nearer than any other by more than the error of measure, which a warn band is wide."""

_BADNESS = {State.PASS: 0, State.WARN: 1, State.UNJUDGED: 2, State.FAIL: 3}


@dataclass(frozen=True, slots=True)
class Member:
    """A rule of a group as it was judged: its state, and how far its value lies outside the pass band, in widths of the warn band."""

    rule: Rule
    state: State
    off: float


def settle(group: Group, members: Mapping[str, Member]) -> Mapping[str, Rule]:
    """The verdict of a group, by id the rules that keep theirs: those of its best-met form. The others are not applicable.

    Where every form fails and it cannot be told which one was meant, nobody is sent to a form of our choice: the most important failure
    of the nearest one stands for the group, with the group's own words.
    """
    best = best_alternative(group, members)
    failing = [members[rule_id].rule for rule_id in best if members[rule_id].state is State.FAIL]
    if not failing or is_meant(group, best, members):
        return {rule_id: members[rule_id].rule for rule_id in best}
    first = max(failing, key=lambda rule: rule.priority)
    return {first.id: first.saying(group.words)}


def best_alternative(group: Group, members: Mapping[str, Member]) -> tuple[str, ...]:
    """The alternative of a group that is met best: by its worst member, and among failing ones by how far that is off."""
    return min(group.any_of, key=lambda form: (max(_BADNESS[members[rule_id].state] for rule_id in form), _off(form, members)))


def is_meant(group: Group, best: Collection[str], members: Mapping[str, Member]) -> bool:
    """Whether ``best``, which fails, is plainly the form a person meant: of no other is anything met or open, and none is about as near.

    What never fails, like an angle that depends on the camera, tells nothing of what was meant.
    """
    for form in group.any_of:
        if form == best:
            continue
        if any(members[rule_id].state is not State.FAIL for rule_id in form if members[rule_id].rule.can_fail):
            return False
        if _off(form, members) - _off(best, members) <= CLEARLY_NEARER:
            return False
    return True


def _off(form: Collection[str], members: Mapping[str, Member]) -> float:
    return max((members[rule_id].off for rule_id in form if members[rule_id].state is State.FAIL), default=0.0)
