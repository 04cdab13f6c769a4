"""Everything under a folder: the files to read, and all else with the reason it is passed over."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from posecoach.judging.results import Skipped
from posecoach.storage.output_folder import DRAWN, clips_of_results

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".bmp", ".dib", ".heic", ".heif", ".hif", ".avif", ".tif", ".tiff"}
)
VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".avi", ".mkv", ".webm", ".wmv", ".asf", ".flv", ".f4v", ".ogv", ".gif", ".divx", ".dv"}
    | {".mpg", ".mpeg", ".m2v", ".vob", ".ts", ".mts", ".m2ts", ".mxf", ".rm", ".rmvb", ".dav", ".mjpg", ".mjpeg"}
    | {".h264", ".264", ".h265", ".265", ".hevc"}
)
OFFICE_LOCK = "~$"


@dataclass(slots=True)
class Walk:
    """What lies under a folder, links to folders followed, each folder read once.

    ``files`` are those to read; ``skipped`` the others, and the folders nobody looked into, by their place and a code of `wording.SKIPPED`.
    """

    files: list[Path] = field(default_factory=list)
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def under(cls, root: Path) -> Walk:
        """Read through a folder. Raises nothing: what cannot be read is told."""
        walk = cls()
        folders, links = deque([(root, False)]), deque[tuple[Path, bool]]()
        while folders or links:  # links last: what they lead to keeps the name of its own place
            here, is_told = folders.popleft() if folders else links.popleft()
            for inner, is_inner_told in walk._folder(here, is_told):
                (links if inner.is_symlink() else folders).append((inner, is_inner_told))
        return walk

    def _folder(self, here: Path, is_told: bool) -> Iterator[tuple[Path, bool]]:
        """Sort the entries of a folder; gives the folders in it to look into.

        ``is_told``: it lies in a folder of results, which is told as a whole; only what looks like media is told of it one by one.
        """
        real = os.path.realpath(here)
        if real in self._seen:
            self.skipped.append((here, "same_folder"))
            return
        self._seen.add(real)
        entries = entries_of(here)
        if entries is None:
            self.skipped.append((here, "no_access"))
            return
        if clips_of_results(here) is not None:
            self.skipped.append((here, "own_results"))
            is_told = True
        drawn = (clips_of_results(here.parent) if here.name in DRAWN else None) or frozenset()
        for path in (Path(entry.path) for entry in entries if _stem(entry.name) not in drawn):
            reason = reason_to_skip(path)
            if reason is None and is_folder(path):
                yield path, is_told
            elif reason is None:
                self.files.append(path)
            elif not is_told or is_media(path):
                self.skipped.append((path, reason))


def reason_to_skip(path: Path) -> str | None:
    """Why an entry of a folder is neither a file to read nor a folder to look into, as a code; None where it is."""
    if path.name.startswith("."):
        return "hidden"
    if path.name.startswith(OFFICE_LOCK):
        return "office_lock"
    if is_folder(path):
        return None
    if path.is_symlink() and not os.path.exists(path):  # noqa: PTH110 (Path.exists raises for what the system refuses)
        return "broken_link"
    if not is_media(path):
        return "not_media"
    return None if os.path.isfile(path) else "not_a_file"  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; False for one that the system refuses."""
    return os.path.isdir(path)  # noqa: PTH112


def is_media(path: Path) -> bool:
    """Whether the ending is that of a video or picture."""
    return path.suffix.lower() in PICTURE_SUFFIXES | VIDEO_SUFFIXES


def entries_of(folder: Path) -> list[os.DirEntry[str]] | None:
    """The entries of a folder by name, None where it cannot be opened."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return None


def _stem(name: str) -> str:
    return name.partition(".")[0]


def skipped_of(place: Path, path: str, reason: str) -> Skipped:
    """As results tell it; the path of a folder ends in a slash."""
    return Skipped(f"{path}/" if is_folder(place) and not path.endswith("/") else path, reason)
