"""The last check of a morning meeting into the records of those named in it, when somebody asks for it."""

from __future__ import annotations

from typing import Any

from posecoach.history.people import called
from posecoach.jobs.recording import record_meeting
from posecoach.live.row_messages import RowResult
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, body, word
from posecoach.webapp.records_door import blueprint, opened, viewing
from posecoach.webapp.row_sheet import made_at, meeting_of_row
from posecoach.webapp.services import services

_NO_MEETING = ApiError(409, "no_meeting", Text("检查结果已经不在了，请再检查一次", "The result of the check is gone: check again"))


@blueprint.get("/meeting.json")
def meeting() -> dict[str, Any]:
    """Who stood where by name, and whose record each would go into: ``person`` null for who has not agreed or whose name several have."""
    result, _ = _result()
    known = _known(result)
    stood = [{"place": one.place.id, "name": one.entry.name, "person": known.get(one.entry.name or "")} for one in result.people]
    return {"made": made_at(result).isoformat(), "people": stood}


@blueprint.post("/meeting.json")
def keep_meeting() -> dict[str, Any]:
    """Records the check of the moment ``made`` that the page asked about: meanwhile there may have been another."""
    result, rule_set = _result()
    if word(body(), "made") != made_at(result).isoformat():
        raise _NO_MEETING
    done = record_meeting(opened(), meeting_of_row(result, rule_set), (rule_set,), _known(result))
    return {"new": done.new, "known": done.known}


def _result() -> tuple[RowResult, RuleSet]:
    row = services().row
    if row is None or row.result is None:
        raise _NO_MEETING
    return row.result, row.rule_set


def _known(result: RowResult) -> dict[str, int]:
    """By name the number of whom it means: one person who may be seen, and stands in the row once."""
    names = [one.entry.name for one in result.people if one.entry.name]
    with opened().reading() as session:
        found = called(session, set(names), viewing().sight)
    return {name: numbers[0] for name, numbers in found.items() if len(numbers) == 1 and names.count(name) == 1}
