"""Sends the owner one summary a local date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row

from worker.clock import Clock
from worker.errors import WorldError
from worker.jobs import marks
from worker.jobs.desk import Desk
from worker.jobs.digest import digest
from worker.jobs.send import Line
from worker.mailbox.answers import Result
from worker.store import Store, Transaction, mailboxes, summaries
from worker.writing import Header
from worker.writing import summary as words

ONE_STATUS = timedelta(hours=1)


def hour_has_passed(desk: Desk) -> bool:
    """Whether the hour of this local date's summary has passed."""
    local = desk.now.astimezone(desk.mailbox.zone)
    return desk.now >= datetime.combine(local.date(), desk.mailbox.summary_at, desk.mailbox.zone)


def is_due(tx: Transaction, desk: Desk) -> bool:
    """Whether this local date's hour has passed and the date has no summary yet."""
    made = summaries.of_date(tx, desk.mailbox.id, desk.today)
    return hour_has_passed(desk) and not any(one.again == 0 for one in made)


def is_missing(tx: Transaction, desk: Desk) -> bool:
    """Whether this local date's hour has passed and no server has surely taken a summary of the date."""
    made = summaries.of_date(tx, desk.mailbox.id, desk.today)
    return hour_has_passed(desk) and not any(one.state == "sent" for one in made)


def send_if_due(store: Store, desk: Desk, clock: Clock, line: Line, *, errors: Sequence[str] = ()) -> str | None:
    """Send the summary if it is due, or one that could not be sent before; gives its address, None for none.

    Raises WorldError where the server does not take it; it then leaves in a later turn.
    """
    sent = None
    for row in _unfinished(store, desk):
        if row.local_date != desk.today:
            # what it said is told by the newer one
            store.transaction(
                lambda tx: summaries.advance(tx, row.id, state=row.state, attempt=row.attempt, to="failed")
            )
        elif row.not_before is None or row.not_before <= desk.now:
            deliver(store, desk, clock, line, row)
            sent = desk.mailbox.summary_to
    if store.read(lambda tx: is_due(tx, desk)):
        made = make(store, desk, errors=errors)
        deliver(store, desk, clock, line, made)
        sent = desk.mailbox.summary_to
    return sent


def send_now(store: Store, desk: Desk, clock: Clock, line: Line, *, errors: Sequence[str] = ()) -> str:
    """Send a summary at once: the date's own, or a second one that says so."""
    for row in _unfinished(store, desk):
        if row.state in ("due", "retry"):
            # the one that could not be sent yet would come after this one, and say less
            store.transaction(
                lambda tx: summaries.advance(tx, row.id, state=row.state, attempt=row.attempt, to="failed")
            )
    made = make(store, desk, errors=errors)
    deliver(store, desk, clock, line, made)
    return desk.mailbox.summary_to


def _unfinished(store: Store, desk: Desk) -> list[Row[tuple[object, ...]]]:
    rows = store.read(lambda tx: summaries.unfinished(tx, desk.mailbox.id))
    return [row for row in rows if row.about_message_id is None]


def preview(store: Store, desk: Desk, *, errors: Sequence[str] = ()) -> words.SummaryContent:
    """What a summary would say now; nothing is recorded."""
    return store.read(lambda tx: digest(tx, desk, token="-", again=False, problems=errors)).content


def answer_status(store: Store, desk: Desk, clock: Clock, line: Line, *, errors: Sequence[str] = ()) -> str | None:
    """Answer a "status" that came by mail with how it stands now; at most once an hour, and no other time.

    It is never the date's own summary: that comes at its hour. Raises WorldError.
    """
    box = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id))
    if box.status_asked_at is None:
        return None
    soon = box.status_sent_at is not None and desk.now - box.status_sent_at < ONE_STATUS
    values = {"status_asked_at": None} if soon else {"status_asked_at": None, "status_sent_at": desk.now}
    store.transaction(lambda tx: mailboxes.note(tx, desk.mailbox.id, **values))
    if soon:
        return None
    deliver(store, desk, clock, line, make(store, desk, errors=errors, of_the_date=False))
    return desk.mailbox.summary_to


def tell_while_it_lasts(
    store: Store, desk: Desk, clock: Clock, line: Line, *, errors: Sequence[str] = ()
) -> str | None:
    """Tell by mail that the sign-in is over, with the last token that is still good; once, and None where it is not.

    Without it the owner would hear of it only where they look: no summary leaves any more. Raises WorldError.
    """
    keeper, trouble = desk.mailbox.sign_in, desk.mailbox.sign_in_trouble()
    if keeper is None or trouble is None or not trouble.untold:
        return None
    made = make(store, desk, errors=errors, of_the_date=False)
    keeper.told()  # one that cannot be sent now is tried again as any summary is
    deliver(store, desk, clock, line, made)
    return desk.mailbox.summary_to


def make(store: Store, desk: Desk, *, errors: Sequence[str] = (), of_the_date: bool = True) -> Row[tuple[object, ...]]:
    """Gather and record a summary; gives its row. It is not sent yet. `of_the_date` says that it may be its date's."""
    token = desk.token(desk.mailbox.summary_to, marks.SUMMARY)
    message_id = desk.message_id(desk.mailbox.summary_to, marks.SUMMARY)

    def work(tx: Transaction) -> Row[tuple[object, ...]]:
        earlier = summaries.of_date(tx, desk.mailbox.id, desk.today)
        own = of_the_date and not any(one.again == 0 for one in earlier)
        again = 0 if own else max((one.again for one in earlier), default=0) + 1
        seen = any(one.state != "failed" for one in earlier)  # one that never left is none that the owner has seen
        found = digest(tx, desk, token=token, again=seen, problems=errors)
        raw = as_mail(desk, found.content, message_id, token)
        made = summaries.add(
            tx,
            mailbox_id=desk.mailbox.id,
            local_date=desk.today,
            again=again,
            message_id=message_id,
            token=token,
            raw=raw,
            journal_id=found.journal_id,
            now=desk.now,
            items=found.items,
            mails=found.mails,
            calls=found.calls,
        )
        return summaries.get(tx, made)

    return store.transaction(work)


def as_mail(desk: Desk, content: words.SummaryContent, message_id: str, token: str, *, subject: str = "") -> bytes:
    """The bytes of a mail to the owner."""
    header = Header(
        sender=("askaround", desk.mailbox.address),
        recipient=(desk.mailbox.owner.name, desk.mailbox.summary_to),
        message_id=message_id,
        date=desk.now.astimezone(desk.mailbox.zone),
        subject=subject,
        token=token,
    )
    return words.compose(content, header)


def deliver(store: Store, desk: Desk, clock: Clock, line: Line, row: Row[tuple[object, ...]]) -> None:
    """Bring a mail to the owner over the wire, each attempt noted before and after. Raises WorldError."""
    attempt = row.attempt + 1
    mine = store.transaction(
        lambda tx: summaries.advance(tx, row.id, state=row.state, attempt=row.attempt, to="sending", again=True)
    )
    if not mine:
        return

    def before_data() -> None:
        store.transaction(lambda tx: summaries.advance(tx, row.id, state="sending", attempt=attempt, to="in_flight"))

    try:
        outcome = line.session().submit(
            desk.mailbox.address, desk.mailbox.summary_to, bytes(row.raw), before_data=before_data
        )
    except WorldError:
        store.transaction(lambda tx: summaries.advance(tx, row.id, state="sending", attempt=attempt, to="retry"))
        raise
    state = {Result.accepted: "sent", Result.uncertain: "uncertain"}.get(outcome.result, "retry")
    said = f"{outcome.code or ''} {outcome.text}".strip()

    def settle(tx: Transaction) -> None:
        for before in ("in_flight", "sending"):
            if summaries.advance(
                tx,
                row.id,
                state=before,
                attempt=attempt,
                to=state,
                last_answer=said[:500],
                sent_at=clock.now() if state == "sent" else None,
            ):
                break
        if state == "sent":
            summaries.accepted(tx, row.id, clock.now())

    store.transaction(settle)
    if state == "retry":
        raise WorldError(f"the server did not take the summary: {said}", where=desk.mailbox.summary_to)
    if state == "uncertain":
        raise WorldError("whether the summary arrived is not known", where=desk.mailbox.summary_to)
