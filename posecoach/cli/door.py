"""What every command shares: values that are numbers, errors in one line, and no control characters of strangers on the terminal."""

from __future__ import annotations

import math
import os
import sys
import unicodedata
from typing import Any

import click

from posecoach.errors import OutputError, PosecoachError, RulesError, reason_of

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


class Finite(click.FloatRange):
    """A number in a range; NaN and infinity, which a range lets through, are none."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, with an error in its words."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


class Door(click.Group):
    """Shows every error as one line. Exit status 2 where we or the system refuse something, 130 after Ctrl-C as a shell has it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            stopped()
        except RulesError as error:
            echo(f"posecoach: the rules do not load:\n{error}", err=True)
        except OutputError as error:
            echo(f"posecoach: {error.words.zh} {error.words.en}", err=True)
        except PosecoachError as error:
            echo(f"posecoach: {error}", err=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            said = f"{error.filename}: {reason_of(error).en}" if error.filename is not None else reason_of(error).en
            echo(f"posecoach: {said}; check the path and the permissions", err=True)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            _unforeseen(error)
        sys.exit(2)


def stopped() -> None:
    """Ctrl-C."""
    echo("posecoach: stopped", err=True)
    sys.exit(STOPPED)


def _unforeseen(error: Exception) -> None:
    """Raises the error again where a traceback is asked for."""
    if os.environ.get(TRACEBACK):
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    echo(f"posecoach: something went wrong that should not: {what}; set {TRACEBACK}=1 to see where", err=True)
    sys.exit(FAULT)
