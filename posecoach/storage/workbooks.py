"""The text in the cells of an Excel workbook (.xlsx), read within bounds: a workbook comes from anywhere, and unpacks to any size."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from posecoach.errors import PosecoachError
from posecoach.storage.plain_json import DAMAGE
from posecoach.vocabulary import Text

MOST_UNPACKED = 16_000_000
"""Bytes of a part of the workbook; the sheet of a roster of 400 clips has 0.2 million."""
MOST_COLUMNS = 200
MOST_ROWS = 50_000
"""Rows that are looked at, blank ones too."""

_DAMAGED = Text("读不了这个 Excel 文件，可能损坏了；请在 Excel 里重新保存一次", "this workbook cannot be read: save it again in Excel")
_TOO_LARGE = Text("这个 Excel 文件太大；名单请单独存成一个文件", "this workbook is too large: save the roster as a file of its own")
_NO_SHEET = Text("这个 Excel 文件里没有工作表", "this workbook has no sheet")
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


class NoWorkbookError(PosecoachError):
    """A workbook that cannot be read."""


def is_workbook(data: bytes) -> bool:
    """Whether bytes begin as a workbook of Excel 2007 or later."""
    return data.startswith(b"PK\x03\x04")


def is_old_workbook(data: bytes) -> bool:
    """Whether bytes begin as a workbook of an older Excel, or as one with a password."""
    return data.startswith(b"\xd0\xcf\x11\xe0")


def rows_of_workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that is not hidden, with their numbers from 1; numbers as they are read. Raises `NoWorkbookError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            shared = list(_shared_texts(archive))
            yield from _rows(_part(archive, _first_sheet(archive)), shared)
    except NoWorkbookError:
        raise
    except DAMAGE as error:  # of XML too: its errors are SyntaxErrors
        raise NoWorkbookError(_DAMAGED) from error


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the workbook. The archive never gives more bytes than it says."""
    if archive.getinfo(name).file_size > MOST_UNPACKED:
        raise NoWorkbookError(_TOO_LARGE)
    data = archive.read(name)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data[:4] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NoWorkbookError(_DAMAGED)
    return data


def _elements(data: bytes, *names: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """The elements of these names, whatever their namespace, each forgotten once the next is asked for, and all others at once."""
    outer: list[ElementTree.Element] = []
    within = 0
    # documents with declarations, in which entities hide, are refused
    for event, element in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):  # noqa: S314
        name = _local(element)
        if event == "start":
            outer.append(element)
            within += name in names
            continue
        outer.pop()
        within -= name in names
        if name in names:
            yield name, element
        if outer and not within:
            outer[-1].remove(element)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The name of the part with the first sheet that is not hidden."""
    shown = (
        _key(sheet) for _, sheet in _elements(_part(archive, "xl/workbook.xml"), "sheet") if sheet.get("state", "visible") == "visible"
    )
    wanted = next(shown, None)
    for _, link in _elements(_part(archive, "xl/_rels/workbook.xml.rels"), "Relationship"):
        if wanted is not None and link.get("Id") == wanted:
            return posixpath.normpath(posixpath.join("xl", link.get("Target", ""))).lstrip("/")
    raise NoWorkbookError(_NO_SHEET)


def _key(sheet: ElementTree.Element) -> str | None:
    return next((value for name, value in sheet.attrib.items() if name.rpartition("}")[2] == "id" and "}" in name), None)


def _shared_texts(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in archive.namelist():
        for _, item in _elements(_part(archive, "xl/sharedStrings.xml"), "si"):
            yield _text(item)


def _text(item: ElementTree.Element) -> str:
    """Plain and formatted text; not the reading aids (``rPh``) that Asian Excels add."""
    own = [child for child in item if _local(child) in ("t", "r")]
    return "".join(part.text or "" for child in own for part in child.iter() if _local(part) == "t")


def _rows(data: bytes, shared: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for count, (_, row) in enumerate(_elements(data, "row")):
        if count >= MOST_ROWS:
            raise NoWorkbookError(_TOO_LARGE)
        number = int(row.get("r") or number + 1)
        cells: list[str] = []
        for cell in row:
            text = _cell(cell, shared)
            at = _column(cell.get("r"), len(cells))
            if text and at < MOST_COLUMNS:
                cells += [""] * (at + 1 - len(cells))
                cells[at] = text
        yield number, cells


def _column(place: str | None, following: int) -> int:
    """The column of a cell called ``place`` (``B3``), from 0; without a place the one that follows."""
    found = _PLACE.fullmatch(place or "")
    if found is None:
        return following
    number = 0
    for letter in found[1].upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    kind, parts = cell.get("t", "n"), {_local(child): child for child in cell}
    if kind == "inlineStr":
        return _text(parts["is"]) if "is" in parts else ""
    value = (parts["v"].text or "") if "v" in parts else ""
    if kind == "s" and value:
        return shared[int(value)]
    return value.removesuffix(".0") if kind == "n" else value
