"""Keeps two runs from writing into one output folder at the same time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from posecoach.errors import OutputError

LOCK = ".posecoach-lock"

logger = logging.getLogger(__name__)


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Hold a folder that exists; the operating system lets go of it when this process ends in whatever way.

    Raises `OutputError` when another run holds it. A file system without locks is used without.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(FileLock(out / LOCK, timeout=0))
        except Timeout as error:
            words = f"another run of posecoach is writing into {out}; wait for its end, or choose another folder with --out"
            raise OutputError(words) from error
        except (OSError, NotImplementedError) as error:
            logger.debug("%s is used without a lock: %s", out, error)
        stack.callback(_forget, out / LOCK)
        yield


def _forget(lock: Path) -> None:
    with suppress(OSError):
        lock.unlink()
