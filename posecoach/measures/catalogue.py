"""All measures by name."""

from __future__ import annotations

from posecoach.measures import face, limbs
from posecoach.measures.measure import REGISTRY, MeasureSpec, Series, take

MEASURES: dict[str, MeasureSpec] = REGISTRY
"""All measures by name; importing `limbs` and `face` fills it."""

__all__ = ["MEASURES", "MeasureSpec", "Series", "face", "limbs", "take"]
