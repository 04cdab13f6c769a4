"""Who is signed in, by the secret of the browser's cookie: kept in memory only, so that a restart ends all."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

SESSION_S = 12 * 3600.0
"""A screen on a wall shows its stream all day and sends no request."""
IDLE_S = 3600.0
"""Without a request for so long the session of an account is over: what it opens belongs to people."""
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """What a browser has shown: the password of an account (and when: ``generation``), None where it is the pass phrase of all."""

    account_id: int | None = None
    generation: int = 0


@dataclass(slots=True)
class _Kept:
    session: Session
    until_s: float
    idle_until_s: float


class Sessions:
    """The sessions begun, at most a thousand; the oldest goes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def begin(self, session: Session) -> str:
        """The secret of a new session, of 256 random bits; kept as a hash."""
        token = secrets.token_urlsafe(32)
        now_s = self._clock()
        with self._lock:
            while len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[_key(token)] = _Kept(session, now_s + SESSION_S, now_s + IDLE_S)
        return token

    def find(self, token: str, *, is_used: bool = True) -> Session | None:
        """The session of this secret that has not run out; it is in use now, unless only looked at."""
        now_s = self._clock()
        with self._lock:
            kept = self._kept.get(_key(token))
            if kept is None or now_s >= kept.until_s or (kept.session.account_id is not None and now_s >= kept.idle_until_s):
                return None
            if is_used:
                kept.idle_until_s = now_s + IDLE_S
            return kept.session

    def end(self, token: str) -> None:
        """End the session of this secret; nothing happens when there is none."""
        with self._lock:
            self._kept.pop(_key(token), None)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
