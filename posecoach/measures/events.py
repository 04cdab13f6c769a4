"""What measures of events share: an event gives one value, which holds from its beginning until some seconds after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array

ECHO_S = 3.0
"""How long after its end an event still counts, so that who practises before the camera hears of it."""


class Span(Protocol):
    """Frames ``start`` to ``end`` (exclusive)."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


AnySpan = TypeVar("AnySpan", bound=Span)


def over_events(body: Body, events: Sequence[AnySpan], value_of: Callable[[AnySpan], float]) -> Array:
    """(T,) the value of each event from its beginning to `ECHO_S` after its end or to the next one; NaN elsewhere."""
    out = np.full(len(body.motion), np.nan)
    for event in events:
        until = body.motion.t_ms[event.end - 1] + 1000 * ECHO_S
        out[event.start : int(np.searchsorted(body.motion.t_ms, until, side="right"))] = value_of(event)
    return out


def at_rest(body: Body, event: Span, seconds: float = 1.0) -> Array:
    """The frames (numbers) of so many seconds before an event, or of those after it where it begins at once."""
    t_ms = body.motion.t_ms
    first = int(np.searchsorted(t_ms, t_ms[event.start] - 1000 * seconds))
    if event.start - first >= 2:
        return np.arange(first, event.start)
    last = int(np.searchsorted(t_ms, t_ms[event.end - 1] + 1000 * seconds, side="right"))
    return np.arange(event.end, last) if last > event.end else np.arange(event.start, event.start + 1)
