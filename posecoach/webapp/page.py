"""The page and the pass phrase."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, body, word
from posecoach.webapp.connection import neighbourhood
from posecoach.webapp.guard import cookie_name, session_token
from posecoach.webapp.passphrase import SESSION_S, Logins
from posecoach.webapp.recogniser import has_recogniser
from posecoach.webapp.records import may_see
from posecoach.webapp.services import services
from posecoach.webapp.trainer_door import may_use

blueprint = Blueprint("page", __name__)

_WRONG = Text("口令不对，请再试一次", "Wrong pass phrase: try again")
_NOT_NEEDED = ApiError(404, "no_login", Text("这里不需要口令", "No pass phrase is needed here"))


@blueprint.get("/")
def index() -> str:
    found = services()
    return render_template(
        "live.html",
        has_trainer=may_use(found),
        has_row=found.row is not None,
        has_login=found.logins is not None,
        has_records=may_see(found),
        recognises=has_recogniser(),
    )


@blueprint.get("/login")
def login_page() -> AnyResponse | str:
    if services().logins is None:
        return redirect("/", 303)
    return render_template("login.html", error=None)


@blueprint.post("/login")
def login() -> AnyResponse:
    logins = services().logins
    if logins is None:
        raise _NOT_NEEDED
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    given = request.form.get("passphrase", "") if is_form else word(body(), "passphrase") or ""
    try:
        token = _open(logins, request.remote_addr or "", given)
    except ApiError as error:
        return _refusal(error) if is_form else error.response()
    answer = redirect("/", 303) if is_form else jsonify({"ok": True})
    answer.set_cookie(cookie_name(), token, max_age=int(SESSION_S), httponly=True, samesite="Strict", secure=request.is_secure)
    return answer


@blueprint.post("/logout")
def logout() -> AnyResponse:
    """Ends the browser's session, and has the browser forget it and all it has kept of the pages."""
    logins = services().logins
    if logins is None:
        raise _NOT_NEEDED
    logins.close(session_token())
    answer = redirect("/login", 303)
    answer.delete_cookie(cookie_name(), httponly=True, samesite="Strict", secure=request.is_secure)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return answer


def _open(logins: Logins, address: str, given: str) -> str:
    token = logins.open(neighbourhood(address), given, session_token())
    if isinstance(token, float):
        seconds = int(token) + 1
        raise ApiError(429, "too_many", Text(f"试得太多了，请 {seconds} 秒后再试", f"Too many tries: wait {seconds} s"), retry_s=seconds)
    if token is None:
        raise ApiError(403, "wrong_passphrase", _WRONG)
    return token


def _refusal(error: ApiError) -> Response:
    answer = make_response(render_template("login.html", error="slow" if error.status == 429 else "wrong"), error.status)
    if "retry_s" in error.more:
        answer.headers["Retry-After"] = str(error.more["retry_s"])
    return answer
