"""The terminal speaks one language at a time, the system's unless told otherwise, and fits into 80 columns in both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from posecoach.cli import words
from posecoach.cli.commands import wrapped
from posecoach.cli.language import VARIABLE, asked_for, language, system_language
from posecoach.cli.main import main
from posecoach.vocabulary import Text
from tests.shipped import BOOK

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said(*arguments: str) -> str:
    return CliRunner(env={"COLUMNS": "80"}).invoke(main, list(arguments), prog_name="posecoach").output


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


@pytest.mark.parametrize(
    ("environment", "windows", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, 0, "zh"),
        ({"LANG": "en_GB.UTF-8"}, 0x804, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, 0, "en"),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, 0, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, 0, "zh"),
        ({}, 0x804, "zh"),
        ({}, 0x404, "zh"),
        ({}, 0x409, "en"),
        ({}, 0, "en"),
    ],
)
def test_the_language_of_the_system(environment: dict[str, str], windows: int, expected: str) -> None:
    assert system_language(environment, lambda: windows) == expected


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--lang", "zh", "grade", "--help"], {}, "zh"),
        (["grade", "--help", "--lang", "zh"], {}, "zh"),
        (["grade", "--lang=zh"], {}, "zh"),
        (["--lang", "zh", "grade", "--lang", "en"], {"LANG": "zh_CN"}, "en"),
        (["grade", "--", "--lang", "zh"], {}, "en"),
        (["grade", "--lang"], {"LANG": "zh_CN"}, "zh"),
        (["grade"], {VARIABLE: "zh", "LANG": "en_US"}, "zh"),
        (["grade", "--lang", "fr"], {"LANG": "zh_CN"}, "zh"),
    ],
)
def test_what_is_asked_for_before_or_after_the_command(arguments: list[str], environment: dict[str, str], expected: str) -> None:
    assert asked_for(arguments, environment) == expected


def prose_of(shown: str) -> list[str]:
    """The lines of a help without its examples, in which people have Chinese names."""
    return [line for line in shown.splitlines() if "posecoach " not in line]


@pytest.mark.parametrize("command", list(commands(main)), ids=" ".join)
def test_help_is_in_one_language_within_80_columns(command: Sequence[str]) -> None:
    english, chinese = said(*command, "--help", "--lang", "en"), said(*command, "--help", "--lang", "zh")
    assert not CHINESE.search("\n".join(prose_of(english)))
    assert english.startswith("Usage: posecoach")
    assert [line for line in prose_of(chinese) if re.search(r"\b(the|and|of|this|Options|Commands|default|Show|Examples?)\b", line)] == []
    assert len(CHINESE.findall(chinese)) > 20
    assert [line for line in (english + chinese).splitlines() if cell_len(line) > 80] == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["grade"], "缺少参数"),
        (["grade", "a", "--wrong"], "没有选项 '--wrong'。"),
        (["grade", "a", "--profil", "male"], "（是不是其中之一："),
        (["grade", "a", "--profile", "both"], "不在 'female', 'male', 'unspecified' 之中。"),
        (["grade", "a", "--fps", "many"], "不是数。"),
        (["grade", "a", "--fps", "nan"], "不是有限的数。"),
        (["grade", "a", "--fps", "900"], "不在范围 1<=x<=60 内。"),
        (["grade", "a", "--out"], "后面要写一个值。"),
        (["grade", "a", "--strict=1"], "后面不能写值。"),
        (["doctor", "a", "b"], "多出来的参数（a b）"),
        (["wrong"], "没有命令 'wrong'。"),
        (["grade", "a", "--jobs", "2", "--cluster", "b"], "--jobs 只用于这台电脑"),
        (["grade", "a", "--drill", "wrong"], "没有项目 'wrong'"),
        (["serve", "--tls-cert", "."], "是文件夹，这里要文件。"),
        (["--lang", "fr", "doctor"], "不在 'zh', 'en' 之中。"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_alone(
    arguments: list[str], expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv(VARIABLE, "zh")
    monkeypatch.chdir(str(tmp_path))
    told = said(*arguments)
    assert expected in told
    names = {"posecoach", "auto", "worker", "number", *arguments, *BOOK.rule_sets}
    left = re.sub(rf"\b({'|'.join(BOOK.drills)})\b" + r"|'[^']*'|--[a-z-]+|\[OPTIONS\]|COMMAND|\[ARGS\]|PATH", "", told)
    assert [word for word in re.findall(r"[A-Za-z_]{2,}", left) if word not in names] == []


@pytest.mark.parametrize("code", ["zh", "en"])
def test_no_id_of_a_clause_is_broken_in_80_columns(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.cli.terminal._PLAIN_WIDTH", 80)
    listed = said("rules", "list", "--lang", code)
    ids = [rule.id for rule_set in BOOK.rule_sets.values() for rule in rule_set.rules]
    assert [clause for clause in ids if not re.search(rf"{re.escape(clause)}(?![\w.])", listed)] == []
    assert max(cell_len(line) for line in listed.splitlines()) <= 80
    assert bool(CHINESE.search(re.sub(r"T[1-5] \S+", "", listed))) == (code == "zh")


def test_a_language_that_was_asked_for_does_not_stay() -> None:
    said("--lang", "zh", "--help")
    assert language() == "zh"
    said("--help")
    assert language() == "en"


def test_every_place_in_a_text_is_there_in_both_languages() -> None:
    texts = [text for text in vars(words).values() if isinstance(text, Text)]
    assert len(texts) > 60
    for text in texts:
        assert sorted(re.findall(r"\{\w*\}", text.zh)) == sorted(re.findall(r"\{\w*\}", text.en)), text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("请把两脚往中间收一点，让重心落在两脚中间", ["请把两脚往中", "间收一点，让", "重心落在两脚", "中间"]),
        ("one two three four", ["one two", "three four"]),
        ("见 docs/a-long-name.md。", ["见", "docs/a-long-name.md。"]),
        ("", []),
    ],
)
def test_lines_break_between_words_or_chinese_characters(text: str, lines: list[str]) -> None:
    assert wrapped(text, 12) == lines
