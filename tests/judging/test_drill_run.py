"""Somebody before the camera is led through a drill without touching anything; time comes with the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.body.records import Landmarks
from posecoach.judging.drill_run import BLOCK, DrillNow, Timeline
from posecoach.judging.live import LiveJudge, LiveState, Settings
from posecoach.judging.raised_hand import raised_hand
from posecoach.rulebook.drill_loading import parse_drill
from posecoach.rulebook.drill_schema import DrillTopic
from posecoach.vocabulary import State
from tests.body.test_bows import SIDE, course
from tests.factories import STANDING, Figure, motion_of, still, times_ms
from tests.shipped import BOOK
from tests.webapp.fakes import SIDE_PX, landmarks_of

TEXT = """
drill: turn
title: {zh: 转身, en: Turning}
steps:
  - {id: front, title: {zh: 正面, en: Front}, prompt: {zh: 站, en: Stand}, begins: [{posture: standing, views: [front]}], ends: [{seconds: 3}], at_most_s: 9, clauses: [standing]}
  - {id: side, title: {zh: 侧面, en: Side}, prompt: {zh: 转, en: Turn}, begins: [{posture: standing, views: [side]}], ends: [{seconds: 3}], at_most_s: 9, clauses: [standing]}
"""  # noqa: E501
TURN = DrillTopic.of(parse_drill(TEXT, "turn.yaml", BOOK.rule_sets))
BOWS = DrillTopic.of(BOOK.drills["bows"])
RIGHT_UP = replace(STANDING, at={Pose.RIGHT_WRIST: (-0.3, 0.9, 0.1), Pose.RIGHT_ELBOW: (-0.35, 0.6, 0.1)})
LEFT_UP = replace(STANDING, at={Pose.LEFT_WRIST: (0.3, 0.9, 0.1), Pose.LEFT_ELBOW: (0.35, 0.6, 0.1)})
FPS, LOOK_EVERY = 10.0, 4
SIZE_WH = SIDE_PX, SIDE_PX
"""So small that nobody misses a face."""


@dataclass
class Camera:
    """Shows figures to a judge, ten a second, and looks every 0.4 s."""

    judge: LiveJudge
    t_ms: float = 0.0
    state: LiveState | None = None

    def show(self, figures: Sequence[Figure | None]) -> DrillNow:
        """Each figure for a tenth of a second; None is nobody."""
        for i, figure in enumerate(figures, 1):
            self.t_ms += 1000 / FPS
            self.judge.push(self.t_ms, Landmarks.absent(SIZE_WH) if figure is None else landmarks_of(figure, SIZE_WH))
            if i % LOOK_EVERY == 0 or i == len(figures):
                self.state = self.judge.state(128.0)
        assert self.state is not None
        assert self.state.drill is not None
        return self.state.drill

    def until(self, figure: Figure, phase: str, step: int = 0, most_s: float = 20.0) -> DrillNow:
        """Somebody keeps still until the drill is so far."""
        for _ in range(round(most_s * FPS / LOOK_EVERY)):
            now = self.show([figure] * LOOK_EVERY)
            if (now.phase, now.number) == (phase, step):
                return now
        raise AssertionError(f"never {phase} {step}: {now}")


def camera(topic: DrillTopic) -> Camera:
    judge = LiveJudge(Settings(BOOK.rule_sets["standing"]))
    judge.change(Settings(topic))
    return Camera(judge)


def test_from_stepping_in_to_the_result_and_on_to_the_next_person() -> None:
    seen = camera(TURN)
    assert seen.show([None] * 20).phase == "waiting"
    assert seen.until(STANDING, "countdown").left_s == pytest.approx(3.0, abs=0.4)
    began_ms = seen.t_ms
    seen.until(STANDING, "step")
    assert seen.t_ms - began_ms == pytest.approx(3000, abs=500)
    seen.until(STANDING, "step", 1)
    assert seen.t_ms - began_ms == pytest.approx(6000, abs=900)
    done = seen.until(SIDE, "done")
    assert done.result is not None
    steps = done.result.person.steps
    assert [step.start_s is not None for step in steps] == [True, True]
    assert steps[0].end_s - steps[0].start_s == pytest.approx(3.0, abs=0.3)  # type: ignore[operator]
    assert seen.judge.checked is done.result
    assert seen.show([None] * 40).result is done.result, "what it came to stays while nobody is there"
    assert seen.until(STANDING, "countdown").result is None


def test_only_what_a_step_is_about_is_told_while_it_is_open() -> None:
    seen = camera(TURN)
    seen.until(STANDING, "countdown")
    assert seen.state is not None
    assert all(moment.state is State.UNJUDGED for moment in seen.state.moments)
    seen.until(STANDING, "step")
    seen.show([replace(STANDING, shoulder_tilt_deg=12.0)] * 25)
    assert seen.state.advice.fault is not None
    assert seen.state.advice.fault.rule_id == "stand.shoulders_level"


def test_who_leaves_breaks_off_and_who_does_nothing_is_asked_for_the_next_step() -> None:
    seen = camera(TURN)
    seen.until(STANDING, "step")
    assert seen.show([None] * 35).phase == "waiting"
    seen.until(STANDING, "step", 1)
    done = seen.until(STANDING, "done")
    assert done.result is not None
    assert [step.start_s is None for step in done.result.person.steps] == [False, True]


def test_a_raised_right_hand_goes_on_and_a_left_one_does_the_step_again() -> None:
    seen = camera(TURN)
    seen.until(STANDING, "step")
    seen.show([STANDING] * 12)
    seen.show([LEFT_UP] * 12)
    again = seen.show([STANDING] * 6)
    assert (again.phase, again.number) == ("step", 0)
    assert again.left_s is None or again.left_s > 1.5, "its time begins anew"
    assert seen.show([RIGHT_UP] * 12).number == 1
    assert seen.show([RIGHT_UP] * 12).number == 1, "a hand that stays up counts once"
    seen.show([STANDING] * 10)
    done = seen.show([RIGHT_UP] * 12)
    assert done.phase == "done"
    assert seen.show([STANDING] * 10).phase == "done"
    assert seen.show([RIGHT_UP] * 12).phase == "countdown", "once more"


def test_the_trainers_click_begins_goes_on_and_repeats() -> None:
    seen = camera(TURN)
    seen.show([replace(STANDING, turn_deg=180.0)] * 3)
    run = seen.judge.run
    assert run is not None
    run.go_on(seen.t_ms)
    assert seen.show([STANDING]).phase == "countdown"
    seen.until(STANDING, "step")
    run.go_on(seen.t_ms)
    assert seen.show([STANDING]).number == 1
    run.again(seen.t_ms)
    assert seen.show([STANDING]).number == 1
    run.stop()
    assert seen.show([STANDING]).phase == "waiting"


def test_events_end_steps_where_they_were_and_not_where_they_were_noticed() -> None:
    seen = camera(BOWS)
    seen.until(SIDE, "step")
    for depth in (13, 28, 43):
        seen.show([replace(SIDE, lean_forward_deg=depth * share) for share in course()])
    done = seen.until(SIDE, "done")
    assert done.result is not None
    steps = done.result.person.steps
    assert [step.end_s - step.start_s for step in steps] == pytest.approx([3.0] * 3, abs=0.5)  # type: ignore[operator]
    angles = [next(c for c in step.clauses if c.id == "bow.angle") for step in steps]
    assert [c.state for c in angles] == [State.PASS] * 3


def test_another_size_of_picture_begins_anew() -> None:
    seen = camera(TURN)
    seen.until(STANDING, "step")
    seen.t_ms += 100
    seen.judge.push(seen.t_ms, landmarks_of(STANDING, (SIZE_WH[0] // 2, SIZE_WH[1] // 2)))
    assert seen.judge.run is not None
    assert seen.judge.run.open_step is None


# --- what it rests on ---------------------------------------------------------------------------------------------------------------------


def test_a_raised_hand_is_told_from_hands_that_do_something_else() -> None:
    assert raised_hand(observe(still(RIGHT_UP, 2.0))) == "right"
    assert raised_hand(observe(still(LEFT_UP, 2.0))) == "left"
    assert raised_hand(observe(still(STANDING, 2.0))) is None
    assert raised_hand(observe(still(replace(STANDING, at={**RIGHT_UP.at, **LEFT_UP.at}), 2.0))) is None
    at_the_ear = replace(STANDING, at={Pose.RIGHT_WRIST: (-0.15, 0.62, 0.1), Pose.RIGHT_ELBOW: (-0.35, 0.35, 0.1)})
    assert raised_hand(observe(still(at_the_ear, 2.0))) is None
    assert raised_hand(observe(motion_of([STANDING] * 15 + [RIGHT_UP] * 4))) is None, "only for a moment"
    assert raised_hand(observe(motion_of([RIGHT_UP] * 3))) is None


PART = still(STANDING, 0.3)


def part(first: int) -> Motion:
    """Three frames, 30 a second."""
    return replace(PART, t_ms=times_ms(3, 30.0) + first * 1000 / 30)


def test_a_timeline_keeps_ten_frames_a_second_of_so_much_and_no_more() -> None:
    timeline = Timeline(20_000.0)
    for first in range(0, 3000, 3):
        timeline.add(part(first))
    kept = timeline.since(-np.inf)
    assert kept is not None
    assert np.diff(kept.t_ms).min() >= 90
    assert 20_000 <= kept.t_ms[-1] - kept.t_ms[0] <= 20_000 + BLOCK * 110
    late = timeline.since(95_000.0)
    assert late is not None
    assert late.t_ms[0] >= 95_000
    timeline.clear()
    assert timeline.since(0.0) is None
