"""The output folder: what lies in it under which name, and what of it posecoach wrote.

What is posecoach's own is known in three ways. Files at the top have common names (`index.html`), so a run notes in `MANIFEST` which of
them it writes before it writes them; folders of versions that wrote no such list are known by their `results.json`, and all names at the
top are theirs. What is made of a clip carries a hash in its name. The pages of people carry a mark inside. All else is somebody's.
"""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from posecoach.errors import OutputError
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

DEFAULT = "posecoach-out"
MANIFEST = ".posecoach-files.json"
LOCK = ".posecoach-lock"
SCHEMA = "posecoach.files/1"

RESULTS, TABLE, WORKBOOK, REPORT, ROW_TABLE = "results.json", "results.csv", "results.xlsx", "index.html", "lineup.csv"
ALL_PEOPLE, COMPARISON_PAGE, COMPARISON_TABLE = "people.html", "compare.html", "compare.csv"
EVALUATION, ROSTER, ROSTER_WORKBOOK = "evaluation.json", "roster.csv", "roster.xlsx"

OF_GRADING = (RESULTS, TABLE, WORKBOOK, REPORT, ALL_PEOPLE)
OF_ROW = (RESULTS, TABLE, REPORT, ROW_TABLE)
OF_COMPARISON = (COMPARISON_PAGE, COMPARISON_TABLE)
_FILES = frozenset({*OF_GRADING, *OF_ROW, *OF_COMPARISON, EVALUATION, ROSTER})

LANDMARKS, ANNOTATED, CLIPS, REGRADED, PIECES, PEOPLE, STILLS, CAPTIONS = (
    *("landmarks", "annotated", "clips", "regraded"),
    *("pieces", "people", "stills", "captions"),
)
_ID = r"[^/]+-[0-9a-f]{8}"
_INSIDE = {
    LANDMARKS: re.compile(rf"{_ID}(-\d\d+)?\.npz"),
    ANNOTATED: re.compile(rf"{_ID}\.(mp4|jpg|vtt)"),
    CLIPS: re.compile(rf"{_ID}\.json"),
    REGRADED: re.compile(rf"{_ID}\.json"),
    PIECES: re.compile(rf"{_ID}-[0-9a-f]{{8}}-\d+\.(npz|mp4)"),
    PEOPLE: re.compile(r"[^/]+\.html"),
    STILLS: re.compile(rf"{_ID}/[^/]+\.jpg"),
    CAPTIONS: re.compile(rf"{_ID}\.vtt"),
}
FOLDERS = tuple(_INSIDE)
THUMB = "person.jpg"
"""Among the stills of a clip the picture of its person."""
DRAWN = (ANNOTATED, STILLS)
"""Folders in which pictures or videos lie."""
_DRAFT = re.compile(r"\.(.+\.\d+|[0-9a-f]{32})\.(part|tmp)")
_PASSING = re.compile(r"\.posecoach-.+|\.DS_Store|\._.+|Thumbs\.db|desktop\.ini|~\$.+|\.~lock\..+#|\.nfs.+|\.fuse_hidden.+", re.IGNORECASE)
"""Our own notes, and what file managers, office programs and network drives leave anywhere: neither ours to count nor anybody's work."""
PAGE_MARK = 'content="posecoach report"'
_NAMED = 3
_HEAD_BYTES = 4096
_ROW_NUMBER = re.compile(r"-\d\d+\Z")


class ForeignFilesError(OutputError):
    """A folder that holds what posecoach did not write; nothing was done."""


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """Where everything lies in one output folder. It says paths and removes what is out of date; it travels to the processes that write."""

    path: Path

    def file(self, name: str) -> Path:
        """One of the files at the top, such as `RESULTS`."""
        return self.path / name

    def relative(self, file: Path) -> str:
        """The path of a file in the folder as results name it."""
        return file.relative_to(self.path).as_posix()

    def landmarks(self, clip_id: str, person: int | None = None) -> Path:
        """The landmarks of a clip, or of one person of a row."""
        return self.path / LANDMARKS / (f"{clip_id}.npz" if person is None else f"{clip_id}-{person:02d}.npz")

    def annotated(self, clip_id: str, kind: str) -> Path:
        """The copy of a clip with the verdicts drawn in; ``kind``: video or picture."""
        return self.path / ANNOTATED / f"{clip_id}.{'jpg' if kind == 'picture' else 'mp4'}"

    def record(self, clip_id: str, folder: str) -> Path:
        """What is known of a clip as graded (`CLIPS`) or judged again (`REGRADED`)."""
        return self.path / folder / f"{clip_id}.json"

    def piece(self, clip_id: str, of_file: str, number: int) -> Path:
        """The landmarks of one piece of a clip; ``of_file``: eight hex digits of what it was read from."""
        return self.path / PIECES / f"{clip_id}-{of_file}-{number}.npz"

    def stills(self, clip_id: str) -> Path:
        """The folder with the small pictures of a clip."""
        return self.path / STILLS / clip_id

    def captions(self, clip_id: str) -> Path:
        """What is said in the annotated copy of a clip, with times."""
        return self.path / CAPTIONS / f"{clip_id}.vtt"

    def make_folders(self, *names: str) -> None:
        """Make the folder and some of those inside it. Raises `OutputError` where nothing can be written."""
        probe = self.path / ".posecoach-probe"
        try:
            for folder in (self.path, *(self.path / name for name in names)):
                folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise OutputError.at(self.path, error) from error

    def forget_pictures(self, clip_id: str) -> None:
        """Remove the annotated copy and the stills of a clip."""
        for path in (self.path / ANNOTATED).glob(f"{glob.escape(clip_id)}.*"):
            path.unlink(missing_ok=True)
        clear_stills(self.stills(clip_id))

    def forget_pieces(self) -> None:
        """Remove the pieces of clips that an earlier run has read."""
        for path in (self.path / PIECES).glob("*"):
            if _INSIDE[PIECES].fullmatch(path.name):
                path.unlink(missing_ok=True)

    def forget_pages(self, kept: Iterable[str]) -> None:
        """Remove the pages of people but those whose names are ``kept``."""
        names = set(kept)
        for path in (self.path / PEOPLE).glob("*.html"):
            if path.name not in names:
                with suppress(OSError):
                    if _is_page(path):
                        path.unlink()

    def sweep(self) -> None:
        """Remove what killed processes left: drafts, and the pictures kept of a clip, or of a piece of one that was not read to its end."""
        for folder in (self.path, *(self.path / name for name in FOLDERS)):
            for path in folder.glob(".*"):
                if _DRAFT.fullmatch(path.name):
                    with suppress(OSError):
                        path.unlink()
        for film in (self.path / PIECES).glob("*.mp4"):
            if _INSIDE[PIECES].fullmatch(film.name) and not film.with_suffix(".npz").exists():
                with suppress(OSError):
                    film.unlink()
        with suppress(OSError):
            (self.path / PIECES).rmdir()

    def foreign(self) -> Iterator[str]:
        """Paths in the folder that posecoach did not write; none where there is no folder. Raises OSError."""
        noted = self._noted()
        for path in sorted(self.path.iterdir()) if self.path.exists() else ():
            if path.name in _INSIDE and path.is_dir():
                yield from _foreign_inside(path)
            elif not (_is_passing(path) or (path.name in noted and path.is_file())):
                yield path.name

    def refuse_foreign(self) -> None:
        """Raises `ForeignFilesError` where the folder holds anything posecoach did not write, and `OutputError` where it is none."""
        try:
            found = list(islice(self.foreign(), _NAMED + 1))
        except OSError as error:
            raise OutputError.at(self.path, error) from error
        if not found:
            return
        named = ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
        raise ForeignFilesError(
            Text(
                f"{self.path} 里有不是 posecoach 写的东西（{named}）；请用 --out 换一个结果文件夹，或加上 --force 把它们留着",
                f"{self.path} holds what posecoach did not write ({named}); choose another folder with --out, or keep it with --force",
            )
        )

    def claim(self, files: Iterable[str], *, force: bool = False) -> None:
        """Note that posecoach writes these files at the top, before it does.

        Raises `ForeignFilesError` as `refuse_foreign`. With ``force`` what is somebody else's stays: where it lies in the way, under
        another name, `index.html` as `index.kept.html`. Raises `OutputError`.
        """
        if not force:
            self.refuse_foreign()
        noted = self._noted()
        for name in [*self.foreign()]:
            if name in {*files, *FOLDERS} or Path(name).parent.name == PEOPLE:
                set_aside(self.path / name)
        content = {"schema": SCHEMA, "files": sorted({*noted, *files})}
        write_atomically(self.path / MANIFEST, (json.dumps(content, indent=1) + "\n").encode())

    def unclaim(self) -> None:
        """Forget the claim where nothing has been written."""
        written = (*(self.path / name for name in _FILES), *(path for name in FOLDERS for path in (self.path / name).glob("*")))
        if not any(path.exists() for path in written):
            with suppress(OSError):
                (self.path / MANIFEST).unlink()

    def _noted(self) -> frozenset[str]:
        """The files at the top that are known as written here."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            noted = json.loads((self.path / MANIFEST).read_text("utf-8"))
            return _FILES & frozenset(noted["files"])
        return _FILES if _has_results(self.path) else frozenset()


def clips_of_results(folder: Path) -> frozenset[str] | None:
    """The ids of the clips that posecoach wrote about into a folder; None where it is none of its output folders.

    Such a folder is known by our list of files, by the schema of its ``results.json``, or by the lock of a run at work: names of folders
    say nothing.
    """
    if not (_has_results(folder) or any(os.path.exists(folder / name) for name in (MANIFEST, LOCK))):  # noqa: PTH110
        return None
    ids: set[str] = set()
    for name, pattern in ((LANDMARKS, "*.npz"), (CLIPS, "*.json")):
        with suppress(OSError):
            ids |= {file.stem for file in (folder / name).glob(pattern)}
    return frozenset(ids | {_ROW_NUMBER.sub("", clip_id) for clip_id in ids})


def _has_results(folder: Path) -> bool:
    """Whether there are results of any version of posecoach."""
    with suppress(OSError, ValueError), (folder / RESULTS).open("rb") as stream:
        return b'"posecoach.results/' in stream.read(_HEAD_BYTES)
    return False


def clear_stills(folder: Path) -> None:
    """Remove the small pictures of a clip."""
    for path in folder.glob("*.jpg"):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def _foreign_inside(folder: Path) -> Iterator[str]:
    pattern = _INSIDE[folder.name]
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        is_ours = pattern.fullmatch(inside) and (folder.name != PEOPLE or _is_page(path))
        if not (path.is_dir() or is_ours or _is_passing(path)):
            yield f"{folder.name}/{inside}"


def _is_passing(path: Path) -> bool:
    return bool(_PASSING.fullmatch(path.name) or _DRAFT.fullmatch(path.name))


def _is_page(path: Path) -> bool:
    """Whether a file is a page of a report. Raises OSError."""
    with path.open("rb") as page:
        return PAGE_MARK.encode() in page.read(1000)


def set_aside(path: Path) -> Path:
    """Give a file another name, `index.html` that of `index.kept.html`; returns the new path. Raises `OutputError`."""
    free = next(
        candidate for i in count(1) if not (candidate := path.with_name(f"{path.stem}.kept{'' if i == 1 else i}{path.suffix}")).exists()
    )
    try:
        path.rename(free)
    except OSError as error:
        raise OutputError.at(path, error) from error
    return free
