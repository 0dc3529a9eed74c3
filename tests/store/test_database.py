"""Transactions, the lock, time, and the migrations, on both databases."""

from __future__ import annotations

import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from worker.conversation.vocabulary import Contact
from worker.errors import AnotherTurnRuns, InputError, StoreError, StoreTooNew
from worker.store import Store, Transaction, contacts, conversations, mailboxes, open_store, outbox, suppressions
from worker.store.database import make_engine
from worker.store.migrations import runner
from worker.store.schema import mailbox, metadata

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def planned(store: Store, number: int = 1, due: datetime = NOW, step: str = "ask") -> int:
    """A contact with one planned mail; gives the mail's id."""

    def work(tx):  # type: ignore[no-untyped-def]
        box = mailboxes.enrol(tx, "robin@owner.example", NOW)
        email = f"una{number}@acme.example"
        who = contacts.add(tx, box, Contact(email=email), key=email, companies=["domain:acme.example"], now=NOW)
        talk = conversations.add(tx, box, who, "default", "planned", NOW)
        made = outbox.plan(
            tx, mailbox_id=box, conversation_id=talk, contact_id=who, step=step, state="due", due=due, now=NOW,
            message_id=f"<{number}@owner.example>", token=f"t{number}", priority=5,
        )  # fmt: skip
        assert made is not None
        return made

    return store.transaction(work)


def test_time_comes_back_aware_and_in_utc(store: Store) -> None:
    local = datetime(2027, 3, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    mail = store.read(lambda tx: outbox.get(tx, planned(store, due=local)))
    assert mail.due == NOW
    assert mail.due.tzinfo is UTC or mail.due.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="naive"):
        planned(store, due=datetime(2027, 3, 1, 10, 0))


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def work(tx):  # type: ignore[no-untyped-def]
        mailboxes.enrol(tx, "robin@owner.example", NOW)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        store.transaction(work)
    assert store.read(lambda tx: mailboxes.find(tx, "robin@owner.example")) is None


def test_an_error_shows_none_of_what_was_written(store: Store) -> None:
    written = {"address": "una@acme.example", "key": "5ec4e7" * 10, "first_seen_at": NOW}

    def work(tx: Transaction) -> None:
        box = mailboxes.enrol(tx, "robin@owner.example", NOW)
        tx.execute(mailbox.insert().values(id=box, **written))

    with pytest.raises(IntegrityError) as caught:
        store.transaction(work)
    shown = "".join(traceback.format_exception(caught.value))
    assert "una@acme.example" not in shown
    assert "5ec4e7" not in shown


def test_one_of_two_claims_wins(store: Store) -> None:
    mail = planned(store)
    start = threading.Barrier(2)
    won: list[bool] = []

    def claim() -> None:
        def work(tx):  # type: ignore[no-untyped-def]
            row = outbox.get(tx, mail)
            return row.state == "due" and outbox.claim(tx, mail, state="due", attempt=row.attempt, now=NOW)

        start.wait()
        won.append(store.transaction(work))

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(won) == [False, True]


def test_a_limit_that_is_counted_in_the_claim_holds_against_a_race(store: Store) -> None:
    """Count, then claim: at most one of two different mails may leave where only one is allowed."""
    mails = [planned(store, 1), planned(store, 2)]
    box = store.read(lambda tx: outbox.get(tx, mails[0])).mailbox_id
    start = threading.Barrier(2)
    won: list[bool] = []

    def claim(mail: int) -> None:
        def work(tx):  # type: ignore[no-untyped-def]
            if outbox.left_since(tx, box, NOW - timedelta(hours=1)) >= 1:
                return False
            return outbox.claim(tx, mail, state="due", attempt=0, now=NOW)

        start.wait()
        won.append(store.transaction(work))

    threads = [threading.Thread(target=claim, args=(mail,)) for mail in mails]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(won) == [False, True]


def test_a_step_is_planned_once(store: Store) -> None:
    mail = planned(store)
    row = store.read(lambda tx: outbox.get(tx, mail))

    def again(tx, step="ask"):  # type: ignore[no-untyped-def]
        return outbox.plan(
            tx, mailbox_id=row.mailbox_id, conversation_id=row.conversation_id, contact_id=row.contact_id, step=step,
            state="due", due=NOW, now=NOW, message_id="<again@owner.example>", token="again", priority=5,
        )  # fmt: skip

    assert store.transaction(again) is None
    store.transaction(lambda tx: outbox.note(tx, mail, state="cancelled"))
    assert store.transaction(again) == mail
    store.transaction(lambda tx: outbox.note(tx, mail, state="cancelled", in_flight_at=NOW))
    assert store.transaction(again) is None


def test_a_person_is_asked_once_whatever_the_campaign(store: Store) -> None:
    row = store.read(lambda tx: outbox.get(tx, planned(store)))

    def other(tx):  # type: ignore[no-untyped-def]
        talk = conversations.add(tx, row.mailbox_id, row.contact_id, "another", "planned", NOW)
        return outbox.plan(
            tx, mailbox_id=row.mailbox_id, conversation_id=talk, contact_id=row.contact_id, step="ask", state="due",
            due=NOW, now=NOW, message_id="<other@owner.example>", token="other", priority=5,
        )  # fmt: skip

    assert store.transaction(other) is None


def test_suppression_by_address_and_by_domain(store: Store) -> None:
    def work(tx):  # type: ignore[no-untyped-def]
        box = mailboxes.enrol(tx, "robin@owner.example", NOW)
        other = mailboxes.enrol(tx, "kim@owner.example", NOW)
        suppressions.add(tx, box, what="address", value="una@acme.example", reason="asked", now=NOW)
        suppressions.add(tx, box, what="domain", value="never.example", reason="asked", now=NOW, scope="office")
        return [
            suppressions.blocking(tx, who, key) is not None
            for who, key in (
                (box, "una@acme.example"),
                (box, "bob@acme.example"),
                (box, "x@never.example"),
                (other, "una@acme.example"),
                (other, "x@never.example"),
            )
        ]

    assert store.transaction(work) == [True, False, True, False, True]


def test_the_lock_of_a_turn(store: Store, url: str) -> None:
    other = open_store(url)
    with store.turn_lock("robin@owner.example"):
        with pytest.raises(AnotherTurnRuns), other.turn_lock("robin@owner.example", wait=0.2):
            raise AssertionError("two turns at a time")
        with other.turn_lock("kim@owner.example", wait=0.2):
            pass
    with other.turn_lock("robin@owner.example", wait=0.2):
        pass
    other.close()


def test_the_schema_is_what_the_migrations_make(store: Store) -> None:
    with store.engine.connect() as connection:
        found = inspect(connection)
        tables = set(found.get_table_names()) - {"alembic_version"}
        assert tables == set(metadata.tables)
        for name, table in metadata.tables.items():
            assert {column["name"] for column in found.get_columns(name)} == {column.name for column in table.columns}
            made = {index["name"] for index in found.get_indexes(name)}
            assert {index.name for index in table.indexes} <= made


def test_an_upgrade_knows_that_every_call_had_its_calendar_file(url: str) -> None:
    engine = make_engine(url)
    runner.upgrade(engine, to="0007")
    moment = "2027-01-01 00:00:00.000000" if url.startswith("sqlite") else "2027-01-01 00:00:00+00"
    rows = (
        "insert into mailbox (id, address, first_seen_at, blocked_times, errors) "
        f"values (1, 'a@x', '{moment}', 0, '[]')",
        "insert into summary "
        "(id, mailbox_id, local_date, again, state, message_id, token, attempt, made_at, journal_id) "
        f"values (1, 1, '2027-01-01', 0, 'sent', '<1@x>', 't', 1, '{moment}', 0)",
        "insert into summary_item (summary_id, number, kind, subject) values (1, 1, 'call', 'c1'), (1, 2, 'yes', 'c2')",
    )
    with engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))
    engine.dispose()
    store = open_store(url)
    with store.engine.connect() as connection:
        found = connection.execute(text("select kind, calendar from summary_item order by number"))
        assert [(row.kind, bool(row.calendar)) for row in found] == [("call", True), ("yes", False)]
    store.close()


def test_the_newest_revision_is_the_one_in_the_files() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(runner.upgrade._config()).get_current_head() == runner.newest()


def test_a_newer_database_is_left_alone(url: str) -> None:
    open_store(url).close()
    made = open_store(url)
    with made.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    made.close()
    with pytest.raises(StoreTooNew):
        open_store(url)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(InputError, match="sqlite and postgresql"):
        open_store("mysql://localhost/askaround")


def test_a_disk_that_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{tmp_path / 'file'}/askaround.db") if (tmp_path / "file").write_text("x") else None
