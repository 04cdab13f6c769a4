"""Filmed movements against their truth, and the page of what is judged, which follows the rule files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posecoach.evaluation.coverage import how, page
from posecoach.evaluation.moves import MoveScore, MovesScorer, load_moves
from posecoach.evaluation.scoring import Score
from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import Rule
from tests.body.test_bows import bowing, course

SETS = load_rule_sets(rules_dir(), MEASURES)
RULES = [rule for rule_set in SETS.values() for rule in rule_set.rules]
COVERAGE = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text("utf-8")
FAULTS = {"faults": {"bow": {"too_shallow": {"faulty": ["angle"], "tolerated": [], "views": ["side"]}}}}


def clip_of(folder: Path, fault: str | None, start: float, asked: float = 30.0) -> Any:
    person: dict[str, Any] = {"gender": "female", "fault": fault, "segments": [{"asked_degrees": asked}]}
    person["moves"] = [{"move": "bow", "start": start, "end": start + 3.0, "peak_trunk_deg": 30.0}]
    (folder / "moves_faults.json").write_text(json.dumps(FAULTS), "utf-8")
    (folder / "a.json").write_text(json.dumps({"topic": "bow", "view": "side", "people": [person]}), "utf-8")
    (clip,) = load_moves(folder)
    return clip


@pytest.mark.parametrize(("fault", "degrees", "state"), [(None, 26, "pass"), ("too_shallow", 10, "fail")])
def test_a_bow_is_counted_by_the_depth_asked_for(tmp_path: Path, fault: str | None, degrees: float, state: str) -> None:
    score, moves = Score(), MoveScore()
    MovesScorer(score, moves, list(SETS.values())).add("ours", clip_of(tmp_path, fault, 1.3), bowing(degrees, course()).motion)
    assert moves.events["bow"] == [1, 0, 0]
    assert {o.state for o in score.outcomes if o.clause == "bow.angle"} == {state}
    assert [f.state for f in score.faults] == ([state] if fault else [])
    assert moves.bow_depth == [pytest.approx((degrees + 4, 30), abs=1)]


def test_an_event_at_another_time_is_missed_and_false(tmp_path: Path) -> None:
    moves = MoveScore()
    MovesScorer(Score(), moves, list(SETS.values())).add("ours", clip_of(tmp_path, None, 2.5), bowing(26, course()).motion)
    assert moves.events["bow"] == [0, 1, 1]
    assert moves.figures()["events"] == {"bow": {"found": 0, "missed": 1, "false": 1}}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_clause_is_on_the_page_as_the_rule_files_have_it(rule: Rule) -> None:
    (row,) = [line for line in COVERAGE.splitlines() if line.startswith(f"| `{rule.id}` |")]
    assert f"| {rule.clause.zh} | {rule.source} |" in row
    assert f"| {how(rule)} |" in row
    for check in rule.checks:
        assert all(view.replace("_", "-") in row for view in check.views)


def test_the_page_takes_counts_from_both_evaluations() -> None:
    counts = {"pass": 3, "warn": 0, "fail": 0, "unjudged": 1}
    figures: dict[str, Any] = {"clauses": {"moves": {"bow.hold": {"correct": counts, "faulty": counts}}}, "moves": MoveScore().figures()}
    accuracy = "## Clause by clause: clips\n\n| head_up | 2/0/0/0 | 0/0/1/0 | x |\n\n## Next\n"
    text = page(figures, accuracy)
    assert "moves: 3/0/0/1, 3/0/0/1" in text
    assert "clips: 2/0/0/0, 0/0/1/0" in text
    assert "not measured" in text
