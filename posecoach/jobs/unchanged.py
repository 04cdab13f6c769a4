"""What of an earlier judging may stay as it is: told by keys over all that it depends on, as build tools do.

`OUT/.posecoach-judged.json` notes of each clip its key and the group of its roster, and a key of all reports. Whatever goes in, goes in
whole: our own code, that of the libraries by version, the rules as loaded, the files of landmarks and records byte by byte, the entry in
`results.json` with its verdicts, and of the reports every file they are made of and every file of theirs. What is not as noted is judged,
or written, again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

import posecoach
from posecoach.errors import SourceError
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.results import ClipResult
from posecoach.resources import web_dir
from posecoach.runners.processes import usable_cores
from posecoach.storage.clip_records import clip_id_of, content_key
from posecoach.storage.landmark_files import files_of_pair
from posecoach.storage.output_folder import ANNOTATED, CAPTIONS, CLIPS, OF_GRADING, PEOPLE, REGRADED, STILLS, OutputFolder
from posecoach.storage.plain_json import DAMAGE, as_mapping, as_text, as_text_or_none, parse_json
from posecoach.storage.results_json import clip_to_dict
from posecoach.storage.whole_files import write_atomically

NOTE = ".posecoach-judged.json"
SCHEMA = "posecoach.judged/1"

_NOT_OURS = {"__pycache__", "node_modules"}
_LIBRARIES = (".dist-info", ".egg-info")

_T = TypeVar("_T")


class Known(NamedTuple):
    """What is noted of a clip: its key, and the group of its person in the roster."""

    key: str
    group: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of a folder; by clip id, and the key of all reports."""

    clips: Mapping[str, Known] = field(default_factory=dict)
    reports: str = ""


def load_note(folder: Path) -> Note:
    """What is noted of a folder; nothing where that cannot be read."""
    try:
        data = parse_json((folder / NOTE).read_bytes())
        if data["schema"] != SCHEMA:
            return Note()
        clips = {as_text(name): as_mapping(item) for name, item in as_mapping(data["clips"]).items()}
        known = {name: Known(as_text(item["key"]), as_text_or_none(item["group"])) for name, item in clips.items()}
        return Note(known, as_text(data["reports"]))
    except DAMAGE:
        return Note()


def save_note(folder: Path, note: Note) -> None:
    """Note what is to be known the next time. Raises `OutputError`."""
    data = {"schema": SCHEMA, "reports": note.reports, "clips": {name: known._asdict() for name, known in sorted(note.clips.items())}}
    write_atomically(folder / NOTE, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def code_key() -> str | None:
    """A key of all code that judges and reports; None where files are younger than this process, which may hold what they were before."""
    parts = [sys.version, sys.platform, platform.machine()]
    for file in sorted([*_files_in(Path(posecoach.__file__).parent), *_files_in(web_dir())]):
        if _is_younger(file):
            return None
        parts += [str(file), _digest(file)]
    for place in map(Path, sys.path):
        with suppress(OSError):
            libraries = sorted(name for name in os.listdir(place) if name.endswith(_LIBRARIES))  # noqa: PTH208 - names are all that is wanted
            if any(_is_younger(place / name) for name in libraries):
                return None
            parts += libraries
    return _key_of(parts)


def _files_in(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_OURS]
        yield from (Path(place) / name for name in names)


def _is_younger(path: Path) -> bool:
    found = path.stat()
    return max(found.st_mtime, found.st_ctime) >= posecoach.STARTED_S


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes keys of the clips in ``folder``; ``code``: of what judges them, ``rules``: the options by drill, written out."""

    folder: Path
    code: str
    rules: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path, code: str, options: GradeOptions, clips: Iterable[ClipResult]) -> Keys:
        """Those for some clips that are judged by ``options``, narrowed to the drill of each."""
        return cls(folder, code, {drill: repr(options.narrowed_to(drill)) for drill in {clip.drill for clip in clips}})

    def inputs(self, clip: ClipResult) -> str:
        """All that a clip is judged by, but for its entry in the results: taken before it is judged. Empty where a file cannot be read."""
        stored = self.folder / (clip.landmarks or "")
        record = OutputFolder(self.folder).record(clip_id_of(clip), CLIPS)
        try:
            files = [content_key(file) for file in files_of_pair(stored)]
            files.append(content_key(record) if record.exists() else "")
        except (OSError, SourceError):
            return ""
        return _key_of([self.code, self.rules[clip.drill], *files])

    def key(self, clip: ClipResult, inputs: str, group: str | None) -> str:
        """Of a clip as it stands in the results, and of the record of its judging as it lies in the folder; empty where there is none."""
        if not inputs:
            return ""
        try:
            record = _digest(OutputFolder(self.folder).record(clip_id_of(clip), REGRADED))
        except OSError:
            return ""
        return _key_of([inputs, json.dumps(clip_to_dict(clip)), json.dumps(group), record])

    def reports(self, rules: object, made: str, clips: Mapping[str, Known]) -> str:
        """Of all reports and of what they are made of: ``rules``, the day, and what is known of the clips."""
        folder, files = OutputFolder(self.folder), [self.folder / name for name in OF_GRADING]
        for name in (PEOPLE, CAPTIONS, STILLS):
            files += sorted(_files_in(folder.path / name))
        files += sorted((folder.path / ANNOTATED).glob("*.vtt"))
        try:
            found = side_by_side(_digest, files)
        except OSError:
            return ""
        told = [f"{folder.relative(file)} {digest}" for file, digest in zip(files, found, strict=True)]
        return _key_of([self.code, repr(rules), made, repr(sorted(clips.items())), *told])


def side_by_side(work: Callable[[_T], str], items: Sequence[_T]) -> list[str]:
    """Do some hashing, which other threads need not wait for."""
    with ThreadPoolExecutor(usable_cores()) as pool:
        return list(pool.map(work, items))


def _digest(file: Path) -> str:
    """Raises OSError."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _key_of(parts: Iterable[str]) -> str:
    """Each part with its length, so that none passes for the end of another."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)} ".encode() + data)
    return digest.hexdigest()
