"""Visitors' own cameras."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from posecoach.errors import EstimatorError, SourceError
from posecoach.live.visitors import NoRoomError, Visitor
from posecoach.sources.posted import decode_posted
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, body, word
from posecoach.webapp.api import choose, look_asked, number_asked, start_check
from posecoach.webapp.services import services

blueprint = Blueprint("visitors", __name__, url_prefix="/api/visitor")

WIDTH_ASKED_PX = 640
MOST_TOOK_MS = 600_000.0


@blueprint.post("")
def open_visitor() -> dict[str, Any]:
    found = services()
    camera = word(body(), "camera")
    try:
        visitor = found.visitors.open()
    except NoRoomError as error:
        raise ApiError(503, "busy", error.words, limit=found.visitors.limit) from error
    visitor.camera = camera
    if camera is not None:
        visitor.apply(found.store.load(f"visitor:{camera}"))
    return {"id": visitor.id, "max_width": WIDTH_ASKED_PX}


@blueprint.post("/<visitor_id>/frame")
def frame(visitor_id: str) -> dict[str, Any]:
    visitor = find(visitor_id)
    choose(visitor.session, request.args.to_dict())
    look = look_asked(visitor.session.is_mirrored)
    try:
        return visitor.see(decode_posted(request.get_data(cache=False)), look, number_asked("took", MOST_TOOK_MS))
    except NoRoomError as error:
        raise ApiError(409, "in_flight", error.words) from error
    except SourceError as error:
        raise ApiError(400, "bad_picture", error.words) from error
    except EstimatorError as error:
        raise ApiError(503, "no_models", error.words) from error


@blueprint.post("/<visitor_id>/check")
def check(visitor_id: str) -> dict[str, Any]:
    return start_check(find(visitor_id).session)


@blueprint.delete("/<visitor_id>/check")
def drop_check(visitor_id: str) -> dict[str, Any]:
    find(visitor_id).session.drop_check()
    return {"ok": True}


@blueprint.delete("/<visitor_id>")
def end(visitor_id: str) -> Response:
    services().visitors.end(visitor_id)
    return Response(status=204)


def find(visitor_id: str) -> Visitor:
    """The session of a request."""
    visitor = services().visitors.get(visitor_id)
    if visitor is None:
        raise ApiError(404, "no_session", Text("练习已结束，请重新开始", "The session has ended: start again"))
    return visitor
