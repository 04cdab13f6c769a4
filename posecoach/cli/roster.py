"""`posecoach roster`: a roster to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.cli import words
from posecoach.cli.commands import Group, option
from posecoach.cli.door import tell
from posecoach.cli.language import spoken
from posecoach.cli.options import rules_option
from posecoach.storage.output_folder import ROSTER_WORKBOOK


@click.group(cls=Group, help=words.ROSTER_COMMANDS)
def roster() -> None: ...


@roster.command(help=words.ROSTER_TEMPLATE)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@option("--out", type=click.Path(path_type=Path), default=Path(ROSTER_WORKBOOK), show_default=True, help=words.OUT_WORKBOOK)
@rules_option
def template(folder: Path | None, out: Path, rules_folder: Path | None) -> None:
    from posecoach.jobs.folders import rows_to_fill
    from posecoach.measures.catalogue import MEASURES
    from posecoach.resources import rules_dir
    from posecoach.rulebook.drill_loading import load_rulebook
    from posecoach.storage.roster import drill_names
    from posecoach.storage.roster_files import dump_template
    from posecoach.storage.whole_files import write_atomically

    drills = drill_names(load_rulebook(rules_folder or rules_dir(), MEASURES).asked)
    if out.exists():
        raise click.UsageError(spoken(words.filled(words.IS_THERE, path=out)))
    rows = rows_to_fill(folder, drills) if folder else []
    write_atomically(out, dump_template(rows, drills))
    tell(words.filled(words.TEMPLATE_ROWS, path=out, n=len(rows)))
