"""Everything posecoach raises on purpose.

    PosecoachError
    ├── SourceError        a picture, video or camera that cannot be read
    ├── RulesError         a rule file that does not load; the message names file, line and key
    ├── EstimatorError     the landmark models cannot run on this machine
    ├── OutputError        a result that cannot be written
    ├── WorkerError        the process that worked on a clip crashed, hung or met what nobody expected
    └── ClusterError       the machines of a cluster cannot be used as they are

Every message is one line that says what is wrong, where, and what to do, in both languages.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from posecoach.vocabulary import Text

_REASONS = {
    errno.EACCES: Text("没有权限", "Permission denied"),
    errno.EPERM: Text("没有权限", "Operation not permitted"),
    errno.ENOENT: Text("不存在", "No such file or directory"),
    errno.EEXIST: Text("已有同名文件", "File exists"),
    errno.EISDIR: Text("这是文件夹", "Is a directory"),
    errno.ENOTDIR: Text("这不是文件夹", "Not a directory"),
    errno.ENOSPC: Text("磁盘已满", "No space left on device"),
    errno.EROFS: Text("磁盘只读", "Read-only file system"),
    errno.EIO: Text("磁盘读写出错", "Input/output error"),
}
"""Why the system refuses a file, by its number; Windows has its own words, in the language of the machine."""


def reason_of(error: OSError) -> Text:
    """Why the system refused, as part of a sentence; the system's own words in both languages where we have none."""
    said = error.strerror or str(error)
    known = _REASONS.get(error.errno or 0)
    return Text(known.zh if known else said, said)


class PosecoachError(Exception):
    """Base of all errors a caller may want to show to a person as they are: ``words`` in both languages, ``str()`` in English.

    It travels whole from process to process, with whatever a subclass adds.
    """

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self.args), self.__dict__


def _unpickled(kind: type[PosecoachError], args: tuple[Any, ...]) -> PosecoachError:
    return kind.__new__(kind, *args)


class SourceError(PosecoachError):
    """A picture, video or camera that cannot be read."""


class RulesError(PosecoachError):
    """A rule file that does not load."""


class EstimatorError(PosecoachError):
    """The landmark models cannot run on this machine."""


class OutputError(PosecoachError):
    """A result that cannot be written."""

    @classmethod
    def at(cls, path: Path, error: OSError) -> OutputError:
        """What the system says against writing this file or into this folder."""
        why = reason_of(error)
        return cls(
            Text(
                f"写不了 {path}（{why.zh}）；请关闭打开它的程序，或换一个结果文件夹（--out）",
                f"{path} cannot be written ({why.en}); close it in other programs, or choose another folder with --out",
            )
        )


class WorkerError(PosecoachError):
    """The process that worked on a clip crashed, hung or met what nobody expected."""


class ClusterError(PosecoachError):
    """The machines of a cluster cannot be used as they are."""
