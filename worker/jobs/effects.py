"""Carries out what the table decided: rows of the store change, nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC

from worker.contacts import canonical
from worker.conversation import pacing
from worker.conversation.standing import Act, Decision, Occurrence, Standing
from worker.conversation.table import confirmed, decide, on_human_reply, seen_in
from worker.conversation.vocabulary import Delivery, Kind, Match, State, Step
from worker.jobs import domains, introductions, steps
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.jobs.standing import facts_of, standing_of
from worker.store import Transaction, changes, contacts, conversations, journal, messages, outbox, reviews, suppressions

ABSENCE_WITHOUT_DATE = 5  # business days
SECOND_TRY_AFTER = 5  # business days
# What the owner is told by a row that no mail brought.
TOLD = {
    "snooze-again": "their date has come, and a second try was made before; what is right now?",
    "owner-wrote-met": "you wrote to them after the talk; what waited is held",
    "told-later-again": "a second try was made before; on that date you are asked again",
    "told-later-dead": "their address does not work; nothing is written on that date",
    "opted-out-later": "they asked never to be written to; nothing is written on that date",
}


def happen(
    tx: Transaction,
    desk: Desk,
    case: Case,
    happened: Iterable[Occurrence],
    *,
    human: bool = False,
    by_ok: bool = False,
) -> list[Decision]:
    """Ask the table what follows from each occurrence, in order, and carry it out; gives the decisions.

    `human` runs the row "any human reply" first. `by_ok` carries out rows that would only say review again.
    """
    decisions: list[Decision] = []
    if human:
        decisions.append(_follow(tx, desk, case, on_human_reply(_standing(tx, case))))
        contacts.note(tx, case.contact.id, away_until=None)
    ask = confirmed if by_ok else decide
    for occurrence in happened:
        case = _fresh(tx, case)
        decisions.append(_follow(tx, desk, case, ask(_standing(tx, case), occurrence)))
    steps.settle_holds(tx, desk, case.conversation.id)
    return decisions


def _standing(tx: Transaction, case: Case) -> Standing:
    standing = standing_of(tx, conversations.get(tx, case.conversation.id), contacts.get(tx, case.contact.id))
    if case.answers is not None:
        standing = replace(standing, of_last_step=standing.last_step == case.answers.step)
    return seen_in(standing, case.reading) if case.reading is not None else standing


def _fresh(tx: Transaction, case: Case) -> Case:
    return replace(
        case,
        conversation=conversations.get(tx, case.conversation.id),
        contact=contacts.get(tx, case.contact.id),
    )


def _follow(tx: Transaction, desk: Desk, case: Case, decision: Decision) -> Decision:
    before = case.conversation.state
    for act in decision.acts:
        PERFORM[act](tx, desk, replace(_fresh(tx, case), row=decision.row))
    conversations.move(tx, case.conversation.id, decision.state, desk.now)
    if decision.state != before:
        journal.write(
            tx,
            desk.mailbox.id,
            desk.now,
            "state",
            f"{before} -> {decision.state}",
            conversation_id=case.conversation.id,
            contact_id=case.contact.id,
            message_id=case.message_id,
            words=case.words,
            rule=decision.row,
        )
    return decision


def _say(
    tx: Transaction,
    desk: Desk,
    case: Case,
    what: str,
    text: str,
    *,
    mail_id: int | None = None,
    for_owner: bool = False,
) -> None:
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        what,
        text,
        conversation_id=case.conversation.id,
        contact_id=case.contact.id,
        message_id=case.message_id,
        outbox_id=mail_id,
        words=case.words,
        rule=case.row if what == "told" else None,
        for_owner=for_owner,
    )


def _settle_ask(tx: Transaction, desk: Desk, case: Case) -> None:
    ask = outbox.step_of(tx, case.conversation.id, Step.ask)
    if ask is not None and ask.state in (Delivery.uncertain, Delivery.in_flight, Delivery.retry):
        when = ask.sent_at or ask.in_flight_at or ask.claimed_at or desk.now
        outbox.note(tx, ask.id, state=Delivery.sent, sent_at=when, finished_at=desk.now)
        conversations.note(tx, case.conversation.id, asked_at=when, last_sent_at=when, last_step=Step.ask)
        contacts.note(tx, case.contact.id, asked_at=when)
        _say(tx, desk, case, "settled", "the ask arrived: it was answered")


def _hold_pending(tx: Transaction, desk: Desk, case: Case) -> None:
    for mail in outbox.pending(tx, case.conversation.id):
        steps.hold(tx, mail, "you said wait" if case.by_owner else f"{case.name} wrote", for_review=True)


def _cancel_pending(tx: Transaction, desk: Desk, case: Case) -> None:
    for mail in outbox.pending(tx, case.conversation.id):
        why = _because(case)
        steps.cancel(tx, desk, mail, why)
        _say(tx, desk, case, "cancelled", f"{mail.step} cancelled: {why}", mail_id=mail.id)


def _because(case: Case) -> str:
    """Why something is cancelled, in words."""
    if case.by_owner:
        return "your word"
    reading = case.reading
    if reading is None:
        return "its time has passed"
    if reading.kind is Kind.bounce:
        return "their address does not work"
    return f"{case.name} wrote" if reading.human else "an automatic answer came"


def _review(tx: Transaction, desk: Desk, case: Case) -> None:
    for mail in outbox.pending(tx, case.conversation.id):
        steps.hold(tx, mail, "a mail of theirs waits for your word", for_review=True)
    if case.message_id is not None and reviews.of_message(tx, case.message_id):
        return
    reviews.open_one(
        tx,
        mailbox_id=desk.mailbox.id,
        conversation_id=case.conversation.id,
        why=_why(tx, case),
        now=desk.now,
        message_id=case.message_id,
        reading_id=case.reading_id,
    )
    _say(tx, desk, case, "review", f"waits for your word: {_why(tx, case)}")


def _why(tx: Transaction, case: Case) -> str:
    """What makes it a question for the owner: who wrote, how it came, and what it was read as."""
    said = case.reading.why[0] if case.reading is not None and case.reading.why else "only you can settle this"
    if case.message_id is None:
        return said
    message = messages.get(tx, case.message_id)
    doubts = []
    if not message.from_contact:
        doubts.append(f"{message.from_name or message.from_address} wrote, not {case.name}")
    if message.match == Match.guess:
        doubts.append("it does not answer in our thread")
    if message.only_in_junk:
        doubts.append("it lies in Junk")
    return "; ".join([*doubts, said])


def _tell_owner(tx: Transaction, desk: Desk, case: Case) -> None:
    reading = case.reading
    if reading is None:
        _say(tx, desk, case, "told", f"{case.name}: {TOLD.get(case.row, 'look, please')}", for_owner=True)
        return
    meaning = reading.intent.value if reading.intent is not None else reading.kind.value
    _say(tx, desk, case, "told", f"{case.name}: {meaning.replace('_', ' ')}", for_owner=True)


def _suppress(tx: Transaction, desk: Desk, case: Case) -> None:
    if case.contact.email_key:
        reason = "your word" if case.by_owner else f"they asked for it: {(case.words or '')[:200]}"
        used = canonical(case.from_address) if case.from_address and not case.by_owner else ""
        for address in dict.fromkeys((case.contact.email_key, used)):
            if address and (address == case.contact.email_key or address not in desk.mailbox.own_addresses):
                suppressions.add(
                    tx,
                    desk.mailbox.id,
                    what="address",
                    value=address,
                    reason=reason,
                    now=desk.now,
                    change_id=case.change_id,
                )
    contacts.note(tx, case.contact.id, opted_out_at=desk.now)
    for mail in outbox.pending_of_contact(tx, case.contact.id):
        steps.cancel(tx, desk, mail, "never write to them again")
    for other in conversations.of_contact(tx, case.contact.id):
        if other.id != case.conversation.id:
            conversations.move(tx, other.id, State.opted_out, desk.now)


def _lift_suppression(tx: Transaction, desk: Desk, case: Case) -> None:
    key = case.contact.email_key
    found = suppressions.blocking(tx, desk.mailbox.id, key) if key else None
    if found is not None and found.what == "address":
        suppressions.lift(tx, found.id, desk.now)
    contacts.note(tx, case.contact.id, opted_out_at=None)


def _hold_related(tx: Transaction, desk: Desk, case: Case) -> None:
    domains.raise_question(tx, desk, case.contact)
    related = contacts.at_company(tx, desk.mailbox.id, contacts.company_keys(tx, case.contact.id))
    related += contacts.introduced_by(tx, case.contact.id)
    for person in {row.id: row for row in related if row.id != case.contact.id}.values():
        pending = outbox.pending_of_contact(tx, person.id)
        for conversation_id in sorted({mail.conversation_id for mail in pending}):
            why = domains.why_held(case.name)
            for mail in pending:
                if mail.conversation_id == conversation_id:
                    steps.hold(tx, mail, why, for_review=True)
                    journal.write(
                        tx,
                        desk.mailbox.id,
                        desk.now,
                        "held",
                        f"{mail.step} held: {why}",
                        conversation_id=conversation_id,
                        contact_id=person.id,
                        outbox_id=mail.id,
                    )
            reviews.open_one(tx, mailbox_id=desk.mailbox.id, conversation_id=conversation_id, why=why, now=desk.now)


def _answer(tx: Transaction, desk: Desk, case: Case, step: Step, *, draft: bool = False) -> None:
    due = steps.answer_due(desk, case.contact, f"{desk.mailbox.id}:{case.conversation.id}:{step}")
    planned = steps.plan_step(
        tx,
        desk,
        case.conversation,
        case.contact,
        step,
        due,
        draft=draft,
        needs_notice=not case.by_owner,
        answers_message_id=case.message_id,
        change_id=case.change_id,
    )
    if planned is not None:
        local = outbox.get(tx, planned).due.astimezone(desk.mailbox.zone)
        _say(tx, desk, case, "planned", f"{step} planned for {local:%a %d %b %H:%M}", mail_id=planned)


def _plan_referral_request(tx: Transaction, desk: Desk, case: Case) -> None:
    _answer(tx, desk, case, Step.referral_request)


def _draft_referral_request(tx: Transaction, desk: Desk, case: Case) -> None:
    _answer(tx, desk, case, Step.referral_request, draft=True)


def _plan_thanks_for_name(tx: Transaction, desk: Desk, case: Case) -> None:
    conversations.note(tx, case.conversation.id, handed_on=True)
    _answer(tx, desk, case, Step.thanks_for_name)


def _plan_thanks_for_talk(tx: Transaction, desk: Desk, case: Case) -> None:
    due = pacing.fits(desk.now, desk.calendar(case.contact, Step.thanks_for_talk))
    planned = steps.plan_step(
        tx, desk, case.conversation, case.contact, Step.thanks_for_talk, due, change_id=case.change_id, by_word=True
    )
    if planned is not None:
        _say(tx, desk, case, "planned", "thanks for the talk planned", mail_id=planned)


def _draft_report_back(tx: Transaction, desk: Desk, case: Case) -> None:
    if case.contact.introducer_id is None or not desk.mailbox.sequence.report_back:
        return
    introducer = contacts.get(tx, case.contact.introducer_id)
    if introducer.opted_out_at is not None or introducer.dead_at is not None:
        return
    for theirs in conversations.of_contact(tx, introducer.id)[:1]:
        due = pacing.fits(desk.now, desk.calendar(introducer))
        steps.plan_step(tx, desk, theirs, introducer, Step.report_back, due, draft=True, change_id=case.change_id)


def _propose_people(tx: Transaction, desk: Desk, case: Case) -> None:
    introductions.introduce(tx, desk, case, may_ask=False)


def _ask_people(tx: Transaction, desk: Desk, case: Case) -> None:
    introductions.introduce(tx, desk, case, may_ask=True)


def _add_stranger(tx: Transaction, desk: Desk, case: Case) -> None:
    introductions.add_stranger(tx, desk, case)


def _plan_check_in(tx: Transaction, desk: Desk, case: Case) -> None:
    when = case.reading.resume_after if case.reading is not None else case.conversation.resume_after
    if when is None:
        _ask_for_date(tx, desk, case)
        return
    calendar = desk.calendar(case.contact)
    due = max(desk.now, pacing.first_moment_on(when, calendar))
    conversations.note(tx, case.conversation.id, resume_after=when, check_in_undated=False)
    planned = steps.plan_step(
        tx,
        desk,
        case.conversation,
        case.contact,
        Step.check_in,
        due,
        needs_notice=not case.by_owner,
        answers_message_id=case.message_id,
        change_id=case.change_id,
    )
    if planned is None:
        there = outbox.step_of(tx, case.conversation.id, Step.check_in)
        if there is not None and there.state in outbox.PENDING:
            state = Delivery.draft if there.state == Delivery.draft else Delivery.due
            outbox.note(tx, there.id, due=due, state=state, hold_why=None, held_for_review=False)
    _say(tx, desk, case, "planned", f"check_in on {when.isoformat()}")


def _move_ask(tx: Transaction, desk: Desk, case: Case) -> None:
    when = case.reading.resume_after if case.reading is not None else case.conversation.resume_after
    ask = outbox.step_of(tx, case.conversation.id, Step.ask)
    if when is None:
        return
    due = pacing.first_moment_on(when, desk.calendar(case.contact))
    if ask is not None and ask.state in outbox.PENDING:
        # a date says enough: what a mail of theirs held goes on with it (the guard knows all other reasons)
        state = Delivery.due if ask.state == Delivery.held else ask.state
        outbox.note(tx, ask.id, due=max(ask.due, due), state=state, hold_why=None, held_for_review=False)
    else:
        # it was not planned yet, or cancelled: now it has a date
        steps.plan_step(tx, desk, case.conversation, case.contact, Step.ask, due, change_id=case.change_id)


def _ask_for_date(tx: Transaction, desk: Desk, case: Case) -> None:
    conversations.note(tx, case.conversation.id, resume_after=None, check_in_undated=True)
    _say(tx, desk, case, "told", f"{case.name}: later, without a date; when shall I write again?", for_owner=True)


def _keep_date(tx: Transaction, desk: Desk, case: Case) -> None:
    when = case.reading.resume_after if case.reading is not None else case.conversation.resume_after
    conversations.note(tx, case.conversation.id, resume_after=when, check_in_undated=False)


def _set_away(tx: Transaction, desk: Desk, case: Case) -> None:
    calendar = desk.calendar(case.contact)
    until = case.reading.return_date if case.reading is not None else None
    if until is None:
        day = desk.now.astimezone(calendar.zone).date()
        until = pacing.business_days_after(day, ABSENCE_WITHOUT_DATE, calendar)
        _say(tx, desk, case, "told", f"{case.name} is away, without a date; taken as {until}", for_owner=True)
    contacts.note(tx, case.contact.id, away_until=until, away_message_at=desk.now)
    moved = steps.move_after_absence(tx, desk, contacts.get(tx, case.contact.id))
    behind = {0: "", 1: "; one mail moved behind it"}.get(moved, f"; {moved} mails moved behind it")
    _say(tx, desk, case, "away", f"away until {until}{behind}")


def _mark_dead(tx: Transaction, desk: Desk, case: Case) -> None:
    bounce = case.reading.bounce if case.reading is not None else None
    why = bounce.reason if bounce is not None else "left the company"
    written_to = (case.answers.to_address if case.answers is not None else None) or case.contact.email or ""
    if bounce is not None and bounce.recipient and canonical(bounce.recipient) != canonical(written_to):
        why = f"{why}: what is sent to {written_to} goes on to {bounce.recipient} and comes back from there"
        _say(tx, desk, case, "bounced", f"{written_to} is dead, {why}")
    contacts.note(tx, case.contact.id, dead_at=desk.now, dead_why=why)
    for mail in outbox.pending_of_contact(tx, case.contact.id):
        steps.cancel(tx, desk, mail, f"their address is dead: {why}")


def _resend_step(tx: Transaction, desk: Desk, case: Case) -> None:
    left = [mail for mail in outbox.of_conversation(tx, case.conversation.id) if mail.state in outbox.LEFT]
    if not left:
        return
    mail = max(left, key=lambda one: (one.claimed_at, one.id))
    calendar = desk.calendar(case.contact)
    due = pacing.add_business_days(desk.now, SECOND_TRY_AFTER, calendar)
    if case.change_id is not None:
        changes.remember(tx, case.change_id, mail.id, facts_of(mail))
    outbox.note(tx, mail.id, state=Delivery.retry, due=due, not_before=None, second_time=True, finished_at=None)
    for later in outbox.pending(tx, case.conversation.id):
        if later.id != mail.id:
            shift = later.due - (mail.sent_at or mail.claimed_at)
            outbox.note(tx, later.id, due=max(later.due, due + max(shift, due - due)))
    _say(tx, desk, case, "planned", f"{mail.step} did not arrive; it leaves once more on {due:%Y-%m-%d}")


def _keep_time(tx: Transaction, desk: Desk, case: Case) -> None:
    if case.reading is not None and case.reading.appointment is not None and case.reading.appointment.starts:
        starts = case.reading.appointment.starts.astimezone(UTC)
        # a new time ahead is asked about on the morning after it, whatever was asked before
        asked = None if starts > desk.now else case.conversation.talk_asked_at
        conversations.note(tx, case.conversation.id, talk_at=starts, talk_asked_at=asked)


def _forget_time(tx: Transaction, desk: Desk, case: Case) -> None:
    appointment = case.reading.appointment if case.reading is not None else None
    off = appointment.starts if appointment is not None else None
    if off is None or off == case.conversation.talk_at:  # an older invitation that is withdrawn takes no newer time
        conversations.note(tx, case.conversation.id, talk_at=None)


def _ask_if_it_took_place(tx: Transaction, desk: Desk, case: Case) -> None:
    conversations.note(tx, case.conversation.id, talk_asked_at=desk.now)
    _say(tx, desk, case, "talk_due", f"Did the talk with {case.name} take place?", for_owner=True)


def _drop_nudge(tx: Transaction, desk: Desk, case: Case) -> None:
    conversations.note(tx, case.conversation.id, called_at=desk.now, call_result="reached")
    nudge = outbox.step_of(tx, case.conversation.id, Step.nudge)
    if nudge is not None and nudge.state in outbox.PENDING:
        steps.cancel(tx, desk, nudge, "the call reached them")


def _stop_sequence(tx: Transaction, desk: Desk, case: Case) -> None:
    conversations.note(tx, case.conversation.id, closed_by_owner=True)


PERFORM: dict[Act, Callable[[Transaction, Desk, Case], None]] = {
    Act.settle_ask: _settle_ask,
    Act.hold_pending: _hold_pending,
    Act.cancel_pending: _cancel_pending,
    Act.review: _review,
    Act.tell_owner: _tell_owner,
    Act.suppress: _suppress,
    Act.lift_suppression: _lift_suppression,
    Act.hold_related: _hold_related,
    Act.plan_referral_request: _plan_referral_request,
    Act.draft_referral_request: _draft_referral_request,
    Act.plan_thanks_for_name: _plan_thanks_for_name,
    Act.plan_thanks_for_talk: _plan_thanks_for_talk,
    Act.draft_report_back: _draft_report_back,
    Act.propose_people: _propose_people,
    Act.ask_people: _ask_people,
    Act.add_stranger: _add_stranger,
    Act.plan_check_in: _plan_check_in,
    Act.move_check_in: _plan_check_in,
    Act.move_ask: _move_ask,
    Act.ask_for_date: _ask_for_date,
    Act.keep_date: _keep_date,
    Act.set_away: _set_away,
    Act.mark_dead: _mark_dead,
    Act.resend_step: _resend_step,
    Act.keep_time: _keep_time,
    Act.forget_time: _forget_time,
    Act.ask_if_it_took_place: _ask_if_it_took_place,
    Act.drop_nudge: _drop_nudge,
    Act.stop_sequence: _stop_sequence,
}
