"""Codes for a phone to read: addresses of this server, by the name under which phones reach it."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, request

from posecoach.vocabulary import Profile, Text
from posecoach.webapp.addresses import host_for_phones
from posecoach.webapp.answers import ApiError, bad
from posecoach.webapp.services import Services, services

blueprint = Blueprint("phones", __name__)

_DOTS_PX = 6
_NO_PHONES = ApiError(404, "no_phones", Text("手机到不了这里：请用 --host 和 --tls", "No phone gets here: use --host and --tls"))


@blueprint.get("/phone.svg")
def code() -> Response:
    """Leads a phone to the same practice. What is chosen comes after a ``#``, which lasts through the login and is sent to nobody."""
    found = services()
    if not reach(found):
        raise _NO_PHONES
    topic, profile = request.args.get("topic", ""), request.args.get("profile", "")
    if topic not in found.rule_sets or profile not in ("", *(each.value for each in Profile)):
        raise bad("topic, profile", Text("/api/topics 里的项目和性别", "a topic and a profile of /api/topics"))
    return code_of(f"/#practise={topic},{profile}")


def reach(found: Services) -> bool:
    """Whether a phone reaches this server, and gives it its camera."""
    return not found.is_loopback and request.is_secure


def code_of(path: str) -> Response:
    """The code of a path on this server."""
    import segno

    drawn = BytesIO()
    address = f"{request.scheme}://{host_for_phones(request.host)}{path}"
    segno.make_qr(address, error="m").save(drawn, kind="svg", scale=_DOTS_PX, light="#fff", dark="#000")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")
