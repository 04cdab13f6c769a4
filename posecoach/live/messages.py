"""What the live server tells, as plain data for JSON: `docs/live.md` describes it for those who read it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from posecoach.body.records import Landmarks
from posecoach.judging.drill_run import DrillNow
from posecoach.judging.events import needs_hands
from posecoach.judging.framing import person_box
from posecoach.judging.judge import Moment, waiting_moments
from posecoach.judging.live import LiveState, Settings
from posecoach.judging.pipeline import Graded
from posecoach.judging.placement import PlacementItem
from posecoach.judging.practice import practise_first
from posecoach.judging.recent import WINDOW_MS
from posecoach.judging.results import StepResult
from posecoach.judging.timed_check import CheckNow
from posecoach.measures.catalogue import MEASURES
from posecoach.rulebook.drill_schema import DrillTopic
from posecoach.rulebook.schema import Rule, RuleSet
from posecoach.storage.results_json import clause_to_dict
from posecoach.vocabulary import Posture, Profile, Reason, State, Text, View
from posecoach.wording import PROFILES, REASONS, WARNINGS

_TURN_SIDE = Text("请完全侧身对着镜头", "Turn fully sideways to the camera")
_TURN = Text("请换个方向对着镜头", "Turn another way to the camera")
_NEW_SIZE = Text("画面大小变了，重新开始判断", "The size of the picture has changed: judging begins anew")
_WARNINGS = WARNINGS | {
    "size_changed": Text(
        "检查中画面大小变了（例如转了手机），只评了变化之后的部分",
        "The size of the picture changed during the check, as when a phone is turned: what came after it was judged",
    )
}
"""In a file later pictures are fitted into the first size, here what came before is let go."""
_SIDES = {View.SIDE_LEFT, View.SIDE_RIGHT}


@dataclass(frozen=True, slots=True)
class CameraCondition:
    """State of a camera (codes of `docs/live.md`) and what to do about it."""

    state: str
    words: Text

    @property
    def has_picture(self) -> bool:
        """Whether pictures arrive."""
        return self.state in ("ok", "black")


OK = CameraCondition("ok", Text("", ""))
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def to_bytes(state: Mapping[str, Any]) -> bytes:
    """A state as it is sent: JSON in UTF-8, as short as can be."""
    return _ENCODER.encode(state).encode()


def camera_json(camera: CameraCondition) -> dict[str, str]:
    """How the camera does."""
    return {"state": camera.state, "zh": camera.words.zh, "en": camera.words.en}


def check_json(check: CheckNow[Any]) -> dict[str, Any]:
    """How far a check is, of a person or of a row."""
    return {"phase": check.phase, "left_s": round(check.left_s, 1)}


def words(text: Text | None) -> dict[str, str] | None:
    """A text in both languages, or None."""
    return None if text is None else {"zh": text.zh, "en": text.en}


def topics_json(rule_sets: Mapping[str, RuleSet]) -> dict[str, Any]:
    """What one person can practise before the camera: topics that take two people, or longer than is looked back, are for recordings."""
    offered = [rule_set for rule_set in rule_sets.values() if rule_set.people == 1 and 1000 * rule_set.lasts_s <= WINDOW_MS]
    return {
        "topics": [_topic(rule_set) for rule_set in offered],
        "profiles": [{"id": profile.value, "zh": PROFILES[profile].zh, "en": PROFILES[profile].en} for profile in Profile],
        "reasons": {reason.word: words(said.why) for reason, said in REASONS.items()},
    }


def state_json(state: LiveState | None, camera: CameraCondition, settings: Settings, t_ms: float) -> dict[str, Any]:
    """The state of `docs/live.md`; with ``state`` None (nothing seen yet, or no more) everything is waiting."""
    if state is None:
        return _common(settings, camera, t_ms) | _waiting(settings)
    advice = state.advice
    correction = None
    if advice.fault is not None:
        said = advice.fault.correction
        correction = {"id": advice.fault.rule_id, "zh": said.zh, "en": said.en, "since_ms": rounded(advice.since_ms, 1)}
    praise = None if advice.praise is None else {"id": advice.praised, "zh": advice.praise.zh, "en": advice.praise.en}
    return _common(state.settings, camera, state.t_ms) | {
        "person": state.posture is not Posture.ABSENT,
        "posture": state.posture.word,
        "view": state.view.word,
        "box": _box(state),
        "placement": placement_json(state.placement, state.is_ready, state.settings.roll_deg),
        "correction": correction,
        "praise": praise,
        "score": rounded(state.score, 1),
        "size_changed": words(_NEW_SIZE) if state.has_new_size else None,
        "clauses": [_clause(moment, state) for moment in state.moments],
        "check": None if state.check is None else _check(state.check, state.settings.rule_set),
        "drill": None if state.drill is None else _drill(state.drill, state.settings.rule_set),
    }


def placement_json(items: Iterable[PlacementItem], is_ready: bool, roll_deg: float) -> dict[str, Any]:
    """What is still missing before judging starts. The tilt never holds it up: it is either corrected for or taken for none."""
    shown = [{"id": item.id, "ok": item.ok, "zh": item.words.zh, "en": item.words.en} for item in items]
    if roll_deg:
        tilt = Text(f"镜头倾斜 {abs(roll_deg):.1f}°，已扣除", f"The camera's tilt of {abs(roll_deg):.1f}° is allowed for")
    else:
        tilt = Text("镜头按水平计算", "The camera is taken to be level")
    return {"ready": is_ready, "items": [*shown, {"id": "tilt", "ok": True, "zh": tilt.zh, "en": tilt.en}]}


def landmarks_json(found: Landmarks) -> dict[str, Any]:
    """Body points in pixels of the picture, with their visibility; None for those that are missing."""
    points = zip(found.pose_px.tolist(), found.pose_visibility.tolist(), strict=True)
    pose = [[round(x, 1), round(y, 1), rounded(seen, 2)] if math.isfinite(x + y) else None for (x, y), seen in points]
    return {"pose": pose, "size": list(found.size_wh)}


def rounded(value: float | None, digits: int = 3) -> float | None:
    """A number as JSON can hold it: rounded, None when there is none."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def _topic(rule_set: RuleSet) -> dict[str, Any]:
    clauses = [
        {
            "id": rule.id,
            "zh": rule.clause.zh,
            "en": rule.clause.en,
            "source": rule.source,
            "self_check": words(rule.self_check),
            "never": words(rule.never),
            "profiles": [profile.value for profile in rule.profiles],
            "hold_s": rule.hold_s,
        }
        for rule in rule_set.rules
    ]
    views = sorted({view for rule in rule_set.rules for check in rule.checks for view in check.views})
    return {
        "id": rule_set.topic,
        "zh": rule_set.title.zh,
        "en": rule_set.title.en,
        "button": words(rule_set.button),
        "icon": rule_set.icon,
        "outline": {"front": rule_set.figures.front, "side": rule_set.figures.side},
        "need": rule_set.needs,
        "postures": list(rule_set.postures),
        "views": views,
        "hands": needs_hands((rule_set,)),
        "clauses": clauses,
        "steps": _steps(rule_set),
    }


def _steps(rule_set: RuleSet) -> list[dict[str, Any]] | None:
    """The steps of a drill; None of a topic."""
    if not isinstance(rule_set, DrillTopic):
        return None
    return [
        {"id": step.id, "zh": step.title.zh, "en": step.title.en, "prompt": words(step.prompt), "seconds": step.seconds}
        for step in rule_set.drill.steps
    ]


def _common(settings: Settings, camera: CameraCondition, t_ms: float) -> dict[str, Any]:
    return {
        "t_ms": rounded(t_ms, 1),
        "topic": settings.rule_set.topic,
        "profile": settings.profile.value,
        "camera": camera_json(camera),
        "landmarks": None,
        "slow": None,
        "company": None,
        "size_changed": None,
    }


def _waiting(settings: Settings) -> dict[str, Any]:
    moments = waiting_moments(settings.rule_set, settings.profile)
    return {
        "person": False,
        "posture": Posture.ABSENT.word,
        "view": View.UNKNOWN.word,
        "box": None,
        "placement": {"ready": False, "items": []},
        "correction": None,
        "praise": None,
        "score": None,
        "clauses": [_clause(moment, None) for moment in moments],
        "check": None,
        "drill": None,
    }


def _box(state: LiveState) -> list[float] | None:
    motion = state.body.motion
    box = person_box(motion.pose_px[-1], motion.pose_visibility[-1], motion.size_wh)
    return None if box is None else [round(edge, 3) for edge in box]


def _clause(moment: Moment, state: LiveState | None) -> dict[str, Any]:
    check = moment.check
    measured = check.check if check is not None else next(iter(moment.rule.checks), None)
    spec = None if measured is None else MEASURES[measured.measure]
    limits = _limits(moment)
    return {
        "id": moment.rule.id,
        "state": moment.state.word,
        "reason": moment.reason.word,
        "value": rounded(moment.value),
        "unit": "" if spec is None else spec.unit,
        "limits": None if limits is None else list(limits),
        "correction": words(moment.correction),
        "advice": words(_advice(moment, state is not None and state.is_ready)),
    }


def _limits(moment: Moment) -> tuple[float | None, float | None] | None:
    """The pass band of the deciding check, None for an open end."""
    if moment.check is None:
        return None
    band = moment.check.bands.pass_
    return rounded(band.low), rounded(band.high)


def _advice(moment: Moment, is_ready: bool) -> Text | None:
    """What to do so that the clause can be judged."""
    if moment.rule.never:
        return moment.rule.self_check
    if not is_ready:
        return None
    if moment.reason is Reason.VIEW:
        return _turn_for(moment.rule)
    said = REASONS.get(moment.reason)
    return None if said is None else said.now


def _turn_for(rule: Rule) -> Text | None:
    shown = {view for check in rule.checks for view in check.view_set}
    if shown <= _SIDES:
        return _TURN_SIDE
    return REASONS[Reason.VIEW].now if View.FRONT in shown and not shown & _SIDES else _TURN


def _check(check: CheckNow[Graded], rule_set: RuleSet) -> dict[str, Any]:
    result = None if check.result is None else _result(check.result, rule_set)
    return check_json(check) | {"result": result}


def _drill(now: DrillNow, rule_set: RuleSet) -> dict[str, Any]:
    result = None if now.result is None else _result(now.result, rule_set)
    return {"phase": now.phase, "step": now.number, "begun": now.begun, "left_s": rounded(now.left_s, 1), "result": result}


def _step(step: StepResult) -> dict[str, Any]:
    off = [clause.id for clause in step.clauses if clause.state in (State.FAIL, State.WARN)]
    seconds = None if step.start_s is None or step.end_s is None else rounded(step.end_s - step.start_s, 1)
    return {"id": step.id, "state": step.state.word, "seconds": seconds, "off": off}


def _result(graded: Graded, rule_set: RuleSet) -> dict[str, Any]:
    person = graded.person
    return {
        "score": rounded(person.score, 1),
        "outcome": person.outcome,
        "clauses": [clause_to_dict(clause) for clause in person.clauses],
        "practise_first": [
            {"id": p.id, "limits": list(p.limits), "zh": p.words.zh, "en": p.words.en} for p in practise_first(graded, rule_set)
        ],
        "steps": [_step(step) for step in person.steps],
        "warnings": [{"id": code, **(words(_WARNINGS[code]) or {})} for code in graded.warnings],
    }
