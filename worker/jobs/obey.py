"""Carries out the owner's word: about a person, a reading that waits, a mail, somebody who was named."""

from __future__ import annotations

from collections.abc import Callable

from worker.conversation.standing import Occurrence
from worker.errors import NotUnderstood
from worker.jobs import (
    absence,
    pausing,
    steps,
    told,
    told_domain,
    told_mail,
    told_named,
    told_person,
    told_review,
    told_talk,
    word,
)
from worker.jobs.desk import Desk
from worker.jobs.word import Subject
from worker.reading.tell import Order, Verb, parse
from worker.store import (
    Store,
    Transaction,
    conversations,
    journal,
)


def obey(store: Store, desk: Desk, who: str, words: str) -> list[str]:
    """Carry out `words` about `who` (an address or an id); gives a sentence for each thing that was done.

    Raises NotUnderstood or InputError where nothing can be made of it; then nothing was changed.
    """
    understood = parse(words, today=desk.today)
    if not understood.orders or understood.leftover:
        pausing.told_past(" ".join(understood.leftover), desk.today)
        heard = f" ({understood.leftover[0]!r})" if understood.leftover else ""
        raise NotUnderstood(f"{words!r} was not understood{heard}; nothing was changed.", todo=told.EXAMPLES)

    if any(order.number is not None for order in understood.orders):
        raise NotUnderstood(
            f"{words!r} names an item of a summary; nothing was changed.",
            todo="Numbers count in an answer to a summary; here an address or an id says whom you mean.",
        )

    def work(tx: Transaction) -> list[str]:
        done = []
        for order in understood.orders:
            done += obey_one(tx, desk, word.find(tx, desk, order.subject or who), order)
        return done

    return store.transaction(work)


def obey_one(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> list[str]:
    """Carry out one order; raises NotUnderstood where it cannot be said of this subject."""
    table = PERFORM
    if subject.about_domain:
        table = OF_A_DOMAIN
    elif subject.person is not None:
        table = OF_SOMEBODY_NAMED
    perform = table.get(order.verb)
    if perform is None:
        whom = f" of {subject.name}, who was not asked yet" if subject.person is not None else " here"
        raise NotUnderstood(f"{order.text!r} cannot be said{whom}; nothing was changed.", todo=told.EXAMPLES)
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
        # of whoever was named in it, it says nothing of who wrote it
        rule=journal.OF_SOMEBODY_NAMED if subject.person is not None else None,
    )
    return [done]


def _ok(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Of a review: its row is carried out. Of a person named: asked. Of a mail: sent. Else what was held goes on."""
    if subject.person is not None:
        return told_named.ask_named(tx, desk, subject, order)
    waiting = word.open_reviews(tx, subject)
    if waiting:
        return "; ".join(told_review.carry_out(tx, desk, subject, one, order, None) for one in waiting)
    if subject.review is not None:
        raise NotUnderstood(f"{subject.who} was settled before; nothing was changed.")
    if subject.mail is None and subject.conversation is not None and subject.conversation.waiting:
        case = told.case_of(tx, desk, subject, order.text)
        conversations.note(tx, case.conversation.id, waiting=False)
        freed = steps.release(tx, case.conversation.id)
        return f"{case.name}: {len(freed)} held mails go on"
    return told_mail.send(tx, desk, subject, order)


def _wait(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "wait", "not yet": while it is asked whether a talk took place, the talk is still ahead; else all is held."""
    if subject.conversation is not None and subject.conversation.talk_asked_at is not None and subject.mail is None:
        return told_talk.not_met(tx, desk, subject, order)
    return told_person.wait(tx, desk, subject, order)


PERFORM: dict[Verb, Callable[[Transaction, Desk, Subject, Order], str]] = {
    Verb.yes: told_person.about_person(Occurrence.told_yes),
    Verb.no: told_person.about_person(Occurrence.told_no),
    Verb.met: told_person.about_person(Occurrence.told_met),
    Verb.stop: told_person.about_person(Occurrence.told_stop),
    Verb.remove: told_person.about_person(Occurrence.told_remove),
    Verb.not_met: told_talk.not_met,
    Verb.no_talk: told_talk.no_talk,
    Verb.moved: told_talk.moved,
    Verb.wait: _wait,
    Verb.called: told_person.called,
    Verb.no_answer: told_person.no_answer,
    Verb.later: told_person.later,
    Verb.ok: _ok,
    Verb.intent: told_review.read_as,
    Verb.not_that: told_review.not_that,
    Verb.send: told_mail.send,
    Verb.cancel: told_mail.cancel,
    Verb.arrived: told_mail.arrived,
    Verb.not_arrived: told_mail.not_arrived,
    Verb.ask: told_named.ask,
    Verb.undo: told_person.take_back,
    Verb.pause: pausing.pause_now,
    Verb.away_until: absence.away_until,
    Verb.resume: pausing.resume_now,
}

# Of somebody who was named and not asked yet: the person who named them is not meant.
OF_SOMEBODY_NAMED: dict[Verb, Callable[[Transaction, Desk, Subject, Order], str]] = {
    Verb.yes: told_named.ask_named,
    Verb.ok: told_named.ask_named,
    Verb.send: told_named.ask_named,
    Verb.ask: told_named.ask,
    Verb.no: told_mail.cancel,
    Verb.stop: told_mail.cancel,
    Verb.cancel: told_mail.cancel,
    Verb.remove: told_named.drop_named,
    Verb.undo: told_named.propose_again,
}

# Of the question whether anybody of a domain may be written to, after somebody there asked not to be.
OF_A_DOMAIN: dict[Verb, Callable[[Transaction, Desk, Subject, Order], str]] = {
    Verb.yes: told_domain.never_again,
    Verb.ok: told_domain.never_again,
    Verb.remove: told_domain.never_again,
    Verb.stop: told_domain.never_again,
    Verb.no: told_domain.only_this_one,
    Verb.cancel: told_domain.only_this_one,
}
