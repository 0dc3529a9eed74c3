"""The story that every server has to bear: asked, declined, asked for a name, a name; and nothing twice."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from typing import Any

from sqlalchemy import func, select

from tests.stories.world import World
from worker.store import Transaction
from worker.store.schema import reading

NO = "Sorry, I am not interested.\n\nUna\n"
NAME = "Try Dana Weiss, dana@{domain}, she likes to talk about her job.\n\nUna\n"


def play(world: World, server: Any, una: str, sent: str = "Sent") -> None:
    """Plays the story and checks every turn; `server` is what delivers, `sent` where copies lie."""
    world.person(una)
    first = world.once()
    assert [(one.email, one.step) for one in first.sent] == [(una, "ask")], first
    [ask] = [message_from_bytes(raw) for raw in server.await_messages(una, 1)]

    world.reply(una, NO)
    second = world.later(minutes=20)
    assert [(one.kind, one.intent) for one in second.read] == [("reply", "declined")], second
    assert [one.step for one in second.sent] == ["referral_request"], second
    assert world.state(una) == "referral_asked"
    request = message_from_bytes(server.await_messages(una, 2)[-1])
    answered = request["In-Reply-To"]
    assert str(request["References"]).split() == [ask["Message-ID"], answered]
    nothing_more(world, server, una, sent, copies=2, mails=2)

    domain = una.partition("@")[2]
    world.reply(una, NAME.format(domain=domain))
    third = world.later(minutes=20)
    assert [(one.kind, one.intent) for one in third.read] == [("reply", "referral")], third
    assert world.state(una) == "referred"
    proposed = world.status()["proposed"]
    assert [(one["name"], one["email"]) for one in proposed] == [("Dana Weiss", f"dana@{domain}")]
    server.await_messages(una, 3)
    nothing_more(world, server, una, sent, copies=3, mails=3)
    assert int(world.store.read(_readings)) == 2


def nothing_more(world: World, server: Any, una: str, sent: str, *, copies: int, mails: int) -> None:
    """Two more turns do nothing; each mail lies in Sent once, and no flag was set on what came."""
    for _ in range(2):
        report = world.later(minutes=20)
        assert report.idle, report
        assert report.errors == [], report
    # The mails are in the world's servers, and not a copy of any more in ours.
    filed = Counter(message_from_bytes(raw)["Message-ID"] for raw in server.messages(world.owner, sent))
    assert set(filed.values()) == {1}, filed
    assert len(filed) == copies, filed
    assert len(server.messages(una)) == mails
    assert not server.flags(world.owner) & {"\\Seen", "S"}, "the owner's own mail must look unread"
    assert server.flags(world.owner, sent) & {"\\Seen", "S"}, "a copy of the owner's own mail has been read"


def _readings(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(reading)).scalar_one())
