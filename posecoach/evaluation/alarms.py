"""What the live coach would have said on a clip: false alarms, and how long a fault went unsaid."""

from __future__ import annotations

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.evaluation.scoring import Alarms
from posecoach.judging.judge import judge_moment
from posecoach.judging.pipeline import GradeOptions
from posecoach.vocabulary import State

STEP_S = 0.5
WINDOW_S = 6.0


def watch(alarms: Alarms, motion: Motion, options: GradeOptions, faulty: set[str], tolerated: set[str]) -> None:
    """Go through a clip as the live coach does, and count.

    ``faulty`` are the clauses of which one should be told; those in ``tolerated`` may be told; any other is a false alarm, counted once
    each time it begins.
    """
    failing: set[str] = set()
    waited: float | None = None
    t_s = (motion.t_ms - motion.t_ms[0]) / 1000
    for now in np.arange(1.0, t_s[-1] + 1e-6, STEP_S):
        before, failing = failing, _failing(motion.where((t_s > now - WINDOW_S) & (t_s <= now)), options)
        alarms.false += len(failing - before - tolerated - faulty)
        if waited is None and failing & faulty:
            waited = float(now)
    alarms.seconds += float(t_s[-1])
    if faulty:
        alarms.waited_s.append(waited)


def _failing(motion: Motion, options: GradeOptions) -> set[str]:
    body = observe(motion)
    moments = [m for rule_set in options.active_rule_sets for m in judge_moment(body, rule_set, options.profile)]
    return {m.rule.id.split(".", 1)[1] for m in moments if m.state is State.FAIL}
