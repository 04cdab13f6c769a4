"""Rosters as files: those beside the clips belong to the user, and nothing of them is lost."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from posecoach.storage.roster import RosterEntry, check_roster, parse_roster
from posecoach.storage.roster_files import RosterChangedError, dump_roster, dump_template, load_beside, save_beside, store_roster
from posecoach.storage.tables import read_table, table_of_bytes
from posecoach.vocabulary import Profile

DRILLS = {"auto": ("自动",), "standing": ("站姿", "standing"), "desk": ("工位", "话务坐姿")}
LINA = RosterEntry("a,b.mp4", "李娜", Profile.FEMALE, "standing", "早班", "faces/李娜.jpg", 90, True)


def test_what_is_written_reads_the_same_and_an_office_can_read_it() -> None:
    rows = (LINA, RosterEntry("c.mp4"))
    data = dump_roster(rows, DRILLS)
    assert parse_roster(table_of_bytes(data, "r"), DRILLS) == rows
    assert data.decode("utf-8-sig").splitlines()[:2] == [
        "文件,姓名,性别,项目,小组,参考照片,旋转,镜像",
        '"a,b.mp4",李娜,女,站姿,早班,faces/李娜.jpg,90,是',
    ]


def test_with_the_results_references_are_whole(tmp_path: Path) -> None:
    stored = store_roster([LINA], tmp_path, Path("/clips"), DRILLS)
    assert parse_roster(read_table(stored), DRILLS)[0].reference == str(Path("/clips/faces/李娜.jpg"))


def test_the_empty_roster_names_the_clips_and_has_lists_to_pick_from() -> None:
    data = dump_template([RosterEntry("一班/a.mp4"), LINA], DRILLS)
    assert parse_roster(table_of_bytes(data, "r"), DRILLS) == (RosterEntry("一班/a.mp4"), LINA)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count('type="list"') == 4
    assert '"女,男,不区分"' in sheet
    assert '"自动,站姿,工位"' in sheet


def test_the_roster_saved_last_counts(tmp_path: Path) -> None:
    assert load_beside(tmp_path, DRILLS).name is None
    for age, (name, data) in enumerate({"名单.xlsx": dump_template([LINA], DRILLS), "roster.csv": dump_roster([], DRILLS)}.items()):
        (tmp_path / name).write_bytes(data)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    found = load_beside(tmp_path, DRILLS)
    assert (found.name, found.rows) == ("名单.xlsx", (LINA,))


def test_a_table_is_saved_again_and_again_and_rows_of_other_files_stay(tmp_path: Path) -> None:
    assert save_beside(tmp_path, [LINA, RosterEntry("gone.mp4", "王伟")], "", DRILLS) is None
    first = load_beside(tmp_path, DRILLS)
    assert save_beside(tmp_path, [RosterEntry("a,b.mp4", "李丽")], first.mark, DRILLS) is None
    assert load_beside(tmp_path, DRILLS).rows == (RosterEntry("a,b.mp4", "李丽"), RosterEntry("gone.mp4", "王伟"))
    assert [path.name for path in tmp_path.iterdir()] == ["roster.csv"]


def test_a_roster_of_the_users_own_making_is_kept(tmp_path: Path) -> None:
    own = "\ufeff序号,文件,姓名,备注\r\n1,a.mp4,李娜,请假\r\n2,*.mp4,大家,\r\n".encode()
    (tmp_path / "roster.csv").write_bytes(own)
    kept = save_beside(tmp_path, [RosterEntry("a.mp4", "李丽")], load_beside(tmp_path, DRILLS).mark, DRILLS)
    assert kept == tmp_path / "roster.kept.csv"
    assert kept.read_bytes() == own
    assert load_beside(tmp_path, DRILLS).rows == (RosterEntry("a.mp4", "李丽"), RosterEntry("*.mp4", "大家"))


@pytest.mark.parametrize("content", [b"file,nmae\na,b\n", b"\xff\xff\xff", b""], ids=["a wrong column", "no text", "nothing"])
def test_what_cannot_be_read_is_kept_too(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "roster.csv").write_bytes(content)
    found = load_beside(tmp_path, DRILLS)
    assert found.problems
    kept = save_beside(tmp_path, [LINA], found.mark, DRILLS)
    assert kept is not None
    assert kept.read_bytes() == content


def test_what_somebody_else_has_written_meanwhile_stays(tmp_path: Path) -> None:
    mark = load_beside(tmp_path, DRILLS).mark
    (tmp_path / "roster.csv").write_text("file\nmine.mp4\n", "utf-8")
    with pytest.raises(RosterChangedError):
        save_beside(tmp_path, [LINA], mark, DRILLS)
    assert (tmp_path / "roster.csv").read_text("utf-8") == "file\nmine.mp4\n"


def test_a_formula_is_a_name_like_any_other() -> None:
    data = dump_template([RosterEntry("=1+1", "@SUM")], DRILLS)
    rows, problems = check_roster(table_of_bytes(data, "r"), DRILLS)
    assert (rows, problems) == ((RosterEntry("=1+1", "@SUM"),), ())
    safe = dump_roster(rows, DRILLS)
    assert b"'=1+1,'@SUM" in safe
    assert parse_roster(table_of_bytes(safe, "r"), DRILLS) == rows
