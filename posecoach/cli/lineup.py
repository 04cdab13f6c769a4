"""`posecoach lineup`: parses its arguments, judges a row of people, shows the result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from posecoach.cli.door import Finite, echo
from posecoach.cli.options import force_option, out_option, take_turn, turn_options
from posecoach.errors import SourceError


@click.command()
@click.argument("path", metavar="VIDEO|PICTURE")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Workbook or CSV with the columns name (姓名), profile (性别): the people from left to right.",
)
@turn_options
@out_option
@force_option
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of rule files instead of the shipped ones.")
@click.option("--fps", type=Finite(1, 60), default=10.0, show_default=True, help="Frames analysed a second.")
@click.option("--annotate/--no-annotate", default=True, show_default=True, help="Draw a card for each person into a copy.")
def lineup(path: str, **options: Any) -> None:
    """Check a whole row of people at once: the morning meeting.

    3 to 12 people stand side by side before one camera and are judged by the rules of the morning meeting, each by their own form of the
    stance when the roster names it, else by either. Numbers run from left to right as the camera sees it. The output folder gets
    index.html (the group sheet, to print), lineup.csv, results.json, results.csv, the landmarks of each person and an annotated copy.

    \b
    Examples:
      posecoach lineup monday.mp4
      posecoach lineup monday.mp4 --roster row.csv --out monday

    Exit status: 0 graded, 1 the input could not be read, 2 wrong usage, rules that do not load or a folder that
    may not be written, 130 stopped by Ctrl-C.
    """
    from posecoach.cli.terminal_row import FrameProgress, print_row
    from posecoach.jobs.row import RowOptions, grade_row_clip

    turn = take_turn(options)
    with FrameProgress(path) as progress:
        try:
            graded = grade_row_clip(RowOptions(path, turn=turn, **options), progress.frame_done)
        except SourceError as error:
            echo(f"failed {path}: {error}", err=True)
            sys.exit(1)
    print_row(graded)
