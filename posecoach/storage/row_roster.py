"""Who stands in a row from left to right, as the camera sees it: a CSV with the columns name and profile, a row for each person."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence

from posecoach.row.places import RowEntry
from posecoach.storage.roster import RosterError, check_once, nameless, open_table
from posecoach.vocabulary import Profile, Text

ROW_COLUMNS = ("name", "profile")


def parse_row_roster(text: str, source: str) -> tuple[RowEntry, ...]:
    """The people of a row in its order; ``source`` is what messages call it. Raises `RosterError` naming line and column."""
    with open_table(text, source) as lines:
        reader = csv.reader(lines, strict=True)
        rows = [(reader.line_num, [unicodedata.normalize("NFC", cell.strip()) for cell in row]) for row in reader]
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise RosterError(Text("名单是空的", "the roster is empty; expected the columns name, profile"), source, 1)
    (line, header), people = rows[0], rows[1:]
    header = [name.lower() for name in header]
    if "name" not in header or set(header) - {*ROW_COLUMNS, ""}:
        words = Text(
            "列名要用 name、profile（按从左到右的站位，一人一行）",
            f"expected the columns name, profile, a row a person from left to right, got {', '.join(header)}",
        )
        raise RosterError(words, source, line)
    check_once(header, source, line)
    return tuple(_entry(header, cells, source, line) for line, cells in people)


def _entry(header: Sequence[str], cells: Sequence[str], source: str, line: int) -> RowEntry:
    for i, cell in enumerate(cells):
        if cell and i >= len(header):
            raise RosterError(Text("这一行的格子比列名多", f"expected no more cells than columns, got {cell!r} too"), source, line)
        if cell and not header[i]:
            raise RosterError(nameless(i, cell), source, line)
    found = dict(zip(header, cells, strict=False))
    profile = found.get("profile") or Profile.UNSPECIFIED.value
    known = [item.value for item in Profile]
    if profile not in known:
        words = Text(f"只能是 {'、'.join(known)} 之一，现在是“{profile}”", f"expected one of {', '.join(known)}, got {profile!r}")
        raise RosterError(words, source, line, "profile")
    return RowEntry(found["name"] or None, Profile(profile))
