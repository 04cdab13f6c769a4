"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import words
from posecoach.cli.commands import option
from posecoach.storage.output_folder import DEFAULT
from posecoach.vocabulary import POSE_MODELS, ROTATIONS

if TYPE_CHECKING:
    from posecoach.body.records import Turn

out_option = option("--out", type=click.Path(path_type=Path), default=Path(DEFAULT), show_default=True, help=words.OUT)
force_option = option("--force", is_flag=True, help=words.FORCE)
rules_option = option("--rules", "rules_folder", type=click.Path(path_type=Path), help=words.RULES_FOLDER)

model_option = option("--model", type=click.Choice(POSE_MODELS), default="full", show_default=True, help=words.MODEL)


def turn_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--rotate`` and ``--mirrored``; `take_turn` puts them together."""
    rotate = option("--rotate", type=click.Choice(ROTATIONS), default="0", show_default=True, help=words.ROTATE)
    mirrored = option("--mirrored", is_flag=True, help=words.MIRRORED)
    return rotate(mirrored(command))


def take_turn(options: dict[str, Any]) -> Turn:
    """What is to be done to the pictures, taken out of the options of a command."""
    from posecoach.body.records import Turn

    return Turn(int(options.pop("rotate")), options.pop("mirrored"))
