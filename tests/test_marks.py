"""The marks in our Message-IDs and tokens: known with the key, noise without."""

from __future__ import annotations

import re
import secrets

from worker.jobs import marks
from worker.jobs.ids import SecretIds

KEY, OTHER = secrets.token_bytes(32), secrets.token_bytes(32)
UNA, BEN = "una@acme.example", "ben@bolt.example"
OWNER = "robin@owner.example"


def id_for(to: str = UNA, step: str = "ask", key: bytes = KEY) -> str:
    return marks.message_id(key, SecretIds().message_id(OWNER), to, step)


def token_for(to: str = UNA, step: str = "ask", key: bytes = KEY) -> str:
    return marks.token(key, SecretIds().token(), to, step)


def test_address_and_step_are_read_off() -> None:
    for to, step in ((UNA, "ask"), (BEN, "referral_request"), (OWNER, marks.SUMMARY)):
        everybody = (BEN, UNA, OWNER)
        assert marks.read_off(KEY, everybody, id_=id_for(to, step)) == (to, step)
        assert marks.read_off(KEY, everybody, token=token_for(to, step)) == (to, step)
    assert marks.read_off(KEY, ["Una+news@ACME.example"], token=token_for()) == ("Una+news@ACME.example", "ask")


def test_they_look_as_before() -> None:
    assert re.fullmatch(r"<[0-9a-f]{24}\.[0-9a-f]{8}@owner\.example>", id_for())
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token_for())


def test_nothing_is_revealed_and_nothing_repeats() -> None:
    """Two mails of one step to one person have no part in common."""
    parts = [re.split(r"[<.@]", id_for())[1:3] for _ in range(200)]
    assert len({part for both in parts for part in both}) == 400
    assert len({token_for()[:11] for _ in range(200)} | {token_for()[11:] for _ in range(200)}) == 400


def test_without_the_key_they_say_nothing() -> None:
    assert marks.is_ours(KEY, id_for())
    assert not marks.is_ours(OTHER, id_for())
    assert not marks.is_ours(b"", id_for())
    assert marks.read_off(OTHER, [UNA], id_=id_for(), token=token_for()) is None
    assert marks.read_off(KEY, [UNA], id_=SecretIds().message_id(OWNER), token=SecretIds().token()) is None
    assert marks.read_off(KEY, [BEN], id_=id_for(), token=token_for()) is None


def test_any_text_is_no_mark() -> None:
    for text in ("", "<>", "<a@b>", "x" * 22, "<" + "0" * 24 + "." + "0" * 8 + "@owner.example>", "\0", "ä" * 22):
        assert not marks.is_ours(KEY, text)
        assert marks.read_off(KEY, [UNA], id_=text, token=text) is None
