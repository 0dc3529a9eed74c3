"""Words in an envelope: OpenPGP, S/MIME and winmail.dat."""

from __future__ import annotations

import base64
import struct

from tests.reading.letters import mail, multipart
from worker.conversation.vocabulary import Context, Intent, Kind
from worker.reading import tnef
from worker.reading.reader import examine
from worker.reading.sealed import signed_content, without_armour


def der(tag: int, body: bytes) -> bytes:
    size = len(body)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def signed(content: bytes) -> bytes:
    oid = bytes.fromhex("06092a864886f70d010701")
    return der(
        0x30, bytes.fromhex("06092a864886f70d010702") + der(0xA0, der(0x30, oid + der(0xA0, der(0x04, content))))
    )


def test_encrypted_mail_is_a_person_who_answers() -> None:
    pgp = multipart(
        "encrypted",
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream\n\nx",
    )
    smime = mail(
        "AAAA", Content_Type="application/pkcs7-mime; smime-type=enveloped-data", Content_Transfer_Encoding="base64"
    )
    inline = mail("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n")
    for raw in (pgp, smime, inline):
        found = examine(raw, Context())
        assert (found.kind, found.intent, found.human) == (Kind.reply, Intent.other, True)
        assert "encrypted" in found.why[0]


def test_a_clear_signature_leaves_the_words() -> None:
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nGladly.\n- -- \nAnna\n"
    text += "-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----"
    assert without_armour(text).strip() == "Gladly.\n-- \nAnna"


def test_an_opaque_signature_is_opened() -> None:
    content = b"Content-Type: text/plain\r\n\r\nGladly, on Tuesday.\r\n"
    assert signed_content(signed(content)) == content
    coded = base64.encodebytes(signed(content)).decode()
    raw = mail(coded, Content_Type="application/pkcs7-mime; smime-type=signed-data", Content_Transfer_Encoding="base64")
    assert examine(raw, Context()).new_text == "Gladly, on Tuesday."


def winmail(attribute: int, value: bytes) -> bytes:
    return struct.pack("<IH", tnef.SIGNATURE, 1) + struct.pack("<BII", 1, attribute, len(value)) + value + b"\x00\x00"


def test_a_winmail_dat_as_the_only_text() -> None:
    data = base64.encodebytes(winmail(tnef.BODY, b"Gladly, on Tuesday.\x00")).decode()
    raw = multipart(
        "mixed", f"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{data}"
    )
    assert examine(raw, Context()).new_text == "Gladly, on Tuesday."


def test_rtf_in_a_winmail_dat() -> None:
    rtf = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\pard Gladly,\par gr\'fc\'dfe \u8211?\par}"
    packed = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    padded = packed + b"\x00" * (-len(packed) % 4)
    properties = struct.pack("<IHHII", 1, 0x0102, tnef.RTF, 1, len(packed)) + padded
    assert tnef.text(winmail(tnef.PROPERTIES, properties)).split("\n")[:2] == ["Gladly,", "grüße –"]


def test_compressed_rtf() -> None:
    # The example of MS-OXRTFCP 4.1.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert tnef.decompress(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_broken_envelopes_are_borne() -> None:
    for data in (
        b"",
        b"\x78\x9f\x3e\x22",
        winmail(tnef.PROPERTIES, b"\xff" * 40)[:30],
        winmail(tnef.PROPERTIES, b"\x01\x00\x00\x00\x1e"),
    ):
        assert isinstance(tnef.text(data), str)
    assert signed_content(bytes.fromhex("06092a864886f70d010701a0")) == b""
