"""What a mailbox does to mail: moves, copies, new UIDVALIDITYs, mail that was there before, mail by hand."""

from __future__ import annotations

from email.message import EmailMessage

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers

UNA = "una@acme.example"
NO = "Sorry, I am not interested.\n\nUna\n"


def by_hand(world: World, to: str, text: str = "Hello, this is me.\n", **fields: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = world.owner
    mail["To"] = to
    mail["Subject"] = "By hand"
    mail["Message-ID"] = world.ids.message_id(world.owner)
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def test_what_lay_there_before_is_not_read(world: World) -> None:
    world.reply(UNA, NO, in_thread=False)
    world.person(UNA)
    report = world.once()
    assert report.read == []
    assert world.state(UNA) == "asked"


def test_whom_the_owner_wrote_to_before_is_held_and_shown(world: World) -> None:
    world.servers.deliver(world.owner, by_hand(world, UNA), "Sent")
    world.person(UNA)
    report = world.once()
    assert report.sent == []
    mail = world.status()["outbox"][0]
    assert (mail["state"], mail["step"]) == ("held", "ask")
    assert "you wrote to them" in mail["why"]
    world.tell(mail["id"], "ok")
    world.once()
    assert world.state(UNA) == "asked"


def test_the_owners_own_mail_takes_the_worker_out(world: World) -> None:
    world.person(UNA)
    world.once()
    world.servers.deliver(world.owner, by_hand(world, UNA), "Sent")
    world.once()
    assert world.state(UNA) == "talking"
    world.later(days=60)
    assert len(world.inbox(UNA)) == 1


def test_our_own_copies_are_not_the_owners_mail(world: World) -> None:
    world.person(UNA)
    world.once()
    world.once()
    assert world.state(UNA) == "asked"
    assert len(world.servers.messages(world.owner, "Sent")) == 1


def test_a_reply_seen_twice_changes_nothing(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    world.once()
    raw = world.reply(UNA, NO)
    world.once()
    embedded.deliver(world.owner, raw)
    embedded.deliver(world.owner, raw, "Junk")
    report = world.once()
    assert report.read == []
    assert len(world.inbox(UNA)) == 2


def test_a_new_uidvalidity_changes_nothing(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, NO)
    world.once()
    embedded.set_uidvalidity(world.owner, 4242)
    assert world.once().read == []
    world.reply(UNA, "Nobody comes to mind, sorry.\n", to=world.last_to(UNA))
    embedded.set_uidvalidity(world.owner, 7)
    assert len(world.once().read) == 1
    assert world.state(UNA) == "closed"
    assert len(world.inbox(UNA)) == 2


def test_a_forged_sender_makes_nothing_leave(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, NO, in_thread=False)
    report = world.once()
    assert report.sent == []
    assert world.state(UNA) == "asked"
    assert [row["email"] for row in world.status()["review"]] == [UNA]
    assert world.mails(UNA)["nudge"] == "held"


def test_an_opt_out_counts_from_a_guess(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Do not write to me again. Remove my address.\n", in_thread=False)
    world.once()
    assert world.state(UNA) == "opted_out"


def test_the_same_id_with_another_text_is_another_mail(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Hm.\n", message_id="<one@acme.example>")
    world.once()
    world.reply(UNA, "Yes, let's talk on Monday at ten!\n", message_id="<one@acme.example>", to=world.last_to(UNA))
    assert len(world.once().read) == 1
    assert world.state(UNA) == "talking"


def test_fifty_addresses_in_a_reply_aim_nothing(make_world: MakeWorld) -> None:
    world = make_world(changes={"[0, 0]\n\n[store]": '[0, 0]\nnew_contacts = "ask"\n\n[store]'})
    world.person(UNA)
    world.once()
    many = "\n".join(
        f"Person {chr(65 + n % 26)}{chr(97 + n // 26)}lin <victim{n}@target{n}.example>" for n in range(50)
    )
    world.reply(UNA, f"I can't help, but write to my colleagues:\n{many}\ninfo@acme.example\n")
    world.once()
    world.once()
    reached = {one for envelope, _ in world.servers.accepted for one in envelope.recipients}  # type: ignore[attr-defined]
    assert len(reached - {UNA, world.owner}) <= 2


def test_a_person_never_gets_a_mail_at_night_or_at_the_weekend(make_world: MakeWorld) -> None:
    world = make_world(
        changes={
            'window = ["00:00", "24:00"]\nweekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n': "",
            "per_day = 50\n": "",
        }
    )
    world.person(UNA, timezone="America/Los_Angeles")
    assert world.once().sent == []  # nine in London is one at night there
    assert world.later(hours=9).sent != []


def test_the_daily_number_and_the_gap_hold(make_world: MakeWorld) -> None:
    world = make_world(changes={"per_day = 50": "per_day = 3", "gap_minutes = [0, 0]": "gap_minutes = [10, 20]"})
    for number in range(6):
        world.person(f"p{number}@c{number}.example", name=f"Pia Nummer{chr(97 + number)}")
    counts = [len(world.once().sent)]
    counts += [len(world.later(minutes=21).sent) for _ in range(6)]
    assert counts == [1, 1, 1, 0, 0, 0, 0]
    assert len(world.later(hours=24).sent) == 1


def test_one_company_is_asked_one_at_a_time(world: World) -> None:
    world.person("ann@acme.example", name="Ann Lee")
    world.person("bob@acme.example", name="Bob Ray")
    assert [one.email for one in world.once().sent] == ["ann@acme.example"]
    assert [one.email for one in world.later(days=2).sent] == []
    assert [one.email for one in world.later(days=1, minutes=1).sent] == ["bob@acme.example"]
