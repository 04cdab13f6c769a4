"""From what was typed (files, folders, patterns) to the list of clips and pictures to read."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from posecoach.body.records import AS_IT_IS, Turn
from posecoach.errors import SourceError
from posecoach.judging.results import Skipped
from posecoach.sources.animation import AnimationSource, is_animation
from posecoach.sources.folder_walk import PICTURE_SUFFIXES, Walk, entries_of, is_folder, reason_to_skip, skipped_of
from posecoach.sources.picture import PictureSource
from posecoach.sources.video import VideoSource
from posecoach.vocabulary import Text

_LONGEST_STEM = 60  # characters; 180 bytes in Chinese, file systems allow 255


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    ``path`` is what results call it: POSIX, Unicode NFC, relative to the argument it was found under (the file name for a single file).
    ``clip_id`` names its artefacts: safe in every file system, with a short hash, different for each input of a run. ``turn``: what is
    done to its pictures before anybody looks.
    """

    file: Path
    path: str
    kind: Literal["video", "picture"]
    clip_id: str
    turn: Turn = AS_IT_IS


@dataclass(frozen=True, slots=True)
class InputProblem:
    """An argument under which nothing can be read, and one line on why."""

    path: str
    words: Text


@dataclass(frozen=True, slots=True)
class FoundInputs:
    """What arguments lead to: ``inputs`` to read, ``problems`` (arguments in vain), ``skipped`` (passed over though under them)."""

    inputs: list[Input]
    problems: list[InputProblem]
    skipped: list[Skipped]

    @property
    def only(self) -> Input:
        """The only input. Raises `SourceError` where there is none, or more than one."""
        if self.problems:
            raise SourceError(self.problems[0].words)
        if len(self.inputs) != 1:
            count = len(self.inputs)
            raise SourceError(Text(f"要一段视频或一张照片，找到 {count} 个", f"expected one video or picture, found {count}"))
        return self.inputs[0]


def find_inputs(paths: Sequence[str]) -> FoundInputs:
    """The files under all arguments, each once, in the order of the arguments and naturally sorted within; the arguments in vain; and
    everything else that lies under them.

    An argument is a file (of any name; unknown endings are tried as videos), a folder (with all below it, links followed) or a pattern with
    ``* ? [ ] **``. Hidden files, and what posecoach itself wrote, are passed over. Raises nothing.
    """
    inputs: dict[str, Input] = {}
    problems: list[InputProblem] = []
    skipped: dict[Skipped, None] = {}
    for argument in paths:
        found = _found_under(argument)
        for file, path in found.files:
            known = inputs.setdefault(os.path.normcase(os.path.realpath(file)), Input(file, path, _kind(file), _clip_id(path, path)))
            if not _is_same_place(known.file, file):
                skipped.setdefault(Skipped(path, "same_file"))
        skipped |= dict.fromkeys(skipped_of(place, path, reason) for place, path, reason in found.skipped)
        if not found.files:
            problems.append(InputProblem(_nfc(argument), _why_in_vain(argument)))
    return FoundInputs(_with_distinct_ids(inputs), problems, sorted(skipped, key=lambda item: _natural(item.path)))


def _is_same_place(one: Path, other: Path) -> bool:
    return os.path.normcase(os.path.abspath(one)) == os.path.normcase(os.path.abspath(other))  # noqa: PTH100


def open_source(
    found: Input, fps: float | None, window_s: tuple[float, float] | None = None
) -> PictureSource | AnimationSource | VideoSource:
    """A source for an input, called by the input's path; ``fps`` (frames a second, None for all) and ``window_s`` (from, to) matter to
    videos only.

    Raises `SourceError`.
    """
    if found.kind == "picture":
        return PictureSource(found.file, found.path, found.turn)
    if is_animation(found.file):
        return AnimationSource(found.file, fps, found.path, found.turn)
    return VideoSource(found.file, fps, found.path, window_s, found.turn)


@dataclass(slots=True)
class _Under:
    """What one argument leads to, with the paths in results; ``skipped`` with a code."""

    files: list[tuple[Path, str]] = field(default_factory=list)
    skipped: list[tuple[Path, str, str]] = field(default_factory=list)

    def take(self, base: Path, files: Iterable[Path], skipped: Iterable[tuple[Path, str]]) -> None:
        """Add what lies under ``base``."""
        named = {file: _nfc(file.relative_to(base).as_posix()) for file in files}
        self.files += sorted(named.items(), key=lambda pair: _natural(pair[1]))
        self.skipped += [
            (place, _nfc(place.relative_to(base).as_posix()), reason) for place, reason in skipped if place != base or reason != "no_access"
        ]


def _found_under(argument: str) -> _Under:
    """Nothing when the argument leads nowhere."""
    root, under = Path(argument), _Under()
    if not argument or "\0" in argument:
        return under
    if os.path.isfile(root):  # noqa: PTH113 (Path.is_file raises for what the system refuses)
        under.files.append((root, _nfc(root.name)))
    elif is_folder(root):
        walk = Walk.under(root)
        under.take(root, walk.files, walk.skipped)
    elif glob.has_magic(argument):
        under.take(_fixed_part(root), *_matching(argument))
    return under


def _matching(pattern: str) -> tuple[dict[Path, None], dict[tuple[Path, str], None]]:
    """Files and what is passed over among all that matches, each once."""
    files: dict[Path, None] = {}
    skipped: dict[tuple[Path, str], None] = {}
    for match in map(Path, sorted(glob.iglob(pattern, recursive=True))):  # noqa: PTH207
        reason = reason_to_skip(match)
        if reason is not None:
            skipped[match, reason] = None
        elif is_folder(match):
            walk = Walk.under(match)
            files |= dict.fromkeys(walk.files)
            skipped |= dict.fromkeys(walk.skipped)
        else:
            files[match] = None
    return files, skipped


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
    if argument and is_folder(Path(argument)):
        if entries_of(Path(argument)) is None:
            return Text(f"打不开：{shown}；请检查权限", f"cannot be opened: {shown}; check the permissions")
        return Text(
            f"文件夹里没有视频或照片：{shown}；找的是 mp4、mov、avi、mkv、jpg、png、heic 等",
            f"no video or picture in the folder: {shown}; looked for mp4, mov, avi, mkv, jpg, png, heic and the like",
        )
    if glob.has_magic(argument):
        return Text(f"没有符合的文件：{shown}；请检查写法", f"nothing matches the pattern: {shown}; check the spelling")
    return Text(f"没有这个文件或文件夹：{shown}；请检查写法", f"no such file or folder: {shown}; check the spelling")


def _kind(file: Path) -> Literal["video", "picture"]:
    """By the name, but for pictures that move."""
    return "picture" if file.suffix.lower() in PICTURE_SUFFIXES and not is_animation(file) else "video"


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
