"""What a drill file may hold, and a drill as it is used: named steps, each with what begins and ends it and the rules that count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from posecoach.rulebook.complaints import expected, same, show
from posecoach.rulebook.schema import (
    Bands,
    Line,
    Name,
    NeedWord,
    OfMeasure,
    PostureWord,
    Rule,
    RuleFile,
    RuleId,
    RuleSet,
    Sentence,
    StrictModel,
    ViewWord,
    problem,
    views_of,
)
from posecoach.vocabulary import Text, View

MOST_STEPS = 12
LONGEST_S = 600.0
"""Of all steps together: so much of a person before the camera is kept in memory."""

EventWord = Literal["bow", "step", "nod", "gesture", "stand_up", "sit_down"]
Seconds = Annotated[float, Field(ge=0.5, le=LONGEST_S)]


class Cue(StrictModel):
    """What can be seen of a person: an event's ``edge``, or a posture, views and a face large enough, all that are given at once."""

    event: EventWord | None = None
    edge: Literal["begin", "end"] | None = None
    posture: PostureWord | None = None
    views: tuple[ViewWord, ...] = ()
    face: bool = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> Cue:
        self._refuse_mixtures()
        return self

    def _refuse_mixtures(self) -> None:
        is_of_state = bool(self.posture or self.views or self.face)
        if (self.event is not None) == is_of_state:
            what = Text(" event，或 posture、views、face 中的几项", "either event, or some of posture, views, face")
            raise problem(expected(what, show(self.model_dump(exclude_defaults=True))))
        if self.edge is not None and self.event is None:
            raise problem(expected(Text(" edge 只和 event 一起用", "edge only beside event"), same(repr(self.edge))))

    @property
    def view_set(self) -> frozenset[View]:
        """The views that are meant; empty for any."""
        return views_of(self.views)


class Ending(Cue):
    """What ends a step: a `Cue`, so many ``seconds`` after it has begun, or the trainer's ``click``."""

    seconds: Seconds | None = None
    click: bool = False

    def _refuse_mixtures(self) -> None:
        if self.seconds is None and not self.click:
            super()._refuse_mixtures()
        elif len(self.model_fields_set) > 1:
            what = Text(" seconds、click 各自单独一项", "seconds and click each in an item of its own")
            raise problem(expected(what, same(", ".join(sorted(self.model_fields_set)))))


class Limit(OfMeasure):
    """Other limits of a clause in one step, such as the depth that is asked of a bow; ``measure`` takes the place of the rule's own."""

    clause: RuleId
    bands: Bands


class StepFile(StrictModel):
    """The keys of a step."""

    id: Name
    title: Sentence
    prompt: Sentence
    begins: tuple[Cue, ...] = ()
    ends: Annotated[tuple[Ending, ...], Field(min_length=1)]
    at_most_s: Seconds = 30.0
    clauses: tuple[Line, ...] = ()
    limits: tuple[Limit, ...] = ()


class DrillFile(StrictModel):
    """The keys of a drill file."""

    drill: str
    title: Sentence
    order: Annotated[int, Field(ge=0)] = 1000
    needs: NeedWord = "whole_body"
    icon: Name = "standing"
    steps: Annotated[tuple[StepFile, ...], Field(min_length=1, max_length=MOST_STEPS)]
    clauses: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a drill; ``rule_sets`` hold the clauses that count in it, each topic's in one.

    Without ``begins`` it begins where the step before ends. ``at_most_s``: so long after it was asked for, a person before the camera is
    asked for the next one.
    """

    id: str
    title: Text
    prompt: Text
    begins: tuple[Cue, ...]
    ends: tuple[Ending, ...]
    at_most_s: float
    rule_sets: tuple[RuleSet, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that count."""
        return tuple(rule for rule_set in self.rule_sets for rule in rule_set.rules)

    @property
    def seconds(self) -> float | None:
        """How long it lasts once it has begun; None where no time ends it."""
        return min((ending.seconds for ending in self.ends if ending.seconds is not None), default=None)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """What ends it and can be seen."""
        return tuple(ending for ending in self.ends if ending.seconds is None and not ending.click)


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill with its steps.

    ``rule_sets``: all rules that count anywhere in it, each topic's in one; ``whole``: those judged over all of it. ``file`` and
    ``sha256`` of its bytes as of a `RuleSet`.
    """

    topic: str
    title: Text
    order: int
    needs: NeedWord
    icon: str
    steps: tuple[Step, ...]
    whole: tuple[RuleSet, ...]
    rule_sets: tuple[RuleSet, ...]
    file: str
    sha256: str

    @property
    def button(self) -> Text:
        """Its name where there is little room."""
        return self.title

    @property
    def also(self) -> tuple[str, ...]:
        """Other words for it in a roster."""
        return ()

    @property
    def longest_s(self) -> float:
        """How long it lasts at most before the camera."""
        return sum(step.at_most_s for step in self.steps)

    def without_custom(self) -> Drill:
        """The strict drill: only what the material says or what follows from it; a step of which nothing is left is done all the same."""
        steps = tuple(replace(step, rule_sets=_strict(step.rule_sets)) for step in self.steps)
        return replace(self, steps=steps, whole=_strict(self.whole), rule_sets=_strict(self.rule_sets))


def _strict(rule_sets: tuple[RuleSet, ...]) -> tuple[RuleSet, ...]:
    return tuple(kept for kept in (rule_set.without_custom() for rule_set in rule_sets) if kept.rules)


class DrillTopic(RuleSet):
    """A drill as what is practised before the camera: all its clauses in one set, from every side, and its steps."""

    drill: Drill

    @classmethod
    def of(cls, drill: Drill) -> DrillTopic:
        """The topic of a drill."""
        return cls._of(drill, drill.rule_sets, drill.needs)

    @classmethod
    def _of(cls, drill: Drill, rule_sets: tuple[RuleSet, ...], needs: NeedWord) -> DrillTopic:
        usual = RuleFile.model_construct(topic=drill.topic, title=drill.title, order=drill.order, needs=needs, icon=drill.icon)
        own: dict[str, Any] = {
            "prefixes": (drill.topic,),
            "practise_from": get_args(ViewWord),
            "postures": tuple(dict.fromkeys(word for rule_set in rule_sets for word in rule_set.postures)),
            "min_judged": min((rule_set.min_judged for rule_set in rule_sets), default=1),
            "rules": tuple(rule for rule_set in rule_sets for rule in rule_set.rules),
            "groups": tuple(group for rule_set in rule_sets for group in rule_set.groups),
        }
        return cls.model_construct(**{**dict(usual), **own}, file=drill.file, sha256=drill.sha256, drill=drill)

    def of_step(self, number: int) -> DrillTopic:
        """What counts in one step."""
        rule_sets = self.drill.steps[number].rule_sets
        needs = {rule_set.needs for rule_set in rule_sets}
        return self._of(self.drill, rule_sets, needs.pop() if len(needs) == 1 else self.drill.needs)
