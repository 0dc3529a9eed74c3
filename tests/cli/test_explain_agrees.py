"""`explain` says what the worker would do, also where a list or a no-reply address carries human words."""

from __future__ import annotations

import pytest

from worker.jobs.explain import explain

MAIL = """From: {sender}
To: robin@owner.example
Subject: Re: thirty minutes
Message-ID: <a@acme.example>
In-Reply-To: <ask@owner.example>
{extra}Date: Mon, 1 Mar 2027 10:00:00 +0000

Yes, happy to talk. Thursday after three works for me.

Una
"""


@pytest.mark.parametrize(
    "sender, extra, act",
    [
        ("Una Berg <una@acme.example>", "", True),
        ("Una Berg <una@acme.example>", "List-Id: <staff.acme.example>\n", False),
        ("Una Berg <no-reply@acme.example>", "", False),
    ],
)
def test_human_words_from_a_list_are_for_the_owner(sender: str, extra: str, act: bool) -> None:
    found, reading = explain("a.eml", MAIL.format(sender=sender, extra=extra).encode())
    assert (found["kind"], found["intent"], found["act"]) == ("reply", "interested", act)
    assert reading.sure is act
