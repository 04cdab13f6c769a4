"""A judged person -> what the report draws: the states of each clause over time, the measured curves with their limits, what was said when.

Plain numbers and words, thinned to what can be seen on paper, so that they can be stored beside the verdicts of a clip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.timeline import highest, runs
from posecoach.judging.checks import CheckTrack
from posecoach.judging.judge import ClauseTrack, Judgement, off_by
from posecoach.judging.pipeline import Graded
from posecoach.measures.catalogue import MEASURES
from posecoach.vocabulary import Reason, State, Text

MOST_POINTS = 300
"""A curve is about 600 pixels wide: two values, the lowest and the highest, for every four of them."""
_SHOWN_S = 0.3
"""Nobody reads a caption shown for less."""


class CurveLine(NamedTuple):
    """An unbroken piece of a curve: when, seconds from the first frame, and the values then."""

    at_s: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one state, seconds from the first frame; ``reason`` says why it is unjudged."""

    start_s: float
    end_s: float
    state: State
    reason: Reason


@dataclass(frozen=True, slots=True)
class Zone:
    """Values from ``low`` to ``high`` (None: without end) and what they lead to; UNJUDGED where the check may not say that."""

    low: float | None
    high: float | None
    state: State


@dataclass(frozen=True, slots=True)
class Extreme:
    """The best or the worst moment of a curve: when, the value and the state of the clause then."""

    at_s: float
    value: float
    state: State


@dataclass(frozen=True, slots=True)
class Curve:
    """What one check measured, smoothed as it was judged: unbroken ``lines``, ``zones`` from the lowest values up."""

    measure: str
    unit: str
    lines: tuple[CurveLine, ...]
    zones: tuple[Zone, ...]
    worst: Extreme
    best: Extreme


@dataclass(frozen=True, slots=True)
class ClauseChart:
    """One clause over time. The first of the ``curves`` is the one the verdict's value comes from."""

    id: str
    runs: tuple[Run, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """The one thing to say from ``start_s`` to ``end_s``."""

    start_s: float
    end_s: float
    state: State
    text: Text


@dataclass(frozen=True, slots=True)
class Charts:
    """All that is drawn of one person in one clip; ``duration_s`` to the end of the last frame. Clauses never judged have no chart."""

    duration_s: float
    clauses: tuple[ClauseChart, ...]
    captions: tuple[Caption, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `from_dict` reads it back."""
        return {
            "duration_s": self.duration_s,
            "clauses": [_clause_to_dict(clause) for clause in self.clauses],
            "captions": [[c.start_s, c.end_s, c.state.word, c.text.zh, c.text.en] for c in self.captions],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Charts:
        """What `to_dict` gave. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            float(data["duration_s"]),
            tuple(_clause_from_dict(clause) for clause in data["clauses"]),
            tuple(Caption(start_s, end_s, _state(word), Text(zh, en)) for start_s, end_s, word, zh, en in data["captions"]),
        )


def still_name(clause_id: str, extreme: Extreme) -> str:
    """The file name of the picture of a moment; another moment or another state is another picture."""
    return f"{clause_id}-{round(1000 * extreme.at_s)}-{extreme.state.word}.jpg"


def charts_of(graded: Graded) -> Charts:
    """The charts of a graded person, the clauses in the order of the verdicts; the same for fresh landmarks and for stored ones."""
    body, judgement = graded.body, graded.judgement
    if not len(body.motion):
        return Charts(0.0, (), ())
    times_s, judged = _frame_times_s(body), tuple(_judged(judgement))
    clauses = tuple(_clause_chart(body, times_s, track, state) for track, state in judged)
    return Charts(round(float(times_s[1][-1]), 3), clauses, tuple(_captions([track for track, _ in judged], *times_s)))


def _judged(judgement: Judgement) -> Iterator[tuple[ClauseTrack, State]]:
    """The tracks that are judged at any time, each with the state of its verdict."""
    for track, verdict in zip(judgement.tracks, judgement.verdicts, strict=True):
        if (track.applies & (track.state != State.UNJUDGED)).any():
            yield track, verdict.state


def _frame_times_s(body: Body) -> tuple[Array, Array]:
    """When each frame begins and ends, (T,) each, seconds from the first."""
    start_s = (body.motion.t_ms - body.motion.t_ms[0]) / 1000
    return start_s, np.append(start_s[1:], start_s[-1] + body.duration_s[-1])


# --- a clause -----------------------------------------------------------------------------------------------------------------------------


def _clause_chart(body: Body, times_s: tuple[Array, Array], track: ClauseTrack, said: State) -> ClauseChart:
    start_s, end_s = times_s
    stretches = tuple(
        Run(round(float(start_s[a]), 3), round(float(end_s[b - 1]), 3), *_state_and_reason(track, a))
        for a, b in runs(np.stack([track.state, track.reason], 1)).tolist()
    )
    judged = track.applies & (track.state != State.UNJUDGED)
    weight = np.ones(1) if len(start_s) == 1 else body.duration_s

    def share(check: CheckTrack) -> float:
        return float(weight[judged & check.shown & (check.state == (said if said is not State.UNJUDGED else track.state))].sum())

    checks = [check for check in track.checks if np.isfinite(check.value[judged & check.shown]).any()]
    telling, *others = sorted(checks, key=share, reverse=True)
    others = [check for check in others if (check.state[judged & check.shown] != State.UNJUDGED).any()]
    return ClauseChart(track.rule.id, stretches, tuple(_curve(start_s, track, check, judged) for check in (telling, *others)))


def _state_and_reason(track: ClauseTrack, i: int) -> tuple[State, Reason]:
    state = State(int(track.state[i]))
    return state, Reason(int(track.reason[i])) if state is State.UNJUDGED else Reason.NONE


def _curve(t_s: Array, track: ClauseTrack, check: CheckTrack, judged: Array) -> Curve:
    off = np.where(judged & check.shown, off_by(check.value, check.bands), np.nan)
    worst, best = highest(off), highest(-off)

    def extreme(i: int) -> Extreme:
        return Extreme(round(float(t_s[i]), 3), _rounded(check.value[i]), State(int(track.state[i])))

    lines = tuple(thinned(t_s, check.value, {worst, best}))
    return Curve(check.check.measure, MEASURES[check.check.measure].unit, lines, _zones(check), extreme(worst), extreme(best))


def _zones(check: CheckTrack) -> tuple[Zone, ...]:
    """What each value leads to: the bands, capped to what the check may say; neighbours that lead to the same are one."""
    pass_, warn = check.bands.pass_, check.bands.warn
    edges = (-np.inf, warn.low, pass_.low, pass_.high, warn.high, np.inf)
    states = [check.check.cap(state) for state in (State.FAIL, State.WARN, State.PASS, State.WARN, State.FAIL)]
    zones: list[Zone] = []
    for low, high, state in zip(edges[:-1], edges[1:], states, strict=True):
        if low == high and state is not states[2]:
            continue
        if zones and zones[-1].state is state:
            low = -np.inf if zones[-1].low is None else zones[-1].low
            zones.pop()
        zones.append(Zone(_finite(low), _finite(high), state))
    return tuple(zones)


def thinned(t_s: Array, values: Array, keep: set[int], most: int = MOST_POINTS) -> Iterator[CurveLine]:
    """Unbroken lines through the values (T,), NaN breaking them; of more than ``most`` frames the lowest and highest of each small span.

    ``keep`` names frames to be kept in any case. When frames are dropped, gaps shorter than a span are bridged.
    """
    span = 1 if len(values) <= most else -(-2 * len(values) // most)
    kept = _kept(values, keep, span)
    if not len(kept):
        return
    missing = np.cumsum(~np.isfinite(values))[kept]
    at_s, shown = np.round(t_s[kept], 3).tolist(), (np.round(values[kept].astype(float), 3) + 0.0).tolist()
    breaks = (np.flatnonzero(np.diff(missing) >= span) + 1).tolist()
    for start, end in pairwise((0, *breaks, len(kept))):
        yield CurveLine(tuple(at_s[start:end]), tuple(shown[start:end]))


def _kept(values: Array, keep: set[int], span: int) -> Array:
    found = np.flatnonzero(np.isfinite(values))
    if span == 1 or not len(found):
        return found
    kept = {*keep, int(found[0]), int(found[-1])}
    for start, end in runs(found // span):
        part = found[start:end]
        kept |= {int(part[values[part].argmin()]), int(part[values[part].argmax()])}
    return np.array(sorted(kept))


# --- what to say when ---------------------------------------------------------------------------------------------------------------------


def _captions(judged: Sequence[ClauseTrack], start_s: Array, end_s: Array) -> Iterator[Caption]:
    """What is to be corrected first at each time: the failing clause of the highest priority."""
    tracks = sorted(judged, key=lambda track: -track.rule.priority)
    if not tracks or len(start_s) < 2:
        return
    failing = np.stack([np.zeros(len(start_s), bool), *(track.state == State.FAIL for track in tracks)], 1)
    first = failing.argmax(1)
    fault = np.full(len(first), -1)
    for i in np.unique(first[first > 0]):
        fault = np.where(first == i, tracks[i - 1].fault, fault)
    stretches = [
        (int(a), int(b), tracks[first[a] - 1].correction_at(int(a)) if first[a] else None) for a, b in runs(np.stack([first, fault], 1))
    ]
    for text, same in groupby(stretches, key=itemgetter(2)):
        spans = list(same)
        a, b = spans[0][0], spans[-1][1]
        if text is not None and end_s[b - 1] - start_s[a] >= _SHOWN_S:
            yield Caption(round(float(start_s[a]), 3), round(float(end_s[b - 1]), 3), State.FAIL, text)


# --- as JSON ------------------------------------------------------------------------------------------------------------------------------


def _clause_to_dict(clause: ClauseChart) -> dict[str, Any]:
    return {
        "id": clause.id,
        "runs": [_run_to_list(run) for run in clause.runs],
        "curves": [_curve_to_dict(curve) for curve in clause.curves],
    }


def _clause_from_dict(data: dict[str, Any]) -> ClauseChart:
    runs_ = tuple(_run_from_list(run) for run in data["runs"])
    return ClauseChart(data["id"], runs_, tuple(_curve_from_dict(curve) for curve in data["curves"]))


def _run_to_list(run: Run) -> list[Any]:
    return [run.start_s, run.end_s, run.state.word, run.reason.word]


def _run_from_list(data: list[Any]) -> Run:
    start_s, end_s, word, reason = data
    return Run(start_s, end_s, _state(word), Reason.NONE if reason is None else Reason[reason.upper()])


def _curve_to_dict(curve: Curve) -> dict[str, Any]:
    return {
        "measure": curve.measure,
        "unit": curve.unit,
        "lines": [line._asdict() for line in curve.lines],
        "zones": [[zone.low, zone.high, zone.state.word] for zone in curve.zones],
        "worst": [curve.worst.at_s, curve.worst.value, curve.worst.state.word],
        "best": [curve.best.at_s, curve.best.value, curve.best.state.word],
    }


def _curve_from_dict(data: dict[str, Any]) -> Curve:
    worst, best = (Extreme(at_s, value, _state(word)) for at_s, value, word in (data["worst"], data["best"]))
    return Curve(
        measure=data["measure"],
        unit=data["unit"],
        lines=tuple(CurveLine(tuple(line["at_s"]), tuple(line["values"])) for line in data["lines"]),
        zones=tuple(Zone(low, high, _state(word)) for low, high, word in data["zones"]),
        worst=worst,
        best=best,
    )


def _state(word: str) -> State:
    try:
        return State[word.upper()]
    except (KeyError, AttributeError) as error:
        raise ValueError(f"expected a state, got {word!r}") from error


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rounded(value: float) -> float:
    return round(float(value), 3) + 0.0
