"""Two gradings side by side: who is paired with whom, what became of each clause, what is said and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from posecoach.cli.main import main
from posecoach.judging.comparing import Pair, compare, rules_difference
from posecoach.judging.results import ClipError, ClipResult, PersonResult, Results, RuleFileUsed
from posecoach.reports.comparison import Compared, dump_comparison_csv, dump_comparison_html
from posecoach.storage.output_folder import MANIFEST
from posecoach.storage.results_json import dump_results
from posecoach.vocabulary import Change, Profile, State, Text
from tests.reports.fakes import GENERATOR, NAMES, RULES, clause, clip

UP, WARN, DOWN, NONE = State.PASS, State.WARN, State.FAIL, State.UNJUDGED
VALUES = {UP: 1.0, WARN: 4.5, DOWN: 8.1, NONE: None}
EVIL = '<script>alert("x")</script>'


def take(
    path: str, name: str | None = None, drill: str = "standing", score: float | None = 50.0, id_: int = 1, **states: State
) -> ClipResult:
    """A clip with one person and a clause for each keyword."""
    verdicts = tuple(clause(f"stand.{key}", state, VALUES[state]) for key, state in states.items())
    who = PersonResult(id_, name, score, "improve", (), verdicts)
    return replace(clip(path, who), drill=drill, profile=Profile.FEMALE)


def only(before: Sequence[ClipResult], after: Sequence[ClipResult]) -> Pair:
    (pair,) = compare(before, after).pairs
    return pair


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (DOWN, UP, Change.IMPROVED),
        (WARN, UP, Change.IMPROVED),
        (DOWN, WARN, Change.IMPROVED),
        (UP, WARN, Change.WORSE),
        (WARN, DOWN, Change.WORSE),
        (DOWN, DOWN, Change.SAME),
        (NONE, DOWN, Change.NEWLY_JUDGED),
        (UP, NONE, Change.NO_LONGER_JUDGED),
        (NONE, NONE, Change.NOT_JUDGED),
    ],
)
def test_a_clause_changes_from_state_to_state(before: State, after: State, change: Change) -> None:
    assert only([take("a.mp4", x=before)], [take("a.mp4", x=after)]).clauses[0].change is change


def test_a_clause_of_one_side_alone_is_newly_or_no_longer_judged() -> None:
    pair = only([take("a.mp4", old=UP)], [take("a.mp4", new=DOWN)])
    assert {c.clause_id: c.change for c in pair.clauses} == {
        "stand.old": Change.NO_LONGER_JUDGED,
        "stand.new": Change.NEWLY_JUDGED,
    }


# --- who belongs together ---------------------------------------------------------------------------------------------------------------


def test_people_are_paired_by_name_though_their_clips_are_called_otherwise() -> None:
    result = compare(
        [take("1.mp4", "张敏", x=DOWN), take("2.mp4", "李强", x=UP)], [take("8.mp4", "李强", x=UP), take("9.mp4", "张敏", x=UP)]
    )
    assert {pair.name: pair.tally()[Change.IMPROVED] for pair in result.pairs} == {"张敏": 1, "李强": 0}
    assert result.only_before == result.only_after == ()


def test_two_people_are_never_paired_because_their_phones_count_alike() -> None:
    result = compare([take("IMG_0001.mp4", "张敏", x=UP)], [take("IMG_0001.mp4", "李强", x=DOWN)])
    assert result.pairs == ()
    assert [t.name for t in (*result.only_before, *result.only_after)] == ["张敏", "李强"]


def test_without_names_clips_are_paired_by_path() -> None:
    result = compare([take("a.mp4", x=UP), take("b.mp4", x=UP)], [take("b.mp4", x=UP), take("c.mp4", x=UP)])
    assert [pair.path for pair in result.pairs] == ["b.mp4"]
    assert [t.path for t in (*result.only_before, *result.only_after)] == ["a.mp4", "c.mp4"]


def test_a_name_that_came_later_does_not_part_a_clip_from_itself() -> None:
    pair = only([take("a.mp4", x=UP)], [take("a.mp4", "张敏", x=UP)])
    assert (pair.name, pair.path) == ("张敏", "a.mp4")


def test_people_of_a_row_are_paired_by_their_number() -> None:
    row = [PersonResult(i, None, None, "improve", (), (clause("stand.x", state),)) for i, state in ((1, UP), (2, DOWN))]
    pairs = compare([clip("row.mp4", *row)], [clip("row.mp4", *reversed(row))]).pairs
    assert [pair.tally() for pair in pairs] == [{Change.SAME: 1}, {Change.SAME: 1}]


def test_a_clip_with_nobody_in_it_is_no_longer_judged() -> None:
    nobody = replace(take("a.mp4"), people=())
    pair = only([take("a.mp4", x=UP)], [nobody])
    assert pair.tally() == {Change.NO_LONGER_JUDGED: 1}
    assert pair.score_after is None


def test_a_drill_that_was_not_repeated_takes_no_part() -> None:
    before = [take("1.mp4", "张敏", "standing", 40, x=DOWN), take("2.mp4", "张敏", "smile", 0, smile=DOWN)]
    result = compare(before, [take("9.mp4", "张敏", "standing", 90, x=UP)])
    (pair,) = result.pairs
    assert (pair.score_before, pair.score_after) == (40, 90)
    assert [t.path for t in result.only_before] == ["2.mp4"]


def test_an_open_drill_goes_with_any() -> None:
    pair = only([take("1.mp4", "张敏", "auto", x=DOWN)], [take("9.mp4", "张敏", "standing", x=UP)])
    assert pair.tally() == {Change.IMPROVED: 1}
    assert pair.is_other_task


def test_front_and_side_clips_complete_each_other() -> None:
    before = [take("f.mp4", "张敏", x=DOWN, y=NONE), take("s.mp4", "张敏", x=NONE, y=UP)]
    pair = only(before, [take("f2.mp4", "张敏", x=UP, y=NONE), take("s2.mp4", "张敏", x=NONE, y=DOWN)])
    assert {c.clause_id: c.change for c in pair.clauses} == {"stand.x": Change.IMPROVED, "stand.y": Change.WORSE}


def test_of_several_takes_the_middle_one_counts_and_of_two_the_worse() -> None:
    before = [take(f"{i}.mp4", "张敏", score=score, x=state) for i, (state, score) in enumerate([(UP, 100), (UP, 100), (DOWN, 10)])]
    pair = only(before, [take("8.mp4", "张敏", x=UP), take("9.mp4", "张敏", x=WARN)])
    assert pair.clauses[0].before is not None
    assert pair.clauses[0].after is not None
    assert (pair.clauses[0].before.state, pair.clauses[0].after.state) == (UP, WARN)
    assert pair.score_before == 70


STATES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(State), max_size=3)
CLIPS = st.lists(
    st.builds(
        lambda path, name, drill, states: take(path, name, drill, **states),
        st.sampled_from(["1.mp4", "2.mp4", "3.mp4"]),
        st.sampled_from([None, "张敏", "李强"]),
        st.sampled_from(["auto", "standing"]),
        STATES,
    ),
    max_size=5,
)


@given(CLIPS, CLIPS)
def test_every_take_is_in_exactly_one_place_and_the_way_back_mirrors(before: list[ClipResult], after: list[ClipResult]) -> None:
    there, back = compare(before, after), compare(after, before)
    for clips, side, alone in ((before, "before", there.only_before), (after, "after", there.only_after)):
        placed = [t.path for pair in there.pairs for t in getattr(pair, side)] + [t.path for t in alone]
        assert sorted(placed) == sorted(c.path for c in clips)
    assert there.tally()[Change.IMPROVED] == back.tally()[Change.WORSE]
    assert there.tally()[Change.NEWLY_JUDGED] == back.tally()[Change.NO_LONGER_JUDGED]


@given(CLIPS)
def test_a_grading_does_not_differ_from_itself(clips: list[ClipResult]) -> None:
    result = compare(clips, clips)
    assert set(result.tally()) <= {Change.SAME, Change.NOT_JUDGED}
    assert result.only_before == result.only_after == ()


def test_what_got_worse_comes_first() -> None:
    before = [take("1.mp4", a=DOWN, b=UP, c=UP), take("2.mp4", a=DOWN, b=UP, c=UP)]
    result = compare(before, [take("1.mp4", a=UP, b=UP, c=DOWN), take("2.mp4", a=UP, b=UP, c=UP)])
    assert list(result.changed()) == ["stand.c", "stand.a"]


@pytest.mark.parametrize(
    ("values", "changed", "change"),
    [
        ((8.1, 8.1), ("stand.x",), Change.BY_RULES),
        ((8.1, 7.9), ("stand.x",), Change.IMPROVED),
        ((8.1, 8.1), ("stand.y",), Change.IMPROVED),
    ],
    ids=["the same was measured", "something else was measured", "the rule is the same"],
)
def test_what_only_the_rules_changed_is_nobodys_progress(values: tuple[float, float], changed: tuple[str, ...], change: Change) -> None:
    before, after = (
        [clip("a.mp4", PersonResult(1, "张敏", 50.0, "improve", (), (clause("stand.x", state, value),)))]
        for state, value in zip((DOWN, UP), values, strict=True)
    )
    assert compare(before, after, changed).pairs[0].clauses[0].change is change


def test_rule_files_that_differ_are_named() -> None:
    found = rules_difference({"a.yaml": "1", "b.yaml": "1", "c.yaml": "1"}, {"a.yaml": "1", "b.yaml": "2", "d.yaml": "1"})
    assert (found.changed, found.only_before, found.only_after) == (("b.yaml",), ("c.yaml",), ("d.yaml",))
    assert found
    assert not rules_difference({"a.yaml": "1"}, {"a.yaml": "1"})


# --- what is written and said -----------------------------------------------------------------------------------------------------------


def compared(before: Sequence[ClipResult], after: Sequence[ClipResult], sha256: str = "a" * 64) -> Compared:
    first = Results(GENERATOR, RULES, tuple(before), (ClipError("broken.mp4", Text("不是视频", "not a video")),))
    return Compared(first, Results(GENERATOR, (RuleFileUsed("standing.yaml", sha256),), tuple(after)), ("春训前", "春训后"), NAMES)


PAIRED = ([take("1.mp4", "张敏", score=40, head_up=DOWN, z=UP)], [take("9.mp4", "张敏", score=80, head_up=UP, z=UP), take("x.mp4", x=UP)])


def test_the_page_says_what_changed_and_for_whom() -> None:
    text = dump_comparison_html(compared(*PAIRED))
    for words in ("春训前", "春训后", "张敏", "抬头", "Head up", "进步", "✗ ", "40 → <b>80</b>", "x.mp4", "broken.mp4", "not a video"):
        assert words in text, words
    assert "规则文件不同" not in text


def test_the_page_warns_when_the_rules_differ() -> None:
    text = dump_comparison_html(compared(*PAIRED, sha256="b" * 64))
    assert "规则文件不同" in text
    assert "standing.yaml" in text


def test_a_verdict_that_only_the_rules_changed_is_grey_on_the_page() -> None:
    sides = [clip("a.mp4", PersonResult(1, None, 50.0, "improve", (), (clause("stand.head_up", state, 8.1),))) for state in (DOWN, UP)]
    found = replace(compared(sides[:1], sides[1:], sha256="b" * 64), files={"stand.head_up": "standing.yaml"})
    text = dump_comparison_html(found)
    assert "只是规则变了" in text
    assert 'class="number improved"' not in text
    assert rows(dump_comparison_csv(found))[0]["change"] == "by_rules"


def test_the_page_fetches_nothing_and_escapes_names() -> None:
    evil = [take(EVIL, EVIL, x=DOWN)]
    text = dump_comparison_html(compared(evil, [take("other.mp4", EVIL, x=UP), take(EVIL, x=UP)]))
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    for sign in ("http:", "https:", "src=", "<link", "@import", "url("):
        assert sign not in text


def test_two_gradings_without_anything_in_common_are_said_to_be_so() -> None:
    assert "无法对比" in dump_comparison_html(compared([take("a.mp4")], [take("b.mp4")]))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_a_row_for_each_clause_and_each_take_left_over() -> None:
    first, second, alone = rows(dump_comparison_csv(compared(*PAIRED)))
    assert (first["name"], first["id"], first["change"], first["before"], first["after"]) == (
        "张敏",
        "stand.head_up",
        "improved",
        "fail",
        "pass",
    )
    assert (first["path_before"], first["path_after"], first["score_before"], first["score_after"]) == ("1.mp4", "9.mp4", "40.0", "80.0")
    assert (first["clause_zh"], second["change"]) == ("抬头", "same")
    assert (alone["change"], alone["path_after"], alone["id"]) == ("unmatched", "x.mp4", "")


def test_a_name_is_no_formula_in_the_table() -> None:
    assert rows(dump_comparison_csv(compared([take("a.mp4", "=1+1", x=UP)], [take("a.mp4", "=1+1", x=UP)])))[0]["name"] == "'=1+1"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    both = tmp_path / "春训 前", tmp_path / "after"
    for folder, clips, sha256 in zip(both, PAIRED, ("a" * 64, "b" * 64), strict=True):
        folder.mkdir()
        text = dump_results(Results(GENERATOR, (RuleFileUsed("standing.yaml", sha256),), tuple(clips)))
        (folder / "results.json").write_text(text, "utf-8")
    return both


def test_the_command_shows_the_changes_and_writes_beside_the_second(folders: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(main, ["compare", *map(str, folders)])
    assert done.exit_code == 0, done.output
    for words in (
        "The rule files differ (changed: standing.yaml)",
        "Improved 1",
        "stand.head_up",
        "张敏",
        "40 → 80",
        "✗→✓",
        "only in",
    ):
        assert words in done.stdout, words
    assert {path.name for path in folders[1].iterdir()} == {"results.json", "compare.html", "compare.csv", MANIFEST}
    assert (folders[1] / "compare.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert [path.name for path in folders[0].iterdir()] == ["results.json"]


def test_the_command_writes_where_it_is_told(folders: tuple[Path, Path], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["compare", *map(str, folders), "--out", str(tmp_path / "new" / "folder")])
    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == {"compare.html", "compare.csv", MANIFEST}


@pytest.mark.parametrize("missing", [0, 1])
def test_a_folder_without_results_is_one_clear_line(folders: tuple[Path, Path], missing: int) -> None:
    (folders[missing] / "results.json").unlink()
    done = CliRunner().invoke(main, ["compare", *map(str, folders)])
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert "results.json cannot be read" in line
    assert folders[missing].name in line


def test_a_file_name_in_brackets_is_shown_as_it_is(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        results = Results(GENERATOR, RULES, (take("[red]站[1].mp4", x=UP), take(f"[bold]{name}.mp4", x=UP)))
        (tmp_path / name / "results.json").write_text(dump_results(results), "utf-8")
    shown = CliRunner().invoke(main, ["compare", str(tmp_path / "a"), str(tmp_path / "b")]).stdout
    assert "[red]站[1].mp4" in shown
    assert "[bold]a.mp4" in shown
