"""What a writer of rule files is told: file, line, key, what was expected and what came."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from posecoach.errors import RulesError
from posecoach.rulebook.loading import load_rule_sets, parse_rule_set
from posecoach.rulebook.schema import Bands, Correction, MeasureCheck, Rule
from posecoach.vocabulary import Posture, Profile, State, Text, View

RULES = Path(__file__).parents[2] / "rules"
CROUCHING = (RULES / "crouching.yaml").read_text("utf-8")
STANDING = (RULES / "standing.yaml").read_text("utf-8")


def line_of(text: str, part: str) -> int:
    """The line (from 1) on which ``part`` first stands."""
    return text[: text.index(part)].count("\n") + 1


def complaint(text: str, name: str = "crouching.yaml", known: list[str] | None = None) -> list[str]:
    with pytest.raises(RulesError) as caught:
        parse_rule_set(text, name, known)
    return str(caught.value).splitlines()


EDITS = {
    "a typo in a key": (
        "views: [side, three_quarter]",
        "veiws: [side, three_quarter]",
        "rules[crouch.hips_down].checks[0].veiws: expected one of the keys measure, views,",
        "got 'veiws'; did you mean 'views'?",
    ),
    "a typo in a band": (
        "{pass: [0.35, 1.1], warn: [0.2, null]}",
        "{pas: [0.35, 1.1], warn: [0.2, null]}",
        "rules[crouch.staggered].checks[0].bands.pas: expected one of the keys pass, warn;",
        "did you mean 'pass'?",
    ),
    "text for a number": ("priority: 80", "priority: high", "rules[crouch.staggered].priority: expected a whole number,", "got 'high'"),
    "a number out of range": ("priority: 80", "priority: 101", ".priority: expected less than or equal to 100,", "got 101"),
    "a weight of zero": ("priority: 80", "weight: 0", "rules[crouch.staggered].weight: expected greater than 0,", "got 0"),
    "yes for a number": ("priority: 80", "hold_s: yes", "rules[crouch.staggered].hold_s: expected a number,", "got true"),
    "a band with one end": ("[0.35, 1.1]", "[0.35]", ".checks[0].bands.pass: expected [low, high]", "got [0.35]"),
    "a band with words": ("[0.35, 1.1]", "[low, 1.1]", ".checks[0].bands.pass: expected [low, high]", "got [low, 1.1]"),
    "a band upside down": ("[0.35, 1.1]", "[1.1, 0.35]", ".checks[0].bands.pass: expected the lower end first", "got [1.1, 0.35]"),
    "a pass band that overlaps fail": (
        "{pass: [0.35, 1.1], warn: [0.2, null]}",
        "{pass: [0.35, 1.1], warn: [0.4, 1.0]}",
        ".checks[0].bands: expected the pass band to lie inside the warn band",
        "got pass [0.35, 1.1] and warn [0.4, 1]",
    ),
    "an unknown measure": (
        "foot_stagger_shank",
        "foot_stager_shank",
        ".checks[0].measure: expected the name of a measure",
        "got 'foot_stager_shank'; did you mean 'foot_stagger_shank'?",
    ),
    "a wrong word for a view": (
        "views: [side, three_quarter]",
        "views: [profile]",
        "rules[crouch.hips_down].checks[0].views[0]: expected 'front', 'three_quarter', 'side'",
        "got 'profile'",
    ),
    "no view at all": ("views: [side, three_quarter]", "views: []", ".checks[0].views: expected at least 1 in the list", "got 0"),
    "a wrong profile": (
        "profiles: [female]",
        "profiles: [lady]",
        "rules[crouch.knees_together].profiles[0]: expected 'female'",
        "got 'lady'",
    ),
    "a sentence without Chinese": (
        "praise: {zh: 两膝靠得很好, en: Your knees are nicely close}",
        "praise: {en: Your knees are nicely close}",
        "rules[crouch.knees_together].praise: expected the key 'zh'",
        "got none",
    ),
    "a key written twice": ("priority: 80", "origin: clause", "rules[crouch.staggered].origin: expected this key once", "got it twice"),
    "a duplicate id": ("id: crouch.front_foot_flat", "id: crouch.staggered", "rules[crouch.staggered].id: duplicate id", "got it again"),
    "an id of another topic": (
        "id: crouch.front_foot_flat",
        "id: stand.front_foot_flat",
        "expected an id that begins with crouch.",
        "got 'stand.front_foot_flat'",
    ),
    "a clause cited as custom": ("source: custom", "source: T1 蹲姿", "source: expected 'custom' for origin custom", "got 'T1 蹲姿'"),
    "a topic that is not the file's": ("topic: crouching", "topic: standing", "topic: expected 'crouching'", "got 'standing'"),
    "an unknown tag": ("priority: 80", "priority: !big 80", "rules[crouch.staggered].priority: expected text or a number", "!big"),
}


@pytest.mark.parametrize(("old", "new", "expected", "came"), EDITS.values(), ids=EDITS.keys())
def test_an_error_names_file_line_key_expectation_and_what_came(old: str, new: str, expected: str, came: str) -> None:
    text = CROUCHING.replace(old, new, 1)
    lines = complaint(text, known=_measures(CROUCHING))
    hits = [line for line in lines if expected in line and came in line]
    assert hits, lines
    where = text.splitlines()[int(hits[0].split(":")[1]) - 1]
    assert hits[0].startswith("crouching.yaml:")
    assert new in where or where.strip().startswith(("- id", "- measure")), (hits[0], where)


def _measures(text: str) -> list[str]:
    return [line.split("measure: ")[1] for line in text.splitlines() if "- measure: " in line]


def test_a_missing_clause_is_named() -> None:
    start = CROUCHING.index("  - id: crouch.hips_down")
    text = CROUCHING[:start] + CROUCHING[CROUCHING.index("  - id: crouch.trunk_upright") :]
    line = line_of(text, "rules:\n")
    assert complaint(text) == [f"crouching.yaml:{line}: rules: missing clause: expected a rule with the id 'crouch.hips_down', got none"]


def test_an_unknown_group_member_is_named_with_the_nearest_rule() -> None:
    text = STANDING.replace("- [stand.feet_apart]", "- [stand.feet_appart]")
    line = line_of(text, "- [stand.feet_appart]")
    assert complaint(text, "standing.yaml") == [
        f"standing.yaml:{line}: groups[stand.feet].any_of[1][0]: expected the id of a rule in this file, "
        "got 'stand.feet_appart'; did you mean 'stand.feet_apart'?"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("- [stand.feet_apart]", "- [stand.arms_down]", "a member of one group for a profile", id="in two groups"),
        pytest.param("- [stand.feet_apart]", "- [stand.toes_v]", "each rule once in a group", id="twice in one group"),
        pytest.param("      - [stand.feet_apart]\n", "", "expected at least 2 in the list, got 1", id="a single alternative"),
        pytest.param(
            "clause: {zh: 两脚分开，比肩略窄,",
            "profiles: [male]\n    clause: {zh: 两脚分开，比肩略窄,",
            "which is not for female, unspecified",
            id="not for every profile",
        ),
        pytest.param(
            "parent: stand.trunk_upright", "parent: stand.trunk_uprigt", "did you mean 'stand.trunk_upright'?", id="unknown parent"
        ),
        pytest.param("parent: stand.trunk_upright\n    ", "", "parent: expected for origin derived", id="derived without parent"),
        pytest.param(
            '    self_check: {zh: 请自己感觉一下：腹部轻轻收住了吗？, en: "Can you feel that your belly is gently drawn in?"}\n',
            "",
            "self_check: expected in a rule with never",
            id="never without a self-check",
        ),
        pytest.param("praise: {zh: 头很正, en: Your head is straight}", "", "praise: missing", id="judged without praise"),
    ],
)
def test_rules_that_do_not_fit_together(old: str, new: str, expected: str) -> None:
    assert old in STANDING
    assert any(expected in line for line in complaint(STANDING.replace(old, new, 1), "standing.yaml"))


TEXTS = {
    "an empty file": ("", "crouching.yaml:1: expected a mapping with the keys topic, title,", "got nothing"),
    "only a comment": ("# later\n", "crouching.yaml:1: expected a mapping", "got nothing"),
    "a list": ("- 1\n", "crouching.yaml:1: expected a mapping", "got [1]"),
    "a tab": ("topic: crouching\ntitle:\n\tzh: 蹲姿\n", "crouching.yaml:3: expected YAML", "indent with spaces, not tabs"),
    "an open bracket": ("topic: [", "crouching.yaml:1: expected YAML", "stream end"),
    "an alias": ("topic: &t crouching\ntitle: *t\n", "crouching.yaml:2: expected YAML", "an alias"),
    "two documents": ("topic: a\n---\ntopic: b\n", "crouching.yaml:2: expected YAML", "another document"),
    "a control character": ("topic: a\n\x01", "crouching.yaml:2: expected YAML", "not allowed"),
    "brackets without end": ("[" * 5000, "crouching.yaml: expected YAML", "nested too deeply"),
    "rules that are no list": ("topic: crouching\nrules: 3\n", "crouching.yaml:2: rules: expected a list", "got 3"),
}


@pytest.mark.parametrize(("text", "start", "came"), TEXTS.values(), ids=TEXTS.keys())
def test_text_that_is_no_rule_file(text: str, start: str, came: str) -> None:
    assert any(line.startswith(start) and came in line for line in complaint(text))


def test_every_problem_is_reported_once_in_the_order_of_the_file() -> None:
    text = CROUCHING.replace("priority: 80", "priority: high").replace("[0.35, 1.1]", "[2, 1]").replace("source: custom", "sauce: custom")
    lines = complaint(text)
    numbers = [int(line.split(":")[1]) for line in lines]
    assert numbers == sorted(numbers)
    assert len(lines) == len(set(lines)) == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("crouch.yaml", "crouch.yaml:2: topic: expected 'crouch' as in the file's name, got 'crouching'"),
        ("auto.yaml", "auto.yaml:1: expected a file name of small letters, digits and underscores, not auto, got 'auto'"),
        ("My Crouch.yaml", "My Crouch.yaml:1: expected a file name of small letters, digits and underscores, not auto, got 'My Crouch'"),
    ],
)
def test_a_file_is_called_like_its_topic(name: str, said: str) -> None:
    assert complaint(CROUCHING, name)[0] == said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in RULES.glob("*.yaml"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def test_a_trainer_copies_the_folder_and_changes_a_number(folder: Path) -> None:
    (folder / "crouching.yaml").write_text(CROUCHING.replace("[null, 30]", "[null, 25]"), "utf-8")
    shipped, own = load_rule_sets(RULES)["crouching"], load_rule_sets(folder)["crouching"]
    assert own.rule("crouch.trunk_upright").checks[0].bands.pass_.high == 25
    assert own.sha256 != shipped.sha256


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(folder: Path) -> None:
    (folder / "smile.yaml").write_bytes(b"\xef\xbb\xbf" + (folder / "smile.yaml").read_text("utf-8").replace("\n", "\r\n").encode())
    assert load_rule_sets(folder)["smile"].rules == load_rule_sets(RULES)["smile"].rules


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
def test_a_rule_file_is_read_as_windows_saves_it(encoding: str, folder: Path) -> None:
    file = folder / "sitting.yaml"
    expected = load_rule_sets(folder)["sitting"]
    text = file.read_text("utf-8").translate({ord(c): None for c in "°±≥≤"})
    file.write_bytes(text.encode(encoding, "ignore"))
    found = load_rule_sets(folder)["sitting"]
    assert [rule.clause.zh for rule in found.rules] == [rule.clause.zh for rule in expected.rules]


def test_problems_of_several_files_come_together(folder: Path) -> None:
    (folder / "desk.yaml").unlink()
    (folder / "sitting.yaml").write_bytes(b"topic: sitting\ntitle: \xff\xff\n")
    (folder / "standng.yaml").write_text("", "utf-8")
    (folder / "smoking.yml").write_text("", "utf-8")
    (folder / "smile.yaml").write_text("", "utf-8")
    with pytest.raises(RulesError) as caught:
        load_rule_sets(folder)
    message = str(caught.value)
    assert "desk.yaml: expected this rule file in" in message
    assert "sitting.yaml: expected text, got bytes that are none; save the file as UTF-8" in message
    assert "smile.yaml:1: expected a mapping" in message
    assert "standng.yaml:1: expected a mapping" in message
    assert "smoking.yml: expected a rule file to end in .yaml" in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(STANDING.replace("rules:", "rules: [", 1), "expected YAML", id="no YAML"),
        pytest.param(STANDING.replace("id: stand.trunk_upright", "id: stand.trunk_uprigt"), "missing clause", id="no such rule"),
        pytest.param(None, "expected this rule file", id="no file"),
    ],
)
def test_what_one_file_lacks_is_not_complained_of_in_those_that_name_it(content: str | None, said: str, folder: Path) -> None:
    """Rules of three other files and of the file itself have parents in it."""
    file = folder / "standing.yaml"
    file.unlink()
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(RulesError) as caught:
        load_rule_sets(folder)
    (line,) = str(caught.value).splitlines()
    assert line.startswith("standing.yaml:")
    assert said in line


def test_a_parent_that_no_file_has_is_complained_of(folder: Path) -> None:
    desk = (folder / "desk.yaml").read_text("utf-8")
    (folder / "desk.yaml").write_text(desk.replace("parent: stand.shoulders_level", "parent: stand.shoulders_levl"), "utf-8")
    with pytest.raises(RulesError, match=r"^desk\.yaml:\d+: .*parent: .*; did you mean 'stand\.shoulders_level'\?$"):
        load_rule_sets(folder)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="there are no rule files in"):
        load_rule_sets(tmp_path / "none")


def test_no_two_topics_share_the_beginning_of_an_id(folder: Path) -> None:
    text = (folder / "smile.yaml").read_text("utf-8")
    (folder / "smile.yaml").write_text(text.replace("prefixes: [smile, gaze]", "prefixes: [smile, gaze, sit]"), "utf-8")
    with pytest.raises(RulesError, match=r"^smile\.yaml: prefixes: expected one of its own, got 'sit', which is that of sitting\.yaml$"):
        load_rule_sets(folder)


def test_topics_come_in_their_own_order(folder: Path) -> None:
    shipped = list(load_rule_sets(folder))
    assert shipped[:7] == ["standing", "morning_meeting", "sitting", "desk", "crouching", "smile", "bow"]
    text = (folder / "smile.yaml").read_text("utf-8")
    (folder / "smile.yaml").write_text(text.replace("order: 60", "order: 5"), "utf-8")
    assert list(load_rule_sets(folder)) == ["smile", *(topic for topic in shipped if topic != "smile")]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_error_is_told_in_chinese_at_the_same_place(edit: tuple[str, str, str, str]) -> None:
    old, new, _, _ = edit
    with pytest.raises(RulesError) as caught:
        parse_rule_set(CROUCHING.replace(old, new, 1), "crouching.yaml", _measures(CROUCHING))
    zh, en = (said.splitlines() for said in (caught.value.words.zh, caught.value.words.en))
    assert [line.split(": ")[0] for line in zh] == [line.split(": ")[0] for line in en]
    assert [line for line in zh if not re.search("[\u4e00-\u9fff]", line) or "expected" in line] == []


def bands(pass_: list[float | None], warn: list[float | None]) -> Bands:
    return Bands.model_validate({"pass": tuple(pass_), "warn": tuple(warn)})


def test_states_of_values_include_the_ends_of_the_bands() -> None:
    values = [-9, -8, -3, 5, 5.1, 10, 10.1, np.nan]
    words = [State(int(state)).word for state in bands([-3, 5], [-8, 10]).states(values)]
    assert words == ["fail", "warn", "pass", "pass", "warn", "warn", "fail", "unjudged"]
    assert bands([None, 15], [None, 25]).states(-1e9) == State.PASS


def check(**changes: object) -> MeasureCheck:
    plain = {"measure": "m", "views": ("front",), "bands": {"pass": (0, 1), "warn": (0, 2)}}
    return MeasureCheck.model_validate({**plain, **changes})


@pytest.mark.parametrize(
    ("allow", "capped"),
    [
        pytest.param(("pass", "warn", "fail"), ["pass", "warn", "fail", "unjudged"], id="everything"),
        pytest.param(("pass", "warn"), ["pass", "warn", "warn", "unjudged"], id="never worse than warn"),
        pytest.param(("warn",), ["unjudged", "warn", "warn", "unjudged"], id="only a warning"),
        pytest.param(("fail",), ["unjudged", "unjudged", "fail", "unjudged"], id="only a fault"),
    ],
)
def test_a_state_is_capped_to_what_a_check_may_say(allow: tuple[str, ...], capped: list[str]) -> None:
    assert [check(allow=allow).cap(state).word for state in State] == capped


def test_bands_follow_the_profile_and_the_neutral() -> None:
    wide, female = {"pass": (0, 5), "warn": (0, 6)}, {"pass": (0, 3), "warn": (0, 4)}
    item = check(bands_for={"female": female}, bands_without_neutral=wide)
    assert item.bands_of(Profile.FEMALE, has_neutral=True).pass_.high == 3
    assert item.bands_of(Profile.MALE, has_neutral=True).pass_.high == 1
    assert item.bands_of(Profile.FEMALE, has_neutral=False).pass_.high == 5
    assert check().bands_of(Profile.FEMALE, has_neutral=False).pass_.high == 1


def test_side_means_both_sides() -> None:
    assert check(views=("side", "back")).view_set == {View.SIDE_LEFT, View.SIDE_RIGHT, View.BACK}


def test_a_correction_is_said_by_the_side_on_which_the_value_lies() -> None:
    rule = parse_rule_set(STANDING, "standing.yaml").rule("stand.shoulders_level")
    below, above = (rule.correction_for(rule.checks[0], is_below) for is_below in (True, False))
    assert below is not None
    assert above is not None
    assert ("右肩" in below.zh, "左肩" in above.zh) == (True, True)
    both = Correction.model_validate({"zh": "站直", "en": "Stand straight"})
    assert both.below == both.above == Text("站直", "Stand straight")


def test_the_words_of_a_check_come_before_those_of_its_rule() -> None:
    rule = parse_rule_set(STANDING, "standing.yaml").rule("stand.no_fault_arms")
    said = [words.zh for item in rule.checks if (words := rule.correction_for(item, is_below=False))]
    assert len(set(said)) == 2


def test_the_strict_set_has_nothing_custom_and_keeps_the_groups() -> None:
    rules = parse_rule_set(STANDING, "standing.yaml")
    strict = rules.without_custom()
    assert {rule.id for rule in rules.rules} - {rule.id for rule in strict.rules} == {"stand.no_fault_arms"}
    assert strict.groups == rules.groups


def test_a_set_knows_its_postures() -> None:
    standing, smile = parse_rule_set(STANDING, "standing.yaml"), load_rule_sets(RULES)["smile"]
    assert standing.judges(Posture.STANDING)
    assert not standing.judges(Posture.SITTING)
    assert smile.judges(Posture.UNKNOWN)
    assert not smile.judges(Posture.ABSENT)


def test_rules_do_not_change_after_loading() -> None:
    rule: Rule = parse_rule_set(STANDING, "standing.yaml").rules[0]
    with pytest.raises(ValidationError):
        rule.weight = 2.0
    with pytest.raises(KeyError):
        parse_rule_set(STANDING, "standing.yaml").rule("stand.none")


def test_what_is_wrong_for_one_reader_is_not_held_against_the_next() -> None:
    """A text is read once for all; what is noted against it is each reader's own."""
    said = []
    for _ in range(2):
        with pytest.raises(RulesError) as refused:
            parse_rule_set(STANDING, "standing.yaml", ("no_such_measure",))
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert parse_rule_set(STANDING, "standing.yaml").topic == "standing"
