"""The pass phrase: kept as a hash in memory only, tried seldom, remembered by a random cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

MIN_LENGTH = 8
WINDOW_S = 60.0
TRIES_EACH = 5
TRIES_ALL = 30
SESSION_S = 12 * 3600.0
_MOST_SESSIONS = 1000


class Logins:
    """Who has given the pass phrase. Each address has 5 tries a minute, all together 30."""

    def __init__(self, passphrase: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._salt = secrets.token_bytes(16)
        self._hash = self._hashed(passphrase)
        self._clock = clock
        self._lock = threading.Lock()
        self._hashing = threading.Lock()  # one at a time: a hash takes 16 MB and a good part of a second
        self._failed: defaultdict[str, deque[float]] = defaultdict(deque)
        self._sessions: dict[str, float] = {}

    def open(self, address: str, passphrase: str, before: str = "") -> str | float | None:
        """The secret of a new session, None for a wrong pass phrase, or how many seconds this address has to wait before the next try.

        A try counts from its beginning, so that many at once are no more than the same one after another. The session whose secret was
        ``before`` ends when the new one begins.
        """
        with self._lock:
            wait_s = self._wait_s(address)
            if wait_s > 0:
                return wait_s
            self._failed[address].append(self._clock())
        with self._hashing:
            is_right = hmac.compare_digest(self._hashed(passphrase), self._hash)
        return self._begin(address, before) if is_right else None

    def _begin(self, address: str, before: str) -> str:
        token = secrets.token_urlsafe(32)
        self.close(before)
        with self._lock:
            self._failed.pop(address, None)
            while len(self._sessions) >= _MOST_SESSIONS:
                self._sessions.pop(next(iter(self._sessions)))
            self._sessions[self._key(token)] = self._clock() + SESSION_S
        return token

    def close(self, token: str) -> None:
        """End the session of this secret; nothing happens when there is none."""
        with self._lock:
            self._sessions.pop(self._key(token), None)

    def _wait_s(self, address: str) -> float:
        self._forget()
        mine, every = self._failed.get(address, deque()), sorted(t for times in self._failed.values() for t in times)
        waits = [mine[-TRIES_EACH]] if len(mine) >= TRIES_EACH else []
        waits += [every[-TRIES_ALL]] if len(every) >= TRIES_ALL else []
        return max((t + WINDOW_S - self._clock() for t in waits), default=0.0)

    def is_open(self, token: str) -> bool:
        """Whether this is the secret of a session that has not run out."""
        with self._lock:
            return self._sessions.get(self._key(token), 0.0) > self._clock()

    def _forget(self) -> None:
        since = self._clock() - WINDOW_S
        for address in list(self._failed):
            times = self._failed[address]
            while times and times[0] <= since:
                times.popleft()
            if not times:
                del self._failed[address]

    def _hashed(self, passphrase: str) -> bytes:
        return hashlib.scrypt(passphrase.encode(), salt=self._salt, n=2**14, r=8, p=1)

    @staticmethod
    def _key(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
