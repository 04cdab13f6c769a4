"""The page to practise on."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from posecoach.vocabulary import Text
from posecoach.webapp.access import viewer
from posecoach.webapp.answers import ApiError
from posecoach.webapp.office_tls import ADDRESS
from posecoach.webapp.phones import reach
from posecoach.webapp.recogniser import has_recogniser
from posecoach.webapp.services import services
from posecoach.webapp.trainer_door import may_use

blueprint = Blueprint("page", __name__)

_NO_AUTHORITY = ApiError(404, "no_authority", Text("这里没有办公室证书", "There is no office certificate here"))


@blueprint.get("/")
def index() -> str:
    found = services()
    return render_template(
        "live.html",
        has_trainer=may_use(found),
        has_row=found.row is not None,
        has_login=found.logins is not None,
        has_records=viewer() is not None,
        recognises=has_recogniser(),
        has_phones=reach(found),
    )


@blueprint.get(ADDRESS)
def authority() -> Response:
    """What phones and other machines have to trust once; with this type they offer to install it."""
    path = services().authority
    if path is None:
        raise _NO_AUTHORITY
    return Response(path.read_bytes(), mimetype="application/x-x509-ca-cert")
