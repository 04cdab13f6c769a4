"""What every input goes through on its way to a `ClipResult`, with one person in it or a row: what is known of it, progress, the copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from posecoach.body.records import Frame
from posecoach.drawing.jpeg import write_jpeg
from posecoach.drawing.text import Picture
from posecoach.errors import SourceError
from posecoach.judging.protocols import Source
from posecoach.judging.results import ClipResult, RuleFileUsed
from posecoach.reports.results_csv import CsvSink
from posecoach.rulebook.schema import RuleSet
from posecoach.runners.processes import OnProgress
from posecoach.sources.files import DAMAGED
from posecoach.sources.inputs import Input
from posecoach.sources.upright import CodedFrame
from posecoach.sources.video import TIME_JUMP, USABLE_S, VideoSource, too_damaged
from posecoach.storage.landmark_files import Meta
from posecoach.storage.output_folder import RESULTS, TABLE, OutputFolder
from posecoach.storage.planes import Planes
from posecoach.storage.report_sink import ReportSink
from posecoach.storage.results_json import JsonSink
from posecoach.storage.video_writer import SHORT_SIDE_PX, VideoWriter
from posecoach.vocabulary import Profile

DEFAULT_FPS = 10.0
JPEG_QUALITY = 90


def unheard(_done: int, _total: int) -> None:
    """Nobody listens."""


def told_of(on_progress: OnProgress, total: int) -> Callable[[Frame], None]:
    """What to call after each frame of which about ``total`` are to come (0: not known)."""
    return lambda frame: on_progress(frame.index + 1, max(total, frame.index + 1) if total else 0)


def frames_of(source: Source) -> int:
    """About how many frames a source has; 0 where that is not known."""
    return round((source.duration_s or 0.0) * source.fps)


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a source says of itself once it is read; ``end_s``: so far it could be."""

    path: str
    kind: str
    fps: float
    duration_s: float
    size_wh: tuple[int, int]
    warnings: tuple[str, ...]
    end_s: float

    @classmethod
    def of(cls, item: Input, source: Source) -> ClipFacts:
        """The facts of a source that was read to its end."""
        end_s = source.end_s if isinstance(source, VideoSource) else 0.0
        return cls(item.path, source.kind, source.fps, source.duration_s or 0.0, source.size_wh, tuple(source.warnings), end_s)

    def with_pieces(self, metas: list[dict[str, Any]]) -> ClipFacts:
        """The facts of a clip whose pieces were read one by one. Raises `SourceError` where too little of it could be read."""
        told = tuple(dict.fromkeys(code for meta in metas for code in str(meta["warnings"]).split()))
        if not {DAMAGED, TIME_JUMP} & set(told):
            return replace(self, warnings=told)
        usable_s = max(float(meta["end_s"]) for meta in metas)
        if DAMAGED in told and usable_s < USABLE_S:
            raise SourceError(too_damaged(self.path, usable_s))
        return replace(self, warnings=told, duration_s=usable_s)

    def meta(self) -> Meta:
        """What is kept of the clip beside its landmarks."""
        return {"path": self.path, "kind": self.kind, "fps": self.fps, "duration_s": self.duration_s}

    def result(self, drill: str, profile: Profile, warnings: tuple[str, ...]) -> ClipResult:
        """The clip without anybody in it and without artefacts, with warnings of its own and these."""
        return ClipResult(
            path=self.path,
            kind=self.kind,
            warnings=self.warnings + warnings,
            duration_s=self.duration_s,
            fps=self.fps,
            frames_analysed=0,
            drill=drill,
            profile=profile,
            landmarks=None,
            annotated=None,
        )


@dataclass(frozen=True, slots=True)
class AnnotatedCopy:
    """The copy of a picture or video with what was judged drawn in: where, and of which size.

    A larger video is kept at ``short_side_px``.
    """

    path: Path
    size_wh: tuple[int, int]
    short_side_px: int = SHORT_SIDE_PX

    def write(self, source: Source | ClipFacts, frames: Iterable[Frame], paint: Callable[[Frame], Picture]) -> None:
        """Write what ``paint`` makes of each frame. Raises `OutputError`."""
        if source.kind == "picture":
            for frame in frames:
                write_jpeg(self.path, paint(frame), JPEG_QUALITY)
            return
        with VideoWriter(self.path, self.size_wh, source.fps, short_side_px=self.short_side_px) as writer:
            for frame in frames:
                writer.write(paint(frame), frame.t_ms)

    def write_film(self, fps: float, frames: Iterable[CodedFrame], paint: Callable[[CodedFrame], Planes]) -> None:
        """Write what ``paint`` makes of each frame of a film. Raises `OutputError`."""
        with VideoWriter(self.path, self.size_wh, fps, short_side_px=self.short_side_px) as writer:
            for frame in frames:
                writer.write_planes(paint(frame), frame.t_ms)


def data_sinks(folder: OutputFolder, generator: str, rules: Sequence[RuleFileUsed], rule_sets: Sequence[RuleSet]) -> list[ReportSink]:
    """What programs read of a run: `results.json` and `results.csv`."""
    return [JsonSink(folder.file(RESULTS), generator, rules, rule_sets), CsvSink(folder.file(TABLE), generator, rules)]
