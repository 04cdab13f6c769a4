"""Folders of this machine as the trainer's page shows them: what lies in one, where to begin, where results go."""

from __future__ import annotations

import os
import stat
import string
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from posecoach.errors import PosecoachError, reason_of
from posecoach.sources.folder_walk import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from posecoach.sources.inputs import find_inputs
from posecoach.storage.output_folder import DEFAULT, RESULTS, OutputFolder
from posecoach.storage.roster import Names, RosterEntry, find_entry
from posecoach.storage.roster_files import load_beside
from posecoach.vocabulary import Text

MOST_FOLDERS = 500
MOST_FILES = 200
"""Names of clips shown of the folder that is open."""
MOST_COUNTED = 2000
"""Files looked at in one folder to count its clips."""
COUNTING_S = 1.5
"""Time for counting in all folders of a list: a slow network drive must not hold up the page."""
_HOME_FOLDERS = {
    "desktop": ("Desktop", "桌面"),
    "videos": ("Videos", "Movies", "视频"),
    "pictures": ("Pictures", "图片"),
    "downloads": ("Downloads", "下载"),
    "documents": ("Documents", "文档"),
}
_MOUNTS = ("/media", "/run/media", "/mnt", "/Volumes")


class FolderError(PosecoachError):
    """A folder that cannot be used."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in a list. ``videos`` and ``pictures`` lie directly in it, None where they were not counted in time."""

    name: str
    path: str
    videos: int | None
    pictures: int | None
    has_results: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds. ``crumbs`` lead from the root to it; ``files`` are its clips; ``is_cut``: there are more folders."""

    here: Folder
    crumbs: tuple[tuple[str, str], ...]
    folders: tuple[Folder, ...]
    files: tuple[str, ...]
    is_cut: bool


def typed_path(text: str) -> Path:
    """A path as somebody types or pastes it: with quotes round it, with ``~``, with spaces at its ends. Raises `FolderError`."""
    path = Path(text.strip().strip("\"'“”").strip())
    with suppress(RuntimeError):  # the home of somebody who is not known here
        path = path.expanduser()
    if "\0" in text or not _is_unicode(text) or not path.is_absolute():
        shown = text.encode("utf-8", "replace").decode().strip()
        raise FolderError(Text(f"请写完整的路径：{shown}", f"expected a whole path, got {shown!r}"))
    return Path(os.path.normpath(path))


def list_folder(path: Path) -> Listing:
    """What lies in a folder, hidden ones left out. Raises `FolderError`."""
    until_s = time.monotonic() + COUNTING_S
    entries = _entries(path)
    found = sorted((entry for entry in entries if _is_shown_folder(entry)), key=lambda entry: entry.name.casefold())
    files = sorted((entry.name for entry in entries if _kind(entry.name)), key=str.casefold)[:MOST_FILES]
    folders = tuple(_folder(Path(entry.path), until_s) for entry in found[:MOST_FOLDERS])
    return Listing(_counted(path, entries), _crumbs(path), folders, tuple(files), len(found) > MOST_FOLDERS)


def places() -> list[tuple[str, str, str]]:
    """Where to begin: home, its usual folders, drives. Kind (``drive`` or what a folder is for), name and path of each."""
    home = Path.home()
    usual = [(kind, home / name) for kind, names in _HOME_FOLDERS.items() for name in names if (home / name).is_dir()]
    found = [("home", home), *usual, *(("drive", Path(root)) for root in _roots())]
    return [(kind, path.name or str(path), str(path)) for kind, path in found]


def rows_to_fill(folder: Path, drills: Names) -> list[RosterEntry]:
    """A row for each clip under a folder, with what the roster beside them says already. Raises `FolderError` where it cannot be read."""
    list_folder(folder)
    known = load_beside(folder, drills).rows
    paths = [item.path for item in find_inputs([str(folder)]).inputs]
    return [replace(find_entry(known, path) or RosterEntry(path), file=path) for path in paths]


def beside(folder: Path) -> Path:
    """Where the results of a folder go by default: next to it, in a drive's root inside it."""
    return folder.with_name(f"{folder.name}-posecoach") if folder.name else folder / DEFAULT


def check_out(out: Path, folder: Path) -> None:
    """Whether results may go to ``out``: not among the clips, not among what posecoach did not write. Raises `FolderError`."""
    if out == folder:
        raise FolderError(
            Text("结果不能放在视频所在的文件夹里，请另选一个", "choose another folder for the results than that of the clips")
        )
    try:
        found = next(OutputFolder(out).foreign(), None)
    except OSError as error:
        raise FolderError(_why(out, error)) from error
    if found is not None:
        words = Text(
            f"结果文件夹里已有别的东西（{found}），请选一个空的或新的：{out}",
            f"the folder for the results holds other things ({found}): {out}; choose an empty or a new one",
        )
        raise FolderError(words)


def drives(mask: int) -> list[str]:
    """The roots of Windows drives whose bits are set in ``mask``, the lowest bit being A:."""
    return [f"{letter}:\\" for i, letter in enumerate(string.ascii_uppercase) if mask >> i & 1]


def _roots() -> list[str]:
    if sys.platform == "win32":
        import ctypes

        return drives(ctypes.windll.kernel32.GetLogicalDrives())
    return [str(path) for path in _mounted()]


def _mounted() -> Iterator[Path]:
    for base in map(Path, _MOUNTS):
        with suppress(OSError):
            for path in sorted(base.iterdir()):
                inside = path.is_dir() and base.name == "media" and not os.path.ismount(path)
                yield from sorted(path.iterdir()) if inside else [path] if path.is_dir() else []


def _is_unicode(name: str) -> bool:
    """Whether a name is more than bytes, which no page could hold."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return [entry for entry in entries if _is_unicode(entry.name)]
    except OSError as error:
        raise FolderError(_why(path, error)) from error


def _why(path: Path, error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text(f"没有这个文件夹：{path}", f"no such folder: {path}")
    if isinstance(error, NotADirectoryError):
        return Text(f"这不是文件夹：{path}", f"this is not a folder: {path}")
    why = reason_of(error)
    return Text(f"打不开这个文件夹：{path}（{why.zh}）", f"the folder cannot be read: {path} ({why.en})")


def _is_shown_folder(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
        return entry.is_dir() and not entry.name.startswith((".", "$")) and not attributes & stat.FILE_ATTRIBUTE_HIDDEN
    return False


def _folder(path: Path, until_s: float) -> Folder:
    if time.monotonic() > until_s:
        return Folder(path.name, str(path), None, None, False)
    try:
        return _counted(path, _entries(path))
    except FolderError:
        return Folder(path.name, str(path), None, None, False)


def _counted(path: Path, entries: list[os.DirEntry[str]]) -> Folder:
    names = [entry.name for entry in entries[:MOST_COUNTED]]
    kinds = [_kind(name) for name in names]
    videos, pictures = kinds.count("video"), kinds.count("picture")
    return Folder(path.name or str(path), str(path), videos, pictures, RESULTS in names)


def _kind(name: str) -> str | None:
    """What a file of this name is by its ending: video, picture, or nothing that is graded."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
    if name.startswith("."):
        return None
    return "video" if suffix in VIDEO_SUFFIXES else "picture" if suffix in PICTURE_SUFFIXES else None


def _crumbs(path: Path) -> tuple[tuple[str, str], ...]:
    return tuple((part.name or str(part), str(part)) for part in (*reversed(path.parents), path))
