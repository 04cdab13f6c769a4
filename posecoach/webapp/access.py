"""Who asks now, and whose records they may see."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request

from posecoach.history.accounts import Account, Role, account_of
from posecoach.history.sight import EVERYBODY, Sight
from posecoach.webapp.services import Services, services
from posecoach.webapp.sessions import Session

HERE = "page"
"""Whom the audit names where nobody signs in: the page of a machine that no other reaches."""
WATCH_S = 2.0
"""So soon what is sent without an end stops after its session has ended."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who sees records: an account; None on a machine that no other reaches, where nobody signs in and everything may be seen."""

    account: Account | None = None

    @property
    def sight(self) -> Sight:
        """Whose records may be seen."""
        return EVERYBODY if self.account is None else self.account.sight

    @property
    def is_admin(self) -> bool:
        """Whether everybody may be seen, and the accounts."""
        return self.account is None or self.account.role is Role.ADMIN

    @property
    def is_trainer(self) -> bool:
        """Whether people may be taken in and judged, as far as they may be seen."""
        return self.is_admin or (self.account is not None and self.account.role is Role.TRAINER)

    @property
    def who(self) -> str:
        """Whom the audit names."""
        return HERE if self.account is None else self.account.name

    def is_own(self, person_id: int) -> bool:
        """Whether a record is the viewer's own."""
        return self.account is not None and self.account.person_id == person_id


def viewer() -> Viewer | None:
    """Who asks now for records; None for who may see none: a pass phrase that all share tells nobody apart."""
    found = services()
    if found.open_records is None:
        return None
    if found.is_loopback:
        return Viewer() if is_from_here() else None
    account = account_now()
    return None if account is None else Viewer(account)


def account_now() -> Account | None:
    """The account that is signed in, None without one."""
    account = g.get("account")
    assert account is None or isinstance(account, Account)
    return account


def is_signed_in(found: Services) -> bool:
    """Whether the request belongs to a session that still holds; notes its account for `account_now`.

    The account is looked up each time: its role may be another by now, and a session does not outlive a new password or being shut out.
    """
    assert found.logins is not None
    session = found.logins.sessions.find(session_token())
    if session is None or session.account_id is None:
        return session is not None
    g.account = _account(found, session)
    if g.account is None:
        found.logins.sessions.end(session_token())
    return g.account is not None


def watch(found: Services) -> Callable[[], bool]:
    """What tells, while an endless answer to this request lasts, whether its session still holds: looked up every `WATCH_S`.

    What is sent counts as no request: a session that nobody uses runs out.
    """
    if found.logins is None:
        return lambda: True
    sessions, token, look_s = found.logins.sessions, session_token(), time.monotonic() + WATCH_S

    def holds() -> bool:
        nonlocal look_s
        if time.monotonic() < look_s:
            return True
        look_s = time.monotonic() + WATCH_S
        session = sessions.find(token, is_used=False)
        return session is not None and (session.account_id is None or _account(found, session) is not None)

    return holds


def cookie_name() -> str:
    """What the session's cookie is called; under TLS browsers hold it to this host, to TLS and to no other path."""
    return "__Host-posecoach" if request.is_secure else "posecoach"


def session_token() -> str:
    """The secret of the browser's session, "" without one."""
    return request.cookies.get(cookie_name(), "")


def _account(found: Services, session: Session) -> Account | None:
    if found.open_records is None or session.account_id is None:
        return None
    with found.open_records().reading() as reading:
        account = account_of(reading, session.account_id)
    holds = account is not None and not account.is_disabled and account.generation == session.generation
    return account if holds else None


def is_from_here() -> bool:
    """Whether the request comes from this machine, and not by way of a proxy on it."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip")):
        return False
    try:
        address = ipaddress.ip_address((request.remote_addr or "").split("%")[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
