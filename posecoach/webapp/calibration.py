"""What is known of a camera: shown, made anew, deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from posecoach.body.observed import Neutral
from posecoach.live.session import Session
from posecoach.storage.calibrations import SERVER, Calibration, now
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, bad, body, number
from posecoach.webapp.api import with_camera
from posecoach.webapp.services import services
from posecoach.webapp.visitors import find

blueprint = Blueprint("calibration", __name__, url_prefix="/api/calibration")

_NO_FACE = ApiError(
    409, "no_face", Text("没有看清脸：请面向镜头、靠近一点，再来一次", "No face was seen: face the camera, come closer, try again")
)
_NOTHING = bad("", Text("seconds 或 roll_deg，或两个都有", "seconds, roll_deg or both"))
_NAMELESS = bad("camera", Text("摄像头保存时用的名字", "the name the visitor's camera is stored under"))

_TOO_LATE = ApiError(409, "too_late", Text("已经不能恢复，请重新校准", "It cannot be taken back any more: calibrate again"))
_BUSY = ApiError(503, "busy", Text("别人正在校准，请稍等", "Others are calibrating: wait a moment"))

MOST_MEASURED = 4
"""Faces measured at a time: each holds a worker for as long."""
_MEASURING = threading.BoundedSemaphore(MOST_MEASURED)

Apply = Callable[[Calibration | None], None]


@blueprint.get("")
def show() -> dict[str, Any]:
    camera, _, _ = _where()
    return _answer(camera, services().store.load(camera))


@blueprint.post("")
def make() -> dict[str, Any]:
    camera, session, apply = _where()
    if session is None:
        raise _NAMELESS
    values = body()
    if values.get("undo") is True:
        return _answer(camera, _undeleted(camera, apply))
    seconds, roll_deg = number(values, "seconds", 1, 6), number(values, "roll_deg", -20, 20)
    if seconds is None and roll_deg is None:
        raise _NOTHING
    known = services().store.load(camera) or Calibration()
    if roll_deg is not None:
        known = _keep(camera, replace(known, roll_deg=roll_deg), apply)
    if seconds is not None:
        neutral = _measured(session, seconds)
        if neutral is None:
            raise _NO_FACE
        known = _keep(camera, replace(known, neutral=neutral), apply)
    return _answer(camera, known)


def _measured(session: Session, seconds: float) -> Neutral | None:
    if not _MEASURING.acquire(blocking=False):
        raise _BUSY
    try:
        services().stopping.wait(seconds)
        return session.neutral(seconds)
    finally:
        _MEASURING.release()


def _keep(camera: str, known: Calibration, apply: Apply) -> Calibration:
    known = replace(known, made=now())
    services().store.save(camera, known)
    apply(known)
    return known


@blueprint.delete("")
def delete() -> dict[str, Any]:
    camera, _, apply = _where()
    services().store.delete(camera)
    apply(None)
    return _answer(camera, None)


def _undeleted(camera: str, apply: Apply) -> Calibration:
    known = services().store.undelete(camera)
    if known is None:
        raise _TOO_LATE
    apply(known)
    return known


def _answer(camera: str, known: Calibration | None) -> dict[str, Any]:
    return {"camera": camera, "calibration": None if known is None else known.to_dict()}


def _where() -> tuple[str, Session | None, Apply]:
    """The name a request stores under, the session it is about and how that takes a calibration."""
    found, named, visitor_id = services(), request.args.get("camera", "")[:200], request.args.get("visitor")
    if visitor_id:
        visitor = find(visitor_id)
        name = named or visitor.camera
        if not name:
            raise _NAMELESS
        return f"visitor:{name}", visitor.session, visitor.apply
    if named and named != found.camera.name:
        return f"visitor:{named}", None, lambda _: None
    camera = with_camera(found).camera
    return SERVER + camera.name, camera.session, camera.apply
