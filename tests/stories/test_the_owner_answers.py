"""The owner answers a summary in plain words; whatever else claims to be such an answer is refused."""

from __future__ import annotations

from datetime import timedelta
from email import policy
from email.message import EmailMessage

import pytest

from tests.stories.world import World
from worker.jobs import absence, pausing

UNA = "una@acme.example"
BOB = "bob@firm.example"


def summary_of(world: World) -> EmailMessage:
    return [one for one in world.inbox(world.owner) if one["Auto-Submitted"] == "auto-generated"][-1]


def ready(world: World) -> EmailMessage:
    """Two people said yes; gives the next morning's summary, in which they have numbers."""
    for address, name in ((UNA, "Una Berg"), (BOB, "Bob Ray")):
        world.person(address, name=name)
    world.once()
    world.reply(UNA, "Yes, gladly. Monday at ten?\n\nUna\n")
    world.reply(BOB, "Sure, happy to talk.\n\nBob\n", name="Bob Ray")
    world.later(days=1)
    assert world.state(UNA) == world.state(BOB) == "talking"
    return summary_of(world)


def answer(
    world: World,
    text: str,
    to: EmailMessage | None,
    *,
    sender: str | None = None,
    folder: str = "INBOX",
    **fields: str | tuple[str, ...],
) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = sender or world.owner
    mail["To"] = world.owner
    mail["Subject"] = f"Re: {to['Subject']}" if to is not None else "Re: askaround"
    mail["Message-ID"] = world.ids.message_id(world.owner)
    mail["Date"] = world.clock.now()
    if to is not None:
        mail["In-Reply-To"] = to["Message-ID"]
    for name, values in fields.items():
        for value in (values,) if isinstance(values, str) else values:
            mail[name.replace("_", "-")] = value
    quoted = ""
    if to is not None:
        body = to.get_body(("plain",))
        assert body is not None
        quoted = "\n\nOn Tue, 2 Mar 2027, askaround wrote:\n" + "\n".join(
            f"> {x}" for x in body.get_content().splitlines()
        )
    mail.set_content(text + quoted)
    raw = mail.as_bytes()
    world.servers.deliver(world.owner, raw, folder)
    return raw


def test_numbers_and_words(world: World) -> None:
    summary = ready(world)
    answer(world, "1 met\n2 stop\n", summary)
    world.once()
    assert world.state(UNA) == "met"
    assert world.state(BOB) == "closed"


def test_a_link_makes_a_new_mail_with_the_token(world: World) -> None:
    summary = ready(world)
    token = summary["X-Askaround-Token"]
    answer(world, f"2. stop\n\nRef: {token}\n", None)
    world.once()
    assert world.state(BOB) == "closed"
    assert world.state(UNA) == "talking"


def test_pause_stands_alone(world: World) -> None:
    summary = ready(world)
    answer(world, "pause\n", summary)
    world.once()
    assert world.status()["health"]["paused"]


def test_an_answer_is_obeyed_once_wherever_it_is_seen_again(world: World) -> None:
    summary = ready(world)
    raw = answer(world, "2 stop\n", summary)
    world.once()
    world.tell(BOB, "yes")
    world.servers.deliver(world.owner, raw)
    world.once()
    assert world.state(BOB) == "talking"
    answer(world, "2 stop\n", summary)
    world.once()
    assert world.state(BOB) == "talking", "each item is settled once"


def test_what_is_not_the_owners_answer_is_refused_and_reported(world: World) -> None:
    summary = ready(world)
    answer(world, "1 stop\n", summary, sender="mallory@evil.example")
    answer(world, "1 stop\n", summary, Cc="mallory@evil.example")
    answer(world, "1 stop\n", summary, Auto_Submitted="auto-replied")
    answer(world, "1 stop\n", summary, Authentication_Results="mx.owner.example; dmarc=fail header.from=owner.example")
    answer(world, "1 stop\n", summary, Authentication_Results=("mx.owner.example; spf=pass", "a.example; DMARC = FAIL"))
    answer(world, "1 stop\n", summary, folder="Junk")
    answer(world, "1 stop\n\nRef: AAAAAAAAAAAAAAAAAAAAAA\n", None)
    world.once()
    assert world.state(UNA) == "talking"
    world.later(days=1)
    body = summary_of(world).get_body(("plain",))
    assert body is not None
    assert body.get_content().count("refused") == 6


def test_an_old_summary_is_not_answered(world: World) -> None:
    summary = ready(world)
    world.later(days=15)
    answer(world, "1 stop\n", summary)
    world.once()
    assert world.state(UNA) == "talking"


def test_words_that_are_not_understood_change_nothing_and_are_reported(world: World) -> None:
    summary = ready(world)
    answer(world, "well, let me think about number one\n", summary)
    world.once()
    assert world.state(UNA) == world.state(BOB) == "talking"
    world.later(days=1)
    body = summary_of(world).get_body(("plain",))
    assert body is not None
    assert "understood" in body.get_content()


def test_the_summary_is_never_obeyed_itself(world: World) -> None:
    ready(world)
    world.once()
    world.once()
    assert world.state(UNA) == "talking"


def test_the_name_behind_the_number(world: World) -> None:
    """Who copies the line of the summary writes the name too; that of somebody else is not understood."""
    summary = ready(world)
    answer(world, "2. Una Berg: stop\n", summary)
    world.once()
    assert (world.state(UNA), world.state(BOB)) == ("talking", "talking")
    answer(world, "1. Una met\n2. Bob Ray: stop\n", summary)
    world.once()
    assert (world.state(UNA), world.state(BOB)) == ("met", "closed")


def test_undo_alone_takes_back_what_was_said_last(world: World) -> None:
    summary = ready(world)
    answer(world, "2 stop\n", summary)
    world.later(minutes=5)
    answer(world, "pause\n", summary)
    world.later(minutes=5)
    answer(world, "undo\n", summary)
    world.later(minutes=5)
    assert not world.status()["health"]["paused"]
    assert world.state(BOB) == "closed"
    answer(world, "oops, undo the last one\n", summary)
    world.later(minutes=5)
    assert (world.state(UNA), world.state(BOB)) == ("talking", "talking")


def test_undo_alone_leaves_what_has_gone_on_since(world: World) -> None:
    summary = ready(world)
    answer(world, "2 wait\n", summary)
    world.later(minutes=5)
    world.reply(BOB, "Please never write to me again.\n\nBob\n", name="Bob Ray")
    world.later(minutes=5)
    assert world.state(BOB) == "opted_out"
    answer(world, "undo\n", summary)
    world.later(minutes=5)
    assert world.state(BOB) == "opted_out"


def test_resume_on_a_day_ends_a_pause_and_begins_none(world: World) -> None:
    summary = ready(world)
    answer(world, "resume on 2027-03-08\n", summary)
    world.later(minutes=5)
    assert not world.status()["health"]["paused"]
    answer(world, "pause\n", summary)
    world.later(minutes=5)
    answer(world, "resume on 2027-03-08\n", summary)
    world.later(days=1)
    assert world.status()["health"]["paused"]
    world.later(days=6)
    assert not world.status()["health"]["paused"]


def test_undo_alone_takes_no_older_word_back_in_place_of_the_last(world: World) -> None:
    """An absence, a suppression or a word about somebody named cannot be taken back so: then nothing is."""
    summary = ready(world)
    answer(world, "2 stop\n", summary)
    world.later(minutes=5)
    answer(world, "away until 2027-04-01\n", summary)
    world.later(minutes=5)
    answer(world, "undo\n", summary)
    world.later(minutes=5)
    assert world.state(BOB) == "closed"
    answer(world, "resume\n", summary)
    world.later(minutes=5)
    answer(world, "undo\n", summary)
    world.later(minutes=5)
    assert world.state(BOB) == "closed"


def test_undo_alone_twice_goes_back_two_words(world: World) -> None:
    summary = ready(world)
    for words in ("1 stop\n", "2 stop\n", "undo\n"):
        answer(world, words, summary)
        world.later(minutes=5)
    assert (world.state(UNA), world.state(BOB)) == ("closed", "talking")
    answer(world, "undo\n", summary)
    world.later(minutes=5)
    assert (world.state(UNA), world.state(BOB)) == ("talking", "talking")


def test_undo_behind_other_words_is_not_guessed_at(world: World) -> None:
    summary = ready(world)
    answer(world, "1 met\nundo\n", summary)
    world.later(minutes=5)
    assert world.state(UNA) == "met"


def test_an_item_that_was_answered_is_taken_back_by_its_number(world: World) -> None:
    summary = ready(world)
    for words, state in (("2 stop\n", "closed"), ("2 undo\n", "talking"), ("2 met\n", "met")):
        answer(world, words, summary)
        world.later(minutes=5)
        assert world.state(BOB) == state, words


def test_undo_of_an_item_leaves_what_was_read_after_that_summary(world: World) -> None:
    summary = ready(world)
    world.reply(BOB, "Please never write to me again.\n\nBob\n", name="Bob Ray")
    world.later(minutes=5)
    answer(world, "2 undo\n", summary)
    world.later(minutes=5)
    assert world.state(BOB) == "opted_out"


def test_an_address_beside_the_number_must_be_of_that_item(world: World) -> None:
    summary = ready(world)
    answer(world, f"2 {UNA} stop\n", summary)
    world.once()
    assert (world.state(UNA), world.state(BOB)) == ("talking", "talking")
    answer(world, f"2 {BOB} stop\n", summary)
    world.once()
    assert (world.state(UNA), world.state(BOB)) == ("talking", "closed")
    answer(world, "1 stop, she has moved to una@elsewhere.example\n", summary)
    world.once()
    assert world.state(UNA) == "closed", "an address that nobody has is a remark"


@pytest.mark.parametrize("paused", [False, True])
def test_resume_on_a_day_ends_an_absence_too_also_one_that_begins_tomorrow(world: World, paused: bool) -> None:
    summary = ready(world)
    today = world.clock.now().date()
    first, back, last = ((today + timedelta(days=days)).isoformat() for days in (1, 4, 9))
    absence.away(world.store, world.desk, last, first)
    if paused:
        pausing.pause(world.store, world.desk, None)
    answer(world, f"resume on {back}\n", summary)
    world.once()
    desk = world.store.read(lambda tx: absence.informed(tx, world.desk))
    assert absence.last_day(desk) == today + timedelta(days=3)
    assert world.status()["health"]["paused"] is paused
