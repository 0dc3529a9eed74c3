"""What a contact writes through a list: in our thread it is an answer, else it may be one; a newsletter is none."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.stories.world import World

UNA = "una@acme.example"
GROUP = {"List-Id": "<staff.acme.example>", "Precedence": "list", "List-Post": "<mailto:staff@acme.example>"}
ONE_CLICK = "List-Unsubscribe=One-Click"


def asked(world: World) -> EmailMessage:
    world.person(UNA)
    world.once()
    return world.last_to(UNA)


def write(world: World, text: str, **fields: str) -> None:
    mail = EmailMessage()
    given = {"From": f"Una Berg <{UNA}>", "To": world.owner, "Subject": "Thirty minutes"}
    for name, value in {**given, **{key.replace("_", "-"): value for key, value in fields.items()}}.items():
        mail[name] = value
    mail["Message-ID"], mail["Date"] = world.ids.message_id(UNA), world.clock.now()
    mail.set_content(text)
    world.servers.deliver(world.owner, mail.as_bytes())


def reviewed(world: World) -> list[str]:
    return [row["email"] for row in world.status()["review"]]


@pytest.mark.parametrize("text", ["Yes, happy to talk. Thursday?\n", "Thanks, but no.\n"])
def test_an_answer_that_a_list_server_sent_waits_for_the_owner(world: World, text: str) -> None:
    ours = asked(world)
    write(world, text, **GROUP, References=str(ours["Message-ID"]))
    (read,) = world.once().read
    assert read.kind == "reply"
    assert (reviewed(world), world.mails(UNA)["nudge"]) == ([UNA], "held")
    world.later(days=30)
    assert len(world.inbox(UNA)) == 1


@pytest.mark.parametrize("sender", [{}, {"From": "'Una Berg' via Staff <staff@acme.example>", "Reply-To": UNA}])
def test_what_a_contact_writes_to_a_group_may_be_an_answer(world: World, sender: dict[str, str]) -> None:
    asked(world)
    write(world, "Happy to talk. Thursday?\n", **GROUP, **sender)
    (read,) = world.once().read
    assert read.kind == "list"
    assert (reviewed(world), world.mails(UNA)["nudge"]) == ([UNA], "held")
    world.later(days=30)
    assert len(world.inbox(UNA)) == 1


def test_what_somebody_writes_to_a_group_once_all_is_done_asks_nothing(world: World) -> None:
    asked(world)
    world.tell(UNA, "met")
    world.once()
    write(world, "Does anybody have a spare chair?\n", **GROUP)
    assert world.once().read == []
    assert reviewed(world) == []


def test_a_newsletter_of_theirs_is_no_answer(world: World) -> None:
    asked(world)
    write(world, "Ten things about squid.\n", List_Id="<news.acme.example>", List_Unsubscribe_Post=ONE_CLICK)
    assert world.once().read == []
    assert (reviewed(world), world.mails(UNA)["nudge"]) == ([], "due")


def test_a_group_that_gives_a_click_to_leave_is_no_newsletter(world: World) -> None:
    asked(world)
    write(world, "Happy to talk.\n", **GROUP, List_Unsubscribe_Post=ONE_CLICK)
    world.once()
    assert reviewed(world) == [UNA]
