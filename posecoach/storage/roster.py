"""Who is in which clip: a CSV with a row for each file or pattern."""

from __future__ import annotations

import csv
import fnmatch
import io
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecoach.errors import PosecoachError, reason_of
from posecoach.rulebook.encodings import decode_text
from posecoach.vocabulary import Profile, Text

COLUMNS = ("file", "name", "profile", "drill", "group", "reference", "rotate", "mirrored")
ROTATIONS = ("0", "90", "180", "270")
"""Degrees by which a clip can be turned, clockwise."""
NO_TEXT = Text("读不出文字，请在 Excel 里另存为“CSV UTF-8”", "this cannot be read as text: save it as CSV UTF-8")
_WORKBOOK = Text("这是 Excel 工作簿，请在 Excel 里另存为“CSV UTF-8”", "this is an Excel workbook: save it as CSV UTF-8 in Excel")
_NAMELESS = "a column without a heading "
_TOO_MANY = "cells beyond the last column"
_YES_NO = {"yes": True, "no": False, "是": True, "否": False}


class RosterError(PosecoachError):
    """A roster that does not load; the message names line and column.

    ``line`` counts from 1, ``column`` is a name of `COLUMNS`; None where a whole roster or a whole line is wrong. ``what`` is wrong is
    told without the place too.
    """

    def __init__(self, what: Text, source: str = "", line: int | None = None, column: str | None = None) -> None:
        zh = "".join((source, f" 第 {line} 行" if line else "", f" {column} 列" if column else "")).strip()
        en = ": ".join(filter(None, (f"{source}:{line}" if line else source, column)))
        super().__init__(Text(f"{zh}：{what.zh}", f"{en}: {what.en}") if en else what)
        self.what, self.line, self.column = what, line, column


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One row. ``file`` is a path as results call it, a file name, or a pattern with ``*``, with either slash; empty cells are
    None.
    """

    file: str
    name: str | None = None
    profile: Profile | None = None
    drill: str | None = None
    group: str | None = None
    reference: str | None = None
    rotate_deg: int | None = None
    is_mirrored: bool | None = None

    @property
    def wanted(self) -> str:
        """The file or pattern as it is compared."""
        return self.file.lower().replace("\\", "/")

    def matches(self, path: str) -> bool:
        """Whether this row is about the input called ``path``."""
        wanted = self.wanted
        candidates = (path.lower(), path.rsplit("/", 1)[-1].lower())
        return wanted in candidates or any(fnmatch.fnmatchcase(candidate, wanted) for candidate in candidates)


def decode_roster(data: bytes) -> str:
    """The text of a CSV as `decode_text` finds it. Raises `RosterError`."""
    if data.startswith(b"PK"):
        raise RosterError(_WORKBOOK)
    text = decode_text(data)
    if text is None:
        raise RosterError(NO_TEXT)
    return text


def read_roster(path: Path) -> str:
    """The text of a roster file. Raises `RosterError`."""
    try:
        return decode_roster(path.read_bytes())
    except FileNotFoundError as error:
        raise RosterError(Text("没有这个名单文件", "no such roster file"), str(path)) from error
    except OSError as error:
        why = reason_of(error)
        raise RosterError(Text(f"读不了：{why.zh}；请检查权限", f"cannot be read: {why.en}; check the permissions"), str(path)) from error
    except RosterError as error:
        raise RosterError(error.what, str(path)) from error


@contextmanager
def open_table(text: str, source: str) -> Iterator[io.StringIO]:
    """The text of a CSV for a reader, with lines that end in any way. Raises `RosterError` for what is no text or the reader chokes on."""
    if "\0" in text:
        raise RosterError(NO_TEXT, source)
    try:
        yield io.StringIO(text.lstrip("\ufeff"), newline=None)
    except csv.Error as error:
        words = Text(f"读不成表格，可能少了一个引号（{error}）", f"this is no CSV table, a quotation mark may be missing ({error})")
        raise RosterError(words, source) from error


def parse_roster(text: str, source: str, drills: Sequence[str]) -> tuple[RosterEntry, ...]:
    """Rows of a roster; ``source`` is what messages call it, ``drills`` the known drills. Raises `RosterError` naming line and column."""
    entries, problems = check_roster(text, source, drills)
    if problems:
        raise problems[0]
    return entries


def check_roster(text: str, source: str, drills: Sequence[str]) -> tuple[tuple[RosterEntry, ...], tuple[RosterError, ...]]:
    """The rows of a roster that are right, and what is wrong with the others, in their order; arguments as for `parse_roster`."""
    try:
        with open_table(text, source) as lines:
            reader = csv.DictReader(lines, restkey=_TOO_MANY, strict=True)
            reader.fieldnames = _header(reader.fieldnames or (), source)
            rows = [(reader.line_num, _entry_or_error(row, source, reader.line_num, drills)) for row in reader if not _is_blank(row)]
    except RosterError as error:
        return (), (error,)
    once = list(_without_doubles(rows, source))
    return tuple(row for row in once if isinstance(row, RosterEntry)), tuple(row for row in once if isinstance(row, RosterError))


def _without_doubles(rows: Sequence[tuple[int, RosterEntry | RosterError]], source: str) -> Iterator[RosterEntry | RosterError]:
    """The rows, with an error for each that is about the same file as an earlier one: only one of them can be right."""
    lines: dict[str, int] = {}
    for line, row in rows:
        wanted = row.wanted if isinstance(row, RosterEntry) else None
        if isinstance(row, RosterEntry) and wanted in lines:
            first = lines[row.wanted]
            words = Text(f"和第 {first} 行是同一个文件“{row.file}”，请删掉一行", f"the same file as line {first}, {row.file!r}; leave one")
            yield RosterError(words, source, line, "file")
        else:
            lines.setdefault(wanted or "", line)
            yield row


def _entry_or_error(row: dict[str, Any], source: str, line: int, drills: Sequence[str]) -> RosterEntry | RosterError:
    try:
        return _entry(row, source, line, drills)
    except RosterError as error:
        return error


def _header(names: Sequence[str], source: str) -> list[str]:
    header = [name.strip().lower() for name in names]
    unknown = [name for name in header if name and name not in COLUMNS]
    if "file" in header and not unknown:
        check_once(header, source, 1)
        return [name or f"{_NAMELESS}{i}" for i, name in enumerate(header)]
    wrong = f"unknown column {unknown[0]!r}" if unknown else "no column 'file'"
    zh = f"不认识的列“{unknown[0]}”" if unknown else "没有 file 列"
    words = Text(
        f"{zh}；列名用 {'、'.join(COLUMNS)}，只有 file 必须有", f"{wrong}; expected {', '.join(COLUMNS)}, of which only file is needed"
    )
    raise RosterError(words, source, 1)


def check_once(header: Sequence[str], source: str, line: int) -> None:
    """Raises `RosterError` where a column stands twice: nobody could tell which of them counts."""
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise RosterError(Text(f"“{twice[0]}”列有两个，请只留一个", f"the column {twice[0]!r} is there twice; leave one"), source, line)


def nameless(i: int, cell: str) -> Text:
    """What is wrong with a cell in a column without a heading; ``i`` counts columns from 0."""
    return Text(f"第 {i + 1} 列没有列名，里面却有“{cell}”", f"column {i + 1} has no heading, but holds {cell!r}")


def _is_blank(row: dict[str, Any]) -> bool:
    return not any((cell or "").strip() for cell in (*row.values(), *row.get(_TOO_MANY, ())) if not isinstance(cell, list))


def _entry(row: dict[str, Any], source: str, line: int, drills: Sequence[str]) -> RosterEntry:
    extra = [cell for cell in row.get(_TOO_MANY, ()) if cell.strip()]
    if extra:
        raise RosterError(_too_many(extra[0].strip()), source, line)
    for key, cell in row.items():
        if key.startswith(_NAMELESS) and (cell or "").strip():
            raise RosterError(nameless(int(key.removeprefix(_NAMELESS)), cell.strip()), source, line)
    cells = {key: unicodedata.normalize("NFC", (row.get(key) or "").strip()) or None for key in COLUMNS}
    if not cells["file"]:
        raise RosterError(Text("这里要写文件名或通配符，现在是空的", "expected a file name or pattern, got nothing"), source, line, "file")
    profiles = [profile.value for profile in Profile]
    for key, known in (("profile", profiles), ("drill", drills), ("rotate", ROTATIONS), ("mirrored", list(_YES_NO))):
        cell = cells[key]
        if cell is not None and cell not in known:
            words = Text(f"只能是 {'、'.join(known)} 之一，现在是“{cell}”", f"expected one of {', '.join(known)}, got {cell!r}")
            raise RosterError(words, source, line, key)
    profile = Profile(cells["profile"]) if cells["profile"] else None
    rotate_deg = int(cells["rotate"]) if cells["rotate"] else None
    is_mirrored = _YES_NO[cells["mirrored"]] if cells["mirrored"] else None
    return RosterEntry(cells["file"], cells["name"], profile, cells["drill"], cells["group"], cells["reference"], rotate_deg, is_mirrored)


def _too_many(cell: str) -> Text:
    return Text(
        f"这一行的格子比列名多，多出“{cell}”；内容里有逗号时请加英文引号",
        f"expected no more cells than columns, got {cell!r} too; put text with commas in quotes",
    )


def find_entry(entries: Sequence[RosterEntry], path: str) -> RosterEntry | None:
    """The first row about an input, or None."""
    return next((entry for entry in entries if entry.matches(path)), None)


@dataclass(frozen=True, slots=True)
class Matched:
    """A roster against clips: how many rows there are, how many clips have one, the clips without one, the rows that no clip has."""

    rows: int
    clips: int
    clips_without: tuple[str, ...]
    rows_without: tuple[str, ...]


def match_roster(rows: Sequence[RosterEntry], paths: Sequence[str]) -> Matched:
    """Which clips, called as in results, have a row."""
    found = {path: find_entry(rows, path) for path in paths}
    without = tuple(path for path, row in found.items() if row is None)
    return Matched(len(rows), len(paths) - len(without), without, tuple(row.file for row in rows if not any(map(row.matches, paths))))
