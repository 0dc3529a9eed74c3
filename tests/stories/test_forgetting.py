"""Who is forgotten is gone from the database, byte for byte, and is never written to again."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from tests.stories.world import World
from worker.contacts import parse
from worker.demo.servers import EmbeddedServers
from worker.jobs.enlist import enlist
from worker.jobs.export import write_everything
from worker.jobs.forget import forget
from worker.jobs.story import story
from worker.store import Transaction, mailboxes, suppressions
from worker.store.schema import message, outbox, raw

KEY = "ab" * 32
OTHERS = "bo@other.example"


def kept(world: World) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(Path(world.folder).glob("askaround.db*")))


def forgotten(world: World, email: str) -> bool:
    return forget(world.store, world.desk, email, KEY).was_known


def words_of(world: World, email: str) -> list[str]:
    found = world.store.read(lambda tx: story(tx, world.desk, email))
    assert found is not None
    return [line.words or "" for line in found.lines]


def add(world: World, rows: str) -> list[str]:
    done = enlist(world.store, world.desk, parse(rows.encode(), "people.csv"), "default")
    return [line.what for line in done.lines]


def test_nothing_of_them_is_left_in_the_file(world: World) -> None:
    una = world.person("una@acme.example", phone="+49 30 5550177", notes="Una Berg likes tide mills", company="Acme")
    bo = world.person(OTHERS, name="Bo Lind", notes="knows Una Berg (una@acme.example)")
    world.once()
    world.reply(una, "No, sorry, I have no time. Ask Dana Weiss <dana@acme.example> instead.\n\nUna Berg")
    world.later(minutes=1)
    world.reply(bo, "You should talk to Una Berg, una+work@acme.example, +49 (30) 555-0177.", name="Bo Lind")
    world.later(days=1)
    assert b"una@acme.example" in kept(world)

    assert forgotten(world, "Una+private@acme.example")

    left = kept(world)
    assert not re.search(rb"una(?:\+\w+)?@acme", left, re.IGNORECASE)
    assert not re.search(rb"una\s+berg", left, re.IGNORECASE)
    assert b"5550177" not in left
    assert [row["email"] for row in world.status()["conversations"]] == [bo]
    assert world.state(bo) == "referred" or world.status()["review"]
    world.later(days=3)
    assert len(world.inbox(una)) <= 2


def test_they_are_never_written_to_again_also_after_a_new_import(world: World) -> None:
    una = world.person("una@acme.example")
    world.once()
    forgotten(world, una)
    assert add(world, "email,name\nUNA+x@acme.example,Una Berg\n") == ["unwanted"]
    world.later(days=20)
    assert len(world.inbox(una)) == 1
    key = world.store.read(lambda tx: suppressions.blocking(tx, world.desk.mailbox.id, una))
    assert key is not None
    assert key.what == "forgotten"
    assert "una" not in key.value


def test_a_later_answer_of_theirs_is_not_kept_and_stops_nothing(world: World) -> None:
    una = world.person("una@acme.example", company="Acme")
    colleague = world.person("bo@acme.example", name="Bo Lind", company="Acme")
    world.once()
    ours = world.last_to(una)
    forgotten(world, una)
    world.reply(una, "Sorry for the delay! Yes, gladly.", to=ours)
    report = world.later(hours=1)
    assert report.read == []
    assert not any("askaround reconcile" in error for error in report.errors)
    assert world.store.read(lambda tx: mailboxes.get(tx, world.desk.mailbox.id)).hold_since is None
    world.later(days=9)
    assert len(world.inbox(colleague)) >= 1
    assert b"una@acme.example" not in kept(world)


def test_who_was_only_named_is_forgotten_too(world: World) -> None:
    una = world.person("una@acme.example")
    world.once()
    world.reply(una, "I cannot, but ask Dana Weiss: dana@weiss.example\n\nUna")
    world.later(minutes=5)
    assert [row["email"] for row in world.status()["proposed"]] == ["dana@weiss.example"]
    assert forgotten(world, "dana@weiss.example")
    assert world.status()["proposed"] == []
    assert not re.search(rb"dana@weiss|dana\s+weiss", kept(world), re.IGNORECASE)
    world.later(days=2)
    assert world.inbox(una)  # una herself is still known


def test_whom_they_named_stays_without_a_word_on_who_named_them(world: World) -> None:
    una = world.person("una@acme.example")
    world.servers.add_user("dana@weiss.example", "x")
    world.once()
    world.reply(una, "I cannot, but ask Dana Weiss: dana@weiss.example\n\nUna")
    world.later(minutes=5)
    forgotten(world, una)
    assert [row["email"] for row in world.status()["proposed"]] == ["dana@weiss.example"]
    world.tell(world.status()["proposed"][0]["id"], "ok")
    world.later(days=1)
    (ask,) = world.inbox("dana@weiss.example")
    assert "Una" not in ask.as_string()


def test_old_bytes_are_given_up_and_everything_stays_known(world: World) -> None:
    una = world.person("una@acme.example")
    world.config.write_text(world.config.read_text().replace("[store]", "[store]\nkeep_raw_days = 30"))
    world.once()
    world.reply(una, "No, sorry.\n\nUna Berg", message_id="<no@acme.example>")
    same = world.reply(una, "No, sorry.\n\nUna Berg", message_id="<no@acme.example>")
    world.later(minutes=5)
    mailbox = world.desk.mailbox.id

    def held(tx: Transaction) -> tuple[int, int, int]:
        return (
            tx.execute(select(func.count()).select_from(raw)).scalar_one(),
            tx.execute(select(func.count()).where(outbox.c.raw.is_not(None))).scalar_one(),
            tx.execute(select(func.count()).where(message.c.mailbox_id == mailbox)).scalar_one(),
        )

    blobs, ours, read = world.store.read(held)
    assert blobs == read == 1
    assert ours == 2
    world.later(days=29)
    assert world.store.read(held)[0] == 1
    before = world.steps_to(una)
    world.clock.advance(timedelta(days=3))
    world.once()
    assert world.store.read(held) == (0, 0, 1)
    world.servers.deliver(world.owner, same, "Junk")
    assert world.later(days=1).read == []
    assert world.steps_to(una) == before
    assert any("No, sorry" in line for line in words_of(world, una))


def test_import_forgetting_and_export_on_postgresql(
    embedded: EmbeddedServers, tmp_path: Path, postgresql_url: str
) -> None:
    world = World(embedded, tmp_path, "robin@owner.example", url=postgresql_url)
    una = world.person("una@acme.example", phone="+49 30 5550177")
    assert add(world, "email,name,referred_by\nbo@other.example,Bo Lind,una@acme.example\n") == ["added"]
    world.once()
    world.reply(una, "No, but ask Dana Weiss, dana@weiss.example.\n\nUna")
    world.later(minutes=5)
    before = io.StringIO()
    counts = write_everything(world.store, world.desk, before)
    assert counts["contact"] == 2
    assert "una@acme.example" in before.getvalue()
    assert forgotten(world, una)
    after = io.StringIO()
    write_everything(world.store, world.desk, after)
    assert not re.search(r"una@acme|Una\s+Berg|5550177", after.getvalue())
    assert json.loads(after.getvalue())["tables"]["contact"][0]["referred_by"] is None
    assert add(world, "email,name\nuna@acme.example,Una Berg\ncy@c.example,Cy Coe\n") == ["unwanted", "added"]
    world.later(days=1)
    world.store.close()


def test_a_question_about_their_domain_is_not_lost_in_silence(world: World) -> None:
    una = world.person("una@acme.example")
    world.once()
    world.reply(una, "Please delete my data and do not contact me again.\n")
    world.later(minutes=20)
    assert forget(world.store, world.desk, una, KEY).in_question == "acme.example"
    assert forget(world.store, world.desk, una, KEY).in_question is None
