"""Fits the half widths of `measures.error_table` anew.

    python -m posecoach.evaluation.fit_errors LANDMARKS FOLDER...

Reads folders of rendered clips, keeps landmarks in LANDMARKS and prints the data of `error_table.py`, fitted on half of the people.
Of each clip the last posture is compared as a whole, and one frame of it as a picture of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.body.records import Frame, Track
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.evaluation.intervals import CLAIMS, NEEDED, is_fitted_on
from posecoach.evaluation.labels import RenderedClip, load_rendered
from posecoach.evaluation.mapping import Labelling, load_mapping
from posecoach.evaluation.observations import FPS, LandmarkStore
from posecoach.evaluation.rendered import angle_outcomes
from posecoach.evaluation.scoring import AngleOutcome
from posecoach.evaluation.statistics import Z_95
from posecoach.measures.error_table import REAL_PEOPLE
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.storage.landmark_files import load_blocks, save_track

PICTURE_AT = 0.85
"""Which frame of a clip is taken for the picture, as a share of its length: in the last posture, settled."""
FEWEST = 5
TAIL = Z_95 / 1.644854
"""From the 90 % quantile of the sizes of normal errors to the 95 % one; with some twenty clips the latter is one clip."""


def half_width(errors: Sequence[float]) -> float:
    """Half of an interval that holds 95 % of errors: the mean of what a normal one of their mean and of their 90 % quantile needs."""
    sizes = np.abs(errors)
    return float((NEEDED * sizes.mean() + TAIL * np.quantile(sizes, 0.9)) / 2)


def table_text(clips: Sequence[AngleOutcome], pictures: Sequence[AngleOutcome], mapping: Labelling) -> str:
    """The data lines of `error_table.py`; a picture is never surer than a clip."""
    lines, shares = [], []
    for measure, (_, views) in mapping.rendered["angles"].items():
        of_clips, of_pictures = ([a.measured - a.true for a in cases if a.measure == measure] for cases in (clips, pictures))
        if len(of_clips) >= FEWEST:
            clip = half_width(of_clips)
            picture = max(clip, half_width(of_pictures)) if len(of_pictures) >= FEWEST else clip
            laws = ", ".join(f'"{view}": ({clip:.3g}, {picture:.3g})' for view in views)
            lines.append(f'    "{measure}": {{{laws}}},')
            shares += [abs(error) / (clip * REAL_PEOPLE) for error in of_clips]
    shape = ", ".join(f"{claim}: {np.quantile(shares, claim):.3g}" for claim in CLAIMS)
    return "\n".join(["ERRORS: dict[str, dict[str, tuple[float, float]]] = {", *lines, "}", f"SHAPE = {{{shape}}}"])


def picture_of(clip: RenderedClip, kept: Path, estimator: MediaPipeEstimator) -> Motion:
    """The landmarks of one frame of a clip as if it were a picture of its own, at its time in the clip."""
    if not kept.exists():
        (item,) = find_inputs([str(clip.file)]).inputs
        with open_source(item, FPS) as source:
            frames = list(source)
        frame = frames[int(len(frames) * PICTURE_AT)]
        landmarks = estimator.estimate(Frame(frame.image_bgr, 0, frame.t_ms, frame.source))
        kept.parent.mkdir(parents=True, exist_ok=True)
        save_track(kept, Track.from_landmarks([frame.t_ms], [landmarks], landmarks.size_wh), {"path": clip.file.name})
    return Motion.join([Motion.of(block) for block in load_blocks(kept)])


def measure(folders: Iterable[Path], landmarks: Path, mapping: Labelling) -> tuple[list[AngleOutcome], list[AngleOutcome]]:
    """The errors of all clips of the people to fit on, as clips and as pictures."""
    clips: list[AngleOutcome] = []
    pictures: list[AngleOutcome] = []
    with MediaPipeEstimator(still=True) as estimator:
        for clip in (clip for folder in folders for clip in load_rendered(folder) if is_fitted_on(clip.person["character"])):
            clips += angle_outcomes(clip, observe(LandmarkStore(landmarks).motion(clip.file)), mapping)
            kept = landmarks / clip.file.parent.name / "pictures" / f"{clip.file.stem}.npz"
            pictures += angle_outcomes(clip, observe(picture_of(clip, kept, estimator)), mapping)
    return clips, pictures


def main() -> None:
    """Fit and print."""
    mapping = load_mapping(None)
    clips, pictures = measure(map(Path, sys.argv[2:]), Path(sys.argv[1]), mapping)
    sys.stdout.write(f"{table_text(clips, pictures, mapping)}\n")


if __name__ == "__main__":
    main()
