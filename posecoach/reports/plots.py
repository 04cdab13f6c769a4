"""Where everything lies in the drawings of a report: measured curves with their limits, strips of states. The page draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from posecoach import wording
from posecoach.body.records import Array, Segment
from posecoach.judging.charts import Charts, ClauseChart, Curve, Extreme, Zone
from posecoach.judging.results import Event, StepResult
from posecoach.vocabulary import Posture, State, Text, View

WIDTH, HEIGHT = 420, 216
LEFT, RIGHT, TOP, BOTTOM = 50, 84, 22, 30
"""So narrow that a phone hardly scales it and its words can be read. Room around the curve: numbers to its left, the words of the zones to
its right, seconds below."""
STRIP_WIDTH = 1000
_PAPER_PX, _PHONE_PX = 450, 260
"""How wide a strip is shown on A4 and on a phone of 390 px."""
_LAST_OF_LATIN = 0x2000
_EVENT_MIN_WIDTH = 4.0
_LABEL_PX = 13.0
"""Words nearer to each other than this would touch."""
_MARK_ROOM_PX = 24.0
"""Between the outermost values and the frame: room for the words at the marks."""
_TENTHS = tuple(f"{i / 10:g}" for i in range(10 * max(WIDTH, HEIGHT) + 1))
"""Every place on a drawing as it is written: to write the same numbers anew for each of a thousand points takes as long as all else."""
_TICKS = (1.0, 2.0, 2.5, 5.0, 10.0)
BAR_HEIGHTS = {State.FAIL: (0, 16), State.WARN: (5, 11), State.PASS: (11, 5), State.UNJUDGED: (15, 1)}
"""Top and height of a run: the more amiss the taller, so that a strip reads without colours too."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A number at an axis; ``at`` in the drawing's units, ``is_limit`` where a zone ends."""

    at: float
    label: str
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class ZoneArea:
    """A zone as drawn; ``label_y`` is None where there is no room for its word."""

    top: float
    height: float
    state: State
    label_y: float | None


@dataclass(frozen=True, slots=True)
class CurveMark:
    """The best or worst moment as drawn, with where its words go and how they are anchored."""

    x: float
    y: float
    label_y: float
    anchor: str
    extreme: Extreme


@dataclass(frozen=True, slots=True)
class CurvePlot:
    """A curve as drawn in a box of `WIDTH` x `HEIGHT`; ``path`` is the ``d`` of an SVG path."""

    unit: str
    path: str
    zones: tuple[ZoneArea, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    worst: CurveMark
    best: CurveMark | None
    about: Text


@dataclass(frozen=True, slots=True)
class Bar:
    """A run on a strip `STRIP_WIDTH` wide; ``about`` says what it is."""

    x: float
    width: float
    top: int
    height: int
    css: str
    about: Text

    @property
    def fits_on_paper(self) -> bool:
        """Whether both languages of ``about`` fit into the run where the strip is as wide as on A4 or on a screen of a PC."""
        return self._fits(_PAPER_PX)

    @property
    def fits_on_phones(self) -> bool:
        """The same where it is as wide as on a phone."""
        return self._fits(_PHONE_PX)

    def _fits(self, strip_px: float) -> bool:
        return max(_words_px(self.about.zh), _words_px(self.about.en)) <= self.width / STRIP_WIDTH * strip_px


@dataclass(frozen=True, slots=True)
class Strip:
    """The states of one clause over a clip."""

    id: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values between ``low`` and ``high`` to places between ``start`` and ``end``; what lies outside goes to the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return round(self.start + (self.end - self.start) * share, 1)

    def tenths(self, values: Sequence[float]) -> Array:
        """The places of many values, in tenths."""
        share = np.minimum(np.maximum((np.asarray(values, float) - self.low) / (self.high - self.low), 0.0), 1.0)
        return np.asarray(np.rint(10 * (self.start + (self.end - self.start) * share)).astype(int))


def curve_plot(curve: Curve, duration_s: float) -> CurvePlot:
    """A curve over a clip of ``duration_s`` (above 0)."""
    values = [value for line in curve.lines for value in line.values]
    span = min(values), max(values)
    low, high = _value_range(curve, span)
    x_of, y_of = _Scale(0.0, duration_s, LEFT, WIDTH - RIGHT), _Scale(low, high, HEIGHT - BOTTOM, TOP)
    is_worst_above = curve.worst.value >= curve.best.value
    has_best = (curve.best.at_s, curve.best.value) != (curve.worst.at_s, curve.worst.value)
    return CurvePlot(
        unit=curve.unit,
        path="".join(_line(x_of.tenths(line.at_s), y_of.tenths(line.values)) for line in curve.lines),
        zones=tuple(_zone_area(zone, y_of, (low, high)) for zone in curve.zones if _is_visible(zone, low, high)),
        x_ticks=tuple(Tick(x_of(at), f"{at:g}") for at in ticks(0.0, duration_s, 5)),
        y_ticks=tuple(_y_ticks(curve, low, high, y_of)),
        worst=_mark(curve.worst, x_of, y_of, is_worst_above),
        best=_mark(curve.best, x_of, y_of, not is_worst_above) if has_best else None,
        about=_about(curve, span),
    )


def is_yes_or_no(curve: Curve) -> bool:
    """Whether the measure only says that something is so or not, which the strip of states shows better than a curve."""
    return not curve.unit and all({0.0, 1.0}.issuperset(line.values) for line in curve.lines)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between ``low`` and ``high``, at most ``most`` of them and at least two where there are any."""
    span = high - low
    if span <= 0:
        return [low]
    power = 10.0 ** floor(log10(span / most))
    step = next(factor * power for factor in _TICKS if span / (factor * power) <= most - 1 or factor == _TICKS[-1])
    first = ceil(low / step - 1e-9)
    return [round(i * step, 6) + 0.0 for i in range(first, floor(high / step + 1e-9) + 1)]


def _value_range(curve: Curve, span: tuple[float, float]) -> tuple[float, float]:
    """What the axis spans: the values, which lie within ``span``, and the limits, with room for the words at the marks."""
    values = [*span, *(edge for zone in curve.zones for edge in (zone.low, zone.high) if edge is not None)]
    low, high = min(values), max(values)
    inner = HEIGHT - TOP - BOTTOM - 2 * _MARK_ROOM_PX
    room = (high - low or max(abs(high), 1.0)) * _MARK_ROOM_PX / inner
    return low - room, high + room


def _line(xs: Array, ys: Array) -> str:
    """One unbroken line; a single point is a line of no length, which round ends show as a dot."""
    x, y, *others = [_TENTHS[i] for i in np.stack([xs, ys], 1).ravel().tolist()]
    return f"M{x} {y}" + ("L" + " ".join(others) if others else "h0")


def _is_visible(zone: Zone, low: float, high: float) -> bool:
    return (zone.low is None or zone.low < high) and (zone.high is None or zone.high > low)


def _zone_area(zone: Zone, y_of: _Scale, span: tuple[float, float]) -> ZoneArea:
    top, bottom = y_of(span[1] if zone.high is None else zone.high), y_of(span[0] if zone.low is None else zone.low)
    height = round(bottom - top, 1)
    return ZoneArea(top, height, zone.state, round((top + bottom) / 2 + 4, 1) if height >= _LABEL_PX else None)


def _y_ticks(curve: Curve, low: float, high: float, y_of: _Scale) -> Iterator[Tick]:
    """The limits, and round numbers where they leave room."""
    limits = sorted({edge for zone in curve.zones for edge in (zone.low, zone.high) if edge is not None})
    taken: list[float] = []
    for value, is_limit in [*((v, True) for v in limits), *((v, False) for v in ticks(low, high, 5))]:
        at = y_of(value)
        if all(abs(at - other) >= _LABEL_PX for other in taken):
            taken.append(at)
            yield Tick(at, wording.number(value, curve.unit) if curve.unit == "share" else f"{value:g}", is_limit)


def _mark(extreme: Extreme, x_of: _Scale, y_of: _Scale, is_above: bool) -> CurveMark:
    x, y = x_of(extreme.at_s), y_of(extreme.value)
    anchor = "start" if x < LEFT + 60 else "end" if x > WIDTH - RIGHT - 60 else "middle"
    return CurveMark(x, y, round(y - 10 if is_above else y + 19, 1), anchor, extreme)


def _about(curve: Curve, span: tuple[float, float]) -> Text:

    def said(value: float, language: wording.Language) -> str:
        return wording.format_value(value, curve.unit, language) or f"{value:g}"

    worst, best = curve.worst, curve.best
    return Text(
        f"量得 {said(span[0], 'zh')} 到 {said(span[1], 'zh')}；最差 {said(worst.value, 'zh')}（{worst.at_s:.1f} 秒），"
        f"最好 {said(best.value, 'zh')}（{best.at_s:.1f} 秒）。",
        f"Measured {said(span[0], 'en')} to {said(span[1], 'en')}; worst {said(worst.value, 'en')} at {worst.at_s:.1f} s, "
        f"best {said(best.value, 'en')} at {best.at_s:.1f} s.",
    )


# --- strips -------------------------------------------------------------------------------------------------------------------------------


def strips(charts: Charts, order: Sequence[str]) -> tuple[Strip, ...]:
    """The strips of a clip that lasts, those of the clauses in ``order`` and no others."""
    by_id = {chart.id: chart for chart in charts.clauses}
    if charts.duration_s <= 0:
        return ()
    return tuple(Strip(clause, tuple(_bars(by_id[clause], charts.duration_s))) for clause in order if clause in by_id)


def _bars(chart: ClauseChart, duration_s: float) -> Iterator[Bar]:
    for run in chart.runs:
        x, width = _place(run.start_s, run.end_s, duration_s)
        words = wording.STATES[run.state]
        why = wording.REASONS[run.reason].why if run.reason in wording.REASONS else None
        times = f"{run.start_s:.1f}–{run.end_s:.1f} s"
        about = Text(f"{words.zh}{f'：{why.zh}' if why else ''} · {times}", f"{words.en}{f': {why.en}' if why else ''} · {times}")
        top, height = BAR_HEIGHTS[run.state]
        yield Bar(x, width, top, height, run.state.word, about)


def posture_strip(segments: Sequence[Segment], duration_s: float) -> tuple[Bar, ...]:
    """What the person did and from where it was seen; nothing for a clip without length."""
    if duration_s <= 0:
        return ()
    bars = []
    for segment in segments:
        x, width = _place(segment.start_s, segment.end_s, duration_s)
        posture, view = wording.POSTURES[segment.posture], wording.VIEWS[segment.view]
        has_view = segment.posture is not Posture.ABSENT and segment.view is not View.UNKNOWN
        about = Text(f"{posture.zh} · {view.zh}", f"{posture.en} · {view.en}") if has_view else posture
        bars.append(Bar(x, width, 0, 20, segment.posture.word, about))
    return tuple(bars)


def event_strip(events: Sequence[Event], duration_s: float) -> tuple[Bar, ...]:
    """What the person did and when; nothing for a clip without length. What takes no time is as wide as can be seen."""
    if duration_s <= 0:
        return ()
    bars = []
    for event in events:
        x, width = _place(event.start_s, event.end_s, duration_s)
        words, times = wording.words_for(wording.EVENTS, event.kind), f"{event.start_s:.1f}–{event.end_s:.1f} s"
        about = Text(f"{words.zh} · {times}", f"{words.en} · {times}")
        bars.append(Bar(x, max(width, _EVENT_MIN_WIDTH), 0, 16, event.kind, about))
    return tuple(bars)


def step_strip(steps: Sequence[StepResult], duration_s: float) -> tuple[Bar, ...]:
    """The steps of a drill that were seen, by their state; nothing for a clip without length."""
    if duration_s <= 0:
        return ()
    bars = []
    for step in steps:
        if step.start_s is not None and step.end_s is not None:
            x, width = _place(step.start_s, step.end_s, duration_s)
            bars.append(Bar(x, width, 0, 20, step.state.word, step.title))
    return tuple(bars)


def time_ticks(duration_s: float) -> tuple[Tick, ...]:
    """Seconds below the strips, placed in per cent of their width."""
    return tuple(Tick(round(100 * at / duration_s, 2), f"{at:g}") for at in ticks(0.0, duration_s, 9)) if duration_s > 0 else ()


def _words_px(words: str) -> float:
    """How wide words of 12 px are, about: Chinese signs are square, Latin letters a little over half of that."""
    return sum(12.0 if ord(sign) > _LAST_OF_LATIN else 6.6 for sign in words)


def _place(start_s: float, end_s: float, duration_s: float) -> tuple[float, float]:
    left, right = (STRIP_WIDTH * min(max(at / duration_s, 0.0), 1.0) for at in (start_s, end_s))
    return round(left, 1), round(max(right - left, 0.0), 1)
