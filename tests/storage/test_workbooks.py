"""Workbooks as an office saves them, and those that somebody made to do harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from posecoach.storage.tables import OF_A_ROSTER, RosterError, table_of_bytes
from posecoach.storage.workbooks import MOST_UNPACKED

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def workbook(*sheets: Sequence[Sequence[Any]], hidden: int = 0) -> bytes:
    """As a spreadsheet program saves it, the first ``hidden`` sheets out of sight."""
    room = io.BytesIO()
    book = xlsxwriter.Workbook(room)
    for i, rows in enumerate(sheets):
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if i < hidden:
            sheet.hide()
        elif i == hidden:
            sheet.activate()
    book.close()
    return room.getvalue()


def by_hand(sheet: str, shared: str = "", main: str = MAIN, target: str = "worksheets/sheet1.xml") -> bytes:
    """A workbook of which the sheet is written out; stored packed."""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{LINKS}"><sheets><sheet name="a" sheetId="1" r:id="x"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="x" Target="{target}"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
    }
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return room.getvalue()


def rows_in(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return list(table_of_bytes(data, "名单.xlsx").rows)


def test_rows_of_the_first_sheet_in_sight_with_their_numbers() -> None:
    data = workbook([["hidden"]], [["文件", "姓名"], [], ["a.mp4", "李娜"], [" ", ""], ["", "王伟", 90, 1.5]], hidden=1)
    assert rows_in(data) == [(1, ("文件", "姓名")), (3, ("a.mp4", "李娜")), (5, ("", "王伟", "90", "1.5"))]


def test_text_is_read_in_all_its_ways_without_reading_aids() -> None:
    shared = '<si><r><t>李</t></r><r><t>娜</t></r><rPh sb="0" eb="1"><t>li na</t></rPh></si><si><t/></si>'
    cells = '<c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>王伟</t></is></c><c t="str"><v>=x</v></c><c r="E1" t="s"/><c/>'
    assert rows_in(by_hand(f"<row>{cells}</row>", shared)) == [(1, ("李娜", "", "王伟", "=x"))]


@pytest.mark.parametrize(
    ("main", "target"), [(STRICT, "worksheets/sheet1.xml"), (MAIN, "/xl/worksheets/sheet1.xml")], ids=["strict", "whole"]
)
def test_other_programs_write_other_names_for_the_same(main: str, target: str) -> None:
    sheet = '<row r="2"><c r="B2" t="inlineStr"><is><t>李娜</t></is></c></row>'
    assert rows_in(by_hand(sheet, main=main, target=target)) == [(2, ("", "李娜"))]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"PK\x03\x04" + b"\0" * 500, "cannot be read", id="no archive"),
        pytest.param(by_hand("<row"), "cannot be read", id="half a sheet"),
        pytest.param(by_hand('<row><c t="s"><v>7</v></c></row>'), "cannot be read", id="a text there is not"),
        pytest.param(by_hand("", target="worksheets/none.xml"), "cannot be read", id="a sheet there is not"),
        pytest.param(by_hand("", '<!DOCTYPE a [<!ENTITY b "c">]>'), "cannot be read", id="entities"),
        pytest.param(by_hand(" " * (MOST_UNPACKED + 1)), "too large", id="what unpacks without end"),
        pytest.param(by_hand("<row/>" * 60_000), "too large", id="rows without end"),
        pytest.param(by_hand("<row><c><v>1</v></c></row>" * 5_001), "5000 rows at most", id="too many rows"),
        pytest.param(b"x" * (OF_A_ROSTER.bytes + 1), "1 MB at most", id="a large file"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 9, "old Excel", id="an old workbook"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, said: str) -> None:
    with pytest.raises(RosterError, match=said) as caught:
        table_of_bytes(data, "名单.xlsx")
    assert caught.value.words.zh.startswith("名单.xlsx：")


def test_entities_hide_in_no_other_encoding() -> None:
    """Without a mark of its byte order UTF-16 is known by its first bytes."""
    room = io.BytesIO(by_hand(""))
    with zipfile.ZipFile(room, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY b "c">]><sst><si><t>&b;</t></si></sst>'.encode("utf-16-le"))
    with pytest.raises(RosterError, match="cannot be read"):
        table_of_bytes(room.getvalue(), "名单.xlsx")


def test_a_cell_far_away_takes_no_room() -> None:
    tracemalloc.start()
    try:
        assert rows_in(by_hand('<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="ZZZ1"><v>1</v></c><c r="B1"><v>2</v></c></row>')) == [
            (1048576, ("", "2"))
        ]
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
