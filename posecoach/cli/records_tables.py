"""`posecoach records table`, `rules`, and tables that `records import` takes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import records_words as said
from posecoach.cli.commands import Command
from posecoach.cli.door import tell
from posecoach.cli.records_door import day, show_table, tell_recorded, who, with_records
from posecoach.cli.words import filled
from posecoach.errors import SourceError, reason_of

if TYPE_CHECKING:
    from posecoach.history.database import Records

_FILE = click.Path(path_type=Path, dir_okay=False)
_RESULTS = b"posecoach.results/"


@click.command(cls=Command, help=said.TABLE)
@click.argument("what", type=click.Choice(["people", "checks"]))
@click.argument("file", type=_FILE)
@with_records()
def table(found: Records, /, what: str, file: Path) -> None:
    from posecoach.history.transfer import check_rows, people_rows
    from posecoach.storage.record_files import CHECKS, PEOPLE, write_table

    with found.writing() as session:
        if what == "people":
            write_table(file, PEOPLE, people_rows(session, who=who()))
        else:
            write_table(file, CHECKS, check_rows(session, who=who()))
    tell(filled(said.WRITTEN, file=file))


def is_table(file: Path) -> bool:
    """Whether a file is a table of people or checks, and not what a grading wrote."""
    from posecoach.storage.record_files import KINDS

    if not file.is_file() or file.suffix.lower().removeprefix(".") not in KINDS:
        return False
    with file.open("rb") as opened:
        return _RESULTS not in opened.read(200)


def take_in_table(found: Records, file: Path) -> None:
    """Add its people, or record its checks. Raises `SourceError`, `RosterError`, `RecordsError`."""
    from posecoach.history.transfer import take_in_checks, take_in_people
    from posecoach.storage.record_files import MOST, PEOPLE, read_records

    try:
        with file.open("rb") as opened:
            columns, rows = read_records(opened.read(MOST.bytes + 1), file.name)
    except OSError as error:
        raise SourceError(reason_of(error)) from error
    if columns is not PEOPLE:
        tell_recorded(take_in_checks(found, rows, file.name))
        return
    with found.writing() as session:
        new = take_in_people(session, rows, file.name, who=who())
    tell(filled(said.TAKEN_IN, new=new, known=len(rows) - new))


@click.command(cls=Command, help=said.RULES)
@with_records()
def rules(found: Records, /) -> None:
    from posecoach.history.rules import versions

    with found.reading() as session:
        known = versions(session)
    rows = [(item.file, item.sha256[:12], str(item.checks), day(item.first_at), day(item.last_at)) for item in known]
    show_table((said.RULES_FILE, said.VERSION, said.CHECKS, said.FROM, said.TO), rows)
