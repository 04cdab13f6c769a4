"""From what was typed (files, folders, patterns) to the list of clips and pictures to read."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from posecoach.sources.picture import PictureSource
from posecoach.sources.video import VideoSource
from posecoach.vocabulary import Text

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".heic", ".heif"})
VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".avi", ".mkv", ".webm", ".wmv", ".asf", ".flv", ".ogv"}
    | {".mpg", ".mpeg", ".vob", ".ts", ".mts", ".m2ts", ".mxf"}
)

_RESULTS = "results.json"
_ARTEFACT_FOLDERS = ("annotated", "landmarks", "clips", "people", "stills", "regraded")
_LONGEST_STEM = 60  # characters; 180 bytes in Chinese, file systems allow 255


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    ``path`` is what results call it: POSIX, Unicode NFC, relative to the argument it was found under (the file name for a single file).
    ``clip_id`` names its artefacts: safe in every file system, with a short hash, different for each input of a run.
    """

    file: Path
    path: str
    kind: Literal["video", "picture"]
    clip_id: str


@dataclass(frozen=True, slots=True)
class InputProblem:
    """An argument under which nothing can be read, and one line on why."""

    path: str
    words: Text


def find_inputs(paths: Sequence[str]) -> tuple[list[Input], list[InputProblem]]:
    """The files under all arguments, each once, in the order of the arguments and naturally sorted within; and the arguments in vain.

    An argument is a file (of any name; unknown endings are tried as videos), a folder (with all below it but hidden files and earlier
    output folders, those that hold results.json) or a pattern with ``* ? [ ] **``. Raises nothing.
    """
    inputs: dict[str, Input] = {}
    problems: list[InputProblem] = []
    for argument in paths:
        found = list(_found_under(argument))
        for file, path in found:
            inputs.setdefault(os.path.normcase(os.path.realpath(file)), Input(file, path, _kind(file), _clip_id(path, path)))
        if not found:
            problems.append(InputProblem(_nfc(argument), _why_in_vain(argument)))
    return _with_distinct_ids(inputs), problems


def open_source(found: Input, fps: float | None, window_s: tuple[float, float] | None = None) -> PictureSource | VideoSource:
    """A source for an input, called by the input's path; ``fps`` (frames a second, None for all) and ``window_s`` (from, to) matter to
    videos only.

    Raises `SourceError`.
    """
    if found.kind == "picture":
        return PictureSource(found.file, found.path)
    return VideoSource(found.file, fps, found.path, window_s)


def _found_under(argument: str) -> Iterator[tuple[Path, str]]:
    """Files with their paths in results; none when the argument leads nowhere."""
    root = Path(argument)
    if not argument:
        return
    if root.is_file():
        yield root, _nfc(root.name)
    elif root.is_dir():
        yield from _relative(_walk(root), root)
    elif glob.has_magic(argument):
        yield from _relative(_matching(argument), _fixed_part(root))


def _relative(files: Iterable[Path], base: Path) -> list[tuple[Path, str]]:
    return sorted(((file, _nfc(file.relative_to(base).as_posix())) for file in files), key=lambda pair: _natural(pair[1]))


def _matching(pattern: str) -> Iterator[Path]:
    for match in map(Path, glob.iglob(pattern, recursive=True)):  # noqa: PTH207
        if match.is_dir():
            yield from _walk(match)
        elif _is_known(match):
            yield match


def _walk(root: Path) -> Iterator[Path]:
    for folder, subfolders, files in os.walk(root):
        here = Path(folder)
        if _RESULTS in files:
            if here != root:
                subfolders.clear()
                continue
            subfolders[:] = [name for name in subfolders if name not in _ARTEFACT_FOLDERS]
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        yield from (here / name for name in files if not name.startswith(".") and _is_known(here / name))


def _fixed_part(pattern: Path) -> Path:
    """The folder before the first part of a pattern that has a wildcard in it."""
    parts: list[str] = []
    for part in pattern.parts:
        if glob.has_magic(part):
            break
        parts.append(part)
    return Path(*parts)


def _why_in_vain(argument: str) -> Text:
    shown = _nfc(argument)
    if Path(argument).is_dir() and argument:
        return Text(
            f"文件夹里没有视频或照片：{shown}；找的是 mp4、mov、avi、mkv、jpg、png、heic 等",
            f"no video or picture in the folder: {shown}; looked for mp4, mov, avi, mkv, jpg, png, heic and the like",
        )
    if glob.has_magic(argument):
        return Text(f"没有符合的文件：{shown}；请检查写法", f"nothing matches the pattern: {shown}; check the spelling")
    return Text(f"没有这个文件或文件夹：{shown}；请检查写法", f"no such file or folder: {shown}; check the spelling")


def _is_known(file: Path) -> bool:
    return file.suffix.lower() in PICTURE_SUFFIXES | VIDEO_SUFFIXES


def _kind(file: Path) -> Literal["video", "picture"]:
    return "picture" if file.suffix.lower() in PICTURE_SUFFIXES else "video"


def _with_distinct_ids(inputs: dict[str, Input]) -> list[Input]:
    """Files of one path under several arguments are told apart by where they lie, whatever the order of the arguments."""
    count = Counter(found.clip_id for found in inputs.values())
    return [
        found if count[found.clip_id] == 1 else replace(found, clip_id=_clip_id(found.path, f"{found.path}\n{real}"))
        for real, found in inputs.items()
    ]


def _clip_id(path: str, identity: str) -> str:
    """Letters and digits of any script from the path without its ending, then eight hex digits of the identity's SHA-256."""
    stem = re.sub(r"[^\w-]+", "_", os.path.splitext(path)[0]).strip("_")  # noqa: PTH122
    return f"{stem[-_LONGEST_STEM:]}-{hashlib.sha256(identity.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def _natural(path: str) -> list[tuple[bool, int, str]]:
    """Sorting key: 2 before 10, capitals as small letters."""
    parts = re.split(r"([0-9]+)", path.casefold())
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _nfc(text: str) -> str:
    """Composed, and without the bytes of a name that is not Unicode, which no report could hold."""
    return unicodedata.normalize("NFC", os.fsencode(text).decode("utf-8", "replace"))
