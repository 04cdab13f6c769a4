"""Waiting for what must happen. How long it takes is for the benchmarks: a busy machine is slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAIT_S = 120.0


def until(find: Callable[[], Any], seconds: float = WAIT_S, what: str = "") -> Any:
    """The first true answer of ``find``; fails when there is none in time."""
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, f"not within {seconds} s: {what or found}"
        time.sleep(0.02)
    return found
