"""Every link of a summary, tapped in a real browser: the mail that it opens is sent as it is, and done."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from tests.servers.browser import Browser, browser
from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owner_answers import summary_of
from tests.stories.world import World
from worker.conversation.vocabulary import Context, Step
from worker.jobs import answers
from worker.jobs.status import status
from worker.reading import headers, read
from worker.store import contacts, conversations, outbox

pytestmark = pytest.mark.real_server
CHANGES = {
    "referral_delay_hours = [0, 0]": "referral_delay_hours = [20, 30]",
    "[store]": "[alerts]\nmail = false\n\n[store]",
}
PEOPLE = ("una", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "ivy", "joe")


def of(name: str) -> str:
    return f"{name}@{name}s-firm.example"


def busy(world: World) -> EmailMessage:
    """A week with something of everything; gives the sixth morning's summary."""
    for name in PEOPLE:
        world.person(of(name), name=f"{name.title()} Person", phone="+49 30 1234567" if name == "eve" else "")
    world.once()
    world.later(days=4, hours=8)
    world.reply(of("una"), "Yes, gladly: Thursday at ten.\n\nUna\n", name="Una Person")
    world.reply(of("ivy"), "Sure, happy to talk.\n\nIvy\n", name="Ivy Person")
    world.reply(of("bob"), "No, thank you, I am not interested.\n\nBob\n", name="Bob Person", in_thread=False)
    named = "Please ask my colleague Dana Weiss <dana@far.example>, she knows.\n\nCat\n"
    world.reply(of("cat"), named, name="Cat Person")
    world.reply(of("joe"), "You should talk to Kim Stone instead.\n\nJoe\n", name="Joe Person")
    world.reply(of("dan"), "Not at the moment, but do try me again some time later.\n\nDan\n", name="Dan Person")
    world.later(minutes=5)
    world.tell(of("gus"), "no")

    def arrange(tx: Any) -> None:
        rows = {name: contacts.by_key(tx, world.mailbox.id, of(name)) for name in PEOPLE}
        fay, ivy = (conversations.of_contact(tx, rows[name].id)[0] for name in ("fay", "ivy"))  # type: ignore[union-attr]
        # as a line that breaks after the last dot leaves it
        ask = outbox.step_of(tx, fay.id, Step.ask)
        assert ask is not None
        values = {"state": "uncertain", "in_flight_at": ask.sent_at, "sent_at": None, "finished_at": None}
        outbox.note(tx, ask.id, hold_why="the server did not say whether it took it", **values)
        conversations.note(tx, fay.id, state="planned", asked_at=None, last_sent_at=None, last_step=None)
        contacts.note(tx, fay.contact_id, asked_at=ask.sent_at)
        nudge = outbox.step_of(tx, fay.id, Step.nudge)
        if nudge is not None:
            outbox.note(tx, nudge.id, state="cancelled")
        conversations.note(tx, ivy.id, talk_asked_at=world.clock.now())

    world.store.transaction(arrange)
    world.later(hours=15)
    return summary_of(world)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


def opened_by(world: World, link: dict[str, Any]) -> bytes:
    """What a phone makes of the link: a new mail, filled in; the owner adds a date or an address, and taps "send"."""
    body = link["body"].replace("later ", "later 2027-05-03").replace("<>", "<kim@stone.example>")
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"Robin Owner <{world.owner}>"
    mail["To"] = link["to"]
    mail["Subject"] = link["subject"]
    mail["Date"] = world.clock.now()
    mail["Message-ID"] = world.ids.message_id(world.owner)
    mail.set_content(f"{body}\n\nSent from my phone\n")
    return mail.as_bytes()


class After:
    """How things stand inside one transaction, once an answer was obeyed."""

    def __init__(self, tx: Any, world: World) -> None:
        self._tx = tx
        self._world = world
        self._status = status(tx, world.desk)
        self.proposed = {str(row["name"]) for row in self._status["proposed"]}
        self.reviewed = {str(row["email"]) for row in self._status["review"]}
        self.known = {str(row["email"]) for row in self._status["conversations"]}

    def conversation(self, name: str) -> Any:
        person = contacts.by_key(self._tx, self._world.mailbox.id, of(name))
        assert person is not None
        return conversations.of_contact(self._tx, person.id)[0]

    def state(self, name: str) -> str:
        return str(self.conversation(name).state)

    def mail(self, name: str, step: str) -> str:
        found = outbox.step_of(self._tx, self.conversation(name).id, Step(step))
        return str(found.state) if found is not None else "none"


Done = Callable[[After], bool]
# Whom a link is about, what it says, and what is so once it was sent.
MEANT: dict[tuple[str, str], Done] = {
    ("Una Person", "met"): lambda now: now.state("una") == "met",
    ("Una Person", "not a yes"): lambda now: now.state("una") != "talking",
    ("Ivy Person", "met"): lambda now: now.state("ivy") == "met",
    ("Ivy Person", "not yet"): lambda now: now.state("ivy") == "talking" and not now.conversation("ivy").talk_asked_at,
    ("Ivy Person", "no talk"): lambda now: now.state("ivy") == "declined",
    ("Bob Person", "ok"): lambda now: now.state("bob") == "declined" and not now.reviewed,
    ("Bob Person", "not a decline"): lambda now: now.state("bob") == "asked" and not now.reviewed,
    ("Bob Person", "wait"): lambda now: bool(now.conversation("bob").waiting),
    ("Dan Person", "later "): lambda now: str(now.conversation("dan").resume_after) == "2027-05-03",
    ("Dan Person", "wait"): lambda now: bool(now.conversation("dan").waiting),
    ("Dana Weiss", "ask"): lambda now: "dana@far.example" in now.known,
    ("Dana Weiss", "cancel"): lambda now: "Dana Weiss" not in now.proposed and "dana@far.example" not in now.known,
    ("Kim Stone", "ask Kim Stone <>"): lambda now: "kim@stone.example" in now.known,
    ("Kim Stone", "cancel"): lambda now: "Kim Stone" not in now.proposed,
    ("Fay Person", "arrived"): lambda now: now.mail("fay", "ask") == "sent",
    ("Fay Person", "did not arrive"): lambda now: now.mail("fay", "ask") == "retry",
    ("Gus Person", "send"): lambda now: now.mail("gus", "referral_request") in ("due", "sent"),
    ("Gus Person", "cancel"): lambda now: now.mail("gus", "referral_request") == "cancelled",
    ("Eve Person", "called"): lambda now: now.conversation("eve").call_result == "reached",
    ("Eve Person", "called, no answer"): lambda now: now.conversation("eve").call_result == "no answer",
    ("Eve Person", "cancel"): lambda now: now.mail("eve", "nudge") == "cancelled",
    ("Hal Person", "cancel"): lambda now: now.mail("hal", "nudge") == "cancelled",
    ("Joe Person", "cancel"): lambda now: now.mail("joe", "thanks_for_name") == "cancelled",
    ("Cat Person", "cancel"): lambda now: now.mail("cat", "thanks_for_name") == "cancelled",
}


class _TakenBack(Exception):
    """Ends a transaction that only was to be looked at."""


def obeyed(world: World, raw: bytes, check: Done) -> bool:
    """Read and obey an answer, look at what came of it, and take all back."""
    seen = False

    def work(tx: Any) -> None:
        nonlocal seen
        head = headers(raw)
        text = read(raw, Context(own_addresses=world.mailbox.own_addresses)).new_text
        answer = answers.recognise(tx, world.desk, head, text)
        assert answer is not None
        assert answer.refused is None
        done = answers.carry_out(tx, world.desk, answer.summary, text)
        seen = bool(done.done) and not done.not_done and check(After(tx, world))
        raise _TakenBack

    with contextlib.suppress(_TakenBack):
        world.store.transaction(work)
    return seen


def test_each_link_does_what_it_says(make_world: MakeWorld, chromium: Browser) -> None:
    world = make_world(changes=CHANGES)
    summary = busy(world)
    plain, page = (summary.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    heads = re.findall(r"(?m)^(\d+)\. ([^(\r\n]+)", plain.get_content())
    names = {number: name.strip() for number, name in heads}
    links = list(chromium.page(page.get_content(), width=360, scheme="dark").clicks())
    tapped = set()
    first: dict[str, tuple[str, bytes]] = {}
    for link in links:
        if link["scheme"] == "tel:":
            assert link["to"] == "+49301234567"
        elif link["to"] != world.owner:  # to the person, in words of the owner's own
            assert link["subject"] == "Re: Thirty minutes about marine biology?"
            assert link["fields"] == ["subject"]
        else:
            number, _, order = link["body"].splitlines()[0].partition(". ")
            raw = opened_by(world, link)
            assert obeyed(world, raw, MEANT[names[number], order]), (names[number], order)
            tapped.add((names[number], order))
            first.setdefault(number, (order, raw))
    assert tapped >= set(MEANT), "no link was forgotten"
    for _, raw in first.values():
        world.servers.deliver(world.owner, raw)
    world.later(minutes=5)
    after = world.store.read(
        lambda tx: {number: MEANT[names[number], first[number][0]](After(tx, world)) for number in first}
    )
    assert all(after.values()), after
