"""The roster of the trainer's page: read from files and pasted cells, set against the clips, shown as a table, kept beside the clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Response, request

from posecoach.errors import OutputError
from posecoach.jobs.folders import rows_to_fill
from posecoach.jobs.trainer import JobRequest
from posecoach.storage.output_folder import ROSTER, ROSTER_WORKBOOK
from posecoach.storage.output_runs import writing_into
from posecoach.storage.roster import COLUMNS, NO, YES, RosterEntry, check_roster, find_entry, match_roster
from posecoach.storage.roster_files import dump_template, load_beside, save_beside, store_roster
from posecoach.storage.tables import OF_A_ROSTER, RosterError, Table, read_table
from posecoach.vocabulary import Text
from posecoach.webapp.answers import bad, body
from posecoach.webapp.trainer_door import blueprint, drills_asked, inputs_of, path_of, table_asked

_NAMES_SHOWN = 50
_ROWS = Text("表格的行，每行的格子是文字", "the rows of a table, with text in the cells")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/api/trainer/roster-template")
def roster_template() -> Response:
    """A workbook to be filled in, with a row for each clip of a folder and what is known of it."""
    folder, drills = path_of(request.args.get("path", "")), drills_asked(request.args)
    answer = Response(dump_template(rows_to_fill(folder, drills), drills), mimetype=_XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{ROSTER_WORKBOOK}"'
    return answer


@blueprint.get("/api/trainer/table")
def table() -> dict[str, Any]:
    """What is known of each clip of a folder from the roster beside it."""
    folder, drills = path_of(request.args.get("path", "")), drills_asked(request.args)
    paths, known = _paths(folder), load_beside(folder, drills)
    return {"roster": known.name, "mark": known.mark, **_set_against(known.rows, known.problems, paths)}


@blueprint.post("/api/trainer/table")
def save_table() -> dict[str, Any]:
    """Keep the table beside the clips; ``kept``: the name under which an older roster, of somebody's own making, is kept."""
    values = body()
    folder, drills, mark = path_of(values.get("folder")), drills_asked(values), values.get("mark")
    rows, problems = check_roster(_table_of(values.get("rows")), drills)
    if problems:
        raise problems[0]
    if not isinstance(mark, str):
        raise bad("mark", Text("/api/trainer/table 给的", "as /api/trainer/table gives it"))
    kept = save_beside(folder, rows, mark, drills)
    return {"roster": ROSTER, "mark": load_beside(folder, drills).mark, "kept": kept.name if kept else None}


@blueprint.post("/api/trainer/roster")
def roster() -> dict[str, Any]:
    """Check a roster against a folder's clips: every mistake, who is missing, and what it says of each clip."""
    values = body()
    given, _ = table_asked(values.get("roster"))
    rows, problems = check_roster(given, drills_asked(values))
    return _set_against(rows, problems, _paths(path_of(values.get("folder"))))


def store_asked(values: dict[str, Any], clips_folder: Path, out: Path) -> Path | None:
    """Store the roster of a form with the results; returns its path, None for an empty one. Raises `RosterError`, `OutputError`."""
    given, drills = values["roster"], drills_asked(values)
    if isinstance(given, dict) and "rows" in given:
        read, base = _table_of(given["rows"]), None
    else:
        read, base = table_asked(given)
    rows, problems = check_roster(read, drills)
    if problems:
        raise problems[0]
    if not rows:
        return None
    with writing_into(out, [ROSTER], of_row=False):
        return store_roster(rows, out, base or clips_folder, drills)


def note_drills(job: JobRequest) -> tuple[str, str | None]:
    """Write into the rosters, beside the clips and with the results, by what clips are to be judged from now on.

    Returns the path of the latter, and the name under which a roster of the user's own making was kept, if there was one beside the clips.
    Raises `OutputError`; that the one beside the clips cannot be written is no reason to stop.
    """
    kept: Path | None = None
    folder, out, drills = Path(job.folder), Path(job.out), drills_asked({"rules": job.rules})
    with suppress(OutputError):
        known = load_beside(folder, drills)
        if not known.problems:
            kept = save_beside(folder, _with_drills(known.rows, job.drills), known.mark, drills)
    rows: Sequence[RosterEntry] = ()
    if job.roster:
        with suppress(RosterError):
            rows, _ = check_roster(read_table(Path(job.roster)), drills)
    with writing_into(out, [ROSTER], of_row=False):
        stored = store_roster(_with_drills(rows, job.drills), out, folder, drills)
    return str(stored), kept.name if kept else None


def _with_drills(rows: Sequence[RosterEntry], asked: Mapping[str, str]) -> list[RosterEntry]:
    named = [replace(find_entry(rows, path) or RosterEntry(path), file=path, drill=drill) for path, drill in asked.items()]
    wanted = {row.wanted for row in named}
    return [*named, *(row for row in rows if row.wanted not in wanted)]


def _paths(folder: Path) -> list[str]:
    return [item.path for item in inputs_of(folder)]


def _table_of(rows: object) -> Table:
    """The table of the page: a list of objects with the columns as keys."""
    if not isinstance(rows, list) or len(rows) > OF_A_ROSTER.rows or not all(_is_row(row) for row in rows):
        raise bad("rows", _ROWS)
    names = tuple(COLUMNS.headings)
    cells = [tuple(" ".join(str(row.get(name) or "").split("\0")).strip() for name in names) for row in rows]
    return Table("", ((1, names), *enumerate(cells, 2)))


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and row.keys() <= COLUMNS.headings.keys() and all(isinstance(cell, str | None) for cell in row.values())


def _set_against(rows: Sequence[RosterEntry], problems: Sequence[RosterError], paths: Sequence[str]) -> dict[str, Any]:
    """A roster against the clips, for the page: what is wrong, what is missing, and the table of all clips."""
    found = match_roster(rows, paths)
    return {
        "rows": found.rows,
        "clips": found.clips,
        "clips_without": list(found.clips_without[:_NAMES_SHOWN]),
        "clips_without_count": len(found.clips_without),
        "rows_without": list(found.rows_without[:_NAMES_SHOWN]),
        "rows_without_count": len(found.rows_without),
        "problems": [{"line": p.line, "column": p.column, "zh": p.what.zh, "en": p.what.en} for p in problems],
        "table": [_cells(path, find_entry(rows, path) or RosterEntry(path)) for path in paths[: OF_A_ROSTER.rows]],
    }


def _cells(path: str, row: RosterEntry) -> dict[str, str | None]:
    return {
        "file": path,
        "name": row.name,
        "profile": row.profile.value if row.profile else None,
        "drill": row.drill,
        "group": row.group,
        "reference": row.reference,
        "rotate": None if row.rotate_deg is None else str(row.rotate_deg),
        "mirrored": None if row.is_mirrored is None else YES if row.is_mirrored else NO,
    }
