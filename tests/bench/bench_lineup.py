# ruff: noqa: T201
"""What a person in a row costs beside a single person on the same crop, and how often everybody is updated live.

    python -m tests.bench.bench_lineup [ROUNDS]     prints the tables and writes docs/benchmarks-lineup.md

Cost: rows of 1080p, ten frames a second, put together from the sample clips. The row is found and followed with all it takes (search, body
and face of each, places); the single person is each one's column of the same pictures, given to the estimator of `posecoach grade`. Both
follow from frame to frame, and they take turns every five frames, so that a slow moment of the machine is one for both. Live: a row of
eight comes at 30 frames/s; what is behind is dropped, as from a camera. All times are processor time of this process, in all its threads
together: what else the machine does at the moment does not count. On a machine with nothing else to do the time by the clock is at most
that.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from itertools import cycle, islice, pairwise
from pathlib import Path

from posecoach.body.records import Array, Frame
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.row import RowEstimator
from posecoach.row.live import LiveRow
from posecoach.row.places import RowPlaces
from tests.bench.bench_grade import processor_name
from tests.rows import FEMALE, FOLDED, MALE, SIZE_WH, row_pictures
from tests.shipped import RULE_SETS

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks-lineup.md"
PEOPLE = (3, 5, 8, 12)
FRAMES = 100
WARM_UP = 3
TURN = 5
LIVE_PEOPLE, LIVE_S, LIVE_FPS, BUDGET_S = 8, 20.0, 30.0, 0.07
NEEDED_RATIO, NEEDED_GAP_S = 1.2, 1.0


def main() -> None:
    """Measure, print and write."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    costs = {count: [costs_ms(count) for _ in range(rounds)] for count in PEOPLE}
    gaps_s, feeds_per_s = live()
    text = report(costs, gaps_s, feeds_per_s)
    print(text)
    REPORT.write_text(text, "utf-8")


def names(count: int) -> list[str]:
    """Who stands in a row of so many."""
    return list(islice(cycle((FEMALE, MALE, FOLDED)), count))


def costs_ms(count: int) -> tuple[float, float]:
    """Milliseconds a person and frame in a row, from the first frame on, and those of a single person, the mean over three columns."""
    pictures = list(row_pictures(names(count), FRAMES))
    with RowEstimator(RowModels()) as estimator:
        estimator.estimate(Frame(pictures[0], 0, 0.0, "row"))  # everything is loaded
    row, spans, updated = RowPlaces(), [0.0, 0.0], 0
    with ExitStack() as stack:
        estimator = stack.enter_context(RowEstimator(RowModels()))
        singles = [(stack.enter_context(MediaPipeEstimator()), crops) for crops in columns_of(pictures, count)]
        for single, crops in singles:
            for i, crop in enumerate(islice(cycle(crops), WARM_UP)):
                single.estimate(Frame(crop, i, 100.0 * i, "one"))
        for first in range(0, FRAMES, TURN):
            turn = range(first, first + TURN)
            start = time.process_time()
            for i in turn:
                sightings = estimator.estimate(Frame(pictures[i], i, 100.0 * i, "row"))
                row.update(100.0 * i, sightings)
                row.cleared()
                updated += len(sightings)
            middle = time.process_time()
            for single, crops in singles:
                for i in turn:
                    single.estimate(Frame(crops[i], WARM_UP + i, 100.0 * (WARM_UP + i), "one"))
            spans[0] += middle - start
            spans[1] += time.process_time() - middle
    return 1000 * spans[0] / updated, 1000 * spans[1] / (len(singles) * FRAMES)


def columns_of(pictures: list[Array], count: int) -> list[list[Array]]:
    """The first three columns of a row of so many, or fewer, cut out as the sample clips are: a body fills its crop."""
    step = SIZE_WH[0] // count
    tall = min(SIZE_WH[1], 2 * step)
    rows = slice((SIZE_WH[1] - tall) // 2, (SIZE_WH[1] + tall) // 2)
    return [[picture[rows, place * step : (place + 1) * step].copy() for picture in pictures] for place in range(min(3, count))]


def live() -> tuple[list[float], float]:
    """Longest time between two updates of each person, and how many frames a second were taken in."""
    pictures = list(row_pictures(names(LIVE_PEOPLE), 30))
    live_row = LiveRow(RowEstimator(RowModels()), RULE_SETS["morning_meeting"], time.process_time)
    updates: dict[int, list[float]] = defaultdict(list)
    start, feeds, index = time.process_time(), 0, -1
    while (now := time.process_time() - start) < LIVE_S:
        index = max(index + 1, int(now * LIVE_FPS))
        state = live_row.feed(Frame(pictures[index % len(pictures)], index, 1000 * index / LIVE_FPS, "camera"), BUDGET_S)
        feeds += 1
        for person in state.people:
            if person.updated_ms is not None and (not updates[person.key] or updates[person.key][-1] != person.updated_ms):
                updates[person.key].append(person.updated_ms)
    live_row.close()
    if len(updates) != LIVE_PEOPLE:
        raise SystemExit(f"expected {LIVE_PEOPLE} people in the row, found {len(updates)}")
    return [max(b - a for a, b in pairwise(times)) / 1000 for times in updates.values()], feeds / LIVE_S


def report(costs: dict[int, list[tuple[float, float]]], gaps_s: list[float], feeds_per_s: float) -> str:
    """The page of figures."""
    lines = [
        "# Benchmarks of the row",
        "",
        "Written by `make bench-lineup` (`tests/bench/bench_lineup.py`, which says what is compared).",
        "",
        "| people in 1080p | ms a person and frame in the row | ms a frame of one person on the same crop | ratio | rounds |",
        "| ---: | ---: | ---: | ---: | --- |",
    ]
    for count, pairs in costs.items():
        row, single = (statistics.median(values) for values in zip(*pairs, strict=True))
        ratios = [a / b for a, b in pairs]
        rounds = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        lines.append(f"| {count} | {row:.1f} | {single:.1f} | {statistics.median(ratios):.2f} | {rounds} |")
    lines += [
        "",
        f"At most {NEEDED_RATIO} times is asked for. The ratio is the median of those of the rounds, in which both take turns every",
        f"{TURN} frames: from round to round the machine's speed differs more. The search for others is part of it.",
        "",
        f"Live, {LIVE_PEOPLE} people for {LIVE_S:.0f} s, judged too: {feeds_per_s:.1f} frames/s taken in; the longest time in which",
        f"somebody was not updated was **{max(gaps_s):.2f} s** (by person: {', '.join(f'{gap:.2f}' for gap in gaps_s)});",
        f"at most {NEEDED_GAP_S:.0f} s is asked for.",
        "",
        f"{processor_name()}, {datetime.datetime.now(tz=datetime.timezone.utc).date()}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
