"""Who is in which clip: a table with a row for each file or pattern, its columns and words Chinese or English."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from posecoach import wording
from posecoach.rulebook.drill_schema import Drill
from posecoach.rulebook.schema import AUTO, RuleSet
from posecoach.storage.tables import Columns, Record, RosterError, Table, records_of
from posecoach.vocabulary import ROTATIONS, Profile, Text

HEADINGS: dict[str, tuple[str, ...]] = {
    "file": ("文件", "文件名", "视频", "视频文件", "照片"),
    "name": ("姓名", "名字"),
    "profile": ("性别",),
    "drill": ("项目", "训练项目", "科目"),
    "group": ("小组", "组", "组别", "班组", "班级", "部门"),
    "reference": ("参考照片", "参考", "中性表情"),
    "rotate": ("旋转", "旋转角度"),
    "mirrored": ("镜像",),
}
"""The columns, and the Chinese headings of each; the first one is what is written."""
COLUMNS = Columns(HEADINGS, ("file",))
YES, NO = "是", "否"
PROFILE_NAMES: dict[Profile, tuple[str, ...]] = {
    Profile.FEMALE: ("女", "女士", "女性", "f"),
    Profile.MALE: ("男", "男士", "男性", "m"),
    Profile.UNSPECIFIED: ("不区分", "未指定", "通用"),
}
"""How an office writes whose standard holds, the name that is written first."""

_PROFILES = {
    known.value: (*names, *(word.casefold() for word in (wording.PROFILES[known].zh, wording.PROFILES[known].en)))
    for known, names in PROFILE_NAMES.items()
}
_TURNS = {turn: (f"{turn}°", f"{turn}度") for turn in ROTATIONS}
_YES_NO = {"yes": (YES, "有", "y", "true", "1", "√"), "no": (NO, "无", "n", "false", "0")}

Names = Mapping[str, tuple[str, ...]]
"""Codes, each with the other words that mean it, in small letters; the first word is the one to show in Chinese."""


def drill_names(asked: Iterable[RuleSet | Drill]) -> dict[str, tuple[str, ...]]:
    """What can be asked for, ``auto``, a topic or a drill, with the names that its file gives it."""
    auto = wording.AUTO_DRILL
    names: dict[str, tuple[str, ...]] = {AUTO: (auto.zh, auto.en.casefold())}
    for found in asked:
        said = (found.title.zh, found.button.zh, *found.also, found.title.en, found.button.en)
        names[found.topic] = tuple(dict.fromkeys(word.casefold() for word in said))
    return names


_PATTERN = frozenset("*?[")


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
        """Whether this row is about the input called ``path``; its ending may be left out."""
        wanted, whole = self.wanted, path.lower()
        candidates = (whole, whole.rsplit("/", 1)[-1])
        if wanted in candidates:
            return True
        if _PATTERN.intersection(wanted) and any(fnmatch.fnmatchcase(candidate, wanted) for candidate in candidates):
            return True
        return wanted in (candidate.rpartition(".")[0] for candidate in candidates)


def parse_roster(table: Table, drills: Names) -> tuple[RosterEntry, ...]:
    """Rows of a roster; ``drills`` as of `drill_names`. Raises `RosterError` naming line and column."""
    entries, problems = check_roster(table, drills)
    if problems:
        raise problems[0]
    return entries


def check_roster(table: Table, drills: Names) -> tuple[tuple[RosterEntry, ...], tuple[RosterError, ...]]:
    """The rows of a roster that are right, and what is wrong with the others, in their order; arguments as for `parse_roster`."""
    try:
        records = records_of(table, COLUMNS)
    except RosterError as error:
        return (), (error,)
    once = list(_without_doubles([_row(record, table.source, drills) for record in records], table.source))
    return tuple(row for row in once if isinstance(row, RosterEntry)), tuple(row for row in once if isinstance(row, RosterError))


_Row = tuple[Record, RosterEntry] | RosterError


def _row(record: Record | RosterError, source: str, drills: Names) -> _Row:
    if isinstance(record, RosterError):
        return record
    try:
        return record, _entry(record, source, drills)
    except RosterError as error:
        return error


def _without_doubles(rows: Sequence[_Row], source: str) -> Iterator[RosterEntry | RosterError]:
    """The rows, with an error for each that is about the same file as an earlier one: only one of them can be right."""
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row, RosterError):
            yield row
            continue
        record, entry = row
        if entry.wanted in lines:
            first = lines[entry.wanted]
            words = Text(
                f"和第 {first} 行是同一个文件“{entry.file}”，请删掉一行", f"the same file as line {first}, {entry.file!r}; leave one"
            )
            yield RosterError(words, source, record.line, record.written["file"])
        else:
            lines[entry.wanted] = record.line
            yield entry


def _entry(record: Record, source: str, drills: Names) -> RosterEntry:
    cells = record.cells
    if "file" not in cells:
        words = Text("这里要写文件名或通配符，现在是空的", "expected a file name or pattern, got nothing")
        raise RosterError(words, source, record.line, record.written["file"])
    profile = word_of(record, "profile", _PROFILES, source)
    rotate, mirrored = word_of(record, "rotate", _TURNS, source), word_of(record, "mirrored", _YES_NO, source)
    return RosterEntry(
        file=cells["file"],
        name=cells.get("name"),
        profile=Profile(profile) if profile else None,
        drill=word_of(record, "drill", drills, source),
        group=cells.get("group"),
        reference=cells.get("reference"),
        rotate_deg=int(rotate) if rotate else None,
        is_mirrored=mirrored == "yes" if mirrored else None,
    )


def profile_of(record: Record, source: str) -> Profile | None:
    """The profile in a row, None where it has none. Raises `RosterError`."""
    found = word_of(record, "profile", _PROFILES, source)
    return Profile(found) if found else None


def word_of(record: Record, column: str, known: Names, source: str) -> str | None:
    """The code that a cell means, None for an empty one. Raises `RosterError` for any other word."""
    cell = record.cells.get(column)
    if cell is None:
        return None
    wanted = cell.casefold()
    for code, names in known.items():
        if wanted == code or wanted in names:
            return code
    chinese = "、".join(names[0] if names else code for code, names in known.items())
    words = Text(f"只能是 {chinese} 之一，现在是“{cell}”", f"expected one of {', '.join(known)}, got {cell!r}")
    raise RosterError(words, source, record.line, record.written[column])


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
