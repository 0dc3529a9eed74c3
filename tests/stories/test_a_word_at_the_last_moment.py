"""What the owner says while a slow server takes its time with a mail that was claimed already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.jobs import edit
from worker.jobs.amend import amend
from worker.jobs.finishing import finish
from worker.jobs.pausing import pause, resume
from worker.jobs.suppressing import suppress
from worker.store import outbox, suppressions

UNA, BEN = "una@acme.example", "ben@bolt.example"


def meanwhile(world: World, embedded: EmbeddedServers, word: Callable[[], object]) -> None:
    """A turn in which the owner says something once the server has been told whom the first mail is for."""
    said: list[object] = []

    def asked(_: str) -> None:
        if not said:
            said.append(None)
            said[0] = word()

    embedded.refuse = asked
    report = world.once()
    embedded.refuse = None
    assert said, report.errors
    assert report.errors == []


@pytest.mark.parametrize(
    ("word", "state"), [("stop", "closed"), ("remove", "opted_out"), ("never again", "opted_out"), ("yes", "talking")]
)
def test_a_word_that_ends_it_keeps_the_mail_back(
    world: World, embedded: EmbeddedServers, word: str, state: str
) -> None:
    world.person(UNA)
    meanwhile(world, embedded, lambda: world.tell(UNA, word))
    assert (world.inbox(UNA), world.state(UNA), world.mails(UNA)) == ([], state, {"ask": "cancelled"})
    world.later(days=10)
    assert world.inbox(UNA) == []


def test_whoever_is_put_on_the_list_gets_nothing_and_the_next_one_does(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    world.person(BEN, name="Ben Iver")
    meanwhile(world, embedded, lambda: suppress(world.store, world.desk, UNA, None))
    assert (len(world.inbox(UNA)), len(world.inbox(BEN))) == (0, 1)
    assert world.mails(UNA)["ask"] == "cancelled"


def test_wait_holds_it_until_ok(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    meanwhile(world, embedded, lambda: world.tell(UNA, "wait"))
    assert (world.inbox(UNA), world.mails(UNA)["ask"]) == ([], "held")
    world.later(days=2)
    assert world.inbox(UNA) == []
    world.tell(UNA, "send")
    world.later(minutes=5)
    assert (len(world.inbox(UNA)), world.state(UNA)) == (1, "asked")


def test_a_pause_keeps_this_one_and_all_others_back(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    world.person(BEN, name="Ben Iver")
    meanwhile(world, embedded, lambda: pause(world.store, world.desk, None))
    assert (world.inbox(UNA), world.inbox(BEN)) == ([], [])
    world.later(days=1)
    assert (world.inbox(UNA), world.inbox(BEN)) == ([], [])
    resume(world.store, world.desk)
    world.later(minutes=5)
    assert (len(world.inbox(UNA)), len(world.inbox(BEN))) == (1, 1)


def test_what_was_kept_back_is_written_anew_when_it_leaves(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    meanwhile(world, embedded, lambda: pause(world.store, world.desk, None))
    world.later(days=14)
    resume(world.store, world.desk)
    world.later(minutes=5)
    (ask,) = world.inbox(UNA)
    left = ask["Date"].datetime
    assert timedelta(0) <= world.clock.now() - left < timedelta(hours=1)


def test_the_end_of_the_search_keeps_it_back(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    meanwhile(world, embedded, lambda: world.store.transaction(lambda tx: finish(tx, world.desk)))
    assert world.inbox(UNA) == []


def test_what_counts_from_the_last_moment_on_does_not_count(world: World, embedded: EmbeddedServers) -> None:
    """A request for a name that was kept back was never made."""
    world.person(UNA)
    world.once()
    world.reply(UNA, "Sorry, I am not interested.\n")
    meanwhile(world, embedded, lambda: world.tell(UNA, "wait"))
    assert (len(world.inbox(UNA)), world.mails(UNA)["referral_request"]) == (1, "held")
    world.tell(UNA, "send")
    world.later(minutes=5)
    assert (len(world.inbox(UNA)), world.state(UNA)) == (2, "referral_asked")


def old_and_new(world: World, new: str = "una@new.example") -> str:
    """Una was asked at UNA, and the owner has her new address."""
    world.servers.add_user(new, "x")
    amend(world.store, world.desk, UNA, [f"email={new}"])
    return new


def test_no_reminder_goes_to_an_address_that_was_replaced_and_then_put_on_the_list(world: World) -> None:
    world.person(UNA)
    world.once()
    new = old_and_new(world)
    suppress(world.store, world.desk, UNA, None)
    assert world.store.read(lambda tx: suppressions.blocking(tx, world.desk.mailbox.id, UNA)) is not None
    for _ in range(4):
        world.later(days=3)
    assert (len(world.inbox(UNA)), len(world.inbox(new))) == (1, 0)
    assert "on the suppression list" in " ".join(world.story(new))


def test_what_waits_for_another_try_goes_to_the_new_address(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.once()
    assert world.mails(UNA)["ask"] == "retry"
    new = old_and_new(world)
    embedded.refuse = None
    world.later(hours=12)
    assert (len(world.inbox(UNA)), len(world.inbox(new))) == (0, 1)
    assert "una@new.example" in world.inbox(new)[0]["To"]


def test_an_address_that_changes_while_a_server_takes_its_time(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    new = "una@new.example"
    world.servers.add_user(new, "x")
    meanwhile(world, embedded, lambda: amend(world.store, world.desk, UNA, [f"email={new}"]))
    world.later(hours=1)
    assert (len(world.inbox(UNA)), len(world.inbox(new))) == (0, 1)


def test_the_owners_own_words_go_to_the_new_address(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.once()
    words = world.store.read(lambda tx: edit.words_of(tx, world.desk, UNA))
    world.store.transaction(lambda tx: edit.keep(tx, world.desk, words, "My subject", "My own words.\n"))
    new = old_and_new(world)
    embedded.refuse = None
    world.clock.advance(timedelta(hours=12))
    world.once()
    assert world.inbox(UNA) == []
    ours = world.inbox(new)[0]
    body = ours.get_body(("plain",))
    assert body is not None
    assert ("una@new.example" in ours["To"], ours["Subject"]) == (True, "My subject")
    assert "My own words." in body.get_content()


def test_what_was_on_its_way_to_the_old_address_stays_as_it_was(world: World) -> None:
    """Where a mail may have arrived, the same bytes leave again, or none; its thread goes on where it began."""
    world.person(UNA)
    world.once()
    new = old_and_new(world)
    row = world.store.read(lambda tx: outbox.in_states(tx, world.desk.mailbox.id, {"sent"}))[0]
    assert row.to_address == UNA
    world.later(days=7)
    assert (len(world.inbox(UNA)), len(world.inbox(new))) == (2, 0)
