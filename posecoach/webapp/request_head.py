"""What a request's head says of its length, and which heads are refused: those that two programs could read in two ways."""

from __future__ import annotations

import json
import re

from posecoach.vocabulary import Text

MAX_HEAD_BYTES = 32_768
MAX_BODY_BYTES = 2_000_000

_LINE = re.compile(rb"[A-Z]{1,16} /(?!/)[!-~]* HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH = re.compile(rb"[0-9]{1,10}")
_ONCE = frozenset(b"host content-length content-type cookie origin range x-posecoach sec-fetch-site sec-fetch-mode sec-fetch-dest".split())
"""What decides who may ask, and how long a request is, is said once."""


class RefusedError(Exception):
    """Ends a connection with an answer of a few words, before anybody works for it."""

    def __init__(self, status: str, code: str, words: Text) -> None:
        super().__init__(status)
        self._status, self._told = status, {"error": code, "zh": words.zh, "en": words.en}

    def answer(self) -> bytes:
        """The whole answer as it is sent."""
        body = json.dumps(self._told, ensure_ascii=False).encode()
        head = f"HTTP/1.1 {self._status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.encode() + body


def bad_request() -> RefusedError:
    """A head that is not plainly one of HTTP/1."""
    return RefusedError("400 Bad Request", "bad_request", Text("请求无法理解", "The request cannot be understood"))


def head_too_large() -> RefusedError:
    """A head over `MAX_HEAD_BYTES`."""
    return RefusedError("431 Request Header Fields Too Large", "too_large", Text("请求头太大", "The head of the request is too large"))


def not_encrypted() -> RefusedError:
    """Plain HTTP where TLS is spoken."""
    return RefusedError("400 Bad Request", "tls", Text("请用 https:// 打开", "This address speaks TLS only: open it with https://"))


def body_length(head: bytes) -> int:
    """Bytes that follow a head (all before its empty line). Raises `RefusedError`.

    Refused: what is not a line of HTTP/1 with fields as RFC 9112 writes them (no folded lines), ``_`` in a name (WSGI cannot tell it from
    ``-``), a field of `_ONCE` twice, HTTP/1.1 without Host, a body without its length or over `MAX_BODY_BYTES`.
    """
    line, *rest = head.split(b"\r\n")
    found = [_FIELD.fullmatch(field) for field in rest]
    if not _LINE.fullmatch(line) or not all(found):
        raise bad_request()
    fields = [(match[1].lower(), match[2]) for match in found if match]
    names = [name for name, _ in fields]
    if any(names.count(name) > 1 for name in _ONCE) or (line.endswith(b"1.1") and b"host" not in names):
        raise bad_request()
    if b"transfer-encoding" in names:
        raise RefusedError("411 Length Required", "length_required", Text("请求要说明长度", "A request has to say its length"))
    return _checked_length(dict(fields).get(b"content-length", b"0").strip())


def _checked_length(told: bytes) -> int:
    if not _LENGTH.fullmatch(told):
        raise bad_request()
    if int(told) > MAX_BODY_BYTES:
        raise RefusedError("413 Content Too Large", "too_large", Text("发送的内容太大", "What was sent is too large"))
    return int(told)
