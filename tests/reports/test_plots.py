"""Where things lie in the drawings: ticks, curves inside their frame, zones, strips."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posecoach.body.records import Segment
from posecoach.judging.charts import Curve, CurveLine, Extreme, Zone
from posecoach.reports.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, curve_plot, posture_strip, strips, ticks, time_ticks
from posecoach.vocabulary import Posture, State, View
from tests.reports.fakes import charts

CURVE = charts().clauses[0].curves[0]


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 8.0, 6, [0, 2, 4, 6, 8]),
        (0.0, 4.0, 9, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]),
        (-7.0, 12.0, 5, [-5, 0, 5, 10]),
        (0.0, 3600.0, 6, [0, 1000, 2000, 3000]),
        (0.0, 0.03, 5, [0, 0.01, 0.02, 0.03]),
        (2.0, 2.0, 5, [2]),
    ],
)
def test_ticks_are_round_and_few(low: float, high: float, most: int, expected: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(expected)


def test_everything_lies_inside_the_frame() -> None:
    plot = curve_plot(CURVE, 8.0)
    for mark in (plot.worst, plot.best):
        assert mark is not None
        assert LEFT <= mark.x <= WIDTH - RIGHT
        assert TOP <= mark.y <= HEIGHT - BOTTOM
        assert 12 <= mark.label_y <= HEIGHT - BOTTOM + 2
    assert plot.path.count("M") == len(CURVE.lines)
    assert sum(zone.height for zone in plot.zones) == pytest.approx(HEIGHT - TOP - BOTTOM, abs=0.5)


def test_worse_values_lie_where_their_zone_is() -> None:
    plot = curve_plot(CURVE, 8.0)
    zone = next(zone for zone in plot.zones if zone.state is State.FAIL)
    assert zone.top <= plot.worst.y <= zone.top + zone.height
    assert plot.best is not None
    assert plot.best.y > plot.worst.y


def test_limits_are_written_at_the_axis() -> None:
    assert {tick.label for tick in curve_plot(CURVE, 8.0).y_ticks if tick.is_limit} == {"3", "6"}


def test_a_share_is_shown_in_per_cent() -> None:
    curve = replace(
        CURVE,
        unit="share",
        zones=(Zone(None, 0.6, State.FAIL), Zone(0.6, None, State.PASS)),
        lines=(CurveLine((0.0, 8.0), (0.2, 0.9)),),
    )
    plot = curve_plot(replace(curve, worst=Extreme(0.0, 0.2, State.FAIL), best=Extreme(8.0, 0.9, State.PASS)), 8.0)
    assert "60" in {tick.label for tick in plot.y_ticks if tick.is_limit}


@pytest.mark.parametrize("value", [0.0, 5.0, -3.0])
def test_a_constant_value_without_limits_can_be_drawn(value: float) -> None:
    flat = Extreme(0.0, value, State.UNJUDGED)
    plot = curve_plot(Curve("x", "", (CurveLine((0.0,), (value,)),), (Zone(None, None, State.UNJUDGED),), flat, flat), 8.0)
    assert plot.best is None
    assert plot.path.endswith("h0")


def test_the_taller_a_run_the_more_is_amiss() -> None:
    (strip,) = strips(charts(), ["stand.shoulders_level", "not.there"])
    heights = {bar.css: bar.height for bar in strip.bars}
    assert heights["fail"] > heights["pass"] > heights["unjudged"]
    assert (strip.bars[0].x, strip.bars[-1].x + strip.bars[-1].width) == (0.0, 1000.0)


def test_segments_outside_the_clip_stay_on_the_strip() -> None:
    (bar,) = posture_strip((Segment(-1.0, 99.0, Posture.STANDING, View.FRONT),), 8.0)
    assert (bar.x, bar.width) == (0.0, 1000.0)


def test_a_picture_has_no_time() -> None:
    assert posture_strip((Segment(0.0, 0.0, Posture.STANDING, View.FRONT),), 0.0) == ()


def test_words_stand_only_in_runs_that_hold_them() -> None:
    spans = ((0.0, 1.7), (1.7, 2.8), (2.8, 5.5))
    segments = (Segment(start_s, end_s, Posture.TRANSITION, View.SIDE_LEFT) for start_s, end_s in spans)
    bars = posture_strip(tuple(segments), 5.5)
    assert [(bar.fits_on_paper, bar.fits_on_phones) for bar in bars] == [(False, False), (False, False), (True, False)]
    assert time_ticks(0.0) == ()
