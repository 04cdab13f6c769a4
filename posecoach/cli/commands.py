"""Commands and options whose help has both languages and is laid out for either: a Chinese character takes two columns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import click
from rich.cells import cell_len

from posecoach.cli import words
from posecoach.cli.click_words import answer_click
from posecoach.cli.language import LANGUAGES, VARIABLE, asked_for, speak, spoken
from posecoach.vocabulary import Text

_WIDE, _CLOSING = r"\u2e80-\ua4ff\uff00-\uffef“”（《", r"[，。、；：！？）》”]*"
_PIECES = re.compile(rf"\s+|[（《“]*[{_WIDE}]{_CLOSING}|[^\s{_WIDE}]+{_CLOSING}")
"""What is not to be parted: a word, or a Chinese character, each with the marks that must not begin a line."""


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns, where words allow it; Chinese may break after any character."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and cell_len(line) + cell_len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


class Formatter(click.HelpFormatter):
    """Lays help out by columns and not by characters."""

    def write_text(self, text: str) -> None:
        """Paragraphs, each wrapped; what begins with ``\\b`` keeps its lines."""
        indent = " " * self.current_indent
        paragraphs = [list(self._lines(paragraph)) for paragraph in re.split(r"\n\s*\n", text)]
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def _lines(self, paragraph: str) -> Iterable[str]:
        first, *rest = paragraph.splitlines()
        if first.strip() == "\b":
            return rest
        return wrapped(joined([first, *rest]), self.width - self.current_indent)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names on the left, what they mean on the right."""
        rows = list(rows)
        first = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        for name, meaning in rows:
            lines = wrapped(meaning, max(self.width - first - self.current_indent, 10))
            beside = cell_len(name) + col_spacing <= first
            if beside and lines:
                name += " " * (first - cell_len(name)) + lines.pop(0)
            self.write("\n".join(" " * self.current_indent + line for line in (name, *(" " * first + line for line in lines))) + "\n")


def joined(lines: Sequence[str]) -> str:
    """Lines of a paragraph as one; between Chinese characters without a space."""
    return re.sub(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])", "", " ".join(line.strip() for line in lines))


click.Context.formatter_class = Formatter


class Option(click.Option):
    """An option whose help has both languages."""

    def __init__(self, *declarations: Any, **attributes: Any) -> None:
        self.words: Text = attributes.pop("help")
        super().__init__(*declarations, **attributes)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and what it does, in the language of the terminal."""
        self.help = spoken(self.words)
        return super().get_help_record(ctx)


class Command(click.Command):
    """A command whose help has both languages, with ``--lang`` to choose."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        self.words: Text = attributes.pop("help")
        super().__init__(*arguments, **attributes)
        self.params.append(Option(["--lang"], type=click.Choice(LANGUAGES), expose_value=False, envvar=VARIABLE, help=words.LANG))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        self.help = spoken(self.words)
        super().format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  it wraps, however long it is
        """Its first sentence."""
        paragraph = joined(spoken(self.words).split("\n\n")[0].splitlines())
        return re.split(r"(?<=[^.])[.](?:\s|$)|。", paragraph)[0]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, of which click keeps the words of the language it was first asked in."""
        self._help_option = None
        return super().get_help_option(ctx)


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """Settle the language before anything is said."""
        if parent is None:
            answer_click()
            speak(asked_for(args, os.environ))
        return super().make_context(info_name, args, parent, **extra)


option = partial(click.option, cls=Option)
"""An option of a command; its ``help`` is a `Text`."""
