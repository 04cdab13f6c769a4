"""The documents keep up with the program: commands, measures and rules are in them, links lead somewhere, rules cite their clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from posecoach.cli.main import main
from posecoach.measures.catalogue import MEASURES
from posecoach.rulebook.schema import Rule
from tests.shipped import RULE_SETS

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DOCS = [*READMES, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "rules" / "README.md", ROOT / "sample_videos" / "README.md"]
RULES = {rule.id: rule for rules in RULE_SETS.values() for rule in rules.rules}


def commands(group: click.Group, prefix: str = "") -> Iterator[str]:
    """Full names of the visible commands below ``group``: ``grade``, ``rules check``."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        elif not command.hidden:
            yield prefix + name


def read(paths: list[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


NAMED = set(re.findall(r"`([^`\n]+)`", read(DOCS)))
"""Everything the documents put in inline code."""


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
@pytest.mark.parametrize("command", list(commands(main)))
def test_every_command_is_in_both_readmes(command: str, readme: Path) -> None:
    assert f"posecoach {command}" in read([readme])


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readmes_promise_no_other_command(readme: Path) -> None:
    promised = set(re.findall(r"posecoach ((?:rules |roster |records )?(?:account )?[a-z]+)", "\n".join(code_of(read([readme])))))
    assert promised <= set(commands(main))


def code_of(text: str) -> list[str]:
    """Fenced blocks and inline code."""
    return re.findall(r"^```.*?^```|`[^`\n]+`", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_options_in_the_readmes_exist(readme: Path) -> None:
    known = {option for command in walk(main) for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {
        o
        for line in read([readme]).splitlines()
        if "posecoach " in line
        for o in re.findall(r"(?<![\w-])--[a-z-]+", line)
        if "pip" not in line
    }
    assert used <= known | {"--help"}


def walk(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from walk(inner)


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_measure_is_documented(measure: str) -> None:
    assert measure in NAMED


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_shipped_rule_is_documented(rule_id: str) -> None:
    assert rule_id in NAMED


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES.values()])
def test_every_rule_cites_its_clause(rule: Rule) -> None:
    if rule.origin == "custom":
        assert rule.source == "custom"
    else:
        assert re.fullmatch(r"T[1-5] \S.*", rule.source)
    if rule.origin == "derived":
        assert rule.parent in RULES or re.fullmatch(r"T[1-5] \S.*", rule.parent or "")


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_within_a_page_lead_to_a_heading(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_pictures_of_the_readmes_are_all_those_there_are_and_small(readme: Path) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(docs/img/([^)]+)\)", read([readme]))
    language = "zh" if readme.name == "README.zh-CN.md" else "en"
    made = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").glob(f"*.{language}.webp")}
    assert set(shown) == set(made)
    assert max(made.values()) < 150_000


def test_the_changelog_names_the_version() -> None:
    from posecoach import __version__

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in project
    assert f"## {__version__}" in read([ROOT / "CHANGELOG.md"])
