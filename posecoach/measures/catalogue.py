"""All measures by name."""

from __future__ import annotations

from posecoach.measures import bows, face, gestures, handshakes, legs, service, upper_body, walking
from posecoach.measures.measure import REGISTRY, MeasureSpec, Series, take, take_all

MEASURES: dict[str, MeasureSpec] = REGISTRY
"""All measures by name; importing the modules of measures fills it."""

__all__ = [
    "MEASURES",
    "MeasureSpec",
    "Series",
    "bows",
    "face",
    "gestures",
    "handshakes",
    "legs",
    "service",
    "take",
    "take_all",
    "upper_body",
    "walking",
]
