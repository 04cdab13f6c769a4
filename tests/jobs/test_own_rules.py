"""Limits changed on this machine: step by step, back again, and never at the cost of anybody's file."""

from __future__ import annotations

import difflib
import math
import shutil
from pathlib import Path

import pytest

from posecoach.errors import OutputError, RulesError
from posecoach.jobs.own_rules import FILE, OwnRules
from posecoach.resources import rules_dir
from posecoach.rulebook.limits import Limits, limits_of, replace_limits
from posecoach.rulebook.loading import load_rule_sets, parse_rule_set
from posecoach.rulebook.schema import Interval
from tests.shipped import RULE_SETS

LEVEL = Limits("stand.shoulders_level", 0, "", Interval(-4, 4), Interval(-math.inf, 6.5))
SHIPPED = {path.name: path.read_bytes() for path in rules_dir().glob("*.yaml")}


def limits(rules: OwnRules) -> Limits:
    return next(found for found in limits_of(rules.rulebook().rule_sets["standing"]) if found.place == LEVEL.place)


def test_every_limit_of_every_rule_is_replaced_where_it_stands_and_nothing_else() -> None:
    for rule_set in RULE_SETS.values():
        text = (rules_dir() / rule_set.file).read_text("utf-8")
        for known in limits_of(rule_set):
            other = Limits(*known.place, Interval(1.25, 2), Interval(-math.inf, 3))
            changed = replace_limits(text, rule_set.file, other)
            lines = [line for line in difflib.ndiff(text.splitlines(), changed.splitlines()) if line[0] in "+-"]
            assert len(lines) == 2, lines
    assert other in list(limits_of(parse_rule_set(changed, rule_set.file)))


def test_numbers_on_lines_of_their_own_are_replaced_too() -> None:
    text = SHIPPED["standing.yaml"].decode()
    line = "bands: {pass: [-3, 3], warn: [-5, 5]}"
    at = text.index(line, text.index("shoulder_tilt_deg"))
    block = "bands:\n          pass:\n            - -3\n            - 3\n          warn:\n            - -5\n            - 5"
    changed = replace_limits(text[:at] + block + text[at + len(line) :], "standing.yaml", LEVEL)
    assert LEVEL in list(limits_of(parse_rule_set(changed, "standing.yaml")))


@pytest.mark.parametrize("end", [1e6, 123456.75, 0.0002, 0.0])
def test_a_number_is_written_so_that_it_is_read_again(end: float) -> None:
    other = Limits(*LEVEL.place, Interval(-1, end), Interval(-2, end))
    changed = replace_limits(SHIPPED["standing.yaml"].decode(), "standing.yaml", other)
    assert other in list(limits_of(parse_rule_set(changed, "standing.yaml")))


@pytest.mark.parametrize("place", [("stand.none", 0, ""), ("stand.shoulders_level", 7, ""), ("stand.shoulders_level", 0, "male")])
def test_a_place_there_is_not(place: tuple[str, int, str]) -> None:
    with pytest.raises(KeyError):
        replace_limits(SHIPPED["standing.yaml"].decode(), "standing.yaml", Limits(*place, Interval(0, 1), Interval(0, 1)))


def test_steps_are_taken_taken_back_and_known_after_a_restart(tmp_path: Path) -> None:
    rules = OwnRules(tmp_path)
    before = limits(rules)
    assert (rules.folder, rules.can_undo) == (None, False)
    rules.change(LEVEL)
    again = OwnRules(tmp_path)
    assert limits(rules) == limits(again) == LEVEL
    assert load_rule_sets(tmp_path / "rules").keys() == RULE_SETS.keys()
    again.reset()
    assert (limits(again), again.folder, again.can_undo) == (before, None, True)
    again.undo()
    assert limits(again) == LEVEL
    again.undo()
    assert (limits(again), again.can_undo) == (before, False)
    assert {path.name: path.read_bytes() for path in rules_dir().glob("*.yaml")} == SHIPPED


@pytest.mark.parametrize(
    "wrong",
    [
        Limits("stand.shoulders_level", 0, "", Interval(-9, 9), Interval(-5, 5)),
        Limits("stand.none", 0, "", Interval(0, 1), Interval(0, 1)),
    ],
    ids=["met beyond close", "a clause there is not"],
)
def test_what_the_rulebook_refuses_changes_nothing(tmp_path: Path, wrong: Limits) -> None:
    rules = OwnRules(tmp_path)
    rules.change(LEVEL)
    with pytest.raises(RulesError):
        rules.change(wrong)
    assert limits(rules) == limits(OwnRules(tmp_path)) == LEVEL


def test_what_somebody_has_changed_in_the_folder_is_not_written_over(tmp_path: Path) -> None:
    rules = OwnRules(tmp_path)
    rules.change(LEVEL)
    own = tmp_path / "rules" / "standing.yaml"
    own.write_bytes(own.read_bytes() + b"# mine\n")
    with pytest.raises(OutputError, match=r"standing\.yaml"):
        rules.undo()
    assert own.read_bytes().endswith(b"# mine\n")
    assert rules.changed


def test_newer_rules_take_the_changes_over(tmp_path: Path) -> None:
    base = tmp_path / "base"
    shutil.copytree(rules_dir(), base, ignore=shutil.ignore_patterns("*.md"))
    OwnRules(tmp_path / "own", base).change(LEVEL)
    newer = base / "sitting.yaml"
    newer.write_bytes(newer.read_bytes() + b"# newer\n")
    again = OwnRules(tmp_path / "own", base)
    assert limits(again) == LEVEL
    assert (tmp_path / "own" / "rules" / "sitting.yaml").read_bytes().endswith(b"# newer\n")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": "posecoach.limits/1", "written": {}, "steps": [5]}'])
def test_a_damaged_memory_changes_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    rules = OwnRules(tmp_path)
    assert (rules.folder, rules.can_undo) == (None, False)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_rules_as_editors_of_an_office_save_them_can_be_changed(tmp_path: Path, encoding: str) -> None:
    base = tmp_path / "base"
    shutil.copytree(rules_dir(), base, ignore=shutil.ignore_patterns("*.md"))
    standing = base / "standing.yaml"
    standing.write_bytes(standing.read_text("utf-8").encode(encoding))
    rules = OwnRules(tmp_path / "own", base)
    rules.change(LEVEL)
    assert limits(rules) == limits(OwnRules(tmp_path / "own", base)) == LEVEL
