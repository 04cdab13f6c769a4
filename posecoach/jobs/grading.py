"""Grades one input from file to files: reads it, stores its landmarks, judges, draws the annotated copy.

A long clip is read in pieces, which may be done side by side: `grade_clip` only says how many, `read_piece` reads one, `join_pieces` does
the rest. Where pieces begin depends on the clip alone, so the result is the same however many work on it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.observed import Neutral
from posecoach.body.records import Frame, Track
from posecoach.errors import SourceError
from posecoach.jobs.clips import DEFAULT_FPS, ClipFacts, frames_of, told_of, unheard
from posecoach.jobs.copies import OnFrame, blurring, draw, keeping, kept_frames, read_again
from posecoach.jobs.regrade import neutral_to_meta
from posecoach.jobs.tools import USUAL, Cutting, by_model, row_estimator
from posecoach.judging.charts import Charts, charts_of
from posecoach.judging.events import needs_hands
from posecoach.judging.pipeline import NO_PERSON, Graded, GradeOptions, follow, grade_motion
from posecoach.judging.protocols import Source
from posecoach.judging.results import ClipResult
from posecoach.row.pair import follow_pair, grade_pair, is_for_two, told_of_pair
from posecoach.runners.processes import OnProgress
from posecoach.sources.inputs import Input, find_inputs, open_source
from posecoach.sources.video import VideoSource
from posecoach.storage.clip_records import ClipRecord, content_key, load_record, save_record
from posecoach.storage.landmark_files import TrackWriter, load_blocks, load_meta, save_pair
from posecoach.storage.output_folder import OutputFolder
from posecoach.storage.results_json import as_written
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
        with TrackWriter(_landmarks(work)) as writer, _passing(_films(work, source.kind, 1)):
            with _heard(work, source, (0, frames_of(source)), on_progress) as on_frame:
                motion = _read(work, source, writer, on_frame)
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
    if all(made.exists() for made in (path, *_films(work, "video", number + 1)[number:])):
        return
    piece_s, lead_s = work.cutting.piece_s, work.cutting.lead_s
    start_s, end_s = number * piece_s, math.inf if number + 1 == count else (number + 1) * piece_s
    with open_source(work.item, work.output.fps, (start_s - lead_s, end_s)) as source, TrackWriter(path) as writer:
        total = round(piece_s * source.fps) if start_s else frames_of(source)
        with _heard(work, source, (number, total), on_progress) as on_frame:
            _read(work, source, writer, on_frame, start_s)
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
        clip = _conclude(work, facts, Motion.join(parts), writer, count)
    with _passing((*paths, *_films(work, facts.kind, count))):
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


def _films(work: ClipWork, kind: str, count: int) -> tuple[Path, ...]:
    """Where the pictures that will be drawn on are kept, a file a piece; none where nothing is drawn or the clip is read again for it."""
    if kind == "picture" or not work.output.annotate or work.output.blur_faces:
        return ()
    return tuple(_piece_path(work, number).with_suffix(".mp4") for number in range(count))


@contextmanager
def _passing(files: Sequence[Path]) -> Iterator[None]:
    """Files that are gone afterwards."""
    try:
        yield
    finally:
        for file in files:
            with suppress(OSError):
                file.unlink()


@contextmanager
def _heard(work: ClipWork, source: Source, piece: tuple[int, int], on_progress: OnProgress) -> Iterator[OnFrame]:
    """What is to be called after each frame of a source: tells of it, and keeps it where it will be drawn on. ``piece``: the number of the
    piece that is read, and about how many frames are to come.
    """
    number, total = piece
    told = told_of(on_progress, total)
    films = _films(work, source.kind, number + 1)
    if not films:
        yield told
        return
    with keeping(films[number], source, 1000 * number * work.cutting.piece_s) as keep:

        def on_frame(frame: Frame) -> None:
            told(frame)
            keep(frame)

        yield on_frame


def _read(work: ClipWork, source: Source, writer: TrackWriter, on_frame: OnFrame, start_s: float = 0.0) -> Motion:
    """Follow the person through a source; what comes before ``start_s`` is only a run-up."""
    parts = []
    with work.estimator(still=source.kind == "picture") as estimator:
        estimator.with_hands = needs_hands(work.options.active_rule_sets)
        for block in follow(source, estimator, on_frame):
            kept = block.since(start_s * 1000) if start_s else block
            writer.add(kept)
            parts.append(Motion.of(kept))
    return Motion.join(parts)


def _conclude(work: ClipWork, facts: ClipFacts, motion: Motion, writer: TrackWriter, pieces: int = 1) -> ClipResult:
    """All that follows when a clip is read, in so many pieces."""
    item, options = work.item, work.options
    if work.reference is not None:
        options = replace(options, neutral=_neutral_of(work.reference, _reference_content(work), work.estimator))
    writer.finish(facts.size_wh, facts.meta() | neutral_to_meta(options.neutral))
    graded = grade_motion(motion, options)
    charts = charts_of(graded)
    if work.output.blur_faces:
        work.out.forget_pictures(item.clip_id)
    annotated = _annotate(work, facts, graded, charts, pieces) if work.output.annotate else None
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


def _annotate(work: ClipWork, facts: ClipFacts, graded: Graded, charts: Charts, pieces: int) -> Path:
    """Draw the verdicts into what was kept of the clip, or into a second reading of it; returns the path of the copy."""
    clip, t_ms = (work.item, facts), graded.body.motion.t_ms
    if films := _films(work, facts.kind, pieces):
        return draw(work.out, clip, graded, charts, kept_frames(films, facts, t_ms))
    blur = blurring(_landmarks(work)) if work.output.blur_faces else nullcontext()
    with open_source(work.item, work.output.fps) as source, blur as blurred:
        return draw(work.out, clip, graded, charts, read_again(source, len(t_ms), blurred))
