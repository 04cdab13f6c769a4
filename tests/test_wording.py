"""Every code has words in both languages, and numbers read well."""

from __future__ import annotations

import pytest

from posecoach import wording
from posecoach.vocabulary import Posture, Profile, Reason, State, View
from posecoach.wording import Limits, format_limits, format_value


def test_every_code_has_words() -> None:
    assert set(wording.STATES) == set(wording.STATE_SIGNS) == set(State)
    assert set(wording.REASONS) == set(Reason) - {Reason.NONE}
    assert set(wording.POSTURES) == set(Posture)
    assert set(wording.VIEWS) == set(View)
    assert set(wording.PROFILES) == set(Profile)
    assert set(wording.OUTCOMES) == set(wording.OUTCOME_STATES) == {"meets", "improve", "not_met", "not_enough", "not_judged"}


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (8.13, "deg", "8.1°", "8.1°"),
        (148.4, "deg", "148°", "148°"),
        (-0.01, "deg", "0.0°", "0.0°"),
        (0.4, "sw", "0.40 肩宽", "0.40 SW"),
        (0.984, "share", "98%", "98%"),
        (1.25, "s", "1.2 秒", "1.2 s"),
        (0.5, "", "", ""),
        (3.0, "px", "3.00 px", "3.00 px"),
        (None, "deg", "", ""),
    ],
)
def test_values_carry_their_unit(value: float | None, unit: str, zh: str, en: str) -> None:
    assert (format_value(value, unit, "zh"), format_value(value, unit, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("limits", "unit", "text"),
    [
        (None, "deg", ""),
        ((None, None), "deg", ""),
        ((None, 3.0), "deg", "≤3°"),
        ((165.0, None), "deg", "≥165°"),
        ((-3.0, 5.5), "deg", "-3~5.5°"),
        ((-0.08, 0.08), "sw", "±0.08"),
        ((0.5, None), "", ""),
        ((0.45, 1.0), "sw", "0.45~1"),
        ((0.6, None), "share", "≥60%"),
        ((100.0, None), "deg", "≥100°"),
    ],
)
def test_limits_are_short(limits: Limits | None, unit: str, text: str) -> None:
    assert format_limits(limits, unit) == text
