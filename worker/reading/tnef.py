"""winmail.dat: the words that an Exchange server wraps in its own format (MS-OXTNEF, MS-OXRTFCP)."""

from __future__ import annotations

import re
import struct

from worker.reading import html
from worker.reading.charset import decode, storable

SIGNATURE = 0x223E9F78
BODY = 0x0002800C
PROPERTIES = 0x00069003
CODEPAGE = 0x00069007
PLAIN, RTF, HTML = 0x1000, 0x1009, 0x1013
SIZES = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
OUT_LIMIT = 4 * 1024 * 1024
DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSy"
    rb"mbolArialTimes "
    rb"New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
RTF_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)
SKIPPED = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"generator", b"listtable", b"themedata", b"datastore"}
)


def text(data: bytes) -> str:
    """The words of a TNEF stream, "" where there are none or it is broken; never raises."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return ""
    position, plain, properties = 6, "", {}
    codepage = "cp1252"
    while position + 9 <= len(data):
        _, attribute, length = struct.unpack_from("<BII", data, position)
        value = data[position + 9 : position + 9 + length]
        if attribute == CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == BODY:
            plain = decode(value.rstrip(b"\x00"), codepage)
        elif attribute == PROPERTIES:
            properties = _properties(value)
        position += 9 + length + 2
    if plain.strip():
        return _lines(plain)
    if PLAIN in properties:
        return _lines(
            properties[PLAIN][1].decode("utf-16-le", "replace").rstrip("\x00")
            if properties[PLAIN][0] == 0x1F
            else decode(properties[PLAIN][1].rstrip(b"\x00"), codepage)
        )
    if HTML in properties:
        return html.to_text(decode(properties[HTML][1], codepage))
    return rtf_text(decompress(properties[RTF][1]), codepage) if RTF in properties else ""


def decompress(data: bytes) -> bytes:
    """RTF out of its compressed form (MS-OXRTFCP 3.1.1); what is there of it where it is broken."""
    if len(data) < 16:
        return b""
    magic = data[8:12]
    if magic == b"MELA":
        return data[16:]
    if magic != b"LZFu":
        return b""
    window = bytearray(DICTIONARY.ljust(4096, b"\x00"))
    write = len(DICTIONARY)
    out = bytearray()
    position = 16
    while position < len(data) and len(out) < OUT_LIMIT:
        control = data[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > len(data):
                    return bytes(out)
                reference = data[position] << 8 | data[position + 1]
                position += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write % 4096:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    out.append(byte)
                    window[write % 4096] = byte
                    write += 1
            else:
                if position >= len(data):
                    return bytes(out)
                byte = data[position]
                position += 1
                out.append(byte)
                window[write % 4096] = byte
                write += 1
    return bytes(out)


def rtf_text(rtf: bytes, codepage: str = "cp1252") -> str:
    """The words of an RTF text; HTML that Outlook hid in it is read as HTML (MS-OXRTFEX)."""
    from_html = b"\\fromhtml" in rtf[:2000]
    out: list[str] = []
    pending = bytearray()
    stack: list[tuple[bool, bool]] = []
    skip = raw = False
    unicode_skip = 0
    for found in RTF_TOKEN.finditer(rtf[:OUT_LIMIT]):
        hexed, number, word, value, symbol, brace, plain = found.groups()
        if brace == b"{":
            stack.append((skip, raw))
        elif brace == b"}":
            skip, raw = stack.pop() if stack else (False, False)
        elif word in SKIPPED:
            skip = True
        elif symbol == b"*":
            skip = not from_html or not rtf.startswith(b"\\htmltag", found.end())
        elif word == b"htmltag":
            skip = False
            raw = True
        elif word == b"htmlrtf":
            skip = value != b"0"
        elif skip:
            continue
        elif number is not None:
            out += [decode(bytes(pending), codepage), chr(int(number) % 65536)]
            pending.clear()
            unicode_skip = 1
        elif unicode_skip and (hexed or symbol):
            unicode_skip = 0
        elif hexed:
            pending.append(int(hexed, 16))
        elif word in {b"par", b"line", b"tab"} and not raw:
            pending += b"\t" if word == b"tab" else b"\n"
        elif symbol in {b"\\", b"{", b"}"}:
            pending += symbol
        elif symbol == b"~":
            pending += b" "
        elif plain:
            pending += plain[unicode_skip:] if unicode_skip and plain[:1] == b"?" else plain
            unicode_skip = 0
    out.append(decode(bytes(pending), codepage))
    words = storable("".join(out))
    return html.to_text(words) if from_html else _lines(words)


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """Text properties of a MAPI property block by id, with their type; what can be read of it."""
    found: dict[int, tuple[int, bytes]] = {}
    if len(data) < 4:
        return found
    count, position = min(struct.unpack_from("<I", data)[0], 2000), 4
    try:
        for _ in range(count):
            kind, ident = struct.unpack_from("<HH", data, position)
            position += 4
            if ident >= 0x8000:
                position += 16
                named = struct.unpack_from("<I", data, position)[0]
                position += 8
                if named == 1:
                    length = struct.unpack_from("<I", data, position - 4)[0]
                    position += length + -length % 4
            many = bool(kind & 0x1000)
            kind &= 0x0FFF
            repeat = 1
            if many or kind in {0x1E, 0x1F, 0x0D, 0x102 & 0xFFF}:
                repeat = min(struct.unpack_from("<I", data, position)[0], 1000)
                position += 4
            for _ in range(repeat):
                if kind in SIZES:
                    position += SIZES[kind]
                    continue
                length = struct.unpack_from("<I", data, position)[0]
                position += 4
                found.setdefault(ident, (kind, data[position : position + length]))
                position += length + -length % 4
    except struct.error:
        return found
    return found


def _lines(words: str) -> str:
    return storable(words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
