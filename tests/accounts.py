"""Accounts for tests, with hashes that cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from argon2 import PasswordHasher

from posecoach.history import passwords
from posecoach.history.accounts import NewAccount, Role, add_account
from posecoach.history.database import Records
from posecoach.history.passwords import hashed

PASSWORD = "一点一横长，早上站得直"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_cheaply(patch: pytest.MonkeyPatch) -> None:
    """From now on, until the test ends: what is guarded is who gets in, not how long a guess takes."""
    patch.setattr(passwords, "_hasher", lambda: _CHEAP)
    passwords._of_nobody.cache_clear()


def made(records: Records, name: str, role: Role, person_id: int | None = None, groups: Sequence[str] = ()) -> int:
    """The number of a new account, whose password is `PASSWORD`."""
    with records.writing() as session:
        return add_account(session, NewAccount(name, role, hashed(PASSWORD, name), person_id, groups), who="trainer")
