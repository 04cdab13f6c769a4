"""What every command shares: values that are numbers, errors in one line, and no control characters of strangers on the terminal."""

from __future__ import annotations

import math
import os
import sys
import unicodedata
from typing import Any

import click

from posecoach.cli import words
from posecoach.cli.commands import Group
from posecoach.cli.language import spoken
from posecoach.errors import PosecoachError, RulesError, reason_of
from posecoach.vocabulary import Text

STOPPED = 130
FAULT = 70
"""Exit status where something went wrong that nobody foresaw; as sysexits.h has it."""
TRACEBACK = "POSECOACH_TRACEBACK"
"""Set in the environment, such a fault shows where it happened."""

_KEPT = "\n\t"
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing or break a line: what stands there is not what is read."""


def printable(text: str) -> str:
    """The text without control characters: a name of a file or in a roster must not move the cursor or colour the terminal."""
    return "".join(c for c in text if c in _KEPT or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING))


def echo(text: str, *, err: bool = False) -> None:
    """A line of plain text on the terminal."""
    click.echo(printable(text), err=err)


def tell(said: Text, *, err: bool = False) -> None:
    """A line in the language of the terminal."""
    echo(spoken(said), err=err)


class Finite(click.FloatRange):
    """A number in a range; NaN and infinity, which a range lets through, are none."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, with an error in its words."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(spoken(words.filled(words.NOT_FINITE, value=repr(value))), param, ctx)
        return number


class Door(Group):
    """Shows every error as one line. Exit status 2 where we or the system refuse something, 130 after Ctrl-C as a shell has it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            stopped()
        except RulesError as error:
            complain(words.RULES_DO_NOT_LOAD)
            tell(error.words, err=True)
        except PosecoachError as error:
            complain(error.words)
        except BrokenPipeError:
            raise
        except OSError as error:
            complain(_refused(error))
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            _unforeseen(error)
        sys.exit(2)


def stopped() -> None:
    """Ctrl-C."""
    complain(words.STOPPED)
    sys.exit(STOPPED)


def complain(said: Text) -> None:
    """A line on standard error that names the program."""
    echo(f"posecoach: {spoken(said)}", err=True)


def _refused(error: OSError) -> Text:
    """What the system refuses, and what to look at."""
    why = reason_of(error)
    where = "" if error.filename is None else f"{error.filename}: "
    return Text(f"{where}{why.zh}；{words.CHECK_PATH.zh}", f"{where}{why.en}; {words.CHECK_PATH.en}")


def _unforeseen(error: Exception) -> None:
    """Raises the error again where a traceback is asked for."""
    if os.environ.get(TRACEBACK):
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    complain(words.filled(words.UNFORESEEN, what=what, variable=TRACEBACK))
    sys.exit(FAULT)
