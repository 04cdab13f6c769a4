"""The page of the row: every word it asks for exists in both languages."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
TEMPLATE = (WEB / "templates" / "row.html").read_text(encoding="utf-8")
CODE = {path.name: path.read_text(encoding="utf-8") for path in sorted((WEB / "static" / "row").glob("*.js"))}
ENTRIES = {key: (zh, en) for key, zh, en in re.findall(r'(\w+): \["((?:[^"\\]|\\.)+)", "((?:[^"\\]|\\.)+)"\]', CODE["words.js"])}


def test_every_entry_has_two_languages_and_chinese_comes_first() -> None:
    assert len(ENTRIES) == len(re.findall(r"\w+: \[", CODE["words.js"])) > 50
    assert {key for key, (zh, _) in ENTRIES.items() if not re.search(r"[\u4e00-\u9fff]", zh)} == {"other_language"}


def test_entries_have_the_same_gaps_in_both_languages() -> None:
    for key, (zh, en) in ENTRIES.items():
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key


def test_words_asked_for_exist() -> None:
    asked = set(re.findall(r'data-i18n(?:-\w+)?="(\w+)"', TEMPLATE))
    for code in CODE.values():
        asked |= set(re.findall(r'\bt\("(\w+)"', code))
        for choice in re.findall(r"\bt\(([^()]*\?[^()]*)\)", code):
            asked |= set(re.findall(r'[?:] "(\w+)"', choice))
    assert asked - ENTRIES.keys() == set()


def test_elements_the_scripts_look_for_are_in_the_template() -> None:
    known = set(re.findall(r'\bid="([\w-]+)"', TEMPLATE))
    asked = {name for code in CODE.values() for name in re.findall(r'\bbyId\("([\w-]+)"\)', code)}
    assert asked - known == set()
