"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.storage.output_folder import DEFAULT

out_option = click.option(
    "--out", type=click.Path(path_type=Path), default=Path(DEFAULT), show_default=True, help="Folder for the results."
)
force_option = click.option(
    "--force",
    is_flag=True,
    help="Write into a folder that holds other things too; what is in the way is kept under another name.",
)
