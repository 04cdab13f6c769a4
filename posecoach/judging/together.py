"""The clips of one person and one topic put together: what one view cannot show another may, so front and side complete each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from posecoach.judging.outcomes import outcome, score
from posecoach.judging.results import ClauseVerdict, ClipResult, PersonResult, Seen, TopicResult, Unseen
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Reason, State

_LEAST_TELLING = (Reason.NEVER, Reason.VIEW)
"""Of clips in which a clause was not judged, those that could have shown it say more about why."""


class Part(NamedTuple):
    """A person in a clip, and the group the person belongs to in the roster, if any."""

    path: str
    person: PersonResult
    group: str | None = None


def topics_of(parts: Iterable[Part], rule_sets: Sequence[RuleSet]) -> tuple[TopicResult, ...]:
    """The topics of everybody, in the order of the first clip of each; who has no name stands alone with one clip.

    People of one name are told apart by their group.
    """
    found: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        name = part.person.name
        key = ("named", name, part.group or "") if name else ("clip", part.path, str(part.person.id))
        found.setdefault(key, []).append(part)
    return tuple(topic for own in found.values() for topic in put_together(own, rule_sets))


def parts_of(clip: ClipResult, group: str | None = None) -> tuple[Part, ...]:
    """Everybody in a clip."""
    return tuple(Part(clip.path, person, group) for person in clip.people)


def put_together(parts: Sequence[Part], rule_sets: Sequence[RuleSet]) -> tuple[TopicResult, ...]:
    """The topics of one person, in the order of the rule files; ``parts`` are the person's clips.

    Of a clause that several clips show the worst verdict counts. Score and outcome follow as for one clip.
    """
    return tuple(topic for rule_set in rule_sets if (topic := _topic(parts, rule_set)) is not None)


def _topic(parts: Sequence[Part], rule_set: RuleSet) -> TopicResult | None:
    ids = {rule.id for rule in rule_set.rules}
    asked = [part for part in parts if any(clause.id in ids for clause in part.person.clauses)]
    if not asked:
        return None
    said: dict[str, list[ClauseVerdict]] = {}
    for clause in (clause for part in asked for clause in part.person.clauses if clause.id in ids):
        said.setdefault(clause.id, []).append(clause)
    verdicts = [telling(said[rule.id]) for rule in rule_set.rules if rule.id in said]
    return TopicResult(
        name=asked[0].person.name,
        group=asked[0].group,
        topic=rule_set.topic,
        clips=tuple(Seen(part.path, part.person.id) for part in asked),
        score=score(verdicts, (rule_set,)),
        outcome=outcome(verdicts, (rule_set,)),
        unseen=tuple(_unseen(verdict, rule_set) for verdict in verdicts if _could_be_seen(verdict)),
    )


def telling(verdicts: Sequence[ClauseVerdict]) -> ClauseVerdict:
    """The one of several verdicts on a clause that counts: the worst that was judged, else one that says most about why none was."""

    def weight(verdict: ClauseVerdict) -> tuple[int, int]:
        if verdict.state is not State.UNJUDGED:
            return 3, int(verdict.state)
        if verdict.reason is Reason.NOT_APPLICABLE:  # another form was met in that clip: nothing is missing
            return 2, 0
        return 1, -1 - _LEAST_TELLING.index(verdict.reason) if verdict.reason in _LEAST_TELLING else 0

    return max(verdicts, key=weight)


def _could_be_seen(verdict: ClauseVerdict) -> bool:
    return verdict.state is State.UNJUDGED and verdict.reason not in (Reason.NEVER, Reason.NOT_APPLICABLE)


def _unseen(verdict: ClauseVerdict, rule_set: RuleSet) -> Unseen:
    views = dict.fromkeys(word for check in rule_set.rule(verdict.id).checks for word in check.views)
    return Unseen(verdict.id, verdict.reason, tuple(views))
