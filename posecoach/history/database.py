"""The database of the records: SQLite in one file, or PostgreSQL by its address; opened at the newest schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from posecoach.errors import PosecoachError, reason_of
from posecoach.history.backup import write_backup
from posecoach.history.tables import utc_now
from posecoach.vocabulary import Text

if TYPE_CHECKING:  # loaded by those functions that need it: it takes as long as all of Flask, and the page opens without records
    from alembic.config import Config
    from alembic.script import ScriptDirectory

FILE = "records.db"
BACKUPS = "backups"
_KINDS = ("sqlite", "postgresql")
_WRITES = "posecoach_writes"
_WAIT_S = 60.0
"""How long one who writes waits for another on SQLite."""


class RecordsError(PosecoachError):
    """The records cannot be opened, read or written as asked."""


class Records:
    """An open database. ``backups`` is where a copy is put before the schema changes."""

    def __init__(self, engine: Engine, backups: Path) -> None:
        self.engine = engine
        self.backups = backups
        self._reader = engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")

    @classmethod
    def open(cls, folder: Path, address: str | None = None) -> Records:
        """The database at ``address``, None for `FILE` in ``folder``; made where none is, brought to the newest schema after a backup.

        Raises `RecordsError` when it cannot be reached, or was made by a later version.
        """
        records = cls.unprepared(folder, address)
        try:
            with told(records.engine.url):
                records._bring_up_to_date()
        except BaseException:
            records.close()
            raise
        return records

    @classmethod
    def unprepared(cls, folder: Path, address: str | None = None) -> Records:
        """The database as it lies there. Raises `RecordsError` for an address that is none."""
        url = address_of(folder, address)
        if url.get_backend_name() == "sqlite" and url.database:
            with told(url):
                _make_file(Path(url.database))
        try:
            engine = create_engine(url)
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise RecordsError(
                Text(
                    f"缺少连接数据库的组件（{url.drivername}）；请安装 posecoach[postgres]",
                    f"the driver for {url.drivername} is not installed; install posecoach[postgres]",
                )
            ) from error
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin)
        return cls(engine, folder / BACKUPS)

    @property
    def is_sqlite(self) -> bool:
        """Whether the records are one file."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database. Raises `RecordsError`."""
        with told(self.engine.url), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are all kept at its end, or none. Raises `RecordsError`."""
        engine = self.engine.execution_options(**{_WRITES: True})
        with told(self.engine.url), Session(engine) as session, session.begin():
            yield session

    def _bring_up_to_date(self) -> None:
        with self.engine.execution_options(**{_WRITES: True}).begin() as connection:
            now, newest = revision_of(connection), newest_revision()
            if now == newest:
                return
            if now is not None:
                if now not in known_revisions():
                    raise RecordsError(
                        Text(
                            f"{self.engine.url} 是较新版本的 posecoach 建立的（{now}）；请升级 posecoach",
                            f"{self.engine.url} was made by a later version of posecoach (schema {now}); update posecoach",
                        )
                    )
                write_backup(connection, self.backups / f"before-{newest}-{utc_now():%Y%m%d-%H%M%S}.zip", now)
            migrate(connection, newest)


def address_of(folder: Path, address: str | None) -> URL:
    """The address of a database; a path is a file of SQLite. Raises `RecordsError` for one we do not speak to."""
    if address is None:
        return URL.create("sqlite", database=str(folder / FILE))
    if "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in _KINDS:
        kind = address.partition("://")[0]
        raise RecordsError(
            Text(
                f"不支持这种数据库（{kind}）；请写 postgresql://用户@地址/库名，或 SQLite 文件的路径",
                f"no such database is spoken to ({kind}); expected postgresql://USER@HOST/NAME or the path of an SQLite file",
            )
        )
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


@contextmanager
def told(url: URL) -> Iterator[None]:
    """What a database or the system refuses, as `RecordsError` in one line; without a password, whoever wrote the message."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        what = _said_of(error, url)
        where = url.render_as_string(hide_password=True)
        raise RecordsError(
            Text(
                f"记录库 {where} 用不了：{what.zh}；请检查地址、权限和磁盘空间",
                f"the records at {where} cannot be used: {what.en}; check the address, the permissions and the disk",
            )
        ) from error


def _said_of(error: SQLAlchemyError | OSError, url: URL) -> Text:
    """What was refused, in a line, without the password of the database."""
    if isinstance(error, OSError) and error.filename:
        why = reason_of(error)
        return Text(f"{error.filename} {why.zh}", f"{error.filename}: {why.en}")
    cause = getattr(error, "orig", None) if isinstance(error, DBAPIError) else error
    said = " ".join(str(cause).split())[:200]
    if url.password:
        said = said.replace(str(url.password), "***")
    return Text(said, said)


def migrate(connection: Connection, revision: str) -> None:
    """Take every step to a schema that still lies ahead."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """The schema of a database; None for an empty one."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The schema of this version."""
    return str(_script().get_current_head())


def known_revisions() -> tuple[str, ...]:
    """All schemas there have been, the newest first."""
    return tuple(script.revision for script in _script().walk_revisions())


def _script() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "posecoach.history:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _make_file(path: Path) -> None:
    """An empty database that its owner alone may read, where there is none: SQLite would make one for all to read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists() and not path.name.startswith((":", "file:")):  # what SQLite does not take for a name
        path.touch(mode=0o600)


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Transactions are ours to begin; readers and one writer do not wait for each other; what is confirmed outlives a power cut."""
    connection.isolation_level = None
    for line in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"busy_timeout = {int(_WAIT_S * 1000)}"):
        connection.execute(f"PRAGMA {line}")


def _begin(connection: Connection) -> None:
    """Who writes asks for it at once: a reader who turns writer would be refused while another writes."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
