# ruff: noqa: T201
"""How much the verdicts depend on the frames analysed a second.

    python -m tests.bench.bench_sampling DATA     DATA: a folder with clips/ (rendered, 10 frames/s) and photos/ (real videos)

Prints, for each rate, the share of (clip, clause) verdicts that agree with those at the highest rate, of those judged at either.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.vocabulary import State
from tests.extraction import motion_of, options_for
from tests.shipped import ALL_RULES

RENDERED_FPS = (10.0, 8.0, 6.0, 5.0, 4.0)
REAL_FPS = (25.0, 15.0, 12.0, 10.0, 8.0, 6.0)
OPPOSITE = {State.PASS, State.FAIL}

Verdicts = dict[tuple[str, str], State]


def main() -> None:
    """Print both tables."""
    data = Path(sys.argv[1])
    rendered = [path.with_suffix(".mp4") for path in sorted((data / "clips").glob("*.json")) if path.with_suffix(".mp4").exists()]
    rendered = [path for path in rendered if len(json.loads(path.with_suffix(".json").read_text("utf-8"))["people"]) == 1]
    faults = json.loads((data / "clips" / "faults.json").read_text("utf-8"))
    _table("rendered", rendered, RENDERED_FPS, lambda clip: [options_for(json.loads(clip.with_suffix(".json").read_text("utf-8")), faults)])
    _table("real", sorted((data / "photos").glob("*.mp4")), REAL_FPS, _for_real)


def _for_real(clip: Path) -> list[GradeOptions]:
    """Every way a real video can be graded by: its posture is not known beforehand."""
    return [GradeOptions(ALL_RULES, drill) for drill in ("auto", "standing", "crouching", "sitting", "smile")]


def _table(name: str, clips: Sequence[Path], rates: Sequence[float], options: Callable[[Path], Iterable[GradeOptions]]) -> None:
    print(f"| {name}: frames/s | frames | verdicts | agree | other state | judged at one rate only | pass against fail |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    best: Verdicts = {}
    for fps in rates:
        frames, verdicts = _grade(clips, fps, options)
        best = best or verdicts
        judged = {key: state for key, state in verdicts.items() if {state, best[key]} != {State.UNJUDGED}}
        found = Counter(_difference(best[key], state) for key, state in judged.items())
        shown = " | ".join(str(found[what]) for what in ("other", "judged", "opposite"))
        print(f"| {fps:.0f} | {frames} | {len(judged)} | {found['same'] / len(judged):.1%} | {shown} |", flush=True)
        for key, state in verdicts.items():
            if best[key] is not state:
                print(f"    {fps:.0f}: {key} {best[key].word} -> {state.word}", file=sys.stderr)


def _grade(clips: Sequence[Path], fps: float, options: Callable[[Path], Iterable[GradeOptions]]) -> tuple[int, Verdicts]:
    verdicts: Verdicts = {}
    frames = 0
    for clip in clips:
        motion = motion_of(clip, fps)
        frames += len(motion)
        for chosen in options(clip):
            for verdict in grade_motion(motion, chosen).person.clauses:
                verdicts[f"{clip.stem} {chosen.drill}", verdict.id] = verdict.state
    return frames, verdicts


def _difference(best: State, other: State) -> str:
    if best is other:
        return "same"
    if State.UNJUDGED in (best, other):
        return "judged"
    return "opposite" if {best, other} == OPPOSITE else "other"


if __name__ == "__main__":
    main()
