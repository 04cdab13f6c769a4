"""What is said about clips and the people in them, as `results.json` reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posecoach.body.records import Segment
from posecoach.vocabulary import PoseModel, Profile, Reason, State, Text


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """The verdict on one clause over a clip, as `results.json` reports it.

    ``value`` in ``unit`` is the median over the judged time, None when unjudged; shares are 0..1 of the time the clause could apply
    (``judged_share``) and of the judged time (``pass_share``); ``worst_s`` is the moment of the worst value;
    ``error_95`` half the width of the 95 % interval of ``value``, in ``unit``, None where nothing is known.
    """

    id: str
    state: State
    reason: Reason
    value: float | None
    unit: str
    judged_share: float
    pass_share: float | None
    worst_s: float | None
    correction: Text | None
    source: str
    error_95: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did: its ``kind`` (``bow``, ...), when, seconds from the first frame, and what was measured of it by measure."""

    kind: str
    start_s: float
    end_s: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step of a drill: when it was done, seconds from the first frame (both None where it was not seen), and what is said of it alone.

    ``state`` is that of its worst judged clause, UNJUDGED where none was.
    """

    id: str
    title: Text
    start_s: float | None
    end_s: float | None
    state: State
    clauses: tuple[ClauseVerdict, ...]


@dataclass(frozen=True, slots=True)
class PersonResult:
    """All that is said about one person in one clip. ``score`` 0..100 over judged clauses, None when nothing was judged.

    ``steps``: those of the drill, where one was asked for.
    """

    id: int
    name: str | None
    score: float | None
    outcome: str
    segments: tuple[Segment, ...]
    clauses: tuple[ClauseVerdict, ...]
    events: tuple[Event, ...] = ()
    steps: tuple[StepResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ClipResult:
    """One entry of ``clips`` in `results.json`; paths are POSIX, relative to the output folder where they name artefacts."""

    path: str
    kind: str
    warnings: tuple[str, ...]
    duration_s: float
    fps: float
    frames_analysed: int
    drill: str
    profile: Profile
    landmarks: str | None
    annotated: str | None
    people: tuple[PersonResult, ...] = field(default=())
    model: PoseModel = "full"


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the clips that a topic is judged by: its ``path``, and the ``id`` of the person in it."""

    path: str
    person_id: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """A clause that none of the clips shows: why, and the ``views`` (words of the rule files) that would show it."""

    id: str
    reason: Reason
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicResult:
    """All clips of one person (``name``, and ``group`` of the roster) on one topic put together; score and outcome as of a person."""

    name: str | None
    group: str | None
    topic: str
    clips: tuple[Seen, ...]
    score: float | None
    outcome: str
    unseen: tuple[Unseen, ...]


@dataclass(frozen=True, slots=True)
class RuleFileUsed:
    """A rule file the clips were judged by: its name and the SHA-256 of its bytes in hex."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ClipError:
    """An input that could not be graded, and why, in one line."""

    path: str
    words: Text


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder under a PATH that was passed over; ``reason`` is a code of `wording.SKIPPED`. A folder's path ends in a slash."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Results:
    """All that `results.json` holds."""

    generator: str
    rules: tuple[RuleFileUsed, ...]
    clips: tuple[ClipResult, ...] = ()
    errors: tuple[ClipError, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    topics: tuple[TopicResult, ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether they are those of a row of people, whose landmarks are in a file for each of them."""
        return any(clip.landmarks is None for clip in self.clips)
