"""Bytes of a mail as text, whatever charset they claim to be in."""

from __future__ import annotations

import codecs
import re

TRUE_NAME = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp-850": "cp850",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
"""What writers call a charset, and the codec that reads what they really send (a superset where one exists)."""

LATIN = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15", "latin_1"})
"""Charsets that stand in headers of mail that is really UTF-8, or Windows-1252."""

NOT_FOR_MAIL = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of `data`; never raises, and the result holds no NUL and no lone surrogate (no database takes them)."""
    codec = _codec(charset)
    if codec is None or codec in LATIN:
        # A label of Latin-1 on UTF-8 is common, Latin-1 text that happens to be valid UTF-8 is not.
        text = _strict(data, "utf-8")
        if text is None:
            text = _strict(data, codec if codec == "iso8859-15" else "cp1252") or data.decode("latin-1")
    elif codec.startswith(("utf-16", "utf-32")) and b"\x00" not in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-8", "replace")
    else:
        text = _strict(data, codec) or ""
        if data and not text:
            text = _strict(data, "utf-8") or data.decode(codec, "replace")
    if text.startswith("\ufeff"):
        text = text[1:]
    return storable(text)


def storable(text: str) -> str:
    """The text without NUL and lone surrogates."""
    return UNSTORABLE.sub("\ufffd", text) if UNSTORABLE.search(text) else text


def _codec(charset: str | None) -> str | None:
    """Python's name of the codec, or None where the label says nothing that can be used."""
    name = (charset or "").strip().strip("\"'").lower()
    if not name or len(name) > 40 or not name.isascii():
        return None
    try:
        info = codecs.lookup(TRUE_NAME.get(name, name))
    except (LookupError, ValueError):
        return None
    if info.name in NOT_FOR_MAIL or not getattr(info, "_is_text_encoding", True):
        return None
    return info.name


def _strict(data: bytes, codec: str) -> str | None:
    """The text, or None where the bytes do not fit the codec (UnicodeError, and ValueError of some codecs)."""
    try:
        return data.decode(codec)
    except ValueError:
        return None
