# ruff: noqa: T201
"""What hands cost live: judged frames a second of a topic that asks for them, beside one that does not.

    python -m tests.bench.bench_hands [CLIP] [ROUNDS]

Frames of a person who shows the way, 640x480, out of memory, as fast as they can be judged: found by the models, and the last six seconds
judged, all in one thread as the live coach does. The two topics take turns, so that what else runs on the machine slows both; the time
of the processor (all cores) hardly grows with what else runs.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from posecoach.body.records import Frame
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.judging.events import needs_hands
from posecoach.judging.live import LiveJudge, Settings
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.video import VideoSource
from tests.bench.bench_grade import processor_name
from tests.shipped import RULE_SETS

CLIP = Path(__file__).parents[3] / "shared" / "data" / "moves" / "gesture_middle_ok_f1_front.mp4"
TOPICS = ("standing", "gesture")
BRIGHT = 128.0
NEEDED_FPS = 10.0


class Cost(NamedTuple):
    """Seconds a judged frame takes, by the clock and of the processor."""

    wall_s: float
    cpu_s: float


def judged(frames: list[Frame], rule_set: RuleSet) -> Cost:
    """Judge all frames of a clip as the live coach does."""
    judge = LiveJudge(Settings(rule_set))
    with MediaPipeEstimator() as estimator:
        estimator.with_hands = needs_hands([rule_set])
        judge.push(frames[0].t_ms, estimator.estimate(frames[0]))
        wall, cpu = time.perf_counter(), time.process_time()
        for frame in frames[1:]:
            judge.push(frame.t_ms, estimator.estimate(frame))
            judge.state(BRIGHT)
        count = len(frames) - 1
        return Cost((time.perf_counter() - wall) / count, (time.process_time() - cpu) / count)


def main(clip: Path = CLIP, rounds: int = 3) -> int:
    """Print the table; 1 where hands leave too few frames a second."""
    with VideoSource(clip) as source:
        frames = list(source)
    found: dict[str, list[Cost]] = {topic: [] for topic in TOPICS}
    for _ in range(rounds):
        for topic in TOPICS:
            found[topic].append(judged(frames, RULE_SETS[topic]))
    print(f"{processor_name()}; {clip.name}, {len(frames)} frames, {rounds} rounds, medians")
    rates = {}
    for topic, costs in found.items():
        wall, cpu = (statistics.median(values) for values in zip(*costs, strict=True))
        rates[topic] = 1 / wall
        hands = "hands" if needs_hands([RULE_SETS[topic]]) else "no hands"
        print(f"{topic:10s} {hands:9s} {1 / wall:5.1f} judged frames/s, {1000 * cpu:5.1f} ms of the processor a frame")
    return 0 if rates["gesture"] >= NEEDED_FPS else 1


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(Path(given[0]) if given else CLIP, int(given[1]) if len(given) > 1 else 3))
