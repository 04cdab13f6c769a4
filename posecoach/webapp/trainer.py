"""The trainer's page: folders of this machine graded by those who never open a terminal. Addresses in `docs/trainer.md`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from posecoach import wording
from posecoach.jobs.folders import beside, check_out, list_folder, places
from posecoach.jobs.trainer import JobRequest, JobState
from posecoach.reports.comparison import load_compared, write_comparison
from posecoach.reports.rows import drills_of
from posecoach.runners.processes import usable_cores
from posecoach.storage.output_folder import COMPARISON_PAGE, OF_COMPARISON, RESULTS, OutputFolder
from posecoach.storage.output_runs import writing_into
from posecoach.storage.roster import HEADINGS, PROFILE_NAMES
from posecoach.vocabulary import Profile, Text
from posecoach.webapp.access import viewer
from posecoach.webapp.answers import ApiError, bad, body, flag, number, word
from posecoach.webapp.services import services
from posecoach.webapp.trainer_door import (
    NO_CLIPS,
    about,
    blueprint,
    drills_asked,
    inputs_of,
    jobs,
    last_job,
    path_of,
    refuse_when_busy,
    rulebook_of,
    rules_path,
)
from posecoach.webapp.trainer_report import report_address, send_report
from posecoach.webapp.trainer_roster import note_drills, store_asked

MOST_JOBS = 64
_CHOICES = Text("/api/trainer/choices 里有的", "ones of /api/trainer/choices")
_NO_RESULTS = ApiError(
    409, "no_results", Text("这个文件夹里没有评分结果，请另选一个", "There are no results in this folder: choose another"), field="compare"
)
_SAME = ApiError(
    409, "same", Text("这就是这次的结果，请选另一次的", "These are the same results: choose those of another time"), field="compare"
)


@blueprint.get("/trainer")
def page() -> str:
    return render_template("trainer.html", has_records=viewer() is not None)


@blueprint.get("/trainer/")
def page_again() -> AnyResponse:
    return redirect("/trainer", 308)


@blueprint.get("/trainer/report/<key>/<path:name>")
def report(key: str, name: str) -> Response:
    return send_report(jobs().request, key, name)


@blueprint.get("/api/trainer")
def state() -> dict[str, Any]:
    """What the page asks for once a second; of the finished clips those from number ``after`` on."""
    found, after = jobs(), request.args.get("after", "0")
    job = found.snapshot(int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0)
    return {"job": job and {**job, "report": report_address(found.request)}}


@blueprint.get("/api/trainer/choices")
def choices() -> dict[str, Any]:
    """What can be chosen in the form, with the rules of the server or of the folder ``rules``; ``words`` are those a roster may have."""
    book, found = rulebook_of(request.args.get("rules")), services()
    rule_sets = book.rule_sets
    names = drills_asked(request.args)
    drills = [{"id": code, **asdict(said), "words": names[code]} for code, said in drills_of(book.asked).items()]
    profiles = [{"id": code.value, **asdict(said), "words": PROFILE_NAMES[code]} for code, said in wording.PROFILES.items()]
    return {
        "drills": drills,
        "profiles": profiles,
        "cores": usable_cores(),
        "jobs": jobs_beside(found.camera.address is not None),
        "instead": {rule_set.topic: rule_set.instead_of for rule_set in rule_sets.values() if rule_set.instead_of},
        "topics": {prefix: rule_set.topic for rule_set in rule_sets.values() for prefix in rule_set.prefixes or (rule_set.topic,)},
        "file_headings": ["file", *HEADINGS["file"]],
        "recent": _recent(),
    }


@blueprint.get("/api/trainer/folder")
def folder() -> dict[str, Any]:
    """What lies in a folder; home without ``path``."""
    given = request.args.get("path", "")
    found = list_folder(path_of(given) if given else Path.home())
    return {
        **asdict(found.here),
        "crumbs": [{"name": name, "path": path} for name, path in found.crumbs],
        "places": [{"kind": kind, "name": name, "path": path} for kind, name, path in places()],
        "recent": _recent(),
        "folders": [asdict(inner) for inner in found.folders],
        "files": list(found.files),
        "is_cut": found.is_cut,
    }


@blueprint.get("/api/trainer/clips")
def clips() -> dict[str, Any]:
    """How much there is to grade in a folder and below it, and where its results would go."""
    path = path_of(request.args.get("path", ""))
    found, out = inputs_of(path), beside(path)
    videos = sum(item.kind == "video" for item in found)
    has_results = (out / RESULTS).is_file()
    return {"path": str(path), "videos": videos, "pictures": len(found) - videos, "out": str(out), "has_results": has_results}


@blueprint.post("/api/trainer/start")
def start() -> dict[str, Any]:
    """Begin a grading as the form says."""
    values = body()
    refuse_when_busy()
    with about("folder"):
        clips_folder = path_of(values.get("folder"))
        if not inputs_of(clips_folder):
            raise NO_CLIPS
    with about("out"):
        out = path_of(values.get("out"))
        check_out(out, clips_folder)
    with about("rules"):
        wanted = _request_of(values, clips_folder, out)
    stored = None
    if values.get("roster") is not None:
        with about("roster"):
            stored = store_asked(values, clips_folder, out)
    jobs().start(replace(wanted, roster=str(stored) if stored else None))
    return state()


@blueprint.post("/api/trainer/stop")
def stop() -> dict[str, Any]:
    jobs().stop()
    return state()


@blueprint.post("/api/trainer/resume")
def resume() -> dict[str, Any]:
    """Grade what the last job left, and what has come to its folder since; judge again where that came to no end."""
    last = last_job()
    if last.is_regrade and jobs().state is not JobState.DONE:
        jobs().start(last)
        return state()
    if not inputs_of(Path(last.folder)):
        raise NO_CLIPS
    jobs().start(replace(last, is_regrade=False, drills={}))
    return state()


@blueprint.post("/api/trainer/regrade")
def regrade() -> dict[str, Any]:
    """Judge the last job's clips again: by the rules of another folder, and those in ``drills`` by what is said there."""
    values, last = body(), last_job()
    rules = rules_path(values["rules"]) if "rules" in values else rules_path(last.rules)
    drills = _drills_of(values, {"rules": str(rules) if rules else None})
    again = replace(last, rules=str(rules) if rules else None, is_regrade=True, drills=drills)
    kept = None
    if drills:
        roster, kept = note_drills(again)
        again = replace(again, roster=roster)
    jobs().start(again)
    return {**state(), "kept": kept}


@blueprint.post("/api/trainer/compare")
def compare() -> dict[str, Any]:
    """Set the results of an earlier grading, ``before``, against those of the last job; the address of the page that shows it."""
    last = last_job()
    with about("compare"):
        before, out = path_of(body().get("before")), Path(last.out)
        if not OutputFolder(before).file(RESULTS).is_file():
            raise _NO_RESULTS
        if out.is_dir() and before.samefile(out):
            raise _SAME
        compared = load_compared(before, out)
        with writing_into(out, OF_COMPARISON, of_row=False):
            write_comparison(compared, out)
    return {"page": report_address(last, COMPARISON_PAGE)}


def jobs_beside(has_camera: bool) -> int:
    """How many clips at a time: a core each, one left to the live camera where there is one."""
    return max(1, usable_cores() - has_camera)


def _recent() -> list[dict[str, str]]:
    """Folders graded lately that are still there."""
    found = [Path(path) for path in jobs().recent]
    return [{"name": path.name or str(path), "path": str(path)} for path in found if path.is_dir()]


def _request_of(values: dict[str, Any], clips_folder: Path, out: Path) -> JobRequest:
    drill, profile = word(values, "drill") or "auto", word(values, "profile") or "unspecified"
    if drill not in drills_asked(values) or profile not in {known.value for known in Profile}:
        raise bad("drill, profile", _CHOICES)
    at_a_time, rules = number(values, "jobs", 1, MOST_JOBS), rules_path(values.get("rules"))
    return JobRequest(
        folder=str(clips_folder),
        out=str(out),
        drill=drill,
        profile=profile,
        rules=str(rules) if rules else None,
        annotate=flag(values, "annotate", True),
        blur_faces=flag(values, "blur_faces"),
        jobs=jobs_beside(services().camera.address is not None) if at_a_time is None else int(at_a_time),
    )


def _drills_of(values: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, str]:
    """By which drill each clip is to be judged again. Raises `ApiError`, and `RulesError` before any work begins."""
    given, known = values.get("drills") or {}, drills_asked(rules)
    if not isinstance(given, dict) or not all(isinstance(drill, str) and drill in known for drill in given.values()):
        raise bad("drills", _CHOICES)
    return {str(path): str(drill) for path, drill in given.items()}
