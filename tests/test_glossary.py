"""docs/glossary.md is kept: its terms are the program's, and nobody reads one of the words it rules out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from posecoach import wording
from posecoach.vocabulary import Text
from tests.shipped import RULE_SETS

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
SECTIONS = ("Things", "Profiles", "Topics", "Verdicts", "Outcomes", "Reasons")


@dataclass(frozen=True)
class Row:
    """A row of the glossary: the thing or its code, its term, and the words that are not used for it."""

    code: str
    term: Text
    not_zh: list[str]
    not_en: list[str]


def rows(section: str) -> list[Row]:
    body = GLOSSARY.read_text("utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line.startswith("|")]
    return [Row(code.strip("`"), Text(zh, en), _words(no, "、"), _words(not_en, ", ")) for code, zh, en, no, not_en in cells[2:]]


def _words(cell: str, comma: str) -> list[str]:
    return [word for word in cell.split(comma) if word]


EVERY_ROW = [row for section in SECTIONS for row in rows(section)]


# --- what people read ---------------------------------------------------------------------------------------------------------


@cache
def said() -> dict[str, list[Text]]:
    """By file, what people read: both languages, or one of them empty where a text has only the other."""
    found = {path: list(_of(path)) for path in _read_by_people()}
    return {path.relative_to(ROOT).as_posix(): texts for path, texts in found.items() if texts}


def _read_by_people() -> Iterator[Path]:
    yield from (ROOT / "posecoach").rglob("*.py")
    yield from (ROOT / "web").rglob("*.html")
    yield from (ROOT / "web").rglob("*.js")
    yield from (path for path in (ROOT / "docs").glob("*.md") if path != GLOSSARY)
    yield from (ROOT / "rules").glob("*.yaml")
    yield from (ROOT / name for name in ("README.md", "README.zh-CN.md", "rules/README.md", "start.bat", "setup.bat", "practise.bat"))


def _of(path: Path) -> Iterator[Text]:
    source = path.read_text("utf-8")
    if path.suffix == ".py":
        yield from _of_python(source)
    elif path.suffix in (".html", ".js"):
        yield from _of_page(source)
    elif path.suffix == ".yaml":
        facts = yaml.safe_load(source)
        yield from (Text(**facts[key]) for key in ("title", "short") if key in facts)
    else:
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", source, flags=re.DOTALL)
        yield Text(prose, "") if path.name == "README.zh-CN.md" or path.suffix == ".bat" else Text("", prose)


def _of_python(source: str) -> Iterator[Text]:
    """What is said with `Text(zh, en)`: without comments and docstrings, and without the words that a reader of files understands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
            zh, en = node.args
            yield Text(_constants(zh), _constants(en))


def _constants(node: ast.AST) -> str:
    return "".join(part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _of_page(source: str) -> Iterator[Text]:
    """All Chinese of a template or script, and the English beside it in `w("…", "…")` or `["…", "…"]`."""
    yield Text(source, "")
    for en in re.findall(r"""[(\[]\s*"[^"]*[\u4e00-\u9fff][^"]*",\s*"([^"]*)\"""", source):
        yield Text("", en)


# --- the words that are not used ----------------------------------------------------------------------------------------------


def misused(text: Text, row: Row) -> list[str]:
    """The words in a text that the glossary does not want for this thing."""
    zh = [word for word in row.not_zh if word in text.zh]
    return zh + [word for word in row.not_en if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text.en, re.IGNORECASE)]


def test_a_word_that_is_not_used_is_found() -> None:
    row = next(row for row in EVERY_ROW if row.code == "who is in which clip, or stands where in the row")
    assert misused(Text("请选择名册", "Choose a Name List"), row) == ["名册", "name list"]
    assert misused(Text("请选择名单", "Choose a roster"), row) == []


def test_what_people_read_is_found_everywhere() -> None:
    texts = said()
    for file, words in {
        "web/static/live/words.js": Text("检查 20 秒", "Check, 20 s"),
        "web/templates/report_index.html": Text("最常需要改正的条款", "Most often to correct"),
        "posecoach/wording.py": Text("需改正", "To correct"),
        "rules/crouching.yaml": Text("蹲姿", "Crouching"),
        "README.zh-CN.md": Text("名单", ""),
    }.items():
        assert any(words.zh in text.zh for text in texts[file]), file
        assert any(words.en in text.en for text in texts[file]), file


@pytest.mark.parametrize("row", [row for row in EVERY_ROW if row.not_zh or row.not_en], ids=lambda row: row.term.en)
def test_one_term_for_one_thing(row: Row) -> None:
    wrong = [(file, word) for file, texts in said().items() for text in texts for word in misused(text, row)]
    assert not wrong, f"{row.term.zh} / {row.term.en}: {wrong}"


def test_no_term_is_ruled_out_for_another_thing() -> None:
    for row in EVERY_ROW:
        assert [(other.term, misused(row.term, other)) for other in EVERY_ROW if misused(row.term, other)] == []


# --- the words of codes -------------------------------------------------------------------------------------------------------


def terms(section: str) -> dict[str, Text]:
    return {row.code: row.term for row in rows(section)}


def test_verdicts_outcomes_reasons_and_profiles_are_those_of_the_program() -> None:
    assert terms("Verdicts") == {state.word: words for state, words in wording.STATES.items()}
    assert terms("Outcomes") == wording.OUTCOMES
    assert terms("Reasons") == {reason.word: words.why for reason, words in wording.REASONS.items()}
    assert terms("Profiles") == {profile.value: words for profile, words in wording.PROFILES.items()}


@pytest.mark.parametrize("topic", RULE_SETS.values(), ids=lambda topic: topic.topic)
def test_a_shipped_topic_has_one_name(topic: object) -> None:
    assert terms("Topics")[topic.topic] == topic.title == topic.button  # type: ignore[attr-defined]


@pytest.mark.parametrize("section", ["Profiles", "Verdicts", "Outcomes", "Reasons"])
def test_the_live_page_says_the_same_of_each_code(section: str) -> None:
    source = (ROOT / "web" / "static" / "live" / "words.js").read_text("utf-8")
    shown = {code: Text(zh, en) for code, zh, en in re.findall(r'\b(\w+): \["([^"]*)", "([^"]*)"\]', source)}
    assert {code: shown.get(code) for code in terms(section)} == terms(section)
