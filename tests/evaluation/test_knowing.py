"""What the page says of how sure verdicts are, on cases small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from posecoach.body.motion import Motion
from posecoach.evaluation.intervals import interval_figures, shrunk
from posecoach.evaluation.knowing import knowing, plots
from posecoach.evaluation.run import find_remarks
from posecoach.evaluation.scoring import Outcome, ValueOutcome
from posecoach.evaluation.sureness import leanings, risk_coverage
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.measures.error_table import PEOPLE
from tests.factories import Figure, still
from tests.rule_factories import rule, rule_set

NOTHING: dict[str, Any] = {"intervals": None, "risk_coverage": {}, "skeletons": None, "outcomes": [], "explained": {}}


def outcome(leaning: float | None, is_met: bool) -> Outcome:
    return Outcome("people", "a.jpg", "xx", "stand.head_up", is_met, "pass", None, None, leaning=leaning)


def test_the_surest_verdicts_come_first_and_what_is_unjudged_is_not_covered() -> None:
    cases = [outcome(-3, True), outcome(2, False), outcome(-1, False), outcome(0.5, False), outcome(None, True)]
    found = risk_coverage(cases)
    assert found is not None
    assert (found["labelled"], found["judged"], found["wrong"]) == (5, 4, 1)
    assert found["curve"] == [(0.2, 0.0), (0.4, 0.0), (0.6, 1 / 3), (0.8, 1 / 4)]
    assert dict(found["risk"])[1.0] is None
    assert risk_coverage([outcome(None, True)]) is None


@pytest.mark.parametrize(("tilt_deg", "leaning"), [(2.0, -1.0), (5.0, 0.5), (9.0, 2.5)])
def test_a_leaning_is_told_in_widths_of_the_warn_band_from_its_middle(tilt_deg: float, leaning: float) -> None:
    motion: Motion = still(Figure(shoulder_tilt_deg=tilt_deg), 4.0)
    check = {"measure": "shoulder_tilt_deg", "views": ("front",), "bands": {"pass": (-3, 3), "warn": (-5, 5)}}
    graded = grade_motion(motion, GradeOptions((rule_set(rule("stand.level", (check,))),)))
    assert leanings(graded.judgement)["level"] == pytest.approx(leaning, abs=0.05)


def value(error: float, person: str = "somebody") -> ValueOutcome:
    return ValueOutcome("c", "head_roll_deg", 0.0, error, 0.0, 3.0, None, person, 10.0, "front", "new")


def test_intervals_are_measured_on_people_who_were_not_fitted_on() -> None:
    found = interval_figures([value(1.0), value(-8.0), value(11.0), value(99.0, PEOPLE[0])])
    assert found is not None
    assert (found["people"], found["sets"]["new"]["values"]) == (["somebody"], 3)
    assert (found["measures"]["head_roll_deg"]["inside"]["hits"], dict(found["calibration"])[0.95]) == (2, 2 / 3)
    assert dict(found["calibration"])[0.5] == 1 / 3
    assert shrunk(0.95) == pytest.approx(1.0, abs=1e-6)
    assert interval_figures([value(99.0, PEOPLE[0])]) is None


def test_the_page_names_and_explains_every_plainly_wrong_verdict_by_source() -> None:
    said = [
        ("a.jpg", True, "fail"),
        ("b.jpg", False, "pass"),
        ("c.jpg", True, "warn"),
        ("d.jpg", True, "unjudged"),
        ("e.jpg", True, "pass"),
    ]
    told = {"dataset": "people", "source": "xx", "rule_id": "stand.head_up"}
    outcomes = [told | {"case": case, "is_met": met, "state": state} for case, met, state in said]
    lines = list(knowing(NOTHING | {"outcomes": outcomes, "explained": {"a.jpg head_up": "a hat."}}))
    assert "| people / xx | 5 | 4 | 3 | 1 | 1 | 1 |" in lines
    assert [line for line in lines if line.startswith("- ")] == [
        "- people, a.jpg: `stand.head_up` fail, met: a hat.",
        "- people, b.jpg: `stand.head_up` pass, not met: not looked into yet.",
    ]


def test_every_set_is_told_apart_and_plotted() -> None:
    figures = NOTHING | {
        "intervals": interval_figures([value(1.0), value(-8.0), value(11.0)]),
        "risk_coverage": {"people": risk_coverage([outcome(-3, True), outcome(2, True)]), "photos": None},
    }
    text = "\n".join(knowing(figures))
    assert "| new | 3 | " in text
    assert "| people | 2 | 2 | - | 0.0% | 50.0% | 50.0% | 50.0% | 1/2 50.0% |" in text
    assert set(dict(plots(figures))) == {"calibration.svg", "risk-coverage.svg"}


def test_explanations_stand_in_the_list_of_sets(tmp_path: Any) -> None:
    listed = tmp_path / "sets.yaml"
    listed.write_text("sets: []\nexplained:\n  a.jpg head_up: a hat.\nseen:\n  a.mp4: [step@3, nod]\n", "utf-8")
    assert find_remarks(listed).explained == {"a.jpg head_up": "a hat."}
    assert find_remarks(listed).seen == {"a.mp4": {"step@3", "nod"}}
    assert find_remarks(tmp_path / "sheet.csv").explained == {}
