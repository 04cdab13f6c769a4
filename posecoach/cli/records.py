"""`posecoach records`: who is remembered, what of theirs is kept, and the upkeep of the database."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import records_words as said
from posecoach.cli.accounts import account
from posecoach.cli.commands import Group, option
from posecoach.cli.door import echo, tell
from posecoach.cli.language import spoken
from posecoach.cli.options import rules_option
from posecoach.cli.records_door import day, number_of, show_table, tell_recorded, who, with_records
from posecoach.cli.records_reviews import ratings, review, withdraw
from posecoach.cli.records_tables import is_table, rules, table, take_in_table
from posecoach.cli.words import filled
from posecoach.errors import PosecoachError

if TYPE_CHECKING:
    from posecoach.history.database import Records
    from posecoach.history.recording import Recorded
    from posecoach.rulebook.schema import RuleSet

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group, help=said.RECORDS)
def records() -> None:
    pass


records.add_command(account)
records.add_command(review)
records.add_command(withdraw)
records.add_command(table)
records.add_command(rules)
records.add_command(ratings)


@records.command(help=said.ADD)
@click.argument("name")
@option("--group", default="", help=said.GROUP)
@option("--consent", is_flag=True, help=said.CONSENT)
@option("--note", default="", help=said.NOTE)
@with_records()
def add(found: Records, /, name: str, group: str, consent: bool, note: str) -> None:
    from posecoach.history.people import add_person

    if not consent:
        raise PosecoachError(said.NEEDS_CONSENT)
    with found.writing() as session:
        number = add_person(session, name, group, note=note, who=who())
    tell(filled(said.ADDED, name=name, number=number))


@records.command("list", help=said.LIST)
@with_records()
def list_people(found: Records, /) -> None:
    from posecoach.history.people import people

    with found.reading() as session:
        rows = [(item.name, item.group, str(item.checks), day(item.last_at)) for item in people(session)]
    if rows:
        show_table((said.NAME, said.GROUP_OF, said.CHECKS, said.LAST), rows)
    else:
        tell(said.NOBODY_YET)


@records.command(help=said.SHOW)
@click.argument("name")
@option("--group", help=said.GROUP)
@with_records()
def show(found: Records, /, name: str, group: str | None) -> None:
    from posecoach import wording
    from posecoach.history.trends import record_of
    from posecoach.jobs.rules_asked import rules_of

    number = number_of(found, name, group)
    with found.reading() as session:
        record = record_of(session, number)
    rule_sets = rules_of(None, strict=False)
    topics = {rule_set.topic: rule_set.title for rule_set in rule_sets}
    clauses = {rule.id: rule.clause for rule_set in rule_sets for rule in rule_set.rules}
    rows = [
        (
            str(check.id),
            day(check.done_at),
            spoken(topics[check.topic]) if check.topic in topics else check.topic,
            _score(check.score),
            spoken(wording.OUTCOMES[check.outcome]),
        )
        for check in record.checks
    ]
    show_table((said.NUMBER, said.DAY, said.TOPIC, said.SCORE, said.OUTCOME), rows)
    if record.to_practise():
        named = (f"{spoken(clauses[code])} ({code})" if code in clauses else code for code in record.to_practise())
        tell(filled(said.PRACTISE, clauses="; ".join(named)))


@records.command(help=said.EXPORT)
@click.argument("name")
@option("--group", help=said.GROUP)
@option("--out", "file", type=_FILE, help=said.TO_FILE)
@with_records()
def export(found: Records, /, name: str, group: str | None, file: Path | None) -> None:
    from posecoach.history.exports import all_of
    from posecoach.storage.whole_files import write_atomically

    number = number_of(found, name, group)
    with found.writing() as session:
        everything = all_of(session, number, who=who())
    text = json.dumps(everything, ensure_ascii=False, indent=2)
    if file is None:
        echo(text)
    else:
        write_atomically(file, text.encode())


@records.command("forget", help=said.FORGET)
@click.argument("name")
@option("--group", help=said.GROUP)
@option("--yes", is_flag=True, help=said.YES)
@with_records()
def forget_person(found: Records, /, name: str, group: str | None, yes: bool) -> None:
    from posecoach.history.people import person_of
    from posecoach.history.upkeep import forget

    number = number_of(found, name, group)
    with found.reading() as session:
        person = person_of(session, number)
    count = 0 if person is None else person.checks
    if not yes:
        click.confirm(spoken(filled(said.REALLY, name=name, count=count)), abort=True)
    forget(found, number, who=who())
    tell(filled(said.FORGOTTEN, name=name, count=count))


@records.command("import", help=said.IMPORT)
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="OUT...")
@rules_option
@with_records()
def import_results(found: Records, /, folders: Sequence[Path], rules_folder: Path | None) -> None:
    from posecoach.jobs.rules_asked import rules_of

    rule_sets = rules_of(rules_folder, strict=False)
    for folder in folders:
        if is_table(folder):
            take_in_table(found, folder)
        else:
            tell_recorded(record_folder(found, folder, rule_sets, "import"))


@records.command(help=said.CHECK)
@with_records()
def check(found: Records, /) -> None:
    from posecoach.history.tables import utc_now
    from posecoach.history.upkeep import faults, stock

    wrong, held = list(faults(found)), stock(found, utc_now())
    tell(filled(said.STOCK, people=held.people, checks=held.checks, results=held.results, days=held.retention_days, overdue=held.overdue))
    for line in wrong:
        tell(line, err=True)
    if wrong:
        sys.exit(1)
    tell(said.SOUND)


@records.command(help=said.BACKUP)
@click.argument("file", required=False, type=_FILE)
@with_records()
def backup(found: Records, /, file: Path | None) -> None:
    from posecoach.history.upkeep import back_up

    tell(filled(said.BACKED_UP, file=back_up(found, file)))


@records.command(help=said.RESTORE)
@click.argument("file", type=_FILE)
@with_records(is_prepared=False)
def restore(found: Records, /, file: Path) -> None:
    from posecoach.history.upkeep import restore as put_back

    tell(filled(said.RESTORED, rows=put_back(found, file)))


@records.command("purge", help=said.PURGE)
@option("--keep-days", type=click.IntRange(1, 3650), help=said.KEEP)
@with_records()
def purge_overdue(found: Records, /, keep_days: int | None) -> None:
    from posecoach.history.tables import utc_now
    from posecoach.history.upkeep import keep_for, purge

    name = who()
    if keep_days is not None:
        with found.writing() as session:
            keep_for(session, keep_days, who=name)
    tell(filled(said.PURGED, count=purge(found, utc_now(), who=name)))


def record_folder(found: Records, out: Path, rule_sets: Sequence[RuleSet], origin: str) -> Recorded:
    """Record what a grading wrote. Raises `SourceError`, `RecordsError`."""
    from posecoach.jobs.recording import record_results

    return record_results(found, out, rule_sets, origin)


def _score(score: float | None) -> str:
    return "–" if score is None else f"{score:.0f}"
