"""`posecoach compare`: parses its arguments, shows and writes what changed between two gradings."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.cli.door import echo
from posecoach.cli.options import force_option


@click.command()
@click.argument("before", type=click.Path(path_type=Path), metavar="OUT1")
@click.argument("after", type=click.Path(path_type=Path), metavar="OUT2")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for compare.html and compare.csv; else OUT2.")
@force_option
def compare(before: Path, after: Path, out: Path | None, force: bool) -> None:
    """Show what changed between two gradings: before and after a training, or the same clips under two sets of rules.

    OUT1 and OUT2 are output folders of `posecoach grade`. People with a name in the roster are matched by it, the rest by file name.
    Each clause is improved, worse, the same, newly judged or no longer judged.

    \b
    Examples:
      posecoach compare before-training after-training
      posecoach compare results results-strict --out comparison
    """
    from posecoach.cli.terminal_comparison import print_compared
    from posecoach.reports.comparison import load_compared, write_comparison
    from posecoach.storage.output_folder import OF_COMPARISON
    from posecoach.storage.output_runs import writing_into

    compared = load_compared(before, after)
    folder = _folder_of(out or after)
    with writing_into(folder, OF_COMPARISON, force=force):
        print_compared(compared)
        page, table = write_comparison(compared, folder)
    echo(f"Report: {page}    data: {table}")


def _folder_of(results: Path) -> Path:
    """An output folder may also be named by its results.json."""
    return results.parent if results.is_file() else results
