"""A grading's report for the browser: files of the last job's output folder that a report consists of, and no others."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from flask import Response, request, send_file

from posecoach.jobs.trainer import JobRequest
from posecoach.storage.output_folder import (
    ALL_PEOPLE,
    ANNOTATED,
    COMPARISON_PAGE,
    COMPARISON_TABLE,
    PEOPLE,
    REPORT,
    RESULTS,
    STILLS,
    TABLE,
    WORKBOOK,
    OutputFolder,
)
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError

_NONE = ApiError(404, "no_report", Text("报告不在了，请重新评分", "This report is not there: grade again"))
_PART = r"[^/\\:*?\"<>|\x00-\x1f.][^/\\:*?\"<>|\x00-\x1f]*"
_SHOWN = re.compile(
    "|".join(map(re.escape, (REPORT, ALL_PEOPLE, COMPARISON_PAGE)))
    + rf"|{PEOPLE}/{_PART}\.html|{ANNOTATED}/{_PART}\.(mp4|jpg)|{STILLS}/{_PART}/{_PART}\.jpg"
)
_SAVED = re.compile("|".join(map(re.escape, (RESULTS, TABLE, WORKBOOK, COMPARISON_TABLE))))
_TYPES = {".html": "text/html; charset=utf-8", ".mp4": "video/mp4", ".jpg": "image/jpeg"}


def report_address(job: JobRequest | None, page: str = REPORT) -> str | None:
    """Where the report of a job, or another page of its folder, is opened; None where there is none yet."""
    if job is None or not OutputFolder(Path(job.out)).file(page).is_file():
        return None
    return f"/trainer/report/{_key(job)}/{page}"


def send_report(job: JobRequest | None, key: str, name: str) -> Response:
    """One file of the report; 404 for another job's key, for any other file, and for links that lead out of the folder."""
    if job is None or key != _key(job) or not (_SHOWN.fullmatch(name) or _SAVED.fullmatch(name)):
        raise _NONE
    folder = Path(job.out).resolve()
    file = (folder / name).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise _NONE
    answer = send_file(file, _TYPES.get(file.suffix), as_attachment=bool(_SAVED.fullmatch(name)), conditional=True)
    answer.headers["Content-Security-Policy"] = _policy(f"{request.scheme}://{request.host}/trainer/report/{key}/")
    return answer


def _key(job: JobRequest) -> str:
    """Names the output folder without telling it, so that an open report never shows another job's files."""
    return hashlib.sha256(job.out.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _policy(address: str) -> str:
    """A report runs scripts of its own, and its folder may come from anywhere: it reaches its own files and nothing else of this server."""
    files = "'self'" if "[" in address else address
    return (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        f"img-src {files} data: blob:; media-src {files} data: blob:; "
        "font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "sandbox allow-scripts allow-same-origin allow-modals allow-downloads"
    )
