"""What people say who saw a check themselves. It stands beside the machine's verdicts, never in their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from posecoach.history.database import RecordsError
from posecoach.history.people import note_audit, plain, tidy
from posecoach.history.tables import CheckRow, ClauseRow, CommentRow, OpinionRow, ResultRow, utc_now
from posecoach.vocabulary import State, Text

LONGEST_REASON, LONGEST_COMMENT = 500, 1000
_STATES = {state.word: state for state in State}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What ``rater`` says of a clause: ``state`` unjudged means that nobody could tell; ``reason`` why the machine is wrong, else empty."""

    code: str
    rater: str
    state: State
    reason: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What ``rater`` says of a check as a whole."""

    rater: str
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """What a rater says of a check: ``overrides`` by the id of a clause, each with its reason; ``agrees``: with all other verdicts."""

    rater: str
    overrides: Mapping[str, tuple[State, str]] = field(default_factory=dict)
    agrees: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """An opinion beside the verdict it is about: ``verdict`` None where the clause is no longer judged; the rest as of `CheckRow`."""

    check_id: int
    path: str | None
    topic: str
    profile: str
    code: str
    rater: str
    state: State
    verdict: State | None


def say(session: Session, check_id: int, review: Review, *, who: str) -> int:
    """Keep what a rater says, in the place of what the same rater said before of the same clauses; returns of how many clauses.

    Raises `RecordsError` for a check that is not there, a clause that was not asked in it, an override without a reason, and where
    nothing is said.
    """
    person_id = session.scalar(select(CheckRow.person_id).where(CheckRow.id == check_id))
    if person_id is None:
        raise RecordsError(Text(f"没有第 {check_id} 次检查", f"there is no check {check_id}"))
    rater, comment = tidy(review.rater, "rater"), _clean(review.comment)[:LONGEST_COMMENT]
    opinions = _opinions(_verdicts(session, check_id), review)
    if not opinions and not comment:
        raise RecordsError(Text("没有填任何意见", "nothing is said: expected an opinion or a comment"))
    for clause_id, (state, reason) in opinions.items():
        session.merge(OpinionRow(check_id=check_id, clause_id=clause_id, rater=rater, state=state.word, reason=reason, said_at=utc_now()))
    if comment:
        session.add(CommentRow(check_id=check_id, rater=rater, text=comment, said_at=utc_now()))
    note_audit(session, who, "review", person_id, len(opinions))
    return len(opinions)


def take_back(session: Session, check_id: int, rater: str, *, who: str) -> None:
    """Delete all that a rater said of a check. Raises `RecordsError` where that is nothing."""
    person_id, rater = session.scalar(select(CheckRow.person_id).where(CheckRow.id == check_id)), plain(rater)
    said = False
    for table in (OpinionRow, CommentRow):
        gone = session.execute(delete(table).where(table.check_id == check_id, table.rater == rater).returning(table.rater))
        said = bool(gone.all()) or said
    if not said:
        raise RecordsError(Text(f"{rater} 没有对第 {check_id} 次检查写过意见", f"{rater} said nothing of check {check_id}"))
    note_audit(session, who, "take back", person_id)


def opinions_on(session: Session, check_id: int) -> tuple[Opinion, ...]:
    """What was said of the clauses of a check, the earliest first."""
    query = select(ClauseRow.code, OpinionRow.rater, OpinionRow.state, OpinionRow.reason, OpinionRow.said_at).join(ClauseRow)
    found = session.execute(query.where(OpinionRow.check_id == check_id).order_by(OpinionRow.said_at, OpinionRow.clause_id))
    return tuple(Opinion(code, rater, _STATES[state], reason, said_at) for code, rater, state, reason, said_at in found)


def comments_on(session: Session, check_id: int) -> tuple[Comment, ...]:
    """What was said of a check as a whole, the earliest first."""
    query = select(CommentRow.rater, CommentRow.text, CommentRow.said_at).where(CommentRow.check_id == check_id)
    return tuple(Comment(*row) for row in session.execute(query.order_by(CommentRow.id)))


def raters_of(session: Session, person_id: int) -> dict[int, tuple[str, ...]]:
    """Who said something of which checks of somebody, by the number of the check."""
    found: dict[int, list[str]] = {}
    for table in (OpinionRow, CommentRow):
        query = select(table.check_id, table.rater).join(CheckRow).where(CheckRow.person_id == person_id).distinct()
        for check_id, rater in session.execute(query):
            found.setdefault(check_id, []).append(rater)
    return {check_id: tuple(dict.fromkeys(raters)) for check_id, raters in found.items()}


def ratings(session: Session) -> Iterator[Rating]:
    """All opinions there are, by check and clause."""
    query = (
        select(
            *(CheckRow.id, CheckRow.path, CheckRow.topic, CheckRow.profile),
            *(ClauseRow.code, OpinionRow.rater, OpinionRow.state, ResultRow.state),
        )
        .select_from(OpinionRow)
        .join(CheckRow)
        .join(ClauseRow, ClauseRow.id == OpinionRow.clause_id)
        .outerjoin(ResultRow, (ResultRow.check_id == OpinionRow.check_id) & (ResultRow.clause_id == OpinionRow.clause_id))
        .order_by(CheckRow.id, OpinionRow.rater, OpinionRow.clause_id)
    )
    for check_id, path, topic, profile, code, rater, state, verdict in session.execute(query):
        yield Rating(check_id, path, topic, profile, code, rater, _STATES[state], _STATES.get(verdict))


def _clean(text: str) -> str:
    """Without what cannot be stored or shown; lines stay."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def _verdicts(session: Session, check_id: int) -> dict[str, tuple[int, State]]:
    """By its id the number of each clause that was asked in a check, and the verdict."""
    query = select(ClauseRow.code, ClauseRow.id, ResultRow.state).join(ResultRow, ResultRow.clause_id == ClauseRow.id)
    return {code: (number, _STATES[state]) for code, number, state in session.execute(query.where(ResultRow.check_id == check_id))}


def _opinions(verdicts: Mapping[str, tuple[int, State]], review: Review) -> dict[int, tuple[State, str]]:
    """By the number of its clause what is said: overrides with their reasons, and where the rater agrees with the rest, that."""
    judged = [item for item in verdicts.values() if item[1] is not State.UNJUDGED]
    found: dict[int, tuple[State, str]] = {number: (state, "") for number, state in judged if review.agrees}
    for code, (state, reason) in review.overrides.items():
        if code not in verdicts:
            raise RecordsError(Text(f"这次检查没有条款 {code}", f"{code} was not asked in this check"))
        number, verdict = verdicts[code]
        told = "" if state is verdict else " ".join(_clean(reason).split())[:LONGEST_REASON]
        if state is not verdict and not told:
            raise RecordsError(Text(f"{code}：与机器判定不同，请写明理由", f"{code}: say why the machine's verdict is wrong"))
        found[number] = (state, told)
    return found
