"""Small rules and rule sets for tests, written as a trainer would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Text

BELOW, ABOVE = Text("低了", "too low"), Text("高了", "too high")
LEVEL: dict[str, Any] = {
    "measure": "shoulder_tilt_deg",
    "views": ("front",),
    "bands": {"pass": (-3, 3), "warn": (-5, 5)},
}
"""Shoulders level: passes within 3 degrees, warns within 5."""

STEP: dict[str, Any] = {"measure": "ankle_gap_sw", "views": ("front",), "bands": {"pass": (None, 0.6), "warn": (None, 0.8)}}
"""Feet close: passes up to 0.6 shoulder widths, warns up to 0.8."""


def said(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def rule(rule_id: str = "stand.level", checks: Sequence[Mapping[str, Any]] = (LEVEL,), **fields: Any) -> dict[str, Any]:
    """A rule of the keys that a file may hold, complete unless told otherwise."""
    full: dict[str, Any] = {
        "id": rule_id,
        "origin": "clause",
        "clause": said(rule_id, rule_id),
        "source": "T1 站姿",
        "checks": tuple(checks),
        "correction": {"below": said(BELOW.zh, BELOW.en), "above": said(ABOVE.zh, ABOVE.en)},
        "praise": said("好", "good"),
    }
    return full | fields


def never(rule_id: str = "stand.belly") -> dict[str, Any]:
    """A rule that no camera can judge."""
    return rule(
        rule_id, (), never=said("看不见", "not to be seen"), self_check=said("自查", "check yourself"), correction=None, praise=None
    )


def rule_set(*rules: Mapping[str, Any], **fields: Any) -> RuleSet:
    """A set of rules for standing people, unless told otherwise."""
    full: dict[str, Any] = {
        "topic": "standing",
        "title": said("站姿", "Standing"),
        "postures": ("standing",),
        "auto": True,
        "file": "standing.yaml",
    }
    return RuleSet.model_validate(full | {"sha256": "", "rules": rules} | fields)


def either(*alternatives: Sequence[str], group_id: str = "stand.either") -> dict[str, Any]:
    """A group of alternatives."""
    return {"id": group_id, "title": said("任选", "Either"), "any_of": tuple(map(tuple, alternatives))}
