"""What every file that is read must be, whatever it holds: there, a file, not empty, and open to us; and what is told of one in part."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import SourceError, reason_of
from posecoach.vocabulary import Text
from posecoach.wording import KINDS

DAMAGED = "damaged"
"""The warning of a file of which only a part can be read."""


def check_file(path: Path, name: str, kind: str) -> None:
    """Raise `SourceError`, telling of ``name``, unless there is something to read; ``kind``: a code of `wording.KINDS`."""
    if not path.exists():
        raise SourceError(Text(f"没有这个文件：{name}；请检查文件名", f"no such file: {name}; check the spelling"))
    if not path.is_file():
        said = KINDS[kind]
        raise SourceError(
            Text(
                f"不是{said.zh}：{name} 是文件夹或设备；请给出文件",
                f"not a {said.en.lower()}: {name} is a folder or a device; name a file",
            )
        )
    try:
        with path.open("rb") as file:
            is_empty = not file.read(1)
    except OSError as error:
        raise cannot_open(name, error) from error
    if is_empty:
        raise SourceError(Text(f"文件是空的：{name} 只有 0 字节；请重新拷贝", f"the file is empty: {name} has 0 bytes; copy it again"))


def cannot_open(name: str, error: OSError) -> SourceError:
    """What to raise where the system does not open a file."""
    why = reason_of(error)
    return SourceError(
        Text(
            f"打不开：{name}：{why.zh}；请检查权限，或是不是被别的程序占用",
            f"cannot be opened: {name}: {why.en}; check the permissions",
        )
    )
