"""Topics, status, and what is practised before the server's camera."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from posecoach.body.records import Turn
from posecoach.judging.shapes import Shares
from posecoach.judging.sketch import WHOLE, Look
from posecoach.live.session import LiveSession, Session
from posecoach.vocabulary import Text
from posecoach.webapp.answers import TRUE_OR_FALSE, ApiError, bad, body, number, word
from posecoach.webapp.services import Services, services

blueprint = Blueprint("api", __name__, url_prefix="/api")

CHECK_S = 20.0
_CHOICES = Text("/api/topics 里的项目，以及 female、male 或 unspecified", "a topic of /api/topics, and female, male or unspecified")
MOST_FONT_PX = 100
_NOT_SEEN = bad("seen", Text("左、上、右、下，各为 0 到 1 的数字", "left, top, right and bottom from 0 to 1"))
NO_DRILL = ApiError(409, "no_drill", Text("现在练的不是演练", "No drill is practised now"))
NO_CAMERA = ApiError(409, "no_camera", Text("没有接摄像头，可以使用自己的摄像头", "The server has no camera: use your own"))


@blueprint.get("/topics")
def topics() -> dict[str, Any]:
    from posecoach.live.messages import topics_json

    return topics_json(services().rule_sets)


@blueprint.get("/pictures/<rule_id>/<word>.svg")
def picture(rule_id: str, word: str) -> Response:
    """A clause met (``right``) or not met (``wrong``), drawn from the bands of its rule."""
    from posecoach.reports.poster import dump_picture

    found = next((rule_set for rule_set in services().rule_sets.values() for rule in rule_set.rules if rule.id == rule_id), None)
    drawn = dump_picture(found, rule_id, is_right=word == "right") if found is not None and word in ("right", "wrong") else None
    if drawn is None:
        raise ApiError(404, "no_picture", Text("这一条没有图", "There is no picture of this clause"))
    return Response(drawn, mimetype="image/svg+xml")


@blueprint.get("/status")
def status() -> dict[str, Any]:
    found = services()
    return {
        "camera": found.camera.status(),
        "viewers": found.camera.viewers,
        "viewer_limit": found.max_viewers,
        "visitors": found.visitors.count,
        "visitor_limit": found.visitors.limit,
        "uptime_s": round(time.monotonic() - found.start_s, 1),
        "inference_ms": found.camera.inference_ms,
        "rss_mb": _rss_mb(),
    }


@blueprint.get("/state")
def state() -> dict[str, Any]:
    return services().camera.state()


@blueprint.post("/session")
def session() -> dict[str, Any]:
    values, camera = body(), services().camera
    choose(camera.session, values)
    mirror = values.get("mirror")
    if mirror is not None and not isinstance(mirror, bool):
        raise bad("mirror", TRUE_OR_FALSE)
    rotate = number(values, "rotate", 0, 270)
    if rotate is not None and rotate % 90:
        raise bad("rotate", Text("0、90、180 或 270", "0, 90, 180 or 270"))
    camera.session.is_mirrored = camera.session.is_mirrored if mirror is None else mirror
    camera.turn = camera.turn if rotate is None else Turn(int(rotate))
    return session_json(camera.session) | {"rotate": camera.turn.rotate_deg}


@blueprint.post("/check")
def check() -> dict[str, Any]:
    return start_check(with_camera(services()).camera.session)


@blueprint.delete("/check")
def drop_check() -> dict[str, Any]:
    services().camera.session.drop_check()
    return {"ok": True}


@blueprint.post("/drill")
def drill() -> dict[str, Any]:
    return lead(with_camera(services()).camera.session)


def with_camera(found: Services) -> Services:
    """The services, where the server has a camera."""
    if found.camera.address is None:
        raise NO_CAMERA
    return found


def choose(session: Session, values: dict[str, Any]) -> None:
    """Practise the topic and profile of a request."""
    try:
        session.choose(word(values, "topic"), word(values, "profile"))
    except ValueError as error:
        raise bad("topic, profile", _CHOICES) from error


def look_asked(is_mirrored: bool) -> Look:
    """How a request wants a picture shown: ``mirror`` (``is_mirrored`` where it is left out), ``lang``, ``font`` and ``seen``."""
    mirror, language = request.args.get("mirror"), request.args.get("lang", "zh")
    if mirror not in (None, "0", "1") or language not in ("zh", "en"):
        raise bad("mirror, lang", Text("0 或 1，zh 或 en", "0 or 1, and zh or en"))
    shown = is_mirrored if mirror is None else mirror == "1"
    return Look(shown, "en" if language == "en" else "zh", number_asked("font", MOST_FONT_PX), _seen_asked())


def _seen_asked() -> Shares:
    """``seen=left,top,right,bottom``, what is seen of the picture in its widths and heights; all of it where it is left out."""
    given = request.args.get("seen")
    if given is None:
        return WHOLE
    try:
        left, top, right, bottom = (float(edge) for edge in given.split(","))
    except ValueError as error:
        raise _NOT_SEEN from error
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise _NOT_SEEN
    return left, top, right, bottom


def number_asked(key: str, most: float) -> float:
    """A number of the address from 0 to ``most``, 0 where it is not given."""
    given = request.args.get(key, "0")
    try:
        return number({key: float(given)}, key, 0, most) or 0.0
    except ValueError as error:
        raise bad(key, Text(f"0 到 {most:g} 的数字", f"a number from 0 to {most:g}")) from error


def session_json(session: LiveSession) -> dict[str, Any]:
    """What is practised."""
    settings = session.settings
    return {"topic": settings.rule_set.topic, "profile": settings.profile.value, "mirror": session.is_mirrored}


def start_check(session: Session) -> dict[str, Any]:
    """Start a check as a request asks."""
    seconds = number(body(), "seconds", 3, 120) or CHECK_S
    session.start_check(seconds)
    return {"seconds": seconds}


def lead(session: Session) -> dict[str, Any]:
    """What the trainer clicks during a drill: ``do`` is next, again or stop."""
    what = word(body(), "do")
    if what not in ("next", "again", "stop"):
        raise bad("do", Text("next、again 或 stop", "next, again or stop"))
    if not session.lead(what):
        raise NO_DRILL
    return {"ok": True}


def _rss_mb() -> int | None:
    """Memory in use; only Linux tells it without another package."""
    if sys.platform != "linux":
        return None
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
