"""Right and wrong of a clause as two small drawings of a person, made from the bands of its rule: another band is another drawing.

Which look a value has is said here; where its joints are, in `looks`, and what is drawn beside a person, in `marks`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from posecoach.reports.looks import Figure, Look, draw
from posecoach.reports.marks import Hand, Marks
from posecoach.reports.strokes import Point
from posecoach.rulebook.schema import Bands, Rule, RuleSet
from posecoach.vocabulary import Posture


def figures_of(rule: Rule, posture: Posture) -> tuple[Figure, Figure] | None:
    """The clause met and not met, by the first of its checks that can be drawn and can fail; None where none can."""
    for check in rule.checks:
        show, warn = shown_of(check.measure), check.bands.warn
        if show is not None and (math.isfinite(warn.low) or math.isfinite(warn.high)):
            base = _base(posture, show.is_side, show.face_only)
            right, wrong = values_of(check.bands, show)
            return draw(show.apply(base, right)), draw(show.apply(base, wrong))
    return None


def models_of(rule_sets: Iterable[RuleSet]) -> dict[str, Figure]:
    """By the id of each clause that can be drawn the clause met."""
    pairs = {rule.id: figures_of(rule, posture_of(rule_set)) for rule_set in rule_sets for rule in rule_set.rules}
    return {rule_id: pair[0] for rule_id, pair in pairs.items() if pair is not None}


def posture_of(rule_set: RuleSet) -> Posture:
    """In which posture people are drawn; standing where several will do."""
    return next((posture for posture in Posture if posture.word == rule_set.postures[0]), Posture.STANDING)


def shown_of(measure: str) -> Shown | None:
    """How a measure is drawn; None where no still picture can show it."""
    return _SHOWN.get(measure)


def values_of(bands: Bands, show: Shown) -> tuple[float, float]:
    """A value in the middle of what passes, and one that plainly fails on the side where people fail."""
    low, high = bands.pass_.low, bands.pass_.high
    usual = min(max(show.usual, low), high)
    if math.isfinite(low) and math.isfinite(high) and not low <= show.usual <= high:
        usual = (low + high) / 2
    is_above = math.isfinite(bands.warn.high) and (show.fails_above or not math.isfinite(bands.warn.low))
    edge = bands.warn.high if is_above else bands.warn.low
    return usual, edge + (show.beyond if is_above else -show.beyond)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a measure is drawn: ``apply`` gives a look of a value. ``usual``: a value that is right by nature, ``beyond``: how far past the
    warning band the wrong one lies."""

    apply: Callable[[Look, float], Look]
    usual: float
    beyond: float
    is_side: bool = False
    fails_above: bool = True
    face_only: bool = False


def _sets(**named: Callable[[float], Any]) -> Callable[[Look, float], Look]:
    return lambda look, value: replace(look, **{name: of(value) for name, of in named.items()})


def _same(value: float) -> float:
    return value


def _arms(met: str, amiss: str, is_met: Callable[[float], bool]) -> Callable[[Look, float], Look]:
    return lambda look, value: replace(look, arms=met if is_met(value) else amiss)


def _hand(met: Hand, amiss: Hand, is_met: Callable[[float], bool]) -> Callable[[Look, float], Look]:
    return lambda look, value: replace(look, marks=Marks(hand=met if is_met(value) else amiss))


def _for_time(usual_s: float, lean: float = 0.0) -> Callable[[Look, float], Look]:
    """A look with a clock's face of which as much has gone by as the value has of twice the usual time."""

    def look_of(look: Look, value: float) -> Look:
        marks = Marks(dial=max(value, 0.08 * usual_s) / (2 * usual_s), arrows=_DOWN)
        return replace(look, lean=lean, marks=replace(marks, dial_at=(98.0, 150.0)) if lean else marks)

    return look_of


def _height_of_hand(look: Look, value: float) -> Look:
    is_up = value > 0.1
    return replace(look, arms="out", out=50.0 if is_up else 14.0, elbow=140.0 if is_up else 172.0)


def _pace(look: Look, value: float) -> Look:
    """Strides of a usual walk, or long ones in a hurry."""
    usual = replace(look, **_STRIDE, swing=16.0)
    return usual if value <= _HURRY else replace(usual, thigh=32.0, far=(-24.0, -50.0), lean=6.0, marks=Marks(arrows=_FAST))


def _nodding(look: Look, value: float) -> Look:
    return replace(look, head=8.0, marks=Marks(arrows=_NOD)) if value > 1 else look


def _behind_counter(look: Look, value: float) -> Look:
    return replace(look, head=value, marks=Marks(counter=True))


def _shaken(tl: float) -> tuple[tuple[Point, Point], ...]:
    reach = 6 + 60 * min(tl, 0.6)
    return (((60.0, 76.0), (60.0, 76.0 - reach)), ((60.0, 136.0), (60.0, 136.0 + reach)))


def _up(times: float) -> tuple[tuple[Point, Point], ...]:
    return tuple(((14.0 + 92 * i, 118.0), (14.0 + 92 * i, 84.0)) for i in range(round(max(times, 0))))


def _pair(look: Look, **marks: Any) -> Look:
    return replace(look, has_partner=True, marks=Marks(**marks))


_DOWN = (((104.0, 84.0), (104.0, 124.0)),)
_NOD = (((86.0, 8.0), (86.0, 40.0)),)
_FAST = (((6.0, 70.0), (34.0, 70.0)), ((6.0, 90.0), (34.0, 90.0)), ((6.0, 110.0), (34.0, 110.0)))
_HURRY = 128.0
_STRIDE: Mapping[str, Any] = {"thigh": 18.0, "shin": 4.0, "far": (-14.0, -26.0)}
_NONE = _arms("down", "folded", lambda value: value < 0.5)
_SHOWN: Mapping[str, Shown] = {
    "head_pitch_down_deg": Shown(_sets(head=_same), 0, 14),
    "head_roll_deg": Shown(_sets(head_roll=_same), 0, 10),
    "face_away_deg": Shown(_sets(turn=_same), 0, 25),
    "trunk_lean_forward_deg": Shown(_sets(lean=_same), 2, 12, is_side=True),
    "trunk_lean_left_deg": Shown(_sets(lean=_same), 0, 7),
    "neck_forward_deg": Shown(_sets(neck=lambda v: v - 14), 20, 18, is_side=True),
    "shoulder_tilt_deg": Shown(_sets(tilt=_same), 0, 7),
    "upper_arm_out_deg": Shown(_arms("down", "apart", lambda v: v < 25), 8, 10),
    "elbow_min_deg": Shown(_arms("down", "apart", lambda v: v > 140), 170, 10, fails_above=False),
    "wrists_apart_sw": Shown(_arms("front", "down", lambda v: v < 0.8), 0.2, 0.6),
    "wrists_in_front": Shown(_arms("back", "front", lambda v: v < 0.5), 0, 1),
    "knee_angle_deg": Shown(_sets(thigh=lambda v: (180 - v) / 2, shin=lambda v: (v - 180) / 2), 178, 22, is_side=True, fails_above=False),
    "knee_gap_sw": Shown(_sets(knees=_same, ankles=lambda v: max(0.14, v - 0.1)), 0.18, 0.5),
    "ankle_gap_sw": Shown(_sets(ankles=_same), 0.7, 0.35),
    "toe_v_deg": Shown(_sets(toes=_same, ankles=lambda _: 0.16), 50, 12, fails_above=False),
    "centre_offset_sw": Shown(_sets(shift=_same), 0, 0.25),
    "arms_folded": Shown(_NONE, 0, 1),
    "hands_on_hips": Shown(_NONE, 0, 1),
    "shanks_slant_deg": Shown(_sets(slant=_same, knees=lambda _: 0.2, ankles=lambda _: 0.16), 20, 10, fails_above=False),
    "seated_knee_deg": Shown(_sets(shin=lambda v: v - 90), 100, 8, is_side=True),
    "hands_in_lap_sw": Shown(_arms("lap", "apart", lambda v: v < 0.8), 0.2, 0.6),
    "hands_on_desk_tl": Shown(_arms("table", "down", lambda v: v > 0.1), 0.5, 0.6, fails_above=False),
    "shin_lean_deg": Shown(_sets(shin=lambda v: -v), 0, 18, is_side=True),
    "foot_stagger_shank": Shown(_sets(stagger=_same), 0.7, 0.3, is_side=True, fails_above=False),
    "front_shin_lean_deg": Shown(_sets(shin=lambda v: -v), 0, 16, is_side=True),
    "rear_heel_pitch_deg": Shown(_sets(heel=_same), 45, 18, is_side=True, fails_above=False),
    "smile_strength": Shown(_sets(smile=_same), 0.9, 0.3, fails_above=False, face_only=True),
    "smile_held_share": Shown(_sets(smile=_same), 0.9, 0.3, fails_above=False, face_only=True),
    "smile_asymmetry": Shown(_sets(crooked=_same), 0.0, 0.4, face_only=True),
    "facing_share": Shown(_sets(turn=lambda v: 0.0 if v > 0.4 else 40.0), 0.8, 0.2, fails_above=False, face_only=True),
    "bow_off_nearest_deg": Shown(_sets(lean=lambda v: 30 + v), 0, 14, is_side=True),
    "bow_head_hang_deg": Shown(_sets(lean=lambda _: 30, neck=lambda v: 4 + v, head=_same), 0, 28, is_side=True),
    "bow_back_round_deg": Shown(_sets(lean=lambda _: 30, back=_same), 0, 22, is_side=True),
    "bow_knee_deg": Shown(
        _sets(lean=lambda _: 30, thigh=lambda v: (180 - v) / 2, shin=lambda v: (v - 180) / 2), 178, 22, is_side=True, fails_above=False
    ),
    "bow_down_s": Shown(_for_time(1.0, lean=30), 1.0, 0.2, is_side=True, fails_above=False),
    "bow_hold_s": Shown(_for_time(1.0, lean=30), 1.0, 0.4, is_side=True, fails_above=False),
    "seat_descent_s": Shown(_for_time(1.5), 1.5, 0.4, is_side=True, fails_above=False),
    "crossed_foot_down_deg": Shown(_sets(toe=_same, shin=lambda _: 8, far=lambda _: (84, -8)), 30, 20, is_side=True, fails_above=False),
    "front_foot_pitch_deg": Shown(_sets(toe=_same, shin=lambda v: -v / 3), 0, 8, is_side=True),
    "hips_below_knee_tl": Shown(
        lambda look, v: look if v > -0.3 else replace(look, crouched=False, arms="down", thigh=8, shin=0, lean=75, stagger=None),
        0.1,
        0.3,
        is_side=True,
        fails_above=False,
    ),
    "smile_eyes": Shown(_sets(squint=lambda v: v > 0.4, smile=lambda _: 0.9), 0.8, 0.3, fails_above=False, face_only=True),
    "gesture_hand_height_tl": Shown(_height_of_hand, 0.6, 0.2, fails_above=False),
    "gesture_elbow_deg": Shown(_sets(arms=lambda _: "out", elbow=_same, out=lambda v: 50 if v < 165 else 72), 140, 8),
    "gesture_arm_out_deg": Shown(_sets(arms=lambda _: "out", out=_same, elbow=lambda v: 140 if v > 20 else 105), 50, 8, fails_above=False),
    "gesture_palm_up": Shown(_hand("up", "down", lambda v: v > 0), 0.8, 0.5, fails_above=False),
    "gesture_finger_spread": Shown(_hand("together", "spread", lambda v: v < 1), 0.5, 0.5),
    "gesture_pointing_share": Shown(_hand("together", "pointing", lambda v: v < 0.5), 0.0, 0.4),
    "gesture_face_away_deg": Shown(_sets(arms=lambda _: "out", turn=lambda v: 12 - v), 0, 10),
    "walk_trunk_sway_deg": Shown(_sets(lean=lambda v: v / 2, head_roll=lambda v: v / 2, tilt=lambda v: v / 3, ankles=lambda _: 0.3), 2, 8),
    "walk_cadence_per_min": Shown(_pace, 110, 12, is_side=True),
    "walk_arm_swing_deg": Shown(lambda look, v: replace(look, **_STRIDE, swing=v * 0.7), 30, 10, is_side=True, fails_above=False),
    "nods_per_min": Shown(_nodding, 6, 2, fails_above=False),
    "handshake_swing_tl": Shown(lambda look, v: _pair(look, arrows=_shaken(v)), 0.05, 0.3, is_side=True),
    "handshake_s": Shown(lambda look, v: _pair(look, dial=v / 8), 3, 2, is_side=True),
    "handshake_away_s": Shown(lambda look, v: _pair(replace(look, is_away=v > 1)), 0, 2, is_side=True),
    "greeting_head_down_deg": Shown(_behind_counter, 0, 16),
    "farewell_head_down_deg": Shown(_behind_counter, 0, 16),
    "times_stood_up": Shown(lambda look, v: replace(look, marks=Marks(counter=True, arrows=_up(v))), 2, 1, fails_above=False),
    "visit_phases_share": Shown(
        lambda look, v: replace(look, marks=Marks(counter=True, dots=round(4 * max(v, 0)))), 1, 0.3, fails_above=False
    ),
    "walk_head_down_deg": Shown(_sets(head=_same), 0, 16),
    "walk_trunk_lean_deg": Shown(_sets(lean=_same, thigh=lambda _: 18, shin=lambda _: 4, far=lambda _: (-14, -26)), 2, 12, is_side=True),
}


def _base(posture: Posture, is_side: bool, face_only: bool) -> Look:
    """The posture of a topic before one thing of it is shown."""
    if posture is Posture.SITTING:
        return Look(is_side, seated=True, arms="lap", thigh=88.0, ankles=0.4, knees=0.45, face_only=face_only)
    if posture is Posture.CROUCHING:
        return Look(is_side, crouched=True, arms="lap", thigh=98.0, stagger=0.7, heel=45.0, face_only=face_only)
    return Look(is_side, face_only=face_only)
