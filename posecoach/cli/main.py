"""The command line: parses arguments and wires the parts together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import posecoach
from posecoach.cli.compare import compare
from posecoach.cli.door import Door, Finite, echo
from posecoach.cli.lineup import lineup
from posecoach.cli.options import force_option, out_option, take_turn, turn_options
from posecoach.cli.roster import roster
from posecoach.cli.serve import serve

if TYPE_CHECKING:
    from posecoach.jobs.tools import Tools

PROFILES = ("female", "male", "unspecified")

GRADE_HELP = """Grade recorded drills: videos and still pictures.

PATH is a file, a folder or a pattern. Results go to the output folder: index.html (the report), results.xlsx, results.csv, results.json,
annotated clips and the landmarks found. What is finished stays finished: Ctrl-C stops cleanly.

\b
Examples:
  posecoach grade drill.mp4 --drill standing --profile female
  posecoach grade recordings/ --out results --no-annotate
  posecoach grade "monday/*.mp4" --roster people.csv
  posecoach grade smile.mp4 --drill smile --reference neutral.jpg
  posecoach grade recordings/ --out results --resume

Exit status: 0 all graded, 1 some inputs failed, 2 wrong usage, rules that do not load or a folder that may not be written, 130 stopped
by Ctrl-C.
"""


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(posecoach.__version__, prog_name="posecoach")
def main() -> None:
    """posecoach grades and coaches the posture and manners of people who serve the public.

    Nothing leaves this machine. Start with `posecoach doctor`, then `posecoach grade PATH`.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console set to another code page
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command(help=GRADE_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--drill", metavar="TOPIC", default="auto", show_default=True, help="What the clips show (`rules list`); auto finds it.")
@click.option("--profile", type=click.Choice(PROFILES), default="unspecified", show_default=True, help="Which form of a clause applies.")
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of rule files instead of the shipped ones.")
@click.option("--strict", is_flag=True, help="Leave out clauses of general manners that are not in the training material.")
@out_option
@force_option
@click.option("--fps", type=Finite(1, 60), default=10.0, show_default=True, help="Frames analysed a second.")
@click.option("--annotate/--no-annotate", default=True, show_default=True, help="Draw the verdicts into a copy of each clip.")
@click.option("--blur-faces", is_flag=True, help="Blur all faces in the annotated copies and the stills of the report.")
@click.option("--reference", metavar="FILE", help="A picture or clip of the person's own neutral face.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Who is in which clip: a workbook or CSV with the columns file (文件), name (姓名), profile (性别), drill (项目), group (小组), "
    "reference, rotate, mirrored; see `roster template`.",
)
@turn_options
@click.option("--jobs", type=click.IntRange(1), help="Clips worked on at a time.  [default: one a core]")
@click.option("--resume", is_flag=True, help="Skip what an earlier run into the same folder finished and nothing has changed about.")
@click.option("--time-limit", "limit_s", type=Finite(1), help="Seconds of work a clip may take.  [default: 900, more where it is long]")
@click.option("--cluster", metavar="ADDRESS", help="Work on the machines of this Dask scheduler instead of this one; see docs/cluster.md.")
@click.pass_obj
def grade(tools: Tools | None, /, paths: Sequence[str], cluster: str | None, **options: Any) -> None:
    from posecoach.cli.terminal import Console
    from posecoach.jobs.batch import BatchOptions, grade_all
    from posecoach.jobs.tools import USUAL
    from posecoach.runners.cluster import ClusterRunner

    if cluster and options["jobs"]:
        raise click.UsageError("--jobs is for this machine; with --cluster there are as many jobs as workers.")
    console = Console()
    batch = BatchOptions(paths=tuple(paths), turn=take_turn(options), **options)
    tools = tools or USUAL
    if cluster:
        tools = replace(tools, runner=lambda _count: ClusterRunner(cluster, batch.out))
    sys.exit(grade_all(batch, console, tools=tools))


main.add_command(serve)
main.add_command(compare)
main.add_command(lineup)
main.add_command(roster)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of rule files instead of the shipped ones.")
@click.option("--strict", is_flag=True, help="Leave out clauses of general manners that are not in the training material.")
@click.option("--watch", "watches", is_flag=True, help="Judge again whenever a rule file is saved, and say what changed, until Ctrl-C.")
@force_option
def regrade(watches: bool, **options: Any) -> None:
    """Judge an earlier grading again by other rules, from its stored landmarks: seconds instead of minutes.

    FOLDER is the output folder of `posecoach grade`; its reports are written anew. Annotated clips stay as they were.

    \b
    Examples:
      posecoach regrade posecoach-out --rules my-rules/
      posecoach regrade posecoach-out --rules my-rules/ --watch
    """
    from posecoach.cli.terminal import Console
    from posecoach.cli.terminal_watch import WatchConsole
    from posecoach.jobs.regrade_batch import RegradeOptions, regrade_all
    from posecoach.jobs.watching import watch

    asked = RegradeOptions(**options)
    if watches:
        sys.exit(watch(asked, WatchConsole()))
    sys.exit(regrade_all(asked, Console()))


@main.command()
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="Which label tells about which clause; else the shipped mapping.")
@out_option
@force_option
@click.option("--landmarks", type=click.Path(path_type=Path), help="A folder that keeps landmarks from run to run.")
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of rule files instead of the shipped ones.")
@click.option("--docs", type=click.Path(path_type=Path), metavar="FILE", help="Write the figures as a page (Markdown) with plots.")
def evaluate(manifest: Path, out: Path, docs: Path | None, force: bool, **options: Any) -> None:
    """Measure how often the verdicts are right, against labels.

    MANIFEST is a sheet of labels (CSV), a folder of rendered clips with their truth, or a YAML list of such sets; see docs/evaluate.md.

    \b
    Example: posecoach evaluate labels.csv --out measured
    """
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


@main.group()
def rules() -> None:
    """Show or check rule files."""


@rules.command("list")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def rules_list(folder: Path | None) -> None:
    """List the clauses of the shipped rules, or of those in FOLDER."""
    from posecoach.cli.terminal import Console

    Console().rules(_load_rules(folder).values())


@rules.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def rules_check(folder: Path | None) -> None:
    """Check the shipped rules, or those in FOLDER; names file, line and key of every mistake.

    \b
    Example: posecoach rules check my-rules/
    """
    found = _load_rules(folder)
    count = sum(len(rule_set.rules) for rule_set in found.values())
    echo(f"{len(found)} rule files with {count} clauses load without a mistake")


@main.command()
@out_option
def doctor(out: Path) -> None:
    """Say what works on this machine: Python, models, font, video, rules, cameras."""
    from posecoach.cli.terminal import Console
    from posecoach.jobs.doctor import run_checks

    console = Console()
    ok = True
    for check in run_checks(out):
        console.check(check)
        ok = ok and check.ok is not False
    sys.exit(0 if ok else 1)


def _load_rules(folder: Path | None) -> dict[str, Any]:
    from posecoach.measures.catalogue import MEASURES
    from posecoach.resources import rules_dir
    from posecoach.rulebook.loading import load_rule_sets

    return load_rule_sets(folder or rules_dir(), MEASURES)


if __name__ == "__main__":
    main()
