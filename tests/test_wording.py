"""Every code has words in both languages, and numbers read well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posecoach import wording
from posecoach.row.places import Status
from posecoach.vocabulary import Posture, Profile, Reason, State, View
from posecoach.wording import format_limits, format_value

NUMBERS = json.loads((Path(__file__).parent / "web" / "numbers.json").read_text("utf-8"))
"""How numbers read, in reports and on the pages: the pages' scripts are held to the same table."""


def test_every_code_has_words() -> None:
    assert set(wording.STATES) == set(wording.STATE_SIGNS) == set(State)
    assert set(wording.REASONS) == set(Reason) - {Reason.NONE}
    assert set(wording.POSTURES) == set(Posture)
    assert set(wording.VIEWS) == set(View)
    assert set(wording.PROFILES) == set(Profile)
    assert set(wording.ROW_STATUSES) == {status.value for status in Status}
    assert set(wording.OUTCOMES) == set(wording.OUTCOME_STATES) == {"meets", "improve", "not_met", "not_enough", "not_judged"}


@pytest.mark.parametrize("case", NUMBERS["values"], ids=str)
def test_values_carry_their_unit(case: dict[str, Any]) -> None:
    value, unit = case["value"], case["unit"]
    assert (format_value(value, unit, "zh"), format_value(value, unit, "en")) == (case["zh"], case["en"])


@pytest.mark.parametrize("case", NUMBERS["limits"], ids=str)
def test_limits_are_short(case: dict[str, Any]) -> None:
    limits = None if case["band"] is None else (case["band"][0], case["band"][1])
    assert format_limits(limits, case["unit"]) == case["words"]
