"""Who may ask, from where, and what browsers may do with the answers."""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from posecoach.errors import OutputError, PosecoachError
from posecoach.vocabulary import Text
from posecoach.webapp.access import account_now, is_signed_in
from posecoach.webapp.answers import CUSTOM_HEADER, INTERNAL, ApiError, answer_of, for_http, is_page_asked
from posecoach.webapp.login import LOGIN, login_address
from posecoach.webapp.office_tls import ADDRESS
from posecoach.webapp.services import Services

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers send our own forms with "Origin: null"
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = "max-age=31536000"
"""Under TLS, of a name that other machines know: on localhost it would bind all other programs of this machine."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_OPEN_TO_ALL = ("/login", "/static/", ADDRESS)
_WRONG_HOST = ApiError(403, "wrong_host", Text("不能用这个网址访问", "This server may not be called by that name"))
_WRONG_ORIGIN = ApiError(403, "wrong_origin", Text("不接受其他网页的请求", "Requests of other pages are not taken"))
_START_PAGES = ("/", "/trainer", "/meeting")
_FIRST_PASSWORD = ("/account", "/account/password", "/logout")
_CHANGE_FIRST = ApiError(403, "password", Text("请先设自己的密码", "Choose a password of your own first"))


def install(app: Flask, services: Services) -> None:
    """Check every request before it is answered, and add the headers to every answer."""

    @app.before_request
    def check() -> AnyResponse | None:
        if not is_known_host(request.host, services):
            raise _WRONG_HOST
        if not _is_own_request():
            raise _WRONG_ORIGIN
        return _login_first(services)

    @app.after_request
    def add_headers(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure and not services.is_loopback:
            answer.headers["Strict-Transport-Security"] = HSTS
        return answer

    app.register_error_handler(ApiError, answer_of)
    app.register_error_handler(HTTPException, for_http)
    app.register_error_handler(PosecoachError, _for_ours)
    app.register_error_handler(Exception, _for_unknown)


def is_known_host(host: str, services: Services) -> bool:
    """Whether a Host header names this server: a page elsewhere may point its own name here (DNS rebinding), but not a number."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        number = ipaddress.ip_address(name)
    except ValueError:
        return name in services.hosts
    return number.is_loopback or not services.is_loopback


def _is_own_request() -> bool:
    """Whether the request comes from our own page, from the address bar or from a program, not from a page elsewhere."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.host}"
    site = request.headers.get("Sec-Fetch-Site")
    if request.method not in _SAFE:
        return site in ("same-origin", "none") or CUSTOM_HEADER in request.headers
    is_page = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") == "document"
    return site in (None, "same-origin", "none") or is_page


def _login_first(services: Services) -> AnyResponse | None:
    if services.logins is None or request.path.startswith(_OPEN_TO_ALL):
        return None
    is_page = request.method in _SAFE and (request.path in _START_PAGES or is_page_asked())
    if not is_signed_in(services):
        if is_page:
            return redirect(login_address(request.path), 303)
        raise LOGIN
    account = account_now()
    if account is not None and account.must_change and request.path not in _FIRST_PASSWORD:
        if is_page:
            return redirect("/account", 303)
        raise _CHANGE_FIRST
    return None


def _for_ours(error: PosecoachError) -> Response:
    log.warning("%s", error)
    is_full = isinstance(error, OutputError)
    return answer_of(ApiError(507 if is_full else 503, "not_written" if is_full else "not_possible", error.words))


def _for_unknown(error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return answer_of(INTERNAL)
