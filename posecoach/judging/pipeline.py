"""Composes source, estimator, posture, rules and judge. No IO of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from posecoach.body.lying import lasts
from posecoach.body.motion import Motion
from posecoach.body.observed import Body, Neutral
from posecoach.body.posture import observe, segments
from posecoach.body.records import Frame, Landmarks, Track
from posecoach.judging.drills import Spans, find_steps, judge_drill
from posecoach.judging.events import UNASKED, events_of, kinds_of
from posecoach.judging.judge import Judgement, judge
from posecoach.judging.looking import Looking, is_sure_of
from posecoach.judging.outcomes import outcome, score
from posecoach.judging.protocols import Estimator, Source
from posecoach.judging.results import PersonResult, StepResult
from posecoach.measures.error_model import SMILES
from posecoach.rulebook.drill_schema import Drill
from posecoach.rulebook.schema import AUTO, RuleSet
from posecoach.vocabulary import PoseModel, Posture, Profile, State

BLOCK_FRAMES = 256
NO_PERSON = "no_person"
POSTURE_NOT_SEEN = "posture_not_seen"
SIZE_CHANGED = "size_changed"
SIDEWAYS = "sideways"
ASTRAY = "astray"
NEUTRAL_WANTED = "neutral_wanted"
STEP_NOT_SEEN = "step_not_seen"
JUDGED_WARNINGS = (NO_PERSON, POSTURE_NOT_SEEN, SIDEWAYS, ASTRAY, NEUTRAL_WANTED, STEP_NOT_SEEN)
"""Codes that come from judging the landmarks, and not from reading the clip."""

_LANDMARK_ARRAYS = ("pose_px", "pose_world_m", "pose_visibility", "face_px", "hands_m")


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """Who is judged by what: the rule files in use, ``drill`` (a topic, one of ``drills`` or ``auto``), profile, neutral and name of the
    person.
    """

    rule_sets: tuple[RuleSet, ...]
    drill: str = AUTO
    profile: Profile = Profile.UNSPECIFIED
    neutral: Neutral | None = None
    name: str | None = None
    drills: tuple[Drill, ...] = ()

    @property
    def steps_of(self) -> Drill | None:
        """The drill whose steps are asked for; None where a topic is."""
        return next((drill for drill in self.drills if drill.topic == self.drill), None)

    @property
    def active_rule_sets(self) -> tuple[RuleSet, ...]:
        """The rule files that count: the drill's or the topic's own, or with ``auto`` those that are meant for it."""
        if (drill := self.steps_of) is not None:
            return drill.rule_sets
        if self.drill != AUTO:
            return tuple(s for s in self.rule_sets if s.topic == self.drill)
        return tuple(s for s in self.rule_sets if s.auto)

    def narrowed_to(self, drill: str) -> GradeOptions:
        """The same for one topic or drill, without the rules that do not count for it."""
        asked = replace(self, drill=drill)
        if (steps := asked.steps_of) is not None:
            return replace(asked, rule_sets=(), drills=(steps,))
        return replace(asked, rule_sets=asked.active_rule_sets, drills=())


@dataclass(frozen=True, slots=True, eq=False)
class Graded:
    """One person graded: the result for reports, and what it rests on for pictures and curves."""

    person: PersonResult
    body: Body
    judgement: Judgement
    warnings: tuple[str, ...]


def follow(source: Source, estimator: Estimator, on_frame: Callable[[Frame], None] | None = None) -> Iterator[Track]:
    """Landmarks of the main person in all frames of a source, in blocks of a few hundred; ``on_frame`` is called after each frame.

    Where nothing moves not every frame is looked at (`Looking`); the landmarks in between lie between those of the looks round them.
    What the estimator warns of stands among the warnings of the source at the end.
    """
    block, looking = _Block(source.size_wh), Looking()
    for frame in source:
        if looking.is_due(frame) or block.needs_look:
            landmarks = estimator.estimate(frame)
            looking.note(frame, is_sure=is_sure_of(landmarks))
            block.add(frame.t_ms, landmarks)
        else:
            block.add_between(frame.t_ms)
        if on_frame is not None:
            on_frame(frame)
        if block.is_full:
            yield block.take()
    source.warnings.extend(estimator.warnings)
    yield block.take()


class _Block:
    """Landmarks of some hundred frames, in arrays that are made once.

    Small arrays kept from frame to frame would come to lie in the room of the pictures in between: the allocator could give none of it
    to the next picture, and a block would cost as much memory as all its pictures.
    """

    def __init__(self, size_wh: tuple[int, int]) -> None:
        self._size_wh = size_wh
        absent = Landmarks.absent(size_wh)
        self._arrays = {name: np.empty((BLOCK_FRAMES, *getattr(absent, name).shape), np.float32) for name in _LANDMARK_ARRAYS}
        self._t_ms = np.empty(BLOCK_FRAMES)
        self._count = self._looked = 0
        self._model: PoseModel = "full"

    @property
    def is_full(self) -> bool:
        """Whether no more fits."""
        return self._count == BLOCK_FRAMES

    @property
    def needs_look(self) -> bool:
        """Whether the next frame is the first or the last: what lies between two looks lies in one block."""
        return self._count in (0, BLOCK_FRAMES - 1)

    def add(self, t_ms: float, landmarks: Landmarks) -> None:
        """Take in the next frame, and fill in those since the last look."""
        self._t_ms[self._count] = t_ms
        self._model = landmarks.model
        for name, array in self._arrays.items():
            array[self._count] = getattr(landmarks, name)
        self._count += 1
        between = slice(self._looked, self._count - 1)
        if self._looked:
            self._fill(between)
        self._looked = self._count

    def add_between(self, t_ms: float) -> None:
        """Take in a frame that nobody looks at: as at the last look, until the next one is there."""
        self._t_ms[self._count] = t_ms
        for array in self._arrays.values():
            array[self._count] = array[self._looked - 1]
        self._count += 1

    def _fill(self, between: slice) -> None:
        """Landmarks on the way from the look before some frames to the look after them; what one of the two lacks stays as before."""
        t_ms, first, last = self._t_ms[between], between.start - 1, between.stop
        share = (t_ms - self._t_ms[first]) / (self._t_ms[last] - self._t_ms[first])
        for array in self._arrays.values():
            way = share.reshape(-1, *(1,) * (array.ndim - 1)) * (array[last] - array[first])
            array[between] += np.where(np.isfinite(way), way, 0.0).astype(np.float32)

    def take(self) -> Track:
        """What was taken in since the last time."""
        count, self._count, self._looked = self._count, 0, 0
        arrays = {name: array[:count].copy() for name, array in self._arrays.items()}
        return Track(t_ms=self._t_ms[:count].copy(), **arrays, size_wh=self._size_wh, model=self._model)


def grade_motion(motion: Motion, options: GradeOptions, partner: Motion | None = None, spans: Spans | None = None) -> Graded:
    """Judge a person's landmarks; the same for fresh landmarks and for stored ones. ``partner``: whom they do something with.

    ``spans``: when the steps of the drill were done, where that is known; else they are looked for.
    """
    body = observe(motion, options.neutral, partner)
    rule_sets, drill = options.active_rule_sets, options.steps_of
    steps: tuple[StepResult, ...] = ()
    if drill is None:
        judgement = judge(body, rule_sets, options.profile, options.drill)
    else:
        judgement, steps = judge_drill(body, drill, options.profile, find_steps(drill, body) if spans is None else spans)
    person = PersonResult(
        id=1,
        name=options.name,
        score=score(judgement.verdicts, rule_sets),
        outcome=outcome(judgement.verdicts, rule_sets),
        segments=segments(body),
        clauses=judgement.verdicts,
        events=events_of(body, UNASKED if options.drill == AUTO else kinds_of(rule_sets, drill)),
        steps=steps,
    )
    unseen = (STEP_NOT_SEEN,) if any(step.start_s is None for step in steps) else ()
    warnings = _warnings(body, judgement, options)
    return Graded(person, body, judgement, warnings if NO_PERSON in warnings else (*warnings, *unseen))


def _warnings(body: Body, judgement: Judgement, options: GradeOptions) -> tuple[str, ...]:
    if not np.any(body.posture != Posture.ABSENT):
        return (NO_PERSON,)
    signs = ((SIDEWAYS, body.lies), (ASTRAY, body.is_astray))
    unsure = tuple(code for code, state in signs if lasts(state, body.duration_s))
    if _is_smile_in_doubt(judgement, options.neutral):
        unsure = (*unsure, NEUTRAL_WANTED)
    if options.drill == AUTO or options.steps_of is not None:
        return unsure
    wanted = [p for p in Posture if p is Posture.UNKNOWN or any(s.judges(p) for s in options.active_rule_sets)]
    return unsure if np.isin(body.posture, wanted).any() else (*unsure, POSTURE_NOT_SEEN)


def _is_smile_in_doubt(judgement: Judgement, neutral: Neutral | None) -> bool:
    """Whether a smile gets a warning that the person's own neutral face might settle."""
    measures = {
        check.check.measure
        for track, verdict in zip(judgement.tracks, judgement.verdicts, strict=True)
        if verdict.state is State.WARN
        for check in track.checks
    }
    return any(not (neutral and neutral.serves(measure)) for measure in measures.intersection(SMILES))
