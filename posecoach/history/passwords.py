"""Passwords of accounts: which are good enough, and their hashes by Argon2 as its library sets it up."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NewType

from posecoach.history.database import RecordsError
from posecoach.vocabulary import Text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST = 10
MOST = 200
_LEAST_DIFFERENT = 5
_LEAST_NAME = 3
"""Shorter names stand in other words by chance."""
_COMMON = ("password", "passw0rd", "123456789", "987654321", "qwertyuiop", "1q2w3e4r", "admin123", "iloveyou", "posecoach", "woaini1314")

Hash = NewType("Hash", str)
"""A password as it is kept."""


def hashed(password: str, account: str) -> Hash:
    """The hash of a new password of the account of that name; takes a tenth of a second and 64 MB.

    Raises `RecordsError` for one that is too short or that others would try first.
    """
    password = _plain(password)
    if not LEAST <= len(password) <= MOST:
        raise RecordsError(
            Text(f"密码要有 {LEAST} 至 {MOST} 个字符；一句好记的话最好", f"a password has {LEAST} to {MOST} characters; a phrase is best")
        )
    if _is_weak(password.casefold(), _plain(account).casefold()):
        raise RecordsError(Text("这个密码太容易猜到，请换一个", "this password is too easy to guess: choose another"))
    return Hash(_hasher().hash(_bytes(password)))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password is the one that is kept; None, where there is no account, takes as long and is never right."""
    from argon2.exceptions import InvalidHashError, VerificationError

    nobody = _of_nobody()
    try:
        return _hasher().verify(nobody if kept is None else kept, _bytes(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the library would hash otherwise by now."""
    return _hasher().check_needs_rehash(kept)


def hashed_again(password: str) -> Hash:
    """The hash, as the library makes it by now, of a password that was found right."""
    return Hash(_hasher().hash(_bytes(password)))


def _is_weak(password: str, account: str) -> bool:
    holds_name = len(account) >= _LEAST_NAME and account in password
    return holds_name or len(set(password)) < _LEAST_DIFFERENT or any(word in password for word in _COMMON)


def _plain(password: str) -> str:
    """In one form of Unicode: keyboards differ in how they write the same letter."""
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    return _plain(password).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())
