"""A trainer's roster: read as spreadsheets save it, stored beside the results."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from posecoach.storage.output_folder import ROSTER, OutputFolder
from posecoach.storage.roster import COLUMNS, RosterEntry
from posecoach.storage.whole_files import write_atomically

MOST_BYTES = 1_000_000


def store(rows: Sequence[RosterEntry], out: Path, base: Path) -> Path:
    """Write the roster into the results, references made whole from ``base``; returns its path. Raises `OutputError`."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        reference = str(base / row.reference) if row.reference else ""
        mirrored = "" if row.is_mirrored is None else "yes" if row.is_mirrored else "no"
        profile = row.profile.value if row.profile else ""
        writer.writerow([row.file, row.name, profile, row.drill, row.group, reference, row.rotate_deg, mirrored])
    path = OutputFolder(out).file(ROSTER)
    write_atomically(path, content.getvalue().encode("utf-8-sig"))
    return path


def template(paths: Sequence[str]) -> bytes:
    """A roster to be filled in, a row a clip, as Excel opens it."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([path, *[""] * (len(COLUMNS) - 1)] for path in paths)
    return content.getvalue().encode("utf-8-sig")
