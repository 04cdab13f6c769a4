"""Who may use the trainer's page, how its errors are told, and the paths and rosters in its requests."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from posecoach.errors import PosecoachError, RulesError, reason_of
from posecoach.history.accounts import Role
from posecoach.jobs.folders import FolderError, list_folder, typed_path
from posecoach.jobs.trainer import AT_WORK, GradingBusyError, JobRequest, TrainerJobs
from posecoach.measures.catalogue import MEASURES
from posecoach.rulebook.drill_loading import Rulebook, load_rulebook
from posecoach.sources.inputs import Input, find_inputs
from posecoach.storage.output_folder import ROSTER
from posecoach.storage.roster import drill_names
from posecoach.storage.roster_files import RosterChangedError
from posecoach.storage.tables import RosterError, Table, read_table, table_of_bytes, table_of_text
from posecoach.vocabulary import Text
from posecoach.webapp.access import account_now, is_from_here
from posecoach.webapp.answers import ApiError, answer_of, bad
from posecoach.webapp.services import Services, services

blueprint = Blueprint("trainer", __name__)

NO_CLIPS = ApiError(409, "no_clips", Text("这个文件夹里没有视频或照片", "There is no video or picture in this folder"), field="folder")
_NO_JOB = ApiError(409, "no_job", Text("还没有评分过", "Nothing has been graded yet"))
_ELSEWHERE = Text(
    "评分页面只能在运行 posecoach 的那台电脑上打开，网址用 127.0.0.1",
    "This page opens only on the computer that runs posecoach, at 127.0.0.1",
)
_CODES = {GradingBusyError: "busy", FolderError: "folder", RosterError: "roster", RosterChangedError: "changed"}
_LONGEST_PATH = 4096
_LONGEST_NAME = 100
_TABLE_ENDINGS = (".csv", ".xlsx", ".xls")


def may_use(found: Services) -> bool:
    """Whether the one who asks now may look at this machine's folders: on this machine, with `--remote-trainer` also as an admin."""
    if found.trainer is None:
        return False
    account = account_now()
    return is_from_here() or (found.is_trainer_remote and account is not None and account.role is Role.ADMIN)


@blueprint.before_request
def check() -> None:
    if not may_use(services()):
        raise ApiError(403, "elsewhere", _ELSEWHERE)


@blueprint.errorhandler(PosecoachError)
@blueprint.errorhandler(OSError)
def in_words(error: PosecoachError | OSError) -> Response:
    """Errors about folders and rosters are the trainer's to mend."""
    return answer_of(_told(error))


@contextmanager
def about(field: str) -> Iterator[None]:
    """What goes wrong is told beside this field of the form."""
    try:
        yield
    except ApiError as error:
        raise ApiError(error.status, error.code, error.words, **{"field": field, **error.more}) from error
    except (PosecoachError, OSError) as error:
        told = _told(error)
        raise ApiError(told.status, told.code, told.words, field=field) from error


def _told(error: PosecoachError | OSError) -> ApiError:
    if isinstance(error, OSError):  # a path that the system refuses: too long, without permission, on a drive that is gone
        why = reason_of(error)
        return ApiError(409, "folder", Text(f"系统拒绝这个路径：{why.zh}", f"the system refuses this path: {why.en}"))
    words = error.words
    if isinstance(error, RulesError):
        words = Text(f"这个文件夹里的规则不能用：\n{words.zh}", f"The rules in this folder do not load:\n{words.en}")
    return ApiError(409, _CODES.get(type(error), "refused"), words)


def jobs() -> TrainerJobs:
    """The last job, and the next."""
    found = services().trainer
    assert found is not None
    return found


def last_job() -> JobRequest:
    """What the last job was asked for, where none is at work. Raises `ApiError` and `GradingBusyError`."""
    refuse_when_busy()
    last = jobs().request
    if last is None:
        raise _NO_JOB
    return last


def refuse_when_busy() -> None:
    """Raises `GradingBusyError` while a job is at work."""
    found = jobs().state
    if found is not None and found.is_busy:
        raise GradingBusyError(AT_WORK)


def path_of(value: object) -> Path:
    """A path in a request. Raises `ApiError` and `FolderError`."""
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_PATH or "\ufffd" in value:
        raise bad("", Text("文件夹的完整路径", "the path of a folder"))
    return typed_path(value)


def inputs_of(path: Path) -> list[Input]:
    """The clips under a folder. Raises `FolderError` where it cannot be read."""
    list_folder(path)
    return find_inputs([str(path)]).inputs


def rules_path(given: object) -> Path | None:
    """The folder of rules that a request names: one on this machine; None for those of the server."""
    return path_of(given) if given else None


def rulebook_of(given: object) -> Rulebook:
    """The rules of the folder that a request names, else those of the server. Raises `RulesError`, before any work begins."""
    path = rules_path(given)
    return load_rulebook(path, MEASURES) if path else jobs().own_rules.rulebook()


def drills_asked(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What can be asked for by the rules of a request, with the words for it."""
    return drill_names(rulebook_of(values.get("rules")).asked)


def table_asked(given: object) -> tuple[Table, Path | None]:
    """The table in a request and the folder it lies in: ``text`` pasted, ``data`` of a file in base64, or a ``path`` on this machine.

    Only the last has a folder. Raises `ApiError` and `RosterError`.
    """
    if not isinstance(given, dict):
        raise bad("roster", Text("带 text、data 或 path 的对象", "an object with text, data or path"))
    text, data, name = given.get("text"), given.get("data"), given.get("name") or ROSTER
    source = name[:_LONGEST_NAME] if isinstance(name, str) else ROSTER
    if isinstance(text, str):
        return table_of_text(text, source), None
    if isinstance(data, str):
        return table_of_bytes(_decoded(data), source), None
    path = path_of(given.get("path"))
    if path.suffix.lower() not in _TABLE_ENDINGS:
        raise RosterError(Text("名单要用 Excel（.xlsx）或 CSV 文件", "the roster has to be an Excel workbook (.xlsx) or a CSV file"))
    return read_table(path), path.parent


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad("roster.data", Text("base64", "base64")) from error
