"""The page's own files: every word it asks for exists in both languages, and nothing in it needs a looser content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
TEMPLATES = [WEB / "templates" / name for name in ("live.html", "login.html")]
SCRIPTS = sorted((WEB / "static" / "live").glob("*.js"))
WORDS = (WEB / "static" / "live" / "words.js").read_text(encoding="utf-8")
KNOWN = set(re.findall(r'(\w+): \["', WORDS))
ALL_TEMPLATES = [*TEMPLATES, WEB / "templates" / "row.html", WEB / "templates" / "trainer.html"]
ALL_SCRIPTS = sorted((WEB / "static").rglob("*.js"))
DARK = re.compile(r"@media[^{]*prefers-color-scheme: dark\) \{(.*?\})\s*\}", re.DOTALL)
DARK_STYLES = [path for path in sorted(WEB.glob("[st]*/**/*.css")) if DARK.search(path.read_text("utf-8"))]
NETWORK = re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9-]+\.[a-z]")


def test_every_entry_has_two_languages() -> None:
    entries = re.findall(r'\w+: (\[".*?"\])(?:,|\n)', WORDS)
    assert len(entries) > 100
    assert all(len(re.findall(r'"(?:[^"\\]|\\.)+"', entry)) == 2 for entry in entries)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_words_asked_for_in_a_template_exist(path: Path) -> None:
    asked = set(re.findall(r'data-i18n(?:-\w+)?="(\w+)"', path.read_text(encoding="utf-8")))
    assert asked - KNOWN == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_words_asked_for_in_a_script_exist(path: Path) -> None:
    asked = set(re.findall(r'\bt\("(\w+)"', path.read_text(encoding="utf-8")))
    assert asked - KNOWN == set()


@pytest.mark.parametrize(("template", "folder"), [("live.html", "live"), ("row.html", "row"), ("trainer.html", "trainer")])
def test_every_word_of_a_page_follows_the_language(template: str, folder: str) -> None:
    """Chinese in a template is put into the other language by the page, or has an element whose words a script sets."""
    scripts = "".join(path.read_text("utf-8") for path in (WEB / "static" / folder).glob("*.js"))
    shown = re.findall(
        r"<\w+([^<>]*)>[^<>]*[\u4e00-\u9fff][^<>]*<", (WEB / "templates" / template).read_text("utf-8").partition("<body")[2]
    )
    names = [re.search(r'\bid="([\w-]+)"', attributes) for attributes in shown if "data-i18n" not in attributes]
    assert [name for name in names if name is None or f'"{name[1]}"' not in scripts] == []


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_code_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("path", [*ALL_TEMPLATES, *sorted((WEB / "static").rglob("*.*"))], ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    assert not NETWORK.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ALL_SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_scripts_stay_small_and_parse_no_html(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)


@pytest.mark.parametrize("path", DARK_STYLES, ids=lambda path: path.name)
def test_the_dark_differs_in_nothing_but_colours(path: Path) -> None:
    """So whoever looks for what keeps people from using a page need not look at all of it twice."""
    said = [pair for block in DARK.findall(path.read_text("utf-8")) for pair in re.findall(r"[;{]\s*([\w-]+): ([^;}]+)", block)]
    assert said
    assert [pair for pair in said if pair != ("color-scheme", "dark") and not re.fullmatch(r"#[0-9a-f]{6}", pair[1].strip())] == []
