"""The fields that are asked of the server, and how a mail is recognised by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.mailbox.header_block import FIELDS, message_ids, recipients, token, values
from worker.reading.automatic import ANSWERING_FIELDS


def test_all_that_tells_an_automatic_answer_is_asked_for():
    asked = [field.lower() for field in FIELDS]
    assert set(asked) >= ANSWERING_FIELDS
    assert set(asked) >= {"auto-submitted", "list-id", "precedence", "x-failed-recipients", "x-askaround-token"}
    assert len(set(asked)) == len(asked)
    # A command line stays well below the 8,192 bytes that servers have to take (RFC 7162 4), with 500 UIDs in it.
    assert len(" ".join(FIELDS)) < 1500


BLOCK = (
    b"Message-Id:\r\n\t<one@x.example>\r\n"
    b"X-MICROSOFT-Original-Message-ID : <two@x.example>\r\n"
    b"To: A <a@x.example>,\r\n b@X.example\r\n"
    b'Cc: "c, d" <c@x.example>\r\n'
    b"X-Askaround-Token: t0k3n \r\n"
    b"Subject: \xe4\r\n"
    b"\r\n"
    b"To: body@x.example\r\n"
)


def test_fields_are_unfolded_and_end_with_the_header():
    assert values(BLOCK, "to") == ["A <a@x.example>, b@X.example"]
    assert values(BLOCK, "SUBJECT") == ["ä"]
    assert values(BLOCK, "From") == []
    assert message_ids(BLOCK) == ("<one@x.example>", "<two@x.example>")
    assert recipients(BLOCK) == {"a@x.example", "b@x.example", "c@x.example"}
    assert token(BLOCK) == "t0k3n"


@pytest.mark.parametrize(
    "value, ids",
    [
        (b"<a@b>", ("<a@b>",)),
        (b"a@b", ("<a@b>",)),
        (b"<a@b> (comment)", ("<a@b>",)),
        (b"", ()),
        (b"no id at all", ()),
    ],
)
def test_message_ids_of_all_kinds(value, ids):
    assert message_ids(b"Message-ID: " + value + b"\n\n") == ids


@given(st.binary())
def test_nothing_raises(block):
    message_ids(block), recipients(b"To: " + block), token(block)
