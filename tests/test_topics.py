"""A topic is one rule file: whoever adds one finds it everywhere, and nothing else lists topics."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.body.posture import observe
from posecoach.cli.main import main
from posecoach.jobs.trainer import TrainerJobs
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.placement import check_placement
from posecoach.live.messages import topics_json
from posecoach.live.session import LiveSession
from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir, web_dir
from posecoach.row.judging import row_rules
from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import RuleSet
from posecoach.webapp import create_app
from tests.factories import STANDING, still
from tests.fake_estimator import HERE
from tests.shipped import BOOK
from tests.webapp.fakes import world
from tests.webapp.trainer_fakes import OURS, FakeWork

ROOT = Path(__file__).parents[1]
WAVING = """
topic: waving
title: {zh: 挥手致意, en: Waving}
short: {zh: 挥手, en: Wave}
order: 25
row: true
needs: upper_body
practise_from: [front]
icon: counter
postures: [standing, sitting]
min_judged: 1
rules:
  - id: waving.shoulders_level
    origin: custom
    clause: {zh: 挥手时肩平, en: Shoulders level}
    source: custom
    checks:
      - measure: shoulder_tilt_deg
        views: [front]
        bands: {pass: [-3, 3], warn: [-5, 5]}
    correction: {zh: 请把两肩放平, en: Please level your shoulders}
    praise: {zh: 两肩平了, en: Your shoulders are level}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped rules with one file more."""
    shutil.copytree(rules_dir(), tmp_path / "rules")
    (tmp_path / "rules" / "waving.yaml").write_text(WAVING, "utf-8")
    return tmp_path / "rules"


@pytest.fixture
def sets(folder: Path) -> dict[str, RuleSet]:
    return load_rule_sets(folder, MEASURES)


def test_rules_list_and_check_know_it(folder: Path) -> None:
    listed = CliRunner().invoke(main, ["rules", "list", str(folder)], env={"COLUMNS": "200"})
    assert "waving.shoulders_level" in listed.stdout
    assert CliRunner().invoke(main, ["rules", "check", str(folder)]).stdout.startswith(f"{len(list(folder.glob('*.yaml')))} rule files ")


def test_a_clip_is_graded_by_it_and_the_report_calls_it_by_its_name(folder: Path, tmp_path: Path) -> None:
    clip, out = ROOT / "sample_videos" / "stand_ok_hands_front_f5_front.mp4", tmp_path / "out"
    asked = ["grade", str(clip), "--drill", "waving", "--rules", str(folder), "--out", str(out), "--no-annotate", "--fps", "2"]
    done = CliRunner().invoke(main, asked, obj=HERE)
    assert done.exit_code == 0, done.stderr
    (graded,) = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    assert (graded["drill"], [clause["id"] for clause in graded["people"][0]["clauses"]]) == ("waving", ["waving.shoulders_level"])
    for page in (out / "index.html", next((out / "people").glob("*.html"))):
        assert "挥手致意" in page.read_text("utf-8")


def test_a_drill_that_is_no_topic_is_refused_with_those_there_are(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--drill", "wavin", "--rules", str(folder), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "there is no topic 'wavin'; --drill is one of auto, standing, morning_meeting, waving, sitting," in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_live_page_is_told_all_it_needs_to_offer_it(sets: dict[str, RuleSet]) -> None:
    topics = topics_json(sets)["topics"]
    assert [topic["id"] for topic in topics][:4] == ["standing", "morning_meeting", "waving", "sitting"]
    told = topics[2]
    assert (told["button"], told["icon"], told["need"]) == ({"zh": "挥手", "en": "Wave"}, "counter", "upper_body")
    assert (told["outline"], told["postures"]) == ({"front": "counter", "side": "counter"}, ["standing", "sitting"])
    assert [topic["id"] for topic in topics if topic["hands"]] == ["gesture"]
    session = LiveSession(sets)
    session.choose("waving", None)
    assert session.settings.rule_set.topic == "waving"


def test_what_takes_two_or_a_whole_visit_is_not_offered_live(sets: dict[str, RuleSet]) -> None:
    """A visit takes 15 s; live, the last 6 are looked at."""
    offered = {topic["id"] for topic in topics_json(sets)["topics"]}
    assert set(sets) - offered == {"handshake", "service_flow"}


def test_where_to_stand_for_it_follows_from_its_file(sets: dict[str, RuleSet]) -> None:
    body = observe(still(STANDING))
    assert [item.id for item in check_placement(body, sets["waving"], 120.0)] == ["person", "light", "distance", "upper_body", "view"]


def test_the_trainers_form_offers_it_with_its_folder(folder: Path, tmp_path: Path) -> None:
    with world(tmp_path / "state", trainer=TrainerJobs(tmp_path / "state", FakeWork())) as found:
        client = create_app(found.services).test_client()
        drills = {rules: client.get(f"/api/trainer/choices?rules={rules}", headers=OURS).get_json()["drills"] for rules in ("", folder)}
    assert [drill["id"] for drill in drills[""]] == ["auto", *(found.topic for found in BOOK.asked)]
    waving = next(drill for drill in drills[folder] if drill["id"] == "waving")
    assert (waving["zh"], waving["en"], waving["words"][0]) == ("挥手致意", "Waving", "挥手致意")


def test_what_auto_and_a_row_take_is_said_in_the_files(sets: dict[str, RuleSet]) -> None:
    active = GradeOptions(tuple(sets.values())).active_rule_sets
    assert [rule_set.topic for rule_set in active] == ["standing", "sitting", "crouching", "smile"]
    rows = row_rules(sets.values())
    assert rows is not None
    assert rows.topic == "morning_meeting"
    others = [rule_set for rule_set in sets.values() if rule_set.topic != "morning_meeting"]
    assert (row_rules(others) or rows).topic == "waving"


def test_figures_of_the_shipped_topics_are_drawn_by_the_page_and_told_in_the_readme(sets: dict[str, RuleSet]) -> None:
    script = (web_dir() / "static" / "live" / "figures.js").read_text("utf-8")
    (boxes,) = re.findall(r"^const BOX = \{(.*)\};$", script, re.MULTILINE)
    drawn = set(re.findall(r"(\w+): \"", boxes))
    asked = {name for rule_set in sets.values() for name in (rule_set.icon, rule_set.figures.front, rule_set.figures.side)}
    assert asked <= drawn
    (row,) = re.findall(r"^\| `icon` \|(.*)$", (rules_dir() / "README.md").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == drawn


def test_nothing_else_names_the_topics() -> None:
    code = [*(ROOT / "posecoach").rglob("*.py"), *(path for kind in ("js", "html") for path in web_dir().rglob(f"*.{kind}"))]
    names = re.compile(r"morning_meeting|['\"]desk['\"]|['\"]smile['\"]\s*:")
    allowed = {"figures.js"}  # a figure may be called like a topic
    found = {path.name for path in code if "node_modules" not in path.parts and names.search(path.read_text("utf-8"))}
    assert found - allowed == set()
