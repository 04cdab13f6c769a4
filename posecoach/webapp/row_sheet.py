"""The group sheet of a morning meeting, made from memory: nothing is written on disc."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from flask import Response

import posecoach
from posecoach import wording
from posecoach.drawing.row import RowAnnotator, RowCard, sheet_picture
from posecoach.drawing.text import Picture
from posecoach.judging.results import ClipResult
from posecoach.live.row_messages import RowResult
from posecoach.reports.group_sheet import Sheet, as_meeting, dump_sheet_csv, dump_sheet_html, first_correction, state_of
from posecoach.resources import font_path
from posecoach.row.judging import RowPerson
from posecoach.row.places import Status
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.meetings import Meeting
from posecoach.vocabulary import Profile, State

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'none'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-modals"
)


def sheet_page(result: RowResult, rule_set: RuleSet, *, is_saved: bool) -> Response:
    """The page, to look at and print, or to save."""
    answer = Response(dump_sheet_html(_sheet(result, rule_set)), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _POLICY
    if is_saved:
        answer.headers["Content-Disposition"] = f'attachment; filename="{_file(result)}.html"'
    return answer


def sheet_table(result: RowResult, rule_set: RuleSet) -> Response:
    """The table for the office, to save."""
    answer = Response(dump_sheet_csv(_sheet(result, rule_set)).encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file(result)}.csv"'
    return answer


def _sheet(result: RowResult, rule_set: RuleSet) -> Sheet:
    title = time.strftime("%Y-%m-%d %H:%M", result.made)
    picture = None if result.picture_bgr is None else _picture(result, result.picture_bgr, rule_set)
    meeting = meeting_of_row(result, rule_set)
    return Sheet(title, f"posecoach {posecoach.__version__}", result.people, result.warnings, rule_set, picture, meeting)


def meeting_of_row(result: RowResult, rule_set: RuleSet) -> Meeting:
    """What a check of a row is for the records."""
    clip = ClipResult(
        path=_file(result),
        kind="video",
        warnings=result.warnings,
        duration_s=0.0,
        fps=0.0,
        frames_analysed=0,
        drill=rule_set.topic,
        profile=Profile.UNSPECIFIED,
        landmarks=None,
        annotated=None,
    )
    return as_meeting(clip, result.people, rule_set, made_at(result))


def made_at(result: RowResult) -> datetime:
    """When a check was made, by this machine's clock and with its zone."""
    return datetime.fromtimestamp(time.mktime(result.made), timezone.utc)


def _file(result: RowResult) -> str:
    return time.strftime("lineup-%Y%m%d-%H%M", result.made)


def _picture(result: RowResult, picture_bgr: Picture, rule_set: RuleSet) -> bytes:
    """The picture with a frame round each person and their cards above it, as JPEG."""
    height, width = picture_bgr.shape[:2]
    annotator = RowAnnotator((width, height), font_path(), len(result.people))
    cards = [_card(person, box, rule_set) for person, box in zip(result.people, result.boxes, strict=True)]
    return sheet_picture(annotator.annotate(picture_bgr, cards))


def _card(person: RowPerson, box: tuple[float, float, float, float] | None, rule_set: RuleSet) -> RowCard:
    state, said = state_of(person), first_correction(person, rule_set)
    if person.status is not Status.JUDGED:
        said = wording.ROW_STATUSES[person.status.value]
    elif state is State.UNJUDGED:
        said = wording.OUTCOMES["not_judged"]
    return RowCard(f"{person.place.id} {person.entry.name or '号'}", state, said.zh if said else "", box)
