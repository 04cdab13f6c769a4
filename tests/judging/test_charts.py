"""What the report draws: states over time, thinned curves, zones, the best and worst moment, captions."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.motion import Motion
from posecoach.jobs.regrade import regrade_clip
from posecoach.judging.charts import Charts, ClauseChart, charts_of, thinned
from posecoach.judging.pipeline import Graded, GradeOptions, grade_motion
from posecoach.judging.results import ClipResult
from posecoach.storage.landmark_files import save_track
from posecoach.vocabulary import Profile, State
from tests.golden import FOLDER, expected, unpack
from tests.shipped import ALL_RULES

CLIPS = sorted(expected())[::4]


@cache
def graded(name: str) -> Graded:
    clip = expected()[name]
    motion = Motion.of(unpack(FOLDER / f"{name}.npz"))
    return grade_motion(motion, GradeOptions(ALL_RULES, clip["drill"], Profile(clip["profile"])))


@cache
def charts(name: str) -> Charts:
    return charts_of(graded(name))


def by_id(name: str) -> dict[str, ClauseChart]:
    return {chart.id: chart for chart in charts(name).clauses}


@pytest.mark.parametrize("name", CLIPS)
def test_every_judged_clause_has_a_chart_that_agrees_with_its_verdict(name: str) -> None:
    found = by_id(name)
    judged = [verdict for verdict in graded(name).person.clauses if verdict.state is not State.UNJUDGED]
    assert set(found) >= {verdict.id for verdict in judged}
    for verdict in judged:
        curve = found[verdict.id].curves[0]
        assert curve.unit == verdict.unit
        assert curve.worst.at_s == pytest.approx(verdict.worst_s, abs=0.001)
        values = [value for line in curve.lines for value in line.values]
        assert verdict.value is not None
        assert min(values) - 0.001 <= verdict.value <= max(values) + 0.001


@pytest.mark.parametrize("name", CLIPS)
def test_the_runs_tile_the_clip(name: str) -> None:
    for chart in charts(name).clauses:
        edges = [(run.start_s, run.end_s) for run in chart.runs]
        assert edges[0][0] == 0.0
        assert edges[-1][1] == charts(name).duration_s
        assert all(before[1] == after[0] for before, after in pairwise(edges))
        assert all((run.reason.word is None) == (run.state is not State.UNJUDGED) for run in chart.runs)


@pytest.mark.parametrize("name", CLIPS)
def test_they_survive_json(name: str) -> None:
    assert Charts.from_dict(json.loads(json.dumps(charts(name).to_dict(), allow_nan=False))) == charts(name)


@pytest.mark.parametrize("bad", [{}, {"duration_s": 1, "clauses": [], "captions": [[0, 1, "bad", "", ""]]}])
def test_what_is_no_chart_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Charts.from_dict(bad)


def test_the_zones_say_what_each_value_leads_to() -> None:
    name = next(name for name in expected() if name.startswith("stand_lean_forward"))
    chart = by_id(name)["stand.trunk_upright"]
    (rule,) = (rule for rule_set in ALL_RULES for rule in rule_set.rules if rule.id == chart.id)
    bands = rule.checks[0].bands
    zones = chart.curves[0].zones
    assert [zone.state for zone in zones] == [State.FAIL, State.WARN, State.PASS, State.WARN, State.FAIL]
    assert (zones[0].low, zones[-1].high) == (None, None)
    assert (zones[2].low, zones[2].high) == (bands.pass_.low, bands.pass_.high)
    assert (zones[1].low, zones[3].high) == (bands.warn.low, bands.warn.high)
    assert any(run.state is State.FAIL for run in chart.runs)


def test_a_check_that_may_not_fail_has_no_failing_zone() -> None:
    allowed = {(rule.id, c.measure): c.allow for s in ALL_RULES for rule in s.rules for c in rule.checks if len(rule.checks) == 1}
    capped = 0
    for chart in (chart for name in CLIPS for chart in charts(name).clauses):
        allow = allowed.get((chart.id, chart.curves[0].measure), ("pass", "warn", "fail"))
        said = {zone.state.word for zone in chart.curves[0].zones} - {"unjudged"}
        assert said <= set(allow)
        capped += len(allow) < 3
    assert capped


def test_a_fault_is_said_while_it_lasts() -> None:
    name = next(name for name in expected() if name.startswith("stand_lean_forward"))
    said = charts(name).captions
    texts = [v.correction for v in graded(name).person.clauses if v.correction is not None]
    assert texts
    assert {caption.text for caption in said} & set(texts)
    assert all(a.end_s <= b.start_s for a, b in pairwise(said))


def test_stored_landmarks_give_the_same_charts(tmp_path: Path) -> None:
    name = CLIPS[0]
    save_track(tmp_path / "a.npz", unpack(FOLDER / f"{name}.npz"), {})
    profile = Profile(expected()[name]["profile"])
    clip = ClipResult("a.mp4", "video", (), 4.0, 10.0, 40, expected()[name]["drill"], profile, "a.npz", None)
    _, again = regrade_clip(clip, tmp_path, GradeOptions(ALL_RULES))
    assert again == charts(name)


# --- thinning -----------------------------------------------------------------------------------------------------------------------------


def test_a_short_curve_keeps_every_value_and_breaks_at_gaps() -> None:
    values = np.array([1.0, 2.0, np.nan, 3.0, np.nan, 4.0])
    lines = list(thinned(np.arange(6) / 10, values, set()))
    assert lines == [((0.0, 0.1), (1.0, 2.0)), ((0.3,), (3.0,)), ((0.5,), (4.0,))]


@pytest.mark.parametrize("count", [301, 1000, 36_000])
def test_a_long_curve_is_thinned_and_keeps_its_extremes(count: int) -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=count)
    values[count // 3 : count // 2] = np.nan
    values[7], values[count - 9] = 50.0, -50.0
    lines = list(thinned(np.arange(count) / 10, values, {8}))
    points = [point for line in lines for point in zip(*line, strict=True)]
    assert len(points) <= 303
    assert len(lines) == 2
    assert {50.0, -50.0} <= {value for _, value in points}
    assert 0.8 in {at for at, _ in points}
    assert points == sorted(points)


def test_nothing_measured_draws_nothing() -> None:
    assert list(thinned(np.arange(500) / 10, np.full(500, np.nan), set())) == []
