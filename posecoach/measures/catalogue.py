"""All measures by name."""

from __future__ import annotations

from posecoach.measures import bows, face, limbs
from posecoach.measures.measure import REGISTRY, MeasureSpec, Series, take

MEASURES: dict[str, MeasureSpec] = REGISTRY
"""All measures by name; importing `bows`, `face` and `limbs` fills it."""

__all__ = ["MEASURES", "MeasureSpec", "Series", "bows", "face", "limbs", "take"]
