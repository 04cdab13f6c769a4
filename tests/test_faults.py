"""docs/faults.md: each fault has tests, and they are there; nothing that must not go back depends on the clock on the wall."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
FAULTS = (
    *("unplugged", "frozen", "black", "resolution", "another program", "disk full", "read-only", "set back", "asleep", "SIGTERM"),
    *("SIGKILL", "out of memory", "rule file"),
)
WALL_CLOCK = {("time", "time"), ("time", "localtime"), ("time", "gmtime"), ("datetime", "now"), ("datetime", "today")}
TOLD_TO_PEOPLE = {"storage/calibrations.py", "live/row.py"}
"""Where the time is only shown: when a calibration or a sheet was made."""
OF_FILES = {"__init__.py"}
"""When the program began, beside the times of its files, which are of the same clock; in doubt it judges more (`jobs/unchanged.py`)."""
RECORDS = ("history/", "cli/records", "webapp/records")
"""Records keep days, and are kept for days: only the wall has those."""


def test_every_fault_has_a_row_with_tests_that_are_there() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "`tests/" in line]
    assert [fault for fault in FAULTS if not any(fault in row.split("|")[1] for row in rows)] == []
    for row in rows:
        assert len(row.split("|")) == 7, row
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE):
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{file}::{test}"


def test_only_what_is_shown_to_people_reads_the_clock_on_the_wall() -> None:
    """A clock that is set back must not lock anybody out, end a job or stop a stream."""
    found = set()
    for file in (ROOT / "posecoach").rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
        named = {(f.value.id, f.attr) for f in calls if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name)}
        name = file.relative_to(ROOT / "posecoach").as_posix()
        if named & WALL_CLOCK and not name.startswith(RECORDS):
            found.add(name)
    assert found <= TOLD_TO_PEOPLE | OF_FILES
