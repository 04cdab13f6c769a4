"""`posecoach`, and `python -m posecoach.cli` where no `posecoach` is installed on the path."""

from __future__ import annotations

import sys


def run() -> None:
    """The command line; Ctrl-C ends it in silence also while it is still being loaded."""
    try:
        from posecoach.cli.main import main

        main(prog_name="posecoach")
    except KeyboardInterrupt:
        from posecoach.cli import words
        from posecoach.cli.language import spoken

        sys.stderr.write(f"posecoach: {spoken(words.STOPPED)}\n")
        sys.exit(130)


if __name__ == "__main__":
    run()
