"""`posecoach records review`, `withdraw` and `ratings`: what a trainer says of a check, and how far trainers and posecoach agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import records_words as said
from posecoach.cli.commands import Command, option
from posecoach.cli.door import tell
from posecoach.cli.language import spoken
from posecoach.cli.records_door import show_table, who, with_records
from posecoach.cli.words import filled

if TYPE_CHECKING:
    from posecoach.history.database import Records
    from posecoach.history.opinions import Review

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command, help=said.REVIEW)
@click.argument("number", type=click.IntRange(1, 2**31 - 1), metavar="CHECK")
@option("--met", multiple=True, metavar="CLAUSE", help=said.MET)
@option("--close", multiple=True, metavar="CLAUSE", help=said.CLOSE)
@option("--not-met", multiple=True, metavar="CLAUSE", help=said.NOT_MET)
@option("--unclear", multiple=True, metavar="CLAUSE", help=said.UNCLEAR)
@option("--reason", default="", help=said.REASON)
@option("--agree", is_flag=True, help=said.AGREE)
@option("--comment", default="", help=said.COMMENT)
@option("--rater", help=said.RATER)
@with_records()
def review(found: Records, /, number: int, **options: Any) -> None:
    from posecoach.history.opinions import say

    given = _review(**options)
    with found.writing() as session:
        count = say(session, number, given, who=who())
    tell(filled(said.REVIEWED, count=count, rater=given.rater))


@click.command("withdraw", cls=Command, help=said.WITHDRAW)
@click.argument("number", type=click.IntRange(1, 2**31 - 1), metavar="CHECK")
@option("--rater", help=said.RATER)
@with_records()
def withdraw(found: Records, /, number: int, rater: str | None) -> None:
    from posecoach.history.opinions import take_back

    name = rater or who()
    with found.writing() as session:
        take_back(session, number, name, who=who())
    tell(filled(said.WITHDRAWN, number=number, rater=name))


def _review(*, reason: str, agree: bool, comment: str, rater: str | None, **clauses: Sequence[str]) -> Review:
    from posecoach.history.opinions import Review
    from posecoach.vocabulary import State

    states = {"met": State.PASS, "close": State.WARN, "not_met": State.FAIL, "unclear": State.UNJUDGED}
    overrides = {code: (states[name], reason) for name, codes in clauses.items() for code in codes}
    return Review(rater or who(), overrides, agree, comment)


@click.command("ratings", cls=Command, help=said.RATINGS)
@option("--out", "file", type=_FILE, help=said.SHEET_FILE)
@with_records()
def ratings(found: Records, /, file: Path | None) -> None:
    from posecoach.history.opinions import ratings as all_ratings
    from posecoach.jobs.ratings import agreement, dump_sheet
    from posecoach.storage.whole_files import write_atomically

    with found.reading() as session:
        given = list(all_ratings(session))
    shown = agreement(given)
    rows = [_figures(code, figures) for code, figures in [*shown.clauses.items(), (spoken(said.ALL), shown.all)]]
    show_table((said.CLAUSE, said.JUDGED_BY_BOTH, said.KAPPA), rows)
    if shown.raters is not None:
        first, second = shown.raters["raters"]
        kappa = _kappa(shown.raters["kappa"], shown.raters["interval"])
        tell(filled(said.RATERS, first=first, second=second, count=shown.raters["count"], kappa=kappa))
    if file is not None:
        write_atomically(file, dump_sheet(given).encode("utf-8-sig"))


def _figures(code: str, figures: dict[str, Any]) -> tuple[str, str, str]:
    return code, str(figures["judged"]["hits"]), _kappa(figures["kappa"], figures["kappa_interval"])


def _kappa(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if interval is None else f"{value:.2f} ({interval[0]:.2f} … {interval[1]:.2f})"
