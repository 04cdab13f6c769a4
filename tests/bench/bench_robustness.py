"""Grades the same clips small, compressed, dark, blurred, mirrored, rolled and so on: how many verdicts flip between pass and fail.

    python -m tests.bench.bench_robustness [--every N] [--out FILE] FOLDER...

FOLDERs hold rendered clips (JSON beside each). A verdict may become unjudged or a warning; from pass to fail or back it must not.
All are compared with grading at 10 frames/s, the default. Clips with more than that are taken for the frame rates alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.records import Array, Frame, Track
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.evaluation.labels import RenderedClip, load_rendered
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.vocabulary import Profile
from tests.shipped import ALL_RULES

Change = Callable[[Array, RenderedClip], Array]
FULL_FPS = 10.0


def _scaled(factor: float) -> Change:
    return lambda picture, _: cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def _jpeg(picture: Array, _: RenderedClip) -> Array:
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 30])[1], cv2.IMREAD_COLOR)


def _gain(factor: float) -> Change:
    return lambda picture, _: np.clip(picture * factor, 0, 255).astype(np.uint8)


def _warped(angle_deg: float, zoom: float) -> Change:
    def change(picture: Array, _: RenderedClip) -> Array:
        height, width = picture.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, zoom)
        return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)

    return change


def _panel(picture: Array, clip: RenderedClip) -> Array:
    """A desk's front from the middle of the thighs down."""
    points = clip.person["frames"][0]["pixels"]
    top = int(np.mean([points[f"{side}_{joint}"][1] for side in ("left", "right") for joint in ("hip", "knee")]))
    out = picture.copy()
    out[max(top, 0) :] = (90, 110, 140)
    return out


CHANGES: dict[str, tuple[Change, float]] = {
    "half size": (_scaled(0.5), FULL_FPS),
    "quarter size": (_scaled(0.25), FULL_FPS),
    "JPEG quality 30": (_jpeg, FULL_FPS),
    "half as bright": (_gain(0.5), FULL_FPS),
    "1.5 times as bright": (_gain(1.5), FULL_FPS),
    "blurred": (lambda picture, _: cv2.GaussianBlur(picture, (0, 0), 2.0), FULL_FPS),
    "mirrored": (lambda picture, _: picture[:, ::-1], FULL_FPS),
    "rolled by 5 degrees": (_warped(5, 1), FULL_FPS),
    "rolled by -5 degrees": (_warped(-5, 1), FULL_FPS),
    "legs behind a panel": (_panel, FULL_FPS),
    "a fifth larger": (_warped(0, 1.2), FULL_FPS),
    "a fifth smaller": (_warped(0, 0.8), FULL_FPS),
}
RATES: dict[str, tuple[Change, float]] = {f"{fps} frames/s": (lambda picture, _: picture, float(fps)) for fps in (5, 15)}


def changes_of(clip: RenderedClip) -> dict[str, tuple[Change, float]]:
    """What can be done to a clip: no rate above its own."""
    has_more = clip.truth["fps"] > FULL_FPS
    return {**({} if has_more else CHANGES), **{name: rate for name, rate in RATES.items() if rate[1] <= clip.truth["fps"]}}


def verdicts_of(clip: RenderedClip, change: Change, fps: float, rule_sets: tuple[RuleSet, ...]) -> dict[str, str]:
    """States by clause of a changed clip."""
    (item,) = find_inputs([str(clip.file)]).inputs
    times, found = [], []
    with open_source(item, fps) as source, MediaPipeEstimator() as estimator:
        for frame in source:
            picture = np.ascontiguousarray(change(frame.image_bgr, clip))
            found.append(estimator.estimate(Frame(picture, frame.index, frame.t_ms, frame.source)))
            times.append(frame.t_ms)
    track = Track.from_landmarks(times, found, found[0].size_wh)
    options = GradeOptions(rule_sets, clip.drill, Profile(clip.person["gender"]))
    return {v.id: v.state.word for v in grade_motion(Motion.of(track), options).person.clauses}


def compare(before: dict[str, str], after: dict[str, str]) -> tuple[int, list[str], int]:
    """How many verdicts were judged both times, which of them flipped between pass and fail, and how many became unjudged."""
    both = [c for c in before if "unjudged" not in (before[c], after.get(c, "unjudged"))]
    flips = [c for c in both if {before[c], after[c]} == {"pass", "fail"}]
    return len(both), flips, sum(before[c] != "unjudged" for c in before) - len(both)


@dataclass(frozen=True)
class RowPlaces:
    """One clip under one change."""

    clip: str
    change: str
    judged: int
    flips: list[str]
    became_unjudged: int


def rows(clips: list[RenderedClip]) -> Iterator[RowPlaces]:
    """One row for each clip and change."""
    for clip in clips:
        before = verdicts_of(clip, lambda picture, _: picture, FULL_FPS, ALL_RULES)
        for name, (change, fps) in changes_of(clip).items():
            yield RowPlaces(clip.file.stem, name, *compare(before, verdicts_of(clip, change, fps, ALL_RULES)))


def main() -> int:
    """Print a line for each change; exit status 1 when more than 2 % flip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every Nth of the clips at 10 frames/s")
    parser.add_argument("--out", type=Path, help="write the rows as JSON")
    given = parser.parse_args()
    clips = [clip for folder in given.folders for clip in load_rendered(folder) if clip.truth["seconds"] < 20]
    clips = [c for c in clips if c.truth["fps"] <= FULL_FPS][:: given.every] + [c for c in clips if c.truth["fps"] > FULL_FPS]
    done: list[RowPlaces] = []
    for row in rows(clips):
        done.append(row)
        if row.flips:
            sys.stdout.write(f"{row.clip}, {row.change}: {row.flips}\n")
            sys.stdout.flush()
        if given.out:
            given.out.write_text(json.dumps({"clips": len(clips), "rows": [asdict(r) for r in done]}, indent=1), "utf-8")
    return _summary(done)


def _summary(done: list[RowPlaces]) -> int:
    total = flipped = 0
    for name in (*CHANGES, *RATES):
        own = [row for row in done if row.change == name]
        judged, flips = sum(row.judged for row in own), sum(len(row.flips) for row in own)
        total, flipped = total + judged, flipped + flips
        sys.stdout.write(f"{name:22s} {flips:4d} of {judged:5d}\n")
    sys.stdout.write(f"{'all':22s} {flipped:4d} of {total:5d} ({flipped / max(total, 1):.1%})\n")
    return int(flipped > 0.02 * total)


if __name__ == "__main__":
    sys.exit(main())
