"""One's own account: who one is here, and another password."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.history.accounts import Account, Role, set_password, signed_in
from posecoach.history.database import RecordsError
from posecoach.history.passwords import LEAST, hashed
from posecoach.reports.pages import render
from posecoach.vocabulary import Text
from posecoach.webapp.access import account_now
from posecoach.webapp.connection import neighbourhood
from posecoach.webapp.login import login_address, with_session
from posecoach.webapp.records_door import FORBIDDEN, opened
from posecoach.webapp.services import services
from posecoach.webapp.sessions import Session

blueprint = Blueprint("account", __name__, url_prefix="/account")

ROLES = {Role.STAFF: Text("员工", "Staff"), Role.TRAINER: Text("教练", "Trainer"), Role.ADMIN: Text("管理员", "Admin")}
_WRONG = Text("现在的密码不对", "That is not your present password")
_SLOW = Text("试得太多了，请过一会儿再试", "Too many tries: wait a while")
_DIFFERENT = Text("两次输入的新密码不一样", "The new password was not typed the same twice")
_SAME = Text("新密码要和现在的不同", "The new password has to be another one")


@blueprint.get("")
def own() -> AnyResponse | str:
    account = account_now()
    if account is None:
        return redirect("/accounts/" if services().is_loopback else login_address("/account"), 303)
    return _own_page(account, None)


@blueprint.post("/password")
def change_password() -> AnyResponse | tuple[str, int]:
    """Ends all sessions of the account, and begins one for the browser that asked."""
    account, logins = account_now(), services().logins
    if account is None or logins is None:
        raise FORBIDDEN
    new, again = request.form.get("new", ""), request.form.get("again", "")
    problem = _DIFFERENT if new != again else _wrong_password(account, request.form.get("current", ""))
    if problem is None and new == request.form.get("current"):
        problem = _SAME
    if problem is not None:
        return _own_page(account, problem), 400
    try:
        password = hashed(new, account.name)
    except RecordsError as error:
        return _own_page(account, error.words), 400
    with opened().writing() as session:
        generation = set_password(session, account.id, password, who=account.name)
    return with_session(redirect("/", 303), logins.sessions.begin(Session(account.id, generation)))


def _wrong_password(account: Account, given: str) -> Text | None:
    """Why the present password is not taken; tries count as those to sign in do."""
    logins = services().logins
    assert logins is not None
    token = logins.open_account(neighbourhood(request.remote_addr or ""), account.name, lambda: signed_in(opened(), account.name, given))
    if isinstance(token, str):
        logins.sessions.end(token)
        return None
    return _WRONG if token is None else _SLOW


def _own_page(account: Account, problem: Text | None) -> str:
    return render("account.html", account=account, role=ROLES[account.role], least=LEAST, problem=problem)
