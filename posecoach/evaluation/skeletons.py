"""How well `body.trust` tells a skeleton on a body from one that is not: real pictures, and the same pictures spoilt.

A picture is spoilt so that the model is led astray or the body cannot be judged: turned by 60 to 180 degrees, cut below the head, cut
through the neck, cut down to the legs. Spoilt pictures count as wrong, and so does any skeleton whose trunk lies far from where it
lay in the whole picture.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.lying import turned_deg
from posecoach.body.motion import Motion
from posecoach.body.records import Array, Frame, Track
from posecoach.body.trust import TRUSTED_MIN, trust_of
from posecoach.errors import SourceError
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.evaluation.labels import read_rows
from posecoach.evaluation.statistics import roc_area
from posecoach.sources.picture import PictureSource
from posecoach.storage.landmark_files import load_blocks, save_track

TURNS_DEG = (60, -90, 120, 180)
ASTRAY_TL = 0.5
"""A skeleton is wrong where its trunk's corners lie this far, in trunk lengths, from where they lay in the whole picture, on average."""

MEASURED_ONLY = frozenset({"bz", "mm"})
"""Sources with pictures whose licence forbids to adjust anything on them."""

_TRUNK = [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER, Pose.LEFT_HIP, Pose.RIGHT_HIP]


class Spoilt(NamedTuple):
    """A spoilt picture: how, its pixels (h, w, 3), and where the points (33, 2) of the whole picture lie in it."""

    how: str
    picture: Array
    points: Array


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One skeleton found: in which data set and source, in which picture and how spoilt, its one frame, score, and whether it is right.

    ``off_tl``: how far its trunk's corners lie, on average, from where they lay in the whole picture, in trunk lengths.
    """

    dataset: str
    source: str
    file: str
    how: str
    motion: Motion
    trust: float
    is_right: bool
    off_tl: float = 0.0


def spoilt(picture: Array, points: Array) -> Iterator[Spoilt]:
    """All ways in which a picture is spoilt; ``points`` (33, 2) are those of the body in it."""
    for turn in TURNS_DEG:
        yield Spoilt(f"turned {abs(turn)}", *_turned(picture, points, turn))
    head, shoulders, hips = points[: Pose.MOUTH_RIGHT + 1, 1].mean(), points[_TRUNK[:2], 1].mean(), points[_TRUNK[2:], 1].mean()
    trunk = trunk_px(points)
    for how, top in (
        ("cut through the neck", 0.35 * head + 0.65 * shoulders),
        ("cut below the head", shoulders - 0.05 * trunk),
        ("cut to the legs", hips - 0.15 * trunk),
    ):
        first = int(top)
        if 4 < first < picture.shape[0] - 24:
            yield Spoilt(how, np.ascontiguousarray(picture[first:]), points - (0, first))


def _turned(picture: Array, points: Array, turn_deg: float) -> tuple[Array, Array]:
    height, width = picture.shape[:2]
    cos, sin = abs(np.cos(np.radians(turn_deg))), abs(np.sin(np.radians(turn_deg)))
    size_wh = int(height * sin + width * cos), int(height * cos + width * sin)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1.0)
    matrix[:, 2] = matrix[:, 2] + ((size_wh[0] - width) / 2, (size_wh[1] - height) / 2)
    return cv2.warpAffine(picture, matrix, size_wh, borderValue=(128, 128, 128)), points @ matrix[:, :2].T + matrix[:, 2]


def trunk_px(points: Array) -> float:
    """Length of the trunk (33, 2), or the width of the shoulders where that is more: a trunk seen from above or cut off is short."""
    corners = points[_TRUNK]
    return float(max(np.linalg.norm(corners[:2].mean(0) - corners[2:].mean(0)), np.linalg.norm(corners[0] - corners[1])))


class Looks:
    """Finds skeletons in pictures and spoilt pictures; keeps them in ``folder`` where one is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._estimator: MediaPipeEstimator | None = None

    def skeletons(self, dataset: str, file: Path) -> list[Skeleton]:
        """All skeletons found in a picture and its spoilt copies; none where it cannot be read or shows no body."""
        try:
            (frame,) = PictureSource(file)
        except SourceError:  # a set may be here with its landmarks only
            return []
        picture = frame.image_bgr
        whole = self._find(file, "whole", picture)
        if whole is None:
            return []
        points = whole.pose_px[0].astype(float)
        found = [self._skeleton(dataset, file, "whole", whole, points)]
        for how, changed, there in spoilt(picture, points):
            track = self._find(file, how, changed)
            if track is not None:
                found.append(self._skeleton(dataset, file, how, track, there))
        return found

    def _find(self, file: Path, how: str, picture: Array) -> Track | None:
        kept = None if self._folder is None else self._folder / file.parent.name / f"{file.stem} {how}.npz"
        if kept is not None and kept.exists():
            (track,) = load_blocks(kept)
        else:
            self._estimator = self._estimator or MediaPipeEstimator(still=True)
            landmarks = self._estimator.estimate(Frame(np.ascontiguousarray(picture), 0, 0.0, file.name))
            track = Track.from_landmarks([0.0], [landmarks], landmarks.size_wh)
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                save_track(kept, track, {"path": file.name})
        return track if np.isfinite(track.pose_px).all() else None

    def _skeleton(self, dataset: str, file: Path, how: str, track: Track, there: Array) -> Skeleton:
        motion = Motion.of(track)
        off = np.linalg.norm(track.pose_px[0, _TRUNK] - there[_TRUNK], axis=1).mean() / trunk_px(there)
        is_right = how == "whole" and bool(off <= ASTRAY_TL)
        source = file.name.split("_")[0]
        return Skeleton(dataset, source, file.name, how, motion, float(trust_of(motion, turned_deg(motion))[0]), is_right, float(off))


def pictures_of(manifest: Path) -> list[Path]:
    """The pictures of one person in a manifest. Raises `SourceError`."""
    return [
        manifest.parent / row["file"] for row in read_rows(manifest, "kind") if row["kind"] == "photo" and row.get("n_people", "1") == "1"
    ]


def is_fitted_on(source: str) -> bool:
    """Whether the score is fitted on a source: half of those whose licence allows it, by their names; figures are of the others."""
    return source not in MEASURED_ONLY and zlib.crc32(source.encode()) % 2 == 0


def figures(found: Sequence[Skeleton]) -> dict[str, object]:
    """What is told of the skeletons of sources that were not fitted on: ROC areas, shares trusted, and those wrongly trusted by name."""
    apart = [one for one in found if not is_fitted_on(one.source)]
    right = [one.trust for one in apart if one.is_right]

    def area(wrong: Sequence[float]) -> float | None:
        found = roc_area(np.array([*right, *wrong]), np.array([True] * len(right) + [False] * len(wrong)))
        return found if np.isfinite(found) else None

    hows = sorted({one.how for one in apart if not one.is_right})
    wrong = {how: [one.trust for one in apart if not one.is_right and one.how == how] for how in hows}
    every = [trust for trusts in wrong.values() for trust in trusts]
    return {
        "sources": sorted({one.source for one in apart}),
        "right": {"count": len(right), "trusted": sum(trust >= TRUSTED_MIN for trust in right)},
        "roc_area": area(every),
        "wrong": {
            how: {"count": len(trusts), "trusted": sum(trust >= TRUSTED_MIN for trust in trusts), "roc_area": area(trusts)}
            for how, trusts in wrong.items()
        },
        "roc": _roc(right, every),
        "datasets": {name: _of_dataset([one for one in apart if one.dataset == name]) for name in sorted({one.dataset for one in apart})},
        "wrongly_trusted": sorted(f"{one.file}: {one.how}" for one in apart if not one.is_right and one.trust >= TRUSTED_MIN),
        "wrongly_doubted": sorted(one.file for one in apart if one.is_right and one.trust < TRUSTED_MIN),
    }


def _of_dataset(found: Sequence[Skeleton]) -> dict[str, object]:
    right, wrong = ([one.trust for one in found if one.is_right is kind] for kind in (True, False))
    area = roc_area(np.array([*right, *wrong]), np.array([True] * len(right) + [False] * len(wrong)))
    return {"right": len(right), "wrong": len(wrong), "roc_area": area if np.isfinite(area) else None, "roc": _roc(right, wrong)}


def _roc(right: Sequence[float], wrong: Sequence[float]) -> list[tuple[float, float]]:
    """Points (share of wrong ones trusted, share of right ones trusted) over all cuts."""
    cuts = np.unique([*right, *wrong, 1.1])
    return [(float(np.mean(np.array(wrong) >= cut)), float(np.mean(np.array(right) >= cut))) for cut in cuts] if right and wrong else []


def find_all(dataset: str, files: Iterable[Path], looks: Looks, on_file: Callable[[str], None]) -> list[Skeleton]:
    """The skeletons of all pictures of a data set."""
    found = []
    for file in files:
        on_file(f"{dataset}/{file.name} spoilt")
        found += looks.skeletons(dataset, file)
    return found
