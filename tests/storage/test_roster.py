"""Rosters as people write them: from Excel, in Chinese, with patterns, and with mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posecoach.storage.roster import RosterEntry, check_roster, drill_names, find_entry, match_roster, parse_roster
from posecoach.storage.tables import RosterError, read_table, table_of_text
from posecoach.vocabulary import Profile
from tests.shipped import RULE_SETS

DRILLS = {"standing": ("站姿", "standing"), "sitting": ("坐姿", "窗口坐姿", "sitting")}


def parse(text: str) -> tuple[RosterEntry, ...]:
    return parse_roster(table_of_text(text, "roster.csv"), DRILLS)


def test_all_columns_in_any_order_from_excel() -> None:
    text = "\ufeffName,File,Drill,Profile,Group,Reference\r\n 李娜 ,a.mp4,sitting,female,一班,refs/李娜.jpg\r\n"
    assert parse(text) == (RosterEntry("a.mp4", "李娜", Profile.FEMALE, "sitting", "一班", "refs/李娜.jpg"),)


def test_only_the_file_is_needed_and_empty_cells_and_lines_are_nothing() -> None:
    text = "file,name,profile\na.mp4,,\n,,\n\nb.mp4,王伟,male\n"
    assert parse(text) == (RosterEntry("a.mp4"), RosterEntry("b.mp4", "王伟", Profile.MALE))


def test_a_short_line_leaves_the_rest_empty() -> None:
    assert parse("file,name,profile\na.mp4,李娜\n") == (RosterEntry("a.mp4", "李娜"),)


@pytest.mark.parametrize("ending", ["\r", "\r\n"], ids=["an old Mac's", "Windows'"])
def test_lines_may_end_as_on_any_machine(ending: str) -> None:
    assert parse(ending.join(["file,name", "a.mp4,李娜", "b.mp4,王伟", ""])) == (RosterEntry("a.mp4", "李娜"), RosterEntry("b.mp4", "王伟"))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        pytest.param("a.mp4", "a.mp4", True, id="the file itself"),
        pytest.param("a.mp4", "day1/a.mp4", True, id="a file name in any folder"),
        pytest.param("day1/a.mp4", "day1/a.mp4", True, id="a path"),
        pytest.param("day1/a.mp4", "day2/a.mp4", False, id="the same name in another folder"),
        pytest.param("A.MP4", "a.mp4", True, id="capitals do not matter"),
        pytest.param("李娜*", "李娜-站姿.mp4", True, id="a pattern with a Chinese name"),
        pytest.param("李娜*", "王伟.mp4", False, id="somebody else"),
        pytest.param("day1/*", "day1/b.mp4", True, id="everything in a folder"),
        pytest.param("a[1].mp4", "a[1].mp4", True, id="a browser's second download is itself and no pattern"),
        pytest.param("一班\\b.mp4", "一班/b.mp4", True, id="as Windows writes paths"),
        pytest.param("a.mp4", "aa.mp4", False, id="no match in the middle of a name"),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert RosterEntry(pattern).matches(path) is expected


def test_names_written_in_two_pieces_match_those_written_in_one() -> None:
    """macOS stores é as e and an accent; results call files in the composed form."""
    (entry,) = parse("file\nCafe\u0301.mp4\n")
    assert entry.matches("Caf\u00e9.mp4")


def test_the_first_row_that_matches_counts() -> None:
    rows = parse("file,name\nb.mp4,王伟\n*.mp4,李娜\nB*.mp4,赵\n")
    assert [entry.name for path in ("b.mp4", "c.mp4") if (entry := find_entry(rows, path))] == ["王伟", "李娜"]
    assert find_entry(rows, "c.jpg") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "roster.csv:1: this is empty; expected file, name, profile, drill, group, reference", id="an empty file"),
        pytest.param("name\n李娜\n", "roster.csv:1: no column 'file'", id="no column for the file"),
        pytest.param("file,nmae\na,b\n", "roster.csv:1: unknown column 'nmae'", id="a typo in a column"),
        pytest.param(
            "file,profile\na.mp4,female\nb.mp4,小孩\n", "roster.csv:3: profile: expected one of female, male, unsp", id="a profile"
        ),
        pytest.param("file,drill\na.mp4,stand\n", "roster.csv:2: drill: expected one of standing, sitting, got 'stand'", id="a drill"),
        pytest.param("file,name\na.mp4,\0\n", "roster.csv: this cannot be read as text", id="bytes that are no text"),
        pytest.param('file,name\na.mp4,"李娜\nb.mp4,王伟\n', "roster.csv: this is no CSV table, a quot", id="a quote that is not closed"),
        pytest.param("file\n" + "x" * 200_000, "roster.csv: this is no CSV table", id="a cell without end"),
        pytest.param("file,name\n,李娜\n", "roster.csv:2: file: expected a file name or pattern, got nothing", id="no file"),
    ],
)
def test_mistakes_are_told_with_file_line_and_column(text: str, message: str) -> None:
    with pytest.raises(RosterError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("line", ["b.mp4,王伟,female", ",,female"], ids=["a line with a comma too many", "a line with nothing but that"])
def test_a_cell_too_many_is_told_with_its_line(line: str) -> None:
    with pytest.raises(RosterError, match=r"roster\.csv:3: expected no more cells than columns, got 'female' too"):
        parse(f"file,name\na.mp4,李娜\n{line}\n")


def test_empty_cells_beyond_the_last_column_are_what_spreadsheets_write() -> None:
    assert parse("file,name\na.mp4,李娜,,\n,,,\n") == (RosterEntry("a.mp4", "李娜"),)


def test_all_mistakes_are_found_with_their_places_beside_the_rows_that_are_right() -> None:
    text = "file,name,profile\na.mp4,李娜,小孩\nb.mp4,王伟,male\n,赵,\nc.mp4,钱,male,x\n"
    rows, problems = check_roster(table_of_text(text, "roster.csv"), DRILLS)
    assert [row.file for row in rows] == ["b.mp4"]
    assert [(problem.line, problem.column) for problem in problems] == [(2, "profile"), (4, "file"), (5, None)]
    assert "“小孩”" in problems[0].what.zh
    assert problems[0].what.en in str(problems[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_is_read_as_spreadsheets_save_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("file,name\r\na.mp4,李娜\r\n".encode(encoding))
    assert read_table(path).rows == ((1, ("file", "name")), (2, ("a.mp4", "李娜")))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "no such roster file"),
        (b"PK\x03\x04", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"\xff\xff\xff", "as text"),
    ],
)
def test_a_file_that_is_no_roster_is_named(data: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(RosterError, match=said) as caught:
        read_table(path)
    assert "名单.csv" in str(caught.value)


def test_a_row_behind_a_pattern_still_has_its_clip() -> None:
    matched = match_roster(parse("file\nzhang_*\nzhang_1.mp4\nli.mp4\n"), ["zhang_1.mp4", "wang.mp4"])
    assert (matched.rows_without, matched.clips_without) == (("li.mp4",), ("wang.mp4",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,name\na.mp4,李\nb.mp4,王\nA.MP4,张\n", "roster.csv:4: file: the same file as line 2, 'A.MP4'; leave one"),
        ("file,name\n一班/a.mp4,李\n一班\\a.mp4,张\n", "roster.csv:3: file: the same file as line 2"),
        ("file,name,Name\na.mp4,李,张\n", "roster.csv:1: the column 'Name' is there twice; leave one"),
        ("file,name,,\na.mp4,李,,张\n", "roster.csv:2: column 4 has no heading, but holds '张'"),
    ],
    ids=["the same file again", "the same file with the other slash", "a column again", "a cell under no heading"],
)
def test_what_could_be_meant_in_two_ways_is_asked_about(text: str, message: str) -> None:
    _, problems = check_roster(table_of_text(text, "roster.csv"), DRILLS)
    assert [str(problem).startswith(message) for problem in problems] == [True], problems


def test_empty_columns_at_the_end_are_what_spreadsheets_leave() -> None:
    assert parse("file,name,,,\na.mp4,李,,,\n") == (RosterEntry("a.mp4", "李"),)


def test_a_clip_is_turned_and_turned_back_from_a_mirror_as_its_row_says() -> None:
    rows = parse("file,rotate,mirrored\na.mp4,90,yes\nb.mp4,,否\nc.mp4,0,\n")
    assert [(row.rotate_deg, row.is_mirrored) for row in rows] == [(90, True), (None, False), (0, None)]


@pytest.mark.parametrize(
    ("row", "message"),
    [("a.mp4,45,", "rotate: expected one of 0, 90, 180, 270, got '45'"), ("a.mp4,,maybe", "mirrored: expected one of yes, no")],
)
def test_a_turn_there_is_not_is_named(row: str, message: str) -> None:
    with pytest.raises(RosterError, match=message):
        parse(f"file,rotate,mirrored\n{row}\n")


def test_a_roster_in_chinese_reads_as_the_one_in_english() -> None:
    chinese = "文件,姓名,性别,项目,小组,参考照片,旋转,镜像\na.mp4,李娜,女,窗口坐姿,一班,refs/李娜.jpg,90°,是\nb.mp4,王伟,男士,站姿,,,,否\n"
    english = (
        "file,name,profile,drill,group,reference,rotate,mirrored\n"
        "a.mp4,李娜,Female,sitting,一班,refs/李娜.jpg,90,yes\nb.mp4,王伟,male,Standing,,,,no\n"
    )
    assert parse(chinese) == parse(english)


@pytest.mark.parametrize(
    ("word", "profile"), [("女", Profile.FEMALE), ("女士", Profile.FEMALE), ("男", Profile.MALE), ("不区分", Profile.UNSPECIFIED)]
)
def test_an_office_writes_whose_standard_holds_in_its_own_words(word: str, profile: Profile) -> None:
    assert parse(f"文件,性别\na.mp4,{word}\n")[0].profile is profile


def test_drills_are_called_as_their_rule_files_call_them() -> None:
    names = drill_names(RULE_SETS.values())
    for word, code in {
        "站姿": "standing",
        "晨会": "morning_meeting",
        "坐姿": "sitting",
        "工位": "desk",
        "蹲姿": "crouching",
        "微笑": "smile",
    }.items():
        assert parse_roster(table_of_text(f"文件,项目\na.mp4,{word}\n", "r"), names)[0].drill == code
    assert parse_roster(table_of_text("文件,项目\na.mp4,自动\n", "r"), names)[0].drill == "auto"
    words = [word for code, said in names.items() for word in {code, *said}]
    assert len(words) == len(set(words)), "a word that means two drills"


def test_a_title_above_the_headings_and_columns_of_the_office_are_passed_over() -> None:
    text = "一班站姿考核名单,,,\n,,,\n序号,姓名,文件名,备注\n1,李娜,a.mp4,请假\n"
    assert parse(text) == (RosterEntry("a.mp4", "李娜"),)


def test_cells_copied_out_of_a_spreadsheet_have_tabs_between_them() -> None:
    assert parse("文件\t姓名\t性别\na,1.mp4\t李娜\t女\n") == (RosterEntry("a,1.mp4", "李娜", Profile.FEMALE),)


def test_the_ending_of_a_file_may_be_left_out() -> None:
    assert RosterEntry("李娜").matches("一班/李娜.mp4")
    assert RosterEntry("一班/李娜").matches("一班/李娜.mp4")
    assert not RosterEntry("李").matches("李娜.mp4")


def test_what_is_wrong_is_told_with_the_heading_as_it_is_written() -> None:
    _, (problem,) = check_roster(table_of_text("文件,性别\na.mp4,小孩\n", "名单.csv"), DRILLS)
    assert problem.words.zh == "名单.csv 第 2 行“性别”列：只能是 女、男、不区分 之一，现在是“小孩”"
    assert not re.search("[a-z]", problem.what.zh)
