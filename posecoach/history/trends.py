"""What the records say over time: of one person, and of a group; each answer is one or two queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from posecoach.history.sight import EVERYBODY, Sight
from posecoach.history.tables import CheckRow, ClauseRow, GroupRow, PersonRow, ResultRow
from posecoach.judging.shares import Difference, Share, difference
from posecoach.vocabulary import State, Text

MONTH = timedelta(days=30)
STREAK_GAP = timedelta(days=7)
"""Checks follow each other where no more than a week lies between them: the material asks for regular practice, not for daily."""
_STATES = {state.word: state for state in State}


class Done(NamedTuple):
    """A check of a person."""

    id: int
    topic: str
    done_at: datetime
    score: float | None
    outcome: str
    path: str | None


class Point(NamedTuple):
    """What a clause came to in one check; ``value`` in ``unit`` with ``error_95`` as in `results.json`."""

    done: Done
    state: State
    value: float | None
    unit: str
    error_95: float | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Checks of a person, the earliest first, and each clause that was ever judged over them; of a clause that was not met when it was last
    judged, the correction said then.
    """

    checks: tuple[Done, ...]
    clauses: dict[str, tuple[Point, ...]]
    corrections: dict[str, Text] = field(default_factory=dict)

    @property
    def topics(self) -> tuple[str, ...]:
        """Those that were checked, in the order in which they first were."""
        return tuple(dict.fromkeys(check.topic for check in self.checks))

    @property
    def streak(self) -> int:
        """How many days (of this machine's clock) with a check the last run has, without a gap of more than `STREAK_GAP`."""
        days = sorted({check.done_at.astimezone().date() for check in self.checks}, reverse=True)
        held = 1
        for later, earlier in pairwise(days):
            if later - earlier > STREAK_GAP:
                break
            held += 1
        return held if days else 0

    @property
    def met(self) -> dict[str, int]:
        """How often each clause was met."""
        return {code: sum(point.state is State.PASS for point in points) for code, points in self.clauses.items()}

    def to_practise(self, most: int = 3) -> tuple[str, ...]:
        """Clauses that were not met when last judged, failed ones first, those longest not met before others."""
        open_ = {code: points for code, points in self.clauses.items() if points[-1].state is not State.PASS}
        return tuple(sorted(open_, key=lambda code: (-open_[code][-1].state, -_not_met(open_[code]), code))[:most])


@dataclass(frozen=True, slots=True)
class ClauseShare:
    """How many people of a group met a clause when last judged in a time: passed, nearly passed, failed."""

    code: str
    passed: int
    warned: int
    failed: int

    @property
    def share(self) -> Share:
        """Those who met it; who nearly did is not among them."""
        return Share(self.passed, self.passed + self.warned + self.failed)


@dataclass(frozen=True, slots=True)
class Compared:
    """A clause in two times."""

    code: str
    before: Share
    after: Share
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Somebody who was not checked in a time; ``last_at`` None: never."""

    person_id: int
    name: str
    last_at: datetime | None


def record_of(session: Session, person_id: int) -> PersonRecord:
    """All that was judged of somebody; empty for who is not there."""
    checks = select(CheckRow.id, CheckRow.topic, CheckRow.done_at, CheckRow.score, CheckRow.outcome, CheckRow.path)
    done = tuple(
        Done(*row) for row in session.execute(checks.where(CheckRow.person_id == person_id).order_by(CheckRow.done_at, CheckRow.id))
    )
    clauses = _clauses_of(session, person_id, {check.id: check for check in done})
    last_not_met = {code: points[-1].done.id for code, points in clauses.items() if points[-1].state is not State.PASS}
    return PersonRecord(done, clauses, _corrections(session, last_not_met))


def shares_of(session: Session, group_id: int, start: datetime, end: datetime) -> tuple[ClauseShare, ...]:
    """Each clause of a group's checks from ``start`` to before ``end``; of each person the last verdict counts."""
    last = (
        select(
            ResultRow.clause_id,
            ResultRow.state,
            func.row_number()
            .over(partition_by=(CheckRow.person_id, ResultRow.clause_id), order_by=(CheckRow.done_at.desc(), CheckRow.id.desc()))
            .label("place"),
        )
        .select_from(PersonRow)
        .join(CheckRow, CheckRow.person_id == PersonRow.id)
        .join(ResultRow, ResultRow.check_id == CheckRow.id)
        .where(PersonRow.group_id == group_id, CheckRow.done_at >= start, CheckRow.done_at < end, ResultRow.state != State.UNJUDGED.word)
        .subquery()
    )
    counts = (_count(last.c.state == state.word) for state in (State.PASS, State.WARN, State.FAIL))
    query = select(ClauseRow.code, *counts).join(last, last.c.clause_id == ClauseRow.id).where(last.c.place == 1)
    return tuple(ClauseShare(*row) for row in session.execute(query.group_by(ClauseRow.id, ClauseRow.code).order_by(ClauseRow.id)))


def compared(before: Iterable[ClauseShare], after: Iterable[ClauseShare]) -> tuple[Compared, ...]:
    """Two times side by side, clause by clause; a clause that only one of them judged counts nobody in the other."""
    first, second = ({item.code: item.share for item in items} for items in (before, after))
    nobody = Share(0, 0)
    pairs = ((code, first.get(code, nobody), second.get(code, nobody)) for code in dict.fromkeys([*first, *second]))
    return tuple(Compared(code, one, other, difference(one, other)) for code, one, other in pairs)


def lapsed(session: Session, group_id: int, since: datetime) -> tuple[Lapsed, ...]:
    """Who of a group was not checked since then, by name."""
    last_at = select(func.max(CheckRow.done_at)).where(CheckRow.person_id == PersonRow.id).scalar_subquery()
    query = select(PersonRow.id, PersonRow.name, last_at).where(PersonRow.group_id == group_id).order_by(PersonRow.name)
    return tuple(Lapsed(*row) for row in session.execute(query) if row[2] is None or row[2] < since)


def groups(session: Session, sight: Sight = EVERYBODY) -> tuple[tuple[int, str], ...]:
    """Number and name of every group that may be seen and has people; the name is empty for those of none."""
    has_people = select(PersonRow.id).where(PersonRow.group_id == GroupRow.id).exists()
    query = select(GroupRow.id, GroupRow.name).where(has_people).order_by(GroupRow.name)
    return tuple((row[0], row[1]) for row in session.execute(query) if sight.has_group(row[0]))


def _clauses_of(session: Session, person_id: int, done: Mapping[int, Done]) -> dict[str, tuple[Point, ...]]:
    """By the id of a clause its points in the order of the checks ``done``, by number."""
    results = (
        select(ResultRow.check_id, ResultRow.clause_id, ResultRow.state, ResultRow.value, ResultRow.unit, ResultRow.error_95)
        .join(CheckRow)
        .where(CheckRow.person_id == person_id, ResultRow.state != State.UNJUDGED.word)
        .order_by(CheckRow.done_at, CheckRow.id, ResultRow.clause_id)
    )
    found: dict[int, list[Point]] = {}
    for check_id, clause_id, state, *measured in session.connection().execute(results):  # plain rows: there are thousands
        found.setdefault(clause_id, []).append(Point(done[check_id], _STATES[state], *measured))
    codes = session.execute(select(ClauseRow.id, ClauseRow.code).where(ClauseRow.id.in_(found)))
    code_of: dict[int, str] = {row[0]: row[1] for row in codes}
    return {code_of[number]: tuple(points) for number, points in found.items()}


def _corrections(session: Session, checks: Mapping[str, int]) -> dict[str, Text]:
    """What was said of each clause in a check, by its number."""
    query = (
        select(ClauseRow.code, ResultRow.check_id, ResultRow.correction_zh, ResultRow.correction_en)
        .join(ResultRow, ResultRow.clause_id == ClauseRow.id)
        .where(ResultRow.check_id.in_(set(checks.values())), ResultRow.correction_zh.is_not(None))
    )
    return {code: Text(zh, en or zh) for code, check_id, zh, en in session.execute(query) if checks.get(code) == check_id}


def _not_met(points: tuple[Point, ...]) -> int:
    """In how many checks in a row it was not met, up to the last."""
    run = 0
    for point in reversed(points):
        if point.state is State.PASS:
            break
        run += 1
    return run


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
