"""All measures by name."""

from __future__ import annotations

from posecoach import body_measures, face_measures
from posecoach.measuring import REGISTRY, MeasureSpec, Series, take

MEASURES: dict[str, MeasureSpec] = REGISTRY
"""All measures by name; importing `body_measures` and `face_measures` fills it."""

__all__ = ["MEASURES", "MeasureSpec", "Series", "body_measures", "face_measures", "take"]
