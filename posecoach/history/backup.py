"""A copy of all records in one file that any database can take in: a ZIP with a file of JSON lines for each table."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Integer, MetaData, Table, func, inspect, select, text

from posecoach.history.tables import utc_now

FORMAT = "posecoach.records/1"
_META = "meta.json"
_REVISIONS = "alembic_version"
_AT_ONCE = 1000
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, TypeError, AttributeError, RuntimeError, UnicodeDecodeError)


def write_backup(connection: Connection, file: Path, revision: str) -> int:
    """Write all tables as they are, whatever their schema (``revision``); returns the number of rows. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    rows = 0
    try:
        part.unlink(missing_ok=True)
        with open(part, "xb", opener=_for_owner_alone) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_META, json.dumps({"format": FORMAT, "revision": revision, "made_at": utc_now().isoformat()}))
            for table in _tables(connection):
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as lines:
                    rows += _write_rows(connection, table, lines)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def revision_in(file: Path) -> str:
    """The schema of a backup. Raises ValueError for a file that is none, OSError."""
    try:
        with zipfile.ZipFile(file) as archive:
            meta = json.loads(archive.read(_META))
            if meta["format"] != FORMAT:
                raise ValueError(f"expected {FORMAT}, found {meta['format']}")
            return str(meta["revision"])
    except _DAMAGE as error:
        raise ValueError(f"no backup of records ({error})") from error


def read_backup(connection: Connection, file: Path) -> int:
    """Put the rows of a backup into empty tables of its schema; returns how many. Raises ValueError for a damaged file, OSError."""
    rows = 0
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            for table in _tables(connection):
                if f"{table.name}.jsonl" in names:
                    with archive.open(f"{table.name}.jsonl") as raw, io.TextIOWrapper(raw, "utf-8") as lines:
                        rows += _read_rows(connection, table, lines)
    except _DAMAGE as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return rows


def _tables(connection: Connection) -> list[Table]:
    """Those of the database as it is, each after the ones it refers to."""
    found = MetaData()
    found.reflect(connection, only=[name for name in inspect(connection).get_table_names() if name != _REVISIONS])
    return found.sorted_tables


def _write_rows(connection: Connection, table: Table, lines: io.TextIOWrapper) -> int:
    count = 0
    for row in connection.execute(select(table).execution_options(yield_per=_AT_ONCE)).mappings():
        lines.write(json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=False) + "\n")
        count += 1
    return count


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read_rows(connection: Connection, table: Table, lines: io.TextIOWrapper) -> int:
    times = {column.name for column in table.columns if column.type.python_type is datetime}
    count = 0
    rows = (_row(json.loads(line), times) for line in lines)
    while chunk := list(islice(rows, _AT_ONCE)):
        connection.execute(table.insert(), chunk)
        count += len(chunk)
    if connection.dialect.name == "postgresql":
        _go_on_counting(connection, table)
    return count


def _row(row: dict[str, Any], times: set[str]) -> dict[str, Any]:
    return {key: datetime.fromisoformat(value) if key in times and value is not None else value for key, value in row.items()}


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers rows by a counter of its own, which has not seen those that were put in."""
    for column in _numbered(table):
        highest = connection.scalar(select(func.max(table.c[column])))
        if highest is not None:
            counter = func.pg_get_serial_sequence(text(f"'{table.name}'"), text(f"'{column}'"))
            connection.execute(select(func.setval(counter, highest)))


def _numbered(table: Table) -> Iterator[str]:
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and isinstance(keys[0].type, Integer):
        yield keys[0].name
