"""Tables of records as files, to be handed over and taken in: CSV, an Excel workbook or JSON, with the same rows in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from posecoach.errors import PosecoachError
from posecoach.storage.plain_json import DAMAGE, as_list, as_mapping, parse_json
from posecoach.storage.tables import Bounds, Columns, Record, RosterError, harmless, records_of, table_of_bytes
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

SCHEMA = "posecoach.records.table/1"
KINDS = ("csv", "xlsx", "json")
Rows = Iterable[Mapping[str, Any]]

PEOPLE = Columns(
    {
        "name": ("姓名",),
        "group": ("小组", "班组", "部门"),
        "consent": ("同意日期", "本人同意", "同意"),
        "note": ("凭据",),
        "checks": ("检查次数",),
        "last": ("最近一次",),
    },
    ("name", "consent"),
)
"""``checks`` and ``last`` are told, and passed over when they come back."""
CHECKS = Columns(
    {
        "name": ("姓名",),
        "group": ("小组",),
        "topic": ("项目",),
        "drill": ("套路练习",),
        "profile": ("性别",),
        "rules_file": ("规则文件",),
        "rules_sha256": ("规则版本",),
        "origin": ("来源",),
        "path": ("文件",),
        "seen_key": ("内容编号",),
        "done_at": ("时间",),
        "score": ("得分",),
        "outcome": ("结论",),
        "clause": ("条款",),
        "state": ("判定",),
        "reason": ("原因",),
        "value": ("数值",),
        "unit": ("单位",),
        "error_95": ("误差",),
        "correction_zh": ("改正",),
        "correction_en": ("改正（英文）",),
    },
    ("name", "topic", "done_at", "clause", "state"),
)
"""A row for each clause of each check; columns are named as in `results.csv` where there are such."""
MOST = Bounds(bytes=100_000_000, rows=1_000_000)
_MOST_ROWS_OF_A_SHEET = 1_048_575
_TOO_LONG = Text("超过 Excel 工作表的行数；请用 CSV，或 records backup", "more rows than a sheet of Excel has: use CSV, or records backup")
_NO_KIND = Text("文件名要以 .csv、.xlsx 或 .json 结尾", "the file's name should end in .csv, .xlsx or .json")


def kind_of(file: Path) -> str:
    """The format that the name of a file asks for. Raises `PosecoachError`."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise PosecoachError(_NO_KIND)
    return kind


def write_table(file: Path, columns: Columns, rows: Rows) -> None:
    """Write a table in the format its name asks for. Raises `OutputError`, `PosecoachError`."""
    write_atomically(file, dump_table(kind_of(file), columns, rows))


def dump_table(kind: str, columns: Columns, rows: Rows) -> bytes:
    """A table of these columns in one of `KINDS`; None is an empty cell. Raises `PosecoachError` for more rows than a workbook holds."""
    writers: dict[str, Callable[[Columns, Rows], bytes]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    return writers[kind](columns, rows)


def _headings(columns: Columns) -> list[str]:
    """In Chinese for people's own lists; a table of checks is read by programs too."""
    return [known[0] for known in columns.headings.values()] if columns is PEOPLE else list(columns.headings)


def _csv(columns: Columns, rows: Rows) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_headings(columns))
    writer.writerows([harmless(row.get(name)) for name in columns.headings] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(columns: Columns, rows: Rows) -> bytes:
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet("记录")
    sheet.write_row(0, 0, _headings(columns), book.add_format({"bold": True, "bg_color": "#E6EAEE", "bottom": 1}))
    sheet.freeze_panes(1, 1)
    for line, row in enumerate(rows, 1):
        if line > _MOST_ROWS_OF_A_SHEET:
            raise PosecoachError(_TOO_LONG)
        sheet.write_row(line, 0, [harmless(row.get(name)) for name in columns.headings])
    book.close()
    return buffer.getvalue()


def _json(columns: Columns, rows: Rows) -> bytes:
    table = {"schema": SCHEMA, "rows": [{name: row.get(name) for name in columns.headings} for row in rows]}
    return json.dumps(table, ensure_ascii=False, indent=1).encode()


def read_records(data: bytes, source: str, bounds: Bounds = MOST) -> tuple[Columns, list[Record]]:
    """The rows of a table of people or of checks, whichever its headings say, in any of the formats.

    Raises `RosterError` for the first wrong row.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _records_of_json(data, source)
    table = table_of_bytes(data, source, bounds)
    columns = next((CHECKS for _, cells in table.rows[:3] if {"clause", "state"} <= {CHECKS.of(cell) for cell in cells}), PEOPLE)
    return columns, list(_all_right(records_of(table, columns)))


def _all_right(found: Iterable[Record | RosterError]) -> Iterator[Record]:
    for record in found:
        if isinstance(record, RosterError):
            raise record
        yield record


def _records_of_json(data: bytes, source: str) -> tuple[Columns, list[Record]]:
    try:
        table = as_mapping(parse_json(data))
        if table["schema"] != SCHEMA:
            raise ValueError(f"expected schema {SCHEMA}, found {table['schema']}")
        rows = [as_mapping(row) for row in as_list(table["rows"])]
    except DAMAGE as error:
        raise RosterError(Text(f"不是记录的表格（{error}）", f"this is no table of records ({error})"), source) from error
    columns = CHECKS if rows and "clause" in rows[0] else PEOPLE
    written = {name: name for name in columns.headings}
    cells = ({name: str(value) for name, value in row.items() if name in columns.headings and value not in (None, "")} for row in rows)
    return columns, [Record(line, found, written) for line, found in enumerate(cells, 1)]
