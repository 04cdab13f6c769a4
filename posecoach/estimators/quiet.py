"""Keeps the chatter of native libraries off the standard error stream."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CHATTER = re.compile(rb"^(WARNING: All log messages before absl|INFO: |[IW]\d{4} )")
_LOCK = threading.RLock()


@contextmanager
def quiet_native() -> Iterator[None]:
    """Hold back what is written to file descriptor 2 and let it out at the end, without the notes and warnings of native libraries.

    Errors, and what other threads write meanwhile, come through. Native code logs to the descriptor itself, so Python's ``sys.stderr``
    cannot filter it. Where there is no such descriptor (a windowed program) this does nothing.
    """
    with _LOCK:
        try:
            saved = os.dup(2)
        except OSError:
            yield
            return
        with tempfile.TemporaryFile() as held:
            os.dup2(held.fileno(), 2)
            try:
                yield
            finally:
                sys.stderr.flush()
                os.dup2(saved, 2)
                os.close(saved)
                _let_out(held.read() if not held.seek(0) else b"")


def _let_out(text: bytes) -> None:
    kept = b"".join(line for line in text.splitlines(keepends=True) if not _CHATTER.match(line))
    if kept:
        os.write(2, kept)
