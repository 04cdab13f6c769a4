"""The tables of the records. Change them only together with a new step in `posecoach.history.migrations`."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, Double, ForeignKey, Index, MetaData, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Databases differ in what they do with zones, so none is stored; ``datetime`` without a zone is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """As it is stored. Raises ValueError for a time that could be anybody's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a time with its zone, got {value}")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """As it was handed in."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(timezone.utc)


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcTime, float: Double}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class GroupRow(Base):
    """People who are trained together, as a roster's ``group`` names them; the one without a name holds those of none."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class PersonRow(Base):
    """Somebody who agreed to be remembered: ``consented_at``, and what is known of how (``consent_note``)."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    consented_at: Mapped[datetime]
    consent_note: Mapped[str] = mapped_column(String(500), default="")

    # a number is never somebody else's
    __table_args__ = (UniqueConstraint("group_id", "name"), Index(None, "name"), {"sqlite_autoincrement": True})


class RulesRow(Base):
    """The content of a rule file that somebody was judged by."""

    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("file", "sha256"),)


class ClauseRow(Base):
    """The id of a clause, once for all results."""

    __tablename__ = "clauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(100), unique=True)


class CheckRow(Base):
    """One person judged on one topic by one clip or live check.

    ``seen_key`` stands for what was seen: the same clip is one check of a person, however often it is recorded. ``done_at``: when it was
    filmed or graded, ``recorded_at`` when it came here. ``path``: what the clip was called, None for a live check. ``score``: 0..100.
    """

    __tablename__ = "checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(100))
    drill: Mapped[str] = mapped_column(String(100))
    profile: Mapped[str] = mapped_column(String(20))
    rules_id: Mapped[int] = mapped_column(ForeignKey("rules.id"))
    origin: Mapped[str] = mapped_column(String(20))
    path: Mapped[str | None] = mapped_column(String(1000))
    seen_key: Mapped[str] = mapped_column(String(64))
    done_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    score: Mapped[float | None]
    outcome: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        UniqueConstraint("person_id", "topic", "seen_key"),
        CheckConstraint("score is null or (score >= 0 and score <= 100)", name="score_in_range"),
        Index(None, "person_id", "topic", "done_at"),
        Index(None, "done_at"),
        Index(None, "rules_id", "done_at"),
    )


class ResultRow(Base):
    """The verdict on one clause in one check, as in `results.json`: ``value`` in ``unit`` with ``error_95``, and the correction."""

    __tablename__ = "clause_results"

    check_id: Mapped[int] = mapped_column(ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clauses.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(10))
    error_95: Mapped[float | None]
    correction_zh: Mapped[str | None] = mapped_column(String(500))
    correction_en: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = ({"sqlite_with_rowid": False},)


class OpinionRow(Base):
    """What somebody who saw a check says of a clause: ``state`` as of a verdict, ``reason`` empty where they agree with the machine."""

    __tablename__ = "opinions"

    check_id: Mapped[int] = mapped_column(ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clauses.id"), primary_key=True)
    rater: Mapped[str] = mapped_column(String(200), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    said_at: Mapped[datetime]


class CommentRow(Base):
    """What somebody says of a check as a whole."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("checks.id", ondelete="CASCADE"))
    rater: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(1000))
    said_at: Mapped[datetime]

    __table_args__ = (Index(None, "check_id"),)


class AuditRow(Base):
    """Who did what to whose records. The person is a number that outlives the person's own row and says nothing by itself."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None]
    count: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index(None, "person_id"),)


class AccountRow(Base):
    """Somebody who signs in: ``role`` says what they may see, ``person_id`` whose record is their own (None: nobody's).

    ``generation`` counts what ends all sessions of the account: a new password, being disabled. ``must_change``: the password was set by
    somebody else, and is good for choosing one's own only.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(300))
    must_change: Mapped[bool] = mapped_column(default=False)
    generation: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    __table_args__ = ({"sqlite_autoincrement": True},)  # a number in the audit is never somebody else's


class TrainedRow(Base):
    """A group whose records a trainer may see."""

    __tablename__ = "account_groups"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)


class SettingRow(Base):
    """What holds for the installation: ``retention_days``."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
