"""Rosters of rows that are kept on this computer for the next time: a small CSV each, which `posecoach lineup --roster` reads too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from posecoach.errors import OutputError, PosecoachError
from posecoach.row.places import RowEntry
from posecoach.storage.roster import HEADINGS, PROFILE_NAMES
from posecoach.storage.row_roster import parse_row_roster
from posecoach.storage.tables import RosterError, harmless, read_table
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

FOLDER = "rosters"
MOST_ROSTERS = 100
_NAME = re.compile(r"[\w（）()](?:[\w （）()\-]{0,38}[\w（）()])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_WRONG_NAME = Text("名称用文字、数字和空格，最多 40 个字", "a name has letters, digits and spaces, 40 at most")
_FULL = Text(f"最多存 {MOST_ROSTERS} 份，请先删掉不用的", f"{MOST_ROSTERS} are kept at most: delete one first")


class SavedRosterError(PosecoachError):
    """A roster that cannot be kept under this name."""


class SavedRosters:
    """The rosters kept in a folder of the user's state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def load(self) -> dict[str, tuple[RowEntry, ...]]:
        """All of them by name; what cannot be read is left out."""
        found: dict[str, tuple[RowEntry, ...]] = {}
        for path in sorted(self._folder.glob("*.csv")) if self._folder.is_dir() else ():
            with suppress(RosterError):
                found[path.stem] = parse_row_roster(read_table(path))
        return found

    def save(self, name: str, people: Sequence[RowEntry]) -> None:
        """Keep one, in place of the one of this name. Raises `SavedRosterError` and `OutputError`."""
        path = self._file(name)
        if not path.exists() and len(list(self._folder.glob("*.csv"))) >= MOST_ROSTERS:
            raise SavedRosterError(_FULL)
        content = io.StringIO()
        writer = csv.writer(content, lineterminator="\r\n")
        writer.writerow((HEADINGS["name"][0], HEADINGS["profile"][0]))
        writer.writerows(map(harmless, (entry.name or "", PROFILE_NAMES[entry.profile][0])) for entry in people)
        write_atomically(path, content.getvalue().encode("utf-8-sig"))

    def delete(self, name: str) -> None:
        """Forget one; nothing happens where there is none. Raises `SavedRosterError` and `OutputError`."""
        path = self._file(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError.at(path, error) from error

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            raise SavedRosterError(_WRONG_NAME)
        return self._folder / f"{name}.csv"
