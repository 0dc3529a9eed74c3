"""A mail's bytes say what was meant and nothing else, whatever stands in a name, a subject or a thread."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing.golden import agrees
from worker.errors import AskaroundError
from worker.writing import Draft, Header, compose
from worker.writing import proof as proof_room
from worker.writing.compose import plain_text
from worker.writing.headers import one_line

HEADER = Header(
    sender=("Alex Doe", "alex@mail.example"),
    recipient=("Una Berg", "una@deltaworks.example"),
    message_id="<a1.b2@mail.example>",
    date=datetime(2026, 11, 24, 9, 5, tzinfo=ZoneInfo("Europe/Amsterdam")),
    subject="Re: Thirty minutes about hydrology?",
    token="t-7f3a",
    in_reply_to="<their@deltaworks.example>",
    references=("<first@mail.example>", "<their@deltaworks.example>"),
)
NAMES = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "X-Askaround-Token",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
]


def fields(raw: bytes) -> list[tuple[str, str]]:
    """The header as the simplest reader sees it: lines, nothing else."""
    found: list[tuple[str, str]] = []
    for line in raw.split(b"\r\n\r\n", 1)[0].decode("ascii").split("\r\n"):
        if line[0] in " \t":
            found[-1] = (found[-1][0], found[-1][1] + " " + line.strip())
        else:
            name, _, value = line.partition(":")
            found.append((name, value.strip()))
    return found


def decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def test_a_mail() -> None:
    agrees("mail.eml.txt", compose(Draft("", "Hi Una,\n\nGrüße.\n"), HEADER).decode("ascii").replace("\r\n", "\n"))


def test_every_field_stands_once() -> None:
    raw = compose("Hi\n", HEADER)
    assert [name for name, _ in fields(raw)] == NAMES
    assert message_from_bytes(raw).keys() == NAMES
    assert message_from_bytes(raw, policy=policy.default)["subject"] == HEADER.subject


@pytest.mark.parametrize("name", ["bcc", "list-unsubscribe", "precedence", "return-path"])
def test_what_one_person_does_not_send_is_not_there(name: str) -> None:
    assert name not in {field.lower() for field, _ in fields(compose("Hi\n", HEADER))}
    with pytest.raises(AskaroundError):
        compose("Hi\n", replace(HEADER, extra={name.title(): "x"}))


PIECES = [
    *("\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\u202e", "\ud800", "\t", " "),
    *(
        "Bcc: evil@x.example",
        ":",
        '"',
        "\\",
        "<",
        ">",
        "@",
        ",",
        ";",
        "(",
        ")",
        "é",
        "李",
        "👩\u200d🔬",
        "a" * 200,
        "Re:",
    ),
    *("=?", "?=", "=?x?q?", "=?utf-8?q?=C3?=", "=?utf-16?b?AAoADQ==?=", "=?utf-8?q?Hi=0ABcc:_evil?="),
    *("=?utf-8?b?SGkNCkJjYzogZXZpbEB4?=", "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0A=3F=3D?="),
]
NASTY = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=9).map("".join))


@given(name=NASTY, subject=NASTY, reference=NASTY, text=NASTY)
@settings(max_examples=2000, deadline=None, derandomize=True)
def test_no_header_can_be_injected(name: str, subject: str, reference: str, text: str) -> None:
    header = replace(
        HEADER,
        sender=(name, HEADER.sender[1]),
        recipient=(name, HEADER.recipient[1]),
        subject=subject,
        references=(f"<{reference}@x.example>", *HEADER.references),
        extra={"X-Note": subject},
    )
    raw = compose(text + "\n", header)
    expected = [*NAMES[:-2], "X-Note", *NAMES[-2:]]
    assert [field for field, _ in fields(raw)] == expected
    message = message_from_bytes(raw)
    assert message.keys() == expected
    modern = message_from_bytes(raw, policy=policy.default)
    assert modern.keys() == expected
    assert [one.addr_spec for one in modern["to"].addresses] == [HEADER.recipient[1]]
    assert [one.addr_spec for one in modern["from"].addresses] == [HEADER.sender[1]]
    for field in ("Subject", "From", "To", "X-Note"):
        shown = decoded(str(message[field]).replace("\r\n", ""))
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", shown)
        again = decoded(shown)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", again)
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|[\x80-\xff\x00]", raw)
    assert max(map(len, raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))) <= 76
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert message.get_payload(decode=True).decode() == plain_text(text + "\n").replace("\n", "\r\n")


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "<a@b>\r\nBcc: x@y.example"},
        {"message_id": "a@b"},
        {"message_id": "<a b@c>"},
        {"token": "t\r\nBcc: x"},
        {"token": "=?utf-8?q?=0A?="},
        {"recipient": ("", "una@x.example\nBcc: y@z.example")},
        {"recipient": ("", "una@x.example, eve@x.example")},
        {"recipient": ("", "una@x.example\u2028")},
        {"recipient": ("", "una@x.example>")},
        {"recipient": ("", "una")},
        {"recipient": ("", "")},
        {"recipient": ("", "=?utf-8?q?a=0A?=")},
        {"recipient": ("", "=?utf-8?q?a=0D=0ABcc:_x?=@x.example")},
        {"recipient": ("", "ü@x.example")},
        {"sender": ("Alex", "alex@mail.example\r\n")},
        {"date": datetime(2026, 11, 24, 9, 5)},
        {"extra": {"X-A: b\r\nBcc": "x"}},
        {"extra": {"Subject": "x"}},
        {"extra": {"to": "x"}},
        {"extra": {"Cc": "x@y.example"}},
        {"extra": {"Content-Type": "text/html"}},
    ],
)
def test_what_cannot_be_made_harmless_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(AskaroundError):
        compose("Hi\n", replace(HEADER, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, shown",
    [
        ("a\r\nBcc: b", "a Bcc: b"),
        ("=?utf-8?q?Hi=0ABcc:_evil?=", "Hi Bcc: evil"),
        ("=?utf-8?b?PT91dGYtOD9xP0hpPTBBQmNjOl94Pz0=?=", "Hi Bcc: x"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f\x00g", "a b c d e f g"),
        ("a\u202eb\u2066c", "abc"),
        ("what =? is", "what = is"),
        ("=\u200b?utf-8?q?Hi=0ABcc:_evil?=", "Hi Bcc: evil"),
        ("=\u202e?utf-8\ufeff?q?Hi?\u200e=", "Hi"),
        ("=?utf-8?q?=3D=E2=80=8B?=?utf-8?q?Hi=0ABcc:_x?=", "Hi Bcc: x"),
        ("what =\u2066? is", "what = is"),
        ("👩‍🔬 é", "👩‍🔬 é"),
        ("  a \t b ", "a b"),
    ],
)
def test_a_line_is_one_line(text: str, shown: str) -> None:
    found = one_line(text, limit=100)
    assert found.replace("  ", " ") == shown


@pytest.mark.parametrize(
    "name, line",
    [
        ("Una Berg", "Una Berg <una@deltaworks.example>"),
        ("", "una@deltaworks.example"),
        ("Berg, Una", '"Berg, Una" <una@deltaworks.example>'),
        ('Una "Bo" Berg', '"Una \\"Bo\\" Berg" <una@deltaworks.example>'),
        ("Zoë", "=?utf-8?b?Wm/Dqw==?= <una@deltaworks.example>"),
        ("una@other.example", '"una@other.example" <una@deltaworks.example>'),
    ],
)
def test_names_are_quoted_or_encoded(name: str, line: str) -> None:
    raw = compose("Hi\n", replace(HEADER, recipient=(name, HEADER.recipient[1])))
    assert dict(fields(raw))["To"] == line


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Dreißig Minuten über Gewässerkunde, Pegel und die Frage, was ein Fluss eigentlich will?",
        "Thirty minutes about your work at the Institute for Everything that has a very long name indeed?",
        "水文学についての三十分、あるいは川が本当に望んでいることについての長い長い題名です。どうぞよろしく",
        "x" * 290,
        "👩‍🔬" * 60,
    ],
)
def test_long_subjects_are_folded_and_come_back_whole(subject: str) -> None:
    raw = compose("Hi\n", replace(HEADER, subject=subject))
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert decoded(dict(fields(raw))["Subject"]) == one_line(subject, limit=300)


def test_a_long_thread_is_folded_between_its_ids() -> None:
    ids = tuple(f"<{number:03d}.{'x' * 30}@mail.example>" for number in range(100))
    raw = compose("Hi\n", replace(HEADER, references=ids))
    named = dict(fields(raw))["References"].split()
    assert named[0] == ids[0]
    assert named[1:] == list(ids[-39:])
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_an_id_too_long_for_a_line_stays_in_one_piece() -> None:
    long_id = f"<{'x' * 300}@outlook.example>"
    raw = compose("Hi\n", replace(HEADER, in_reply_to=long_id, references=("<a@b>", long_id)))
    assert dict(fields(raw))["In-Reply-To"] == long_id
    assert dict(fields(raw))["References"] == f"<a@b> {long_id}"
    assert f"In-Reply-To: {long_id}\r\n".encode() in raw


def test_malformed_ids_of_strangers_are_left_out() -> None:
    odd = ("<a b@c>", "no brackets", "<ü@c>", "<a@b>\r\nBcc: x", "<a@b>")
    raw = compose("Hi\n", replace(HEADER, in_reply_to="<a b>", references=odd))
    assert dict(fields(raw))["References"] == "<a@b>"
    assert "In-Reply-To" not in dict(fields(raw))


@pytest.mark.parametrize(
    "zone", [ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/St_Johns"), timezone(timedelta(hours=-11))]
)
def test_the_date_is_in_the_senders_zone(zone: ZoneInfo) -> None:
    date = HEADER.date.astimezone(zone)
    written = parsedate_to_datetime(dict(fields(compose("Hi\n", replace(HEADER, date=date))))["Date"])
    assert written == date
    assert written.utcoffset() == date.utcoffset()


def test_an_international_domain_becomes_ascii() -> None:
    raw = compose("Hi\n", replace(HEADER, recipient=("", "una@bücher.example")))
    assert dict(fields(raw))["To"] == "una@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "text", ["From here\n", ".\n", "..a\n", "a \n", "a\t\n", "é" * 200 + "\n", "x" * 5000 + "\n", "=\n", "\n\n"]
)
def test_the_text_survives_relays(text: str) -> None:
    raw = compose(text, HEADER)
    part = raw.split(b"\r\n\r\n", 1)[1]
    assert not re.search(rb"(?m)^From |^\.|[ \t]\r$", part)
    assert message_from_bytes(raw).get_payload(decode=True).decode().replace("\r\n", "\n") == plain_text(text)


@pytest.mark.parametrize(
    "broken",
    [
        lambda raw: raw.replace(b"Date:", b"Bcc: x@y.example\r\nDate:"),
        lambda raw: raw.replace(b"Una Berg <una@", b"Una Berg <eve@x.example>, <una@"),
        lambda raw: raw.replace(b"<una@deltaworks.example>", b"<eve@deltaworks.example>"),
        lambda raw: raw.replace(b"Subject: Re: Thirty", b"Subject: Re: Forty"),
        lambda raw: raw.replace(b"Subject: Re:", b"Subject: Re:\n"),
        lambda raw: raw.replace(b"Subject: Re:", b"Subject: Re:\rX: y"),
        lambda raw: raw.replace(b"Subject: Re: Thirty", b"Subject: Re:\r\n\r\nThirty"),
        lambda raw: raw.replace(b"Message-ID:", b"Message-ID :"),
        lambda raw: raw.replace(b"Hi there", b"Hi you"),
        lambda raw: raw.replace(b"Hi there", b"Hi th\xe9re"),
        lambda raw: raw.replace(b"MIME-Version: 1.0\r\n", b""),
        lambda raw: raw + b"x" * 1000,
    ],
)
def test_the_check_notices_every_change(broken) -> None:  # type: ignore[no-untyped-def]
    raw = compose("Hi there\n", HEADER)
    proof_room.prove(raw, names=NAMES, header=HEADER, texts=["Hi there\n"])
    assert broken(raw) != raw
    with pytest.raises(AskaroundError):
        proof_room.prove(broken(raw), names=NAMES, header=HEADER, texts=["Hi there\n"])
