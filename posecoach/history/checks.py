"""One check as it is kept, with every verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from posecoach.history.tables import CheckRow, ClauseRow, PersonRow, ResultRow
from posecoach.vocabulary import Reason, State, Text


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """The verdict on a clause; fields as in `results.json`."""

    code: str
    state: State
    reason: Reason
    value: float | None
    unit: str
    error_95: float | None
    correction: Text | None


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check of the person of that ``name``; ``verdicts`` begin with what is to be corrected."""

    id: int
    person_id: int
    name: str
    topic: str
    done_at: datetime
    score: float | None
    outcome: str
    path: str | None
    verdicts: tuple[KeptVerdict, ...]


_ORDER = (State.FAIL, State.WARN, State.PASS, State.UNJUDGED)


def check_of(session: Session, number: int) -> KeptCheck | None:
    """The check of that number, None where there is none."""
    found = session.execute(select(CheckRow, PersonRow.name).join(PersonRow).where(CheckRow.id == number)).one_or_none()
    if found is None:
        return None
    row, name = found
    results = session.execute(select(ResultRow, ClauseRow.code).join(ClauseRow).where(ResultRow.check_id == number).order_by(ClauseRow.id))
    verdicts = sorted((_verdict(result, code) for result, code in results), key=lambda verdict: _ORDER.index(verdict.state))
    return KeptCheck(row.id, row.person_id, name, row.topic, row.done_at, row.score, row.outcome, row.path, tuple(verdicts))


def number_of(session: Session, person_id: int, topic: str, seen_key: str) -> int | None:
    """The number of the check of what was seen of somebody on a topic, None where it is not kept."""
    same = (CheckRow.person_id == person_id, CheckRow.topic == topic, CheckRow.seen_key == seen_key)
    return session.scalar(select(CheckRow.id).where(*same))


def _verdict(row: ResultRow, code: str) -> KeptVerdict:
    said = None if row.correction_zh is None else Text(row.correction_zh, row.correction_en or row.correction_zh)
    reason = Reason.NONE if row.reason is None else Reason[row.reason.upper()]
    return KeptVerdict(code, State[row.state.upper()], reason, row.value, row.unit, row.error_95, said)
