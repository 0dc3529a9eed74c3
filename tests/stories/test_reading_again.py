"""Stored mail is read again by a newer reader: it shows what is read otherwise, and does nothing."""

from __future__ import annotations

from sqlalchemy import select, update

from tests.stories.world import World
from worker.jobs.reread import document, reread
from worker.store.schema import reading

UNA = "una@acme.example"


def test_the_same_reader_reads_the_same(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.once()
    found = reread(world.store, world.desk)
    assert (found.read, found.pruned, found.otherwise) == (1, 0, ())


def test_what_a_newer_reader_reads_otherwise_is_shown_and_left_alone(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.once()

    def as_an_older_reader_had_it() -> None:
        row = world.store.read(lambda tx: tx.execute(select(reading)).one())
        data = row.data | {"intent": "declined", "sure": False}
        world.store.transaction(lambda tx: tx.execute(update(reading).values(data=data)))

    as_an_older_reader_had_it()
    before = (world.state(UNA), world.mails(UNA))
    (one,) = reread(world.store, world.desk).otherwise
    assert one.email == UNA
    assert one.fields["intent"] == ("declined", "opt_out")
    assert (world.state(UNA), world.mails(UNA)) == before
    assert len(world.store.read(lambda tx: tx.execute(select(reading)).all())) == 1
    (told,) = document(reread(world.store, world.desk))["otherwise"]
    assert told["fields"]["intent"] == {"was": "declined", "now": "opt_out"}
