"""`posecoach compare`: parses its arguments, shows and writes what changed between two gradings."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.cli import words
from posecoach.cli.commands import Command, option
from posecoach.cli.door import tell
from posecoach.cli.options import force_option


@click.command(cls=Command, help=words.COMPARE)
@click.argument("before", type=click.Path(path_type=Path), metavar="OUT1")
@click.argument("after", type=click.Path(path_type=Path), metavar="OUT2")
@option("--out", type=click.Path(path_type=Path), help=words.OUT_COMPARE)
@force_option
def compare(before: Path, after: Path, out: Path | None, force: bool) -> None:
    from posecoach.cli.terminal_comparison import print_compared
    from posecoach.reports.comparison import load_compared, write_comparison
    from posecoach.storage.output_folder import OF_COMPARISON
    from posecoach.storage.output_runs import writing_into

    compared = load_compared(before, after)
    folder = _folder_of(out or after)
    with writing_into(folder, OF_COMPARISON, force=force):
        print_compared(compared)
        page, table = write_comparison(compared, folder)
    tell(words.filled(words.REPORT_COMPARED, page=page, table=table))


def _folder_of(results: Path) -> Path:
    """An output folder may also be named by its results.json."""
    return results.parent if results.is_file() else results
