"""Words that lie in an envelope: S/MIME, OpenPGP and winmail.dat."""

from __future__ import annotations

import re

from worker.reading import tnef
from worker.reading.letter import Letter, Part

SIGNED_TEXT = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]+: [^\n]*\n)*\n(.*?)\n?-----BEGIN PGP SIGNATURE-----.*?(?:----"
    r"-END PGP SIGNATURE-----|\Z)",
    re.DOTALL,
)
ENCRYPTED_TEXT = re.compile(r"-----BEGIN PGP MESSAGE-----.{0,2000000}?(?:-----END PGP MESSAGE-----|\Z)", re.DOTALL)
PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
DATA = bytes.fromhex("06092a864886f70d010701")
"""The object identifier of the signed content (RFC 5652 4)."""


def closed(letter: Letter) -> str:
    """Why nobody but the receiver can read the mail, or ""."""
    for part in letter.parts():
        if part.type == "multipart/encrypted":
            return "a person answers; the words are encrypted (OpenPGP, RFC 3156)"
        if part.type in PKCS7 and not _is_signed(part):
            return "a person answers; the words are encrypted (S/MIME, RFC 8551)"
    if "-----BEGIN PGP MESSAGE-----" in letter.text:
        return "a person answers; the words are encrypted (OpenPGP)"
    return ""


def words(letter: Letter) -> str:
    """The text of a mail, also where it lies in a signature's envelope or in a winmail.dat."""
    return without_armour(letter.text if letter.text.strip() else text(letter))


def text(letter: Letter) -> str:
    """The words in an opaque signature or in a winmail.dat, "" where there are none."""
    for part in letter.parts():
        if part.type in PKCS7 and _is_signed(part):
            content = signed_content(part.data(4 * 1024 * 1024))
            if content:
                return Letter(content).text
        if part.type in {"application/ms-tnef", "application/vnd.ms-tnef"} or part.filename.lower() == "winmail.dat":
            inside = tnef.text(part.data(8 * 1024 * 1024))
            if inside.strip():
                return inside
    return ""


def without_armour(shown: str) -> str:
    """The text of a clear-signed message alone (RFC 9580 7); encrypted blocks are left out."""
    if "-----BEGIN PGP" not in shown:
        return shown
    found = SIGNED_TEXT.search(shown)
    if found:
        shown = shown[: found.start()] + re.sub(r"^- ", "", found[1], flags=re.MULTILINE) + shown[found.end() :]
    return ENCRYPTED_TEXT.sub("", shown)


def signed_content(der: bytes) -> bytes:
    """The content of a CMS SignedData, b"" where it cannot be found (RFC 5652 5.2); strings in pieces are joined."""
    place = der.find(DATA)
    if place < 0:
        return b""
    position = place + len(DATA)
    for _ in range(4):
        if position + 2 > len(der):
            return b""
        tag = der[position]
        length, body = _length(der, position + 1)
        if tag == 0x04:
            return der[body : body + length] if length >= 0 else b""
        if tag == 0x24:
            return _pieces(der, body, body + length if length >= 0 else len(der))
        if tag != 0xA0:
            return b""
        position = body
    return b""


def _pieces(der: bytes, position: int, end: int) -> bytes:
    out = bytearray()
    while position + 2 <= min(end, len(der)) and der[position] == 0x04:
        length, body = _length(der, position + 1)
        if length < 0:
            break
        out += der[body : body + length]
        position = body + length
    return bytes(out)


def _length(der: bytes, position: int) -> tuple[int, int]:
    """A DER length and where the value begins; -1 for the indefinite form."""
    if position >= len(der):
        return 0, position
    first = der[position]
    if first < 0x80:
        return first, position + 1
    if first == 0x80:
        return -1, position + 1
    count = min(first & 0x7F, 8)
    return int.from_bytes(der[position + 1 : position + 1 + count], "big"), position + 1 + count


def _is_signed(part: Part) -> bool:
    kind = part.parameters.get("smime-type", "").lower()
    if kind:
        return kind in {"signed-data", "certs-only"}
    return part.filename.lower().endswith(".p7s") or DATA in part.data(65_536)[:200]
