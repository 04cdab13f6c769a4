"""People and checks as rows of a table, and back: another list of staff, another installation's checks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from posecoach.history.database import Records
from posecoach.history.people import add_person, find_person, note_audit, people
from posecoach.history.recording import NewCheck, Recorded, record
from posecoach.history.tables import AuditRow, CheckRow, ClauseRow, GroupRow, PersonRow, ResultRow, RulesRow, utc_now
from posecoach.judging.results import ClauseVerdict
from posecoach.storage.tables import Record, RosterError
from posecoach.vocabulary import Profile, Reason, State, Text
from posecoach.wording import OUTCOMES

_YES = frozenset({"是", "已同意", "同意", "yes", "y", "true"})
_EXCEL_BEGINS = date(1899, 12, 30)
_AT_ONCE = 1000


def people_rows(session: Session, *, who: str) -> Iterator[dict[str, Any]]:
    """A row of `PEOPLE` for everybody; that the list was handed over is noted."""
    found = people(session)
    note_audit(session, who, "export", count=len(found))
    for item in found:
        yield {
            "name": item.name,
            "group": item.group,
            "consent": _day(item.consented_at),
            "checks": item.checks,
            "last": _day(item.last_at),
        }


def check_rows(session: Session, *, who: str) -> Iterator[dict[str, Any]]:
    """A row of `CHECKS` for each clause of each check; it is noted for each person that theirs were handed over."""
    have_checks = select(CheckRow.person_id).distinct()
    noted = {"at": utc_now(), "who": who[:200], "action": "export", "count": 0}
    if rows := [noted | {"person_id": number} for number in session.scalars(have_checks)]:
        session.execute(insert(AuditRow), rows)
    query = (
        select(PersonRow.name, GroupRow.name, CheckRow, RulesRow, ResultRow, ClauseRow.code)
        .select_from(CheckRow)
        .join(PersonRow)
        .join(GroupRow)
        .join(RulesRow, RulesRow.id == CheckRow.rules_id)
        .join(ResultRow, ResultRow.check_id == CheckRow.id)
        .join(ClauseRow, ClauseRow.id == ResultRow.clause_id)
        .order_by(CheckRow.id, ClauseRow.id)
    )
    for name, group, check, rules, result, code in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        of_check = {"topic": check.topic, "drill": check.drill, "profile": check.profile, "origin": check.origin, "path": check.path}
        judged = {"rules_file": rules.file, "rules_sha256": rules.sha256, "score": check.score, "outcome": check.outcome}
        seen = {"seen_key": check.seen_key, "done_at": check.done_at.isoformat()}
        said = {"correction_zh": result.correction_zh, "correction_en": result.correction_en}
        numbers = {"value": result.value, "unit": result.unit, "error_95": result.error_95}
        verdict = {"clause": code, "state": result.state, "reason": result.reason}
        yield {"name": name, "group": group, **of_check, **judged, **seen, **verdict, **numbers, **said}


def take_in_people(session: Session, rows: Iterable[Record], source: str, *, who: str) -> int:
    """Add all people of a table who are not there yet; returns how many. Raises `RecordsError`, `RosterError` for who has not agreed."""
    new = 0
    for row in rows:
        name, group = _cell(row, "name", source), row.cells.get("group", "")
        consented_at = _consent(row, source)
        if find_person(session, name, group) is None:
            number = add_person(session, name, group, note=row.cells.get("note", ""), who=who)
            session.get_one(PersonRow, number).consented_at = consented_at
            new += 1
    return new


def take_in_checks(records: Records, rows: Iterable[Record], source: str) -> Recorded:
    """Record all checks of a table; each is kept whole before the next. Raises `RosterError` before anything is kept, `RecordsError`."""
    total = Recorded()
    for check, origin in _checks(rows, source):
        total += record(records, check, origin)
    return total


def _checks(rows: Iterable[Record], source: str) -> list[tuple[NewCheck, str]]:
    """The rows of each check put together."""
    found: dict[tuple[str, ...], list[Record]] = {}
    for row in rows:
        key = tuple(row.cells.get(name, "") for name in ("name", "group", "topic", "done_at", "seen_key", "path"))
        found.setdefault(key, []).append(row)
    return [(_check(of_one, source), of_one[0].cells.get("origin", "import")[:20]) for of_one in found.values()]


def _check(rows: list[Record], source: str) -> NewCheck:
    first = rows[0]
    cells, name, topic = first.cells, _cell(first, "name", source), _cell(first, "topic", source)
    outcome, profile = cells.get("outcome", "not_enough"), cells.get("profile", Profile.UNSPECIFIED.value)
    if outcome not in OUTCOMES:
        raise _wrong(first, "outcome", source)
    if profile not in {item.value for item in Profile}:
        raise _wrong(first, "profile", source)
    told = "\n".join((name, topic, _cell(first, "done_at", source), cells.get("path", "")))
    return NewCheck(
        name=name,
        group=cells.get("group", ""),
        topic=topic[:100],
        drill=cells.get("drill", topic)[:100],
        profile=profile,
        rules_file=cells.get("rules_file", "")[:200],
        rules_sha256=cells.get("rules_sha256", "")[:64],
        path=cells["path"][:1000] if "path" in cells else None,
        seen_key=cells.get("seen_key", hashlib.sha256(told.encode()).hexdigest())[:64],
        done_at=_moment(first, source),
        score=_number(first, "score", source, 0, 100),
        outcome=outcome,
        clauses=tuple({verdict.id: verdict for verdict in (_verdict(row, source) for row in rows)}.values()),
    )


def _verdict(row: Record, source: str) -> ClauseVerdict:
    cells, reason = row.cells, row.cells.get("reason", "none").upper()
    state = _cell(row, "state", source).upper()
    if state not in State.__members__:
        raise _wrong(row, "state", source)
    if reason not in Reason.__members__:
        raise _wrong(row, "reason", source)
    said = Text(cells["correction_zh"], cells.get("correction_en", cells["correction_zh"])) if "correction_zh" in cells else None
    value, error_95 = _number(row, "value", source), _number(row, "error_95", source, 0)
    id_, unit = _cell(row, "clause", source)[:100], cells.get("unit", "")[:10]
    return ClauseVerdict(id_, State[state], Reason[reason], value, unit, 0.0, None, None, said, "", error_95)


def _cell(row: Record, name: str, source: str) -> str:
    if name not in row.cells:
        raise RosterError(Text("是空的", "expected something, found nothing"), source, row.line, row.written.get(name, name))
    return row.cells[name]


def _number(row: Record, name: str, source: str, low: float = -1e12, high: float = 1e12) -> float | None:
    if name not in row.cells:
        return None
    try:
        value = float(row.cells[name])
    except ValueError:
        raise _wrong(row, name, source) from None
    if not low <= value <= high:
        raise _wrong(row, name, source)
    return value


def _moment(row: Record, source: str) -> datetime:
    """A time without a zone is this machine's."""
    try:
        return datetime.fromisoformat(_cell(row, "done_at", source)).astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        raise _wrong(row, "done_at", source) from None


def _consent(row: Record, source: str) -> datetime:
    """When somebody agreed: a day, as Excel writes or counts it, or that they did. Raises `RosterError` for who did not."""
    told = row.cells.get("consent", "")
    if told.casefold() in _YES:
        return utc_now()
    try:
        day = _EXCEL_BEGINS + timedelta(int(told)) if told.isdecimal() else datetime.fromisoformat(told.replace("/", "-")).date()
        return datetime(day.year, day.month, day.day).astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        said = Text("要写本人同意的日期（如 2026-11-28）或“是”", "expected the day this person agreed (2026-11-28), or yes")
        raise RosterError(said, source, row.line, row.written.get("consent", "consent")) from None


def _wrong(row: Record, name: str, source: str) -> RosterError:
    found = row.cells.get(name, "")[:40]
    return RosterError(Text(f"看不懂“{found}”", f"cannot make anything of {found!r}"), source, row.line, row.written.get(name, name))


def _day(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone():%Y-%m-%d}"
