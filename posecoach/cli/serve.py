"""`posecoach serve`: parses its arguments and starts the live coach."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posecoach.cli.door import echo

SERVE_HELP = """Coach live before a camera: a page that shows one correction at a time.

The page is for this machine only unless --host says otherwise; then a pass phrase is needed, and browsers give a visitor's own camera only
with TLS. Without --camera visitors use the camera of their browser. No picture is stored. Ctrl-C ends it.

\b
CAMERA is one of
  0                          a camera by its number
  "USB Camera"               a camera by its name or a part of it (Linux)
  drill.mp4                  a video, played over and over
  rtsp://camera.local/live   a network camera (rtsp, rtsps, http, https)

\b
Examples:
  posecoach serve --camera 0 --open
  posecoach serve --open
  posecoach serve --camera 0 --host 0.0.0.0 --tls-cert hall.crt --tls-key hall.key --passphrase-file phrase.txt
"""

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(help=SERVE_HELP)
@click.option("--camera", metavar="CAMERA", help="Number, name, video file or network address of the camera.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of rule files instead of the shipped ones.")
@click.option("--tls-cert", type=_FILE, metavar="F", help="Certificate chain (PEM) for HTTPS.")
@click.option("--tls-key", type=_FILE, metavar="F", help="Its private key (PEM).")
@click.option(
    "--passphrase-file", type=_FILE, metavar="F", help="Pass phrase in its first line; else POSECOACH_PASSPHRASE, else asked for."
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option("--max-visitors", type=click.IntRange(0, 32), default=3, show_default=True, help="Visitors with their own camera at a time.")
@click.option("--max-viewers", type=click.IntRange(1, 200), default=32, show_default=True, help="Viewers of the server's camera at a time.")
@click.option("--remote-trainer", is_flag=True, help="Whoever has the pass phrase may grade folders of this machine.")
@click.option(
    "--state-dir", "folder", type=click.Path(path_type=Path), help="Where calibrations are kept; else the usual place of the system."
)
def serve(rules_folder: Path | None, passphrase_file: Path | None, opens: bool, **options: object) -> None:
    from posecoach.measures.catalogue import MEASURES
    from posecoach.resources import rules_dir
    from posecoach.rulebook.loading import load_rule_sets
    from posecoach.webapp import server

    rule_sets = load_rule_sets(rules_folder or rules_dir(), MEASURES)
    passphrase = server.read_passphrase(passphrase_file)
    if passphrase is None and not server.is_loopback(str(options["host"])) and sys.stdin.isatty():
        passphrase = click.prompt("Pass phrase for the page", hide_input=True, confirmation_prompt=True)
    server.serve(server.ServeOptions(passphrase=passphrase, rules_folder=rules_folder, **options), rule_sets, echo, opens)  # type: ignore[arg-type]
