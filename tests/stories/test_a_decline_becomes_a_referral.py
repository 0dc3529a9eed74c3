"""A decline is thanked and asked for a name; the name becomes the next contact, who is told who sent us."""

from __future__ import annotations

import pytest

from tests.servers.mail_server import MailServer
from tests.stories.conftest import RealServers
from tests.stories.world import World

UNA = "una@acme.example"


def test_a_decline_becomes_a_referral(world: World) -> None:
    world.person(UNA, company="Acme")
    first = world.once()
    assert [(one.email, one.step) for one in first.sent] == [(UNA, "ask")]
    world.reply(UNA, "Sorry, I am not interested.\n\nUna\n")

    second = world.once()

    assert [(one.kind, one.intent) for one in second.read] == [("reply", "declined")]
    assert [one.step for one in second.sent] == ["referral_request"]
    assert world.state(UNA) == "referral_asked"
    ask, request = world.inbox(UNA)
    answer = request["In-Reply-To"]
    assert answer not in (None, ask["Message-ID"])
    assert request["References"].split() == [ask["Message-ID"], answer]
    assert request["Subject"] == f"Re: {ask['Subject']}"

    world.reply(UNA, "Try Dana Weiss, dana@acme.example, she likes to talk about her job.\n\nUna\n")
    third = world.once()

    assert [one.step for one in third.sent] == ["thanks_for_name"]
    assert world.state(UNA) == "referred"
    proposed = world.status()["proposed"]
    assert [(one["name"], one["email"], one["referred_by"]) for one in proposed] == [
        ("Dana Weiss", "dana@acme.example", UNA)
    ]

    world.servers.add_user("dana@acme.example", "x")
    world.tell(proposed[0]["id"], "ok")
    fourth = world.once()

    assert [(one.email, one.step) for one in fourth.sent] == [("dana@acme.example", "ask")]
    mail = world.last_to("dana@acme.example")
    assert "Una Berg" in mail.get_content()
    assert mail["To"] == "Dana Weiss <dana@acme.example>"
    assert mail["In-Reply-To"] is None
    world.reply("dana@acme.example", "Yes, happy to talk. Tuesday at ten?\n\nDana\n", name="Dana Weiss")
    world.once()
    assert world.state("dana@acme.example") == "talking"
    assert len(world.inbox("dana@acme.example")) == 1


def test_who_was_asked_for_a_name_is_never_asked_again(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "No thanks, I do not have time for this.\n\nUna\n")
    world.once()
    world.reply(UNA, "No, nobody comes to mind, sorry.\n\nUna\n")
    world.once()
    assert world.state(UNA) == "closed"
    assert len(world.inbox(UNA)) == 2
    world.later(days=60)
    assert len(world.inbox(UNA)) == 2


def test_new_contacts_are_asked_where_the_owner_allows_it(make_world) -> None:  # type: ignore[no-untyped-def]
    world = make_world(changes={"[0, 0]\n\n[store]": '[0, 0]\nnew_contacts = "ask"\n\n[store]'})
    world.person(UNA)
    world.servers.add_user("dana@acme.example", "x")
    world.once()
    world.reply(UNA, "I can't help, but please write to my colleague Dana Weiss (dana@acme.example).\n\nUna\n")
    world.once()
    assert world.state("dana@acme.example") == "asked"
    assert world.state(UNA) == "referred"
    conversations = {row["email"]: row for row in world.status()["conversations"]}
    assert conversations["dana@acme.example"]["referred_by"] == UNA


@pytest.mark.real_server
def test_the_decline_story_on_real_servers(real_world: World, mail_server: MailServer) -> None:
    world = real_world
    una = world.person("una.decline@example.org", name="Una Decline")
    assert isinstance(world.servers, RealServers)
    world.once()
    mail_server.await_messages(una, 1)
    world.reply(una, "Thanks for asking, but I have to decline.\n\nUna\n", name="Una Decline")
    done = world.once()
    assert [one.step for one in done.sent] == ["referral_request"], done
    mail_server.await_messages(una, 2)
    ask, request = world.inbox(una)
    assert request["References"].split()[0] == ask["Message-ID"]
    assert len(mail_server.messages(world.owner, "Sent")) == 2
    assert "S" not in mail_server.flags(world.owner)
    world.once()
    assert len(mail_server.messages(world.owner, "Sent")) == 2
