"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from posecoach.body.records import Turn
from posecoach.storage.output_folder import DEFAULT
from posecoach.storage.roster import ROTATIONS

out_option = click.option(
    "--out", type=click.Path(path_type=Path), default=Path(DEFAULT), show_default=True, help="Folder for the results."
)
force_option = click.option(
    "--force",
    is_flag=True,
    help="Write into a folder that holds other things too; what is in the way is kept under another name.",
)


def turn_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--rotate`` and ``--mirrored``; `take_turn` puts them together."""
    rotate = click.option(
        "--rotate", type=click.Choice(ROTATIONS), default="0", show_default=True, help="Turn the pictures clockwise by so many degrees."
    )
    mirrored = click.option("--mirrored", is_flag=True, help="The pictures are mirrored, as many phones store selfies: turn them back.")
    return rotate(mirrored(command))


def take_turn(options: dict[str, Any]) -> Turn:
    """What is to be done to the pictures, taken out of the options of a command."""
    return Turn(int(options.pop("rotate")), options.pop("mirrored"))
