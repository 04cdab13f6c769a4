"""Signing in: by the pass phrase that all of a hall share, or by name and password of an account."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable

from posecoach.history.accounts import Account
from posecoach.webapp.sessions import Session, Sessions
from posecoach.webapp.tries import Tries

MIN_LENGTH = 8


class Logins:
    """Who has signed in. The pass phrase is kept as a hash in memory only; accounts lie in the records."""

    def __init__(self, passphrase: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._salt = secrets.token_bytes(16)
        self._hash = self._hashed(passphrase)
        self._hashing = threading.Lock()  # one at a time: a hash takes 16 or 64 MB and a good part of a second
        self._tries = Tries(clock)
        self.sessions = Sessions(clock)

    def open(self, address: str, passphrase: str, before: str = "") -> str | float | None:
        """The secret of a new session, None for a wrong pass phrase, or how many seconds this address has to wait before the next try.

        A try counts from its beginning, so that many at once are no more than the same one after another. The session whose secret was
        ``before`` ends when the new one begins.
        """

        def shown() -> Session | None:
            return Session() if hmac.compare_digest(self._hashed(passphrase), self._hash) else None

        return self._open(address, "", shown, before)

    def open_account(self, address: str, name: str, check: Callable[[], Account | None], before: str = "") -> str | float | None:
        """The same for the account of that ``name``, which ``check`` gives for the right password."""

        def shown() -> Session | None:
            account = check()
            return None if account is None else Session(account.id, account.generation)

        return self._open(address, name, shown, before)

    def _open(self, address: str, account: str, shown: Callable[[], Session | None], before: str) -> str | float | None:
        wait_s = self._tries.begin(address, account)
        if wait_s > 0:
            return wait_s
        with self._hashing:
            session = shown()
        if session is None:
            return None
        self._tries.succeed(address, account)
        self.sessions.end(before)
        return self.sessions.begin(session)

    def _hashed(self, passphrase: str) -> bytes:
        return hashlib.scrypt(passphrase.encode("utf-8", "surrogatepass"), salt=self._salt, n=2**14, r=8, p=1)
