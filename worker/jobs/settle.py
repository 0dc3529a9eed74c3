"""Settles what an earlier run left open: claims that never reached DATA leave again, those in flight are uncertain."""

from __future__ import annotations

from worker.conversation.vocabulary import Delivery
from worker.jobs.desk import Desk
from worker.store import Store, Transaction, journal, outbox, summaries


def settle_open(store: Store, desk: Desk) -> list[str]:
    """Settle outbox and summaries after a crash; gives a sentence for each mail whose fate is not known.

    Only the holder of the turn's lock may call this: nobody else can then be sending.
    """
    return store.transaction(lambda tx: _settle(tx, desk))


def _settle(tx: Transaction, desk: Desk) -> list[str]:
    unknown = []
    for mail in outbox.in_states(tx, desk.mailbox.id, (Delivery.sending,)):
        outbox.note(tx, mail.id, state=Delivery.retry, due=min(mail.due, desk.now), not_before=None)
        _write(tx, desk, mail, "settled", f"{mail.step} had not begun to leave; it leaves again")
    for mail in outbox.in_states(tx, desk.mailbox.id, (Delivery.in_flight,)):
        outbox.note(tx, mail.id, state=Delivery.uncertain, hold_why="askaround was stopped while it left")
        text = f"askaround was stopped while the {mail.step} left; whether it arrived is not known"
        _write(tx, desk, mail, "uncertain", text, for_owner=True)
        unknown.append(f"{mail.to_address}: {text}")
    for summary in summaries.unfinished(tx, desk.mailbox.id):
        if summary.state == "sending":
            summaries.advance(tx, summary.id, state="sending", attempt=summary.attempt, to="retry")
        elif summary.state == "in_flight":
            summaries.advance(tx, summary.id, state="in_flight", attempt=summary.attempt, to="uncertain")
            unknown.append(f"whether the summary of {summary.local_date} arrived is not known")
    return unknown


def _write(tx: Transaction, desk: Desk, mail, what: str, text: str, *, for_owner: bool = False) -> None:  # type: ignore[no-untyped-def]
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        what,
        text,
        conversation_id=mail.conversation_id,
        contact_id=mail.contact_id,
        outbox_id=mail.id,
        for_owner=for_owner,
    )
