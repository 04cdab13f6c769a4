"""Grades a row of people from a video or picture: finds and follows everybody, judges each, writes the results and the group sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import posecoach
from posecoach import wording
from posecoach.body.records import AS_IT_IS, Frame, Turn
from posecoach.drawing.row import RowAnnotator, RowCard, sheet_picture
from posecoach.drawing.text import Picture
from posecoach.errors import RulesError
from posecoach.history.tables import utc_now
from posecoach.jobs.clips import DEFAULT_FPS, AnnotatedCopy, ClipFacts, data_sinks, frames_of, told_of, unheard
from posecoach.jobs.tools import by_model, row_estimator
from posecoach.judging.describe import scene_at
from posecoach.judging.pipeline import NO_PERSON, SIDEWAYS
from posecoach.judging.results import ClipResult, RuleFileUsed, Skipped
from posecoach.measures.catalogue import MEASURES
from posecoach.reports.group_sheet import Sheet, as_meeting, first_correction, state_of, write_sheet
from posecoach.resources import font_path, rules_dir
from posecoach.row.judging import RowPerson, grade_row, row_rules, warnings_of
from posecoach.row.places import RowEntry, Sighting, Status
from posecoach.row.record import follow_row
from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import RuleSet
from posecoach.runners.processes import OnProgress
from posecoach.sources.inputs import Input, find_inputs, open_source
from posecoach.storage.clip_records import content_key
from posecoach.storage.landmark_files import save_track
from posecoach.storage.output_folder import ANNOTATED, DEFAULT, LANDMARKS, OF_ROW, OutputFolder
from posecoach.storage.output_runs import writing_into
from posecoach.storage.row_roster import parse_row_roster
from posecoach.storage.tables import read_table
from posecoach.vocabulary import PoseModel, Profile, State, Text

COPY_SIDE_PX = 1440
"""Short side of the annotated copy: of 1080 lines and the cards above none are lost, or twelve cards could not be read."""


@dataclass(frozen=True, slots=True)
class RowOptions:
    """What `posecoach lineup` was asked for; ``force``: write beside what posecoach did not write, which stays;
    ``turn``: what is done to the pictures; ``estimator`` makes what finds everybody in a frame, with ``still=`` for pictures,
    and ``model=`` where that of the pose is not the full one.
    """

    path: str
    roster: Path | None = None
    rules_folder: Path | None = None
    out: Path = Path(DEFAULT)
    fps: float = DEFAULT_FPS
    annotate: bool = True
    force: bool = False
    turn: Turn = AS_IT_IS
    model: PoseModel = "full"
    estimator: Callable[..., Any] = row_estimator


@dataclass(frozen=True, slots=True, eq=False)
class GradedRow:
    """A row as judged, and where its files are."""

    clip: ClipResult
    people: tuple[RowPerson, ...]
    rule_set: RuleSet
    sheet: Path


def grade_row_clip(options: RowOptions, on_progress: OnProgress = unheard) -> GradedRow:
    """Judge the row in one video or picture and write everything to the output folder.

    Raises `SourceError`, `RulesError`, `RosterError`, `EstimatorError` and `OutputError`, this also where the folder holds the results of
    a grading or another run writes into it. Results and sheet are written last: after an error there may be landmarks and an annotated
    copy that no results name.
    """
    rule_set = _rules(options.rules_folder)
    entries = parse_row_roster(read_table(options.roster)) if options.roster else ()
    found = find_inputs([options.path])
    item = replace(found.only, turn=options.turn)
    with writing_into(options.out, OF_ROW, force=options.force, of_row=True) as folder:
        folder.make_folders(LANDMARKS, ANNOTATED)
        return _grade(item, found.skipped, options, rule_set, entries, on_progress)


def _grade(
    item: Input, skipped: Sequence[Skipped], options: RowOptions, rule_set: RuleSet, entries: Sequence[RowEntry], on_progress: OnProgress
) -> GradedRow:
    with open_source(item, options.fps) as source:
        with by_model(options.estimator, options.model)(still=source.kind == "picture") as finder:
            record, row = follow_row(source, finder, told_of(on_progress, frames_of(source)))
        people = grade_row(record, row.places(), entries, rule_set)
        facts = ClipFacts.of(item, source)
    unseen = () if people else (NO_PERSON, SIDEWAYS) if record.is_sideways else (NO_PERSON,)
    warnings = (*warnings_of(people, record.outsiders(row.places()), entries), *unseen)
    clip = replace(
        facts.result(rule_set.topic, Profile.UNSPECIFIED, warnings),
        frames_analysed=len(people[0].record.statuses) if people else 0,
        people=tuple(person.result for person in people),
        model=options.model,
    )
    folder = OutputFolder(options.out)
    for person in people:
        save_track(folder.landmarks(item.clip_id, person.place.id), person.record.track, facts.meta() | {"person": person.place.id})
    picture = None
    if options.annotate and people:
        annotated, picture = _annotate(item, people, rule_set, options)
        clip = replace(clip, annotated=folder.relative(annotated))
    _write_results(clip, rule_set, skipped, folder)
    generator = f"posecoach {posecoach.__version__}"
    meeting = as_meeting(clip, people, rule_set, utc_now(), content_key(item.file))
    page, _ = write_sheet(Sheet(item.path, generator, people, clip.warnings, rule_set, picture, meeting), folder.path)
    return GradedRow(clip, people, rule_set, page)


def _rules(folder: Path | None) -> RuleSet:
    found = row_rules(load_rule_sets(folder or rules_dir(), MEASURES).values())
    if found is None:
        raise RulesError(Text(f"{folder} 里没有用于队列的规则文件（row: true）", f"{folder}: no rule file is for rows (row: true)"))
    return found


def _write_results(clip: ClipResult, rule_set: RuleSet, skipped: Sequence[Skipped], folder: OutputFolder) -> None:
    generator, rules = f"posecoach {posecoach.__version__}", [RuleFileUsed(rule_set.file, rule_set.sha256)]
    for sink in data_sinks(folder, generator, rules, (rule_set,)):
        with sink:
            sink.skip(skipped)
            sink.add(clip)


# --- pictures -------------------------------------------------------------------------------------------------------------------------


def _annotate(item: Input, people: Sequence[RowPerson], rule_set: RuleSet, options: RowOptions) -> tuple[Path, bytes]:
    """Draw the cards into a second reading of the input; the copy's path, and a picture for the sheet."""
    best, sheet = _best_frame(people), b""
    with open_source(item, options.fps) as source:
        annotator = RowAnnotator(source.size_wh, font_path(), len(people))
        copy = AnnotatedCopy(OutputFolder(options.out).annotated(item.clip_id, source.kind), annotator.output_size_wh, COPY_SIDE_PX)

        def paint(frame: Frame) -> Picture:
            nonlocal sheet
            i, picture = frame.index, np.asarray(frame.image_bgr, np.uint8)
            if i == best:
                overall = annotator.annotate(picture, [card_overall(person, i, rule_set) for person in people])
                sheet = sheet_picture(overall)
                if source.kind == "picture":
                    return overall
            return annotator.annotate(picture, [card_at(person, i) for person in people])

        frames = islice(source, len(people[0].record.statuses))
        copy.write(source, frames, paint)
    return copy.path, sheet


def _best_frame(people: Sequence[RowPerson]) -> int:
    """The frame nearest to the middle in which most people could be judged."""
    judged = np.sum([[status is Status.JUDGED for status in person.record.statuses] for person in people], axis=0)
    candidates = np.flatnonzero(judged == judged.max())
    return int(candidates[np.argmin(np.abs(candidates - len(judged) / 2))])


def card_at(person: RowPerson, i: int) -> RowCard:
    """The card of a person at frame ``i``: what is to correct then."""
    status = person.record.statuses[i]
    box = _box_at(person, i)
    title = _title(person)
    if person.status is not Status.JUDGED or status is not Status.JUDGED:
        shown = person.status if person.status is not Status.JUDGED else status
        return RowCard(title, State.UNJUDGED, wording.ROW_STATUSES[shown.value].zh, box)
    marks = scene_at(person.graded, i).marks
    for mark in marks:
        if mark.state is State.FAIL:
            return RowCard(title, State.FAIL, (mark.correction or mark.label).zh, box)
    return RowCard(title, State.PASS if marks else State.UNJUDGED, "" if marks else wording.OUTCOMES["not_judged"].zh, box)


def card_overall(person: RowPerson, i: int, rule_set: RuleSet) -> RowCard:
    """The card of a person for the whole clip, drawn where they are at frame ``i``."""
    state, correction = state_of(person), first_correction(person, rule_set)
    if person.status is not Status.JUDGED:
        text = wording.ROW_STATUSES[person.status.value].zh
    else:
        text = wording.OUTCOMES["not_judged"].zh if state is State.UNJUDGED else ""
    return RowCard(_title(person), state, correction.zh if correction else text, _box_at(person, i))


def _title(person: RowPerson) -> str:
    return f"{person.place.id} {person.entry.name or '号'}"


def _box_at(person: RowPerson, i: int) -> tuple[float, float, float, float] | None:
    landmarks = person.record.track.at(i)
    if not landmarks.has_pose:
        return None
    x, y = landmarks.pose_px[0]
    return Sighting(person.place.key, 0.0, landmarks, (float(x), float(y)), person.place.scale_px_m).box_xyxy
