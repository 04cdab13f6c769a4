"""Takes results into the records of those who agreed: a check for each person, clip and topic, and never the same one twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from posecoach.history.database import Records, RecordsError
from posecoach.history.people import SeveralError, called, find_person
from posecoach.history.tables import CheckRow, ClauseRow, ResultRow, RulesRow, utc_now
from posecoach.judging.outcomes import NOT_JUDGED
from posecoach.judging.results import ClauseVerdict, ClipResult, PersonResult, Results
from posecoach.judging.together import Part, put_together
from posecoach.rulebook.schema import RuleSet

_TRIES = 5
"""Two who record for the first time under one set of rules both want to note the rules: the later one tries again."""


@dataclass(frozen=True, slots=True)
class NewCheck:
    """What one person showed on one topic; fields as those of `CheckRow`. ``name`` and ``group`` say whose it is."""

    name: str
    group: str | None
    topic: str
    drill: str
    profile: str
    rules_file: str
    rules_sha256: str
    path: str | None
    seen_key: str
    done_at: datetime
    score: float | None
    outcome: str
    clauses: tuple[ClauseVerdict, ...]


class _Film(NamedTuple):
    """What was seen, what it is known by, and when."""

    clip: ClipResult
    key: str
    done_at: datetime


@dataclass(slots=True)
class Recorded:
    """What became of checks: how many are new, were judged anew by other rules, were there already; names of those who have not agreed.

    ``other_group``: names of people who have agreed, but are in another group than the one given. ``ambiguous``: names that several
    people have, and nothing told which of them is meant.
    """

    new: int = 0
    judged_anew: int = 0
    known: int = 0
    without_consent: tuple[str, ...] = ()
    other_group: tuple[str, ...] = ()
    without_name: int = 0
    ambiguous: tuple[str, ...] = ()

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(
            self.new + other.new,
            self.judged_anew + other.judged_anew,
            self.known + other.known,
            tuple(dict.fromkeys(self.without_consent + other.without_consent)),
            tuple(dict.fromkeys(self.other_group + other.other_group)),
            self.without_name + other.without_name,
            tuple(dict.fromkeys(self.ambiguous + other.ambiguous)),
        )


def checks_of(
    results: Results, rule_sets: Sequence[RuleSet], seen_key: Callable[[ClipResult], str], done_at: datetime
) -> Iterator[NewCheck]:
    """A check for each named person, clip and topic of which anything was judged; topics and scores as the rules in ``rule_sets`` say.

    ``seen_key`` tells one film from another. The rules named are those the results were judged by.
    """
    used = {rules.file: rules.sha256 for rules in results.rules}
    groups = {(seen.path, seen.person_id): topic.group for topic in results.topics for seen in topic.clips}
    for clip in results.clips:
        key = seen_key(clip)
        for person in clip.people:
            if person.name:
                part = Part(clip.path, person, groups.get((clip.path, person.id)))
                yield from _checks_of_part(part, _Film(clip, key, done_at), rule_sets, used)


def _checks_of_part(part: Part, film: _Film, rule_sets: Sequence[RuleSet], used: Mapping[str, str]) -> Iterator[NewCheck]:
    for rule_set in rule_sets:
        for topic in put_together([part], [rule_set]):
            if topic.outcome == NOT_JUDGED:
                continue
            ids = {rule.id for rule in rule_set.rules}
            yield NewCheck(
                name=str(part.person.name),
                group=part.group,
                topic=topic.topic,
                drill=film.clip.drill,
                profile=film.clip.profile.value,
                rules_file=rule_set.file,
                rules_sha256=used.get(rule_set.file, rule_set.sha256),
                path=film.clip.path,
                seen_key=film.key,
                done_at=film.done_at,
                score=topic.score,
                outcome=topic.outcome,
                clauses=tuple(clause for clause in part.person.clauses if clause.id in ids),
            )


def check_before_camera(person: PersonResult, rule_set: RuleSet, profile: str, done_at: datetime) -> NewCheck:
    """A finished live check, for whoever says that it is theirs; the same one twice is one check."""
    said = [(clause.id, clause.state.word, clause.value, clause.judged_share) for clause in person.clauses]
    return NewCheck(
        name="",
        group=None,
        topic=rule_set.topic,
        drill=rule_set.topic,
        profile=profile,
        rules_file=rule_set.file,
        rules_sha256=rule_set.sha256,
        path=None,
        seen_key=hashlib.sha256(json.dumps([done_at.date().isoformat(), said]).encode()).hexdigest(),
        done_at=done_at,
        score=person.score,
        outcome=person.outcome,
        clauses=person.clauses,
    )


def key_without_content(clip: ClipResult) -> str:
    """Stands for a clip of which only the results are left: what was seen of whom and when."""
    seen = [[(s.start_s, s.end_s, s.posture.word, s.view.word) for s in person.segments] for person in clip.people]
    return hashlib.sha256(json.dumps([clip.path, clip.duration_s, clip.frames_analysed, seen]).encode()).hexdigest()


def record(records: Records, check: NewCheck, origin: str, person_id: int | None = None) -> Recorded:
    """Keep one check, whole or not at all, of the person of that number, else of the one its name and group tell.

    The same film is not counted twice: where other rules judged it, the newer verdicts stand. Raises `RecordsError`.
    """
    return _tried(records, check, origin, person_id, _TRIES)


def _tried(records: Records, check: NewCheck, origin: str, person_id: int | None, tries: int) -> Recorded:
    try:
        with records.writing() as session:
            whose = find_person(session, check.name, check.group) if person_id is None else person_id
            return _nobody(session, check.name) if whose is None else _record(session, check, origin, whose)
    except SeveralError:
        return Recorded(ambiguous=(check.name,))
    except RecordsError as error:
        if tries > 1 and isinstance(error.__cause__, IntegrityError):
            return _tried(records, check, origin, person_id, tries - 1)
        raise


def _nobody(session: Session, name: str) -> Recorded:
    return Recorded(other_group=(name,)) if called(session, [name]) else Recorded(without_consent=(name,))


def _record(session: Session, check: NewCheck, origin: str, person_id: int) -> Recorded:
    rules_id = _rules(session, check.rules_file, check.rules_sha256)
    same = (CheckRow.person_id == person_id, CheckRow.topic == check.topic, CheckRow.seen_key == check.seen_key)
    found = session.scalar(select(CheckRow).where(*same))
    if found is None:
        found = CheckRow(
            person_id=person_id, topic=check.topic, seen_key=check.seen_key, path=check.path, done_at=check.done_at, origin=origin
        )
        what = Recorded(new=1)
    elif found.rules_id == rules_id:
        return Recorded(known=1)
    else:
        session.execute(delete(ResultRow).where(ResultRow.check_id == found.id))
        what = Recorded(judged_anew=1)
    found.rules_id, found.drill, found.profile = rules_id, check.drill, check.profile
    found.score, found.outcome, found.recorded_at = check.score, check.outcome, utc_now()
    session.add(found)
    session.flush()
    _put_results(session, found.id, check.clauses)
    return what


def _put_results(session: Session, check_id: int, clauses: Sequence[ClauseVerdict]) -> None:
    numbers = _clause_numbers(session, [clause.id for clause in clauses])
    rows = [
        {
            "check_id": check_id,
            "clause_id": numbers[clause.id],
            "state": clause.state.word,
            "reason": clause.reason.word,
            "value": clause.value,
            "unit": clause.unit,
            "error_95": clause.error_95,
            "correction_zh": clause.correction.zh[:500] if clause.correction else None,
            "correction_en": clause.correction.en[:500] if clause.correction else None,
        }
        for clause in clauses
    ]
    session.execute(insert(ResultRow), rows)


def _clause_numbers(session: Session, codes: Sequence[str]) -> dict[str, int]:
    known = _numbers_of(session, codes)
    new = [{"code": code} for code in dict.fromkeys(codes) if code not in known]
    if new:
        session.execute(insert(ClauseRow), new)
        known = _numbers_of(session, codes)
    return known


def _numbers_of(session: Session, codes: Sequence[str]) -> dict[str, int]:
    return {row.code: row.id for row in session.scalars(select(ClauseRow).where(ClauseRow.code.in_(codes)))}


def _rules(session: Session, file: str, sha256: str) -> int:
    found = session.scalar(select(RulesRow.id).where(RulesRow.file == file, RulesRow.sha256 == sha256))
    if found is not None:
        return found
    rules = RulesRow(file=file, sha256=sha256)
    session.add(rules)
    session.flush()
    return rules.id
