"""Which version of a rule file judged which checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from posecoach.history.tables import CheckRow, RulesRow


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """A content of a rule file (``sha256`` of its bytes), how many checks it judged, and when the first and the last of them were done."""

    file: str
    sha256: str
    checks: int
    first_at: datetime
    last_at: datetime


def versions(session: Session) -> tuple[RulesVersion, ...]:
    """All versions that judged a check which is still kept: by file, the latest first."""
    counts = func.count(CheckRow.id), func.min(CheckRow.done_at), func.max(CheckRow.done_at)
    query = select(RulesRow.file, RulesRow.sha256, *counts).join(CheckRow, CheckRow.rules_id == RulesRow.id).group_by(RulesRow.id)
    query = query.order_by(RulesRow.file, counts[2].desc(), RulesRow.id.desc())
    return tuple(RulesVersion(*row) for row in session.execute(query))
