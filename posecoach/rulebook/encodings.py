"""Bytes of a text file to its text, whichever program of an office wrote it."""

from __future__ import annotations

from collections.abc import Callable

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_SURNAMES_IN_FULL = (
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賈丁魏薛葉閻"
    "余潘杜戴夏鍾汪田任姜范方石姚譚廖鄒熊金陸郝孔白崔康毛邱秦江史顧侯邵孟龍萬段雷錢湯尹黎易常武喬賀賴龔文"
)
"""The hundred commonest surnames in both ways of writing: most Chinese tables of people hold some."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

Weight = Callable[[int], float]


def decode_text(data: bytes) -> str | None:
    """The text of UTF-8, GB 18030 (Excel and Notepad on a Chinese Windows), Big5 or marked UTF-16; None for bytes that are none of them.

    Bytes that several encodings can read are read as what gives Chinese: 郑 in GBK is a Hebrew accent in UTF-8, and a name in Big5 is
    mostly some rare characters in GBK.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    as_utf8, as_gb, as_big5 = (_decoded(data, encoding) for encoding in ("utf-8", "gb18030", "cp950"))
    if as_utf8 is not None and (as_gb is None or _is_surely_utf8(as_utf8, as_gb)):
        return as_utf8
    if as_gb is None or as_big5 is None:
        return as_big5 if as_gb is None else as_gb
    if _commonness(as_big5, "cp950", _weight_in_big5, _SURNAMES_IN_FULL) > _commonness(as_gb, "gb2312", _weight_in_gb, _SURNAMES):
        return as_big5
    return as_gb


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_surely_utf8(as_utf8: str, as_gb: str) -> bool:
    """Whether text valid in both is UTF-8: it has Chinese in it, or words of Latin letters, or is no everyday Chinese in GBK."""
    if as_utf8.isascii() or any(_is_han(character) for character in as_utf8) or _is_latin(as_utf8):
        return True
    return any(not _code(character, "gb2312") for character in as_gb if not character.isascii())


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def _is_latin(text: str) -> bool:
    """Whether all beyond ASCII are accented letters within words, as in José."""
    padded = f" {text} "
    found = [i for i, character in enumerate(padded) if not character.isascii()]
    return all(padded[i] < "\u0250" and padded[i].isalpha() and _is_beside_a_letter(padded, i) for i in found)


def _is_beside_a_letter(text: str, i: int) -> bool:
    return any(text[j].isascii() and text[j].isalpha() for j in (i - 1, i + 1))


def _commonness(text: str, encoding: str, weight: Weight, surnames: str) -> float:
    """How much like everyday Chinese the characters beyond ASCII are: 0 not at all, 1 all common, more with surnames."""
    beyond = [character for character in text if not character.isascii()]
    points = (weight(_code(character, encoding)) + (character in surnames) for character in beyond)
    return sum(points) / max(len(beyond), 1)


def _code(character: str, encoding: str) -> int:
    """The first of the two bytes of a character, 0 where the encoding has none for it."""
    try:
        data = character.encode(encoding)
    except UnicodeEncodeError:
        return 0
    return data[0] if len(data) == 2 else 0


def _weight_in_gb(lead: int) -> float:
    """GB 2312 has common characters in rows 16 to 55, rarer ones after them, punctuation in 1 and 3."""
    if 0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3):
        return 1.0
    return 0.4 if lead > 0xD7 else 0.0


def _weight_in_big5(lead: int) -> float:
    """Big5 has common characters up to 0xC6, rarer ones from 0xC9, punctuation in 0xA1."""
    if 0xA4 <= lead <= 0xC6 or lead == 0xA1:
        return 1.0
    return 0.4 if lead >= 0xC9 else 0.0
