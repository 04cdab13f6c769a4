# ruff: noqa: T201
"""Whether landmarks recognised in a browser lead to the verdicts that those of Python lead to.

    python -m tests.bench.bench_browser [CLIP...]     without clips: the sample videos

For each clip a line, then all together: (clip, clause) pairs judged by either, how many have the same state, how many pass against fail;
how far the points of body and face lie apart (median, 95 of 100; pixels of the clip); milliseconds of a look.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import yaml

from posecoach.body.motion import Motion
from posecoach.body.records import Track
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.judging.pipeline import GradeOptions, follow, grade_motion
from posecoach.judging.protocols import Estimator
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.vocabulary import Profile, State
from tests.shipped import ALL_RULES
from tests.webapp.recognising_browser import BrowserEstimator, recognising

SAMPLES = Path(__file__).parents[2] / "sample_videos"
OPPOSITE = {State.PASS, State.FAIL}


def main() -> None:
    """Print the lines."""
    told = {clip["file"]: clip for clip in yaml.safe_load((SAMPLES / "manifest.yaml").read_text("utf-8"))["clips"]}
    clips = [Path(argument) for argument in sys.argv[1:]] or [SAMPLES / name for name in told]
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, recognising(Path(folder)) as screen:
        for clip in clips:
            browser = BrowserEstimator(screen)
            found = [_blocks(clip, MediaPipeEstimator()), _blocks(clip, browser)]
            counts = _compare(clip, found, told.get(clip.name, {}))
            total += counts
            look_ms = np.median(browser.took_ms[2:] or browser.took_ms)
            print(
                f"{clip.name}: {dict(counts)}, body {_apart(found, 'pose_px')}, face {_apart(found, 'face_px')}, {look_ms:.0f} ms",
                flush=True,
            )
    print(f"all: {dict(total)}, same {total['same'] / max(1, total['pairs']):.1%}")


def _blocks(clip: Path, estimator: Estimator) -> list[Track]:
    found = find_inputs([str(clip)])
    with open_source(found.inputs[0], None) as source, estimator as models:
        return list(follow(source, models))


def _compare(clip: Path, found: list[list[Track]], told: dict[str, str]) -> Counter[str]:
    options = GradeOptions(ALL_RULES, told.get("drill", "auto"), Profile(told.get("profile", "unspecified")))
    motions = [Motion.join([Motion.of(block) for block in blocks]) for blocks in found]
    states = [{verdict.id: verdict.state for verdict in grade_motion(motion, options).person.clauses} for motion in motions]
    counts: Counter[str] = Counter()
    for rule_id in sorted(states[0].keys() | states[1].keys()):
        python, browser = (known.get(rule_id, State.UNJUDGED) for known in states)
        counts["pairs"] += 1
        counts["same"] += python is browser
        counts["opposite"] += {python, browser} == OPPOSITE
        if python is not browser:
            print(f"  {clip.name} {rule_id}: {python.name} in Python, {browser.name} in the browser")
    return counts


def _apart(found: list[list[Track]], name: str) -> str:
    python, browser = (np.concatenate([getattr(block, name) for block in blocks]) for blocks in found)
    gaps = np.linalg.norm(python - browser, axis=-1)
    seen = gaps[np.isfinite(gaps)]
    return "none" if not len(seen) else f"{np.median(seen):.2f}/{np.percentile(seen, 95):.2f} px"


if __name__ == "__main__":
    main()
