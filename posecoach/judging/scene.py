"""What the annotator is told about one frame: plain data, nothing of rules or of how it was judged."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from posecoach.body.records import Drawing, Landmarks
from posecoach.vocabulary import Posture, State, Text, View

SEVERITY = {State.FAIL: 3, State.WARN: 2, State.PASS: 1, State.UNJUDGED: 0}
"""What is shown first, or over the other, where both cannot be."""
MIN_VISIBILITY = 0.5
"""What is seen less is not drawn."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One judged clause on this frame.

    ``label`` the clause in a word or two; ``value`` the smoothed value now, in ``unit`` (deg, sw, tl, s, share or empty);
    ``limits`` the band that passes, None or infinite on an open side; ``drawing`` where it is judged, None when it has no place;
    ``correction`` only for FAIL; ``error_95`` half the width of the 95 % interval in this clip, None live or where nothing is known.
    """

    label: Text
    state: State
    value: float | None
    unit: str
    limits: tuple[float | None, float | None] | None
    drawing: Drawing | None
    correction: Text | None
    error_95: float | None = None

    @property
    def band(self) -> tuple[float | None, float | None] | None:
        """The limits with None on each open side; None when both sides are open."""
        low, high = (edge if edge is not None and isfinite(edge) else None for edge in self.limits or (None, None))
        return None if low is None and high is None else (low, high)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One frame as judged. ``marks`` come with the most important clause first: of several faults the first one is told."""

    landmarks: Landmarks
    posture: Posture
    view: View
    marks: tuple[Mark, ...]
    score: float | None
