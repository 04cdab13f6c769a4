"""Rosters as files: beside the clips for the next time, with the results, and an empty one to be filled in."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter

from posecoach.errors import OutputError
from posecoach.storage.output_folder import ROSTER, ROSTER_WORKBOOK, OutputFolder, set_aside
from posecoach.storage.roster import HEADINGS, NO, PROFILE_NAMES, YES, Names, RosterEntry, check_roster
from posecoach.storage.tables import RosterError, harmless, read_table, table_of_bytes
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import ROTATIONS, Text

BESIDE = (ROSTER, ROSTER_WORKBOOK, "名单.xlsx", "名单.csv")
"""What a roster beside the clips is called; of several the one saved last counts."""
_CHANGED = Text(
    "文件夹里的名单刚被别的程序改过，请重新选一次文件夹再填", "the roster in the folder was changed meanwhile: choose the folder again"
)
_SPARE_ROWS = 200
"""Rows of the empty roster with drop-down lists below those of the clips."""
_WIDTHS = {"file": 34, "name": 14, "reference": 20, "drill": 12}


class RosterChangedError(OutputError):
    """Somebody else has written the roster meanwhile; nothing was done."""


def dump_roster(rows: Iterable[RosterEntry], drills: Names) -> bytes:
    """The roster as a CSV that Excel opens, with Chinese headings and words."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(known[0] for known in HEADINGS.values())
    writer.writerows(map(harmless, _cells(row, drills)) for row in rows)
    return content.getvalue().encode("utf-8-sig")


def _cells(row: RosterEntry, drills: Names) -> tuple[str, ...]:
    profile = PROFILE_NAMES[row.profile][0] if row.profile else ""
    drill = next(iter(drills.get(row.drill or "", ())), row.drill or "")
    rotate = "" if row.rotate_deg is None else str(row.rotate_deg)
    mirrored = "" if row.is_mirrored is None else YES if row.is_mirrored else NO
    return (row.file, row.name or "", profile, drill, row.group or "", row.reference or "", rotate, mirrored)


def store_roster(rows: Iterable[RosterEntry], out: Path, base: Path, drills: Names) -> Path:
    """Write the roster into the results, references made whole from ``base``; returns its path. Raises `OutputError`."""
    whole = [replace(row, reference=str(base / row.reference)) if row.reference else row for row in rows]
    path = OutputFolder(out).file(ROSTER)
    write_atomically(path, dump_roster(whole, drills))
    return path


@dataclass(frozen=True, slots=True)
class Beside:
    """The roster that lies beside the clips: its ``name`` (None without one), what is right and wrong in it.

    ``mark`` is that of the file which `save_beside` would replace, so that it notices when somebody else was there.
    """

    name: str | None
    rows: tuple[RosterEntry, ...]
    problems: tuple[RosterError, ...]
    mark: str


def load_beside(folder: Path, drills: Names) -> Beside:
    """The roster of a folder with clips."""
    found = [path for name in BESIDE if (path := folder / name).is_file()]
    mark = _mark(folder / ROSTER)
    if not found:
        return Beside(None, (), (), mark)
    path = max(found, key=lambda path: path.stat().st_mtime_ns)
    try:
        rows, problems = check_roster(read_table(path), drills)
    except RosterError as error:
        rows, problems = (), (error,)
    return Beside(path.name, rows, problems, mark)


def save_beside(folder: Path, rows: Sequence[RosterEntry], mark: str, drills: Names) -> Path | None:
    """Write the rows of clips as the roster of their folder; rows of it about other files stay, below.

    What was not written here is kept under another name, which is returned; None where nothing had to be kept. Raises `OutputError`, and
    `RosterChangedError` where the file is no longer the one of ``mark``.
    """
    path = folder / ROSTER
    if _mark(path) != mark:
        raise RosterChangedError(_CHANGED)
    files = {row.wanted for row in rows}
    others = [row for row in load_beside(folder, drills).rows if row.wanted not in files]
    content = dump_roster([*rows, *others], drills)
    kept = None if _is_ours(path, drills) else set_aside(path)
    write_atomically(path, content)
    return kept


def _mark(path: Path) -> str:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return ""


def _is_ours(path: Path, drills: Names) -> bool:
    """Whether a roster is just as it would be written here, so that nothing of anybody's is lost with it; or there is none."""
    if not path.exists():
        return True
    try:
        data = path.read_bytes()
        rows, problems = check_roster(table_of_bytes(data, path.name), drills)
    except (OSError, RosterError):
        return False
    return not problems and dump_roster(rows, drills) == data


def dump_template(rows: Sequence[RosterEntry], drills: Names) -> bytes:
    """A workbook to be filled in: a row a clip, and lists to pick profile, drill, rotation and mirror from."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("名单")
    head = book.add_format({"bold": True, "bg_color": "#E6EAEE", "bottom": 1})
    text = book.add_format({"num_format": "@"})
    for column, (name, known) in enumerate(HEADINGS.items()):
        sheet.set_column(column, column, _WIDTHS.get(name, 9), text)
        sheet.write_string(0, column, known[0], head)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(_cells(row, drills)):
            if cell:
                sheet.write_string(line, column, cell, text)
    _add_lists(sheet, len(rows) + _SPARE_ROWS, drills)
    sheet.freeze_panes(1, 1)
    book.close()
    return buffer.getvalue()


def _add_lists(sheet: Any, last: int, drills: Names) -> None:
    choices = {
        "profile": [names[0] for names in PROFILE_NAMES.values()],
        "drill": [names[0] for names in drills.values()],
        "rotate": list(ROTATIONS),
        "mirrored": [YES, NO],
    }
    for column, name in enumerate(HEADINGS):
        if name in choices:
            told = {"error_title": "名单", "error_message": f"请选：{'、'.join(choices[name])}"[:255]}
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": choices[name], **told})
