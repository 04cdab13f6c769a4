"""Right and wrong of a clause as two small drawings of a person, made from the bands of its rule: another band is another drawing.

A figure is a handful of joints in a box of `WIDTH` x `HEIGHT`, seen from the front or from the side, where it looks to the right. Only
measures that a still picture can show have one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from posecoach.rulebook.schema import Bands, Rule, RuleSet
from posecoach.vocabulary import Posture

WIDTH, HEIGHT = 120, 200
_SHOULDER_PX = 40.0
"""Width of the shoulders; an arm, a thigh and a shin are given in it too."""
_TRUNK, _NECK, _HEAD, _UPPER_ARM, _FOREARM, _THIGH, _SHIN, _FOOT = 54.0, 11.0, 11.5, 29.0, 26.0, 40.0, 40.0, 15.0
_GROUND = 190.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure stands. Angles in degrees; widths in shoulder widths, the image's right is positive.

    ``arms``: down, front, back, lap, folded, hips, table, out or apart. From the side ``lean``, ``neck``, ``head`` and ``back`` (how round
    it is) tilt it forward; ``thigh`` and ``shin`` are those of the near leg from straight down, forward positive, ``far`` of the other,
    whose foot may instead stand ``stagger`` shins behind.
    """

    is_side: bool = False
    seated: bool = False
    crouched: bool = False
    arms: str = "down"
    lean: float = 0.0
    back: float = 0.0
    neck: float = 8.0
    head: float = 0.0
    head_roll: float = 0.0
    turn: float = 0.0
    tilt: float = 0.0
    shift: float = 0.0
    ankles: float = 0.5
    knees: float | None = None
    toes: float = 40.0
    slant: float = 0.0
    thigh: float = 0.0
    shin: float = 0.0
    far: tuple[float, float] | None = None
    stagger: float | None = None
    heel: float = 0.0
    smile: float = 0.4
    crooked: float = 0.0
    face_only: bool = False


@dataclass(frozen=True, slots=True)
class Limb:
    """A stroke through points, in pixels of the box; ``part`` names what it is."""

    part: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn person: strokes from back to front, where the head is, how far its face is turned (degrees), and the mouth."""

    limbs: tuple[Limb, ...]
    head: Point
    head_px: float
    roll_deg: float
    face: tuple[Limb, ...]


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
    "seated_knee_deg": Shown(_sets(shin=lambda v: v - 90), 100, 14, is_side=True),
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
    "gesture_hand_height_tl": Shown(_arms("out", "down", lambda v: v > 0), 0.6, 0.4, fails_above=False),
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


# --- where the joints are -----------------------------------------------------------------------------------------------------------------


def draw(look: Look) -> Figure:
    """The joints of a look, feet on the ground; of the face alone a large head."""
    if look.face_only:
        return Figure((), (WIDTH / 2, 90), 46, look.head_roll, _face((WIDTH / 2, 90), 46, look))
    return _from_side(look) if look.is_side else _from_front(look)


def _go(start: Point, length: float, angle_deg: float) -> Point:
    """From a point so far down, turned to the right by an angle."""
    angle = math.radians(angle_deg)
    return start[0] + length * math.sin(angle), start[1] + length * math.cos(angle)


def _from_side(look: Look) -> Figure:
    knee, ankle = _leg((0.0, 0.0), look.thigh, look.shin)
    hip = (WIDTH / 2 - (30 if look.seated else 22 if look.crouched else 4), _GROUND - 6 - ankle[1])
    waist = _go(hip, _TRUNK / 2, 180 - look.lean + look.back / 2)
    neck = _go(waist, _TRUNK / 2, 180 - look.lean - look.back / 2)
    head = _go(neck, _NECK + _HEAD, 180 - look.lean - look.back / 2 - look.neck)
    limbs = []
    if look.seated:
        limbs.append(Limb("seat", ((hip[0] - 26, hip[1] - 44), (hip[0] - 20, hip[1] + 9), (hip[0] + 24, hip[1] + 9))))
    if look.stagger is not None:
        limbs += _rear_leg(hip, hip[0] + ankle[0] - look.stagger * _SHIN, look.heel)
    elif look.far is not None:
        limbs += _side_leg(hip, *look.far, part="far")
    limbs += _side_leg(hip, look.thigh, look.shin, part="leg")
    hand = _side_hand(look, neck, hip, knee)
    elbow = _between(neck, hand, 14.0)
    limbs += [Limb("trunk", (hip, waist, neck)), Limb("neck", (neck, head)), Limb("arm", (neck, elbow, hand))]
    return Figure(tuple(limbs), head, _HEAD, -look.lean - look.head, _profile(head, look))


def _leg(hip: Point, thigh: float, shin: float) -> tuple[Point, Point]:
    knee = _go(hip, _THIGH, thigh)
    return knee, _go(knee, _SHIN, shin)


def _rear_leg(hip: Point, ankle_x: float, heel: float) -> list[Limb]:
    """A leg whose foot stands there on its ball, the knee before it."""
    ankle = (ankle_x, _GROUND - 6 - _FOOT * math.sin(math.radians(max(heel, 0.0))))
    along, down = ankle[0] - hip[0], ankle[1] - hip[1]
    reach = min(math.hypot(along, down), _THIGH + _SHIN - 1)
    bend = math.degrees(math.acos((reach / 2) / _THIGH))
    knee = _go(hip, _THIGH, math.degrees(math.atan2(along, down)) + bend)
    toe = (ankle[0] + _FOOT * math.cos(math.radians(heel)), min(_GROUND, ankle[1] + 4 + _FOOT * math.sin(math.radians(heel))))
    return [Limb("far", (hip, knee, ankle)), Limb("foot", ((ankle[0] - 3, ankle[1] + 4), toe))]


def _side_leg(hip: Point, thigh: float, shin: float, *, part: str) -> list[Limb]:
    knee, ankle = _leg(hip, thigh, shin)
    return [Limb(part, (hip, knee, ankle)), Limb("foot", ((ankle[0] - 3, ankle[1] + 4), (ankle[0] + _FOOT, ankle[1] + 4)))]


def _side_hand(look: Look, neck: Point, hip: Point, knee: Point) -> Point:
    if look.arms == "lap":
        return hip[0] + knee[0] * 0.6, hip[1] - 6 + knee[1] * 0.6
    if look.arms == "table":
        return neck[0] + 40, neck[1] + 36
    return _go(neck, _UPPER_ARM + _FOREARM, -look.lean * 0.3)


def _between(one: Point, other: Point, bend: float) -> Point:
    """An elbow: the middle of two points, set back from the line between them."""
    along = math.hypot(other[0] - one[0], other[1] - one[1]) or 1.0
    aside = max(-bend, min(bend, math.sqrt(max(0.0, ((_UPPER_ARM + _FOREARM) / 2) ** 2 - (along / 2) ** 2))))
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    return x - aside * (other[1] - one[1]) / along, y + aside * (other[0] - one[0]) / along


def _from_front(look: Look) -> Figure:
    short = 0.42 if look.seated or look.crouched else 1.0
    hip_y = _GROUND - 6 - _SHIN - _THIGH * short
    middle = WIDTH / 2 + look.shift * _SHOULDER_PX
    hip = (middle, hip_y)
    neck = _go(hip, _TRUNK, 180 - look.lean)
    rise = math.tan(math.radians(look.tilt)) * _SHOULDER_PX / 2
    shoulders = [(neck[0] + side * _SHOULDER_PX / 2, neck[1] + 4 + side * rise) for side in (-1, 1)]
    head = _go(neck, _NECK + _HEAD, 180 - look.lean - look.head_roll * 0.6)
    limbs = [Limb("seat", ((hip[0] - 34, hip_y + 8), (hip[0] + 34, hip_y + 8)))] if look.seated else []
    for side, shoulder in zip((-1, 1), shoulders, strict=True):
        limbs += _front_leg(look, side, hip)
        limbs.append(Limb("arm back" if look.arms == "back" else "arm", (shoulder, *_front_arm(look.arms, side, shoulder, hip))))
    body = (shoulders[0], shoulders[1], (hip[0] + 13, hip_y), (hip[0] - 13, hip_y), shoulders[0])
    at = len(limbs) if look.arms == "back" else len(limbs) - 4
    limbs.insert(max(at, 0), Limb("body", body))
    limbs += [limb for limb in limbs if limb.part == "arm"] + [Limb("neck", (neck, head))]
    return Figure(tuple(limbs), head, _HEAD, look.head_roll, _face(head, _HEAD, look))


def _front_leg(look: Look, side: int, hip: Point) -> list[Limb]:
    gap = look.ankles if look.knees is None else look.knees
    start = (hip[0] + side * 9, hip[1])
    middle = hip[0] - look.shift * _SHOULDER_PX
    ankle_x = middle + side * look.ankles * _SHOULDER_PX / 2 + math.tan(math.radians(look.slant)) * _SHIN
    knee_x = (hip[0] + middle) / 2 + side * (gap * _SHOULDER_PX / 2 if look.knees is not None else (9 + look.ankles * _SHOULDER_PX / 2) / 2)
    knee, ankle = (knee_x, _GROUND - 6 - _SHIN), (ankle_x, _GROUND - 6)
    toe = _go(ankle, _FOOT * 0.8, side * look.toes / 2)
    return [Limb("leg", (start, knee, ankle)), Limb("foot", (ankle, (toe[0], min(toe[1], _GROUND + 4))))]


def _front_arm(arms: str, side: int, shoulder: Point, hip: Point) -> tuple[Point, Point]:
    """Elbow and wrist."""
    x, y = hip
    places: dict[str, tuple[Point, Point]] = {
        "front": ((shoulder[0] + side * 7, shoulder[1] + 28), (x + side * 3, y - 8)),
        "lap": ((shoulder[0] + side * 7, shoulder[1] + 28), (x + side * 3, y + 2)),
        "back": ((shoulder[0] + side * 8, shoulder[1] + 27), (x + side * 4, y - 6)),
        "folded": ((shoulder[0] + side * 8, shoulder[1] + 24), (x - side * 12, shoulder[1] + 22)),
        "hips": ((shoulder[0] + side * 22, shoulder[1] + 24), (x + side * 15, y - 6)),
        "table": ((shoulder[0] + side * 9, shoulder[1] + 26), (x + side * 12, y - 16)),
        "apart": ((shoulder[0] + side * 16, shoulder[1] + 24), (shoulder[0] + side * 24, y + 4)),
        "down": ((shoulder[0] + side * 4, shoulder[1] + 29), (shoulder[0] + side * 5, shoulder[1] + 54)),
    }
    if arms == "out":
        return ((shoulder[0] + 18, shoulder[1] + 22), (shoulder[0] + 38, shoulder[1] + 8)) if side > 0 else places["down"]
    return places[arms]


def _face(head: Point, size: float, look: Look) -> tuple[Limb, ...]:
    """Eyes and mouth, moved by turning and nodding; the mouth curves by the smile."""
    dx, dy = size * math.sin(math.radians(look.turn)), size * math.sin(math.radians(look.head)) * 0.9
    x, y = head[0] + dx, head[1] + dy
    width, curve = size * 0.36, size * 0.28 * min(max(look.smile, 0.0), 1.0)
    left_up, right_up = curve * (1 + look.crooked), curve * max(0.0, 1 - 2 * look.crooked)
    eyes = tuple(Limb("eye", ((x + side * size * 0.36, y - size * 0.15),) * 2) for side in (-1, 1))
    mouth = ((x - width, y + size * 0.38 - left_up / 2), (x, y + size * 0.38 + curve), (x + width, y + size * 0.38 - right_up / 2))
    return (*eyes, Limb("mouth", mouth))


def _profile(head: Point, look: Look) -> tuple[Limb, ...]:
    """A nose, so that it is seen where the person looks."""
    angle = 90 - look.lean - look.head - look.back / 2
    return (Limb("nose", (_go(head, _HEAD * 0.9, angle), _go(head, _HEAD * 1.35, angle))),)


def path_of(limb: Limb) -> str:
    """The ``d`` of an SVG path; a mouth is curved."""
    spots = [f"{x:.1f} {y:.1f}" for x, y in limb.points]
    return f"M{spots[0]}Q{spots[1]} {spots[2]}" if limb.part == "mouth" else "M" + "L".join(spots)
