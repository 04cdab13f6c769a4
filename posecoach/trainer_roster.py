"""A trainer's roster: read as spreadsheets save it, set against the clips of a folder, stored beside the results."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posecoach.reports.base import write_atomically
from posecoach.roster import COLUMNS, RosterEntry, find_entry

FILE = "roster.csv"
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Matched:
    """A roster against clips: its rows, how many clips have one, the clips without, and the rows (by ``file``) that no clip has."""

    rows: int
    clips: int
    clips_without: tuple[str, ...]
    rows_without: tuple[str, ...]


def match(rows: Sequence[RosterEntry], paths: Sequence[str]) -> Matched:
    """Which clips, called as in results, have a row."""
    found = {path: find_entry(rows, path) for path in paths}
    used = {id(row) for row in found.values() if row is not None}
    without = tuple(path for path, row in found.items() if row is None)
    return Matched(len(rows), len(paths) - len(without), without, tuple(row.file for row in rows if id(row) not in used))


def store(rows: Sequence[RosterEntry], out: Path, base: Path) -> Path:
    """Write the roster into the results, references made whole from ``base``; returns its path. Raises `OutputError`."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        reference = str(base / row.reference) if row.reference else ""
        writer.writerow([row.file, row.name, row.profile.value if row.profile else "", row.drill, row.group, reference])
    write_atomically(out / FILE, content.getvalue().encode("utf-8-sig"))
    return out / FILE


def template(paths: Sequence[str]) -> bytes:
    """A roster to be filled in, a row a clip, as Excel opens it."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([path, *[""] * (len(COLUMNS) - 1)] for path in paths)
    return content.getvalue().encode("utf-8-sig")
