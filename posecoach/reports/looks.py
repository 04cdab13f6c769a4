"""A drawn person: where the joints of a look are, in a box of `WIDTH` x `HEIGHT`, from the front or from the side, looking to the right."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from posecoach.reports.marks import Marks, hand_of, marks_of
from posecoach.reports.strokes import WIDTH, Limb, Point, disc, go

_SHOULDER_PX = 40.0
"""Width of the shoulders; an arm, a thigh and a shin are given in it too."""
_TRUNK, _NECK, _HEAD, _UPPER_ARM, _FOREARM, _THIGH, _SHIN, _FOOT = 54.0, 11.0, 11.5, 29.0, 26.0, 40.0, 40.0, 15.0
_GROUND = 190.0
_SMALL = 0.72
"""Of two in one box each is drawn so large."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure stands. Angles in degrees; widths in shoulder widths, the image's right is positive.

    ``arms``: down, front, back, lap, folded, hips, table or apart; out: one to the side by ``out`` from straight down, ``elbow`` open. From
    the side ``lean``, ``neck``, ``head`` and ``back`` (how round it is) tilt it forward; ``thigh`` and ``shin`` are those of the near leg
    from straight down, forward positive, ``far`` of the other, whose foot may instead stand ``stagger`` shins behind; ``toe`` is how far
    the near foot points down, ``swing`` how far the arms swing. ``has_partner``: shakes hands with somebody; ``is_away``: looks elsewhere.
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
    squint: bool = False
    face_only: bool = False
    toe: float = 0.0
    elbow: float = 140.0
    out: float = 50.0
    swing: float = 0.0
    has_partner: bool = False
    is_away: bool = False
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn person: strokes from back to front, where the head is, how far its face is turned (degrees), and the mouth."""

    limbs: tuple[Limb, ...]
    head: Point
    head_px: float
    roll_deg: float
    face: tuple[Limb, ...]


def draw(look: Look) -> Figure:
    """The joints of a look, feet on the ground, with its marks; of the face alone a large head, of a hand alone no head."""
    if look.marks.hand is not None:
        return Figure(hand_of(look.marks.hand), (WIDTH / 2, 90), 0, 0, ())
    if look.face_only:
        return Figure((), (WIDTH / 2, 90), 46, look.head_roll, _face((WIDTH / 2, 90), 46, look))
    figure = _pair(look) if look.has_partner else _from_side(look) if look.is_side else _from_front(look)
    return replace(figure, limbs=figure.limbs + marks_of(look.marks))


def _pair(look: Look) -> Figure:
    """Somebody small, who shakes hands with somebody who looks to the left."""
    one = _from_side(replace(look, arms="shake"))
    other = _from_side(replace(look, arms="shake", is_away=False))
    theirs = [Limb(limb.part, tuple(_small((WIDTH - x, y), 62) for x, y in limb.points)) for limb in (*other.limbs, *other.face)]
    theirs.append(disc("ball", _small((WIDTH - other.head[0], other.head[1]), 62), _HEAD * _SMALL))
    limbs = tuple(Limb(limb.part, tuple(_small(point, 6) for point in limb.points)) for limb in one.limbs)
    face = tuple(Limb(limb.part, tuple(_small(point, 6) for point in limb.points)) for limb in one.face)
    return replace(one, limbs=(*theirs, *limbs), head=_small(one.head, 6), head_px=_HEAD * _SMALL, face=face)


def _small(point: Point, x: float) -> Point:
    """A point of a figure that is drawn smaller, moved to the right by ``x``, on the same ground."""
    return x + (point[0] - 30) * _SMALL, _GROUND - (_GROUND - point[1]) * _SMALL


def _from_side(look: Look) -> Figure:
    knee, ankle = _leg((0.0, 0.0), look.thigh, look.shin)
    back = 30 if look.seated else 22 if look.crouched else 4 + min(max(look.lean - 15, 0.0), 30.0)
    hip = (WIDTH / 2 - back, _GROUND - 6 - ankle[1])
    waist = go(hip, _TRUNK / 2, 180 - look.lean + look.back / 2)
    neck = go(waist, _TRUNK / 2, 180 - look.lean - look.back / 2)
    head = go(neck, _NECK + _HEAD, 180 - look.lean - look.back / 2 - look.neck)
    limbs = []
    if look.seated:
        limbs.append(Limb("seat", ((hip[0] - 26, hip[1] - 44), (hip[0] - 20, hip[1] + 9), (hip[0] + 24, hip[1] + 9))))
    if look.stagger is not None:
        limbs += _rear_leg(hip, hip[0] + ankle[0] - look.stagger * _SHIN, look.heel)
    elif look.far is not None:
        limbs += _side_leg(hip, *look.far, part="far")
    if look.swing:
        limbs.append(Limb("arm behind", (neck, go(neck, _UPPER_ARM, -look.swing), go(neck, _UPPER_ARM + _FOREARM, 6 - look.swing))))
    limbs += _side_leg(hip, look.thigh, look.shin, part="leg", toe=look.toe)
    hand = _side_hand(look, neck, hip, knee)
    elbow = _between(neck, hand, 14.0)
    limbs += [Limb("trunk", (hip, waist, neck)), Limb("neck", (neck, head)), Limb("arm", (neck, elbow, hand))]
    return Figure(tuple(limbs), head, _HEAD, -look.lean - look.head, _face(head, _HEAD, look) if look.is_away else _profile(head, look))


def _leg(hip: Point, thigh: float, shin: float) -> tuple[Point, Point]:
    knee = go(hip, _THIGH, thigh)
    return knee, go(knee, _SHIN, shin)


def _rear_leg(hip: Point, ankle_x: float, heel: float) -> list[Limb]:
    """A leg whose foot stands there on its ball, the knee before it."""
    ankle = (ankle_x, _GROUND - 6 - _FOOT * math.sin(math.radians(max(heel, 0.0))))
    along, down = ankle[0] - hip[0], ankle[1] - hip[1]
    reach = min(math.hypot(along, down), _THIGH + _SHIN - 1)
    bend = math.degrees(math.acos((reach / 2) / _THIGH))
    knee = go(hip, _THIGH, math.degrees(math.atan2(along, down)) + bend)
    toe = (ankle[0] + _FOOT * math.cos(math.radians(heel)), min(_GROUND, ankle[1] + 4 + _FOOT * math.sin(math.radians(heel))))
    return [Limb("far", (hip, knee, ankle)), Limb("foot", ((ankle[0] - 3, ankle[1] + 4), toe))]


def _side_leg(hip: Point, thigh: float, shin: float, *, part: str, toe: float = 0.0) -> list[Limb]:
    knee, away = _leg((0.0, 0.0), thigh, shin)
    ankle = (hip[0] + away[0], hip[1] + away[1])
    heel = (ankle[0] - 3, ankle[1] + 4)
    return [Limb(part, (hip, (hip[0] + knee[0], hip[1] + knee[1]), ankle)), Limb("foot", (heel, go(heel, _FOOT + 3, 90 - toe)))]


def _side_hand(look: Look, neck: Point, hip: Point, knee: Point) -> Point:
    if look.arms == "lap":
        return hip[0] + knee[0] * 0.6, hip[1] - 6 + knee[1] * 0.6
    if look.arms == "table":
        return neck[0] + 40, neck[1] + 36
    if look.arms == "shake":
        return 30 + (WIDTH / 2 - 6) / _SMALL, neck[1] + 36
    if look.swing:
        return go(neck, _UPPER_ARM + _FOREARM, look.swing)
    return go(neck, _UPPER_ARM + _FOREARM, -look.lean * 0.3)


def _between(one: Point, other: Point, bend: float) -> Point:
    """An elbow: the middle of two points, set back from the line between them."""
    along = math.hypot(other[0] - one[0], other[1] - one[1]) or 1.0
    aside = max(-bend, min(bend, math.sqrt(max(0.0, ((_UPPER_ARM + _FOREARM) / 2) ** 2 - (along / 2) ** 2))))
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    return x - aside * (other[1] - one[1]) / along, y + aside * (other[0] - one[0]) / along


def _from_front(look: Look) -> Figure:
    short = 0.42 if look.seated or look.crouched else 1.0
    hip_y = _GROUND - 6 - _SHIN - _THIGH * short
    middle = WIDTH / 2 + look.shift * _SHOULDER_PX - (20 if look.arms == "out" else 0)
    hip = (middle, hip_y)
    neck = go(hip, _TRUNK, 180 - look.lean)
    rise = math.tan(math.radians(look.tilt)) * _SHOULDER_PX / 2
    shoulders = [(neck[0] + side * _SHOULDER_PX / 2, neck[1] + 4 + side * rise) for side in (-1, 1)]
    head = go(neck, _NECK + _HEAD, 180 - look.lean - look.head_roll * 0.6)
    limbs = [Limb("seat", ((hip[0] - 34, hip_y + 8), (hip[0] + 34, hip_y + 8)))] if look.seated else []
    for side, shoulder in zip((-1, 1), shoulders, strict=True):
        limbs += _front_leg(look, side, hip)
        limbs.append(Limb("arm back" if look.arms == "back" else "arm", (shoulder, *_front_arm(look, side, shoulder, hip))))
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
    toe = go(ankle, _FOOT * 0.8, side * look.toes / 2)
    return [Limb("leg", (start, knee, ankle)), Limb("foot", (ankle, (toe[0], min(toe[1], _GROUND + 4))))]


def _front_arm(look: Look, side: int, shoulder: Point, hip: Point) -> tuple[Point, Point]:
    """Elbow and wrist."""
    if look.arms == "out" and side > 0:
        return _arm_out(look, shoulder)
    x, y = hip
    arms = "down" if look.arms == "out" else look.arms
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
    return places[arms]


def _arm_out(look: Look, shoulder: Point) -> tuple[Point, Point]:
    """Elbow and wrist of the arm that shows the way, to the image's right."""
    elbow = go(shoulder, _UPPER_ARM, look.out)
    return elbow, go(elbow, _FOREARM, look.out + 180 - look.elbow)


def _face(head: Point, size: float, look: Look) -> tuple[Limb, ...]:
    """Eyes and mouth, moved by turning and nodding; the mouth curves by the smile."""
    dx, dy = size * math.sin(math.radians(look.turn)), size * math.sin(math.radians(look.head)) * 0.9
    x, y = head[0] + dx, head[1] + dy
    width, curve = size * 0.36, size * 0.28 * min(max(look.smile, 0.0), 1.0)
    left_up, right_up = curve * (1 + look.crooked), curve * max(0.0, 1 - 2 * look.crooked)
    eyes = tuple(_eye(x + side * size * 0.36, y - size * 0.15, size, squint=look.squint) for side in (-1, 1))
    mouth = ((x - width, y + size * 0.38 - left_up / 2), (x, y + size * 0.38 + curve), (x + width, y + size * 0.38 - right_up / 2))
    return (*eyes, Limb("mouth", mouth))


def _eye(x: float, y: float, size: float, *, squint: bool) -> Limb:
    """A dot, or the arch of eyes that smile too."""
    return (
        Limb("mouth", ((x - size * 0.16, y + 3), (x, y - size * 0.2), (x + size * 0.16, y + 3))) if squint else Limb("eye", ((x, y),) * 2)
    )


def _profile(head: Point, look: Look) -> tuple[Limb, ...]:
    """A nose, so that it is seen where the person looks."""
    angle = 90 - look.lean - look.head - look.back / 2
    return (Limb("nose", (go(head, _HEAD * 0.9, angle), go(head, _HEAD * 1.35, angle))),)
