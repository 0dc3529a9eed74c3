"""A database that is older than the mailbox: everything is held until its owner has reconciled the two."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.reports import report
from tests.stories.test_nothing_follows_an_answer import by_hand
from tests.stories.world import START, World
from worker.contacts import parse
from worker.conversation.vocabulary import Step
from worker.demo.clock import JumpingClock
from worker.demo.servers import EmbeddedServers
from worker.jobs import reconcile, steps
from worker.jobs.enlist import enlist
from worker.jobs.reconcile import Done, Found
from worker.mailbox import imap
from worker.store import contacts, conversations, mailboxes, open_store, outbox


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[MakeWorld]:
    """Worlds whose servers live in the story's time: what came when decides here."""
    with contextlib.ExitStack() as stack:

        def make(**options: Any) -> World:
            clock = JumpingClock(START)
            servers = stack.enter_context(EmbeddedServers(now=clock.now))
            made = World(servers, tmp_path, "robin@owner.example", **options)
            made.clock = clock
            stack.callback(lambda: made.store.close())
            return made

        yield make


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


UNA, BEN, DANA = "una@acme.example", "ben@bolt.example", "dana@core.example"
NO = "Sorry, I am not interested.\n\nUna\n"


def database(world: World) -> Path:
    return world.folder / "askaround.db"


def keep(world: World) -> None:
    """Put a copy of the database aside."""
    world.store.close()
    shutil.copyfile(database(world), world.folder / "old.db")
    world.store = open_store(world.settings.store_url())


def put_back(world: World) -> None:
    """Put the copy in the place of the database, as somebody does who has lost it."""
    world.store.close()
    for name in ("askaround.db-wal", "askaround.db-shm"):
        (world.folder / name).unlink(missing_ok=True)
    shutil.copyfile(world.folder / "old.db", database(world))
    world.store = open_store(world.settings.store_url())


def lose(world: World) -> None:
    """Begin with an empty database on the same mailbox."""
    world.store.close()
    for path in world.folder.glob("askaround.db*"):
        path.unlink()
    world.store = open_store(world.settings.store_url())


def found(world: World) -> Found:
    with imap.connect(world.mailbox.imap) as session:
        return reconcile.look(world.store, world.desk, session, world.clock)


def settle(world: World, *, ignore: tuple[str, ...] = (), record: tuple[str, ...] | None = None) -> Done:
    with imap.connect(world.mailbox.imap) as session:
        what = reconcile.look(world.store, world.desk, session, world.clock)
        ids = record if record is not None else tuple(one.id for one in what.proposals if one.id not in ignore)
        return reconcile.reconcile(world.store, world.desk, session, world.clock, what, record=ids, ignore=ignore)


def held(world: World) -> str | None:
    said: str | None = world.status()["health"]["held"]
    return said


def sent_to(world: World, address: str) -> int:
    return len(world.inbox(address))


def test_what_left_after_the_copy_was_made_does_not_leave_again(world: World) -> None:
    world.person(UNA)
    world.person(BEN, name="Ben Iver")
    keep(world)
    world.once()
    put_back(world)
    report = world.later(minutes=5)
    assert (sent_to(world, UNA), sent_to(world, BEN), report.sent) == (1, 1, [])
    assert held(world) in report.errors
    assert "askaround reconcile" in (held(world) or "")
    world.later(days=8)
    assert (sent_to(world, UNA), sent_to(world, BEN)) == (1, 1)
    proposals = found(world).proposals
    assert {(one.email, one.step, one.known, one.how) for one in proposals} == {
        (UNA, "ask", True, "it carries the mark of this step"),
        (BEN, "ask", True, "it carries the mark of this step"),
    }
    done = settle(world)
    assert (done.ended, len(done.recorded), held(world)) == (True, 2, None)
    assert (world.state(UNA), world.mails(UNA)["ask"]) == ("asked", "sent")
    world.later(days=1)
    assert "askaround reconcile" not in " ".join(world.status()["health"]["errors"])
    assert [world.mails(one)["nudge"] for one in (UNA, BEN)] == ["sent", "sent"]  # nine days after the ask
    world.later(days=8)
    assert (world.state(UNA), sent_to(world, UNA)) == ("silent", 2)


def test_the_copy_was_made_when_the_mail_was_planned(make_world: MakeWorld) -> None:
    world = make_world(changes={"gap_minutes = [0, 0]": "gap_minutes = [30, 30]"})
    world.person(UNA)
    world.person(BEN, name="Ben Iver")
    world.once()  # one leaves, the other is planned and must wait
    first, second = (UNA, BEN) if sent_to(world, UNA) else (BEN, UNA)
    keep(world)
    world.later(minutes=40)
    assert sent_to(world, second) == 1
    put_back(world)
    world.later(hours=2)
    assert (sent_to(world, first), sent_to(world, second), world.mails(second)["ask"]) == (1, 1, "due")
    assert held(world)
    assert [one.email for one in found(world).proposals] == [second]
    assert settle(world).ended
    assert world.mails(second)["ask"] == "sent"
    world.later(hours=2)
    assert sent_to(world, second) == 1


def test_the_answers_since_are_read_anew_in_their_order(world: World) -> None:
    """A decline, our request for a name, a name: all of it lies in the mailbox and nothing in the database."""
    world.person(UNA)
    keep(world)
    world.once()
    world.later(hours=1)
    world.reply(UNA, NO)
    world.later(hours=1)
    assert world.state(UNA) == "referral_asked"
    put_back(world)
    world.later(hours=1)
    assert (sent_to(world, UNA), world.state(UNA)) == (2, "planned")
    done = settle(world)
    assert [one.intent for one in done.read] == ["declined"]
    assert (world.state(UNA), world.status()["review"]) == ("referral_asked", [])
    assert {step: world.mails(UNA)[step] for step in ("ask", "referral_request")} == {
        "ask": "sent",
        "referral_request": "sent",
    }
    world.reply(UNA, "Try Dana Weiss, dana@core.example, she likes to talk about her job.\n\nUna\n")
    world.later(hours=1)
    assert world.state(UNA) == "referred"
    assert [row["email"] for row in world.status()["proposed"]] == [DANA]
    world.later(days=3)
    assert [mail["Subject"] for mail in world.inbox(UNA)].count(world.inbox(UNA)[0]["Subject"]) == 1


def test_somebody_whom_the_old_copy_does_not_know(world: World) -> None:
    world.once()
    keep(world)
    world.person(UNA)
    world.once()
    world.later(hours=1)
    world.reply(UNA, "Sure, I would be glad to talk. How about Thursday at 10?\n\nUna\n")
    world.once()
    assert world.state(UNA) == "talking"
    put_back(world)
    world.later(minutes=10)
    assert held(world)
    proposal = found(world).proposals[0]
    assert (proposal.email, proposal.name, proposal.step, proposal.known) == (UNA, "Una Berg", "ask", False)
    done = settle(world)
    assert [(one.email, one.intent) for one in done.read] == [(UNA, "interested")]
    assert (world.state(UNA), done.ended) == ("talking", True)


def test_an_answer_alone_is_noticed_where_no_copy_is_kept(make_world: MakeWorld) -> None:
    world = make_world(changes={"smtp = { host": 'smtp = { save_sent = "never", host'})
    world.person(BEN, name="Ben Iver")
    world.once()
    keep(world)
    world.person(UNA)
    world.once()
    put_back(world)
    world.later(hours=1)
    assert held(world) is None  # nothing in the mailbox says so yet
    world.reply(UNA, NO)
    world.once()
    assert "answers a mail of ours" in (held(world) or "")
    proposal = found(world).proposals[0]
    assert (proposal.email, proposal.step, proposal.found_in) == (UNA, "ask", "answer")
    done = settle(world)
    assert [one.intent for one in done.read] == ["declined"]
    assert world.state(UNA) == "declined"


def test_a_new_database_on_a_mailbox_that_another_one_wrote_from(world: World) -> None:
    for email, name in ((UNA, "Una Berg"), (BEN, "Ben Iver")):
        world.person(email, name=name)
    world.once()
    world.later(hours=2)
    world.reply(UNA, NO)
    world.later(hours=1)
    world.later(days=6)  # Ben gets a nudge
    assert (sent_to(world, UNA), sent_to(world, BEN)) == (2, 2)
    lose(world)
    world.person(UNA)
    report = world.once()
    assert (report.sent, bool(held(world))) == ([], True)
    assert sorted((one.email, one.step) for one in found(world).proposals) == [
        (BEN, "ask"),
        (BEN, "nudge"),
        (UNA, "ask"),
        (UNA, "referral_request"),
    ]
    assert settle(world).ended
    assert (world.state(UNA), world.state(BEN)) == ("referral_asked", "asked")
    world.later(days=1)
    assert (sent_to(world, UNA), sent_to(world, BEN)) == (2, 2)


def test_a_mail_by_hand_and_a_summary_hold_nothing(world: World) -> None:
    world.person(UNA)
    world.once()
    keep(world)
    world.later(days=1)  # a summary leaves, which the copy does not know
    for raw in world.servers.messages(world.owner):
        if b"X-Askaround-Token" in raw:
            world.servers.deliver(world.owner, raw, "Sent")
    by_hand(world, "friend@home.example")
    put_back(world)
    world.later(minutes=5)
    assert held(world) is None


def test_a_stranger_cannot_bring_about_a_hold(world: World) -> None:
    world.person(UNA)
    world.once()
    ours = world.last_to(UNA)
    made_up = f"<{'0' * 24}.{'0' * 8}@{world.owner.rpartition('@')[2]}>"
    world.reply(UNA, NO, headers={"In-Reply-To": made_up, "References": f"{made_up} {ours['Message-ID']}"})
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = world.owner, UNA, "Hello"
    mail["X-Askaround-Token"] = "A" * 22
    mail["Message-ID"] = made_up
    mail.set_content("Hello.\n")
    world.servers.deliver(world.owner, mail.as_bytes())
    world.once()
    assert held(world) is None


def test_what_the_owner_leaves_keeps_everything_held(world: World) -> None:
    world.person(UNA)
    world.person(BEN, name="Ben Iver")
    keep(world)
    world.once()
    put_back(world)
    world.once()
    first, second = found(world).proposals
    done = settle(world, record=(first.id,))
    assert (done.ended, done.left, bool(held(world))) == (False, [second.id], True)
    assert "not settled" in (done.todo or "")
    done = settle(world, ignore=(second.id,))
    assert (done.ended, held(world)) == (True, None)
    world.once()
    assert held(world) is None  # what is ignored is not found again


def test_a_reconciliation_that_breaks_off_is_taken_up_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(UNA)
    keep(world)
    world.once()
    world.later(hours=1)
    world.reply(UNA, NO)
    world.later(hours=1)
    put_back(world)
    world.once()

    def broken(*_: object) -> None:
        raise RuntimeError("stop")

    with monkeypatch.context() as patch:
        patch.setattr(reconcile.regain, "count_as_sent", broken)
        with pytest.raises(RuntimeError):
            settle(world)
    world.later(minutes=5)
    assert (bool(held(world)), sent_to(world, UNA)) == (True, 2)
    assert settle(world).ended
    assert (world.state(UNA), world.mails(UNA)["referral_request"]) == ("referral_asked", "sent")


def test_the_step_is_known_by_words_where_the_marks_say_nothing(world: World) -> None:
    """As mails of an installation whose key is lost, with a name in the thread that the database does not know."""
    world.person(UNA)
    world.once()
    world.later(hours=1)
    world.reply(UNA, NO)
    world.later(hours=1)
    lose(world)
    proposals = {one.step: one for one in found(world).proposals}
    assert set(proposals) == {"ask", "referral_request"}
    assert proposals["ask"].how == "it begins a thread"
    assert proposals["referral_request"].how == "its words are those of the template"


def test_a_mail_that_fits_no_template_stops_what_is_planned_for_that_person(world: World) -> None:
    world.person(UNA)
    by_hand(world, UNA, {"X-Askaround-Token": "of-another-database-01", "In-Reply-To": "<x@acme.example>"})
    report = world.once()
    assert (report.sent, [one.step for one in found(world).proposals]) == ([], ["stop"])
    assert settle(world).ended
    world.later(days=1)
    assert (world.state(UNA), sent_to(world, UNA)) == ("closed", 0)


def test_old_answers_are_for_the_owner(make_world: MakeWorld) -> None:
    world = make_world()
    world.person(UNA)
    world.once()
    world.later(hours=1)
    world.reply(UNA, NO)
    lose(world)
    world.clock.advance(timedelta(days=60))
    world.once()
    assert settle(world).ended
    world.later(days=1)
    assert (sent_to(world, UNA), world.mails(UNA)["referral_request"]) == (1, "held")


def test_the_summary_says_it(world: World) -> None:
    world.person(UNA)
    keep(world)
    world.once()
    put_back(world)
    world.later(days=1)
    body = world.last_to(world.owner).get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert text.count("askaround reconcile") == 1


def test_contacts_added_during_the_hold_wait_too(world: World) -> None:
    world.person(UNA)
    keep(world)
    world.once()
    put_back(world)
    world.once()
    enlist(world.store, world.desk, parse(b"email,name\ndana@core.example,Dana Weiss\n", "x.csv"), "default")
    world.servers.add_user(DANA, "x")
    world.later(minutes=5)
    assert sent_to(world, DANA) == 0
    settle(world)
    world.later(minutes=5)
    assert sent_to(world, DANA) == 1
    assert world.store.read(lambda tx: mailboxes.get(tx, world.mailbox.id)).hold_since is None


def tried(world: World, state: str) -> None:
    """An ask that a server has refused for now, and that waits in this state since."""
    world.person(UNA)
    world.servers.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None  # type: ignore[attr-defined]
    world.once()
    if state == "failed":
        for _ in range(8):
            world.later(hours=9)
    elif state == "held":
        world.tell(UNA, "wait")
    world.servers.refuse = None  # type: ignore[attr-defined]
    if state == "due":
        world.store.transaction(lambda tx: outbox.note(tx, 1, state="due"))
    elif state == "draft":
        world.store.transaction(lambda tx: outbox.note(tx, 1, state="draft"))
    assert (world.mails(UNA)["ask"], sent_to(world, UNA)) == (state, 0)


@pytest.mark.parametrize("state", ["retry", "held", "due", "draft", "failed"])
def test_what_was_tried_before_the_copy_was_made_and_left_since(world: World, state: str) -> None:
    tried(world, state)
    keep(world)
    waits = state not in ("retry", "due")
    if waits:
        world.tell(UNA, "send")
    world.later(days=1)
    assert (sent_to(world, UNA), world.mails(UNA)["ask"]) == (1, "sent")
    put_back(world)
    if waits:  # the owner, who does not know, lets it leave once more
        world.tell(UNA, "send")
    world.later(hours=1)
    world.later(days=1)
    assert (sent_to(world, UNA), world.mails(UNA)["ask"], world.state(UNA)) == (1, "sent", "asked")
    assert "a copy lies in Sent" in " ".join(world.story(UNA))


def test_what_was_cancelled_in_the_copy_and_left_since_is_never_planned_again(world: World) -> None:
    tried(world, "retry")
    raw = world.store.read(lambda tx: outbox.get(tx, 1)).raw
    world.tell(UNA, "cancel")
    world.servers.deliver(world.owner, bytes(raw), "Sent")
    world.once()
    assert world.mails(UNA)["ask"] == "cancelled"
    assert world.store.read(lambda tx: contacts.by_key(tx, world.mailbox.id, UNA)).asked_at is not None  # type: ignore[union-attr]
    conversation = world.store.read(lambda tx: outbox.get(tx, 1)).conversation_id

    def again(tx: Any) -> int | None:
        talk = conversations.get(tx, conversation)
        return steps.plan_step(tx, world.desk, talk, contacts.get(tx, talk.contact_id), Step.ask, world.clock.now())

    assert world.store.transaction(again) is None


def came_back_for_now(world: World) -> None:
    """An ask that came back, and is to leave a second time."""
    world.person(UNA)
    world.once()
    report(world, world.last_to(UNA), UNA, status="4.2.2", said="452 4.2.2 mailbox full")
    world.later(minutes=5)
    assert world.mails(UNA)["ask"] == "retry"


def test_what_left_a_second_time_since_the_copy_was_made(world: World) -> None:
    came_back_for_now(world)
    keep(world)
    world.later(days=8)
    assert (sent_to(world, UNA), len(world.servers.messages(world.owner, "Sent"))) == (2, 2)
    put_back(world)
    world.later(minutes=5)
    assert (sent_to(world, UNA), world.mails(UNA)["ask"]) == (2, "sent")


def test_the_copy_of_the_first_time_does_not_stand_for_the_second(world: World) -> None:
    came_back_for_now(world)
    lost = world.store.read(lambda tx: mailboxes.folders(tx, world.mailbox.id))
    for name, row in lost.items():  # every folder is read anew
        world.store.transaction(
            lambda tx, name=name, row=row: mailboxes.begin_folder(  # type: ignore[misc]
                tx, world.mailbox.id, name, row.role, uidvalidity=row.uidvalidity, last_uid=0
            )
        )
    world.later(days=1)
    assert world.mails(UNA)["ask"] == "retry"
    world.later(days=8)
    assert (sent_to(world, UNA), world.mails(UNA)["ask"]) == (2, "sent")
