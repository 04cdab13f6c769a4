"""`posecoach lineup`: parses its arguments, judges a row of people, shows the result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from posecoach.cli import records_words, words
from posecoach.cli.commands import Command, option
from posecoach.cli.door import Finite, tell
from posecoach.cli.options import force_option, model_option, out_option, rules_option, take_turn, turn_options
from posecoach.cli.records import record_folder
from posecoach.cli.records_door import database_option, open_to_record, tell_recorded
from posecoach.errors import SourceError


@click.command(cls=Command, help=words.LINEUP)
@click.argument("path", metavar="VIDEO|PICTURE")
@option("--roster", type=click.Path(path_type=Path), metavar="FILE", help=words.ROSTER_ROW)
@turn_options
@out_option
@force_option
@rules_option
@option("--fps", type=Finite(1, 60), default=10.0, show_default=True, help=words.FPS)
@model_option
@option("--annotate/--no-annotate", default=True, show_default=True, help=words.ANNOTATE_ROW)
@option("--record", is_flag=True, help=records_words.RECORD_ROW)
@database_option
def lineup(path: str, record: bool, database: str | None, **options: Any) -> None:
    from posecoach.cli.terminal_row import FrameProgress, print_row
    from posecoach.jobs.row import RowOptions, grade_row_clip

    turn = take_turn(options)
    with open_to_record(database, is_wanted=record) as found:
        with FrameProgress(path) as progress:
            try:
                graded = grade_row_clip(RowOptions(path, turn=turn, **options), progress.frame_done)
            except SourceError as error:
                tell(words.filled(words.FAILED, path=path, why=error.words), err=True)
                sys.exit(1)
        print_row(graded)
        if found is not None:
            tell_recorded(record_folder(found, graded.sheet, (graded.rule_set,), "lineup"))
