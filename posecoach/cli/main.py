"""The command line: parses arguments and wires the parts together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import posecoach
from posecoach.cli import records_words, words
from posecoach.cli.commands import Option, option
from posecoach.cli.compare import compare
from posecoach.cli.door import Door, Finite, echo, tell
from posecoach.cli.language import spoken
from posecoach.cli.lineup import lineup
from posecoach.cli.options import force_option, model_option, out_option, rules_option, take_turn, turn_options
from posecoach.cli.records import record_folder, records
from posecoach.cli.records_door import database_option, open_to_record, tell_recorded
from posecoach.cli.roster import roster
from posecoach.cli.serve import serve

if TYPE_CHECKING:
    from posecoach.jobs.tools import Tools
    from posecoach.rulebook.drill_loading import Rulebook
    from posecoach.rulebook.schema import RuleSet

PROFILES = ("female", "male", "unspecified")


@click.group(cls=Door, help=words.MAIN, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(posecoach.__version__, prog_name="posecoach", cls=Option, help=words.VERSION)
def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console set to another code page
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command(help=words.GRADE)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@option("--drill", metavar="TOPIC", default="auto", show_default=True, help=words.DRILL)
@option("--profile", type=click.Choice(PROFILES), default="unspecified", show_default=True, help=words.PROFILE)
@rules_option
@option("--strict", is_flag=True, help=words.STRICT)
@out_option
@force_option
@option("--fps", type=Finite(1, 60), default=10.0, show_default=True, help=words.FPS)
@model_option
@option("--annotate/--no-annotate", default=True, show_default=True, help=words.ANNOTATE)
@option("--blur-faces", is_flag=True, help=words.BLUR_FACES)
@option("--reference", metavar="FILE", help=words.REFERENCE)
@option("--roster", type=click.Path(path_type=Path), metavar="FILE", help=words.ROSTER)
@turn_options
@option("--jobs", type=click.IntRange(1), help=words.JOBS)
@option("--resume", is_flag=True, help=words.RESUME)
@option("--time-limit", "limit_s", type=Finite(1), help=words.TIME_LIMIT)
@option("--cluster", metavar="ADDRESS", help=words.CLUSTER)
@option("--record", is_flag=True, help=records_words.RECORD)
@database_option
@click.pass_obj
def grade(tools: Tools | None, /, paths: Sequence[str], cluster: str | None, record: bool, database: str | None, **options: Any) -> None:
    from posecoach.cli.terminal import Console
    from posecoach.jobs.batch import BatchOptions, grade_all
    from posecoach.jobs.rules_asked import rules_of
    from posecoach.jobs.tools import USUAL
    from posecoach.runners.cluster import ClusterRunner
    from posecoach.storage.output_folder import RESULTS

    if cluster and options["jobs"]:
        raise click.UsageError(spoken(words.JOBS_OR_CLUSTER))
    console = Console()
    batch = BatchOptions(paths=tuple(paths), turn=take_turn(options), **options)
    tools = tools or USUAL
    if cluster:
        tools = replace(tools, runner=lambda _count: ClusterRunner(cluster, batch.out))
    with open_to_record(database, is_wanted=record) as found:
        status = grade_all(batch, console, tools=tools)
        if found is not None and (batch.out / RESULTS).is_file():
            tell_recorded(record_folder(found, batch.out, rules_of(batch.rules_folder, batch.strict), "grade"))
    sys.exit(status)


main.add_command(records)
main.add_command(serve)
main.add_command(compare)
main.add_command(lineup)
main.add_command(roster)


@main.command(help=words.REGRADE)
@click.argument("folder", type=click.Path(path_type=Path))
@rules_option
@option("--strict", is_flag=True, help=words.STRICT)
@option("--all", "all_again", is_flag=True, help=words.AGAIN_ALL)
@option("--watch", "watches", is_flag=True, help=words.WATCH)
@force_option
def regrade(watches: bool, **options: Any) -> None:
    from posecoach.cli.terminal import Console
    from posecoach.cli.terminal_watch import WatchConsole
    from posecoach.jobs.regrade_batch import RegradeOptions, regrade_all
    from posecoach.jobs.watching import watch

    asked = RegradeOptions(**options)
    if watches:
        sys.exit(watch(asked, WatchConsole()))
    sys.exit(regrade_all(asked, Console()))


@main.command(help=words.EVALUATE)
@click.argument("manifest", type=click.Path(path_type=Path))
@option("--mapping", type=click.Path(path_type=Path), help=words.MAPPING)
@out_option
@force_option
@option("--landmarks", type=click.Path(path_type=Path), help=words.LANDMARKS)
@rules_option
@option("--docs", type=click.Path(path_type=Path), metavar="FILE", help=words.DOCS)
def evaluate(manifest: Path, out: Path, docs: Path | None, force: bool, **options: Any) -> None:
    from posecoach.evaluation.report import table_text, write_json, write_page
    from posecoach.evaluation.run import EvaluateOptions
    from posecoach.evaluation.run import evaluate as measured
    from posecoach.evaluation.trust_page import write_trust_page
    from posecoach.storage.output_folder import EVALUATION, OutputFolder
    from posecoach.storage.output_runs import writing_into

    if not force:
        OutputFolder(out).refuse_foreign()
    figures = measured(EvaluateOptions(manifest=manifest, **options), on_case=lambda name: echo(name, err=True))
    echo(table_text(figures))
    with writing_into(out, [EVALUATION], force=force):
        echo(str(write_json(figures, out)))
    if docs is not None:
        echo(str(write_page(figures, docs)))
        echo(str(write_trust_page(figures, docs.with_name("trust.md"))))


@main.group(help=words.RULES)
def rules() -> None: ...


@rules.command("list", help=words.RULES_LIST)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help=words.RULES_HTML)
def rules_list(folder: Path | None, page: Path | None) -> None:
    from posecoach.cli.terminal import Console

    book = _load_rules(folder)
    if page is None:
        Console().rules(book.rule_sets.values())
        Console().drills(book.drills.values())
    else:
        _write_posters(page, tuple(book.rule_sets.values()), is_list=True)


@rules.command("poster", help=words.RULES_POSTER)
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
@rules_option
@option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("poster.html"), show_default=True, help=words.POSTER_OUT)
def rules_poster(topics: tuple[str, ...], rules_folder: Path | None, out: Path) -> None:
    found = _load_rules(rules_folder).rule_sets
    unknown = [topic for topic in topics if topic not in found]
    if unknown:
        raise click.UsageError(spoken(words.filled(words.NO_TOPIC, topic=unknown[0], known=", ".join(found))))
    _write_posters(out, tuple(found[topic] for topic in topics or found), is_list=False)


@rules.command("check", help=words.RULES_CHECK)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def rules_check(folder: Path | None) -> None:
    book = _load_rules(folder)
    count = sum(len(rule_set.rules) for rule_set in book.rule_sets.values())
    tell(words.filled(words.RULES_LOAD, files=len(book.rule_sets), clauses=count, drills=len(book.drills)))


@main.command(help=words.DOCTOR)
@out_option
def doctor(out: Path) -> None:
    from posecoach.cli.terminal import Console
    from posecoach.jobs.doctor import run_checks

    console = Console()
    ok = True
    for check in run_checks(out):
        console.check(check)
        ok = ok and check.ok
    sys.exit(0 if ok else 1)


def _write_posters(path: Path, rule_sets: Sequence[RuleSet], *, is_list: bool) -> None:
    from posecoach.reports.poster import write_posters

    write_posters(path, rule_sets, is_list=is_list)
    tell(words.filled(words.POSTER_WRITTEN, path=path))


def _load_rules(folder: Path | None) -> Rulebook:
    from posecoach.measures.catalogue import MEASURES
    from posecoach.resources import rules_dir
    from posecoach.rulebook.drill_loading import load_rulebook

    return load_rulebook(folder or rules_dir(), MEASURES)


if __name__ == "__main__":
    main()
