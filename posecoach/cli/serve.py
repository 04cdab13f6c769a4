"""`posecoach serve`: parses its arguments and starts the live coach."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from posecoach.cli import words
from posecoach.cli.commands import Command, option
from posecoach.cli.door import tell
from posecoach.cli.language import spoken
from posecoach.cli.options import rules_option
from posecoach.cli.records_door import database_option

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command, help=words.SERVE)
@option("--camera", metavar="CAMERA", help=words.CAMERA)
@option("--host", default="127.0.0.1", show_default=True, help=words.HOST)
@option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=words.PORT)
@rules_option
@option("--tls", is_flag=True, help=words.TLS)
@option("--tls-cert", type=_FILE, metavar="F", help=words.TLS_CERT)
@option("--tls-key", type=_FILE, metavar="F", help=words.TLS_KEY)
@option("--passphrase-file", type=_FILE, metavar="F", help=words.PASSPHRASE_FILE)
@option("--open", "opens", is_flag=True, help=words.OPEN)
@option("--max-visitors", type=click.IntRange(0, 32), default=3, show_default=True, help=words.MAX_VISITORS)
@option("--max-viewers", type=click.IntRange(1, 200), default=32, show_default=True, help=words.MAX_VIEWERS)
@option("--remote-trainer", is_flag=True, help=words.REMOTE_TRAINER)
@database_option
@option("--state-dir", "folder", type=click.Path(path_type=Path), help=words.STATE_DIR)
def serve(rules_folder: Path | None, passphrase_file: Path | None, opens: bool, **options: object) -> None:
    with _nothing_collected():
        from posecoach.measures.catalogue import MEASURES
        from posecoach.resources import rules_dir
        from posecoach.rulebook.drill_loading import load_rulebook
        from posecoach.webapp import server

    rule_sets = load_rulebook(rules_folder or rules_dir(), MEASURES).practised
    passphrase = server.read_passphrase(passphrase_file)
    if passphrase is None and not server.is_loopback(str(options["host"])) and sys.stdin.isatty():
        passphrase = click.prompt(spoken(words.ASK_PASSPHRASE), hide_input=True, confirmation_prompt=True)
    server.serve(server.ServeOptions(passphrase=passphrase, rules_folder=rules_folder, **options), rule_sets, tell, opens)  # type: ignore[arg-type]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Modules stay, so the collector need not go through them, neither while they load, a sixth of that time, nor ever after."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
