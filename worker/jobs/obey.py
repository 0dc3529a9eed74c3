"""Carries out the owner's word: about a person, a reading that waits, a mail, somebody who was named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical, check_email
from worker.conversation.standing import Occurrence
from worker.conversation.table import occurrences
from worker.conversation.vocabulary import Delivery, Intent, Kind, Match, Person, State, Step
from worker.errors import InputError, NotUnderstood
from worker.jobs import effects, introductions, steps, word
from worker.jobs.case import Case
from worker.jobs.delivered import delivered
from worker.jobs.desk import Desk
from worker.jobs.plan import plan_ask
from worker.jobs.readings import from_json
from worker.jobs.standing import snapshot
from worker.jobs.undo import undo
from worker.jobs.word import Subject
from worker.reading.tell import Order, Verb, parse
from worker.store import (
    Store,
    Transaction,
    changes,
    contacts,
    conversations,
    journal,
    mailboxes,
    messages,
    outbox,
    people,
    reviews,
    suppressions,
)

EXAMPLES = (
    "For example: yes, no, met, stop, remove, called, later 2027-03-01, ok, cancel, send, undo, ask NAME <EMAIL>."
)


def obey(store: Store, desk: Desk, who: str, words: str) -> list[str]:
    """Carry out `words` about `who` (an address or an id); gives a sentence for each thing that was done.

    Raises NotUnderstood or InputError where nothing can be made of it; then nothing was changed.
    """
    told = parse(words, today=desk.today)
    if not told.orders or told.leftover:
        heard = f" ({told.leftover[0]!r})" if told.leftover else ""
        raise NotUnderstood(f"{words!r} was not understood{heard}; nothing was changed.", todo=EXAMPLES)

    if any(order.number is not None for order in told.orders):
        raise NotUnderstood(
            f"{words!r} names an item of a summary; nothing was changed.",
            todo="Numbers count in an answer to a summary; here an address or an id says whom you mean.",
        )

    def work(tx: Transaction) -> list[str]:
        done = []
        for order in told.orders:
            done += obey_one(tx, desk, word.find(tx, desk, order.subject or who), order)
        return done

    return store.transaction(work)


def obey_one(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> list[str]:
    """Carry out one order; raises NotUnderstood where it cannot be said of this subject."""
    perform = (OF_SOMEBODY_NAMED if subject.person is not None else PERFORM).get(order.verb)
    if perform is None:
        whom = f" of {subject.name}, who was not asked yet" if subject.person is not None else " here"
        raise NotUnderstood(f"{order.text!r} cannot be said{whom}; nothing was changed.", todo=EXAMPLES)
    done = perform(tx, desk, subject, order)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "word",
        f"you said: {order.text}",
        conversation_id=subject.conversation.id if subject.conversation is not None else None,
        contact_id=subject.contact.id if subject.contact is not None else None,
        words=order.text[:300],
    )
    return [done]


def _case(tx: Transaction, desk: Desk, subject: Subject, what: str) -> Case:
    if subject.conversation is None or subject.contact is None:
        raise NotUnderstood(f"{subject.who} is not about a person we wrote to; nothing was changed.", todo=EXAMPLES)
    before = snapshot(tx, subject.conversation, subject.contact)
    before["reviews"] = [row.id for row in reviews.of_conversation(tx, subject.conversation.id)]
    change_id = changes.begin(
        tx,
        mailbox_id=desk.mailbox.id,
        conversation_id=subject.conversation.id,
        what=f"your word: {what}",
        before=before,
        now=desk.now,
    )
    return Case(subject.conversation, subject.contact, change_id=change_id, words=what[:300], by_owner=True)


def _about_person(occurrence: Occurrence) -> Callable[[Transaction, Desk, Subject, Order], str]:
    def perform(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
        case = _case(tx, desk, subject, order.text)
        _settle_reviews(tx, desk, case, order.verb.value)
        answer = _newest_answer(tx, case.conversation.id)
        if occurrence is Occurrence.told_no and answer is not None:
            case = replace(case, message_id=answer)
        conversations.note(tx, case.conversation.id, waiting=False)
        effects.happen(tx, desk, case, (occurrence,))
        state = conversations.get(tx, case.conversation.id).state
        return f"{case.name}: {state.replace('_', ' ')}{_what_waits(tx, desk, case.conversation.id)}"

    return perform


def _newest_answer(tx: Transaction, conversation_id: int) -> int | None:
    theirs = [one for one in messages.of_conversation(tx, conversation_id) if one.human and not one.by_owner]
    return theirs[-1].id if theirs else None


def _what_waits(tx: Transaction, desk: Desk, conversation_id: int) -> str:
    lines = []
    for mail in outbox.pending(tx, conversation_id):
        name = mail.step.replace("_", " ")
        if mail.state == Delivery.draft:
            lines.append(f"; {name} is drafted (askaround tell m{mail.id} send)")
        elif mail.state == Delivery.due:
            lines.append(f"; {name} leaves on {mail.due.astimezone(desk.mailbox.zone):%a %d %b %H:%M}")
    return "".join(lines)


def _settle_reviews(tx: Transaction, desk: Desk, case: Case, settled_as: str) -> None:
    for one in reviews.of_conversation(tx, case.conversation.id):
        reviews.settle(tx, one.id, settled_as, desk.now)


def _wait(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    case = _case(tx, desk, subject, order.text)
    conversations.note(tx, case.conversation.id, waiting=True)
    for mail in outbox.pending(tx, case.conversation.id):
        steps.hold(tx, mail, "you said wait")
    effects.happen(tx, desk, case, (Occurrence.told_wait,))
    return f"{case.name}: everything is held until you say ok"


def _called(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    case = _case(tx, desk, subject, order.text)
    effects.happen(tx, desk, case, (Occurrence.told_called,))
    return f"{case.name}: called; no nudge"


def _no_answer(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    case = _case(tx, desk, subject, order.text)
    if case.contact.email is None:
        return f"{case.name}: called, no answer; they stay on the list of calls"  # nothing else would reach them
    conversations.note(tx, case.conversation.id, called_at=desk.now, call_result="no answer")
    return f"{case.name}: called, no answer; the nudge stays"


def _later(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    waiting = word.open_reviews(tx, subject)
    if order.day is None and waiting:  # then it says how the mail is meant, and the date may stand there
        return _carry_out(tx, desk, subject, waiting[-1], order, Intent.later)
    if order.day is None:
        raise NotUnderstood("later needs a date; nothing was changed.", todo="For example: later 2027-03-01.")
    if order.day <= desk.today:
        raise NotUnderstood(f"{order.day} is not ahead; nothing was changed.", todo="Name a later day.")
    if subject.conversation is not None and outbox.step_of(tx, subject.conversation.id, Step.ask) is None:
        plan_ask(tx, desk, subject.conversation.id)  # so that there is something to put off, and to undo
    case = _case(tx, desk, subject, order.text)
    _settle_reviews(tx, desk, case, "later")
    conversations.note(tx, case.conversation.id, resume_after=order.day, check_in_undated=False, waiting=False)
    effects.happen(
        tx, desk, replace(case, conversation=conversations.get(tx, case.conversation.id)), (Occurrence.told_later,)
    )
    state = conversations.get(tx, case.conversation.id).state
    if state != State.snoozed:
        return f"{case.name}: stays {state.replace('_', ' ')}; nothing is written"
    if case.contact.email is None:
        conversations.note(tx, case.conversation.id, called_at=None)  # then they are to be called again
    return f"{case.name}: snoozed until {order.day.isoformat()}"


def _ok(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Of a review: its row is carried out. Of a person named: asked. Of a mail: sent. Else what was held goes on."""
    if subject.person is not None:
        return _ask_named(tx, desk, subject, order)
    waiting = word.open_reviews(tx, subject)
    if waiting:
        return "; ".join(_carry_out(tx, desk, subject, one, order, None) for one in waiting)
    if subject.review is not None:
        raise NotUnderstood(f"{subject.who} was settled before; nothing was changed.")
    if subject.mail is None and subject.conversation is not None and subject.conversation.waiting:
        case = _case(tx, desk, subject, order.text)
        conversations.note(tx, case.conversation.id, waiting=False)
        freed = steps.release(tx, case.conversation.id)
        return f"{case.name}: {len(freed)} held mails go on"
    return _send(tx, desk, subject, order)


def _carry_out(
    tx: Transaction, desk: Desk, subject: Subject, review: Row[Any], order: Order, intent: Intent | None
) -> str:
    """Carry out the row of a review's reading, as it was read or as the owner reads it."""
    case = _case(tx, desk, subject, order.text)
    reviews.settle(tx, review.id, order.text[:200], desk.now)
    if review.reading_id is None:
        _go_on(tx, desk, case, human=False)
        return f"{case.name}: settled"
    row = messages.get_reading(tx, review.reading_id)
    message = messages.get(tx, row.message_id)
    reading = replace(from_json(row.data), sure=True, confidence=1.0)
    if intent is not None:
        reading = replace(reading, intent=intent, kind=Kind.reply, human=True)
    case = replace(
        case,
        reading=reading,
        message_id=row.message_id,
        reading_id=row.id,
        match=Match.thread,
        from_address=message.from_address or "",
        from_name=message.from_name or "",
    )
    if message.match == Match.guess:
        # the owner says that it is theirs: from now on it counts as part of the thread
        messages.note(tx, message.id, match=Match.thread)
    happened = occurrences(reading, match=Match.thread, in_junk=False, from_contact=True)
    decisions = effects.happen(tx, desk, case, happened, by_ok=True)
    # an absence moves what is pending, whoever wrote it
    _go_on(tx, desk, case, human=message.human and reading.intent is not Intent.out_of_office)
    state = conversations.get(tx, case.conversation.id).state
    said = ", ".join(one.row for one in decisions) or "nothing to do"
    return f"{case.name}: {state.replace('_', ' ')} ({said}){_what_waits(tx, desk, case.conversation.id)}"


def _go_on(tx: Transaction, desk: Desk, case: Case, *, human: bool) -> None:
    """Once no review is open, what it held leaves when due; but nothing that follows silence, if a person wrote."""
    if reviews.of_conversation(tx, case.conversation.id):
        return
    if human:
        for mail in outbox.pending(tx, case.conversation.id):
            if mail.step in (Step.nudge, Step.check_in) and mail.state == Delivery.held and mail.held_for_review:
                steps.cancel(tx, desk, mail, f"{case.name} wrote")
    steps.release(tx, case.conversation.id)


def _intent(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    waiting = word.open_reviews(tx, subject)
    if not waiting:
        raise NotUnderstood(f"Nothing of {subject.name} waits to be read; nothing was changed.", todo=EXAMPLES)
    return _carry_out(tx, desk, subject, waiting[-1], order, order.value)


def _not_that(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The reading is wrong: no row is carried out; one that was carried out is taken back first."""
    waiting = word.open_reviews(tx, subject)
    if subject.review is not None and not waiting:
        raise NotUnderstood(f"{subject.who} was settled before; nothing was changed.")
    if subject.conversation is None:
        raise NotUnderstood("There is nothing to take back; nothing was changed.", todo=EXAMPLES)
    wrong = None
    if subject.review is None and not any(_reads_as(tx, one, order.value) for one in waiting):
        wrong = _take_back(tx, desk, subject.conversation.id, order.value)
        if wrong is None and not waiting:
            raise NotUnderstood(f"Nothing of {subject.name} was read so; nothing was changed.", todo=EXAMPLES)
        if wrong is not None:
            waiting = [one for one in reviews.of_conversation(tx, subject.conversation.id) if one.message_id == wrong]
    case = _case(tx, desk, subject, order.text)
    human = wrong is not None
    for one in waiting:
        reviews.settle(tx, one.id, order.text[:200], desk.now)
        human = human or (one.message_id is not None and messages.get(tx, one.message_id).human)
    _go_on(tx, desk, case, human=human)
    state = conversations.get(tx, case.conversation.id).state.replace("_", " ")
    return f"{case.name}: as you say; nothing follows from it, it stands at {state}"


def _reads_as(tx: Transaction, review: Row[Any], intent: Intent | None) -> bool:
    if intent is None or review.reading_id is None:
        return True
    return bool(messages.get_reading(tx, review.reading_id).intent == intent)


def _take_back(tx: Transaction, desk: Desk, conversation_id: int, intent: Intent | None) -> int | None:
    """Take back the newest reading of that intent, and what came after it; gives its message, None where none is."""
    for change in changes.standing(tx, conversation_id):
        reading_id = change.before.get("reading")
        if reading_id is None or (intent is not None and messages.get_reading(tx, reading_id).intent != intent):
            continue
        while (last := changes.last(tx, conversation_id)) is not None:
            undo(tx, desk, conversation_id)
            if last.id == change.id:
                break
        return int(change.before["message"])
    return None


def _send(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    if subject.person is not None:
        return _ask_named(tx, desk, subject, order)
    mails = [mail for mail in word.mails_waiting(tx, subject) if mail.state in outbox.PENDING]
    if subject.mail is None:
        # said of a person, it means what waits for a word; what is merely due later keeps its time
        mails = [mail for mail in mails if mail.state in (Delivery.draft, Delivery.held)]
    if not mails:
        raise NotUnderstood(f"No mail to {subject.name} waits for your word; nothing was changed.", todo=EXAMPLES)
    _case(tx, desk, subject, order.text)  # so that it can be taken back
    said = []
    for mail in mails:
        state = Delivery.retry if mail.raw is not None and mail.attempt > 0 else Delivery.due
        outbox.note(
            tx,
            mail.id,
            state=state,
            due=min(mail.due, desk.now),
            not_before=None,
            hold_why=None,
            held_for_review=False,
            released_at=desk.now,
        )
        contacts.note(tx, mail.contact_id, written_before_ok=True)
        conversations.note(tx, mail.conversation_id, waiting=False)
        said.append(f"{mail.step.replace('_', ' ')} to {subject.name} leaves as soon as the pace allows")
    return "; ".join(said)


def _cancel(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    if subject.person is not None:
        if subject.person.state != "proposed":
            raise NotUnderstood(f"{subject.name} is not waiting for your word; nothing was changed.")
        people.note(tx, subject.person.id, state="dropped", why="your word", settled_at=desk.now)
        return f"{subject.name}: dropped"
    if subject.review is not None:
        return _not_that(tx, desk, subject, order)
    mails = word.mails_waiting(tx, subject)
    if not mails:
        raise NotUnderstood(f"No mail to {subject.name} waits to leave; nothing was changed.", todo=EXAMPLES)
    case = _case(tx, desk, subject, order.text)
    for mail in mails:
        if mail.state == Delivery.uncertain:
            outbox.note(tx, mail.id, state=Delivery.failed, hold_why="your word: never again", finished_at=desk.now)
        elif mail.state in outbox.PENDING:
            steps.cancel(tx, desk, mail, "your word")
        else:
            raise NotUnderstood(f"{subject.who} is {mail.state}; nothing was changed.")
    return f"{case.name}: {', '.join(mail.step.replace('_', ' ') for mail in mails)} cancelled"


def _uncertain(tx: Transaction, subject: Subject) -> Row[Any]:
    found = [mail for mail in word.mails_waiting(tx, subject) if mail.state == Delivery.uncertain]
    if not found:
        raise NotUnderstood(f"No mail to {subject.name} is uncertain; nothing was changed.", todo=EXAMPLES)
    return found[0]


def _arrived(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    mail = _uncertain(tx, subject)
    delivered(tx, desk, mail, mail.in_flight_at or desk.now, "arrived, you say")
    return f"{subject.name}: the {mail.step.replace('_', ' ')} arrived"


def _not_arrived(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    mail = _uncertain(tx, subject)
    outbox.note(
        tx,
        mail.id,
        state=Delivery.retry,
        due=min(mail.due, desk.now),
        not_before=None,
        in_flight_at=None,
        hold_why=None,
        released_at=desk.now,
    )
    if not mail.second_time:
        fact = {Step.ask: "asked_at", Step.referral_request: "asked_for_name_at"}.get(Step(mail.step))
        if fact is not None:
            contacts.note(tx, mail.contact_id, **{fact: None})
    return f"{subject.name}: the {mail.step.replace('_', ' ')} leaves once more, the same bytes"


def _ask(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "ask" of somebody who was named; "ask NAME <EMAIL>" names somebody, whom this person led to."""
    if order.person is None or order.person.email is None:
        return _ask_named(tx, desk, subject, order)
    try:
        email = check_email(order.person.email)
    except ValueError as error:
        raise NotUnderstood(f"{order.person.email!r} is no address: {error}; nothing was changed.") from None
    if subject.person is not None:
        name = order.person.name or subject.person.name
        people.note(tx, subject.person.id, email=email, email_key=canonical(email), name=name)
        return _ask_named(tx, desk, replace(subject, person=people.find(tx, desk.mailbox.id, subject.person.id)), order)
    return _new_person(tx, desk, subject, Person(order.person.name, email))


def _new_person(tx: Transaction, desk: Desk, subject: Subject, one: Person) -> str:
    made = people.add(
        tx,
        mailbox_id=desk.mailbox.id,
        name=one.name,
        email=one.email,
        email_key=canonical(one.email or ""),
        state="proposed",
        introducer_id=subject.contact.id if subject.contact is not None else None,
        conversation_id=subject.conversation.id if subject.conversation is not None else None,
        at=desk.now,
    )
    return _ask_named(tx, desk, replace(subject, person=people.find(tx, desk.mailbox.id, made)), None)


def _ask_named(tx: Transaction, desk: Desk, subject: Subject, order: Order | None) -> str:
    if subject.person is None:
        raise NotUnderstood(
            f"{subject.name} was not named by anybody; nothing was changed.", todo="Say ask NAME <EMAIL>."
        )
    if subject.person.email is None:
        raise InputError(
            f"{subject.name} has no address yet; nothing was changed.",
            todo=f"Say it: askaround tell p{subject.person.id} ask NAME '<EMAIL>'",
        )
    refused = introductions.forbidden(tx, desk, canonical(subject.person.email))
    if refused is not None:
        raise InputError(f"{subject.name} is not asked: {refused}; nothing was changed.")
    begun = introductions.ask_person(tx, desk, subject.person, by_owner=True)
    if begun is None:
        return f"{subject.name} is known already"
    return f"{subject.name} will be asked"


def _drop_named(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "remove" of somebody who was named: dropped, and never written to, whoever names them again."""
    said = _cancel(tx, desk, subject, order)
    if subject.person is not None and subject.person.email_key:
        key = subject.person.email_key
        suppressions.add(tx, desk.mailbox.id, what="address", value=key, reason="your word", now=desk.now)
    return said


def _propose_again(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    if subject.person is None or subject.person.state != "dropped":
        raise NotUnderstood(f"There is nothing to undo about {subject.name}; nothing was changed.")
    found = suppressions.blocking(tx, desk.mailbox.id, subject.person.email_key)
    if found is not None and found.what == "address" and found.reason == "your word":
        suppressions.lift(tx, found.id, desk.now)
    people.note(tx, subject.person.id, state="proposed", why=None, settled_at=None)
    return f"{subject.name}: waits for your word again"


def _undo(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    if subject.conversation is None:
        raise NotUnderstood("There is nothing to undo; nothing was changed.", todo=EXAMPLES)
    return undo(tx, desk, subject.conversation.id)


def _pause(tx: Transaction, desk: Desk, subject: Subject | None, order: Order) -> str:
    until = None
    if order.day is not None:
        if order.day <= desk.today:
            raise NotUnderstood(f"{order.day} is not ahead; nothing was changed.", todo="Name a later day.")
        until = datetime.combine(order.day, time(0), desk.mailbox.zone)
    mailboxes.note(tx, desk.mailbox.id, paused_at=desk.now, paused_until=until)
    journal.write(tx, desk.mailbox.id, desk.now, "paused", f"paused{f' until {order.day}' if order.day else ''}")
    shown = f" until {order.day.isoformat()}" if order.day else ""
    return f"Paused{shown}: mail is read, nothing leaves to contacts."


def _resume(tx: Transaction, desk: Desk, subject: Subject | None, order: Order | None) -> str:
    mailboxes.note(tx, desk.mailbox.id, paused_at=None, paused_until=None)
    journal.write(tx, desk.mailbox.id, desk.now, "resumed", "sending goes on")
    return "Sending goes on, at the pace that you set."


def pause(store: Store, desk: Desk, until: str | None) -> str:
    """Stop sending to contacts, for good or until a date in the owner's words. Raises NotUnderstood."""
    told = parse(f"pause until {until}" if until else "pause", today=desk.today)
    if len(told.orders) != 1 or told.leftover or told.orders[0].verb is not Verb.pause:
        raise NotUnderstood(f"{until!r} is not understood as a date.", where="--until", todo="Write 2026-12-01.")
    order = told.orders[0]
    if until and order.day is None:
        raise NotUnderstood(f"{until!r} is not understood as a date.", where="--until", todo="Write 2026-12-01.")
    return store.transaction(lambda tx: _pause(tx, desk, None, order))


def resume(store: Store, desk: Desk) -> str:
    """Send to contacts again."""
    return store.transaction(lambda tx: _resume(tx, desk, None, None))


PERFORM: dict[Verb, Callable[[Transaction, Desk, Subject, Order], str]] = {
    Verb.yes: _about_person(Occurrence.told_yes),
    Verb.no: _about_person(Occurrence.told_no),
    Verb.met: _about_person(Occurrence.told_met),
    Verb.stop: _about_person(Occurrence.told_stop),
    Verb.remove: _about_person(Occurrence.told_remove),
    Verb.wait: _wait,
    Verb.called: _called,
    Verb.no_answer: _no_answer,
    Verb.later: _later,
    Verb.ok: _ok,
    Verb.intent: _intent,
    Verb.not_that: _not_that,
    Verb.send: _send,
    Verb.cancel: _cancel,
    Verb.arrived: _arrived,
    Verb.not_arrived: _not_arrived,
    Verb.ask: _ask,
    Verb.undo: _undo,
    Verb.pause: _pause,
    Verb.resume: _resume,
}

# Of somebody who was named and not asked yet: the person who named them is not meant.
OF_SOMEBODY_NAMED: dict[Verb, Callable[[Transaction, Desk, Subject, Order], str]] = {
    Verb.yes: _ask_named,
    Verb.ok: _ask_named,
    Verb.send: _ask_named,
    Verb.ask: _ask,
    Verb.no: _cancel,
    Verb.stop: _cancel,
    Verb.cancel: _cancel,
    Verb.remove: _drop_named,
    Verb.undo: _propose_again,
}
