"""What a trainer says of a recorded check, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.history.audit import note_look
from posecoach.history.checks import KeptCheck, check_of
from posecoach.history.database import RecordsError
from posecoach.history.opinions import Opinion, Review, comments_on, opinions_on, say, take_back
from posecoach.vocabulary import State, Text
from posecoach.webapp.records_door import FORBIDDEN, NO_SUCH_CHECK, blueprint, opened, page, viewing

_STATES = {state.word: state for state in State}


@blueprint.get("/check/<int:number>")
def check_page(number: int) -> str:
    check = _check(number)
    if not viewing().is_own(check.person_id):
        note_look(opened(), viewing().who, check.person_id)
    return _page(check)


@blueprint.post("/check/<int:number>/review")
def review_check(number: int) -> AnyResponse | tuple[str, int]:
    """Nobody says of their own check that the machine is wrong."""
    check, by = _check(number), viewing()
    if by.is_own(check.person_id):
        raise FORBIDDEN
    given = request.form
    rater = given.get("rater", "") if by.account is None else by.account.name
    try:
        with opened().writing() as session:
            say(session, number, _review(check, rater, given), who=by.who)
    except RecordsError as error:
        return _page(check, error.words, given), 400
    return redirect(f"/records/check/{number}", 303)


@blueprint.post("/check/<int:number>/withdraw")
def withdraw_review(number: int) -> AnyResponse | tuple[str, int]:
    """Takes back what somebody said of a check: trainers what they said themselves, who may see everybody what anybody said."""
    check, by = _check(number), viewing()
    rater = request.form.get("rater") or by.who
    if by.is_own(check.person_id) or not (by.is_admin or rater == by.who):
        raise FORBIDDEN
    try:
        with opened().writing() as session:
            take_back(session, number, rater, who=by.who)
    except RecordsError as error:
        return _page(check, error.words), 400
    return redirect(f"/records/check/{number}", 303)


def _check(number: int) -> KeptCheck:
    with opened().reading() as session:
        check = check_of(session, number)
    if check is None:
        raise NO_SUCH_CHECK
    return check


def _review(check: KeptCheck, rater: str, given: Mapping[str, str]) -> Review:
    """What the form says: nothing of a clause that was left as it is."""
    said = {item.code: _STATES.get(given.get(f"state:{item.code}", "")) for item in check.verdicts}
    overrides = {code: (state, given.get(f"reason:{code}", "")) for code, state in said.items() if state is not None}
    return Review(rater, overrides, given.get("agrees") == "yes", given.get("comment", ""))


def _page(check: KeptCheck, problem: Text | None = None, given: Mapping[str, str] | None = None) -> str:
    with opened().reading() as session:
        opinions, comments = opinions_on(session, check.id), comments_on(session, check.id)
    by = viewing()
    said: dict[str, Any] = {"others": _others(check, opinions), "raters": tuple(dict.fromkeys(item.rater for item in opinions))}
    is_reviewer = by.is_trainer and not by.is_own(check.person_id)
    everybody = dict.fromkeys([*(item.rater for item in opinions), *(item.rater for item in comments)])
    said["withdrawn_by"] = [rater for rater in everybody if is_reviewer and (by.is_admin or rater == by.who)]
    shown = {"check": check, "comments": comments, "is_reviewer": is_reviewer, "problem": problem, "given": given or {}}
    return page("records_check.html", **shown, **said)


def _others(check: KeptCheck, opinions: tuple[Opinion, ...]) -> dict[str, list[Opinion]]:
    """By clause the opinions that are not the machine's."""
    verdicts = {item.code: item.state for item in check.verdicts}
    found: dict[str, list[Opinion]] = {}
    for item in opinions:
        if verdicts.get(item.code) is not item.state:
            found.setdefault(item.code, []).append(item)
    return found
