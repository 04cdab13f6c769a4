"""Who looked at whose records, as the people in them are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from posecoach.history.database import Records
from posecoach.history.people import note_audit
from posecoach.history.tables import AuditRow, utc_now

_MOST = 50
_ONCE_IN = timedelta(days=1)
_LOOK = "look"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody did something to a person's records."""

    at: datetime
    who: str
    action: str


def audit_of(session: Session, person_id: int) -> tuple[Entry, ...]:
    """The last `_MOST` things done to somebody's records, the latest first."""
    query = select(AuditRow.at, AuditRow.who, AuditRow.action).where(AuditRow.person_id == person_id)
    return tuple(Entry(*row) for row in session.execute(query.order_by(AuditRow.id.desc()).limit(_MOST)))


def note_look(records: Records, who: str, person_id: int) -> None:
    """Note that somebody else looked at a record; once a day is enough. Raises `RecordsError`."""
    since = utc_now() - _ONCE_IN
    with records.reading() as session:
        looks = select(AuditRow.id).where(AuditRow.person_id == person_id, AuditRow.who == who, AuditRow.action == _LOOK)
        if session.scalar(looks.where(AuditRow.at > since).limit(1)) is not None:
            return
    with records.writing() as session:
        note_audit(session, who, _LOOK, person_id)
