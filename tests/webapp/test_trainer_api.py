"""The addresses of docs/trainer.md: who may ask, folders, rosters, a job from start to report."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from posecoach.history.accounts import Role
from posecoach.history.database import Records
from posecoach.jobs.trainer import TrainerJobs
from posecoach.judging.results import Results
from posecoach.resources import rules_dir
from posecoach.storage.results_json import dump_results
from posecoach.storage.tables import table_of_bytes
from posecoach.webapp import create_app
from posecoach.webapp.logins import Logins
from posecoach.webapp.trainer import jobs_beside
from tests.accounts import PASSWORD, hash_cheaply, made
from tests.reports.fakes import GENERATOR, RULES, clip
from tests.waiting import until
from tests.webapp.fakes import world
from tests.webapp.trainer_fakes import NO_VIDEO, OURS, Desk, FakeWork

PHRASE = "good posture all day"
DOCS = (Path(__file__).parents[2] / "docs" / "trainer.md").read_text("utf-8")
PAGES = (
    "/trainer",
    "/api/trainer",
    "/api/trainer/choices",
    "/api/trainer/folder",
    "/api/trainer/clips?path=/nowhere",
    "/trainer/report/0/index.html",
)
ACTIONS = ("start", "stop", "resume", "regrade", "roster", "table", "compare", "rules", "rules/undo", "rules/reset")


# --- who may ask --------------------------------------------------------------------------------------------------------------------------


def statuses(client: FlaskClient, address: str = "127.0.0.1", **headers: str) -> set[int]:
    """What a request from ``address`` gets, over all addresses."""
    there: dict[str, Any] = {"headers": {**OURS, **headers}, "environ_base": {"REMOTE_ADDR": address}}
    found = {client.get(page, **there).status_code for page in PAGES}
    return found | {client.post(f"/api/trainer/{action}", json={}, **there).status_code for action in ACTIONS}


@pytest.mark.parametrize("address", ["192.168.1.9", "10.0.0.1", "fe80::1%eth0", "::ffff:192.168.1.9", "", "here"])
def test_other_machines_reach_nothing_of_it(desk: Desk, address: str) -> None:
    assert statuses(desk.client, address) == {403}
    assert "/trainer" not in desk.client.get("/", environ_base={"REMOTE_ADDR": address}).text


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
def test_neither_do_those_behind_a_proxy_on_this_machine(desk: Desk, header: str) -> None:
    assert statuses(desk.client, **{header: "127.0.0.1"}) == {403}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_does(desk: Desk, address: str) -> None:
    assert desk.client.get("/trainer", environ_base={"REMOTE_ADDR": address}).status_code == 200
    assert 'href="/trainer"' in desk.client.get("/", environ_base={"REMOTE_ADDR": address}).text


@pytest.mark.parametrize("is_remote", [False, True])
def test_the_pass_phrase_opens_it_here_and_only_an_admin_elsewhere_where_the_server_says_so(
    tmp_path: Path, is_remote: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash_cheaply(monkeypatch)
    records = Records.open(tmp_path / "records")
    made(records, "admin", Role.ADMIN)
    more: dict[str, Any] = {"logins": Logins(PHRASE), "is_loopback": False, "is_trainer_remote": is_remote, "open_records": lambda: records}
    with world(tmp_path, has_camera=False, trainer=TrainerJobs(tmp_path, FakeWork()), **more) as running:
        client = create_app(running.services).test_client()
        there: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.168.1.9"}}
        assert client.get("/trainer", **there).headers["Location"] == "/login"
        assert statuses(client, "192.168.1.9") == {303, 401}
        assert statuses(client) == {303, 401}
        client.post("/login", json={"passphrase": PHRASE}, headers=OURS)
        assert client.get("/api/trainer/folder").status_code == 200
        assert client.get("/api/trainer/folder", **there).status_code == 403
        client.post("/login", json={"name": "admin", "passphrase": PASSWORD}, headers=OURS)
        assert client.get("/api/trainer/folder", **there).status_code == (200 if is_remote else 403)
        assert (403 in statuses(client, "192.168.1.9")) is not is_remote
    records.close()


def test_a_server_without_it_has_no_such_page(tmp_path: Path) -> None:
    with world(tmp_path, has_camera=False) as running:
        client = create_app(running.services).test_client()
        assert statuses(client) == {403}
        assert "/trainer" not in client.get("/").text


@pytest.mark.parametrize("action", ACTIONS)
def test_other_pages_start_and_stop_nothing(desk: Desk, action: str) -> None:
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null", **OURS}, {"Sec-Fetch-Site": "cross-site"}):
        assert desk.client.post(f"/api/trainer/{action}", json={"folder": str(desk.clips)}, headers=headers).status_code == 403
    assert desk.client.get("/api/trainer/folder", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert desk.work.requests == []


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in ("roster", "table", "rules")])
def test_looking_changes_nothing(desk: Desk, action: str) -> None:
    assert desk.client.get(f"/api/trainer/{action}").status_code == 405


# --- folders ------------------------------------------------------------------------------------------------------------------------------


def test_a_folder_is_shown_home_first(desk: Desk) -> None:
    assert desk.get("/folder").get_json()["path"] == str(Path.home())
    found = desk.get("/folder", path=f'"{desk.clips.parent}"').get_json()
    inner = next(folder for folder in found["folders"] if folder["name"] == "一班")
    assert (inner["path"], inner["videos"], inner["pictures"]) == (str(desk.clips), 2, 1)
    assert found["crumbs"][-1] == {"name": desk.clips.parent.name, "path": str(desk.clips.parent)}


def test_clips_are_counted_and_results_go_beside(desk: Desk) -> None:
    (desk.clips / "inner").mkdir()
    (desk.clips / "inner" / "d.mov").write_bytes(b"")
    found = desk.get("/clips", path=str(desk.clips)).get_json()
    assert found == {"path": str(desk.clips), "videos": 3, "pictures": 1, "out": str(desk.out), "has_results": False}


@pytest.mark.parametrize("path", ["missing", "c.jpg"])
def test_what_is_no_folder_is_told(desk: Desk, path: str) -> None:
    for address in ("/folder", "/clips"):
        answer = desk.get(address, path=str(desk.clips / path))
        assert (answer.status_code, answer.get_json()["error"]) == (409, "folder")
        assert str(desk.clips / path) in answer.get_json()["zh"]


@pytest.mark.parametrize("path", ["", "relative", "x" * 5000, "a\0b"])
def test_what_is_no_path_is_refused(desk: Desk, path: str) -> None:
    assert desk.post("roster", folder=path, roster={"text": "file"}).status_code in (400, 409)
    assert desk.start(folder=path).status_code in (400, 409)


@pytest.mark.parametrize("key", ["folder", "out", "rules", "drill", "roster"])
def test_halves_of_characters_are_refused_or_replaced(desk: Desk, key: str) -> None:
    body: dict[str, Any] = {"folder": str(desk.clips), "out": str(desk.out), key: "/\ud800"}
    if key == "roster":
        body["roster"] = {"text": "file\n\ud800.mp4\n", "name": "\ud800"}
    answer = desk.client.post("/api/trainer/start", data=json.dumps(body), headers=OURS)
    assert answer.status_code in ((200,) if key == "roster" else (400, 409))


def test_choices_are_the_drills_of_the_rules(desk: Desk) -> None:
    found = desk.get("/choices").get_json()
    assert [drill["id"] for drill in found["drills"]][:2] == ["auto", "standing"]
    assert [profile["id"] for profile in found["profiles"]] == ["female", "male", "unspecified"]
    assert found["drills"][1]["zh"] == "站姿"


def test_a_live_camera_keeps_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.webapp.trainer.usable_cores", lambda: 4)
    assert (jobs_beside(False), jobs_beside(True)) == (4, 3)
    monkeypatch.setattr("posecoach.webapp.trainer.usable_cores", lambda: 1)
    assert jobs_beside(True) == 1


# --- rosters ------------------------------------------------------------------------------------------------------------------------------

WRONG = "文件,性别,项目\n李娜.mp4,小孩,standing\nc.jpg,male,stand\n"
RIGHT = "file,name,profile\n李娜*,李娜,female\nd.mp4,王伟,male\n"


def check(desk: Desk, roster: Any) -> dict[str, Any]:
    answer = desk.post("roster", folder=str(desk.clips), roster=roster)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_every_mistake_is_told_with_line_and_column(desk: Desk) -> None:
    problems = check(desk, {"text": WRONG, "name": "名单.csv"})["problems"]
    assert [(problem["line"], problem["column"]) for problem in problems] == [(2, "性别"), (3, "项目")]
    assert "“小孩”" in problems[0]["zh"]
    assert "expected one of" in problems[1]["en"]


def test_who_is_missing_is_told(desk: Desk) -> None:
    found = check(desk, {"text": RIGHT})
    assert (found["rows"], found["clips"], found["problems"]) == (2, 1, [])
    assert (found["clips_without"], found["rows_without"]) == (["bad.mp4", "c.jpg"], ["d.mp4"])
    assert (found["clips_without_count"], found["rows_without_count"]) == (2, 1)


def test_a_roster_on_the_disc_is_read_whatever_saved_it(desk: Desk) -> None:
    (desk.clips / "names.csv").write_bytes(RIGHT.encode("gb18030"))
    assert check(desk, {"path": str(desk.clips / "names.csv")})["clips"] == 1


@pytest.mark.parametrize("name", ["secret.txt", "missing.csv", "folder.csv", "endless.csv"])
def test_other_files_are_not_read(desk: Desk, name: str) -> None:
    (desk.clips / "secret.txt").write_text("file\nsecret\n", "utf-8")
    (desk.clips / "folder.csv").mkdir()
    (desk.clips / "endless.csv").write_text(RIGHT + "\n" * 1_000_000, "utf-8")
    answer = desk.post("roster", folder=str(desk.clips), roster={"path": str(desk.clips / name)})
    assert answer.status_code == 409
    assert answer.get_json()["zh"]


@pytest.mark.parametrize("roster", [None, "file\na", {}, {"text": 3}, {"path": 3}, []])
def test_what_is_no_roster_is_refused(desk: Desk, roster: Any) -> None:
    assert desk.post("roster", folder=str(desk.clips), roster=roster).status_code == 400


def test_a_wrong_roster_starts_nothing(desk: Desk) -> None:
    answer = desk.start(roster={"text": WRONG, "name": "名单.csv"})
    assert answer.status_code == 409
    assert "名单.csv:2" in answer.get_json()["en"] or "expected one of" in answer.get_json()["en"]
    assert desk.work.requests == []
    assert not desk.out.exists()


def test_a_right_one_is_stored_beside_the_results(desk: Desk) -> None:
    assert desk.start(roster={"text": RIGHT + "c.jpg,赵,male\n", "name": "名单.csv"}).status_code == 200
    assert until(lambda: desk.work.requests)[0].roster == str(desk.out / "roster.csv")
    assert "李娜*,李娜,女" in (desk.out / "roster.csv").read_text("utf-8-sig")


def test_the_empty_roster_names_every_clip(desk: Desk) -> None:
    answer = desk.get("/roster-template", path=str(desk.clips))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="roster.xlsx"'
    assert [cells[0] for _, cells in table_of_bytes(answer.data, "r").rows] == ["文件", "bad.mp4", "c.jpg", "李娜.mp4"]
    (desk.clips / "roster.xlsx").write_bytes(answer.data)
    assert check(desk, {"path": str(desk.clips / "roster.xlsx")})["clips"] == 3
    again = base64.b64encode(answer.data).decode()
    assert check(desk, {"data": again, "name": "名单.xlsx"})["clips"] == 3


def table(desk: Desk) -> dict[str, Any]:
    return dict(desk.get("/table", path=str(desk.clips)).get_json())


def test_the_table_is_kept_beside_the_clips_for_the_next_time(desk: Desk) -> None:
    first = table(desk)
    assert (first["roster"], [row["file"] for row in first["table"]]) == (None, ["bad.mp4", "c.jpg", "李娜.mp4"])
    rows = [{"file": "李娜.mp4", "name": "李娜", "profile": "female", "drill": "sitting"}, {"file": "c.jpg", "name": None}]
    kept = desk.post("table", folder=str(desk.clips), rows=rows, mark=first["mark"]).get_json()
    assert (kept["roster"], kept["kept"]) == ("roster.csv", None)
    assert table(desk)["table"][2] | {"name": "李娜", "profile": "female", "drill": "sitting"} == table(desk)["table"][2]
    assert "李娜.mp4,李娜,女,窗口坐姿" in (desk.clips / "roster.csv").read_text("utf-8-sig")
    late = desk.post("table", folder=str(desk.clips), rows=rows, mark=first["mark"])
    assert (late.status_code, late.get_json()["error"]) == (409, "changed")


def test_the_table_is_a_roster_for_the_grading(desk: Desk) -> None:
    rows = [{"file": "李娜.mp4", "name": "李娜", "profile": "female", "drill": None}]
    assert desk.start(roster={"rows": rows}).status_code == 200
    assert "李娜.mp4,李娜,女" in (desk.out / "roster.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("rows", [None, "a", [1], [{"file": 3}], [{"what": "a"}], [{"file": "a"}] * 5001], ids=str)
def test_what_is_no_table_is_refused(desk: Desk, rows: Any) -> None:
    assert desk.post("table", folder=str(desk.clips), rows=rows, mark="").status_code == 400
    assert desk.start(roster={"rows": rows}).status_code == 400
    assert not desk.out.exists()


# --- a job --------------------------------------------------------------------------------------------------------------------------------


def test_a_job_from_start_to_report(desk: Desk) -> None:
    assert desk.get("").get_json() == {"job": None}
    answer = desk.start(drill="standing", profile="female", annotate=False, jobs=3)
    assert answer.get_json()["job"]["state"] == "running"
    asked = until(lambda: desk.work.requests)[0]
    assert (asked.folder, asked.out, asked.drill, asked.profile) == (str(desk.clips), str(desk.out), "standing", "female")
    assert (asked.annotate, asked.blur_faces, asked.jobs, asked.roster, asked.rules) == (False, False, 3, None, None)
    until(lambda: desk.job()["current"] == [{"path": "bad.mp4", "done": 5, "total": 10}])
    assert desk.job()["report"] is None
    desk.work.release(3)
    end = desk.wait_for("done")
    assert (end["done"], end["failed"]) == (3, [{"path": "bad.mp4", **asdict(NO_VIDEO)}])
    assert desk.report(end["report"]).data == b"content of index.html"


def test_stop_then_resume(desk: Desk) -> None:
    desk.start(drill="sitting")
    desk.work.release()
    until(lambda: desk.job()["done"] == 1)
    assert desk.post("stop").get_json()["job"]["state"] in ("stopping", "stopped")
    assert desk.wait_for("stopped")["done"] == 1
    assert desk.post("resume").get_json()["job"]["state"] == "running"
    desk.work.release(3)
    assert desk.wait_for("done")["done"] == 3
    assert [asked.drill for asked in desk.work.requests] == ["sitting", "sitting"]


def test_while_one_is_at_work_no_other_begins(desk: Desk) -> None:
    desk.start()
    for action in ("start", "resume", "regrade"):
        answer = desk.post(action, folder=str(desk.clips), out=str(desk.out))
        assert (answer.status_code, answer.get_json()["error"]) == (409, "busy")
    assert len(until(lambda: desk.work.requests)) == 1


def test_stopping_nothing_is_no_mistake(desk: Desk) -> None:
    assert desk.post("stop").get_json() == {"job": None}


@pytest.mark.parametrize("action", ["resume", "regrade"])
def test_there_has_to_be_a_job_to_take_up(desk: Desk, action: str) -> None:
    assert desk.post(action).get_json()["error"] == "no_job"


def test_an_earlier_grading_is_judged_by_other_rules(desk: Desk) -> None:
    desk.done()
    answer = desk.post("regrade", rules=str(rules_dir()))
    assert answer.get_json()["job"]["is_regrade"] is True
    desk.work.release(3)
    desk.wait_for("done")
    assert (desk.work.requests[-1].rules, desk.work.requests[-1].out) == (str(rules_dir()), str(desk.out))
    desk.post("resume")
    assert until(lambda: len(desk.work.requests) == 3 and not desk.work.requests[-1].is_regrade)


def test_judging_again_that_was_stopped_is_taken_up_as_that(desk: Desk) -> None:
    desk.done()
    desk.post("regrade", drills={"李娜.mp4": "desk"})
    desk.post("stop")
    desk.wait_for("stopped")
    desk.post("resume")
    assert until(lambda: len(desk.work.requests) == 3 and desk.work.requests[2] == desk.work.requests[1])


def test_a_clip_is_judged_again_by_the_other_topic_and_the_rosters_note_it(desk: Desk) -> None:
    desk.done()
    (desk.clips / "roster.csv").write_text("文件,备注\nc.jpg,我的\n", "utf-8")
    answer = desk.post("regrade", drills={"李娜.mp4": "desk"})
    assert (answer.status_code, answer.get_json()["job"]["drills"]) == (200, {"李娜.mp4": "desk"})
    assert (desk.clips / answer.get_json()["kept"]).read_text("utf-8") == "文件,备注\nc.jpg,我的\n"
    desk.work.release(3)
    desk.wait_for("done")
    for folder in (desk.clips, desk.out):
        assert "李娜.mp4,,,工位坐姿" in (folder / "roster.csv").read_text("utf-8-sig")
    assert desk.post("regrade", drills={"李娜.mp4": "dancing"}).status_code == 400
    choices = desk.get("/choices").get_json()
    assert (choices["instead"], choices["topics"]["sit"]) == ({"desk": "sitting"}, "sitting")


def test_another_grading_is_compared_from_the_page(desk: Desk, tmp_path: Path) -> None:
    desk.done()
    (tmp_path / "before").mkdir()
    for folder in (tmp_path / "before", desk.out):
        (folder / "results.json").write_text(dump_results(Results(GENERATOR, RULES, (clip("a.mp4"),))), "utf-8")
    found = desk.post("compare", before=str(tmp_path / "before")).get_json()
    assert "两次评分对比" in desk.report(found["page"]).text
    (tmp_path / "link").symlink_to(desk.out)
    refused = {desk.out: "same", tmp_path / "link": "same", desk.clips: "no_results", tmp_path / "none": "no_results"}
    for wrong, code in refused.items():
        answer = desk.post("compare", before=str(wrong))
        assert (answer.status_code, answer.get_json()["error"], answer.get_json()["field"]) == (409, code, "compare")


def test_limits_are_changed_for_this_machine_and_hold_for_the_grading(desk: Desk) -> None:
    shown = desk.get("/rules", topic="sitting").get_json()
    limits = next(clause for clause in shown["clauses"] if clause["id"] == "sit.shoulders_level")["limits"][0]
    assert (limits["pass"], limits["warn"], limits["shipped"]["pass"]) == ([-3, 3], [-5, 5], [-3, 3])
    where = {"rule": "sit.shoulders_level", "check": 0, "form": ""}
    assert desk.post("rules", **where, **{"pass": [-4, 4], "warn": [-6, None]}).get_json() == {"changed": 1, "can_undo": True}
    desk.done()
    assert desk.work.requests[-1].rules == str(desk.jobs.own_rules.folder)
    for wrong in ({"pass": [-9, 9], "warn": [-5, 5]}, {"pass": [4, -4], "warn": [-5, 5]}):
        answer = desk.post("rules", **where, **wrong)
        assert (answer.status_code, re.search("[a-z]", answer.get_json()["zh"])) == (409, None)
    assert desk.post("rules", **where, **{"pass": 3, "warn": [1]}).status_code == 400
    assert desk.post("rules/undo").get_json() == {"changed": 0, "can_undo": False}


def test_an_error_names_the_field_it_belongs_to(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    cases: dict[str, dict[str, Any]] = {
        "folder": {"folder": str(tmp_path / "none")},
        "out": {"out": str(desk.clips)},
        "rules": {"rules": str(tmp_path / "rules")},
        "roster": {"roster": {"text": WRONG}},
    }
    for field, more in cases.items():
        assert desk.start(**more).get_json()["field"] == field


@pytest.mark.parametrize("body", [{"annotate": 1}, {"jobs": 0}, {"drill": 3}, {"drill": "dancing"}, {"roster": 5}], ids=str)
def test_a_request_that_makes_no_sense_is_told_in_chinese_too(desk: Desk, body: dict[str, Any]) -> None:
    said = desk.start(**body).get_json()["zh"]
    assert said.startswith("请求有误：")
    assert "expected" not in said


@pytest.mark.parametrize("action", ["start", "regrade"])
def test_rules_that_do_not_load_are_told_before_anything_begins(desk: Desk, tmp_path: Path, action: str) -> None:
    desk.done()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "standing.yaml").write_text("topic: [", "utf-8")
    answer = desk.post(action, folder=str(desk.clips), out=str(desk.out), rules=str(tmp_path / "rules"))
    assert answer.status_code == 409
    assert "standing.yaml:1" in answer.get_json()["en"]
    assert (desk.job()["state"], desk.job()["rules"], len(desk.work.requests)) == ("done", None, 1)


@pytest.mark.parametrize(
    "more",
    [
        {"drill": "dancing"},
        {"profile": "child"},
        {"jobs": 0},
        {"jobs": 1000},
        {"annotate": 1},
        {"blur_faces": "no"},
        {"out": 3},
        {"folder": None},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(desk: Desk, more: dict[str, Any]) -> None:
    assert desk.start(**more).status_code == 400
    assert desk.work.requests == []


def test_a_folder_without_clips_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = desk.start(folder=str(tmp_path / "empty"))
    assert (answer.status_code, answer.get_json()["error"]) == (409, "no_clips")


def test_results_do_not_go_among_the_clips_nor_among_other_things(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine", "utf-8")
    for out in (desk.clips, tmp_path / "site", desk.clips / "c.jpg"):
        answer = desk.start(out=str(out))
        assert (answer.status_code, answer.get_json()["error"]) == (409, "folder")
    assert (tmp_path / "site" / "index.html").read_text("utf-8") == "mine"


def test_every_address_is_documented(desk: Desk) -> None:
    told = set(re.findall(r"^\| `(GET|POST) ([^`?]*)", DOCS, re.M))
    rules = [rule for rule in desk.client.application.url_map.iter_rules() if rule.endpoint.startswith("trainer.")]
    ours = {
        (method, re.sub(r"<(?:path:)?(\w+)>", lambda found: found[1].upper(), rule.rule)) for rule in rules for method in rule.methods or ()
    }
    assert {pair for pair in ours if pair[0] in ("GET", "POST")} == told | {("GET", "/trainer/")}
