"""Every door holds against damaged and odd input: POSECOACH_FUZZ=5000 for a thorough run (`make fuzz`)."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.doors import DOORS
from tests.mutations import crash_of


@pytest.mark.parametrize("kind", DOORS)
def test_damaged_files_are_taken_or_refused(kind: str) -> None:
    assert crash_of("tests.fuzz.doors", kind) == ""


@pytest.mark.skipif(os.name != "posix", reason="ends workers by signals")
def test_damaged_media_are_graded_or_refused_and_cost_their_own_worker_at_most() -> None:
    assert crash_of("tests.fuzz.media", "") == ""


def test_odd_forms_of_whoever_signs_in_are_answered() -> None:
    assert crash_of("tests.fuzz.signing_in", "") == ""


def test_odd_requests_are_answered() -> None:
    assert crash_of("tests.fuzz.requests", "") == ""
