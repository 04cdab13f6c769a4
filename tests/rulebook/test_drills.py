"""The drills that are shipped, and what a writer of a drill is told: file, line, key, what was expected and what came."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from posecoach.errors import RulesError
from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import load_rulebook, parse_drill

BOOK = load_rulebook(rules_dir(), MEASURES)
BOWS = (rules_dir() / "drills" / "bows.yaml").read_text("utf-8")
WINDOW = (rules_dir() / "drills" / "window.yaml").read_text("utf-8")


def test_the_drills_of_the_material_are_shipped() -> None:
    assert list(BOOK.drills) == ["appearance", "window", "meeting", "sit_and_rise", "bows", "dialogue", "smile_30s"]
    assert [step.title.zh for step in BOOK.drills["window"].steps] == ["问候", "准备", "办理", "结束"]
    assert [step.id for step in BOOK.drills["appearance"].steps] == ["front", "side", "crouch", "smile"]
    assert BOOK.drills["smile_30s"].steps[0].seconds == 30


def test_a_step_has_the_clauses_it_names_and_its_own_limits() -> None:
    angles = [step.rule_sets[0].rule("bow.angle").checks[0] for step in BOOK.drills["bows"].steps]
    assert [check.measure for check in angles] == ["bow_depth_deg"] * 3
    assert [(check.bands.pass_.low, check.bands.pass_.high) for check in angles] == [(10, 20), (25, 35), (40, 50)]
    front = BOOK.drills["appearance"].steps[0]
    assert [rule.id for rule in front.rule_sets[0].rules] == [rule.id for rule in BOOK.rule_sets["standing"].rules]
    assert front.rule_sets[0].groups == BOOK.rule_sets["standing"].groups


def test_the_strict_book_drops_what_the_material_does_not_have() -> None:
    strict = BOOK.without_custom()
    assert "bows" not in strict.drills
    assert "bow" not in strict.rule_sets
    assert "stand.no_fault_arms" not in {rule.id for s in strict.drills["appearance"].steps for r in s.rule_sets for rule in r.rules}


EDITS = {
    "an unknown key": (WINDOW, "prompt:", "promt:", "steps[greet].promt: expected one of the keys id, title,", "did you mean 'prompt'?"),
    "an unknown clause": (
        WINDOW,
        "[flow.look_once]",
        "[flow.look_one]",
        "steps[greet].clauses[0]: expected the id of a clause",
        "'flow.look_once'?",
    ),
    "an unknown event": (WINDOW, "{event: stand_up}", "{event: stands_up}", "steps[greet].begins[0].event: expected", "got 'stands_up'"),
    "an event and a posture": (
        WINDOW,
        "{event: stand_up}",
        "{event: stand_up, posture: standing}",
        ".begins[0]: expected either event",
        "got",
    ),
    "an edge of nothing": (WINDOW, "{event: stand_up}", "{posture: standing, edge: end}", "expected edge only beside event", "'end'"),
    "seconds and an event": (
        WINDOW,
        "{seconds: 8}",
        "{seconds: 8, event: bow}",
        "steps[greet].ends[1]: expected seconds and click each",
        "event",
    ),
    "no end": (WINDOW, "ends: [{event: bow, edge: end}, {seconds: 8}]", "ends: []", "steps[greet].ends: expected at least 1", "got 0"),
    "a step twice": (WINDOW, "id: prepare", "id: greet", "steps[greet].id: duplicate id: expected 'greet' once", "again"),
    "a time too short": (
        WINDOW,
        "at_most_s: 40",
        "at_most_s: 4",
        "steps[handle].at_most_s: expected a number not below its seconds (8)",
        "got 4",
    ),
    "too long altogether": (WINDOW, "at_most_s: 25", "at_most_s: 590", "steps: expected at_most_s of all steps together", "got 685"),
    "another name than the file": (WINDOW, "drill: window", "drill: door", "drill: expected 'window' as in the file's name", "got 'door'"),
    "a limit of another clause": (
        BOWS,
        "{clause: bow.angle,",
        "{clause: flow.phases,",
        "limits[0].clause: expected a clause that is judged",
        "phases",
    ),
    "an unknown measure": (BOWS, "bow_depth_deg", "bow_depht_deg", "limits[0].measure: expected the name of a measure", "bow_depth_deg"),
    "a band upside down": (BOWS, "[10, 20]", "[20, 10]", "limits[0].bands.pass: expected the lower end first", "[20, 10]"),
}


@pytest.mark.parametrize(("text", "old", "new", "place", "said"), EDITS.values(), ids=list(EDITS))
def test_a_mistake_is_told_with_file_line_and_key(text: str, old: str, new: str, place: str, said: str) -> None:
    assert old in text
    name = "bows.yaml" if text is BOWS else "window.yaml"
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(RulesError) as caught:
        parse_drill(text.replace(old, new, 1), name, BOOK.rule_sets, MEASURES)
    (told,) = [problem for problem in str(caught.value).splitlines() if place in problem]
    assert said in told
    assert told.startswith(f"{name}:")
    assert abs(int(told.split(":")[1]) - line) <= 9, "the line of the key, or of the nearest one that is there"
    assert caught.value.words.zh != caught.value.words.en


def test_a_drill_may_not_be_called_like_a_topic() -> None:
    with pytest.raises(RulesError, match="a name that no topic"):
        parse_drill(WINDOW.replace("drill: window", "drill: standing"), "standing.yaml", BOOK.rule_sets)


def test_own_drills_lie_with_own_rules_and_replace_those_of_their_name(tmp_path: Path) -> None:
    own = tmp_path / "rules"
    shutil.copytree(rules_dir(), own, ignore=shutil.ignore_patterns("drills"))
    assert load_rulebook(own).drills.keys() == BOOK.drills.keys(), "a folder from before there were drills has the shipped ones"
    (own / "drills").mkdir()
    (own / "drills" / "window.yaml").write_text(WINDOW.replace("窗口接待", "大厅接待"), "utf-8")
    (own / "drills" / "counter.yaml").write_text(WINDOW.replace("drill: window", "drill: counter"), "utf-8")
    found = load_rulebook(own, MEASURES).drills
    assert found["window"].title.zh == "大厅接待"
    assert set(found) == {*BOOK.drills, "counter"}
    (own / "drills" / "counter.yaml").write_text("drill: counter\n", "utf-8")
    (own / "drills" / "old.yml").write_text("", "utf-8")
    with pytest.raises(RulesError) as caught:
        load_rulebook(own, MEASURES)
    lines = str(caught.value).splitlines()
    assert any(line.startswith("drills/counter.yaml:1: expected the key 'steps'") for line in lines)
    assert any(line.startswith("drills/old.yml: expected") for line in lines)
