"""A check before the camera: kept in a record when somebody says whose it is, and found by a phone."""

from __future__ import annotations

from typing import Any

from flask import Response

from posecoach.history.checks import number_of
from posecoach.history.recording import check_before_camera, record
from posecoach.history.tables import utc_now
from posecoach.storage.results_json import clause_to_dict
from posecoach.vocabulary import Text
from posecoach.webapp.answers import ApiError, body, word
from posecoach.webapp.phones import code_of
from posecoach.webapp.records_door import blueprint, opened
from posecoach.webapp.services import services
from posecoach.webapp.visitors import find as find_visitor

_NO_CHECK = ApiError(409, "no_check", Text("检查结果已经不在了，请再检查一次", "The result of the check is gone: check again"))


@blueprint.post("/person/<int:number>/checks")
def keep_check(number: int) -> dict[str, Any]:
    """Records the check whose result the page shows: only now, and only because somebody said so.

    ``values`` are those of its clauses as the page shows them: before one camera another page may have made a check since.
    """
    values = body()
    visitor = word(values, "visitor")
    checked = (services().camera.session if visitor is None else find_visitor(visitor).session).checked
    if checked is None or values.get("values") != [clause_to_dict(clause)["value"] for clause in checked[0].clauses]:
        raise _NO_CHECK
    person, settings = checked
    check = check_before_camera(person, settings.rule_set, settings.profile.value, utc_now())
    kept = record(opened(), check, "live", number)
    with opened().reading() as session:
        return {"new": kept.new, **addresses_of(number_of(session, number, check.topic, check.seen_key))}


@blueprint.get("/check/<int:number>/qr.svg")
def check_code(number: int) -> Response:
    """The address of a check's page for a phone to read: it opens nothing by itself, whoever follows it signs in first."""
    return code_of(f"/records/check/{number}")


def addresses_of(number: int | None) -> dict[str, str | None]:
    """Where a check is shown; ``code`` None where no phone reaches this server."""
    address = f"/records/check/{number}"
    return {"page": address, "code": None if services().is_loopback else f"{address}/qr.svg"}
