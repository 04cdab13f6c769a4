"""Keeps the records sound: what is wrong with them, copies, and the end of what is no longer to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from posecoach.errors import reason_of
from posecoach.history.accounts import part_with
from posecoach.history.backup import read_backup, revision_in, write_backup
from posecoach.history.database import Records, RecordsError, known_revisions, migrate, newest_revision, revision_of, told
from posecoach.history.people import note_audit
from posecoach.history.tables import AuditRow, CheckRow, PersonRow, ResultRow, SettingRow, utc_now
from posecoach.vocabulary import Text

RETENTION = "retention_days"
RETENTION_DAYS = 180
"""How long a check is kept where the installation says nothing else: two trainings and the second look months later."""
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Stock:
    """How much there is: people, checks, verdicts on clauses, and checks past the time they may be kept."""

    people: int
    checks: int
    results: int
    overdue: int
    retention_days: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How many people and checks there are, and for how many days a check is kept."""

    people: int
    checks: int
    retention_days: int


def kept(session: Session) -> Kept:
    """What is told on the page: verdicts are not counted, of which there are ten for each check."""
    return Kept(_count(session, PersonRow), _count(session, CheckRow), retention_days(session))


def stock(records: Records, now: datetime) -> Stock:
    """What is recorded. Raises `RecordsError`."""
    with records.reading() as session:
        days = retention_days(session)
        overdue = session.scalar(select(func.count()).select_from(CheckRow).where(CheckRow.done_at < now - timedelta(days=days))) or 0
        return Stock(_count(session, PersonRow), _count(session, CheckRow), _count(session, ResultRow), overdue, days)


def faults(records: Records) -> Iterator[Text]:
    """What is wrong with the records, a line each; nothing where they are sound. Raises `RecordsError`."""
    with records.reading() as session:
        if records.is_sqlite:
            for (line,) in session.execute(text("PRAGMA integrity_check")):
                if line != "ok":
                    yield Text(f"数据库文件损坏：{line}", f"the database file is damaged: {line}")
            for table, *_ in session.execute(text("PRAGMA foreign_key_check")):
                yield Text(f"{table} 里有一行指向不存在的内容", f"a row of {table} refers to what is not there")
        has_results = select(ResultRow.check_id).where(ResultRow.check_id == CheckRow.id).exists()
        for check_id in session.scalars(select(CheckRow.id).where(~has_results)):
            yield Text(f"第 {check_id} 次检查没有任何条款", f"check {check_id} has no verdict on any clause")


def retention_days(session: Session) -> int:
    """How many days a check is kept."""
    found = session.get(SettingRow, RETENTION)
    return RETENTION_DAYS if found is None else int(found.value)


def keep_for(session: Session, days: int, *, who: str) -> None:
    """Set how many days checks are kept, 1 to `MOST_DAYS`."""
    session.merge(SettingRow(key=RETENTION, value=str(days)))
    note_audit(session, who, "retention", count=days)


def purge(records: Records, now: datetime, *, who: str) -> int:
    """Delete the checks that were kept long enough, and their traces in the file; returns how many. Raises `RecordsError`."""
    with records.writing() as session:
        overdue = CheckRow.done_at < now - timedelta(days=retention_days(session))
        count = session.scalar(select(func.count()).select_from(CheckRow).where(overdue)) or 0
        session.execute(delete(CheckRow).where(overdue))
        session.execute(delete(AuditRow).where(AuditRow.at < now - timedelta(days=MOST_DAYS)))
        if count:
            note_audit(session, who, "purge", count=count)
    if count:
        _wipe(records)
    return count


def forget(records: Records, person_id: int, *, who: str) -> int:
    """Delete somebody and all that is recorded of them; only the fact stays in the audit, by number. Returns the number of checks deleted.

    Raises `RecordsError`.
    """
    with records.writing() as session:
        count = session.scalar(select(func.count()).select_from(CheckRow).where(CheckRow.person_id == person_id)) or 0
        part_with(session, person_id)
        session.execute(delete(PersonRow).where(PersonRow.id == person_id))
        note_audit(session, who, "forget", person_id, count)
    _wipe(records)
    return count


def _wipe(records: Records) -> None:
    """Have SQLite overwrite what was deleted: until then it can be read in the file."""
    if records.is_sqlite:
        with told(records.engine.url), closing(records.engine.raw_connection()) as connection:
            for line in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(line)


def back_up(records: Records, file: Path | None = None) -> Path:
    """Write all records into ``file``, else into one named by the time among the backups; returns it. Raises `RecordsError`."""
    file = file or records.backups / f"records-{utc_now():%Y%m%d-%H%M%S}.zip"
    with told(records.engine.url), records.engine.begin() as connection:
        write_backup(connection, file, str(revision_of(connection)))
    return file


def restore(records: Records, file: Path) -> int:
    """Put a backup of this or an earlier version into an empty database; returns the number of rows.

    Raises `RecordsError` when there is something in it already, and for a file that is no backup.
    """
    try:
        revision = revision_in(file)
        if revision not in known_revisions():
            raise RecordsError(Text(f"{file} 来自较新的版本；请升级 posecoach", f"{file} comes from a later version; update posecoach"))
        with told(records.engine.url), records.engine.execution_options(posecoach_writes=True).begin() as connection:
            if revision_of(connection) is not None:
                raise RecordsError(
                    Text(
                        "这个记录库不是空的；请恢复到一个新库（--database）",
                        "there are records here already; restore into a new database (--database)",
                    )
                )
            migrate(connection, revision)
            rows = read_backup(connection, file)
            migrate(connection, newest_revision())
    except ValueError as error:
        raise RecordsError(Text(f"{file} 不是记录的备份（{error}）", f"{file} is no backup of records ({error})")) from error
    except OSError as error:
        why = reason_of(error)
        raise RecordsError(Text(f"读不了 {file}（{why.zh}）", f"{file} cannot be read ({why.en})")) from error
    return rows


def _count(session: Session, table: type[PersonRow] | type[CheckRow] | type[ResultRow]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
