"""The limits of the rules in the trainer's page: shown, changed for this machine, taken back."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from flask import request

from posecoach import wording
from posecoach.jobs.own_rules import OwnRules
from posecoach.measures.catalogue import MEASURES
from posecoach.rulebook.limits import WITHOUT_NEUTRAL, Limits, limits_of
from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import Interval, RuleSet
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, bad, body, number, word
from posecoach.webapp.trainer_door import blueprint, jobs, refuse_when_busy

_MOST = 1e6
_BAND = Text("两个数，或 null 表示不限", "two numbers, or null for an open end")
_UPSIDE_DOWN = Text("前一个数要小于后一个数", "The first number has to be smaller than the second")
_OUTSIDE = Text("“接近”的范围要包住“达标”的范围", "The range for close has to hold the range for met")
_FORMS = {
    "": Text("", ""),
    WITHOUT_NEUTRAL: Text("没有参考照片时", "without a neutral picture"),
    **{profile.value: words for profile, words in wording.PROFILES.items()},
}


@blueprint.get("/api/trainer/rules")
def rules() -> dict[str, Any]:
    """The limits of a ``topic`` (the first one without it), and those the rules came with."""
    own = jobs().own_rules
    rule_sets = own.rulebook().rule_sets
    topic = request.args.get("topic") or next(iter(rule_sets))
    if topic not in rule_sets:
        raise bad("topic", Text("/api/topics 里的项目", "a topic of /api/topics"))
    return {
        "topics": [{"id": found.topic, **asdict(found.title)} for found in rule_sets.values()],
        "topic": topic,
        "clauses": _clauses(rule_sets[topic], load_rule_sets(own.base)[topic]),
        "changed": len(own.changed),
        "can_undo": own.can_undo,
    }


@blueprint.post("/api/trainer/rules")
def change() -> dict[str, Any]:
    """Judge by other limits from now on."""
    values, own = body(), _own()
    check = number(values, "check", 0, 99)
    passing, close = _interval(values, "pass"), _interval(values, "warn")
    if not close.contains(passing):
        raise ApiError(409, "limits", _OUTSIDE)
    own.change(Limits(word(values, "rule") or "", int(check or 0), word(values, "form") or "", passing, close))
    return {"changed": len(own.changed), "can_undo": own.can_undo}


@blueprint.post("/api/trainer/rules/undo")
def undo() -> dict[str, Any]:
    own = _own()
    own.undo()
    return {"changed": len(own.changed), "can_undo": own.can_undo}


@blueprint.post("/api/trainer/rules/reset")
def reset() -> dict[str, Any]:
    own = _own()
    own.reset()
    return {"changed": len(own.changed), "can_undo": own.can_undo}


def _own() -> OwnRules:
    """While clips are judged the rules stay as they are."""
    refuse_when_busy()
    return jobs().own_rules


def _clauses(now: RuleSet, shipped: RuleSet) -> list[dict[str, Any]]:
    known = {limits.place: limits for limits in limits_of(shipped)}
    found = []
    for rule in now.rules:
        rows = [_row(limits, now, known.get(limits.place)) for limits in limits_of(now) if limits.rule == rule.id]
        if rows:
            found.append({"id": rule.id, **asdict(rule.clause), "limits": rows})
    return found


def _row(limits: Limits, rule_set: RuleSet, shipped: Limits | None) -> dict[str, Any]:
    check = rule_set.rule(limits.rule).checks[limits.check]
    unit = MEASURES[check.measure].unit
    views = [wording.words_for(wording.VIEW_WORDS, view) for view in check.views]
    return {
        "check": limits.check,
        "form": limits.form,
        "form_words": asdict(_FORMS[limits.form]),
        "views": {"zh": "、".join(view.zh for view in views), "en": ", ".join(view.en for view in views)},
        "unit": unit,
        "unit_words": asdict(wording.UNITS[unit]),
        "pass": _ends(limits.pass_),
        "warn": _ends(limits.warn),
        "shipped": None if shipped is None else {"pass": _ends(shipped.pass_), "warn": _ends(shipped.warn)},
    }


def _ends(interval: Interval) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in (interval.low, interval.high)]


def _interval(values: dict[str, Any], key: str) -> Interval:
    given = values.get(key)
    if not isinstance(given, list) or len(given) != 2:
        raise bad(key, _BAND)
    low, high = (number({key: end}, key, -_MOST, _MOST) for end in given)
    found = Interval(-math.inf if low is None else low, math.inf if high is None else high)
    if found.low > found.high:
        raise ApiError(409, "limits", _UPSIDE_DOWN)
    return found
