"""Runs that write into an output folder: one at a time, none over what is not posecoach's, none over results of another kind."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from posecoach.errors import OutputError, SourceError
from posecoach.storage.output_folder import FOLDERS, LOCK, OutputFolder
from posecoach.storage.results_json import load_results
from posecoach.vocabulary import Text

logger = logging.getLogger(__name__)


class FolderTakenError(OutputError):
    """A folder that must not be written into now; nothing was done."""


@contextmanager
def writing_into(out: Path, files: Iterable[str], *, force: bool = False, of_row: bool | None = None) -> Iterator[OutputFolder]:
    """Hold a folder, made where it is not there, to write these files at its top and whatever belongs into its folders.

    ``of_row``: whether the results of a row or of a grading go there, None where no results do. Raises `ForeignFilesError` where it holds
    what posecoach did not write, unless ``force`` is given; `FolderTakenError` while another run holds it, or where results of the other
    kind would be lost; `OutputError` where it cannot be written. After any of these, and where nothing was written, it is as it was.
    """
    folder = OutputFolder(out)
    if not force:
        folder.refuse_foreign()
    with ExitStack() as stack:
        stack.enter_context(_leaving_none_empty(out))
        folder.make_folders()
        stack.enter_context(alone_in(out))
        if of_row is not None:
            keep_results(out, of_row)
        stack.callback(folder.unclaim)
        stack.enter_context(_leaving_none_empty(*(out / name for name in FOLDERS)))
        folder.claim(files, force=force)
        folder.sweep()
        stack.callback(folder.sweep)
        yield folder


@contextmanager
def _leaving_none_empty(*folders: Path) -> Iterator[None]:
    """Remove afterwards those of these folders that were not there before and hold nothing."""
    made = [folder for folder in folders if not folder.exists()]
    try:
        yield
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Hold a folder, if it is there; the operating system lets go of it when this process ends in whatever way.

    Raises `FolderTakenError` when another run holds it. A file system without locks is used without.
    """
    with ExitStack() as stack:
        try:
            if out.is_dir():  # a lock would make it
                stack.enter_context(FileLock(out / LOCK, timeout=0, fallback_to_soft=False))
        except Timeout as error:
            words = Text(
                f"另一个 posecoach 正在往 {out} 里写结果，请等它结束，或换一个结果文件夹",
                f"another run of posecoach is writing into {out}; wait for its end, or choose another folder with --out",
            )
            raise FolderTakenError(words) from error
        except (OSError, NotImplementedError) as error:
            logger.debug("%s is used without a lock: %s", out, error)
        stack.callback(_forget, out / LOCK)
        yield


def _forget(lock: Path) -> None:
    with suppress(OSError):
        lock.unlink()


def keep_results(out: Path, of_row: bool) -> None:
    """See to it that a row's results do not replace a grading's, nor the other way round: both have the same default folder.

    Raises `FolderTakenError`. What cannot be read as results, or names no clip, may be replaced.
    """
    with suppress(SourceError):
        found = load_results(out)
        if found.clips and found.is_row is not of_row:
            zh, en = ("一次多段视频的评分", "a grading") if of_row else ("一次队列检查", "a row")
            raise FolderTakenError(
                Text(
                    f"{out} 里是{zh}的结果，再写会丢失，请换一个结果文件夹",
                    f"{out} holds the results of {en}, which would be lost; choose another folder with --out",
                )
            )
