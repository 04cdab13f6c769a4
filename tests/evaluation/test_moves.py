"""Filmed movements against their truth, and the page of what is judged, which follows the rule files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from posecoach.body.posture import observe
from posecoach.evaluation.coverage import how, page
from posecoach.evaluation.drill_steps import StepScore, true_begins
from posecoach.evaluation.moves import MoveScore, MovesScorer, load_moves
from posecoach.evaluation.moves_page import movements
from posecoach.evaluation.quiet import QuietScore
from posecoach.evaluation.scoring import Score
from posecoach.judging.judge import judge
from posecoach.rulebook.schema import Rule
from posecoach.vocabulary import Profile, Reason, State
from tests.body.test_bows import bowing, course
from tests.factories import STANDING, Shot, face, motion_of, moving
from tests.row.test_pair import pair
from tests.shipped import BOOK

SETS, VISIT = BOOK.rule_sets, BOOK.drills["window"]
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
    MovesScorer(score, moves, list(SETS.values()), VISIT).add("ours", clip_of(tmp_path, fault, 1.3), [bowing(degrees, course()).motion])
    assert moves.events["ours"]["bow"] == [1, 0, 0]
    assert {o.state for o in score.outcomes if o.rule_id == "bow.angle"} == {state}
    assert [f.state for f in score.faults] == ([state] if fault else [])
    assert moves.numbers["ours"]["bow_depth_deg"] == [pytest.approx((degrees + 4, 30), abs=1)]


def test_an_event_at_another_time_is_missed_and_false(tmp_path: Path) -> None:
    moves = MoveScore()
    MovesScorer(Score(), moves, list(SETS.values()), VISIT).add("ours", clip_of(tmp_path, None, 2.5), [bowing(26, course()).motion])
    assert moves.events["ours"]["bow"] == [0, 1, 1]
    assert moves.figures()["ours"]["events"] == {"bow": {"found": 0, "missed": 1, "false": 1}}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_clause_is_on_the_page_as_the_rule_files_have_it(rule: Rule) -> None:
    (row,) = [line for line in COVERAGE.splitlines() if line.startswith(f"| `{rule.id}` |")]
    assert f"| {rule.clause.zh} | {rule.source} |" in row
    assert f"| {how(rule)} |" in row
    for check in rule.checks:
        assert all(view.replace("_", "-") in row for view in check.views)


def test_the_page_takes_counts_by_topic_and_names_a_twin() -> None:
    counts = {"pass": 3, "warn": 0, "fail": 0, "unjudged": 1}
    others = counts | {"fail": 2}
    figures = {"clauses": {"clips": {"stand.head_level": {"correct": counts, "faulty": others}}}}
    rows = {line.split("`")[1]: line for line in page(figures).splitlines() if line.startswith("| `")}
    assert rows["stand.head_level"].endswith("| clips 3/0/0/1, 3/0/2/1 |")
    assert rows["meeting.head_level"].endswith("| as `stand.head_level`: clips 3/0/0/1, 3/0/2/1 |")
    assert rows["stand.head_up"].endswith("| not measured |")
    assert rows["stand.abdomen_in"].endswith("| - |")


def test_a_pair_is_judged_with_each_other_and_one_of_them_looks_away(tmp_path: Path) -> None:
    def person(looking_away_s: float) -> dict[str, Any]:
        move = {"move": "handshake", "start": 1.0, "end": 5.0, "looking_away_s": looking_away_s}
        return {"gender": "male", "fault": "looks_away", "segments": [], "moves": [move]}

    faults = {"faults": {"handshake": {"looks_away": {"faulty": ["looking_away"], "tolerated": [], "views": ["side"]}}}}
    (tmp_path / "moves_faults.json").write_text(json.dumps(faults), "utf-8")
    truth = {"topic": "handshake", "view": "side", "width": 640, "height": 480, "people": [person(2.0), person(0.0)]}
    (tmp_path / "a.json").write_text(json.dumps(truth), "utf-8")
    (clip,) = load_moves(tmp_path)
    score, moves = Score(), MoveScore()
    scorer = MovesScorer(score, moves, list(SETS.values()), VISIT)
    scorer.add("ours", clip, pair(4.0, away_s=2.0))
    assert moves.events["ours"]["handshake"] == [2, 0, 0]
    told = {(o.case, o.is_met): o.state for o in score.outcomes if o.rule_id == "handshake.looking_away"}
    assert told == {("a 1", False): "warn", ("a 2", True): "pass"}
    scorer.add("alone", clip, pair(4.0)[:1])
    assert moves.events["alone"]["handshake"] == [0, 2, 0]


def test_events_of_everyday_life_are_counted_by_the_minute() -> None:
    quiet, motion = QuietScore(), bowing(26, course()).motion
    quiet.add("ours", "a.mp4", motion)
    quiet.add("ours", "b.mp4", motion, frozenset({"bow@1"}))
    told = quiet.figures()["ours"]
    assert (told["false"]["bow"], told["true"]) == (1, 1)
    assert told["minutes"] == pytest.approx(2 * (motion.t_ms[-1] - motion.t_ms[0]) / 60000)
    text = "\n".join(movements({"moves": {}, "quiet": {"ours": told}}))
    assert f"| ours | {told['minutes']:.1f} | 1 | 1 |" in text


def test_facing_while_talking_is_judged_in_a_dialogue_only() -> None:
    body = observe(motion_of([STANDING] * 330, Shot(face=face())))
    smile = SETS["smile"]
    alone, talking = (judge(body, (smile,), Profile.UNSPECIFIED, drill) for drill in ("smile", "dialogue"))
    said = [{v.id: (v.state, v.reason) for v in found.verdicts}["gaze.facing_share"] for found in (alone, talking)]
    assert said == [(State.UNJUDGED, Reason.NOT_APPLICABLE), (State.PASS, Reason.NONE)]


def test_the_steps_of_a_visit_are_held_against_the_truth() -> None:
    segments = [
        {"move": "wait", "start": 0.0, "end": 1.0},
        {"move": "stand_up", "start": 1.0, "end": 2.0},
        {"move": "show_seat", "start": 3.0, "end": 5.0},
        {"move": "sit_down", "start": 5.0, "end": 6.5},
        {"move": "stand_up", "start": 12.0, "end": 13.0},
    ]
    assert true_begins(segments) == {"greet": 1.0, "prepare": 3.0, "handle": 6.5, "farewell": 12.0}
    score = StepScore()
    score.add(VISIT, "nobody", {"gender": "female", "segments": segments}, ["look_once"], moving([(None, 15.0)]))
    figures = score.figures()
    assert (figures["boundaries"], figures["near"], figures["missed"], figures["largest_s"]) == (4, 0, 4, None)
    told = StepScore([(1.2, 1.0), (4.0, 3.0)]).figures()
    assert (told["near"], told["mean_s"], told["largest_s"]) == (1, pytest.approx(0.6), 1.0)
    assert len(score.notes) == 4
