"""The morning meeting's page: a row before the server's camera, checked at once. Addresses in `docs/meeting.md`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.errors import OutputError
from posecoach.live.row import RowSession
from posecoach.live.row_messages import RowResult
from posecoach.row.places import RowEntry
from posecoach.storage.row_roster import parse_row_roster
from posecoach.storage.saved_rosters import SavedRosterError, SavedRosters
from posecoach.storage.tables import RosterError, table_of_bytes
from posecoach.vocabulary import Profile, Text
from posecoach.webapp.access import is_from_here, viewer
from posecoach.webapp.answers import ApiError, bad, body, flag, number, word
from posecoach.webapp.api import with_camera
from posecoach.webapp.row_sheet import sheet_page, sheet_table
from posecoach.webapp.services import services
from posecoach.webapp.streams import endless_pictures, endless_states, place

blueprint = Blueprint("row", __name__)

CHECK_S = 20.0
_LONGEST_NAME = 40
_MOST_PEOPLE = 60
_NO_RULES = ApiError(409, "no_rules", Text("没有用于队列的规则文件（row: true）", "No rule file is for rows (row: true)"))
_ELSEWHERE = ApiError(
    403, "rosters_elsewhere", Text("常用名单只能在教练机上保存和删除", "Rosters are saved and deleted on the coach PC only")
)
_NOT_KEPT = ApiError(409, "roster", Text("这里不存名单", "No rosters are kept here"))
_NOBODY = ApiError(409, "nobody", Text("还没有看到站定的人", "Nobody is seen standing yet"))
_GONE = ApiError(404, "no_place", Text("这个位置上已经没有人了", "There is nobody at this place any more"))
_NO_SHEET = ApiError(404, "no_sheet", Text("还没有检查结果：请先做一次检查", "There is no result yet: make a check first"))


@blueprint.get("/meeting")
def page() -> str:
    found = viewer()
    return render_template("row.html", has_records=found is not None and found.is_trainer)


@blueprint.get("/meeting/")
def page_again() -> AnyResponse:
    return redirect("/meeting", 308)


@blueprint.get("/api/meeting")
def state() -> Response:
    return Response(_row().state(), mimetype="application/json")


@blueprint.get("/api/meeting/status")
def status() -> dict[str, Any]:
    return _row().status()


@blueprint.get("/meeting/stream.mjpg")
def pictures() -> Response:
    found, view = with_camera(services()), _row().view
    leave = place(found, lambda: view.readers, view.join)
    return endless_pictures(view, leave)


@blueprint.get("/api/meeting/events")
def events() -> Response:
    found, states = with_camera(services()), _row().events
    leave = place(found, lambda: states.readers, states.join)
    return endless_states(states, leave)


@blueprint.post("/api/meeting/check")
def check() -> dict[str, Any]:
    values, row = body(), _row()
    seconds, picture = _seconds(values), flag(values, "picture")
    if not row.has_row:
        raise _NOBODY
    row.start_check(seconds, picture)
    return {"seconds": seconds, "picture": picture}


@blueprint.delete("/api/meeting/check")
def drop_check() -> dict[str, Any]:
    _row().drop_check()
    return {"ok": True}


@blueprint.post("/api/meeting/auto")
def auto() -> dict[str, Any]:
    values = body()
    seconds = _seconds(values) if flag(values, "on") else None
    _row().set_auto(seconds, flag(values, "picture"))
    return {"auto_s": seconds}


@blueprint.post("/api/meeting/person")
def person() -> dict[str, Any]:
    """Name and profile of the one at a place."""
    values, row = body(), _row()
    key = number(values, "key", 0, 1_000_000)
    name = (word(values, "name") or "").strip()[:_LONGEST_NAME]
    try:
        profile = Profile(word(values, "profile") or Profile.UNSPECIFIED.value)
    except ValueError as error:
        known = ", ".join(item.value for item in Profile)
        raise bad("profile", Text(f"{known} 之一", f"one of {known}")) from error
    if key is None or not row.has_place(int(key)):
        raise _GONE
    row.name_person(int(key), RowEntry(name or None, profile))
    return {"key": int(key), "name": name or None, "profile": profile.value}


@blueprint.post("/api/meeting/roster")
def roster() -> dict[str, Any]:
    """A roster as its workbook or CSV, sent as it is; its name comes in the address."""
    entries, name = _entries_sent("roster.csv")
    _row().set_roster(entries, name)
    return {"people": len(entries)}


@blueprint.get("/api/meeting/rosters")
def rosters() -> dict[str, Any]:
    """The rosters kept on this computer, told to nobody elsewhere: they are names of staff."""
    known = _rosters().load() if is_from_here() else {}
    people = {name: [{"name": entry.name, "profile": entry.profile.value} for entry in entries] for name, entries in known.items()}
    return {"rosters": [{"name": name, "people": found} for name, found in people.items()]}


@blueprint.post("/api/meeting/rosters")
def keep_roster() -> dict[str, Any]:
    """Keep a roster, sent as above, for the next time."""
    _only_here()
    entries, name = _entries_sent("")
    _keeping(lambda kept: kept.save(name, entries))
    return rosters()


@blueprint.delete("/api/meeting/rosters")
def forget_roster() -> dict[str, Any]:
    _only_here()
    _keeping(lambda kept: kept.delete(request.args.get("name", "")))
    return rosters()


@blueprint.delete("/api/meeting/roster")
def drop_roster() -> dict[str, Any]:
    _row().set_roster((), "")
    return {"ok": True}


@blueprint.post("/api/meeting/reset")
def reset() -> dict[str, Any]:
    _row().reset()
    return {"ok": True}


@blueprint.get("/meeting/sheet")
def sheet() -> Response:
    return sheet_page(_result(), _row().rule_set, is_saved="save" in request.args)


@blueprint.get("/meeting/sheet.csv")
def table() -> Response:
    return sheet_table(_result(), _row().rule_set)


def _row() -> RowSession:
    found = services().row
    if found is None:
        raise _NO_RULES
    return found


def _result() -> RowResult:
    found = _row().result
    if found is None:
        raise _NO_SHEET
    return found


def _rosters() -> SavedRosters:
    found = services().rosters
    if found is None:
        raise _NOT_KEPT
    return found


def _only_here() -> None:
    if not is_from_here():
        raise _ELSEWHERE


def _keeping(do: Callable[[SavedRosters], None]) -> None:
    try:
        do(_rosters())
    except (SavedRosterError, OutputError) as error:
        raise ApiError(409, "roster", error.words) from error


def _entries_sent(unnamed: str) -> tuple[tuple[RowEntry, ...], str]:
    """The roster in a request and its name; ``unnamed`` where it has none."""
    name = request.args.get("name", "")[:100] or unnamed
    try:
        entries = parse_row_roster(table_of_bytes(request.get_data(), name))
    except RosterError as error:
        raise ApiError(409, "roster", _in_words(error)) from error
    if not 0 < len(entries) <= _MOST_PEOPLE:
        raise ApiError(409, "roster", Text(f"名单要有 1 到 {_MOST_PEOPLE} 人", f"A roster has 1 to {_MOST_PEOPLE} people"))
    return entries, name


def _in_words(error: RosterError) -> Text:
    if error.line is None:
        return error.what
    return Text(f"第 {error.line} 行：{error.what.zh}", f"Line {error.line}: {error.what.en}")


def _seconds(values: dict[str, Any]) -> float:
    return number(values, "seconds", 3, 120) or CHECK_S
