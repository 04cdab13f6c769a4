"""Databases and backups of every schema there has been come to the newest one with all that is in them.

`schemas/` holds for each the rows that its step added, as plain SQL, and a backup that it made.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from posecoach.history.accounts import accounts
from posecoach.history.database import Records, known_revisions, migrate, newest_revision
from posecoach.history.exports import all_of
from posecoach.history.people import people
from posecoach.history.tables import Base
from posecoach.history.upkeep import back_up, faults, restore, retention_days
from tests.history.test_records import agreed

SCHEMAS = Path(__file__).parent / "schemas"
REVISIONS = sorted(known_revisions())


def old_database(address: str, folder: Path, revision: str) -> None:
    """A database as a version with that schema left it."""
    records = Records.unprepared(folder, address)
    with records.engine.execution_options(posecoach_writes=True).begin() as connection:
        migrate(connection, revision)
        for step in REVISIONS[: REVISIONS.index(revision) + 1]:
            for line in (SCHEMAS / f"{step}.sql").read_text("utf-8").splitlines():
                connection.exec_driver_sql(line)
        if not records.is_sqlite:
            go_on_counting(connection)
    records.close()


def go_on_counting(connection: Connection) -> None:
    """Have PostgreSQL number rows after those that were put in with their numbers."""
    found = inspect(connection)
    for table in found.get_table_names():
        if any(column["name"] == "id" for column in found.get_columns(table)):
            highest = f"(select coalesce(max(id), 1) from {table})"
            connection.exec_driver_sql(f"select setval(pg_get_serial_sequence('{table}', 'id'), {highest})")


def all_is_there(records: Records, revision: str) -> None:
    """Everything that was in the database of that schema is in this one, which is of the newest."""
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
    with records.writing() as session:
        assert [(item.name, item.group, item.checks) for item in people(session)] == [("王强", "", 0), ("李娜", "一组", 2)]
        everything = all_of(session, 2, who="test")
        signing_in = [(item.account.name, item.person, item.groups) for item in accounts(session)]
        assert retention_days(session) == 365
    assert [[row["state"] for row in item["clauses"]] for item in everything["checks"]] == [["fail", "pass"]] * 2
    assert everything["checks"][0]["done_at"] == "2026-11-02T08:00:00+00:00"
    assert signing_in == ([("li.na", "李娜", ()), ("王教练", "", ("一组",))] if revision >= "0002" else [])
    said = everything["checks"][0]["opinions"] + everything["checks"][0]["comments"]
    assert len(said) == (3 if revision >= "0003" else 0)
    assert list(faults(records)) == []


def test_every_schema_has_its_rows_and_its_backup() -> None:
    assert [file.stem for file in sorted(SCHEMAS.glob("*.sql"))] == REVISIONS
    assert [file.stem for file in sorted(SCHEMAS.glob("*.zip"))] == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_schema_comes_to_the_newest(new_address: Callable[[], str], tmp_path: Path, revision: str) -> None:
    """The copy made before goes into a new database of its own, whatever comes of the old one."""
    address = new_address()
    old_database(address, tmp_path, revision)
    records = Records.open(tmp_path, address)
    all_is_there(records, revision)
    before = list((tmp_path / "backups").glob("before-*.zip")) or [back_up(records)]
    records.close()
    assert len(before) == 1
    again = Records.unprepared(tmp_path, new_address())
    restore(again, before[0])
    all_is_there(again, revision)
    again.close()
    assert revision == newest_revision() or before[0].name.startswith(f"before-{newest_revision()}")


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_backup_of_every_schema_is_restored(new_address: Callable[[], str], tmp_path: Path, revision: str) -> None:
    records = Records.unprepared(tmp_path, new_address())
    restore(records, SCHEMAS / f"{revision}.zip")
    all_is_there(records, revision)
    assert agreed(records, "新人") == 3
    records.close()
