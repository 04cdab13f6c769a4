"""How a mistake in a rule file is told: what was expected, what came, what may have been meant; in both languages."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from posecoach.vocabulary import Text

NOTHING = Text("", "")


def expected(what: Text, got: Text, hint: Text = NOTHING) -> Text:
    """That ``what`` was expected and ``got`` came; ``hint`` follows."""
    return Text(f"应为{what.zh}，现在是 {got.zh}{hint.zh}", f"expected {what.en}, got {got.en}{hint.en}")


def joined(complaints: Iterable[Text]) -> Text:
    """Several complaints about one place."""
    said = list(complaints)
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def same(text: str) -> Text:
    """What reads alike in both languages: a name, a number, a list of keys."""
    return Text(text, text)


def show(value: object) -> Text:
    """A value as the writer of a rule file knows it, short enough for one line of a message."""
    if value is None:
        return Text("空", "nothing")
    if isinstance(value, dict):
        keys = ", ".join(map(str, value))
        return Text(f"键值（{keys or '没有键'}）", "a mapping with " + (keys or "no keys"))
    if isinstance(value, tuple):
        return same("[" + ", ".join("null" if item is None else str(item) for item in value)[:80] + "]")
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return same(text if len(text) <= 80 else text[:77] + "...")


def did_you_mean(word: str, known: Collection[str]) -> Text:
    """``; did you mean 'x'?`` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return Text(f"；是不是 {near[0]!r}？", f"; did you mean {near[0]!r}?") if near else NOTHING
