"""What trainers said of checks beside posecoach: how far they agree, and as a sheet that `posecoach evaluate` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from posecoach.evaluation.scoring import Outcome, clause_figures, rater_agreement
from posecoach.history.opinions import Rating
from posecoach.storage.tables import harmless
from posecoach.vocabulary import State

SHEET_COLUMNS = ("file", "rater", "drill", "profile")
"""Of the sheet, before a column for each clause."""
_SAID = {State.PASS: "yes", State.WARN: "no", State.FAIL: "no", State.UNJUDGED: "na"}
_DATASET = "records"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures by the id of a clause and of ``all`` of them, as of `clause_figures`; ``raters`` as of `rater_agreement`, None for one."""

    clauses: dict[str, dict[str, Any]]
    all: dict[str, Any]
    raters: dict[str, Any] | None


def agreement(ratings: Iterable[Rating]) -> Agreement:
    """How far raters and posecoach agree on the clauses that both judged."""
    outcomes = [found for rating in ratings if (found := _outcome(rating)) is not None]
    codes = dict.fromkeys(outcome.rule_id for outcome in outcomes)
    clauses = {code: clause_figures(one for one in outcomes if one.rule_id == code) for code in codes}
    return Agreement(clauses, clause_figures(outcomes), rater_agreement(outcomes))


def dump_sheet(ratings: Sequence[Rating]) -> str:
    """A row for each clip, topic and rater, and a column for each clause, as `docs/evaluate.md` tells; checks without a clip are left out.

    The sheet belongs beside the folder that was graded: ``file`` is what the clip was called then.
    """
    of_clips = [rating for rating in ratings if rating.path is not None]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, (*SHEET_COLUMNS, *dict.fromkeys(rating.code for rating in of_clips)), "na", lineterminator="\r\n")
    writer.writeheader()
    rows: dict[tuple[int, str], dict[str, str]] = {}
    for rating in of_clips:
        row = rows.setdefault((rating.check_id, rating.rater), _row(rating))
        row[rating.code] = _SAID[rating.state]
    writer.writerows(rows.values())
    return buffer.getvalue()


def _row(rating: Rating) -> dict[str, str]:
    file = str(rating.path)
    return {
        "file": file if harmless(file) == file else f"./{file}",  # with an apostrophe it would be another file
        "rater": harmless(rating.rater),
        "drill": rating.topic,
        "profile": rating.profile,
    }


def _outcome(rating: Rating) -> Outcome | None:
    if rating.verdict is None or rating.state is State.UNJUDGED:
        return None
    case, is_met = f"check {rating.check_id}", rating.state is State.PASS
    return Outcome(_DATASET, case, _DATASET, rating.code, is_met, rating.verdict.word, None, None, rating.rater)
