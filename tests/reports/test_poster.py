"""Posters follow the rule files: what is drawn as right passes their bands, what is drawn as wrong does not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.cli.main import main
from posecoach.errors import OutputError
from posecoach.reports.figures import figures_of, models_of, posture_of, shown_of, values_of
from posecoach.reports.looks import Figure
from posecoach.reports.people import Neighbours, dump_person
from posecoach.reports.poster import dump_posters, poster_of, write_posters
from posecoach.reports.rows import ReportClip, people_of, rows_of
from posecoach.reports.strokes import HEIGHT, WIDTH
from posecoach.rulebook.schema import Bands, MeasureCheck
from posecoach.vocabulary import Posture, State
from tests.reports.fakes import HEAD, charts, clip
from tests.shipped import RULE_SETS

CHECKS = [(f"{rule.id} {check.measure}", check) for rule_set in RULE_SETS.values() for rule in rule_set.rules for check in rule.checks]


@pytest.mark.parametrize(("name", "check"), CHECKS, ids=[name for name, _ in CHECKS])
def test_right_passes_the_band_and_wrong_fails_it(name: str, check: MeasureCheck) -> None:
    shown = shown_of(check.measure)
    if shown is None:
        return
    states = check.bands.states(values_of(check.bands, shown))
    assert [State(int(state)) for state in states] == [State.PASS, State.FAIL]


@pytest.mark.parametrize("topic", list(RULE_SETS))
def test_every_clause_that_is_judged_is_drawn_and_right_differs_from_wrong(topic: str) -> None:
    clauses = poster_of(RULE_SETS[topic]).clauses
    assert [clause.rule.id for clause in clauses if clause.right is None or clause.right == clause.wrong] == []


def inside(figure: Figure) -> bool:
    """With the whole head, and most of a stroke's width."""
    points = [point for limb in (*figure.limbs, *figure.face) for point in limb.points]
    points += [(figure.head[0] + side * figure.head_px, figure.head[1]) for side in (-1, 1)]
    return all(3 <= x <= WIDTH - 3 and 0 <= y <= HEIGHT for x, y in points)


@pytest.mark.parametrize("topic", list(RULE_SETS))
def test_everybody_stays_in_their_box(topic: str) -> None:
    for rule in RULE_SETS[topic].rules:
        for figure in figures_of(rule, posture_of(RULE_SETS[topic])) or ():
            assert inside(figure), rule.id


def test_another_band_is_another_drawing() -> None:
    rule = RULE_SETS["standing"].rule("stand.trunk_upright")
    bands = Bands.model_validate({"pass": (10, 20), "warn": (5, 25)})
    other = rule.model_copy(update={"checks": (rule.checks[0].model_copy(update={"bands": bands}),)})
    before, after = figures_of(rule, Posture.STANDING), figures_of(other, Posture.STANDING)
    assert before is not None
    assert after is not None
    assert after[0].head[0] > before[0].head[0] + 5, "leaning forward is to the right"


@pytest.mark.parametrize("topic", list(RULE_SETS))
def test_what_cannot_fail_has_no_drawing_and_stops_nothing(topic: str) -> None:
    anything = Bands.model_validate({"pass": (None, None), "warn": (None, None)})
    for rule in RULE_SETS[topic].rules:
        open_ended = rule.model_copy(update={"checks": tuple(check.model_copy(update={"bands": anything}) for check in rule.checks)})
        assert figures_of(open_ended, posture_of(RULE_SETS[topic])) is None


def test_every_clause_and_every_question_is_on_the_page() -> None:
    text = dump_posters(RULE_SETS.values())
    for rule_set in RULE_SETS.values():
        for rule in rule_set.rules:
            words = rule.self_check if rule.never is not None else rule.clause
            assert words is not None
            assert words.zh in text, rule.id
    assert not re.search(r"https?://|<link rel=\"stylesheet|@import|url\(", text)


def test_the_list_has_ids_limits_and_sources() -> None:
    text = dump_posters([RULE_SETS["standing"]], is_list=True)
    assert "stand.trunk_upright" in text
    assert "-3.0° – 5.0°" in text
    assert "T1 站姿" in text


def test_a_file_of_somebody_else_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "poster.html"
    path.write_text("my own notes", "utf-8")
    with pytest.raises(OutputError, match="choose another name"):
        write_posters(path, [RULE_SETS["smile"]])
    assert path.read_text("utf-8") == "my own notes"


def test_the_command_makes_one_page_a_topic_and_makes_it_again(tmp_path: Path) -> None:
    path = tmp_path / "wall.html"
    for topics in ((), ("smile", "standing")):
        done = CliRunner().invoke(main, ["rules", "poster", *topics, "--out", str(path)])
        assert done.exit_code == 0, done.output
        assert path.read_text("utf-8").count('<section class="sheet"') == len(topics or RULE_SETS)
    assert CliRunner().invoke(main, ["rules", "poster", "jumping"]).exit_code == 2


def test_the_face_alone_is_large() -> None:
    figures = figures_of(RULE_SETS["smile"].rules[0], Posture.STANDING)
    assert figures is not None
    assert figures[0].limbs == ()
    assert figures[0].face != figures[1].face


def test_the_report_shows_how_it_should_be_beside_what_was_not_met() -> None:
    models = models_of(RULE_SETS.values())
    row = ReportClip("drill-1", None, clip(), charts())
    (found,) = people_of(rows_of(row))
    text = dump_person(replace(HEAD, models=models), found, [row], lambda *_: None, Neighbours()).page
    amiss = [verdict.id for verdict in clip().people[0].clauses if verdict.state in (State.FAIL, State.WARN)]
    assert text.count('<figure class="model">') == len(amiss) == 2
