"""MIME is taken apart by offsets: broken, nested and giant mails included."""

from __future__ import annotations

import base64
import time

import pytest

from tests.reading.letters import mail, multipart
from worker.reading.charset import decode
from worker.reading.letter import Letter, flowed, parameters


def test_plain_text_goes_before_html() -> None:
    raw = multipart("alternative", "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>html</p>")
    assert Letter(raw).text == "plain"


def test_a_stub_that_sends_to_the_html_is_no_text() -> None:
    html = "<p>Gladly, I have time on Tuesday at ten, and would like to hear more about you.</p>"
    raw = multipart(
        "alternative", "Content-Type: text/plain\n\nYour client cannot show HTML.", f"Content-Type: text/html\n\n{html}"
    )
    assert Letter(raw).text.startswith("Gladly")


def test_attachments_are_no_text_and_text_after_them_is() -> None:
    raw = multipart(
        "mixed",
        "Content-Type: text/plain\n\nabove",
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnot said",
        "Content-Type: text/plain\n\nbelow",
    )
    assert Letter(raw).text == "above\nbelow"


def test_a_missing_last_boundary_and_a_missing_boundary_parameter() -> None:
    cut = multipart("mixed", "Content-Type: text/plain\n\nwords").replace(b"--edge--\n", b"")
    assert Letter(cut).text.strip() == "words"
    unnamed = multipart("mixed", "Content-Type: text/plain\n\nwords").replace(b'; boundary="edge"', b"")
    assert Letter(unnamed).text.strip() == "words"


def test_a_boundary_that_begins_like_another() -> None:
    inner = (
        'Content-Type: multipart/alternative; boundary="edge2"\n\n--edge2\nContent-Type: text/plain\n\nwords\n--edge2--'
    )
    assert Letter(multipart("mixed", inner)).text.strip() == "words"


def test_a_forwarded_message_is_not_what_the_writer_says() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: b@x.example\nSubject: other\n\nsomebody else's words"
    letter = Letter(multipart("mixed", "Content-Type: text/plain\n\nmine", inner))
    assert letter.text == "mine"
    assert [part.headers.subject for part in letter.parts(into_messages=True)][-1] == "other"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("ks_c_5601-1987", "cp949"),
        ("gb2312", "gbk"),
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "utf-8"),
        ("no-such-charset", "utf-8"),
        ("utf-16", "utf-8"),
        ("x-sjis", "cp932"),
        ("rot13", "utf-8"),
        ("punycode", "utf-8"),
    ],
)
def test_a_charset_is_read_as_what_it_really_is(charset: str, codec: str) -> None:
    text = {"cp949": "안녕하세요 똠", "gbk": "朱镕基", "cp932": "髙橋①"}.get(codec, "Grüße – „so“")
    assert decode(text.encode(codec), charset) == text


def test_text_can_be_stored_in_any_database() -> None:
    assert "\x00" not in decode(b"a\x00b")
    assert decode("\ud800".encode("utf-8", "surrogatepass"), "utf-8").isprintable()


def test_flowed_lines_are_joined() -> None:
    assert flowed("I would be \nglad to.\n-- \nAnna") == "I would be glad to.\n-- \nAnna"
    assert flowed(">> deep \n> not deep\nmine") == ">> deep \n> not deep\nmine"


def test_parameters_in_pieces_and_with_charset() -> None:
    said = parameters("attachment; filename*0*=utf-8''Gr%C3%BC; filename*1*=%C3%9Fe.ics; size=3")
    assert said == {"filename": "Grüße.ics", "size": "3"}
    assert parameters("text/plain; name*")["name"] == "" if "name" in parameters("text/plain; name*") else True


def test_base64_is_read_though_it_is_broken() -> None:
    coded = base64.b64encode(b"words to read").decode().rstrip("=")
    assert Letter(mail(f"{coded[:6]}!\n {coded[6:]}", Content_Transfer_Encoding="base64")).text == "words to read"


def test_lines_that_end_in_cr_alone() -> None:
    assert Letter(b"From: a@x.example\rSubject: s\r\rwords\r").text == "words"


def test_nesting_without_end_ends() -> None:
    raw = b"From: a@x.example\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    assert Letter(raw).headers.from_address == "a@x.example"


def test_a_giant_mail_costs_little_and_its_words_are_found() -> None:
    # The text stands behind 70 MB of attachment; the limit is ten times what was measured.
    attachment = (
        b"--edge\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n" + (b"A" * 76 + b"\n") * 950_000
    )
    raw = (
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=edge\n\n"
        + attachment
        + b"--edge\nContent-Type: text/plain\n\nHere it is.\n--edge--\n"
    )
    begin = time.perf_counter()
    assert Letter(raw).text == "Here it is."
    assert time.perf_counter() - begin < 2
