"""What a browser loads to recognise a person by itself, so that no picture leaves it.

Its worker runs under a policy of its own: MediaPipe's face mesh makes functions out of text, which is allowed there and nowhere else, and
the worker may connect to nothing but this server.
"""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO

from flask import Blueprint, Response, send_file

from posecoach.resources import RECOGNISER_FILES, npm_file, web_dir
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError

blueprint = Blueprint("recogniser", __name__, url_prefix="/recogniser")

POLICY = "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'"
_PLACES = {name.rpartition("/")[2]: name for name in RECOGNISER_FILES}
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
_MISSING = ApiError(404, "no_recogniser", Text("没有安装浏览器识别用的文件", "The files for recognition in the browser are not installed"))


def has_recogniser() -> bool:
    """Whether browsers find here all they need to recognise a person."""
    return all(npm_file(name) for name in RECOGNISER_FILES)


@blueprint.get("/worker.js")
def worker() -> Response:
    answer = send_file(web_dir() / "static" / "recogniser" / "worker.js", mimetype="text/javascript", max_age=None)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@blueprint.get("/<name>")
def package_file(name: str) -> Response:
    """A file of the npm packages. They lie side by side here, and beside the worker: there the face mesh looks for its parts."""
    found = npm_file(_PLACES[name]) if name in _PLACES else None
    if found is None:
        raise _MISSING
    return _kept(send_file(found, mimetype=_TYPES.get(found.suffix, "application/octet-stream")))


@blueprint.get("/pose.task")
def pose_model() -> Response:
    bundle, tag = _bundle()
    answer = send_file(BytesIO(bundle), mimetype="application/octet-stream", etag=tag)
    return _kept(answer)


@cache
def _bundle() -> tuple[bytes, str]:
    from posecoach.estimators.mediapipe import pose_bundle

    bundle = pose_bundle()
    return bundle, hashlib.sha256(bundle).hexdigest()[:32]


def _kept(answer: Response) -> Response:
    """The browser may keep it, but asks each time whether it is still the same."""
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
