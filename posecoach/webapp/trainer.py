"""The trainer's page: folders of this machine graded by those who never open a terminal. Addresses in `docs/trainer.md`."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach import wording
from posecoach.errors import PosecoachError, RulesError, reason_of
from posecoach.jobs.folders import FolderError, beside, check_out, list_folder, places, read_file, typed_path
from posecoach.jobs.trainer import AT_WORK, GradingBusyError, JobRequest, TrainerJobs
from posecoach.measures.catalogue import MEASURES
from posecoach.reports.rows import drills_of
from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import RuleSet
from posecoach.runners.processes import usable_cores
from posecoach.sources.inputs import Input, find_inputs
from posecoach.storage import trainer_roster
from posecoach.storage.output_folder import RESULTS, ROSTER
from posecoach.storage.output_runs import writing_into
from posecoach.storage.roster import RosterEntry, RosterError, check_roster, decode_roster, match_roster
from posecoach.vocabulary import Profile, Text
from posecoach.webapp.answers import ApiError, bad, body, number, word
from posecoach.webapp.services import Services, services
from posecoach.webapp.trainer_report import report_address, send_report

blueprint = Blueprint("trainer", __name__)

MOST_JOBS = 64
_LONGEST_PATH = 4096
_NAMES_SHOWN = 50
_LONGEST_NAME = 100
_ELSEWHERE = Text(
    "评分页面只能在运行 posecoach 的那台电脑上打开，网址用 127.0.0.1",
    "This page opens only on the computer that runs posecoach, at 127.0.0.1",
)
_CODES = {GradingBusyError: "busy", FolderError: "folder"}
_NO_JOB = ApiError(409, "no_job", Text("还没有评分过", "Nothing has been graded yet"))
_NO_CLIPS = ApiError(409, "no_clips", Text("这个文件夹里没有视频或照片", "There is no video or picture in this folder"))


def may_use(found: Services) -> bool:
    """Whether the one who asks now may look at this machine's folders: on this machine only, unless the server was told otherwise."""
    return found.trainer is not None and (found.is_trainer_remote or _is_from_here())


def _is_from_here() -> bool:
    """Whether the request comes from this machine, and not by way of a proxy on it."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip")):
        return False
    try:
        address = ipaddress.ip_address((request.remote_addr or "").split("%")[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


@blueprint.before_request
def check() -> None:
    if not may_use(services()):
        raise ApiError(403, "elsewhere", _ELSEWHERE)


@blueprint.errorhandler(PosecoachError)
def in_words(error: PosecoachError) -> Response:
    """Errors about folders and rosters are the trainer's to mend."""
    words = error.words
    if isinstance(error, RulesError):
        words = Text(f"这个文件夹里的规则不能用：\n{words.zh}", f"The rules in this folder do not load:\n{words.en}")
    return ApiError(409, _CODES.get(type(error), "refused"), words).response()


@blueprint.errorhandler(OSError)
def refused(error: OSError) -> Response:
    """A path that the system refuses: too long, without permission, on a drive that is gone."""
    why = reason_of(error)
    return ApiError(409, "folder", Text(f"系统拒绝这个路径：{why.zh}", f"the system refuses this path: {why.en}")).response()


@blueprint.get("/trainer")
def page() -> str:
    return render_template("trainer.html")


@blueprint.get("/trainer/")
def page_again() -> AnyResponse:
    return redirect("/trainer", 308)


@blueprint.get("/trainer/report/<key>/<path:name>")
def report(key: str, name: str) -> Response:
    return send_report(_jobs().request, key, name)


@blueprint.get("/api/trainer")
def state() -> dict[str, Any]:
    """What the page asks for once a second."""
    job = _jobs().snapshot()
    return {"job": job and {**job, "report": report_address(_jobs().request)}}


@blueprint.get("/api/trainer/choices")
def choices() -> dict[str, Any]:
    """What can be chosen in the form, with the rules of the server or of the folder ``rules``."""
    drills = [{"id": code, **asdict(words)} for code, words in drills_of(_rule_sets(request.args.get("rules")).values()).items()]
    profiles = [{"id": code.value, **asdict(words)} for code, words in wording.PROFILES.items()]
    found = services()
    return {"drills": drills, "profiles": profiles, "cores": usable_cores(), "jobs": jobs_beside(found.camera.address is not None)}


@blueprint.get("/api/trainer/folder")
def folder() -> dict[str, Any]:
    """What lies in a folder; home without ``path``."""
    given = request.args.get("path", "")
    found = list_folder(_path(given) if given else Path.home())
    return {
        **asdict(found.here),
        "crumbs": [{"name": name, "path": path} for name, path in found.crumbs],
        "places": [{"name": name, "path": path} for name, path in places()],
        "folders": [asdict(inner) for inner in found.folders],
        "rosters": list(found.rosters),
        "is_cut": found.is_cut,
    }


@blueprint.get("/api/trainer/clips")
def clips() -> dict[str, Any]:
    """How much there is to grade in a folder and below it, and where its results would go."""
    path = _path(request.args.get("path", ""))
    found, out = _inputs(path), beside(path)
    videos = sum(item.kind == "video" for item in found)
    has_results = (out / RESULTS).is_file()
    return {"path": str(path), "videos": videos, "pictures": len(found) - videos, "out": str(out), "has_results": has_results}


@blueprint.get("/api/trainer/roster-template")
def roster_template() -> Response:
    """A CSV to be filled in, with a row for each clip of a folder."""
    paths = [item.path for item in _inputs(_path(request.args.get("path", "")))]
    answer = Response(trainer_roster.template(paths), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{ROSTER}"'
    return answer


@blueprint.post("/api/trainer/roster")
def roster() -> dict[str, Any]:
    """Check a roster against a folder's clips: every mistake, or who is missing."""
    values = body()
    text, source, _ = _roster_text(values)
    rows, problems = check_roster(text, source, _drills(values))
    found = match_roster(rows, [item.path for item in _inputs(_path(values.get("folder")))])
    return {
        "rows": found.rows,
        "clips": found.clips,
        "clips_without": list(found.clips_without[:_NAMES_SHOWN]),
        "clips_without_count": len(found.clips_without),
        "rows_without": list(found.rows_without[:_NAMES_SHOWN]),
        "rows_without_count": len(found.rows_without),
        "problems": [{"line": p.line, "column": p.column, "zh": p.what.zh, "en": p.what.en} for p in problems],
    }


@blueprint.post("/api/trainer/start")
def start() -> dict[str, Any]:
    """Begin a grading as the form says."""
    values = body()
    clips_folder, out = _path(values.get("folder")), _path(values.get("out"))
    _refuse_when_busy()
    if not _inputs(clips_folder):
        raise _NO_CLIPS
    check_out(out, clips_folder)
    wanted = _request_of(values, clips_folder, out)
    rows, base = _roster_rows(values, clips_folder)
    stored = _stored(rows, out, base) if rows else None
    _jobs().start(replace(wanted, roster=str(stored) if stored else None))
    return state()


@blueprint.post("/api/trainer/stop")
def stop() -> dict[str, Any]:
    _jobs().stop()
    return state()


@blueprint.post("/api/trainer/resume")
def resume() -> dict[str, Any]:
    """Grade what the last job left, and what has come to its folder since."""
    last = _last()
    if not _inputs(Path(last.folder)):
        raise _NO_CLIPS
    _jobs().start(replace(last, is_regrade=False))
    return state()


@blueprint.post("/api/trainer/regrade")
def regrade() -> dict[str, Any]:
    """Judge the last job's clips again by the rules of another folder."""
    values, last = body(), _last()
    _rule_sets(values.get("rules"))
    _jobs().start(replace(last, rules=_rules(values), is_regrade=True))
    return state()


def jobs_beside(has_camera: bool) -> int:
    """How many clips at a time: a core each, one left to the live camera where there is one."""
    return max(1, usable_cores() - has_camera)


def _jobs() -> TrainerJobs:
    found = services().trainer
    assert found is not None
    return found


def _last() -> JobRequest:
    _refuse_when_busy()
    last = _jobs().request
    if last is None:
        raise _NO_JOB
    return last


def _refuse_when_busy() -> None:
    found = _jobs().state
    if found is not None and found.is_busy:
        raise GradingBusyError(AT_WORK)


def _rule_sets(given: object) -> Mapping[str, RuleSet]:
    """The rules of the folder that a request names, else those of the server. Raises `RulesError`, before any work begins."""
    return load_rule_sets(_path(given), MEASURES) if given else services().rule_sets


def _drills(values: Mapping[str, Any]) -> list[str]:
    return list(drills_of(_rule_sets(values.get("rules")).values()))


def _request_of(values: dict[str, Any], clips_folder: Path, out: Path) -> JobRequest:
    drill, profile = word(values, "drill") or "auto", word(values, "profile") or "unspecified"
    if drill not in _drills(values) or profile not in {known.value for known in Profile}:
        raise bad("drill, profile: expected ones of /api/trainer/choices")
    jobs = number(values, "jobs", 1, MOST_JOBS)
    return JobRequest(
        folder=str(clips_folder),
        out=str(out),
        drill=drill,
        profile=profile,
        rules=_rules(values),
        annotate=_flag(values, "annotate", True),
        blur_faces=_flag(values, "blur_faces", False),
        jobs=jobs_beside(services().camera.address is not None) if jobs is None else int(jobs),
    )


def _roster_rows(values: dict[str, Any], clips_folder: Path) -> tuple[tuple[RosterEntry, ...], Path]:
    """The rows of the form's roster and the folder its references start from. Raises `RosterError` where it has a mistake."""
    if values.get("roster") is None:
        return (), clips_folder
    text, source, base = _roster_text(values)
    rows, problems = check_roster(text, source, _drills(values))
    if problems:
        raise problems[0]
    return rows, base or clips_folder


def _stored(rows: Sequence[RosterEntry], out: Path, base: Path) -> Path:
    with writing_into(out, [ROSTER], of_row=False):
        return trainer_roster.store(rows, out, base)


def _roster_text(values: dict[str, Any]) -> tuple[str, str, Path | None]:
    """Text, name and folder of a request's roster: dropped on the page (without a folder), or a CSV on this machine."""
    given = values.get("roster")
    if not isinstance(given, dict):
        raise bad("roster: expected an object with text and name, or path")
    text, name = given.get("text"), given.get("name") or ROSTER
    if isinstance(text, str) and isinstance(name, str):
        return text, name[:_LONGEST_NAME], None
    path = _path(given.get("path"))
    if path.suffix.lower() != ".csv":
        raise RosterError(Text("名单要用 CSV 文件", "the roster has to be a CSV file"))
    data = read_file(path, trainer_roster.MOST_BYTES + 1)
    if len(data) > trainer_roster.MOST_BYTES:
        raise RosterError(Text("名单太大，最多 1 MB", "the roster is too large: 1 MB at most"))
    return decode_roster(data), path.name, path.parent


def _inputs(path: Path) -> list[Input]:
    """The clips under a folder. Raises `FolderError` where it cannot be read."""
    list_folder(path)
    return find_inputs([str(path)]).inputs


def _path(value: object) -> Path:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_PATH or "\ufffd" in value:
        raise bad("expected the path of a folder")
    return typed_path(value)


def _rules(values: dict[str, Any]) -> str | None:
    """The rules folder of a request, None for the shipped ones."""
    return str(_path(values["rules"])) if values.get("rules") else None


def _flag(values: dict[str, Any], key: str, default: bool) -> bool:
    value = values.get(key, default)
    if not isinstance(value, bool):
        raise bad(f"{key}: expected true or false")
    return value
