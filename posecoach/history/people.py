"""Who agreed to be remembered; what of theirs can be shown, and handed over."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from posecoach.history.database import RecordsError
from posecoach.history.sight import EVERYBODY, Sight, is_number
from posecoach.history.tables import AuditRow, CheckRow, GroupRow, PersonRow, utc_now
from posecoach.vocabulary import Text

LONGEST_NAME = 200
ON_A_PAGE = 50
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the records: number, name, group (empty: none), when they agreed, how many checks and when the last was done."""

    id: int
    name: str
    group: str
    consented_at: datetime
    checks: int
    last_at: datetime | None


class Named(NamedTuple):
    """Somebody as a list names them."""

    id: int
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of a list of people: the ``number`` of ``pages``, from 1; ``count`` people are in the whole list."""

    people: tuple[Person, ...]
    number: int
    pages: int
    count: int


class SeveralError(RecordsError):
    """Several people have a name, and nothing tells which of them is meant."""


def add_person(session: Session, name: str, group: str = "", *, note: str = "", who: str) -> int:
    """Take in somebody who agreed to be remembered; ``note`` says how. Returns the number. Raises `RecordsError` for who is there."""
    name, group = tidy(name, "name"), tidy(group, "group") if group.strip() else ""
    if _number(session, name, group) is not None:
        known = _called(name, group)
        raise RecordsError(Text(f"{known} 已在记录库里", f"{known} is in the records already"))
    person = PersonRow(name=name, group_id=_group(session, group), consented_at=utc_now(), consent_note=note[:500])
    session.add(person)
    session.flush()
    note_audit(session, who, "consent", person.id)
    return person.id


def find_person(session: Session, name: str, group: str | None = None) -> int | None:
    """The number of somebody by name, and by group where one is given; None for nobody. Raises `SeveralError` for several."""
    query = select(PersonRow.id, GroupRow.name).join(GroupRow).where(PersonRow.name == plain(name))
    if group is not None:
        query = query.where(GroupRow.name == plain(group))
    found = session.execute(query).all()
    if len(found) > 1:
        groups = "、".join(row[1] or "-" for row in found)
        raise SeveralError(
            Text(
                f"有 {len(found)} 人叫 {name}（小组：{groups}）；请用 --group 指明",
                f"{len(found)} people are called {name} (groups: {groups}); name one with --group",
            )
        )
    return found[0][0] if found else None


def called(session: Session, names: Iterable[str], sight: Sight = EVERYBODY) -> dict[str, list[int]]:
    """By name, as it is asked, the numbers of all who have it and may be seen; nothing of a name that nobody has."""
    asked = {plain(name): name for name in names}
    found: dict[str, list[int]] = {}
    query = select(PersonRow.name, PersonRow.id).where(PersonRow.name.in_(asked), sight.people()).order_by(PersonRow.id)
    for name, number in session.execute(query):
        found.setdefault(asked[name], []).append(number)
    return found


def people(session: Session, sight: Sight = EVERYBODY, group_id: int | None = None) -> tuple[Person, ...]:
    """Everybody who may be seen, or those of them in a group, by group and name."""
    query = _people().where(sight.people()).order_by(GroupRow.name, PersonRow.name)
    if group_id is not None:
        query = query.where(PersonRow.group_id == group_id)
    return tuple(Person(*row) for row in session.execute(query))


def names(session: Session, sight: Sight = EVERYBODY) -> tuple[Named, ...]:
    """Everybody who may be seen, by group and name, and no more of them than that."""
    query = select(PersonRow.id, PersonRow.name, GroupRow.name).join(GroupRow).where(sight.people())
    return tuple(Named(*row) for row in session.execute(query.order_by(GroupRow.name, PersonRow.name)))


def page_of(session: Session, sight: Sight = EVERYBODY, asked: str = "", number: int = 1) -> PeoplePage:
    """Page ``number``, or the nearest there is, of those who may be seen and whose name or group holds every word that is ``asked`` for."""
    words = plain(asked)[:LONGEST_NAME].split()[:MOST_WORDS]
    fits = [or_(PersonRow.name.icontains(word, autoescape=True), GroupRow.name.icontains(word, autoescape=True)) for word in words]
    fitting = select(PersonRow.id).join(GroupRow).where(sight.people(), *fits)
    count = session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
    pages = max(1, -(-count // ON_A_PAGE))
    number = min(max(1, number), pages)
    shown = fitting.order_by(GroupRow.name, PersonRow.name).limit(ON_A_PAGE).offset((number - 1) * ON_A_PAGE)
    numbers = list(session.scalars(shown))  # first who, and then how often they were checked: of nobody else that is counted
    found = {row[0]: Person(*row) for row in session.execute(_people().where(PersonRow.id.in_(numbers)))}
    return PeoplePage(tuple(found[person_id] for person_id in numbers), number, pages, count)


def person_of(session: Session, number: int, sight: Sight = EVERYBODY) -> Person | None:
    """Somebody by number; None for nobody, and for who may not be seen."""
    if not is_number(number):
        return None
    row = session.execute(_people().where(PersonRow.id == number, sight.people())).one_or_none()
    return None if row is None else Person(*row)


def group_names(session: Session, numbers: Iterable[int]) -> tuple[str, ...]:
    """The names of groups, in their order."""
    return tuple(session.scalars(select(GroupRow.name).where(GroupRow.id.in_(numbers)).order_by(GroupRow.name)))


def note_audit(session: Session, who: str, action: str, person_id: int | None = None, count: int = 0) -> None:
    """Note who did what."""
    session.add(AuditRow(at=utc_now(), who=who[:200], action=action, person_id=person_id, count=count))


def _people() -> Select[tuple[int, str, str, datetime, int, datetime | None]]:
    checks = select(func.count()).select_from(CheckRow).where(CheckRow.person_id == PersonRow.id).scalar_subquery()
    last_at = select(func.max(CheckRow.done_at)).where(CheckRow.person_id == PersonRow.id).scalar_subquery()
    return select(PersonRow.id, PersonRow.name, GroupRow.name, PersonRow.consented_at, checks, last_at).join(GroupRow)


def group_number(session: Session, name: str) -> int:
    """The number of the group of that name, made where there is none. Raises `RecordsError` for a name that is none."""
    return _group(session, tidy(name, "group"))


def _group(session: Session, name: str) -> int:
    found = session.scalar(select(GroupRow.id).where(GroupRow.name == name))
    if found is not None:
        return found
    group = GroupRow(name=name)
    session.add(group)
    session.flush()
    return group.id


def _number(session: Session, name: str, group: str) -> int | None:
    return session.scalar(select(PersonRow.id).join(GroupRow).where(PersonRow.name == name, GroupRow.name == group))


def tidy(text: str, what: str, most: int = LONGEST_NAME) -> str:
    """As it is compared. Raises `RecordsError` for an empty or endless one."""
    text = plain(text)
    if not is_tidy(text, most):
        label = {"name": "姓名", "group": "小组", "account": "账号", "rater": "评估人"}[what]
        raise RecordsError(Text(f"{label}要有 1 至 {most} 个字", f"expected a {what} of 1 to {most} characters"))
    return text


def is_tidy(text: str, most: int) -> bool:
    """Whether it can be a name."""
    text = plain(text)
    return 0 < len(text) <= most and not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


def plain(text: str) -> str:
    """As it is compared: without spaces round it, one between words, in one form of Unicode."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _called(name: str, group: str) -> str:
    return f"{name} ({group})" if group else name
