"""Everybody's accounts, for admins."""

from __future__ import annotations

import re

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.history.accounts import (
    Account,
    NewAccount,
    Role,
    account_of,
    accounts,
    add_account,
    set_disabled,
    set_password,
    set_role,
)
from posecoach.history.database import RecordsError
from posecoach.history.passwords import LEAST, hashed
from posecoach.history.people import names
from posecoach.history.sight import EVERYBODY, sees
from posecoach.reports.pages import render
from posecoach.vocabulary import Text
from posecoach.webapp.access import viewer
from posecoach.webapp.answers import ApiError
from posecoach.webapp.own_account import ROLES
from posecoach.webapp.records_door import FORBIDDEN, opened, turn_away, viewing

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

_NO_ACCOUNT = ApiError(404, "no_account", Text("没有这个账号", "There is no such account"))
_OWN = ApiError(409, "own_account", Text("自己的权限和停用要由别的管理员来改", "Your own role is for another admin to change"))
_NO_PERSON = Text("请选记录库里的一个人", "Choose somebody of the records")


@blueprint.before_request
def permit() -> AnyResponse | None:
    """Turns away everybody but admins."""
    found = viewer()
    if found is None:
        return turn_away()
    if not found.is_admin:
        raise FORBIDDEN
    g.viewer = found
    return None


@blueprint.get("/")
def index() -> str:
    return _index(None)


@blueprint.post("/")
def add() -> AnyResponse | tuple[str, int]:
    name = request.form.get("name", "")
    try:
        password = hashed(request.form.get("password", ""), name)
        new = NewAccount(name, _role(), password, _person_chosen(), _groups(), must_change=True)
        with opened().writing() as session:
            add_account(session, new, who=viewing().who)
    except RecordsError as error:
        return _index(error.words), 400
    return redirect("/accounts/", 303)


@blueprint.post("/<int:number>/password")
def reset_password(number: int) -> AnyResponse | tuple[str, int]:
    """Another first password: it is good for choosing one's own."""
    account = _account(number)
    if _is_own(number):
        return redirect("/account", 303)
    try:
        password = hashed(request.form.get("password", ""), account.name)
    except RecordsError as error:
        return _index(error.words), 400
    with opened().writing() as session:
        set_password(session, number, password, who=viewing().who, must_change=True)
    return redirect("/accounts/", 303)


@blueprint.post("/<int:number>/role")
def change_role(number: int) -> AnyResponse | tuple[str, int]:
    _refuse_own(number)
    try:
        with opened().writing() as session:
            set_role(session, number, _role(), _groups(), who=viewing().who)
    except RecordsError as error:
        return _index(error.words), 400
    return redirect("/accounts/", 303)


@blueprint.post("/<int:number>/disable")
def disable(number: int) -> AnyResponse:
    return _set_disabled(number, is_disabled=True)


@blueprint.post("/<int:number>/enable")
def enable(number: int) -> AnyResponse:
    return _set_disabled(number, is_disabled=False)


def _set_disabled(number: int, *, is_disabled: bool) -> AnyResponse:
    _refuse_own(number)
    with opened().writing() as session:
        set_disabled(session, number, is_disabled=is_disabled, who=viewing().who)
    return redirect("/accounts/", 303)


def _refuse_own(number: int) -> None:
    """Or the last admin could shut everybody out. Raises `ApiError`."""
    _account(number)
    if _is_own(number):
        raise _OWN


def _is_own(number: int) -> bool:
    found = viewing().account
    return found is not None and found.id == number


def _account(number: int) -> Account:
    with opened().reading() as session:
        account = account_of(session, number)
    if account is None:
        raise _NO_ACCOUNT
    return account


def _role() -> Role:
    given = request.form.get("role", "")
    if given not in {role.value for role in Role}:
        raise RecordsError(Text("请选权限", "Choose a role"))
    return Role(given)


def _person_chosen() -> int | None:
    """The person of the form, None for none. Raises `RecordsError` for somebody who is not there."""
    given = request.form.get("person", "")
    if not given:
        return None
    with opened().reading() as session:
        if not re.fullmatch(r"[0-9]{1,9}", given) or not sees(session, EVERYBODY, int(given)):
            raise RecordsError(_NO_PERSON)
    return int(given)


def _groups() -> list[str]:
    """Groups as they are typed, one after another."""
    return [name for name in re.split(r"[、,，;；]", request.form.get("groups", "")) if name.strip()]


def _index(problem: Text | None) -> str:
    with opened().reading() as session:
        listed, known = accounts(session), names(session)
    taken = {item.account.person_id for item in listed}
    free = [item for item in known if item.id not in taken]
    return render(
        "accounts.html", accounts=listed, people=free, roles=ROLES, least=LEAST, viewer=viewing(), problem=problem, given=request.form
    )
