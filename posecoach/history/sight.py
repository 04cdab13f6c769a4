"""Whose records somebody may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from posecoach.history.tables import CheckRow, PersonRow


@dataclass(frozen=True, slots=True)
class Sight:
    """Everybody's records; else those of one person (None: of nobody) and of the people of some groups."""

    is_everybody: bool = False
    person_id: int | None = None
    groups: frozenset[int] = frozenset()

    def people(self) -> ColumnElement[bool]:
        """What is true of the rows of `PersonRow` that may be seen."""
        if self.is_everybody:
            return true()
        return or_(PersonRow.id == self.person_id, PersonRow.group_id.in_(self.groups))

    def has_group(self, group_id: int) -> bool:
        """Whether a group's records may be seen, and not only those of some who are in it."""
        return self.is_everybody or group_id in self.groups


_LARGEST_NUMBER = 2**31 - 1
"""Of a row, in PostgreSQL."""

EVERYBODY = Sight(is_everybody=True)


def sees(session: Session, sight: Sight, person_id: int) -> bool:
    """Whether there is somebody of that number whose records may be seen."""
    return is_number(person_id) and session.scalar(select(PersonRow.id).where(PersonRow.id == person_id, sight.people())) is not None


def person_of_check(session: Session, check_id: int) -> int | None:
    """Whose a check is, None for one that is not there."""
    return session.scalar(select(CheckRow.person_id).where(CheckRow.id == check_id)) if is_number(check_id) else None


def is_number(number: int) -> bool:
    """Whether a row can have that number."""
    return 0 < number <= _LARGEST_NUMBER
