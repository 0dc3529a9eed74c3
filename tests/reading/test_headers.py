"""Headers are read from any bytes, as writers and servers really write them."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import pytest

from worker.reading import headers
from worker.reading.headers import FIELD_LIMIT


def of(*lines: str) -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n\r\nbody"


def test_ids_keep_their_brackets_and_their_order() -> None:
    found = headers(of("Message-ID: <a@x>", "In-Reply-To: <b@x>", "References: <c@x>", "  <b@x> <c@x>"))
    assert found.message_id == "<a@x>"
    assert found.in_reply_to == ("<b@x>",)
    assert found.references == ("<c@x>", "<b@x>")


def test_a_bare_id_gets_brackets() -> None:
    assert headers(of("In-Reply-To: b@x.example")).in_reply_to == ("<b@x.example>",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Huber, Anna" <a@x.example>', (("Huber, Anna", "a@x.example"),)),
        ("Huber, Anna <a@x.example>", (("Huber, Anna", "a@x.example"),)),
        ("Huber, Dr., Anna <a@x.example>", (("Huber, Dr., Anna", "a@x.example"),)),
        ("Huber, Anna b@y.example, <a@x.example>", (("", "b@y.example"), ("", "a@x.example"))),
        ("a@x.example (Anna)", (("Anna", "a@x.example"),)),
        ("=?utf-8?q?J=C3=B6rg?= <j@x.example>", (("Jörg", "j@x.example"),)),
        ("=?utf-8?B?Sg==?= =?utf-8?B?w7ZyZw==?= <j@x.example>", (("Jörg", "j@x.example"),)),
        ("undisclosed-recipients:;", ()),
        ("(c):", ()),
        ("<a@x.example>, b@y.example", (("", "a@x.example"), ("", "b@y.example"))),
        ("'a@x.example' <a@x.example>", (("a@x.example", "a@x.example"),)),
        ("MAILER-DAEMON (Mail Delivery System)", ()),
    ],
)
def test_addresses(value: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert headers(of(f"From: {value}")).from_ == expected


@pytest.mark.parametrize("piece", ["a,", '"a",', "a@,", "Anna <,", "(,"])
def test_a_field_of_any_length_is_read_at_once(piece: str) -> None:
    raw = of(f"To: {piece * (FIELD_LIMIT // len(piece))}")
    began = process_time()
    headers(raw)
    assert process_time() - began < 1.5


def test_an_encoded_line_end_makes_no_second_field() -> None:
    found = headers(of("Subject: =?utf-8?q?Hi=0ABcc:_evil@x.example?="))
    assert found.subject == "Hi Bcc: evil@x.example"
    assert not found.has("bcc")


def test_raw_eight_bit_subjects_are_read_as_utf8_or_windows_1252() -> None:
    assert headers("Subject: Grüße\n\n".encode()).subject == "Grüße"
    assert headers("Subject: Grüße\n\n".encode("cp1252")).subject == "Grüße"


def test_a_date_is_aware_or_none() -> None:
    found = headers(of("Date: Tue, 3 Mar 2026 10:00:00 +0100 (CET)")).date
    assert found is not None
    assert found.utcoffset() == timedelta(hours=1)
    assert headers(of("Date: Tue, 99 Foo 2026")).date is None
    unzoned = headers(of("Date: Tue, 3 Mar 2026 10:00:00 -0000")).date
    assert unzoned is not None
    assert unzoned.tzinfo is not None


def test_fields_of_the_body_are_none_of_the_header() -> None:
    assert headers(b"From: a@x.example\n\nSubject: in the body\n").subject == ""


def test_an_mbox_line_and_empty_lines_come_before_the_header() -> None:
    assert headers(b"\n\nFrom a@x.example Tue Mar 3\nFrom: b@x.example\n\n").from_address == "b@x.example"


@pytest.mark.parametrize(
    "lines",
    [
        ("From: MAILER-DAEMON@x.example", "Subject: Undelivered Mail Returned to Sender"),
        ("From: a@x.example", "Subject: Automatic reply: Hello"),
        ("From: a@x.example", "Auto-Submitted: auto-replied"),
        ("From: a@x.example", "Content-Type: multipart/report; report-type=disposition-notification"),
        ("From: a@x.example", "Content-Type: text/calendar; method=REPLY"),
        ("From: a@x.example", "X-Failed-Recipients: b@x.example"),
        ("From: microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@x.example", "Subject: Undeliverable: Hello"),
    ],
)
def test_what_may_be_automatic_is_worth_its_body(lines: tuple[str, ...]) -> None:
    assert headers(of(*lines)).looks_automatic


@pytest.mark.parametrize(
    "lines",
    [
        ("From: Anna <anna@x.example>", "Subject: Re: Thirty minutes"),
        ("From: Anna <anna@x.example>", "Subject: Re: Hello", "X-Auto-Response-Suppress: All"),
        ("From: Anna <anna@x.example>", "Subject: Lunch", "Auto-Submitted: no"),
    ],
)
def test_an_ordinary_mail_does_not_look_automatic(lines: tuple[str, ...]) -> None:
    assert not headers(of(*lines)).looks_automatic


def test_our_token_and_a_list() -> None:
    found = headers(of("X-Askaround-Token: abc", "List-Id: Friends <friends.x.example>", "Return-Path: <>"))
    assert (found.token, found.list_id, found.return_path) == ("abc", "Friends <friends.x.example>", "<>")
