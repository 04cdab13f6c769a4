"""Lists of people and tables of checks, handed over and taken in on the page; and which rules judged what."""

from __future__ import annotations

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.history.database import RecordsError
from posecoach.history.recording import Recorded
from posecoach.history.rules import versions
from posecoach.history.tables import utc_now
from posecoach.history.transfer import check_rows, people_rows, take_in_checks, take_in_people
from posecoach.storage.record_files import CHECKS, KINDS, PEOPLE, dump_table, read_records
from posecoach.storage.tables import RosterError
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError
from posecoach.webapp.records import index_page
from posecoach.webapp.records_door import blueprint, opened, page, viewing

_NO_TABLE = ApiError(404, "no_table", Text("没有这种表格", "There is no such table"))
_NO_FILE = Text("请先选一个文件", "Choose a file first")
_ROWS = {"people": (PEOPLE, people_rows), "checks": (CHECKS, check_rows)}


@blueprint.get("/table/<name>")
def hand_over(name: str) -> Response:
    """`people` or `checks` as one of `KINDS`: ``people.xlsx``."""
    what, _, kind = name.partition(".")
    if what not in _ROWS or kind not in KINDS:
        raise _NO_TABLE
    columns, rows = _ROWS[what]
    with opened().writing() as session:
        data = dump_table(kind, columns, rows(session, who=viewing().who))
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{what}-{utc_now().astimezone():%Y%m%d}.{kind}")
    return answer


@blueprint.post("/table")
def take_in() -> AnyResponse | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return index_page(table_problem=_NO_FILE), 400
    try:
        told = _taken_in(file.read(), file.filename[:100])
    except (RosterError, RecordsError) as error:
        return index_page(table_problem=error.words), 400
    return redirect("/records/", 303) if told is None else (index_page(table_problem=told), 200)


def _taken_in(data: bytes, source: str) -> Text | None:
    """What became of a table; None where all is as wished."""
    columns, rows = read_records(data, source)
    if columns is PEOPLE:
        with opened().writing() as session:
            take_in_people(session, rows, source, who=viewing().who)
        return None
    done = take_in_checks(opened(), rows, source)
    return _left_out(done)


def _left_out(done: Recorded) -> Text | None:
    names = (*done.without_consent, *done.other_group, *done.ambiguous)
    if not names:
        return None
    listed = "、".join(names[:20])
    return Text(
        f"没有记入（未登记同意，小组不同，或不止一人叫这个名字）：{listed}",
        f"Not recorded (no consent, another group, or several of this name): {listed}",
    )


@blueprint.get("/rules")
def rules_page() -> str:
    with opened().reading() as session:
        return page("records_rules.html", versions=versions(session))
