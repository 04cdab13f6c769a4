"""Who may do what with records, whose they are, and how their pages are made."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.history.database import Records
from posecoach.history.sight import person_of_check, sees
from posecoach.reports import record_plots
from posecoach.reports.pages import render
from posecoach.reports.rows import drills_of
from posecoach.vocabulary import State, Text
from posecoach.webapp.access import Viewer, viewer
from posecoach.webapp.answers import ApiError, is_page_asked
from posecoach.webapp.login import login_address
from posecoach.webapp.services import services

blueprint = Blueprint("records", __name__, url_prefix="/records")

NOBODY = ApiError(404, "nobody", Text("没有这个人", "There is nobody by this number"))
NO_GROUP = ApiError(404, "no_group", Text("没有这个小组", "There is no such group"))
NO_SUCH_CHECK = ApiError(404, "no_such_check", Text("没有这次检查", "There is no such check"))
FORBIDDEN = ApiError(403, "forbidden", Text("您的账号不能这样做", "Your account may not do this"))
_ELSEWHERE = ApiError(403, "records_elsewhere", Text("练习记录只能在教练机上看", "Records are shown on the coach PC only"))
_ACCOUNT = ApiError(401, "account", Text("请用账号登录", "Sign in with an account"))
_SAFE = ("GET", "HEAD")
_STATES = (State.PASS, State.WARN, State.FAIL)

_TO_ALL = {"index", "names"}
"""Each shows what who asks may see."""
_BY_TRAINERS = {"add", "meeting", "keep_meeting", "rules_page"}
_BY_ONESELF = {"keep_check", "forget_person"}
"""Changes that somebody may make to their own record."""
_NOT_BY_TRAINERS = {"forget_person"}


@blueprint.before_request
def permit() -> AnyResponse | None:
    """Turns away who may not do what is asked for. Addresses not named here are for those who may see everybody."""
    found = viewer()
    if found is None:
        return turn_away()
    name, kind = (request.endpoint or "").removeprefix("records."), str(request.url_rule).split("/")[2]
    number = (request.view_args or {}).get("number")
    if isinstance(number, int) and kind in ("person", "group", "check"):
        is_own = _see(found, kind, number)
        is_free = request.method in _SAFE or (found.is_trainer and name not in _NOT_BY_TRAINERS) or (is_own and name in _BY_ONESELF)
    else:
        is_free = name in _TO_ALL or (name in _BY_TRAINERS and found.is_trainer)
    if not is_free and not found.is_admin:
        raise FORBIDDEN
    g.viewer = found
    return None


def turn_away() -> AnyResponse:
    """Where to sign in, for who may see no records. Raises `ApiError` where that is no page, or nobody signs in."""
    found = services()
    if found.logins is None or found.open_records is None:
        raise _ELSEWHERE
    if request.method in _SAFE and is_page_asked():
        return redirect(login_address(request.path), 303)
    raise _ACCOUNT


def _see(found: Viewer, kind: str, number: int) -> bool:
    """Whether what is asked for is the viewer's own. Raises `ApiError`, the same whether it is not there or not to be seen."""
    if kind == "group":
        if not found.sight.has_group(number):
            raise NO_GROUP
        return False
    with opened().reading() as session:
        person_id = number if kind == "person" else person_of_check(session, number)
        if person_id is None or not sees(session, found.sight, person_id):
            raise NOBODY if kind == "person" else NO_SUCH_CHECK
    return found.is_own(person_id)


def viewing() -> Viewer:
    """Who was let in."""
    found = g.viewer
    assert isinstance(found, Viewer)
    return found


def opened() -> Records:
    """The records."""
    open_records = services().open_records
    assert open_records is not None
    return open_records()


def page(template: str, **context: Any) -> str:
    """A page about records, with the words for clauses and topics."""
    rule_sets = services().rule_sets.values()
    clauses = {rule.id: rule.clause for rule_set in rule_sets for rule in rule_set.rules}
    topics = drills_of(rule_sets)
    shared = {"states": _STATES, "clauses": clauses, "topics": topics, "plot": record_plots, "viewer": viewing()}
    return render(template, **shared, **context)
