"""The web server: `create_app` puts the addresses of `docs/live.md`, `docs/meeting.md` and `docs/trainer.md` together.

Requests are checked and answered here; what they ask for is done in `posecoach.live` and `posecoach.jobs`.
"""

from __future__ import annotations

from flask import Flask

from posecoach.resources import web_dir
from posecoach.webapp import (
    accounts,
    api,
    calibration,
    guard,
    login,
    own_account,
    page,
    phones,
    recogniser,
    record_checks,
    record_meetings,
    record_reviews,
    record_tables,
    records,
    records_door,
    row,
    streams,
    trainer,
    trainer_door,
    trainer_roster,
    trainer_rules,
    visitors,
)
from posecoach.webapp.request_head import MAX_BODY_BYTES
from posecoach.webapp.services import Services

__all__ = ["Services", "create_app"]

_ON_THE_DOORS = (trainer, trainer_roster, trainer_rules, records, record_checks, record_meetings, record_reviews, record_tables)
"""What has its addresses on the blueprints of `trainer_door` and `records_door`."""


def create_app(services: Services) -> Flask:
    """The application over running services. Raises `PosecoachError` when the page's assets are missing."""
    web = web_dir()
    app = Flask("posecoach", static_folder=str(web / "static"), template_folder=str(web / "templates"))
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["posecoach"] = services
    guard.install(app, services)
    for part in (
        page,
        phones,
        login,
        api,
        streams,
        visitors,
        recogniser,
        calibration,
        row,
        trainer_door,
        records_door,
        own_account,
        accounts,
    ):
        app.register_blueprint(part.blueprint)
    return app
