"""Puts a step of a conversation into the outbox: when it is due, whether it waits for a word or a notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, Step
from worker.jobs.desk import Desk
from worker.store import Transaction, conversations, mailboxes, outbox, reviews

# Answers leave before asks: somebody waits for them.
PRIORITY = {
    Step.thanks_for_talk: 0,
    Step.referral_request: 1,
    Step.thanks_for_name: 1,
    Step.report_back: 2,
    Step.farewell: 2,
    Step.check_in: 3,
    Step.nudge: 4,
    Step.ask: 5,
}


def plan_step(
    tx: Transaction,
    desk: Desk,
    conversation: Row[Any],
    contact: Row[Any],
    step: Step,
    due: datetime,
    *,
    draft: bool = False,
    hold_why: str | None = None,
    needs_notice: bool = False,
    answers_message_id: int | None = None,
    change_id: int | None = None,
    by_word: bool = False,
) -> int | None:
    """Plan a step, due at `due` or after the person's absence; None where this step has been planned before.

    The step waits as a draft where the owner asked for that (`approve`) or `draft` is set, and as held where
    `hold_why` says why. Once the owner has finished, nothing is planned but drafts of what their word asks for
    (`by_word`).
    """
    if contact.email is None:
        return None
    if mailboxes.get(tx, desk.mailbox.id).finished_at is not None:
        if not draft and not by_word:
            return None
        draft = True
    calendar = desk.calendar(contact)
    due = pacing.later_than_absence(due, contact.away_until, calendar)
    state = Delivery.due
    if conversation.waiting and hold_why is None:
        hold_why = "you said wait"
    if draft or step in desk.mailbox.sequence.approve:
        state = Delivery.draft
    elif hold_why is not None:
        state = Delivery.held
    return outbox.plan(
        tx,
        mailbox_id=desk.mailbox.id,
        conversation_id=conversation.id,
        contact_id=contact.id,
        step=step,
        state=state,
        due=due,
        now=desk.now,
        message_id=desk.message_id(contact.email, step),
        token=desk.token(contact.email, step),
        priority=PRIORITY[step],
        needs_notice=needs_notice and desk.mailbox.replies.referral_delay_hours != (0, 0),
        answers_message_id=answers_message_id,
        hold_why=hold_why,
        change_id=change_id,
    )


def answer_due(desk: Desk, contact: Row[Any], key: str) -> datetime:
    """When something that answers a reading falls due: `referral_delay_hours` on, in the person's working time."""
    low, high = desk.mailbox.replies.referral_delay_hours
    hours = pacing.spread(key, low, high)
    if hours == 0:
        return desk.now
    return pacing.fits(desk.now + timedelta(hours=hours), desk.calendar(contact))


def move_after_absence(tx: Transaction, desk: Desk, contact: Row[Any]) -> int:
    """Move every pending mail to this person, in every campaign, behind the absence; gives how many moved."""
    moved = 0
    calendar = desk.calendar(contact)
    for mail in outbox.pending_of_contact(tx, contact.id):
        later = pacing.later_than_absence(mail.due, contact.away_until, calendar)
        if later > mail.due:
            outbox.note(tx, mail.id, due=later)
            moved += 1
    return moved


def hold(tx: Transaction, mail: Row[Any], why: str, *, for_review: bool = False) -> None:
    """Hold a pending mail; a draft stays a draft, since it waits for the owner anyway."""
    if mail.state == Delivery.draft:
        outbox.note(tx, mail.id, hold_why=why)
    else:
        outbox.note(tx, mail.id, state=Delivery.held, hold_why=why, held_for_review=for_review)


def release(tx: Transaction, conversation_id: int) -> list[int]:
    """Let what was held in a conversation leave when it is due; gives the mails' ids."""
    freed: list[int] = []
    conversation = conversations.get(tx, conversation_id)
    if conversation.waiting:
        return freed
    for mail in outbox.pending(tx, conversation_id):
        if mail.state == Delivery.held:
            state = Delivery.retry if mail.raw is not None and mail.attempt > 0 else Delivery.due
            outbox.note(tx, mail.id, state=state, hold_why=None, held_for_review=False)
            freed.append(mail.id)
    return freed


def settle_holds(tx: Transaction, desk: Desk, conversation_id: int) -> None:
    """A review that is about held mails alone has nothing left to ask once none of them waits."""
    if outbox.pending(tx, conversation_id):
        return
    for one in reviews.of_conversation(tx, conversation_id):
        if one.reading_id is None and one.message_id is None:
            reviews.settle(tx, one.id, "nothing waits any more", desk.now)


def cancel(tx: Transaction, desk: Desk, mail: Row[Any], why: str) -> None:
    """Cancel a mail that has not left."""
    outbox.note(tx, mail.id, state=Delivery.cancelled, hold_why=why, held_for_review=False, finished_at=desk.now)
