"""Two gradings side by side: before and after a training, or the same clips under two sets of rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from posecoach.judging.results import ClauseVerdict, ClipResult, PersonResult
from posecoach.vocabulary import Change, Profile, State

_UNCHANGED = {Change.SAME, Change.NOT_JUDGED}


@dataclass(frozen=True, slots=True)
class Take:
    """One person in one clip; a clip in which nobody was seen is a take without clauses."""

    path: str
    person_id: int
    name: str | None
    drill: str
    profile: Profile
    score: float | None
    clauses: tuple[ClauseVerdict, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clause stands on one side: the state, and the median value in ``unit`` where one clip tells; None without one.

    ``values`` are those of all clips that tell.
    """

    state: State
    value: float | None
    unit: str
    values: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause of one subject; a side is None where the clause was not looked at there.

    ``is_other_rule``: the sides were judged by different versions of its rule file.
    """

    clause_id: str
    before: Standing | None
    after: Standing | None
    is_other_rule: bool = False

    @property
    def change(self) -> Change:
        """What became of the clause."""
        before, after = (None if side is None or side.state is State.UNJUDGED else side.state for side in (self.before, self.after))
        if before is None:
            return Change.NOT_JUDGED if after is None else Change.NEWLY_JUDGED
        if after is None:
            return Change.NO_LONGER_JUDGED
        if before == after:
            return Change.SAME
        if self.is_other_rule and self._is_same_measured:
            return Change.BY_RULES
        return Change.IMPROVED if after < before else Change.WORSE

    @property
    def _is_same_measured(self) -> bool:
        return self.before is not None and self.after is not None and self.before.values == self.after.values != ()


@dataclass(frozen=True, slots=True)
class Pair:
    """The same person, or the same clip, on both sides. A side has several takes only where a person's clips are called differently."""

    before: tuple[Take, ...]
    after: tuple[Take, ...]
    clauses: tuple[ClauseChange, ...]

    @property
    def name(self) -> str | None:
        """The person's name where either side has one."""
        return next((take.name for take in (*self.after, *self.before) if take.name), None)

    @property
    def path(self) -> str | None:
        """The clip, where the pair is one clip under the same name."""
        paths = {take.path for take in (*self.before, *self.after)}
        return paths.pop() if len(paths) == 1 else None

    @property
    def drills(self) -> tuple[str, ...]:
        """The drills of all takes."""
        return tuple(dict.fromkeys(take.drill for take in (*self.before, *self.after)))

    @property
    def score_before(self) -> float | None:
        """The mean of the takes' scores, 0..100; None when nothing was judged."""
        return mean_score(self.before)

    @property
    def score_after(self) -> float | None:
        """As ``score_before``, of the second grading."""
        return mean_score(self.after)

    @property
    def is_other_task(self) -> bool:
        """Whether drill or profile differ between the sides, so that other clauses were asked for."""
        return {(take.drill, take.profile) for take in self.before} != {(take.drill, take.profile) for take in self.after}

    def tally(self) -> Counter[Change]:
        """How many clauses changed in which way."""
        return Counter(clause.change for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class RulesDifference:
    """Rule files that are not the same on both sides, by name."""

    changed: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.only_before or self.only_after)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs by name and path, and the takes that have no counterpart."""

    pairs: tuple[Pair, ...]
    only_before: tuple[Take, ...]
    only_after: tuple[Take, ...]

    def tally(self) -> Counter[Change]:
        """How many clauses of all pairs changed in which way."""
        return sum((pair.tally() for pair in self.pairs), Counter[Change]())

    def changed(self) -> dict[str, Counter[Change]]:
        """The same for each clause that changed: what got worse most often first, then what improved most often."""
        counts: dict[str, Counter[Change]] = defaultdict(Counter)
        for clause in (clause for pair in self.pairs for clause in pair.clauses):
            counts[clause.clause_id][clause.change] += 1
        order = sorted(counts, key=lambda key: (-counts[key][Change.WORSE], -counts[key][Change.IMPROVED], key))
        return {key: counts[key] for key in order if counts[key].keys() - _UNCHANGED}


Sides = tuple[list[Take], list[Take]]


def compare(before: Sequence[ClipResult], after: Sequence[ClipResult], other_rules: Collection[str] = ()) -> Comparison:
    """Pair what belongs together and say for each clause what became of it.

    People with a name are paired by it: clip by clip where a clip is called the same on both sides, the rest of their clips of one drill
    together (of all drills where either side left the drill open). Who has no name is paired by clip path and number in the clip, but
    never two people of different names. Of several takes a clause has the middle state (of an even number the worse one), so that the
    count of takes favours neither side. ``other_rules``: the clauses that the sides were judged on by different versions of their rule.
    """
    sides = _takes(before), _takes(after)
    named = [*_by_name(*sides)]
    found = [*named, *_by_path(*_without(named, *sides))]
    pairs = [Pair(tuple(first), tuple(second), _changes(first, second, other_rules)) for first, second in found]
    return Comparison(
        tuple(sorted(pairs, key=lambda pair: (pair.name is None, pair.name or "", pair.after[0].path, pair.after[0].person_id))),
        *map(tuple, _without(found, *sides)),
    )


def rules_difference(before: Mapping[str, str], after: Mapping[str, str]) -> RulesDifference:
    """What differs between two sets of rule files, given as name -> SHA-256."""
    return RulesDifference(
        tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(after.keys() - before.keys())),
    )


def _takes(clips: Sequence[ClipResult]) -> list[Take]:
    return [_take(clip, person) for clip in clips for person in clip.people or (None,)]


def _take(clip: ClipResult, person: PersonResult | None) -> Take:
    if person is None:
        return Take(clip.path, 1, None, clip.drill, clip.profile, None, ())
    return Take(clip.path, person.id, person.name, clip.drill, clip.profile, person.score, person.clauses)


def _by_name(before: Iterable[Take], after: Iterable[Take]) -> Iterable[Sides]:
    first, second = (_grouped((take for take in side if take.name), lambda take: str(take.name)) for side in (before, after))
    for name in first.keys() & second.keys():
        yield from _of_person(first[name], second[name])


def _of_person(before: Sequence[Take], after: Sequence[Take]) -> Iterable[Sides]:
    same = [*_by_path(before, after)]
    yield from same
    left, right = _without(same, before, after)
    is_any_auto = any(take.drill == "auto" for take in (*left, *right))
    first, second = (_grouped(side, lambda take: "" if is_any_auto else take.drill) for side in (left, right))
    yield from ((first[drill], second[drill]) for drill in first.keys() & second.keys())


def _without(found: Iterable[Sides], before: Iterable[Take], after: Iterable[Take]) -> Sides:
    used = {id(take) for pair in found for side in pair for take in side}
    return [take for take in before if id(take) not in used], [take for take in after if id(take) not in used]


def _grouped(takes: Iterable[Take], key: Callable[[Take], str]) -> dict[str, list[Take]]:
    groups: dict[str, list[Take]] = defaultdict(list)
    for take in takes:
        groups[key(take)].append(take)
    return groups


def _by_path(before: Iterable[Take], after: Iterable[Take]) -> Iterable[Sides]:
    there: dict[tuple[str, int], list[Take]] = defaultdict(list)
    for take in after:
        there[_place(take)].append(take)
    for take in before:
        fitting = [other for other in there[_place(take)] if take.name is None or other.name is None or take.name == other.name]
        if fitting:
            there[_place(take)].remove(fitting[0])
            yield [take], [fitting[0]]


def _place(take: Take) -> tuple[str, int]:
    return take.path, take.person_id


def _changes(before: Sequence[Take], after: Sequence[Take], other_rules: Collection[str]) -> tuple[ClauseChange, ...]:
    first, second = _standings(before), _standings(after)
    return tuple(ClauseChange(key, first.get(key), second.get(key), key in other_rules) for key in dict.fromkeys((*second, *first)))


def _standings(takes: Sequence[Take]) -> dict[str, Standing]:
    verdicts: dict[str, list[ClauseVerdict]] = defaultdict(list)
    for clause in (clause for take in takes for clause in take.clauses):
        verdicts[clause.id].append(clause)
    return {key: _standing(found) for key, found in verdicts.items()}


def _standing(verdicts: Sequence[ClauseVerdict]) -> Standing:
    judged = sorted((verdict for verdict in verdicts if verdict.state is not State.UNJUDGED), key=lambda verdict: verdict.state)
    if not judged:
        return Standing(State.UNJUDGED, None, verdicts[0].unit)
    value = judged[0].value if len(judged) == 1 else None
    values = tuple(verdict.value for verdict in verdicts if verdict.state is not State.UNJUDGED)
    return Standing(judged[len(judged) // 2].state, value, judged[0].unit, values)


def mean_score(takes: Sequence[Take]) -> float | None:
    """The mean score of the takes in which something was judged, 0..100; None without one."""
    scores = [take.score for take in takes if take.score is not None]
    return sum(scores) / len(scores) if scores else None
