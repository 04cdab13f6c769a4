"""Who is in which clip: a CSV with a row for each file or pattern."""

from __future__ import annotations

import csv
import fnmatch
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from posecoach.errors import PosecoachError
from posecoach.records import Profile

COLUMNS = ("file", "name", "profile", "drill", "group", "reference")
_TOO_MANY = "cells beyond the last column"


class RosterError(PosecoachError):
    """A roster that does not load; the message names line and column."""


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One row. ``file`` is a path as results call it, a file name, or a pattern with ``*``; empty cells are None."""

    file: str
    name: str | None = None
    profile: Profile | None = None
    drill: str | None = None
    group: str | None = None
    reference: str | None = None

    def matches(self, path: str) -> bool:
        """Whether this row is about the input called ``path``."""
        wanted = self.file.lower()
        candidates = (path.lower(), path.rsplit("/", 1)[-1].lower())
        return wanted in candidates or any(fnmatch.fnmatchcase(candidate, wanted) for candidate in candidates)


def parse_roster(text: str, source: str, drills: Sequence[str]) -> tuple[RosterEntry, ...]:
    """Rows of a roster; ``source`` is what messages call it, ``drills`` the known drills. Raises `RosterError` naming line and column."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey=_TOO_MANY)
    header = [name.strip().lower() for name in reader.fieldnames or ()]
    unknown = [name for name in header if name not in COLUMNS]
    if "file" not in header or unknown:
        wrong = f"unknown column {unknown[0]!r}" if unknown else "no column 'file'"
        raise RosterError(f"{source}:1: {wrong}; expected {', '.join(COLUMNS)}, of which only file is needed")
    reader.fieldnames = header
    return tuple(_entry(row, f"{source}:{reader.line_num}", drills) for row in reader if not _is_blank(row))


def _is_blank(row: dict[str, Any]) -> bool:
    return not any((cell or "").strip() for cell in (*row.values(), *row.get(_TOO_MANY, ())) if not isinstance(cell, list))


def _entry(row: dict[str, Any], where: str, drills: Sequence[str]) -> RosterEntry:
    extra = [cell for cell in row.get(_TOO_MANY, ()) if cell.strip()]
    if extra:
        raise RosterError(f"{where}: expected no more cells than columns, got {extra[0].strip()!r} too; put text with commas in quotes")
    cells = {key: unicodedata.normalize("NFC", (row.get(key) or "").strip()) or None for key in COLUMNS}
    if not cells["file"]:
        raise RosterError(f"{where}: file: expected a file name or pattern, got nothing")
    profiles = [profile.value for profile in Profile]
    for key, known in (("profile", profiles), ("drill", drills)):
        if cells[key] is not None and cells[key] not in known:
            raise RosterError(f"{where}: {key}: expected one of {', '.join(known)}, got {cells[key]!r}")
    profile = Profile(cells["profile"]) if cells["profile"] else None
    return RosterEntry(cells["file"], cells["name"], profile, cells["drill"], cells["group"], cells["reference"])


def find_entry(entries: Sequence[RosterEntry], path: str) -> RosterEntry | None:
    """The first row about an input, or None."""
    return next((entry for entry in entries if entry.matches(path)), None)
