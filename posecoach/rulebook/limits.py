"""Other limits in the text of a rule file: two numbers are replaced where they stand, every other character stays as it was."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from posecoach.rulebook.schema import Bands, Interval, MeasureCheck, RuleSet
from posecoach.rulebook.yaml_text import compose
from posecoach.vocabulary import Profile

WITHOUT_NEUTRAL = "without_neutral"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one check: those of the rule called ``rule``, of its check number ``check``.

    ``form``: empty for those that hold for everybody, a profile's word for those of the profile, `WITHOUT_NEUTRAL` for those that hold
    without a neutral face.
    """

    rule: str
    check: int
    form: str
    pass_: Interval
    warn: Interval

    @property
    def place(self) -> tuple[str, int, str]:
        """Which limits these are."""
        return self.rule, self.check, self.form


def limits_of(rule_set: RuleSet) -> Iterator[Limits]:
    """All limits of a topic that can decide something, in the order of the file."""
    for rule in rule_set.rules:
        for number, check in enumerate(rule.checks):
            for form, bands in _forms(check):
                yield Limits(rule.id, number, form, bands.pass_, bands.warn)


def _forms(check: MeasureCheck) -> Iterator[tuple[str, Bands]]:
    yield "", check.bands
    yield from ((profile.value, bands) for profile, bands in check.bands_for.items())
    if check.bands_without_neutral is not None:
        yield WITHOUT_NEUTRAL, check.bands_without_neutral


def replace_limits(text: str, name: str, limits: Limits) -> str:
    """The text of a rule file with other limits in one place. Raises KeyError where it has no such place, `RulesError` for no YAML."""
    try:
        bands = _bands(compose(text, name), limits)
        ends = [(_value(bands, key), interval) for key, interval in (("pass", limits.pass_), ("warn", limits.warn))]
    except (KeyError, IndexError, AttributeError, TypeError, StopIteration) as error:
        raise KeyError(limits.place) from error
    for node, interval in sorted(ends, key=lambda end: -end[0].start_mark.index):
        end = len(text[: node.end_mark.index].rstrip())  # numbers on lines of their own end where the next key begins
        text = text[: node.start_mark.index] + _written(interval) + text[end:]
    return text


def _bands(root: yaml.Node | None, limits: Limits) -> yaml.Node:
    rules = _value(root, "rules").value
    rule = next(rule for rule in rules if _value(rule, "id").value == limits.rule)
    check = _value(rule, "checks").value[limits.check]
    if limits.form in [profile.value for profile in Profile]:
        return _value(_value(check, "bands_for"), limits.form)
    return _value(check, "bands_without_neutral" if limits.form == WITHOUT_NEUTRAL else "bands")


def _value(node: yaml.Node | None, key: str) -> yaml.Node:
    """The value under a key of a mapping. Raises KeyError and AttributeError."""
    for key_node, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key_node.value == key:
            found: yaml.Node = value
            return found
    raise KeyError(key)


def _written(interval: Interval) -> str:
    return f"[{_end(interval.low)}, {_end(interval.high)}]"


def _end(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if math.isfinite(value) else "null"  # YAML takes 1e+06 for a word
