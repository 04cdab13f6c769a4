"""Grades one input from file to files: reads it, stores its landmarks, judges, draws the annotated copy.

A long clip is read in pieces, which may be done side by side: `grade_clip` only says how many, `read_piece` reads one, `join_pieces` does
the rest. Where pieces begin depends on the clip alone, so the result is the same however many work on it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.observed import Neutral
from posecoach.body.records import Frame, Track
from posecoach.drawing.annotate import Annotator
from posecoach.drawing.face_blur import FaceBlur
from posecoach.drawing.stills import Stills
from posecoach.drawing.text import Picture
from posecoach.errors import SourceError
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.jobs.clips import DEFAULT_FPS, AnnotatedCopy, ClipFacts, frames_of, told_of, unheard
from posecoach.jobs.regrade import neutral_to_meta
from posecoach.jobs.row import row_estimator
from posecoach.jobs.tools import USUAL, Cutting, by_model
from posecoach.judging.charts import Charts, charts_of
from posecoach.judging.describe import scene_at
from posecoach.judging.events import needs_hands
from posecoach.judging.looking import Looking
from posecoach.judging.pipeline import NO_PERSON, Graded, GradeOptions, follow, grade_motion
from posecoach.judging.protocols import Source
from posecoach.judging.results import ClipResult
from posecoach.resources import font_path
from posecoach.row.pair import follow_pair, grade_pair, is_for_two, told_of_pair
from posecoach.runners.processes import OnProgress
from posecoach.sources.inputs import Input, find_inputs, open_source
from posecoach.sources.upright import FilmFrame
from posecoach.sources.video import VideoSource
from posecoach.storage.clip_records import ClipRecord, content_key, load_record, save_record
from posecoach.storage.landmark_files import TrackWriter, load_blocks, load_meta, save_pair
from posecoach.storage.output_folder import OutputFolder
from posecoach.storage.results_json import as_written
from posecoach.storage.video_writer import SHORT_SIDE_PX
from posecoach.vocabulary import PoseModel, Text


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where results go and what is kept: the output folder, the analysed frames a second, whether annotated copies and stills are drawn,
    and whether all faces in them are blurred.
    """

    folder: Path
    fps: float = DEFAULT_FPS
    annotate: bool = True
    blur_faces: bool = False


@dataclass(frozen=True, slots=True)
class ClipWork:
    """All that is to be done with one input; it travels to the process that does it.

    ``reference``: a picture or clip of the person's neutral face, used instead of the neutral in ``options``. ``asked`` stands for all
    options that matter to the result; with ``resume`` a clip that was finished with the same is left as it is. ``estimator`` makes the
    landmark estimator, with ``still=`` for pictures; ``model`` is that of the pose which it uses.
    """

    item: Input
    options: GradeOptions
    output: OutputOptions
    reference: str | None = None
    group: str | None = None
    asked: str = ""
    resume: bool = False
    model: PoseModel = "full"
    estimator: Callable[..., Any] = USUAL.estimator
    cutting: Cutting = USUAL.cutting

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read."""
        return (self.item.file, *([Path(self.reference)] if self.reference else []))

    @property
    def out(self) -> OutputFolder:
        """Where everything goes."""
        return OutputFolder(self.output.folder)

    def anywhere(self) -> ClipWork:
        """The same for a process that was started in another folder; links stay, a shared folder may be one."""
        item = replace(self.item, file=self.item.file.absolute())
        output = replace(self.output, folder=self.output.folder.absolute())
        return replace(self, item=item, output=output, reference=None if self.reference is None else str(Path(self.reference).absolute()))


@dataclass(frozen=True, slots=True)
class Pieces:
    """What `grade_clip` says of a long clip: so many pieces are to be read, then joined; it lasts ``length_s``."""

    count: int
    length_s: float


def grade_clip(work: ClipWork, on_progress: OnProgress = unheard) -> ClipResult | Pieces:
    """Grade one clip or picture and write its artefacts and record. Raises `SourceError`, `EstimatorError` or `OutputError`."""
    if (finished := _finished(work)) is not None:
        return finished
    with open_source(work.item, work.output.fps) as source:
        if is_for_two(work.options):
            return _grade_pair(work, source, on_progress)
        pieces = pieces_of(source, work.cutting)
        if pieces is not None:
            return pieces
        with TrackWriter(_landmarks(work)) as writer:
            motion = _read(work, source, writer, on_progress)
            return _conclude(work, ClipFacts.of(work.item, source), motion, writer)


def _grade_pair(work: ClipWork, source: Source, on_progress: OnProgress) -> ClipResult:
    """Grade a clip of two people; there is no annotated copy and no chart of it. Raises as `grade_clip`."""
    with by_model(row_estimator, work.model)(still=source.kind == "picture") as finder:
        tracks = follow_pair(source, finder, told_of(on_progress, frames_of(source)))
    facts = ClipFacts.of(work.item, source)
    options = work.options
    save_pair(_landmarks(work), tracks or (Track.from_landmarks([], [], facts.size_wh),), facts.meta())
    graded = grade_pair([Motion.of(track) for track in tracks], options)
    clip = replace(
        facts.result(options.drill, options.profile, told_of_pair(graded)),
        frames_analysed=max(map(len, tracks), default=0),
        landmarks=work.out.relative(_landmarks(work)),
        people=tuple(one.person for one in graded),
        model=work.model,
    )
    clip = as_written(clip)
    charts, item = Charts(clip.duration_s, (), ()).to_dict(), work.item
    save_record(work.output.folder, item.clip_id, ClipRecord(_key(work), clip, work.group, charts, content_key(item.file)))
    return clip


def read_piece(work: ClipWork, number: int, count: int, on_progress: OnProgress = unheard) -> None:
    """Read piece ``number`` (from 0) of a long clip into the folder of pieces; does nothing when it is there. Raises as `grade_clip`."""
    path = _piece_path(work, number)
    if path.exists():
        return
    piece_s, lead_s = work.cutting.piece_s, work.cutting.lead_s
    start_s, end_s = number * piece_s, math.inf if number + 1 == count else (number + 1) * piece_s
    with open_source(work.item, work.output.fps, (start_s - lead_s, end_s)) as source, TrackWriter(path) as writer:
        _read(work, source, writer, on_progress, start_s)
        facts = ClipFacts.of(work.item, source)
        writer.finish(source.size_wh, {"warnings": " ".join(facts.warnings), "end_s": facts.end_s})


def join_pieces(work: ClipWork, count: int, _on_progress: OnProgress = unheard) -> ClipResult:
    """Judge a clip of which all pieces are read, and do all else that `grade_clip` does; the pieces are removed. Raises as `grade_clip`."""
    paths = [_piece_path(work, number) for number in range(count)]
    with open_source(work.item, work.output.fps) as source:
        facts = ClipFacts.of(work.item, source).with_pieces([load_meta(path) for path in paths])
    with TrackWriter(_landmarks(work)) as writer:
        parts = []
        for path in paths:
            for block in load_blocks(path):
                writer.add(block)
                parts.append(Motion.of(block))
        clip = _conclude(work, facts, Motion.join(parts), writer)
    for path in paths:
        with suppress(OSError):
            path.unlink()
    return clip


def _finished(work: ClipWork) -> ClipResult | None:
    """What an earlier run that was asked for the same made of the same file, when all of it is still there."""
    record = load_record(work.output.folder, work.item.clip_id) if work.resume else None
    if record is None or record.key != _key(work):
        return None
    artefacts = [work.output.folder / path for path in (record.clip.landmarks, record.clip.annotated) if path]
    return record.clip if all(path.is_file() for path in artefacts) else None


def _key(work: ClipWork) -> str:
    """Stands for the clip, the picture or clip of the person's neutral, and all that was asked for."""
    return content_key(work.item.file, work.asked + _reference_content(work))


def _reference_content(work: ClipWork) -> str:
    """A key of the bytes of the reference; empty where there is none."""
    file = Path(work.reference or "")
    return content_key(file) if file.is_file() else ""


def pieces_of(source: Source, cutting: Cutting) -> Pieces | None:
    """How a long clip is to be cut, by what is there and not by what its clock says; None for one that is read at once.

    Where one cannot go to a time in it, all of it is one piece.
    """
    if not isinstance(source, VideoSource) or (source.duration_s or 0) < 2 * cutting.piece_s:
        return None
    found = source.packet_times
    if found.length_s < 2 * cutting.piece_s:
        return None
    return Pieces(int(found.length_s // cutting.piece_s) if source.is_seekable and found.is_steady else 1, found.length_s)


def _piece_path(work: ClipWork, number: int) -> Path:
    state = work.item.file.stat()
    of_file = hashlib.sha256(f"{work.asked} {state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:8]
    path = work.out.piece(work.item.clip_id, of_file, number)
    path.parent.mkdir(exist_ok=True)
    return path


def _landmarks(work: ClipWork) -> Path:
    return work.out.landmarks(work.item.clip_id)


def _read(work: ClipWork, source: Source, writer: TrackWriter, on_progress: OnProgress, start_s: float = 0.0) -> Motion:
    """Follow the person through a source; what comes before ``start_s`` is only a run-up."""
    parts = []
    told = told_of(on_progress, frames_of(source) if start_s == 0 else round(work.cutting.piece_s * source.fps))
    with work.estimator(still=source.kind == "picture") as estimator:
        estimator.with_hands = needs_hands(work.options.active_rule_sets)
        for block in follow(source, estimator, told):
            kept = block.since(start_s * 1000) if start_s else block
            writer.add(kept)
            parts.append(Motion.of(kept))
    return Motion.join(parts)


def _conclude(work: ClipWork, facts: ClipFacts, motion: Motion, writer: TrackWriter) -> ClipResult:
    item, options = work.item, work.options
    if work.reference is not None:
        options = replace(options, neutral=_neutral_of(work.reference, _reference_content(work), work.estimator))
    writer.finish(facts.size_wh, facts.meta() | neutral_to_meta(options.neutral))
    graded = grade_motion(motion, options)
    charts = charts_of(graded)
    if work.output.blur_faces:
        work.out.forget_pictures(item.clip_id)
    annotated = _annotate(work, graded, charts) if work.output.annotate else None
    clip = replace(
        facts.result(options.drill, options.profile, graded.warnings),
        frames_analysed=len(motion),
        landmarks=work.out.relative(_landmarks(work)),
        annotated=work.out.relative(annotated) if annotated else None,
        people=(graded.person,) if NO_PERSON not in graded.warnings else (),
        model=work.model,
    )
    clip = as_written(clip)
    save_record(work.output.folder, item.clip_id, ClipRecord(_key(work), clip, work.group, charts.to_dict(), content_key(item.file)))
    return clip


def neutral_of(path: str, estimator: Callable[..., Any], _on_progress: OnProgress = unheard) -> Neutral:
    """The neutral of a person from a picture or clip that the user names: the median of head pitch and face shape.

    Raises `SourceError` when it cannot be read or shows no face.
    """
    found = find_inputs([path])
    if found.problems:
        words = found.problems[0].words
        raise SourceError(Text(f"参考照片不能用：{words.zh}", f"the reference: {words.en}"))
    with open_source(found.inputs[0], DEFAULT_FPS) as source, estimator(still=source.kind == "picture") as made:
        motion = Motion.join([Motion.of(block) for block in follow(source, made)])
    if not np.isfinite(motion.face).any():
        raise SourceError(
            Text(
                f"参考照片不能用：{path} 里看不到脸；请换一张正面的照片或视频",
                f"the reference: no face is seen in {path}; use a picture or clip of the face from the front",
            )
        )
    return Neutral.of(motion.face)


@lru_cache(maxsize=64)
def _neutral_of(path: str, _content: str, estimator: Callable[..., Any]) -> Neutral:
    return neutral_of(path, estimator)


def _annotate(work: ClipWork, graded: Graded, charts: Charts) -> Path:
    """Draw the verdicts into a second reading of the input; returns the path of the copy."""
    item, count = work.item, len(graded.body.motion)
    stills = Stills(work.out.stills(item.clip_id), graded, charts, font_path())
    with open_source(item, work.output.fps) as source, _shown(work) as shown:
        annotator = _annotator(source)
        copy = AnnotatedCopy(work.out.annotated(item.clip_id, source.kind), annotator.output_size_wh)
        ratio = annotator.size_wh[0] / source.size_wh[0]

        def paint(i: int, picture: Picture) -> Picture:
            scene = scene_at(graded, i)
            return annotator.annotate(picture, replace(scene, landmarks=scene.landmarks.placed((0, 0), ratio, annotator.size_wh)))

        def to_draw() -> Iterator[tuple[Frame, Picture]]:
            looking = Looking()
            for frame in islice(shown(source), count):
                stills.take(frame)
                if looking.is_due(frame) or frame.index == count - 1:
                    looking.note(frame)
                    yield frame, _picture_of(frame, annotator.size_wh)

        copy.write(source, to_draw(), paint)
    return copy.path


def _annotator(source: Source) -> Annotator:
    """Pictures are drawn on as they are, films at the size of the copy: less is converted, drawn on and coded."""
    if source.kind == "picture":
        return Annotator(source.size_wh, font_path(), "zh")
    return Annotator.within(source.size_wh, SHORT_SIDE_PX, font_path(), "zh")


def _picture_of(frame: Frame, size_wh: tuple[int, int]) -> Picture:
    """The picture of a frame at the size at which it is drawn on."""
    if frame.size_wh == size_wh:
        return np.asarray(frame.image_bgr, np.uint8)
    if isinstance(frame, FilmFrame):
        return frame.scaled_bgr(size_wh)
    return np.asarray(cv2.resize(frame.image_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


@contextmanager
def _shown(work: ClipWork) -> Iterator[Callable[[Iterable[Frame]], Iterable[Frame]]]:
    """From the frames of the clip to the frames that may be shown: as they are, or with all faces blurred."""
    if not work.output.blur_faces:
        yield lambda frames: frames
        return
    models = RowModels()
    try:
        yield FaceBlur(load_blocks(_landmarks(work)), models.search.heads)
    finally:
        models.close()
