"""The pages of the records: a person's own, a group's, and who is in them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach import wording
from posecoach.history.accounts import Role
from posecoach.history.audit import audit_of, note_look
from posecoach.history.database import RecordsError
from posecoach.history.exports import all_of
from posecoach.history.opinions import raters_of
from posecoach.history.people import Person, add_person, group_names, page_of, people, person_of
from posecoach.history.tables import utc_now
from posecoach.history.trends import MONTH, compared, groups, lapsed, record_of, shares_of
from posecoach.history.upkeep import MOST_DAYS, forget, keep_for, kept
from posecoach.reports import record_plots
from posecoach.vocabulary import Text
from posecoach.webapp.records_door import NO_GROUP, NOBODY, blueprint, opened, page, viewing

_NOT_YOUR_GROUP = Text("请从自己的小组里选一个", "Choose one of your own groups")
MOST_GROUPS = 24
_LATEST = 8
"""Checks of a topic that are listed; all of them when asked for."""
_YEARS = range(2000, 2200)
AUDIT_ACTIONS = {
    "consent": Text("登记同意", "noted the consent"),
    "look": Text("查看", "looked at it"),
    "export": Text("导出", "took it along"),
    "review": Text("写了意见", "said what they make of a check"),
    "take back": Text("收回意见", "took back what they said"),
    "account add": Text("建立账号", "made the account"),
    "account password": Text("设密码", "set the password"),
    "account disable": Text("停用账号", "shut the account out"),
    "account enable": Text("启用账号", "let the account in again"),
}


@blueprint.get("/")
def index() -> AnyResponse | str:
    account = viewing().account
    if account is not None and account.role is Role.STAFF and account.person_id is not None:
        return redirect(f"/records/person/{account.person_id}", 303)
    return index_page()


def index_page(problem: Text | None = None, table_problem: Text | None = None) -> str:
    """Everybody who may be seen, and what is kept."""
    records, found = opened(), viewing()
    asked, number = request.args.get("q", "").strip(), request.args.get("page", "")
    with records.reading() as session:
        shown = page_of(session, found.sight, asked, int(number) if re.fullmatch(r"[0-9]{1,6}", number) else 1)
        named = [item for item in groups(session, found.sight) if all(word.casefold() in item[1].casefold() for word in asked.split())]
        own_groups = None if found.is_admin else group_names(session, found.sight.groups)
        held = kept(session) if found.is_admin else None
    more = len(named) > MOST_GROUPS
    lists = {"shown": shown, "asked": asked, "groups": named[:MOST_GROUPS], "more_groups": more, "own_groups": own_groups}
    return page("records.html", **lists, kept=held, most_days=MOST_DAYS, problem=problem, table_problem=table_problem)


@blueprint.post("/people")
def add() -> AnyResponse | tuple[str, int]:
    given = request.form
    if given.get("consent") != "yes":
        return index_page(Text("请先取得本人同意，并勾选“本人同意”", "Ask for consent first, and tick it")), 400
    found, in_group = viewing(), given.get("group", "")
    try:
        with opened().writing() as session:
            if not found.is_admin and in_group not in group_names(session, found.sight.groups):
                raise RecordsError(_NOT_YOUR_GROUP)
            add_person(session, given.get("name", ""), in_group, note=given.get("note", ""), who=found.who)
    except RecordsError as error:
        return index_page(error.words), 400
    return redirect("/records/", 303)


@blueprint.post("/retention")
def retention() -> AnyResponse | tuple[str, int]:
    days = request.form.get("days", "")
    if not re.fullmatch(r"[0-9]{1,5}", days) or not 1 <= int(days) <= MOST_DAYS:
        return index_page(Text(f"请填 1 到 {MOST_DAYS} 天", f"Expected 1 to {MOST_DAYS} days")), 400
    with opened().writing() as session:
        keep_for(session, int(days), who=viewing().who)
    return redirect("/records/", 303)


@blueprint.get("/person/<int:number>")
def person(number: int) -> str:
    found, by = _person(number), viewing()
    if not by.is_own(number):
        note_look(opened(), by.who, number)
    with opened().reading() as session:
        own, audit, seen_by = record_of(session, number), audit_of(session, number), raters_of(session, number)
    by_topic = {topic: [check for check in own.checks if check.topic == topic] for topic in own.topics}
    plots = {topic: record_plots.score_plot(checks, wording.OUTCOME_STATES) for topic, checks in by_topic.items()}
    sparks = {code: record_plots.spark(points) for code, points in own.clauses.items()}
    drawn = {"plots": plots, "sparks": sparks, "by_topic": by_topic, "latest": None if "all" in request.args else _LATEST}
    return page("records_person.html", person=found, record=own, **drawn, audit=audit, actions=AUDIT_ACTIONS, seen_by=seen_by)


@blueprint.get("/people.json")
def names() -> dict[str, Any]:
    """The first of those whose name or group holds what is asked for, and how many they are."""
    with opened().reading() as session:
        found = page_of(session, viewing().sight, request.args.get("q", ""))
    return {"people": [{"id": item.id, "name": item.name, "group": item.group} for item in found.people], "count": found.count}


@blueprint.get("/person/<int:number>/export")
def export(number: int) -> Response:
    name = _person(number).name
    with opened().writing() as session:
        everything = all_of(session, number, who=viewing().who)
    answer = Response(json.dumps(everything, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=re.sub(r"[^\w-]", "_", name) + ".json")
    return answer


@blueprint.post("/person/<int:number>/forget")
def forget_person(number: int) -> AnyResponse:
    is_own = viewing().is_own(number)
    forget(opened(), number, who=viewing().who)
    return redirect("/" if is_own else "/records/", 303)


@blueprint.get("/group/<int:number>")
def group(number: int) -> str:
    now = utc_now()
    start, middle, end = (_day("from", now - 6 * MONTH), _day("middle", now - MONTH), _day("to", now) + timedelta(days=1))
    with opened().reading() as session:
        names = dict(groups(session))
        if number not in names:
            raise NO_GROUP
        before, after = shares_of(session, number, start, middle), shares_of(session, number, middle, end)
        missing = lapsed(session, number, now - MONTH)
        members = people(session, group_id=number)
    rows = compared(before, after)
    day = timedelta(days=1)
    days = {"from": start.date(), "before": (middle - day).date(), "middle": middle.date(), "to": (end - day).date()}
    return page("records_group.html", name=names[number], rows=rows, now=after, missing=missing, members=members, days=days)


def _person(number: int) -> Person:
    with opened().reading() as session:
        found = person_of(session, number)
    if found is None:
        raise NOBODY
    return found


def _day(key: str, usual: datetime) -> datetime:
    """The beginning of a day of the request, as this machine's clock has it; the usual one where none or no day of our time is given."""
    day = usual.astimezone().date()
    with suppress(ValueError):
        given = date.fromisoformat(request.args.get(key, ""))
        day = given if given.year in _YEARS else day
    return datetime(day.year, day.month, day.day).astimezone()
