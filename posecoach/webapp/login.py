"""Signing in and out: by the pass phrase of the hall, to practise, or by an account, which sees records too."""

from __future__ import annotations

import logging
import re

from flask import Blueprint, Response, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.history.accounts import LONGEST_NAME, signed_in
from posecoach.history.people import plain
from posecoach.reports.pages import render
from posecoach.vocabulary import Text
from posecoach.webapp.access import cookie_name, session_token
from posecoach.webapp.answers import ApiError, body, word
from posecoach.webapp.connection import neighbourhood
from posecoach.webapp.logins import Logins
from posecoach.webapp.services import services
from posecoach.webapp.sessions import SESSION_S

log = logging.getLogger(__name__)
blueprint = Blueprint("login", __name__)

LOGIN = ApiError(401, "login", Text("请先登录", "Sign in first"))
_WRONG = Text("口令不对，请再试一次", "Wrong pass phrase: try again")
_WRONG_ACCOUNT = Text("账号或密码不对，请再试一次", "Wrong account or password: try again")
_NOT_NEEDED = ApiError(404, "no_login", Text("这里不用登录", "Nobody signs in here"))
_NEXT = re.compile(r"/(?:records|accounts?)(?:/[a-z0-9_-]+)*/?", re.ASCII)
_LONGEST_NEXT = 200


@blueprint.get("/login")
def page() -> AnyResponse | str:
    if services().logins is None:
        return redirect("/", 303)
    return _page(request.args.get("next", ""), None)


@blueprint.post("/login")
def sign_in() -> AnyResponse:
    logins = services().logins
    if logins is None:
        raise _NOT_NEEDED
    if request.mimetype != "application/x-www-form-urlencoded":
        values = body()
        token = _token(logins, word(values, "name") or "", word(values, "passphrase") or "")
        return with_session(jsonify({"ok": True}), token)
    then = request.form.get("next", "")
    try:
        token = _token(logins, request.form.get("name", ""), request.form.get("passphrase", ""))
    except ApiError as error:
        return _refusal(error, then)
    return with_session(redirect(then if is_ours(then) else "/", 303), token)


@blueprint.post("/logout")
def sign_out() -> AnyResponse:
    """Ends the browser's session, and has the browser forget it and all it has kept of the pages."""
    logins = services().logins
    if logins is None:
        raise _NOT_NEEDED
    logins.sessions.end(session_token())
    answer = redirect("/login", 303)
    answer.delete_cookie(cookie_name(), httponly=True, samesite="Strict", secure=request.is_secure)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return answer


def with_session(answer: AnyResponse, token: str) -> AnyResponse:
    """The answer, which hands the browser the secret of its session."""
    answer.set_cookie(cookie_name(), token, max_age=int(SESSION_S), httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


def login_address(then: str) -> str:
    """Where to sign in; from there the browser goes on to the page ``then``, where it is one that only accounts see."""
    return f"/login?next={then}" if is_ours(then) else "/login"


def is_ours(path: str) -> bool:
    """Whether a browser may be sent there after signing in: a path of our own pages, never an address elsewhere."""
    return len(path) <= _LONGEST_NEXT and _NEXT.fullmatch(path) is not None


def _token(logins: Logins, name: str, given: str) -> str:
    """The secret of a new session. Raises `ApiError`."""
    name, address = plain(name)[: LONGEST_NAME + 1], neighbourhood(request.remote_addr or "")
    token = _account_token(logins, address, name, given) if name else logins.open(address, given, session_token())
    if isinstance(token, str):
        log.info("signed in from %s: %r", address, name)
        return token
    log.warning("a try to sign in from %s failed", address)  # without the name: people type a password there
    if token is None:
        raise ApiError(403, "wrong_account", _WRONG_ACCOUNT) if name else ApiError(403, "wrong_passphrase", _WRONG)
    seconds = int(token) + 1
    raise ApiError(429, "too_many", Text(f"试得太多了，请 {seconds} 秒后再试", f"Too many tries: wait {seconds} s"), retry_s=seconds)


def _account_token(logins: Logins, address: str, name: str, given: str) -> str | float | None:
    open_records = services().open_records
    if open_records is None:
        return None
    return logins.open_account(address, name, lambda: signed_in(open_records(), name, given), session_token())


def _refusal(error: ApiError, then: str) -> Response:
    answer = make_response(_page(then, error.words), error.status)
    if "retry_s" in error.more:
        answer.headers["Retry-After"] = str(error.more["retry_s"])
    return answer


def _page(then: str, problem: Text | None) -> str:
    return render("login.html", then=then if is_ours(then) else "", name=request.form.get("name", ""), problem=problem)
