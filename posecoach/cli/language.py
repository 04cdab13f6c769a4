"""In which language the terminal speaks: what was asked for with ``--lang``, else the language of the system."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from posecoach.vocabulary import Text
from posecoach.wording import Language, say

LANGUAGES: tuple[Language, ...] = ("zh", "en")
VARIABLE = "POSECOACH_LANG"
"""Set in the environment, it stands for ``--lang``."""
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
_CHINESE = 0x04
"""The primary language of a Windows language identifier, in its lower ten bits."""


def _windows_language() -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetUserDefaultUILanguage())


def system_language(environment: Mapping[str, str], windows: Callable[[], int] = _windows_language) -> Language:
    """Chinese where the system speaks Chinese, else English: the first variable of the locale that is set, on Windows its own setting."""
    for variable in _SYSTEM:
        if environment.get(variable):
            return "zh" if environment[variable].lower().startswith("zh") else "en"
    return "zh" if windows() & 0x3FF == _CHINESE else "en"


def asked_for(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language of the last ``--lang`` among the arguments, before or after the command; else of the environment or the system.

    Read before anything else, so that help and complaints about the other arguments speak it too. What is no language is passed over
    here and refused where the option is read.
    """
    asked: str | None = None
    for word, after in pairwise([*arguments, ""]):
        if word == "--":
            break
        if word == "--lang":
            asked = after
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    known: dict[str | None, Language] = dict(zip(LANGUAGES, LANGUAGES, strict=True))
    return known.get(asked) or known.get(environment.get(VARIABLE)) or system_language(environment)


class _Terminal:
    """What the terminal speaks now."""

    language: Language | None = None


def speak(language: Language) -> None:
    """From now on the terminal speaks this language."""
    _Terminal.language = language


def language() -> Language:
    """What the terminal speaks."""
    return _Terminal.language or asked_for((), os.environ)


def spoken(text: Text) -> str:
    """The text as the terminal says it."""
    return say(text, language())
