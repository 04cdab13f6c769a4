"""Accounts: who may sign in, and whose records each may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from posecoach.history.database import Records, RecordsError
from posecoach.history.passwords import Hash, hashed_again, is_outdated, is_right
from posecoach.history.people import group_number, is_tidy, note_audit, plain, tidy
from posecoach.history.sight import EVERYBODY, Sight, is_number
from posecoach.history.tables import AccountRow, AuditRow, GroupRow, PersonRow, TrainedRow, utc_now
from posecoach.vocabulary import Text

LONGEST_NAME = 100


class Role(Enum):
    """What an account is for."""

    STAFF = "staff"
    """Sees the own record."""
    TRAINER = "trainer"
    """Sees those of the own groups too."""
    ADMIN = "admin"
    """Sees everybody's, and keeps the accounts."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in; ``person_id`` is whose record is their own (None: nobody's), ``groups`` are those they train.

    ``must_change``: somebody else set the password. ``generation``: sessions begun at an earlier one are over.
    """

    id: int
    name: str
    role: Role
    person_id: int | None
    groups: frozenset[int]
    must_change: bool
    generation: int
    is_disabled: bool

    @property
    def sight(self) -> Sight:
        """Whose records the account may see."""
        if self.role is Role.ADMIN:
            return EVERYBODY
        return Sight(person_id=self.person_id, groups=self.groups if self.role is Role.TRAINER else frozenset())


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as a list shows it: with the names of its person (empty: none) and groups."""

    account: Account
    person: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be: ``person_id`` is needed for staff; ``groups`` by name, for trainers, made where there is none of that name."""

    name: str
    role: Role
    password: Hash
    person_id: int | None = None
    groups: Sequence[str] = ()
    must_change: bool = False


def add_account(session: Session, new: NewAccount, *, who: str) -> int:
    """Make an account; returns its number. Raises `RecordsError` for a name or person that has one, and for staff without a person."""
    name = tidy(new.name, "account", LONGEST_NAME)
    if _row(session, name) is not None:
        raise RecordsError(Text(f"账号 {name} 已存在", f"there is an account {name} already"))
    _refuse_person(session, new.role, new.person_id)
    row = AccountRow(name=name, role=new.role.value, person_id=new.person_id, password_hash=new.password, must_change=new.must_change)
    row.made_at = utc_now()
    session.add(row)
    session.flush()
    _train(session, row, new.role, new.groups)
    _note(session, who, row, "add")
    return row.id


def _refuse_person(session: Session, role: Role, person_id: int | None) -> None:
    if person_id is None:
        if role is Role.STAFF:
            raise RecordsError(Text("员工账号要对应记录库里的一个人", "an account for staff needs somebody of the records"))
        return
    taken = session.scalar(select(AccountRow.name).where(AccountRow.person_id == person_id))
    if taken is not None:
        raise RecordsError(Text(f"这个人已有账号 {taken}", f"this person has the account {taken} already"))


def account_of(session: Session, number: int) -> Account | None:
    """The account of that number, None where there is none."""
    row = session.get(AccountRow, number) if is_number(number) else None
    return None if row is None else _account(session, row)


def find_account(session: Session, name: str) -> Account:
    """The account of that name. Raises `RecordsError` where there is none."""
    row = _row(session, plain(name))
    if row is None:
        raise RecordsError(Text(f"没有账号 {name}；用 records account list 查看", f"there is no account {name}; see records account list"))
    return _account(session, row)


def accounts(session: Session) -> tuple[Listed, ...]:
    """All accounts, by name."""
    query = select(AccountRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == AccountRow.person_id).order_by(AccountRow.name)
    names = {row.id: row.name for row in session.scalars(select(GroupRow))}
    listed = []
    for row, person in session.execute(query):
        account = _account(session, row)
        listed.append(Listed(account, person or "", tuple(sorted(names[group] for group in account.groups))))
    return tuple(listed)


def signed_in(records: Records, name: str, password: str) -> Account | None:
    """The account that this name and password open, None for any other; takes as long for a name that nobody has. Raises `RecordsError`."""
    with records.reading() as session:
        row = _row(session, plain(name)) if is_tidy(name, LONGEST_NAME) else None
        found, kept = (None, None) if row is None or row.disabled_at else (_account(session, row), row.password_hash)
    if not is_right(kept, password) or found is None or kept is None:
        return None
    if is_outdated(kept):
        newer = hashed_again(password)
        with records.writing() as session:
            session.execute(update(AccountRow).where(AccountRow.id == found.id).values(password_hash=newer))
    return found


def set_password(session: Session, account_id: int, password: Hash, *, who: str, must_change: bool = False) -> int:
    """Give an account another password, which ends its sessions; returns the generation of those to come."""
    row = session.get_one(AccountRow, account_id)
    row.password_hash, row.must_change = password, must_change
    row.generation += 1
    _note(session, who, row, "password")
    return row.generation


def set_role(session: Session, account_id: int, role: Role, groups: Sequence[str] = (), *, who: str) -> None:
    """Change what an account may see, from its next request on; ``groups`` by name, for trainers. Raises `RecordsError`."""
    row = session.get_one(AccountRow, account_id)
    if role is Role.STAFF and row.person_id is None:
        _refuse_person(session, role, None)
    row.role = role.value
    _train(session, row, role, groups)
    _note(session, who, row, role.value)


def set_disabled(session: Session, account_id: int, *, is_disabled: bool, who: str) -> None:
    """Shut an account out, which ends its sessions, or let it in again."""
    row = session.get_one(AccountRow, account_id)
    row.disabled_at = utc_now() if is_disabled else None
    row.generation += 1
    _note(session, who, row, "disable" if is_disabled else "enable")


def part_with(session: Session, person_id: int) -> None:
    """Before somebody is forgotten: the account of staff goes too, and its name in the audit with it; that of others stays."""
    row = session.scalar(select(AccountRow).where(AccountRow.person_id == person_id))
    if row is None:
        return
    if row.role == Role.STAFF.value:
        session.execute(update(AuditRow).where(AuditRow.who == row.name).values(who=f"account {row.id}"))
        session.delete(row)
    else:
        row.person_id = None
    session.flush()


def _account(session: Session, row: AccountRow) -> Account:
    groups = frozenset(session.scalars(select(TrainedRow.group_id).where(TrainedRow.account_id == row.id)))
    return Account(row.id, row.name, Role(row.role), row.person_id, groups, row.must_change, row.generation, row.disabled_at is not None)


def _row(session: Session, name: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.name == name))


def _train(session: Session, row: AccountRow, role: Role, groups: Sequence[str]) -> None:
    session.execute(delete(TrainedRow).where(TrainedRow.account_id == row.id))
    if role is Role.TRAINER:
        numbers = {group_number(session, name) for name in groups}
        session.add_all(TrainedRow(account_id=row.id, group_id=number) for number in numbers)


def _note(session: Session, who: str, row: AccountRow, what: str) -> None:
    note_audit(session, who, f"account {what}", row.person_id, row.id)
