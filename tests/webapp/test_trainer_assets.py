"""The trainer's page: every word it asks for exists in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
TEMPLATE = (WEB / "templates" / "trainer.html").read_text(encoding="utf-8")
SCRIPTS = sorted((WEB / "static" / "trainer").glob("*.js"))
CODE = {path.name: path.read_text(encoding="utf-8") for path in SCRIPTS}
WORDS = CODE["words.js"].split("const column")[0]
ENTRIES = dict(re.findall(r'(\w+): \["((?:[^"\\]|\\.)+)", "(?:[^"\\]|\\.)+"\]', WORDS))
TERNARY = re.compile(r"\bt\(([^()]*\?[^()]*)\)")


def test_every_entry_has_two_languages_and_chinese_comes_first() -> None:
    assert len(ENTRIES) == len(re.findall(r"\w+: \[", WORDS)) > 80
    latin = {key for key, zh in ENTRIES.items() if not re.search(r"[\u4e00-\u9fff、，：]", zh)}
    assert latin == {"other_language"}


def test_entries_have_the_same_gaps_in_both_languages() -> None:
    for key, zh, en in re.findall(r'(\w+): \["((?:[^"\\]|\\.)+)", "((?:[^"\\]|\\.)+)"\]', WORDS):
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key


def test_words_asked_for_in_the_template_exist() -> None:
    assert set(re.findall(r'data-i18n(?:-\w+)?="(\w+)"', TEMPLATE)) - ENTRIES.keys() == set()


@pytest.mark.parametrize("name", CODE)
def test_words_asked_for_in_a_script_exist(name: str) -> None:
    asked = set(re.findall(r'\bt\("(\w+)"', CODE[name]))
    for choice in TERNARY.findall(CODE[name]):
        asked |= set(re.findall(r'[?:] "(\w+)"', choice))
    assert asked - ENTRIES.keys() == set()


def test_states_outcomes_and_titles_have_words() -> None:
    states = {"running", "stopping", "done", "stopped", "failed", "interrupted"}
    outcomes = {"meets", "improve", "not_met", "not_enough", "not_judged"}
    titles = set(re.findall(r': "(browse_\w+)"', CODE["folders.js"]))
    assert (states | outcomes | titles) - ENTRIES.keys() == set()
    assert len(titles) == 5


def test_elements_the_scripts_look_for_are_in_the_template() -> None:
    known = set(re.findall(r'\bid="([\w-]+)"', TEMPLATE))
    asked = {name for code in CODE.values() for name in re.findall(r'\bbyId\("([\w-]+)"\)', code)}
    assert asked - known == set()
