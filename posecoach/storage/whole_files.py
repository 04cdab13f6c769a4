"""Files that are there whole or not at all, whoever reads them or ends the work."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from posecoach.errors import OutputError

_HELD_S = (0.05, 0.2, 0.5)
"""On Windows a virus scanner or an indexer holds a file just written, which cannot be replaced then: waits before trying again."""


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file in one step, so that a reader or a power cut never meets half of it. Raises `OutputError`."""
    try:
        replace_whole(path, content)
    except OSError as error:
        raise OutputError.at(path, error) from error


def replace_whole(path: Path, content: bytes) -> None:
    """As `write_atomically`, for a caller with better advice. Raises `OSError`."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_native_id()}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_bytes(content)
        _replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _replace(part: Path, path: Path) -> None:
    for wait_s in _HELD_S:
        with suppress(PermissionError):
            part.replace(path)
            return
        time.sleep(wait_s)
    part.replace(path)
