"""Names out of the files of an office are the names that were typed, whichever encoding its programs write."""

from __future__ import annotations

import random

import pytest

from posecoach.rulebook.encodings import _SURNAMES, _SURNAMES_IN_FULL, decode_text

GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国玉梅海燕红波鹏宇婷欣怡梓涵浩然子轩雨嘉晨思远志文俊博小东春雪"
GIVEN_IN_FULL = "偉芳娜秀英敏靜麗強磊軍洋勇豔傑娟濤明超蘭霞平剛桂華建國玉梅海燕紅波鵬宇婷欣怡梓涵浩然子軒雨嘉晨思遠志文俊博小東春雪"
NAMES = {"gbk": (_SURNAMES, GIVEN), "gb18030": (_SURNAMES, GIVEN), "utf-8": (_SURNAMES, GIVEN), "big5": (_SURNAMES_IN_FULL, GIVEN_IN_FULL)}


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["file,name\na.mp4,{}\n", "{}", "file,name\n{}.mp4,{}\n"], ids=["a row", "alone", "in a file name"])
def test_each_of_the_hundred_commonest_surnames_alone(encoding: str, text: str) -> None:
    wrong = [name for name in _SURNAMES if decode_text(text.replace("{}", name).encode(encoding)) != text.replace("{}", name)]
    assert (len(_SURNAMES), wrong) == (100, [])


@pytest.mark.parametrize("encoding", NAMES)
@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_rosters_of_common_names(encoding: str, count: int) -> None:
    """In Big5 a single name can be one of GBK too: of a thousand two are taken for it."""
    dice = random.Random(f"{encoding} {count}")
    surnames, given = NAMES[encoding]
    wrong = 0
    for _ in range(200):
        names = [dice.choice(surnames) + "".join(dice.choices(given, k=dice.choice((1, 2)))) for _ in range(count)]
        text = "file,name\n" + "".join(f"clip_{i}.mp4,{name}\n" for i, name in enumerate(names))
        wrong += decode_text(text.encode(encoding)) != text
    assert wrong <= (1 if (encoding, count) == ("big5", 1) else 0)


@pytest.mark.parametrize("text", ["José,Müller", "Lǐ Wěi", "Éric", "Иван Петров", "ئەخمەت تۇرسۇن", "山田たろう", "김철수", "a,b", ""])
def test_other_scripts_in_utf8_stay_as_they_are(text: str) -> None:
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\xff\xfe\x00", b"\x80", bytes(range(256))])
def test_what_is_no_text_is_told_apart(data: bytes) -> None:
    assert decode_text(data) is None
