"""The words of results as codes, and a sentence in both languages: what every part of posecoach speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Literal, get_args

PoseModel = Literal["full", "heavy"]
"""The landmark models of the pose: the usual one, and one of twice its time that may be installed beside it."""
POSE_MODELS: tuple[PoseModel, ...] = get_args(PoseModel)
ROTATIONS = ("0", "90", "180", "270")
"""Degrees by which a clip can be turned, clockwise."""


class State(IntEnum):
    """Verdict on a clause, from best to worst; UNJUDGED is no verdict."""

    PASS = 0
    WARN = 1
    FAIL = 2
    UNJUDGED = 3

    @property
    def word(self) -> str:
        """The word used in results: ``pass``, ``warn``, ``fail`` or ``unjudged``."""
        return _STATE_WORDS[self]


_STATE_WORDS = tuple(state.name.lower() for state in State)


class Reason(IntEnum):
    """Why there is no value or no verdict; NONE where there is one."""

    NONE = 0
    VIEW = 1
    NOT_VISIBLE = 2
    TOO_SMALL = 3
    TOO_SHORT = 4
    OCCLUDED = 5
    NEVER = 6
    NOT_APPLICABLE = 7
    UNSURE = 8

    @property
    def word(self) -> str | None:
        """The code used in results, or None for NONE."""
        return None if self is Reason.NONE else self.name.lower()


class Posture(IntEnum):
    """What the body does in a frame. UNKNOWN: a person is there, the picture does not show enough."""

    ABSENT = 0
    UNKNOWN = 1
    STANDING = 2
    SITTING = 3
    CROUCHING = 4
    TRANSITION = 5

    @property
    def word(self) -> str:
        """The word used in results."""
        return self.name.lower()


class View(IntEnum):
    """From where the camera sees the person. SIDE_LEFT: the person's left side is towards the camera."""

    UNKNOWN = 0
    FRONT = 1
    THREE_QUARTER = 2
    SIDE_LEFT = 3
    SIDE_RIGHT = 4
    BACK = 5

    @property
    def word(self) -> str:
        """The word used in results."""
        return self.name.lower()


class Profile(str, Enum):
    """Which form of a clause applies. Chosen by the person, never guessed from the picture."""

    FEMALE = "female"
    MALE = "male"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages."""

    zh: str
    en: str


class Change(Enum):
    """What became of a clause. Only what was judged both times is better, worse or the same; where the same was measured and the rules
    changed, the person did not: ``by_rules``.
    """

    IMPROVED = "improved"
    WORSE = "worse"
    BY_RULES = "by_rules"
    SAME = "same"
    NEWLY_JUDGED = "newly_judged"
    NO_LONGER_JUDGED = "no_longer_judged"
    NOT_JUDGED = "not_judged"
