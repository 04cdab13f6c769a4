"""Tables as an office writes them: CSV, cells copied out of a spreadsheet, an Excel workbook. What their columns mean is told elsewhere."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecoach.errors import PosecoachError, reason_of
from posecoach.rulebook.encodings import decode_text
from posecoach.storage.workbooks import NoWorkbookError, is_old_workbook, is_workbook, rows_of_workbook
from posecoach.vocabulary import Text

_LOOKED_THROUGH = 10
"""Rows in which the headings may stand: many a table begins with its title."""

NO_TEXT = Text("读不出文字，请在 Excel 里另存为“CSV UTF-8”", "this cannot be read as text: save it as CSV UTF-8")
_OLD = Text(
    "这是旧版 Excel 文件（.xls），或者设了密码；请另存为不带密码的 .xlsx",
    "this is a workbook of an old Excel (.xls), or one with a password: save it as .xlsx without a password",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With what a spreadsheet begins a formula."""
_IGNORED = frozenset(("序号", "编号", "工号", "备注", "说明", "职务", "岗位", "日期", "电话", "手机", "no.", "note", "notes"))
"""Columns that offices keep in their lists and nobody here asks for."""


def harmless(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


class RosterError(PosecoachError):
    """A roster that does not load; the message names line and column.

    ``line`` counts from 1, ``column`` is the heading as it is written; None where a whole roster or a whole line is wrong. ``what`` is
    wrong is told without the place too.
    """

    def __init__(self, what: Text, source: str = "", line: int | None = None, column: str | None = None) -> None:
        zh = "".join((source, f" 第 {line} 行" if line else "", f"“{column}”列" if column else "")).strip()
        en = ": ".join(filter(None, (f"{source}:{line}" if line else source, column)))
        super().__init__(Text(f"{zh}：{what.zh}", f"{en}: {what.en}") if en else what)
        self.what, self.line, self.column = what, line, column


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a table may be."""

    bytes: int
    rows: int

    @property
    def too_large(self) -> Text:
        """What is said of more bytes."""
        mega = self.bytes // 1_000_000
        return Text(f"表格太大，最多 {mega} MB", f"the table is too large: {mega} MB at most")

    @property
    def too_many_rows(self) -> Text:
        """What is said of more rows."""
        return Text(f"表格太长，最多 {self.rows} 行", f"the table is too long: {self.rows} rows at most")


OF_A_ROSTER = Bounds(bytes=1_000_000, rows=5000)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the line each stands in, without those that are blank; ``source`` is what messages call the table."""

    source: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a table may have, by their names here, each with the headings that mean it; those in ``needed`` have to be there."""

    headings: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def of(self, heading: str) -> str | None:
        """The column that a heading means; None for one that is not known."""
        wanted = heading.casefold()
        return next((name for name, known in self.headings.items() if wanted == name or wanted in known), None)

    @property
    def told(self) -> Text:
        """The columns as they are told to people."""
        chinese = [f"{known[0]}（{name}）" for name, known in self.headings.items()]
        return Text("、".join(chinese), ", ".join(self.headings))


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its line, its cells by column (empty ones left out), and how each heading is written."""

    line: int
    cells: Mapping[str, str]
    written: Mapping[str, str]


def read_table(path: Path) -> Table:
    """The roster in a file. Raises `RosterError`."""
    try:
        with path.open("rb") as file:
            data = file.read(OF_A_ROSTER.bytes + 1)
    except FileNotFoundError as error:
        raise RosterError(Text("没有这个名单文件", "no such roster file"), str(path)) from error
    except OSError as error:
        why = reason_of(error)
        raise RosterError(Text(f"读不了：{why.zh}；请检查权限", f"cannot be read: {why.en}; check the permissions"), str(path)) from error
    return table_of_bytes(data, path.name)


def table_of_bytes(data: bytes, source: str, bounds: Bounds = OF_A_ROSTER) -> Table:
    """The table in the bytes of a file: an Excel workbook, or text as `table_of_text` takes it. Raises `RosterError`."""
    if len(data) > bounds.bytes:
        raise RosterError(bounds.too_large, source)
    if is_old_workbook(data):
        raise RosterError(_OLD, source)
    if is_workbook(data):
        try:
            return _table(source, rows_of_workbook(data), bounds)
        except NoWorkbookError as error:
            raise RosterError(error.words, source) from error
    text = decode_text(data)
    if text is None:
        raise RosterError(NO_TEXT, source)
    return table_of_text(text, source, bounds)


def table_of_text(text: str, source: str, bounds: Bounds = OF_A_ROSTER) -> Table:
    """The table in text: CSV, or with tabs between the cells as spreadsheets copy them. Raises `RosterError`."""
    if "\0" in text:
        raise RosterError(NO_TEXT, source)
    text = text.lstrip("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=None), delimiter="\t" if _is_tabbed(text) else ",", strict=True)
    try:
        return _table(source, ((reader.line_num, row) for row in reader), bounds)
    except csv.Error as error:
        words = Text(f"读不成表格，可能少了一个引号（{error}）", f"this is no CSV table, a quotation mark may be missing ({error})")
        raise RosterError(words, source) from error


def _is_tabbed(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first.count("\t") > first.count(",")


def _table(source: str, rows: Iterator[tuple[int, list[str]]], bounds: Bounds) -> Table:
    found: list[tuple[int, tuple[str, ...]]] = []
    for line, row in rows:
        cells = tuple(_as_meant(cell) for cell in row)
        if any(cells):
            found.append((line, cells))
        if len(found) > bounds.rows:
            raise RosterError(bounds.too_many_rows, source)
    return Table(source, tuple(found))


def _as_meant(cell: str) -> str:
    """A cell without blanks at its ends, and without the apostrophe of `harmless`."""
    text = unicodedata.normalize("NFC", cell.strip())
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def records_of(table: Table, columns: Columns) -> list[Record | RosterError]:
    """The rows under the headings, with an error for each that holds what no heading tells of. Raises `RosterError` for the headings."""
    at = _where_headings_are(table, columns)
    line, header = table.rows[at] if table.rows else (1, ())
    named = _named(header, columns, table.source, line)
    return [_record_or_error(header, named, row, table.source) for row in table.rows[at + 1 :]]


def _where_headings_are(table: Table, columns: Columns) -> int:
    for i, (_, cells) in enumerate(table.rows[:_LOOKED_THROUGH]):
        if set(columns.needed) <= {columns.of(cell) for cell in cells}:
            return i
    return 0


def _named(header: Sequence[str], columns: Columns, source: str, line: int) -> list[str | None]:
    """The column that each heading means, None for empty and ignored ones."""
    named = [columns.of(heading) for heading in header]
    unknown = [h for h, name in zip(header, named, strict=True) if h and name is None and h.casefold() not in _IGNORED]
    lacking = [name for name in columns.needed if name not in named]
    if lacking or unknown:
        told, needed = columns.told, "、".join(columns.headings[name][0] for name in columns.needed)
        zh = f"不认识的列“{unknown[0]}”" if unknown else f"没有“{needed}”列" if header else "这是空的，什么都没有写"
        en = f"unknown column {unknown[0]!r}" if unknown else f"no column {lacking[0]!r}" if header else "this is empty"
        wanted = ", ".join(columns.needed)
        words = Text(f"{zh}；列名用 {told.zh}，只有“{needed}”必须有", f"{en}; expected {told.en}, of which only {wanted} is needed")
        raise RosterError(words, source, line)
    twice = [h for h, name in zip(header, named, strict=True) if name is not None and named.count(name) > 1]
    if twice:
        raise RosterError(Text(f"“{twice[-1]}”列有两个，请只留一个", f"the column {twice[-1]!r} is there twice; leave one"), source, line)
    return named


def _record_or_error(
    header: Sequence[str], named: Sequence[str | None], row: tuple[int, tuple[str, ...]], source: str
) -> Record | RosterError:
    line, cells = row
    for i, cell in enumerate(cells):
        if cell and i >= len(header):
            return RosterError(_too_many(cell), source, line)
        if cell and not header[i]:
            said = Text(f"第 {i + 1} 列没有列名，里面却有“{cell}”", f"column {i + 1} has no heading, but holds {cell!r}")
            return RosterError(said, source, line)
    found = {name: cell for name, cell in zip(named, cells, strict=False) if name and cell}
    return Record(line, found, {name: heading for name, heading in zip(named, header, strict=True) if name})


def _too_many(cell: str) -> Text:
    return Text(
        f"这一行的格子比列名多，多出“{cell}”；内容里有逗号时请加英文引号",
        f"expected no more cells than columns, got {cell!r} too; put text with commas in quotes",
    )
