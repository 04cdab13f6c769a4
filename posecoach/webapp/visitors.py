"""Visitors' own cameras."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from posecoach.errors import EstimatorError, SourceError
from posecoach.judging.sketch import Look
from posecoach.live.allowance import TooFastError
from posecoach.live.judges import POST_MS, GoneError
from posecoach.live.landmark_visitor import LandmarkVisitor
from posecoach.live.picture_visitor import PictureVisitor
from posecoach.live.visitor import NoRoomError, Visitor
from posecoach.sources.landmark_posts import MOST_BYTES, LandmarksError, StaleError
from posecoach.sources.posted import decode_posted
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, bad, body, word
from posecoach.webapp.api import choose, lead, look_asked, number_asked, start_check
from posecoach.webapp.services import services

blueprint = Blueprint("visitors", __name__, url_prefix="/api/visitor")

SIDE_ASKED_PX = 640
MOST_TOOK_MS = 600_000.0
_NO_SESSION = ApiError(404, "no_session", Text("练习已结束，请重新开始", "The session has ended: start again"))
_OTHER_KIND = ApiError(409, "other_kind", Text("这次练习发送的不是这种数据", "This session was opened to send something else"))


@blueprint.post("")
def open_visitor() -> dict[str, Any]:
    found, values = services(), body()
    camera, sends = word(values, "camera"), values.get("sends", "pictures")
    if sends not in ("pictures", "landmarks"):
        raise bad("sends", Text("pictures 或 landmarks", "pictures or landmarks"))
    try:
        visitor: Visitor = found.visitors.open() if sends == "pictures" else found.visitors.open_landmarks()
    except NoRoomError as error:
        raise ApiError(503, "busy", error.words, limit=found.visitors.limit, wait_s=error.wait_s) from error
    visitor.camera = camera
    if camera is not None:
        visitor.apply(found.store.load(f"visitor:{camera}"))
    return {"id": visitor.id, "max_side": SIDE_ASKED_PX, "post_ms": POST_MS[0]}


@blueprint.post("/<visitor_id>/frame")
def frame(visitor_id: str) -> dict[str, Any]:
    visitor = find(visitor_id)
    if not isinstance(visitor, PictureVisitor):
        raise _OTHER_KIND
    look, took_ms = _asked(visitor)
    try:
        return visitor.see(decode_posted(request.get_data(cache=False)), look, took_ms)
    except NoRoomError as error:
        raise ApiError(409, "in_flight", error.words) from error
    except SourceError as error:
        raise ApiError(400, "bad_picture", error.words) from error
    except EstimatorError as error:
        raise ApiError(503, "no_models", error.words) from error


@blueprint.post("/<visitor_id>/landmarks")
def landmarks(visitor_id: str) -> Response:
    visitor = find(visitor_id)
    if not isinstance(visitor, LandmarkVisitor):
        raise _OTHER_KIND
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    look, took_ms = _asked(visitor)
    try:
        return Response(visitor.see(request.get_data(cache=False), look, took_ms), mimetype="application/json")
    except NoRoomError as error:
        raise ApiError(409, "in_flight", error.words) from error
    except TooFastError as error:
        raise ApiError(429, "too_fast", error.words, wait_s=round(error.wait_s, 1)) from error
    except StaleError as error:
        raise ApiError(409, "stale", error.words) from error
    except LandmarksError as error:
        raise ApiError(400, "bad_landmarks", error.words) from error


def _asked(visitor: Visitor) -> tuple[Look, float]:
    """What a post says beside what was seen: what is practised, how the picture is shown, and how long the last answer took, ms."""
    choose(visitor.session, request.args.to_dict())
    return look_asked(visitor.session.is_mirrored), number_asked("took", MOST_TOOK_MS)


@blueprint.post("/<visitor_id>/check")
def check(visitor_id: str) -> dict[str, Any]:
    return start_check(find(visitor_id).session)


@blueprint.post("/<visitor_id>/drill")
def drill(visitor_id: str) -> dict[str, Any]:
    return lead(find(visitor_id).session)


@blueprint.delete("/<visitor_id>/check")
def drop_check(visitor_id: str) -> dict[str, Any]:
    find(visitor_id).session.drop_check()
    return {"ok": True}


@blueprint.delete("/<visitor_id>")
def end(visitor_id: str) -> Response:
    services().visitors.end(visitor_id)
    return Response(status=204)


@blueprint.app_errorhandler(GoneError)
def gone(_error: GoneError) -> Response:
    return _NO_SESSION.response()


def find(visitor_id: str) -> Visitor:
    """The session of a request."""
    visitor = services().visitors.get(visitor_id)
    if visitor is None:
        raise _NO_SESSION
    return visitor
