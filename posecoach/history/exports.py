"""What is handed over of the records: to somebody all of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from posecoach.history.database import RecordsError
from posecoach.history.opinions import comments_on, opinions_on
from posecoach.history.people import note_audit
from posecoach.history.tables import AuditRow, CheckRow, ClauseRow, GroupRow, PersonRow, ResultRow, RulesRow
from posecoach.vocabulary import Text


def all_of(session: Session, person_id: int, *, who: str) -> dict[str, Any]:
    """Everything recorded of somebody, to be handed to them as JSON; that it was handed over is noted. Raises `RecordsError` for nobody."""
    row = session.execute(select(PersonRow, GroupRow.name).join(GroupRow).where(PersonRow.id == person_id)).one_or_none()
    if row is None:
        raise RecordsError(Text(f"没有编号为 {person_id} 的人", f"there is nobody with number {person_id}"))
    person, group = row
    note_audit(session, who, "export", person_id)
    return {
        "name": person.name,
        "group": group or None,
        "consented_at": person.consented_at.isoformat(),
        "consent_note": person.consent_note,
        "checks": [_check(session, check, rules) for check, rules in _checks(session, person_id)],
        "audit": [
            {"at": entry.at.isoformat(), "who": entry.who, "action": entry.action, "count": entry.count}
            for entry in session.scalars(select(AuditRow).where(AuditRow.person_id == person_id).order_by(AuditRow.id))
        ],
    }


def _checks(session: Session, person_id: int) -> Sequence[Any]:
    query = select(CheckRow, RulesRow).join(RulesRow).where(CheckRow.person_id == person_id).order_by(CheckRow.done_at, CheckRow.id)
    return session.execute(query).all()


def _check(session: Session, check: CheckRow, rules: RulesRow) -> dict[str, Any]:
    results = session.execute(
        select(ResultRow, ClauseRow.code).join(ClauseRow).where(ResultRow.check_id == check.id).order_by(ClauseRow.id)
    )
    return {
        "topic": check.topic,
        "drill": check.drill,
        "profile": check.profile,
        "rules": {"file": rules.file, "sha256": rules.sha256},
        "origin": check.origin,
        "path": check.path,
        "seen_key": check.seen_key,
        "done_at": check.done_at.isoformat(),
        "recorded_at": check.recorded_at.isoformat(),
        "score": check.score,
        "outcome": check.outcome,
        "clauses": [_result(row, code) for row, code in results],
        "opinions": [
            {"id": item.code, "rater": item.rater, "state": item.state.word, "reason": item.reason, "said_at": item.said_at.isoformat()}
            for item in opinions_on(session, check.id)
        ],
        "comments": [
            {"rater": item.rater, "text": item.text, "said_at": item.said_at.isoformat()} for item in comments_on(session, check.id)
        ],
    }


def _result(row: ResultRow, code: str) -> dict[str, Any]:
    said = None if row.correction_zh is None else {"zh": row.correction_zh, "en": row.correction_en}
    numbers = {"value": row.value, "error_95": row.error_95, "unit": row.unit}
    return {"id": code, "state": row.state, "reason": row.reason, **numbers, "correction": said}
