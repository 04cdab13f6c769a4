"""Every code has words in both languages, and numbers read well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posecoach import wording
from posecoach.judging.judge import Moment
from posecoach.live.messages import _advice
from posecoach.live.row_messages import _why
from posecoach.row.places import Status
from posecoach.vocabulary import Posture, Profile, Reason, State, View
from posecoach.wording import format_limits, format_value
from tests.shipped import RULE_SETS

NUMBERS = json.loads((Path(__file__).parent / "web" / "numbers.json").read_text("utf-8"))
"""How numbers read, in reports and on the pages: the pages' scripts are held to the same table."""
STANDING = RULE_SETS["standing"]


def test_every_code_has_words() -> None:
    assert set(wording.STATES) == set(wording.STATE_SIGNS) == set(State)
    assert set(wording.REASONS) == set(Reason) - {Reason.NONE}
    assert set(wording.POSTURES) == set(Posture)
    assert set(wording.VIEWS) == set(View)
    assert set(wording.PROFILES) == set(Profile)
    assert set(wording.ROW_STATUSES) == {status.value for status in Status}
    assert set(wording.OUTCOMES) == set(wording.OUTCOME_STATES) == {"meets", "improve", "not_met", "not_enough", "not_judged"}


def test_a_row_and_a_person_before_the_camera_are_told_the_same_of_each_reason() -> None:
    rule = next(rule for rule in STANDING.rules if rule.checks and not rule.never)
    told = {}
    for reason in (Reason.NOT_VISIBLE, Reason.TOO_SMALL, Reason.TOO_SHORT, Reason.OCCLUDED):
        advice = _advice(Moment(rule, State.UNJUDGED, reason), is_ready=True)
        assert advice is not None
        assert advice == wording.REASONS[reason].now
        card = _why([Reason.VIEW, reason, reason])
        assert card.zh.endswith("：" + advice.zh)
        assert card.en.lower().endswith(": " + advice.en.lower())
        told[reason] = card
    assert len({(card.zh, card.en) for card in told.values()}) == len(told)
    assert _why([]) == told[Reason.TOO_SHORT]
    assert _why([Reason.VIEW]).zh == "看不清：请正对镜头"


@pytest.mark.parametrize("case", NUMBERS["values"], ids=str)
def test_values_carry_their_unit(case: dict[str, Any]) -> None:
    value, unit = case["value"], case["unit"]
    assert (format_value(value, unit, "zh"), format_value(value, unit, "en")) == (case["zh"], case["en"])


@pytest.mark.parametrize("case", NUMBERS["limits"], ids=str)
def test_limits_are_short(case: dict[str, Any]) -> None:
    limits = None if case["band"] is None else (case["band"][0], case["band"][1])
    assert format_limits(limits, case["unit"]) == case["words"]
