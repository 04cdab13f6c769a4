"""What the commands of `posecoach records` share: which records are meant, whom the audit names, and how tables are shown."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import records_words as said
from posecoach.cli.commands import option
from posecoach.cli.door import tell
from posecoach.cli.language import spoken
from posecoach.cli.words import filled
from posecoach.errors import PosecoachError

if TYPE_CHECKING:
    from posecoach.history.database import Records
    from posecoach.history.recording import Recorded

database_option = option("--database", metavar="URL", help=said.DATABASE)
state_option = option("--state-dir", "state_folder", type=click.Path(path_type=Path), help=said.STATE)


def with_records(*, is_prepared: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the options that say which records it is about, and hands it these, open; ``is_prepared``: at the newest schema."""

    def given(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def opened(database: str | None, state_folder: Path | None, **options: Any) -> None:
            with closing(open_records(state_folder, database, is_prepared=is_prepared)) as found:
                command(found, **options)

        return database_option(state_option(opened))

    return given


def open_records(folder: Path | None, database: str | None, *, is_prepared: bool = True) -> Records:
    """The records that are meant. Raises `RecordsError`."""
    from posecoach.history.database import Records
    from posecoach.storage.calibrations import state_folder

    kept_in = state_folder(folder)
    return Records.open(kept_in, database) if is_prepared else Records.unprepared(kept_in, database)


@contextmanager
def open_to_record(database: str | None, *, is_wanted: bool) -> Iterator[Records | None]:
    """The records that a grading goes into, open from before it begins: what is wrong with them is told then. Raises `RecordsError`."""
    if not is_wanted:
        if database:
            raise click.UsageError(spoken(said.DATABASE_TO_RECORD))
        yield None
        return
    with closing(open_records(None, database)) as found:
        yield found


def who() -> str:
    """Whom the audit names: the user of this computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container the user may have no name
        return "?"


def number_of(found: Records, name: str, group: str | None) -> int:
    """The number of somebody by name, and by group where one is given. Raises `PosecoachError`."""
    from posecoach.history.people import find_person

    with found.reading() as session:
        number = find_person(session, name, group)
    if number is None:
        raise PosecoachError(filled(said.NOBODY_CALLED, name=name))
    return number


def tell_recorded(done: Recorded) -> None:
    """What was recorded, and what was not and why."""
    tell(filled(said.RECORDED, new=done.new, anew=done.judged_anew, known=done.known))
    if done.other_group:
        tell(filled(said.OTHER_GROUP, names=", ".join(done.other_group)), err=True)
    if done.without_consent:
        tell(filled(said.NOT_RECORDED, names=", ".join(done.without_consent)), err=True)
    if done.ambiguous:
        tell(filled(said.AMBIGUOUS, names=", ".join(done.ambiguous)), err=True)
    if done.without_name:
        tell(filled(said.NAMELESS, count=done.without_name), err=True)


def show_table(headings: Sequence[Any], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    from rich.table import Table
    from rich.text import Text as Styled

    from posecoach.cli.terminal import rich_console

    table = Table(*(spoken(heading) for heading in headings))
    for row in rows:
        table.add_row(*(Styled(cell) for cell in row))
    rich_console().print(table)


def day(at: datetime | None) -> str:
    """A day as tables show it, by this machine's clock."""
    return "–" if at is None else f"{at.astimezone():%Y-%m-%d}"
