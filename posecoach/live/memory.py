"""Gives the memory of models that are gone back to the system. glibc else keeps it, in a pool for every thread that ever was."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_M_ARENA_MAX = -8
POOLS = 2


def share_pools() -> None:
    """Have all threads to come share `POOLS` pools; nothing happens where the C library is not glibc."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, POOLS)


def give_back() -> None:
    """Return what is free to the system, now; takes some ten milliseconds. Nothing happens where the C library is not glibc."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> Any:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None
