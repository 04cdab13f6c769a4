"""What the morning meeting's page is told, as plain data for JSON: `docs/meeting.md` describes it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from posecoach.body.geometry import is_inside
from posecoach.body.landmarks import Pose
from posecoach.drawing.text import Picture
from posecoach.live.messages import CameraCondition, camera_json, check_json, rounded, words
from posecoach.reports.group_sheet import first_correction, state_of
from posecoach.row.judging import RowPerson
from posecoach.row.live import PersonNow, RowNow
from posecoach.row.places import RowEntry, Status
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Reason, State, Text
from posecoach.wording import REASONS, ROW_STATUSES, led_by

BoxXyxy = tuple[float, float, float, float]
_ANKLES = [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]
_CURABLE = (Reason.TOO_SHORT, Reason.OCCLUDED, Reason.NOT_VISIBLE, Reason.TOO_SMALL)
"""Why somebody's clauses are open as long as nobody mends it; the rest are no news to anybody."""
_LOOKING = Text("正在看", "Looking")
_UNCLEAR = Text("看不清", "Cannot see")
_NOTICES = {
    "slow": Text(
        "这台电脑跟不上 {row} 个人，画面已停在判断的那一刻：请关掉别的程序，或分几批检查",
        "This computer is too slow for {row} people, the picture is the one judged: close other programs, or check fewer at a time",
    ),
    "sideways": Text("画面横着或倒着：请把摄像头转正", "The picture lies on its side or upside down: turn the camera"),
    "nobody": Text("没有看到站定的人，请面对镜头站成一排", "Nobody is seen standing: line up facing the camera"),
    "small": Text("人太小，看不清：请靠近，或把摄像头移近", "People are too small: come closer, or move the camera closer"),
    "feet": Text("有人的脚不在画面里：请退后，或把摄像头放低、移远", "Some feet are out of the picture: step back, or move the camera"),
    "edge": Text("有人站在画面边上：请往中间站", "Somebody is cut by the edge of the picture: move inwards"),
    "hidden": Text("有人被挡住：请左右拉开半臂距离", "Somebody is hidden: leave half an arm's length between you"),
    "roster": Text(
        "名单 {roster} 人，队列 {row} 人：人数一致才对应姓名", "{roster} in the roster, {row} in the row: no names until they agree"
    ),
}


@dataclass(frozen=True, slots=True)
class RowSetup:
    """What was chosen on the page. ``auto_s``: a check so long starts by itself, None not; ``check_s``: how long the last one is."""

    roster: tuple[RowEntry, ...] = ()
    roster_name: str = ""
    auto_s: float | None = None
    check_s: float = 20.0
    keeps_picture: bool = False

    def with_roster(self, entries: tuple[RowEntry, ...], name: str) -> RowSetup:
        return replace(self, roster=entries, roster_name=name)

    def with_auto(self, seconds: float | None, keeps_picture: bool) -> RowSetup:
        return replace(self, auto_s=seconds, keeps_picture=keeps_picture)

    def with_check(self, seconds: float, keeps_picture: bool) -> RowSetup:
        return replace(self, check_s=seconds, keeps_picture=keeps_picture)


@dataclass(frozen=True, slots=True, eq=False)
class RowResult:
    """A check that is done: its people from left to right, warnings by code, when, and a picture (h, w, 3) where one was asked for.

    The picture is of the last moment of the check at which most of them were seen; ``boxes`` are where they stood then, pixels of a picture
    of ``size_wh``, None for those who were not seen.
    """

    people: tuple[RowPerson, ...]
    warnings: tuple[str, ...]
    made: time.struct_time
    picture_bgr: Picture | None
    boxes: tuple[BoxXyxy | None, ...]
    size_wh: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class RowTold:
    """All that goes into a state: the row at the last frame and the last result, None where there is none.

    ``is_slow``: what is known of the row is about a moment that has passed.
    """

    now: RowNow | None
    result: RowResult | None
    camera: CameraCondition
    is_at_work: bool
    setup: RowSetup
    rule_set: RuleSet
    is_slow: bool = False


def row_json(told: RowTold) -> dict[str, Any]:
    """The state of `docs/meeting.md`."""
    now, setup = told.now, told.setup
    people = [] if now is None else [_person(person, now) for person in now.people]
    return {
        "t_ms": None if now is None else rounded(now.t_ms, 1),
        "size": None if now is None else list(now.size_wh),
        "camera": camera_json(told.camera),
        "phase": "off" if not told.is_at_work else "loading" if now is None else "on",
        "people": people,
        "tally": tally(person["state"] for person in people),
        "notices": [] if now is None else notices_of(now, setup.roster, is_slow=told.is_slow),
        "roster": {"name": setup.roster_name, "people": [_entry(entry) for entry in setup.roster]} if setup.roster else None,
        "auto_s": setup.auto_s,
        "check": _check(told),
    }


def tally(states: Iterable[str]) -> dict[str, int]:
    """How many have each state."""
    counts = Counter(states)
    return {state.word: counts[state.word] for state in (State.PASS, State.FAIL, State.UNJUDGED)}


def notices_of(now: RowNow, roster: Sequence[RowEntry], *, is_slow: bool = False) -> list[dict[str, str]]:
    """What the whole row should do so that all can be judged, the most important first."""
    is_so = {
        "slow": is_slow,
        "sideways": now.is_sideways,
        "nobody": not now.people and not now.is_sideways,
        "small": any(person.is_small for person in now.people),
        "feet": any(_lacks_feet(person) for person in now.people),
        "edge": any(person.status is Status.EDGE for person in now.people),
        "hidden": any(person.status is Status.HIDDEN for person in now.people),
        "roster": bool(now.people) and not now.roster_fits,
    }
    counts = {"roster": len(roster), "row": len(now.people)}
    said = [(name, _NOTICES[name]) for name, holds in is_so.items() if holds]
    return [{"id": name, "zh": text.zh.format(**counts), "en": text.en.format(**counts)} for name, text in said]


def _lacks_feet(person: PersonNow) -> bool:
    """Whether the feet of somebody are below the picture, or not found at all."""
    if person.landmarks is None or person.status is not Status.JUDGED:
        return False
    ankles = person.landmarks.pose_px[_ANKLES]
    return bool(np.isfinite(ankles).all(1).any()) and not is_inside(ankles, person.landmarks.size_wh).any()


def _person(person: PersonNow, now: RowNow) -> dict[str, Any]:
    said = _said(person)
    return {
        "id": person.id,
        "key": person.key,
        **_entry(person.entry),
        "status": person.status.value,
        "state": state_of_now(person).word,
        "say": words(said),
        "partly": _is_partly_seen(person),
        "box": _share_of(person.box_xyxy, now.size_wh),
        "age_ms": None if person.updated_ms is None else round(now.t_ms - person.updated_ms),
    }


def _share_of(box: BoxXyxy | None, size_wh: tuple[int, int]) -> list[float | None] | None:
    """A box as shares of the picture."""
    return None if box is None else [rounded(side / span, 4) for side, span in zip(box, size_wh * 2, strict=True)]


def state_of_now(person: PersonNow) -> State:
    """What the card shows: fail as long as there is a correction on it."""
    if person.status is not Status.JUDGED:
        return State.UNJUDGED
    return State.FAIL if person.advice.fault is not None else person.state


def _said(person: PersonNow) -> Text | None:
    """The one thing on the card: a correction, why nothing is judged, or nothing for a tick."""
    if person.status is not Status.JUDGED:
        return ROW_STATUSES[person.status.value]
    if person.advice.fault is not None:
        return person.advice.fault.correction
    if person.state is State.FAIL:
        failed = max((m for m in person.moments if m.state is State.FAIL), key=lambda m: m.rule.priority)
        return failed.correction or failed.rule.clause
    return _why([moment.reason for moment in person.moments]) if person.state is State.UNJUDGED else None


def _why(reasons: Sequence[Reason]) -> Text:
    """What keeps most of the clauses open; nothing is known of somebody who has only just come."""
    most = max(_CURABLE, key=reasons.count) if reasons else Reason.TOO_SHORT
    reason = most if most in reasons or not reasons else Reason.VIEW
    return led_by(_LOOKING if reason is Reason.TOO_SHORT else _UNCLEAR, REASONS[reason].now)


def _is_partly_seen(person: PersonNow) -> bool:
    """Whether more clauses are open, for reasons that can be mended, than judged."""
    missed = sum(moment.state is State.UNJUDGED and moment.reason in _CURABLE for moment in person.moments)
    return missed > sum(moment.state is not State.UNJUDGED for moment in person.moments)


def _check(told: RowTold) -> dict[str, Any] | None:
    setup = told.setup
    if told.result is not None:
        found = told.result
        boxes = [_share_of(box, found.size_wh) for box in found.boxes]
        people = [_outcome(person, told.rule_set) | {"box": box} for person, box in zip(found.people, boxes, strict=True)]
        return {
            "phase": "done",
            "left_s": 0.0,
            "seconds": setup.check_s,
            "people": people,
            "tally": tally(person["state"] for person in people),
        }
    check = None if told.now is None else told.now.check
    if check is None or check.phase == "done":
        return None
    return check_json(check) | {"seconds": setup.check_s, "people": [], "tally": None}


def _outcome(person: RowPerson, rule_set: RuleSet) -> dict[str, Any]:
    state = state_of(person)
    said = first_correction(person, rule_set)
    if person.status is not Status.JUDGED:
        said = ROW_STATUSES[person.status.value]
    elif state is State.UNJUDGED:
        said = _why([clause.reason for clause in person.result.clauses])
    return {"id": person.place.id, "key": person.place.key, **_entry(person.entry), "state": state.word, "say": words(said)}


def _entry(entry: RowEntry) -> dict[str, Any]:
    return {"name": entry.name, "profile": entry.profile.value}
