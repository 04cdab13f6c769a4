"""The annotated copy of a clip and its stills: which of its pictures are drawn on, where they wait until it is judged, and the drawing.

A film is decoded once. What will be drawn on is kept on the disk as it is read, at the size at which it is drawn, coded in a hurry
and never turned into colours. A still picture, and a clip whose faces are blurred, is read again: the clear faces lie nowhere, and are
looked for in the whole picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from posecoach.body.records import Array, Frame
from posecoach.drawing.annotate import Annotator
from posecoach.drawing.face_blur import FaceBlur
from posecoach.drawing.film import FilmAnnotator
from posecoach.drawing.stills import Stills
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.jobs.clips import AnnotatedCopy, ClipFacts
from posecoach.judging.charts import Charts
from posecoach.judging.describe import scene_at
from posecoach.judging.looking import Looking
from posecoach.judging.pipeline import Graded
from posecoach.judging.protocols import Source
from posecoach.judging.scene import Scene
from posecoach.resources import font_path
from posecoach.sources.inputs import Input
from posecoach.sources.upright import CodedFrame, FilmFrame
from posecoach.storage.landmark_files import load_blocks
from posecoach.storage.output_folder import OutputFolder
from posecoach.storage.planes import planes_of, scaled
from posecoach.storage.video_writer import KEPT, SHORT_SIDE_PX, VideoWriter, kept_pictures

OnFrame = Callable[[Frame], None]
AnyFrame = TypeVar("AnyFrame", bound=Frame)


def _annotator(source: Source | ClipFacts) -> Annotator:
    """Pictures are drawn on as they are, films at the size of the copy: less is converted, drawn on and coded."""
    if source.kind == "picture":
        return Annotator(source.size_wh, font_path(), "zh")
    return Annotator.within(source.size_wh, SHORT_SIDE_PX, font_path(), "zh")


class _Choice:
    """Chooses the frames that are drawn on: where nothing moves a picture stays."""

    def __init__(self) -> None:
        self._looking = Looking()

    def takes(self, frame: Frame) -> bool:
        """Whether the next frame is one of them."""
        is_due = self._looking.is_due(frame)
        if is_due:
            self._looking.note(frame)
        return is_due


@contextmanager
def keeping(path: Path, source: Source, from_ms: float = 0.0) -> Iterator[OnFrame]:
    """What to call with each frame of a film: those that will be drawn on are kept in a file at ``path``, from a time on.

    The last frame is one of them, or the copy would end before the film. Raises `OutputError`.
    """
    size_wh, choice = _annotator(source).size_wh, _Choice()
    left_out: Frame | None = None
    with VideoWriter(path, size_wh, source.fps, qp=KEPT) as writer:

        def take(frame: Frame) -> None:
            nonlocal left_out
            if frame.t_ms < from_ms:
                return
            left_out = None if choice.takes(frame) else frame
            if left_out is None:
                writer.write_planes(_coded(frame, size_wh).planes, frame.t_ms)

        yield take
        if left_out is not None:
            writer.write_planes(_coded(left_out, size_wh).planes, left_out.t_ms)


def kept_frames(paths: Iterable[Path], facts: ClipFacts, t_ms: Array) -> Iterator[CodedFrame]:
    """The frames that `keeping` kept, piece after piece, of a clip whose frames have the times ``t_ms``."""
    for path in paths:
        for at_ms, planes in kept_pictures(path):
            i = int(np.abs(t_ms - at_ms).argmin())
            yield CodedFrame(planes, i, float(t_ms[i]), facts.path)


def read_again(source: Source, count: int, blur: FaceBlur | None) -> Iterator[Frame]:
    """The frames that are drawn on out of the first ``count`` of a source, with all faces blurred where that is asked for."""
    choice = _Choice()
    for frame in islice(source if blur is None else blur(source), count):
        if choice.takes(frame) or frame.index == count - 1:
            yield frame


@contextmanager
def blurring(landmarks: Path) -> Iterator[FaceBlur]:
    """What blurs the faces of a clip whose landmarks are stored."""
    models = RowModels()
    try:
        yield FaceBlur(load_blocks(landmarks), models.search.heads)
    finally:
        models.close()


def draw(out: OutputFolder, clip: tuple[Input, ClipFacts], graded: Graded, charts: Charts, frames: Iterable[Frame]) -> Path:
    """Draw the verdicts into the frames and make the stills; returns the path of the copy. Raises `OutputError`."""
    item, facts = clip
    annotator = _annotator(facts)
    stills = Stills(out.stills(item.clip_id), graded, charts, font_path())
    copy = AnnotatedCopy(out.annotated(item.clip_id, facts.kind), annotator.output_size_wh)
    size_wh, count = annotator.size_wh, len(graded.body.motion)

    def scene_of(frame: Frame) -> Scene:
        scene = scene_at(graded, frame.index)
        return replace(scene, landmarks=scene.landmarks.placed((0, 0), size_wh[0] / facts.size_wh[0], size_wh))

    if facts.kind == "picture":
        shown = _with_stills(frames, stills, count)
        copy.write(facts, shown, lambda frame: annotator.annotate(np.asarray(frame.image_bgr, np.uint8), scene_of(frame)))
        return copy.path
    film = FilmAnnotator(annotator)
    coded = _with_stills((_coded(frame, size_wh) for frame in frames), stills, count)
    copy.write_film(facts.fps, coded, lambda frame: film.annotate(frame.planes, scene_of(frame)))
    return copy.path


def _with_stills(frames: Iterable[AnyFrame], stills: Stills, count: int) -> Iterator[AnyFrame]:
    """The frames that are drawn on, each standing until the next of the ``count`` of a clip; the stills are made on the way."""
    for frame, after in pairwise(chain(frames, (None,))):
        assert frame is not None
        stills.take(frame, count if after is None else after.index)
        yield frame


def _coded(frame: Frame, size_wh: tuple[int, int]) -> CodedFrame:
    """The frame of a film at the size at which it is drawn on; one that was kept has it already."""
    if isinstance(frame, CodedFrame):
        return frame
    planes = frame.planes(size_wh) if isinstance(frame, FilmFrame) else planes_of(scaled(frame.image_bgr, size_wh))
    return CodedFrame(planes, frame.index, frame.t_ms, frame.source)
