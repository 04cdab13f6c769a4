"""The little that is kept of every clip while reports are made: one row a person and clip, and who belongs to which rows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from posecoach import wording
from posecoach.judging.charts import Charts
from posecoach.judging.results import ClauseVerdict, ClipResult, PersonResult, RuleFileUsed
from posecoach.reports.looks import Figure
from posecoach.rulebook.drill_schema import Drill
from posecoach.rulebook.schema import AUTO, RuleSet
from posecoach.vocabulary import Profile, Reason, State, Text

_LONGEST_SLUG = 60  # characters; 180 bytes in Chinese, file systems allow 255
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # names Windows gives to devices, whatever their ending
_WORST_FIRST = ("not_met", "improve", "meets", "not_enough", "not_judged")


@dataclass(frozen=True, slots=True)
class ClauseNote:
    """What the report says about a clause beside its name: whether it only follows from its source, and what to check oneself and why."""

    is_derived: bool = False
    never: Text | None = None
    self_check: Text | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What all reports of a run share; ``names`` gives the words of each clause id, in the order of the rule files."""

    generator: str
    rules: tuple[RuleFileUsed, ...]
    names: Mapping[str, Text]
    notes: Mapping[str, ClauseNote]
    made: str = ""
    """The day of the report, `2026-11-28`."""
    rule_sets: tuple[RuleSet, ...] = ()
    """By which the clips of a topic are put together; without them nothing is."""
    plans: tuple[Drill, ...] = ()
    """The drills that can be asked for."""
    choices: Mapping[Text, Text] = field(default_factory=dict)
    """By the words that leave the choice between several forms what the choice is called."""
    models: Mapping[str, Figure] = field(default_factory=dict)
    """By id the clause met, for clauses that can be drawn (`models_of`)."""
    labels: Mapping[str, Text] = field(default_factory=dict)
    """By id the words of clauses whose name several topics have, with the topic (`labels_of`)."""

    @property
    def drills(self) -> dict[str, Text]:
        """What can be asked for and its name, in the order to show it."""
        return drills_of((*self.rule_sets, *self.plans))

    def drill(self, code: str) -> Text:
        """The name of what a clip was judged by, or its code where the rules do not know it."""
        return wording.words_for(self.drills, code)

    def judged_as(self, drill: str, states: Mapping[str, State]) -> Text:
        """By what a clip was judged, "自动 → 站姿" where that was left open: the topics of the clauses that were judged, else of all."""
        words = self.drill(drill)
        told = {clause for clause, state in states.items() if state is not State.UNJUDGED} or set(states)
        found = [rule_set.title for rule_set in self.rule_sets if any(rule.id in told for rule in rule_set.rules)]
        if drill != AUTO or not found:
            return words
        zh, en = "、".join(title.zh for title in found), ", ".join(title.en for title in found)
        return Text(f"{words.zh} → {zh}", f"{words.en} → {en}")

    def name(self, clause_id: str) -> Text:
        """The words of a clause, or its id where the rules do not know it."""
        return self.names.get(clause_id, Text(clause_id, clause_id))

    def label(self, clause_id: str) -> Text:
        """The words of a clause where those of all topics stand together: with the topic where another has a clause of that name."""
        return self.labels.get(clause_id) or self.name(clause_id)

    def name_in(self, clause_id: str, drill: str) -> Text:
        """The words of a clause beside what its clip was judged by: with the topic only where that is not said already."""
        return self.label(clause_id) if drill == AUTO else self.name(clause_id)

    def name_of(self, clause: ClauseVerdict, drill: str) -> Text:
        """The words of a judged clause as `name_in`; those of the choice where it stands for several forms of which none was met."""
        choice = None if clause.correction is None else self.choices.get(clause.correction)
        return choice or self.name_in(clause.id, drill)

    def note(self, clause_id: str) -> ClauseNote:
        """What else is to be said about a clause."""
        return self.notes.get(clause_id, ClauseNote())


def labels_of(rule_sets: Sequence[RuleSet]) -> dict[str, Text]:
    """The words with their topic, of all clauses whose name another topic has too, by id."""
    topics: dict[Text, set[str]] = {}
    for rule_set in rule_sets:
        for rule in rule_set.rules:
            topics.setdefault(rule.clause, set()).add(rule_set.topic)
    return {
        rule.id: Text(f"{rule_set.title.zh}：{rule.clause.zh}", f"{rule_set.title.en}: {rule.clause.en}")
        for rule_set in rule_sets
        for rule in rule_set.rules
        if len(topics[rule.clause]) > 1
    }


def drills_of(asked: Iterable[RuleSet | Drill]) -> dict[str, Text]:
    """What can be asked for, and its name: ``auto``, a topic or a drill."""
    return {AUTO: wording.AUTO_DRILL, **{found.topic: found.title for found in asked}}


@dataclass(frozen=True, slots=True)
class ReportClip:
    """A graded clip as reports need it; ``clip_id`` names its artefacts, ``charts`` are those of its only person, once they
    are needed."""

    clip_id: str
    group: str | None
    clip: ClipResult
    charts: Charts | None = None


@dataclass(frozen=True, slots=True)
class ClipRow:
    """One person in one clip; a clip in which nobody was seen has a row of its own with ``person_id`` 0."""

    clip_id: str
    path: str
    kind: str
    person_id: int
    name: str | None
    group: str | None
    drill: str
    profile: Profile
    score: float | None
    outcome: str
    warnings: tuple[str, ...]
    states: Mapping[str, State]
    reasons: Mapping[str, Reason]

    def having(self, state: State) -> tuple[str, ...]:
        """The clauses in this state."""
        return tuple(clause for clause, found in self.states.items() if found is state)

    @property
    def judged(self) -> int:
        """How many clauses were judged."""
        return len(self.states) - len(self.reasons)


@dataclass(frozen=True, slots=True)
class PersonEntries:
    """Somebody with a page of their own: all rows of one roster name and group, or the one row of somebody without a name."""

    slug: str
    title: Text
    group: str | None
    rows: tuple[ClipRow, ...]

    @property
    def page(self) -> str:
        """Where the page lies, relative to the output folder."""
        return f"people/{self.slug}.html"

    @property
    def outcome(self) -> str:
        """The worst outcome of all clips."""
        outcomes = [row.outcome for row in self.rows]
        return min(outcomes, key=lambda code: _WORST_FIRST.index(code) if code in _WORST_FIRST else len(_WORST_FIRST))

    @property
    def mean_score(self) -> float | None:
        """The mean of the clips that have a score."""
        scores = [row.score for row in self.rows if row.score is not None]
        return sum(scores) / len(scores) if scores else None

    def worst(self, clause: str) -> State | None:
        """The worst verdict on a clause over all clips, UNJUDGED when it never was judged, None when it never was asked."""
        states = [row.states[clause] for row in self.rows if clause in row.states]
        judged = [state for state in states if state is not State.UNJUDGED]
        return max(judged) if judged else State.UNJUDGED if states else None


def rows_of(item: ReportClip) -> tuple[ClipRow, ...]:
    """The rows of a clip."""
    if not item.clip.people:
        return (_row(item, PersonResult(0, None, None, "not_judged", (), ())),)
    return tuple(_row(item, person) for person in item.clip.people)


def _row(item: ReportClip, person: PersonResult) -> ClipRow:
    clip = item.clip
    return ClipRow(
        clip_id=item.clip_id,
        path=clip.path,
        kind=clip.kind,
        person_id=person.id,
        name=person.name,
        group=item.group,
        drill=clip.drill,
        profile=clip.profile,
        score=person.score,
        outcome=person.outcome,
        warnings=clip.warnings,
        states={clause.id: clause.state for clause in person.clauses},
        reasons={clause.id: clause.reason for clause in person.clauses if clause.state is State.UNJUDGED},
    )


def people_of(rows: Iterable[ClipRow]) -> tuple[PersonEntries, ...]:
    """Everybody with their rows, in the order of their first row; people of one name are told apart by their group."""
    found: dict[tuple[str, ...], list[ClipRow]] = {}
    for row in rows:
        key: tuple[str, ...] = ("named", row.name, row.group or "") if row.name else ("clip", row.clip_id, str(row.person_id))
        found.setdefault(key, []).append(row)
    wanted = {key: _slug(key[1] if key[0] == "named" or key[2] in ("0", "1") else f"{key[1]}-{key[2]}") for key in found}
    taken = Counter(slug.casefold() for slug in wanted.values())
    people = []
    for key, rows_ in found.items():
        slug = wanted[key]
        if taken[slug.casefold()] > 1 or slug == "" or _RESERVED.fullmatch(slug):
            slug = f"{slug}-{hashlib.sha256(repr(key).encode('utf-8', 'surrogateescape')).hexdigest()[:8]}".strip("-")
        people.append(PersonEntries(slug, _title(rows_[0]), rows_[0].group, tuple(rows_)))
    return tuple(people)


def _slug(text: str) -> str:
    """Letters and digits of any script, so that every file system takes it and no link needs care."""
    return re.sub(r"[^\w-]+", "_", text).strip("_")[:_LONGEST_SLUG]


def _title(row: ClipRow) -> Text:
    if row.name:
        return Text(row.name, row.name)
    if row.person_id > 1:
        return Text(f"{row.path} · 第 {row.person_id} 人", f"{row.path} · person {row.person_id}")
    return Text(row.path, row.path)


# --- tallies ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missed:
    """How often a clause failed among the times it was judged."""

    clause_id: str
    fails: int
    judged: int


@dataclass(frozen=True, slots=True)
class Unjudged:
    """How often a reason kept clauses from being judged, and the clauses with their counts, the most frequent first."""

    reason: Reason
    count: int
    clauses: tuple[tuple[str, int], ...]


def most_missed(rows: Iterable[ClipRow]) -> list[Missed]:
    """Clauses that failed at least once, the most frequent first."""
    judged, fails = Counter[str](), Counter[str]()
    for clause, state in (item for row in rows for item in row.states.items()):
        judged[clause] += state is not State.UNJUDGED
        fails[clause] += state is State.FAIL
    missed = [Missed(clause, count, judged[clause]) for clause, count in fails.items() if count]
    return sorted(missed, key=lambda item: (-item.fails, item.judged, item.clause_id))


def not_judged(rows: Iterable[ClipRow], leave_out: Sequence[Reason] = (Reason.NOT_APPLICABLE,)) -> list[Unjudged]:
    """Why clauses could not be judged, the most frequent reason first; what did not apply is no loss."""
    counts: dict[Reason, Counter[str]] = {}
    for clause, reason in (item for row in rows for item in row.reasons.items()):
        if reason not in leave_out:
            counts.setdefault(reason, Counter())[clause] += 1
    found = [Unjudged(reason, clauses.total(), tuple(clauses.most_common())) for reason, clauses in counts.items()]
    return sorted(found, key=lambda item: (-item.count, item.reason))


def clause_order(rows: Sequence[ClipRow], head: Head) -> list[str]:
    """Every clause that occurs, in the order of the rule files; those the rules no longer know come last."""
    known = {clause: i for i, clause in enumerate(head.names)}
    found = {clause: None for row in rows for clause in row.states}
    return sorted(found, key=lambda clause: known.get(clause, len(known)))
