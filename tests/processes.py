"""Child processes of tests."""

from __future__ import annotations

import signal


def hear_ctrl_c() -> None:
    """For ``preexec_fn``: a run in the background of a shell hands down a SIGINT that is ignored, and then Ctrl-C could not be tried."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
