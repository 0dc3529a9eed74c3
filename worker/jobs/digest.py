"""Gathers what a summary says: who needs the owner, whom to call, what happened, what leaves, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.contacts import check_email
from worker.conversation.vocabulary import Delivery, Intent, Match, State, Step
from worker.errors import AskaroundError
from worker.jobs import absence, domains, enclosures, guard, hold, strangers
from worker.jobs.desk import Desk
from worker.jobs.forecast import departures
from worker.jobs.happenings import happened
from worker.jobs.letters import decoded, write_letter
from worker.jobs.needs import is_open
from worker.jobs.overall import standing
from worker.jobs.readings import from_json
from worker.store import (
    Transaction,
    contacts,
    conversations,
    journal,
    mailboxes,
    messages,
    outbox,
    people,
    reviews,
    summaries,
)
from worker.writing import Owner
from worker.writing import summary as words

LINES = 4  # of a mail that will leave


@dataclass(slots=True)
class Digest:
    """A summary's content with what its numbers stand for and the mails that stand in it."""

    content: words.SummaryContent
    items: list[tuple[int, str, str, int | None]] = field(default_factory=list)
    mails: list[int] = field(default_factory=list)
    journal_id: int = 0
    calls: frozenset[int] = frozenset()  # whose calendar files are among the attachments


@dataclass(slots=True)
class Numbers:
    """Gives the items of a mail to the owner their numbers, and keeps what each stands for."""

    items: list[tuple[int, str, str, int | None]] = field(default_factory=list)

    def give(self, kind: str, subject: str, conversation_id: int | None) -> int:
        """The next number, for an item of `kind` about `subject` (c3, m12, r5, p2)."""
        number = len(self.items) + 1
        self.items.append((number, kind, subject, conversation_id))
        return number


def digest(tx: Transaction, desk: Desk, *, token: str, again: bool, problems: Sequence[str]) -> Digest:
    """Everything that the summary of `desk.now` says."""
    box = mailboxes.get(tx, desk.mailbox.id)
    last = summaries.last_sent(tx, desk.mailbox.id)
    numbers = Numbers()
    held = hold.sentence(box)
    needs = _needs(tx, desk, numbers, box)
    calls = _calls(tx, desk, numbers)
    leaving, mails = _leaving(tx, desk, numbers)
    zone = desk.mailbox.zone
    checked = box.read_ended_at.astimezone(zone) if box.read_ended_at is not None else None
    sign_in = [trouble.sentence] if (trouble := desk.mailbox.sign_in_trouble()) is not None else []
    parked = [_lang(desk).note("parked", uid=one.uid) for one in messages.parked(tx, desk.mailbox.id)]
    files: tuple[words.Attachment, ...] = ()
    of_calls: frozenset[int] = frozenset()
    if not again:
        files, of_calls = enclosures.of_the_day(tx, desk, last.made_at if last is not None else None)
    content = words.SummaryContent(
        day=desk.today,
        made_at=desk.now.astimezone(zone),
        owner=desk.mailbox.owner.name,
        mailbox=desk.mailbox.address,
        token=token,
        language=desk.mailbox.summary_language,
        again=again,
        needs_you=tuple(needs),
        call_today=tuple(calls),
        happened=tuple(happened(tx, desk, last.journal_id if last is not None else 0)),
        leaves=tuple(leaving),
        standing=standing(tx, desk),
        last_check=checked,
        problems=tuple(dict.fromkeys(one for one in (*problems, *sign_in, *parked) if one != held)),
        paused=guard.paused(box, desk.now),
        paused_until=box.paused_until.astimezone(zone).date() if box.paused_until is not None else None,
        away_until=absence.last_day(desk),
        finished=box.finished_at is not None,
        attachments=files,
    )
    return Digest(content, numbers.items, mails, journal.last_id(tx, desk.mailbox.id), of_calls)


def _needs(tx: Transaction, desk: Desk, numbers: Numbers, box: Row[Any]) -> list[words.NeedsYou]:
    found: list[words.NeedsYou] = []
    held = hold.sentence(box)
    if held is not None:
        number = numbers.give("trouble", "mailbox", None)
        found.append(_need(desk, number, words.Need.trouble, desk.mailbox.address, note=words.said(held, _lang(desk))))
    if box.asks_paused_at is not None:
        number = numbers.give("trouble", "mailbox", None)
        lang = _lang(desk)
        note = lang.note("asks_paused", why=words.said(box.asks_paused_why or "", lang))
        found.append(_need(desk, number, words.Need.trouble, desk.mailbox.address, note=note))
    found += _talks(tx, desk, numbers)
    found += _reviews(tx, desk, numbers)
    found += _undated(tx, desk, numbers)
    found += _domains(tx, desk, numbers)
    found += _proposed(tx, desk, numbers)
    found += _mails(tx, desk, numbers)
    if box.blocked_until is not None and box.blocked_until > desk.now:
        number = numbers.give("trouble", "mailbox", None)
        until = box.blocked_until.astimezone(desk.mailbox.zone)
        lang = _lang(desk)
        note = lang.note("rests", why=box.blocked_why, when=lang.moment(until, desk.today))
        found.append(_need(desk, number, words.Need.trouble, desk.mailbox.address, note=note))
    return found


def _need(
    desk: Desk,
    number: int,
    kind: words.Need,
    name: str,
    *,
    email: str | None = None,
    subject: str | None = None,
    **more: Any,
) -> words.NeedsYou:
    actions = words.actions_for(
        kind,
        number,
        name=name,
        email=email,
        subject=subject,
        reading=more.get("reading"),
        language=desk.mailbox.summary_language,
    )
    return words.NeedsYou(number, kind, name, email=email, actions=actions, **more)


def _lang(desk: Desk) -> words.Words:
    return words.words_for(desk.mailbox.summary_language)


def _name(row: Row[Any]) -> str:
    return str(row.name or row.email or row.phone or "somebody")


def _talks(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.NeedsYou]:
    """Who said yes or asked something and was not answered by the owner yet; talks that may have taken place."""
    rows = conversations.in_states(tx, desk.mailbox.id, {State.talking})
    return [item for row in rows if (item := talk(tx, desk, numbers, row)) is not None]


def talk(tx: Transaction, desk: Desk, numbers: Numbers, conversation: Row[Any]) -> words.NeedsYou | None:
    """What one conversation with somebody who talks needs of the owner; None for nothing."""
    contact = contacts.get(tx, conversation.contact_id)
    own = [m for m in messages.of_conversation(tx, conversation.id) if m.human]
    heard = sorted((*strangers.words_of(tx, contact), *own), key=lambda m: (m.received_at, m.id))
    theirs = [m for m in heard if not m.by_owner]
    subject = f"c{conversation.id}"
    if conversation.talk_asked_at is not None:
        number = numbers.give("took_place", subject, conversation.id)
        thread = heard[-1].subject if heard else None
        who = {"email": contact.email, "company": contact.company, "subject": thread}
        return _need(desk, number, words.Need.took_place, _name(contact), **who)
    if not theirs or heard[-1].by_owner:
        return None
    reading = from_json(messages.newest_reading(tx, theirs[-1].id).data)
    kind = words.Need.question if reading.intent is Intent.question else words.Need.yes
    number = numbers.give(kind.value, subject, conversation.id)
    return _need(
        desk,
        number,
        kind,
        _name(contact),
        email=_wrote_from(theirs[-1]) or contact.email,
        subject=theirs[-1].subject,
        company=contact.company,
        words=reading.new_text,
        times=reading.times,
        note=_note(_lang(desk), reading, theirs[-1], contact),
    )


def _note(lang: words.Words, reading: Any, message: Row[Any], contact: Row[Any]) -> str:
    """Who wrote and how it came, where that is not plain."""
    parts = []
    if message.contact_id != contact.id:
        parts.append(lang.note("elsewhere"))
    elif not message.from_contact:
        parts.append(lang.note("other_wrote", who=message.from_name or message.from_address, name=_name(contact)))
    if message.match == Match.guess:
        parts.append(lang.note("no_thread"))
    if message.only_in_junk:
        parts.append(lang.note("in_junk"))
    if reading is not None and reading.links:
        parts.append(lang.note("booking", link=reading.links[0]))
    return " ".join(parts)


def _reviews(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.NeedsYou]:
    found = []
    for review in reviews.waiting(tx, desk.mailbox.id):
        if _is_hold(review):
            continue  # the mails that it holds stand below, with what can be done about each
        number = numbers.give("review", f"r{review.id}", review.conversation_id)
        reading = from_json(review.data) if review.data else None
        found.append(
            _need(
                desk,
                number,
                words.Need.review,
                _name(review) if review.email else _lang(desk).note("a_mail"),
                email=review.email,
                company=review.company,
                words=reading.new_text if reading is not None else "",
                reading=reading.intent if reading is not None else None,
                sure=reading.confidence if reading is not None else None,
                deciding=reading.words if reading is not None else (),
                note=_review_note(tx, desk, review, reading),
            )
        )
    return found


def _wrote_from(message: Row[Any]) -> str | None:
    """The address that a mail came from, where an answer can go there."""
    try:
        return check_email(message.from_address or "")
    except ValueError:
        return None


def _review_note(tx: Transaction, desk: Desk, review: Row[Any], reading: Any) -> str:
    """Why it waits: in English as it was noted, in other languages what can be told of the mail itself."""
    if desk.mailbox.summary_language[:2] == "en" or review.message_id is None or review.conversation_id is None:
        return words.said(review.why, _lang(desk))
    contact = contacts.get(tx, conversations.get(tx, review.conversation_id).contact_id)
    return _note(_lang(desk), reading, messages.get(tx, review.message_id), contact)


def _is_hold(review: Row[Any]) -> bool:
    """Whether no mail of theirs opened this review: it only asks whether held mails may leave."""
    return review.reading_id is None and review.message_id is None


def _undated(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.NeedsYou]:
    found = []
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.snoozed}):
        if not conversation.check_in_undated:
            continue
        contact = contacts.get(tx, conversation.contact_id)
        theirs = [m for m in messages.of_conversation(tx, conversation.id) if m.human and not m.by_owner]
        said = from_json(messages.newest_reading(tx, theirs[-1].id).data).new_text if theirs else ""
        number = numbers.give("later", f"c{conversation.id}", conversation.id)
        found.append(
            _need(
                desk, number, words.Need.later, _name(contact), email=contact.email, company=contact.company, words=said
            )
        )
    return found


def _domains(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.NeedsYou]:
    """Who asked not to be written to: may anybody else of their domain be?"""
    found = []
    for contact in domains.questions(tx, desk):
        number = numbers.give("domain", f"d{contact.id}", None)
        note = _lang(desk).note("domain", domain=domains.domain_of(contact.email))
        who = {"email": contact.email, "company": contact.company}
        found.append(_need(desk, number, words.Need.domain, _name(contact), note=note, **who))
    return found


def _proposed(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.NeedsYou]:
    found = []
    for person in people.proposed(tx, desk.mailbox.id):
        kind = words.Need.proposed if person.email else words.Need.name_without_address
        number = numbers.give(kind.value, f"p{person.id}", person.conversation_id)
        by = person.introducer_name or person.introducer_email or _lang(desk).note("somebody")
        found.append(
            _need(desk, number, kind, _name(person), email=person.email, note=_lang(desk).note("named_by", by=by))
        )
    return found


def _mails(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.NeedsYou]:
    """Mails whose fate only the owner knows, drafts that wait for a word, asks to people the owner knows already."""
    found = []
    states = {Delivery.uncertain, Delivery.draft, Delivery.held, Delivery.failed}
    for mail in outbox.in_states(tx, desk.mailbox.id, states):
        contact = contacts.get(tx, mail.contact_id)
        if mail.state == Delivery.failed and not is_open(tx, mail, contact):
            continue
        open_reviews = reviews.of_conversation(tx, mail.conversation_id)
        if mail.state == Delivery.held and not all(_is_hold(one) for one in open_reviews):
            continue  # the review stands there already
        kind = words.Need.uncertain if mail.state == Delivery.uncertain else words.Need.draft
        number = numbers.give(kind.value, f"m{mail.id}", mail.conversation_id)
        lang = _lang(desk)
        what = lang.steps[Step(mail.step)]
        note = lang.pair(f"{what[:1].upper()}{what[1:]}", _why_held(lang, mail, contact))
        said = _first_lines(tx, desk, mail)[1] if kind is words.Need.draft else ""
        found.append(
            _need(
                desk,
                number,
                kind,
                _name(contact),
                email=contact.email,
                company=contact.company,
                words=said,
                note=note,
            )
        )
    return found


def _why_held(lang: words.Words, mail: Row[Any], contact: Row[Any]) -> str:
    if mail.hold_why and contact.written_before_at is not None and mail.hold_why.startswith("you wrote to them on"):
        return lang.note("written_before", day=lang.day(contact.written_before_at.date()))
    return words.said(mail.hold_why, lang) if mail.hold_why else lang.note("waits")


def _calls(tx: Transaction, desk: Desk, numbers: Numbers) -> list[words.Call]:
    found = []
    owner = Owner(desk.mailbox.owner.name, desk.mailbox.owner.email, desk.mailbox.owner.phone, desk.mailbox.owner.about)
    language = desk.mailbox.summary_language
    for conversation in conversations.to_call(tx, desk.mailbox.id, desk.today):
        contact = contacts.get(tx, conversation.contact_id)
        number = numbers.give("call", f"c{conversation.id}", conversation.id)
        written = tuple(
            (Step(mail.step), mail.sent_at.astimezone(desk.mailbox.zone).date())
            for mail in outbox.of_conversation(tx, conversation.id)
            if mail.sent_at is not None
        )
        known_zone = contact.timezone or contact.country
        found.append(
            words.Call(
                number,
                _name(contact),
                contact.phone,
                email=contact.email,
                role=contact.role,
                company=contact.company,
                their_time=desk.now.astimezone(desk.calendar(contact).zone) if known_zone else None,
                written=written,
                say=words.sentences(contacts.as_contact(contact), owner, language),
                actions=words.call_actions(number, name=_name(contact), language=language),
            )
        )
    return found


def _first_lines(tx: Transaction, desk: Desk, mail: Row[Any]) -> tuple[str, str, str]:
    """A mail's subject and first lines as they would leave now, and what is wrong with it, if anything is."""
    contact = contacts.get(tx, mail.contact_id)
    conversation = conversations.get(tx, mail.conversation_id)
    if mail.edited_at is not None and mail.raw is not None:
        subject, text = decoded(bytes(mail.raw))
        return subject, _beginning(text), ""
    try:
        letter = write_letter(
            tx, desk, conversation, contact, Step(mail.step), message_id=mail.message_id, token=mail.token
        )
    except AskaroundError as error:
        return "", "", words.said(error.what, _lang(desk))
    return letter.subject, _beginning(letter.body), ""


def _beginning(text: str) -> str:
    """The first lines of a mail below its greeting."""
    body = [line for line in text.splitlines() if line.strip()]
    return "\n".join(body[1 : 1 + LINES] if len(body) > LINES else body[:LINES])


def next_summary_at(desk: Desk) -> datetime:
    """When the next summary is due: on the next local date."""
    return datetime.combine(desk.today + timedelta(days=1), desk.mailbox.summary_at, desk.mailbox.zone)


def _leaving(tx: Transaction, desk: Desk, numbers: Numbers) -> tuple[list[words.Leaving], list[int]]:
    found = []
    mails = []
    for mail, leaves in departures(tx, desk, next_summary_at(desk)):
        contact = contacts.get(tx, mail.contact_id)
        number = numbers.give("leaves", f"m{mail.id}", mail.conversation_id)
        subject, first, trouble = _first_lines(tx, desk, mail)
        mails.append(mail.id)
        found.append(
            words.Leaving(
                number,
                _name(contact),
                contact.email or "",
                Step(mail.step),
                leaves.astimezone(desk.mailbox.zone),
                company=contact.company,
                subject=subject,
                first_lines=first,
                why=trouble,
                actions=words.leaving_actions(number, language=desk.mailbox.summary_language),
            )
        )
    return found, mails
