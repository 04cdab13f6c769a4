"""Errors with words in both languages, as JSON or as a page, and checked values from requests."""

from __future__ import annotations

import math
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from posecoach.reports.pages import render
from posecoach.storage.plain_json import as_mapping, parse_json
from posecoach.vocabulary import Text

CUSTOM_HEADER = "X-Posecoach"
"""What no form of a page elsewhere can send."""
_PAGES = ("/records", "/account", "/login")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NO_PAGES = ("/api/", "/static/")


class ApiError(Exception):
    """Ends a request with a status, a code and words."""

    def __init__(self, status: int, code: str, words: Text, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.words = words
        self.more = more

    def response(self) -> Response:
        """As the caller gets it."""
        answer = jsonify({"error": self.code, "zh": self.words.zh, "en": self.words.en, **self.more})
        answer.status_code = self.status
        return answer


_NOT_UNDERSTOOD = Text("请求无法理解", "The request cannot be understood")
_PLAIN = {
    404: ApiError(404, "not_found", Text("没有这个地址", "There is nothing at this address")),
    405: ApiError(405, "not_allowed", Text("不支持这种请求", "This address does not take such requests")),
    413: ApiError(413, "too_large", Text("发送的内容太大", "What was sent is too large")),
}
INTERNAL = ApiError(500, "internal", Text("服务出错了，请刷新页面；如果反复出现请联系管理员", "Something went wrong: reload the page"))


def for_http(error: HTTPException) -> Response:
    """Flask's own errors in our form; what is wrong with the request is never called the server's fault."""
    status = error.code or INTERNAL.status
    is_theirs = 400 <= status < 500
    return answer_of(_PLAIN.get(status) or (ApiError(status, "bad_request", _NOT_UNDERSTOOD) if is_theirs else INTERNAL))


def answer_of(error: ApiError) -> Response:
    """A page where a browser asked for one, else JSON."""
    if not is_page_asked():
        return error.response()
    answer = Response(render("error.html", words=error.words), error.status, mimetype="text/html")
    if "retry_s" in error.more:
        answer.headers["Retry-After"] = str(error.more["retry_s"])
    return answer


def is_page_asked() -> bool:
    """Whether the answer is for a person's eyes: an address of pages, or a browser's own request and none of a script."""
    if request.path.startswith(_NO_PAGES) or request.path.endswith(".json") or request.is_json or CUSTOM_HEADER in request.headers:
        return False
    is_form = request.method in ("GET", "HEAD") or request.mimetype in _FORMS
    return (is_form and request.path.startswith(_PAGES)) or any(kind == "text/html" for kind, _ in request.accept_mimetypes)


TRUE_OR_FALSE = Text("true 或 false", "true or false")


def bad(key: str, wanted: Text) -> ApiError:
    """A request whose ``key`` (empty: the whole) holds something else than what is ``wanted``."""
    return ApiError(400, "bad_request", Text(f"请求有误：{key} 应为 {wanted.zh}", f"{key}: expected {wanted.en}".removeprefix(": ")))


def body() -> dict[str, Any]:
    """The JSON object in the request; empty where there is no body."""
    data = request.get_data(cache=True)
    if not data:
        return {}
    try:
        return dict(as_mapping(parse_json(data)))
    except (ValueError, TypeError) as error:
        raise bad("", Text("一个 JSON 对象", "a JSON object")) from error


def number(values: dict[str, Any], key: str, low: float, high: float) -> float | None:
    """A number of the request, None where it is left out or null."""
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not low <= value <= high:
        raise bad(key, Text(f"{low:g} 到 {high:g} 的数字", f"a number from {low:g} to {high:g}"))
    return float(value)


def word(values: dict[str, Any], key: str) -> str | None:
    """A short text of the request, None where it is left out or null."""
    value = values.get(key)
    if value is not None and (not isinstance(value, str) or len(value) > 200):
        raise bad(key, Text("一段短文字", "a short text"))
    return value or None


def flag(values: dict[str, Any], key: str, default: bool = False) -> bool:
    """Yes or no from the request."""
    value = values.get(key, default)
    if not isinstance(value, bool):
        raise bad(key, TRUE_OR_FALSE)
    return value
