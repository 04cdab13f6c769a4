"""The pages of the records: a person's own, a group's, and who is in them. They are for this machine alone."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach import wording
from posecoach.history.database import Records, RecordsError
from posecoach.history.exports import all_of
from posecoach.history.people import Person, add_person, people, person_of
from posecoach.history.recording import check_before_camera, record
from posecoach.history.tables import utc_now
from posecoach.history.trends import MONTH, compared, groups, lapsed, record_of, shares_of
from posecoach.history.upkeep import MOST_DAYS, forget, keep_for, stock
from posecoach.reports import record_plots
from posecoach.reports.pages import render
from posecoach.reports.rows import drills_of
from posecoach.storage.results_json import clause_to_dict
from posecoach.vocabulary import State, Text
from posecoach.webapp.answers import ApiError, body, word
from posecoach.webapp.services import Services, services
from posecoach.webapp.trainer_door import is_from_here
from posecoach.webapp.visitors import find as find_visitor

blueprint = Blueprint("records", __name__, url_prefix="/records")

WHO = "page"
"""Whom the audit names where nobody signs in: this machine's own page."""
_ELSEWHERE = ApiError(403, "records_elsewhere", Text("练习记录只能在教练机上看", "Records are shown on the coach PC only"))
_NOBODY = ApiError(404, "nobody", Text("没有这个人", "There is nobody by this number"))
_NO_GROUP = ApiError(404, "no_group", Text("没有这个小组", "There is no such group"))
_NO_CHECK = ApiError(409, "no_check", Text("检查结果已经不在了，请再检查一次", "The result of the check is gone: check again"))
_STATES = (State.PASS, State.WARN, State.FAIL)
_YEARS = range(2000, 2200)


@blueprint.before_request
def only_here() -> None:
    if not may_see(services()):
        raise _ELSEWHERE


def may_see(found: Services) -> bool:
    """Whether the one who asks now may see the records: on this machine only, and not by way of a proxy on it."""
    return found.open_records is not None and is_from_here()


@blueprint.get("/")
def index() -> str:
    return _index(None)


def _index(problem: Text | None) -> str:
    records = _records()
    with records.reading() as session:
        known, found_groups = people(session), groups(session)
    return _page("records.html", people=known, groups=found_groups, stock=stock(records, utc_now()), most_days=MOST_DAYS, problem=problem)


@blueprint.post("/people")
def add() -> AnyResponse | tuple[str, int]:
    given = request.form
    if given.get("consent") != "yes":
        return _index(Text("请先取得本人同意，并勾选“本人同意”", "Ask for consent first, and tick it")), 400
    try:
        with _records().writing() as session:
            add_person(session, given.get("name", ""), given.get("group", ""), note=given.get("note", ""), who=WHO)
    except RecordsError as error:
        return _index(error.words), 400
    return redirect("/records/", 303)


@blueprint.post("/retention")
def retention() -> AnyResponse | tuple[str, int]:
    days = request.form.get("days", "")
    if not re.fullmatch(r"[0-9]{1,5}", days) or not 1 <= int(days) <= MOST_DAYS:
        return _index(Text(f"请填 1 到 {MOST_DAYS} 天", f"Expected 1 to {MOST_DAYS} days")), 400
    with _records().writing() as session:
        keep_for(session, int(days), who=WHO)
    return redirect("/records/", 303)


@blueprint.get("/person/<int:number>")
def person(number: int) -> str:
    found = _person(number)
    with _records().reading() as session:
        own = record_of(session, number)
    by_topic = {topic: [check for check in own.checks if check.topic == topic] for topic in own.topics}
    plots = {topic: record_plots.score_plot(checks, wording.OUTCOME_STATES) for topic, checks in by_topic.items()}
    sparks = {code: record_plots.spark(points) for code, points in own.clauses.items()}
    return _page("records_person.html", person=found, record=own, plots=plots, sparks=sparks)


@blueprint.get("/people.json")
def names() -> dict[str, Any]:
    with _records().reading() as session:
        return {"people": [{"id": item.id, "name": item.name, "group": item.group} for item in people(session)]}


@blueprint.post("/person/<int:number>/checks")
def keep_check(number: int) -> dict[str, Any]:
    """Records the check whose result the page shows: only now, and only because somebody said so.

    ``values`` are those of its clauses as the page shows them: before one camera another page may have made a check since.
    """
    _person(number)
    values = body()
    visitor = word(values, "visitor")
    checked = (services().camera.session if visitor is None else find_visitor(visitor).session).checked
    if checked is None or values.get("values") != [clause_to_dict(clause)["value"] for clause in checked[0].clauses]:
        raise _NO_CHECK
    person, settings = checked
    kept = record(_records(), check_before_camera(person, settings.rule_set, settings.profile.value, utc_now()), "live", number)
    return {"new": kept.new}


@blueprint.get("/person/<int:number>/export")
def export(number: int) -> Response:
    name = _person(number).name
    with _records().writing() as session:
        everything = all_of(session, number, who=WHO)
    answer = Response(json.dumps(everything, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=re.sub(r"[^\w-]", "_", name) + ".json")
    return answer


@blueprint.post("/person/<int:number>/forget")
def forget_person(number: int) -> AnyResponse:
    _person(number)
    forget(_records(), number, who=WHO)
    return redirect("/records/", 303)


@blueprint.get("/group/<int:number>")
def group(number: int) -> str:
    now = utc_now()
    start, middle, end = (_day("from", now - 6 * MONTH), _day("middle", now - MONTH), _day("to", now) + timedelta(days=1))
    with _records().reading() as session:
        names = dict(groups(session))
        if number not in names:
            raise _NO_GROUP
        before, after = shares_of(session, number, start, middle), shares_of(session, number, middle, end)
        missing = lapsed(session, number, now - MONTH)
        members = people(session, group_id=number)
    rows = compared(before, after)
    days = {"from": start.date(), "middle": middle.date(), "to": (end - timedelta(days=1)).date()}
    return _page("records_group.html", name=names[number], rows=rows, now=after, missing=missing, members=members, days=days)


def _records() -> Records:
    open_records = services().open_records
    if open_records is None:
        raise _ELSEWHERE
    return open_records()


def _person(number: int) -> Person:
    with _records().reading() as session:
        found = person_of(session, number)
    if found is None:
        raise _NOBODY
    return found


def _page(template: str, **context: Any) -> str:
    rule_sets = services().rule_sets.values()
    clauses = {rule.id: rule.clause for rule_set in rule_sets for rule in rule_set.rules}
    topics = drills_of(rule_sets)
    return render(template, states=_STATES, clauses=clauses, topics=topics, plot=record_plots, **context)


def _day(key: str, usual: datetime) -> datetime:
    """The beginning of a day of the request, as this machine's clock has it; the usual one where none or no day of our time is given."""
    day = usual.astimezone().date()
    with suppress(ValueError):
        given = date.fromisoformat(request.args.get(key, ""))
        day = given if given.year in _YEARS else day
    return datetime(day.year, day.month, day.day).astimezone()
