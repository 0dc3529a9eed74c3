"""Any bytes give a Reading, never an exception, and never text that no database takes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.letters import ORIGINAL, mail, multipart
from tests.reading.test_bounce import dsn
from tests.reading.test_calendar import event
from worker.conversation.vocabulary import Context, Reading
from worker.reading import headers, text_hash
from worker.reading.quotes import divide
from worker.reading.reader import examine

SEEDS = (
    mail(
        "Hi Max,\n\ngladly.\n\nBest,\nAnna\n\nOn Tue, 3 Mar 2026, Max <max@owner.example> wrote:\n> thirty minutes?\n"
    ),
    mail(
        f"<anna@contact.example>: 550 5.1.1 unknown\n\n--- Original message ---\n\n{ORIGINAL}", sender="MAILER-DAEMON@x"
    ),
    dsn("5.1.1", "550 5.1.1 User unknown"),
    multipart(
        "alternative", "Content-Type: text/html; charset=utf-8\n\n<p>Yes</p><blockquote type=cite>no</blockquote>"
    ),
    multipart("mixed", f"Content-Type: text/calendar; method=REPLY\n\n{event('REPLY')}"),
    mail(
        "R2xhZGx5Lg==", Content_Type="text/plain; charset=iso-2022-jp; name*=x''y", Content_Transfer_Encoding="base64"
    ),
    mail(
        "=C3=BC =\n", Content_Type='text/plain; format=flowed; boundary="', Content_Transfer_Encoding="quoted-printable"
    ),
)


def check(raw: bytes) -> None:
    found = examine(raw, Context())
    assert isinstance(found, Reading)
    assert found.why
    for text in (found.new_text, *found.why, *found.words, headers(raw).subject):
        assert "\x00" not in text
        text.encode("utf-8")
    assert len(text_hash(raw)) == 64


@given(st.binary(max_size=2000))
@settings(deadline=None, max_examples=150)
def test_arbitrary_bytes(raw: bytes) -> None:
    check(raw)


@given(st.sampled_from(SEEDS), st.data())
@settings(deadline=None, max_examples=250)
def test_mutated_mails(seed: bytes, data: st.DataObject) -> None:
    raw = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 40))
        raw[place : place + length] = data.draw(
            st.binary(max_size=20) | st.sampled_from((b"\n", b"\r", b"--edge", b"=", b":", b"<"))
        )
    check(bytes(raw))


@given(st.text(max_size=600))
@settings(deadline=None, max_examples=150)
def test_the_new_text_adds_nothing(text: str) -> None:
    found = divide(text)
    said = set(text.replace("\xa0", " ").split())
    assert len("".join(found.new.split())) <= len("".join(text.split()))
    assert set(found.new.split()) - said == set() or "wrote:" in text
