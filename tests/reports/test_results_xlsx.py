"""The workbook, read back from its XML."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from posecoach.errors import OutputError
from posecoach.reports.results_csv import COLUMNS
from posecoach.reports.results_xlsx import write_xlsx
from posecoach.reports.rows import ReportClip, people_of, rows_of
from posecoach.vocabulary import State
from tests.reports.fakes import HEAD, clip, person

EVIL = '=HYPERLINK("http://x","y")'
CLIPS = (clip("一/练习.mp4", person(1, "张三")), clip("b.mp4", person(1, EVIL)), clip("c.mp4"))
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def book(tmp_path: Path) -> zipfile.ZipFile:
    rows = [row for i, item in enumerate(CLIPS) for row in rows_of(ReportClip(f"c{i}", "=组", item))]
    write_xlsx(tmp_path / "results.xlsx", HEAD, people_of(rows), CLIPS)
    return zipfile.ZipFile(tmp_path / "results.xlsx")


def sheet(book: zipfile.ZipFile, number: int) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))


def cells(book: zipfile.ZipFile, number: int) -> dict[str, str | float]:
    shared = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
    found: dict[str, str | float] = {}
    for cell in sheet(book, number).iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if value is not None and value.text is not None:
            found[cell.attrib["r"]] = shared[int(value.text)] if cell.attrib.get("t") == "s" else float(value.text)
    return found


def test_the_sheets_are_named_in_both_languages(book: zipfile.ZipFile) -> None:
    names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    assert names == ["总览 Overview", "判定 Verdicts"]


def test_the_overview_has_a_row_a_person_and_a_sign_a_clause(book: zipfile.ZipFile) -> None:
    found = cells(book, 1)
    assert [found[f"A{i}"] for i in (2, 3, 4)] == ["张三", "'" + EVIL, "c.mp4"]
    assert found["D2"] == "! 有待改进"
    assert found["E2"] == pytest.approx(83.3)
    assert str(found["G1"]).startswith("肩平\nShoulders level")
    assert [found[f"{column}2"] for column in "GHIJ"] == ["✗", "✓", "!", "–"]


def test_states_have_colours_of_their_own(book: zipfile.ZipFile) -> None:
    looks = {cell.attrib["r"]: cell.attrib["s"] for cell in sheet(book, 1).iter(f"{MAIN}c")}
    assert len({looks[f"{column}2"] for column in "GHIJ"}) == len(State)


def test_the_verdicts_have_the_columns_of_the_csv(book: zipfile.ZipFile) -> None:
    found = cells(book, 2)
    letters = [chr(65 + i) for i in range(len(COLUMNS))]
    assert [found[f"{letter}1"] for letter in letters] == list(COLUMNS)
    assert found["A2"] == "一/练习.mp4"
    assert found[f"{letters[COLUMNS.index('value')]}2"] == 8.1
    assert found[f"{letters[COLUMNS.index('state')]}2"] == "fail"
    assert f"{letters[COLUMNS.index('reason')]}2" not in found


@pytest.mark.parametrize("number", [1, 2])
def test_both_sheets_filter_and_keep_their_header_in_sight(book: zipfile.ZipFile, number: int) -> None:
    root = sheet(book, number)
    assert root.find(f"{MAIN}autoFilter") is not None
    pane = next(root.iter(f"{MAIN}pane"))
    assert (pane.attrib["state"], pane.attrib["ySplit"]) == ("frozen", "1")


def test_no_text_is_a_formula_or_a_link(book: zipfile.ZipFile) -> None:
    for number in (1, 2):
        assert not list(sheet(book, number).iter(f"{MAIN}f"))
        assert not list(sheet(book, number).iter(f"{MAIN}hyperlink"))
    assert not [value for number in (1, 2) for value in cells(book, number).values() if str(value).startswith("=")]


def test_no_clips_still_make_a_workbook(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "results.xlsx", HEAD, (), ())
    assert zipfile.ZipFile(tmp_path / "results.xlsx").testzip() is None


def test_an_open_workbook_is_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(OutputError, match=r"results\.xlsx cannot be written \(Permission denied\); close it in other programs") as caught:
        write_xlsx(tmp_path / "results.xlsx", HEAD, (), ())
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())
