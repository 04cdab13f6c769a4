"""What a rule file may hold, as immutable models. `loading.py` turns YAML text into them; `rules/README.md` explains the format."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from posecoach.rulebook.complaints import did_you_mean, expected, joined, same, show
from posecoach.vocabulary import Posture, Profile, State, Text, View

CUSTOM_SOURCE = "custom"
AUTO = "auto"
"""What is asked for in place of a topic where the posture decides."""

PostureWord = Literal["standing", "sitting", "crouching", "any"]
ViewWord = Literal["front", "three_quarter", "side", "side_left", "side_right", "back"]
StateWord = Literal["pass", "warn", "fail"]
NeedWord = Literal["whole_body", "upper_body", "face"]
ProfileField = Annotated[Profile, Field(strict=False)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")]

ALL_PROFILES = tuple(Profile)
_SIDE = (View.SIDE_LEFT, View.SIDE_RIGHT)


@cache
def views_of(words: tuple[str, ...]) -> frozenset[View]:
    """The views that words of a rule file mean; ``side`` is both sides."""
    return frozenset(view for word in words for view in (_SIDE if word == "side" else (View[word.upper()],)))


class StrictModel(BaseModel):
    """Keys that are not known are refused, and values are taken for what they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class _Sentence(StrictModel):
    zh: Line
    en: Line


def _text_schema(_source: Any, handler: Any) -> core_schema.CoreSchema:
    return core_schema.no_info_after_validator_function(lambda said: Text(said.zh, said.en), handler(_Sentence))


Sentence = Annotated[Text, GetPydanticSchema(_text_schema)]


def problem(words: Text) -> PydanticCustomError:
    """A mistake that is told in these words."""
    return PydanticCustomError("rule", "{en}", {"zh": words.zh, "en": words.en})


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval; an open end is -inf or +inf."""

    low: float
    high: float

    def contains(self, other: Interval) -> bool:
        """Whether ``other`` lies within this interval."""
        return self.low <= other.low and other.high <= self.high


def _is_end(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value))


def _interval(raw: object) -> Interval:
    if not isinstance(raw, tuple) or len(raw) != 2 or not all(map(_is_end, raw)):
        what = Text(" [下限, 上限]，各为数字，或用 null 表示不限", "[low, high], each a number or null for an open end")
        raise problem(expected(what, show(raw)))
    low = -math.inf if raw[0] is None else float(raw[0])
    high = math.inf if raw[1] is None else float(raw[1])
    if low > high:
        raise problem(expected(Text("先小后大", "the lower end first"), show(raw)))
    return Interval(low, high)


Limits: TypeAlias = tuple[float, float, float, float]


class Bands(StrictModel):
    """Where a value passes and where it is a warning; outside ``warn`` it fails."""

    pass_: Annotated[Interval, PlainValidator(_interval)] = Field(alias="pass")
    warn: Annotated[Interval, PlainValidator(_interval)]

    @model_validator(mode="after")
    def _pass_inside_warn(self) -> Bands:
        if not self.warn.contains(self.pass_):
            pass_, warn = self.pass_, self.warn
            pass_band, warn_band = (f"[{band.low:g}, {band.high:g}]" for band in (pass_, warn))
            raise problem(
                expected(
                    Text("在 warn 范围之内的 pass 范围", "the pass band to lie inside the warn band"),
                    Text(f" pass {pass_band} 和 warn {warn_band}", f"pass {pass_band} and warn {warn_band}"),
                )
            )
        return self

    @property
    def limits(self) -> Limits:
        """The ends of the bands from the lowest to the highest, infinite where they are open."""
        return self.warn.low, self.pass_.low, self.pass_.high, self.warn.high

    def states(self, values: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """`State` of each value as int8, same shape as ``values``; NaN gives UNJUDGED."""
        return banded(np.asarray(values, np.float64), np.array(self.limits))


def banded(values: npt.NDArray[np.float64], limits: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    """`State` of each value as int8; NaN gives UNJUDGED. ``limits`` (4, ...) are those of `Bands.limits`, beside ``values``."""
    low_warn, low_pass, high_pass, high_warn = limits
    out = np.full(values.shape, State.FAIL, np.int8)
    out[(values >= low_warn) & (values <= high_warn)] = State.WARN
    out[(values >= low_pass) & (values <= high_pass)] = State.PASS
    out[np.isnan(values)] = State.UNJUDGED
    return out


class Correction(StrictModel):
    """What to say when a value lies below or above the pass band; a file may give one sentence for both."""

    below: Sentence
    above: Sentence

    @model_validator(mode="before")
    @classmethod
    def _one_for_both(cls, raw: object) -> object:
        if isinstance(raw, dict) and not {"below", "above"} & set(raw):
            return {"below": raw, "above": raw}
        return raw


class OfMeasure(StrictModel):
    """What names a measure, which has to be a known one."""

    measure: str

    @field_validator("measure")
    @classmethod
    def _is_known(cls, name: str, info: ValidationInfo) -> str:
        known: Collection[str] | None = (info.context or {}).get("measures")
        if known is not None and name not in known:
            what = Text("测量的名称", "the name of a measure")
            raise problem(expected(what, same(repr(name)), did_you_mean(name, known)))
        return name


class Sign(OfMeasure):
    """What shows by a measure whose value lies in ``band``."""

    band: Annotated[Interval, PlainValidator(_interval)]


class MeasureCheck(OfMeasure):
    """One measure with its bands, and the views from which it may be judged."""

    views: Annotated[tuple[ViewWord, ...], Field(min_length=1)]
    bands: Bands
    bands_for: dict[ProfileField, Bands] = Field(default_factory=dict)
    bands_without_neutral: Bands | None = None
    no_fail_without_neutral: Sign | None = None
    allow: Annotated[tuple[StateWord, ...], Field(min_length=1)] = ("pass", "warn", "fail")
    correction: Correction | None = None

    @property
    def view_set(self) -> frozenset[View]:
        """The views from which this check may be judged; ``side`` is both sides."""
        return views_of(self.views)

    def bands_of(self, profile: Profile, has_neutral: bool) -> Bands:
        """The bands that hold for a person: without a neutral of the person, those for that case come first."""
        if not has_neutral and self.bands_without_neutral is not None:
            return self.bands_without_neutral
        return self.bands_for.get(profile, self.bands)

    def wordless(self) -> MeasureCheck:
        """The same check without words of its own: those of the rule hold."""
        return self.model_copy(update={"correction": None})

    def cap(self, state: State) -> State:
        """The worst allowed state that is not worse than ``state``; UNJUDGED where this check may not say anything that good."""
        return caps_of(self.allow)[state]


@cache
def caps_of(allow: tuple[str, ...]) -> tuple[State, ...]:
    """What each `State` becomes where only some are allowed."""
    allowed = [State[word.upper()] for word in allow]
    judged = [max((item for item in allowed if item <= state), default=State.UNJUDGED) for state in (State.PASS, State.WARN, State.FAIL)]
    return (*judged, State.UNJUDGED)


class Rule(StrictModel):
    """One clause: how it is judged, or why it never is, and what to say to the person."""

    id: RuleId
    origin: Literal["clause", "derived", "custom"]
    clause: Sentence
    source: Line
    parent: Line | None = None
    profiles: Annotated[tuple[ProfileField, ...], Field(min_length=1)] = ALL_PROFILES
    checks: tuple[MeasureCheck, ...] = ()
    never: Sentence | None = None
    needs_drill: Literal["dialogue"] | None = None
    hold_s: Annotated[float, Field(ge=0)] = 1.0
    decide: Literal["most", "any"] = "most"
    weight: Annotated[float, Field(gt=0)] = 1.0
    priority: Annotated[int, Field(ge=1, le=100)] = 50
    correction: Correction | None = None
    praise: Sentence | None = None
    self_check: Sentence | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Rule:
        problems = [*self._origin_problems(), *(self._never_problems() if self.never else self._judged_problems())]
        if problems:
            raise problem(joined(problems))
        return self

    def _origin_problems(self) -> list[Text]:
        problems = []
        if (self.origin == "derived") != (self.parent is not None):
            problems.append(Text("parent: origin 为 derived 时要有，其他不要", "parent: expected for origin derived and only there"))
        if (self.origin == "custom") != (self.source == CUSTOM_SOURCE):
            only = f"source: expected {CUSTOM_SOURCE!r} for origin custom and only there, got {self.source!r}"
            problems.append(Text(f"source: origin 为 custom 时要用 {CUSTOM_SOURCE!r}，其他不用，现在是 {self.source!r}", only))
        return problems

    def _never_problems(self) -> list[Text]:
        problems = [Text("checks: 有 never 的规则不要检查", "checks: expected none in a rule with never")] if self.checks else []
        lacking = Text("self_check: 有 never 的规则要有", "self_check: expected in a rule with never")
        return problems + ([] if self.self_check else [lacking])

    def _judged_problems(self) -> list[Text]:
        needed = {"checks": self.checks, "correction": self.correction, "praise": self.praise}
        return [
            Text(f"{key}: 缺少；没有 never 的规则都要有", f"{key}: missing; expected in every rule without never")
            for key, value in needed.items()
            if not value
        ]

    @property
    def can_fail(self) -> bool:
        """Whether any check may say that the clause fails."""
        return any(check.cap(State.FAIL) is State.FAIL for check in self.checks)

    def saying(self, words: Text) -> Rule:
        """The same rule with other words for every correction."""
        checks = tuple(check.wordless() for check in self.checks)
        correction = Correction.model_construct(below=words, above=words)
        return self.model_copy(update={"checks": checks, "correction": correction})

    def correction_for(self, check: MeasureCheck, is_below: bool) -> Text | None:
        """What to say when ``check`` is off; its own words come before the rule's. None for a rule that is never judged."""
        words = check.correction or self.correction
        return None if words is None else (words.below if is_below else words.above)


class Group(StrictModel):
    """Alternatives of which one is enough: one verdict, under the best-met alternative."""

    id: RuleId
    title: Sentence
    profiles: Annotated[tuple[ProfileField, ...], Field(min_length=1)] = ALL_PROFILES
    any_of: Annotated[tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...], Field(min_length=2)]
    correction: Sentence | None = None

    @property
    def words(self) -> Text:
        """What to say to somebody who meets no alternative and plainly means none: the choice they have."""
        return self.correction or self.title

    @property
    def members(self) -> tuple[str, ...]:
        """The rule ids of all alternatives, in the order of the file."""
        return tuple(member for alternative in self.any_of for member in alternative)


class Outline(StrictModel):
    """The figures to step into, by the side from which the camera sees the person."""

    front: Name
    side: Name


class RuleFile(StrictModel):
    """The keys of a rule file: what a topic is and needs, and its rules."""

    topic: str
    title: Sentence
    short: Sentence | None = None
    also: tuple[Line, ...] = ()
    order: Annotated[int, Field(ge=0)] = 1000
    prefixes: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    auto: bool = False
    no_fail_with_auto: Sign | None = None
    instead_of: Name | None = None
    row: bool = False
    people: Annotated[int, Field(ge=1, le=2)] = 1
    lasts_s: Annotated[float, Field(ge=0)] = 0.0
    needs: NeedWord = "whole_body"
    practise_from: Annotated[tuple[ViewWord, ...], Field(min_length=1)] = ("front", "side")
    icon: Name = "standing"
    outline: Outline | None = None
    postures: Annotated[tuple[PostureWord, ...], Field(min_length=1)]
    max_warn_share: Annotated[float, Field(ge=0, le=1)] = 0.34
    min_judged: Annotated[int, Field(ge=1)] = 3
    min_weight_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    groups: tuple[Group, ...] = ()


class RuleSet(RuleFile):
    """The rules of one topic, with the name of the file and the sha256 of its bytes (empty when parsed from bare text)."""

    file: str
    sha256: str

    @property
    def button(self) -> Text:
        """The topic's name where there is little room."""
        return self.short or self.title

    @property
    def figures(self) -> Outline:
        """The figures to step into."""
        return self.outline or Outline(front=self.icon, side=self.icon)

    def judges(self, posture: Posture) -> bool:
        """Whether segments of this posture are judged by the set; ``any`` is every posture of a person who is there."""
        return posture.word in self.postures or ("any" in self.postures and posture is not Posture.ABSENT)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id. Raises KeyError when the set has none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def for_profile(self, profile: Profile) -> RuleSet:
        """The rules and groups that apply to a profile."""
        groups = tuple(group for group in self.groups if profile in group.profiles)
        return self._keeping(tuple(rule for rule in self.rules if profile in rule.profiles), groups)

    def without_custom(self) -> RuleSet:
        """The strict set: only what the material says or what follows from it."""
        return self._keeping(tuple(rule for rule in self.rules if rule.origin != "custom"), self.groups)

    def only(self, ids: Collection[str]) -> RuleSet:
        """The rules with these ids, and the groups of which all members are among them."""
        return self._keeping(tuple(rule for rule in self.rules if rule.id in ids), self.groups)

    def _keeping(self, rules: tuple[Rule, ...], groups: tuple[Group, ...]) -> RuleSet:
        ids = {rule.id for rule in rules}
        kept = tuple(group for group in groups if ids.issuperset(group.members))
        return self.model_copy(update={"rules": rules, "groups": kept})
