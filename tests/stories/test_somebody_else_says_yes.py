"""Somebody else answers in the thread and says yes: a new contact who talks; the first one stays where they are."""

from __future__ import annotations

from email.message import EmailMessage

from tests.stories.world import PASSWORD, World
from worker.jobs.summarize import preview

UNA = "una@acme.example"
PAT = "pat@acme.example"


def ready(world: World) -> None:
    world.person(UNA)
    world.servers.add_user(PAT, PASSWORD)
    world.once()
    ours = world.last_to(UNA)
    world.reply(PAT, "Una handed me your mail. Yes, happy to talk, Thursday at ten?\n\nPat\n", name="Pat Moss", to=ours)
    world.once()


def needs(world: World) -> list[tuple[str, str, str | None]]:
    return [(one.kind.value, one.name, one.email) for one in preview(world.store, world.desk).needs_you]


def review(world: World) -> str:
    return str(world.status()["review"][0]["id"])


def test_the_new_contact_needs_the_owner_and_is_written_to_where_they_wrote_from(world: World) -> None:
    ready(world)
    assert world.state(PAT) == "talking"
    assert world.state(UNA) == "asked"
    assert ("yes", "Pat Moss", PAT) in needs(world)
    item = next(one for one in preview(world.store, world.desk).needs_you if one.kind == "yes")
    assert item.actions[0].to == PAT
    assert "Thursday at ten" in item.words


def test_ok_on_its_review_makes_nobody_else_talk(world: World) -> None:
    ready(world)
    world.tell(review(world), "ok")
    assert world.state(UNA) == "asked"
    assert world.state(PAT) == "talking"
    assert [need for need in needs(world) if need[0] == "review"] == []
    pat = next(row for row in world.status()["conversations"] if row["email"] == PAT)
    assert pat["referred_by"] == UNA
    world.later(days=20)
    assert len(world.inbox(UNA)) == 1, "a person answered: nothing that follows silence"
    assert world.inbox(PAT) == []


def test_the_owner_answers_and_the_item_is_gone(world: World) -> None:
    ready(world)
    world.tell(review(world), "ok")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = world.owner, PAT, "Re: hello"
    mail["Message-ID"], mail["Date"] = world.ids.message_id(world.owner), world.clock.now()
    mail.set_content("Thursday it is.\n")
    world.servers.deliver(world.owner, mail.as_bytes(), "Sent")
    world.later(hours=1)
    assert needs(world) == []


def test_it_was_no_yes(world: World) -> None:
    ready(world)
    world.tell(review(world), "not a yes")
    assert world.state(PAT) == "closed"
    assert world.state(UNA) == "asked"
    assert needs(world) == []


def test_it_was_no_yes_said_of_the_new_contact(world: World) -> None:
    ready(world)
    world.tell(PAT, "not a yes")
    assert world.state(PAT) == "closed"


def test_a_contact_who_writes_from_another_address_is_written_to_there(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply("una.berg@home.example", "Yes, gladly! Monday?\n\nUna Berg\n", to=world.last_to(UNA))
    world.once()
    assert world.state(UNA) == "talking"
    item = next(one for one in preview(world.store, world.desk).needs_you if one.kind == "yes")
    assert item.actions[0].to == "una.berg@home.example"
