"""Landmarks of labelled files: read from a folder of stored ones, or found by the models and kept there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from posecoach.body.motion import Motion
from posecoach.body.records import Track
from posecoach.errors import SourceError
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.row import RowEstimator
from posecoach.judging.pipeline import follow
from posecoach.judging.protocols import Source
from posecoach.row.pair import follow_pair
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.storage.landmark_files import TrackWriter, load_blocks, load_pair, save_pair
from posecoach.vocabulary import PoseModel, Text

FPS = 12.0


@dataclass(frozen=True, slots=True)
class LandmarkStore:
    """``folder`` holds SET/NAME.npz for a file SET/NAME.mp4; None keeps nothing. ``model``: that of the pose."""

    folder: Path | None = None
    model: PoseModel = "full"
    _files: dict[Path, Path] = field(default_factory=dict, init=False, repr=False, compare=False)

    def motion(self, file: Path, *, with_hands: bool = False) -> Motion:
        """The motion of the main person in a clip or picture. Raises `SourceError`, `EstimatorError`."""
        stored = self._stored(file)
        if stored is not None and stored.exists():
            return Motion.join([Motion.of(block) for block in load_blocks(stored)])
        blocks = find_landmarks(file, with_hands=with_hands, model=self.model)
        if stored is not None:
            stored.parent.mkdir(parents=True, exist_ok=True)
            with TrackWriter(stored) as writer:
                for block in blocks:
                    writer.add(block)
                writer.finish(blocks[0].size_wh, {"path": file.name})
        return Motion.join([Motion.of(block) for block in blocks])

    def pair(self, file: Path) -> tuple[Motion, ...]:
        """The motions of two people in a clip, from left to right; fewer where fewer were found. Raises `SourceError`, `EstimatorError`."""
        stored = self._stored(file)
        if stored is not None and stored.exists():
            return load_pair(stored)
        with open_source(find_inputs([str(file)]).only, FPS) as source, RowEstimator(RowModels(self.model), model=self.model) as finder:
            tracks = follow_pair(source, finder)
        if stored is not None:
            stored.parent.mkdir(parents=True, exist_ok=True)
            save_pair(stored, tracks, {"path": file.name})
        return tuple(Motion.of(track) for track in tracks)

    def _stored(self, file: Path) -> Path | None:
        """Where the landmarks of a file are kept. Raises `SourceError` where those of another file are: they would be taken for these."""
        if self.folder is None:
            return None
        stored = self.folder / file.parent.name / f"{file.stem}.npz"
        other = self._files.setdefault(stored, file.resolve())
        if other != file.resolve():
            raise SourceError(
                Text(
                    f"{other} 和 {file} 的骨架会存成同一个文件 {stored}；请把其中一个文件或文件夹改名，或者不用 --landmarks",
                    f"{other} and {file}: the landmarks of both would be kept as {stored}; rename one of the files or folders, or leave "
                    "--landmarks out",
                )
            )
        return stored


def find_landmarks(file: Path, *, with_hands: bool = False, model: PoseModel = "full") -> list[Track]:
    """The landmarks of the main person in a file, in blocks. Raises `SourceError`, `EstimatorError`."""
    with open_source(find_inputs([str(file)]).only, FPS) as source:
        return track_of(source, with_hands=with_hands, model=model)


def track_of(source: Source, *, with_hands: bool = False, model: PoseModel = "full") -> list[Track]:
    """The landmarks of the main person of a source, in blocks."""
    with MediaPipeEstimator(still=source.kind == "picture", model=model) as estimator:
        estimator.with_hands = with_hands
        return list(follow(source, estimator))


def brightness_of(file: Path) -> float | None:
    """Mean brightness of a file's first picture, 0..1; None when it cannot be read."""
    items = find_inputs([str(file)]).inputs
    if not items:
        return None
    with open_source(items[0], FPS) as source:
        return next((float(frame.image_bgr.mean()) / 255 for frame in source), None)
