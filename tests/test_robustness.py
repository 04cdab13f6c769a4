"""What the robustness sweep does to a clip, and what it calls a flip."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecoach.evaluation.labels import RenderedClip
from tests.bench.bench_robustness import CHANGES, changes_of, compare


@pytest.mark.parametrize(
    ("fps", "rates"),
    [
        pytest.param(10, {"5 frames/s"}, id="a clip at the usual rate is changed in every way and slowed down"),
        pytest.param(30, {"5 frames/s", "15 frames/s"}, id="a faster clip is taken for the rates alone"),
    ],
)
def test_no_clip_is_graded_above_its_own_rate(fps: int, rates: set[str]) -> None:
    changes = set(changes_of(RenderedClip(Path("a.mp4"), {"fps": fps}, {})))
    assert changes == rates | (set(CHANGES) if fps == 10 else set())


def test_a_flip_goes_from_pass_to_fail_or_back() -> None:
    before = {"a": "pass", "b": "fail", "c": "pass", "d": "pass", "e": "unjudged", "f": "fail"}
    after = {"a": "fail", "b": "pass", "c": "warn", "d": "unjudged", "e": "fail", "f": "fail"}
    assert compare(before, after) == (4, ["a", "b"], 1)
