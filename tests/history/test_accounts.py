"""Accounts: whose password opens them, whose records they may see, and what ends their sessions."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from posecoach.history import passwords
from posecoach.history.accounts import (
    Account,
    NewAccount,
    Role,
    account_of,
    accounts,
    add_account,
    find_account,
    set_disabled,
    set_password,
    set_role,
    signed_in,
)
from posecoach.history.database import Records, RecordsError
from posecoach.history.exports import all_of
from posecoach.history.passwords import LEAST, hashed, is_right
from posecoach.history.people import people
from posecoach.history.sight import sees
from posecoach.history.tables import AuditRow
from posecoach.history.trends import groups
from posecoach.history.upkeep import back_up, forget
from tests.accounts import PASSWORD, hash_cheaply, made
from tests.history.test_records import agreed, backup_text


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


def now(records: Records, number: int) -> Account:
    with records.reading() as session:
        found = account_of(session, number)
    assert found is not None
    return found


def test_name_and_password_together_open_an_account(records: Records) -> None:
    number = made(records, " Boss  One ", Role.ADMIN)
    found = signed_in(records, "Boss One", PASSWORD)
    assert found == now(records, number)
    for name, password in (("Boss One", PASSWORD + "x"), ("Boss One", ""), ("boss one", PASSWORD), ("", PASSWORD), ("x", "")):
        assert signed_in(records, name, password) is None


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800", "名" * 101, "' or 1=1 --", "%"])
def test_odd_names_and_passwords_open_nothing(records: Records, odd: str) -> None:
    made(records, "boss", Role.ADMIN)
    assert signed_in(records, odd, PASSWORD) is None
    assert signed_in(records, "boss", odd) is None


def test_the_same_letters_are_the_same_password_on_every_keyboard() -> None:
    assert is_right(hashed("cafe\u0301 au lait", "boss"), "caf\u00e9 au lait")


@pytest.mark.parametrize("weak", ["", "a" * 9, "x" * 201, "a" * 12, "abababababab", "Password2026", "我叫LiNa你好你好", "lina20261128"])
def test_passwords_that_others_would_try_first_are_refused(weak: str) -> None:
    with pytest.raises(RecordsError):
        hashed(weak, "LiNa")
    assert len(PASSWORD) >= LEAST


def test_passwords_are_kept_as_the_library_says_and_only_so(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    number = made(records, "boss", Role.ADMIN)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher)
    assert signed_in(records, "boss", PASSWORD) is not None
    file = backup_text(back_up(records))
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in file
    assert PASSWORD not in file
    assert now(records, number).generation == 0


def test_staff_see_themselves_trainers_their_groups_and_admins_everybody(records: Records) -> None:
    mine, beside, other = agreed(records, "李娜", "一组"), agreed(records, "王强", "一组"), agreed(records, "石磊", "二组")
    roles = {
        made(records, "李娜", Role.STAFF, mine): {mine},
        made(records, "教练", Role.TRAINER, other, ["一组"]): {mine, beside, other},
        made(records, "新教练", Role.TRAINER, None, ["三组"]): set(),
        made(records, "主任", Role.ADMIN): {mine, beside, other},
    }
    for number, seen in roles.items():
        sight = now(records, number).sight
        with records.reading() as session:
            assert {item.id for item in people(session, sight)} == seen
            assert {person for person in (mine, beside, other, 99) if sees(session, sight, person)} == seen
    with records.reading() as session:
        listed = {item.account.name: (item.person, item.groups) for item in accounts(session)}
        assert listed["教练"] == ("石磊", ("一组",))
        assert [name for _, name in groups(session, find_account(session, "教练").sight)] == ["一组"]
        assert [name for _, name in groups(session, find_account(session, "主任").sight)] == ["一组", "二组"]


def test_a_role_is_another_from_one_moment_to_the_next(records: Records) -> None:
    number = made(records, "教练", Role.TRAINER, None, ["一组"])
    with records.writing() as session:
        set_role(session, number, Role.ADMIN, who="boss")
    assert now(records, number).sight.is_everybody
    with records.writing() as session:
        set_role(session, number, Role.TRAINER, ["二组"], who="boss")
    assert not now(records, number).sight.is_everybody
    with pytest.raises(RecordsError, match="staff"), records.writing() as session:
        set_role(session, number, Role.STAFF, who="boss")


def test_a_new_password_and_being_shut_out_end_sessions(records: Records) -> None:
    number = made(records, "boss", Role.ADMIN)
    new = hashed("another good phrase", "boss")
    with records.writing() as session:
        assert set_password(session, number, new, who="boss") == 1
    assert signed_in(records, "boss", PASSWORD) is None
    assert signed_in(records, "boss", "another good phrase") is not None
    with records.writing() as session:
        set_disabled(session, number, is_disabled=True, who="boss")
    assert signed_in(records, "boss", "another good phrase") is None
    assert now(records, number).generation == 2
    with records.writing() as session:
        set_disabled(session, number, is_disabled=False, who="boss")
    assert signed_in(records, "boss", "another good phrase") is not None


def test_one_account_a_name_and_one_a_person(records: Records) -> None:
    mine = agreed(records)
    made(records, "李娜", Role.STAFF, mine)
    for name, person_id in (("李娜", None), ("other", mine)):
        with pytest.raises(RecordsError):
            made(records, name, Role.ADMIN, person_id)
    with pytest.raises(RecordsError, match="staff"):
        made(records, "nobody", Role.STAFF)
    for name in ("", "a\x00", "名" * 101):
        with pytest.raises(RecordsError), records.writing() as session:
            add_account(session, NewAccount(name, Role.ADMIN, hashed(PASSWORD, "x")), who="x")


def test_who_is_forgotten_has_no_account_and_no_name_in_the_audit(records: Records) -> None:
    mine, coach = agreed(records), agreed(records, "王教练")
    number, other = made(records, "li.na", Role.STAFF, mine), made(records, "coach", Role.TRAINER, coach)
    with records.writing() as session:
        all_of(session, mine, who="li.na")
    forget(records, mine, who="trainer")
    forget(records, coach, who="trainer")
    with records.reading() as session:
        assert [item.account.id for item in accounts(session)] == [other]
        assert f"account {number}" in session.scalars(select(AuditRow.who)).all()
    assert "li.na" not in backup_text(back_up(records))
    assert made(records, "li.na", Role.ADMIN) > other
