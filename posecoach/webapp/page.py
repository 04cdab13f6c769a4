"""The page to practise on."""

from __future__ import annotations

from flask import Blueprint, render_template

from posecoach.webapp.access import viewer
from posecoach.webapp.recogniser import has_recogniser
from posecoach.webapp.services import services
from posecoach.webapp.trainer_door import may_use

blueprint = Blueprint("page", __name__)


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
    )
