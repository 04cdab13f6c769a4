"""Fits the weights of `body.head_pitch_model` anew.

    python -m posecoach.evaluation.fit_head_pitch FULL HEAVY LONDON FOLDER... > posecoach/body/head_pitch_model.py

Reads folders of rendered clips; FULL and HEAVY hold their landmarks as `evaluation.fit_errors` keeps them, by either pose model, and those
of the folder LONDON. Of each clip one frame is taken as it was followed, and one as a picture of its own, of what is kept. Everybody counts
alike, and smiling faces more than others, of which there are many more.

Faces of made-up people differ from real ones, which weights fitted on them alone take for a nod. LONDON holds real people who sit straight
before a camera as high as their eyes: their mean face is level. Of theirs nothing else is fitted: how the heads of each differ from it is
not known.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

import numpy as np

from posecoach.body.face_geometry import fitted_deg
from posecoach.body.head_pitch import FACE_ALONE, ears_feature, face_features
from posecoach.body.head_pitch_model import POINTS
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Landmarks
from posecoach.evaluation.fit_errors import PICTURE_AT
from posecoach.evaluation.labels import RenderedClip, load_rendered
from posecoach.evaluation.true_values import ray_down_deg
from posecoach.storage.landmark_files import load_blocks

TREMBLES = 0.001
"""Weights are held back as if every height and width were off by so much of the distance of the eyes, at random. From 0.0003 to 0.01 errors
of people left out in turn differ by 0.15 degrees, and no more the tremor of real clips, from frame to frame: 0.6 degrees."""
ALSO = 0.03
"""The same for the fitted pitch (over 60 degrees) and the ears."""
SMILING = 3.0
TURNED_MAX_DEG = 50.0
_FITTED = 2 * len(POINTS) - sum(right == left for right, left in POINTS)
"""The feature that is the fitted pitch: after the heights and the widths."""
_EARS = [Pose.LEFT_EAR, Pose.RIGHT_EAR]

HEAD = '''"""Weights of the pitch of a head: data, not code. Made anew by `python -m posecoach.evaluation.fit_head_pitch`.

`POINTS`: right and left point of the face mesh, twice the same on the midline. `WEIGHTS`: by the pose model that told the ears, and for a
face alone: of the heights of `POINTS`, the widths of its pairs, the fitted pitch, the ears, and a constant (`head_pitch.face_features`).
Fitted on %d pictures of %d rendered people, and on the mean of %d real faces held level. On people left out in turn the error is 1.5 times
that on those it was fitted on.
"""

from __future__ import annotations
'''


class Heads(NamedTuple):
    """Features (N, F) of pictures, the last one the ears', true pitches (N,), people and whether they smile (N,)."""

    features: Array
    true_deg: Array
    people: Array
    is_smiling: Array


def load_heads(landmarks: Path, folders: Sequence[Path]) -> Heads:
    """The pictures of folders of rendered clips that show a face and a body."""
    rows = list(_rows(landmarks, folders))
    features, true_deg, people, smiling = zip(*rows, strict=True)
    return Heads(np.stack(features), np.array(true_deg), np.array(people), np.array(smiling))


def load_level(landmarks: Path, london: Path) -> Array:
    """Features (N, F) of the pictures of a folder that show faces held level."""
    return np.stack([_features(next(iter(load_blocks(file))).at(0))[0] for file in sorted((landmarks / london.name).glob("*.npz"))])


def _rows(landmarks: Path, folders: Sequence[Path]) -> Iterator[tuple[Array, float, str, bool]]:
    for clip in (clip for folder in folders for clip in load_rendered(folder)):
        for t_ms, seen in _frames_kept(landmarks / clip.file.parent.name, clip.file.stem):
            features, yaw_deg = _features(seen) if seen.has_face and seen.has_pose else (np.zeros(0), np.inf)
            if abs(yaw_deg) < TURNED_MAX_DEG:
                truth = _frame(clip, t_ms)
                true_deg = float(truth["angles"]["head_pitch_down"]) + ray_down_deg(clip)
                yield features, true_deg, clip.person["character"], bool(truth["expression"])


def _features(seen: Landmarks) -> tuple[Array, float]:
    """Features (F,) of a body with a face, and how far the face is turned."""
    face, ears = seen.face_px[None].astype(float), seen.pose_px[None, _EARS].mean(1)
    fitted = fitted_deg(face)
    return np.column_stack([face_features(face, fitted), ears_feature(face, fitted, ears)])[0], float(fitted[0, 1])


def _frames_kept(folder: Path, stem: str) -> Iterator[tuple[float, Landmarks]]:
    """Time and landmarks of one frame of a clip as it was followed, and one as a picture of its own, of what is kept."""
    for kept in (folder / f"{stem}.npz", folder / "pictures" / f"{stem}.npz"):
        if kept.exists():
            track = next(iter(load_blocks(kept)))
            i = int(len(track) * PICTURE_AT)
            yield float(track.t_ms[i]), track.at(i)


def _frame(clip: RenderedClip, t_ms: float) -> dict[str, Any]:
    """What is true at a time."""
    shown: dict[str, Any] = min(clip.person["frames"], key=lambda frame: abs(frame["t"] - t_ms / 1000))
    return shown


def fit_weights(heads: Heads, features: Array, level: Array) -> Array:
    """Weights of features (N, F) and a constant (F + 1,), by ridge regression; the mean of ``level`` (M, F) counts as M level heads."""
    kind = list(zip(heads.people, heads.is_smiling, strict=True))
    count = Counter(kind)
    worth = np.array([(SMILING if smiles else 1.0) / count[person, smiles] for person, smiles in kind])
    off = np.array([ALSO if i >= _FITTED else TREMBLES for i in range(features.shape[1])])
    held_back = len(features) * np.diag(np.append(off**2, 0.0))
    worth = np.append(worth / worth.mean(), len(level))
    a = np.column_stack([np.vstack([features, level.mean(axis=0)]), np.ones(len(worth))])
    weighted = (a * worth[:, None]).T
    return np.linalg.solve(weighted @ a + held_back, weighted @ np.append(heads.true_deg, 0.0))


def model_text(full: Heads, heavy: Heads, level: Array, level_heavy: Array) -> str:
    """The module `body.head_pitch_model`; ``level`` and ``level_heavy`` as of `load_level`, by either pose model."""
    weights = {
        "full": fit_weights(full, full.features, level),
        "heavy": fit_weights(heavy, heavy.features, level_heavy),
        FACE_ALONE: fit_weights(full, full.features[:, :-1], level[:, :-1]),
    }
    head = HEAD % (len(full.people), len(set(full.people)), len(level))
    rows = [f'    "{name}": (\n{_filled([f"{value:.4g}" for value in values], 8)}\n    ),' for name, values in weights.items()]
    points = _filled([f"({right}, {left})" for right, left in POINTS], 4)
    return "\n".join([head, "# fmt: off", f"POINTS = (\n{points}\n)", "WEIGHTS: dict[str, tuple[float, ...]] = {", *rows, "}\n"])


def _filled(values: Sequence[str], indent: int) -> str:
    """Values with commas between them, in lines."""
    return fill(", ".join(values) + ",", 140, initial_indent=" " * indent, subsequent_indent=" " * indent, break_long_words=False)


def main() -> None:
    """Fit and print."""
    london, *folders = map(Path, sys.argv[3:])
    full, heavy = map(Path, sys.argv[1:3])
    heads = load_heads(full, folders), load_heads(heavy, folders)
    sys.stdout.write(model_text(*heads, load_level(full, london), load_level(heavy, london)))


if __name__ == "__main__":
    main()
