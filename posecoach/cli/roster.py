"""`posecoach roster`: a roster to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.cli.door import echo
from posecoach.storage.roster_files import WORKBOOK


@click.group()
def roster() -> None:
    """Make a roster: who is in which clip."""


@roster.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path(WORKBOOK), show_default=True, help="The workbook to write.")
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of rule files instead of the shipped ones.")
def template(folder: Path | None, out: Path, rules_folder: Path | None) -> None:
    """Write an empty roster as a workbook, with lists to pick from; with a row for each clip in FOLDER.

    What a roster in FOLDER says already is filled in. A file that is there stays.

    \b
    Example: posecoach roster template recordings --out recordings/roster.xlsx
    """
    from posecoach.jobs.folders import rows_to_fill
    from posecoach.measures.catalogue import MEASURES
    from posecoach.resources import rules_dir
    from posecoach.rulebook.loading import load_rule_sets
    from posecoach.storage.roster import drill_names
    from posecoach.storage.roster_files import dump_template
    from posecoach.storage.whole_files import write_atomically

    drills = drill_names(load_rule_sets(rules_folder or rules_dir(), MEASURES).values())
    if out.exists():
        raise click.UsageError(f"{out} is there already; name another file with --out.")
    rows = rows_to_fill(folder, drills) if folder else []
    write_atomically(out, dump_template(rows, drills))
    echo(f"{out}: {len(rows)} clips")
