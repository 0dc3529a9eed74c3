"""One incoming mail as a Reading: its kind first, then the new text, then what the words mean."""

from __future__ import annotations

import hashlib
import re

from worker.conversation.vocabulary import Appointment, Context, Intent, Kind, Reading
from worker.reading import automatic, bounce, calendar, header_only, quotes, sealed
from worker.reading.headers import Headers
from worker.reading.letter import Letter
from worker.reading.quotes import Parts

VERSION = "2"
"""Of the reading of words: raised where the same mail may be read otherwise; `askaround reread` shows where."""

CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
MAIL_FIELDS = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "return-path", "sender", "content-type", "cc"}
)


def read(raw: bytes, context: Context) -> Reading:
    """What the worker makes of one incoming mail; any bytes, never raises."""
    try:
        return examine(raw, context)
    except Exception as error:  # noqa: BLE001 - one strange mail must not stop the mailbox: a person reads it instead
        why = (f"the worker failed to read this mail ({type(error).__name__}); a person has to",)
        return Reading(Kind.reply, Intent.other, human=True, why=why)


def examine(raw: bytes, context: Context) -> Reading:
    """As `read`, but a fault in the worker itself shows."""
    letter = Letter(raw)
    headers = letter.headers
    if _nobody_can_read(letter):
        return Reading(Kind.unreadable, why=("nobody can read these bytes: there is no mail in them",))
    own = {one.lower() for one in context.own_addresses}
    if headers.from_address in own and letter.root.type != "multipart/report":
        parts = _divide(sealed.words(letter), headers)
        return Reading(Kind.own, new_text=parts.new, why=("it comes from the owner's own address",))
    parts = _divide(sealed.words(letter), headers)
    return _of_machine(letter, headers, context, parts) or _of_person(letter, headers, context, parts)


def headers(raw: bytes) -> Headers:
    """The header of a mail (or of a header block alone); any bytes, never raises."""
    return header_only.read(raw)


def text_hash(raw: bytes) -> str:
    """What identifies a mail beside its Message-ID: 64 hex digits, the same wherever the mail lies.

    Fields that servers add and the kind of line end do not change it; sender, subject and text do.
    """
    letter = Letter(raw)
    words = letter.text or letter.raw[letter.root.start : letter.root.start + 262_144].decode("latin-1")
    events = "".join(part.text(65_536) for part in letter.parts() if part.type in calendar.TYPES)
    seen = "\n".join(
        [letter.headers.from_address, letter.headers.subject, " ".join(words.split()), " ".join(events.split())]
    )
    return hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()


def _of_machine(letter: Letter, headers: Headers, context: Context, parts: Parts) -> Reading | None:
    """The reading of a mail that no person wrote, or None."""
    sign = automatic.report(letter)
    if sign is None and (report := bounce.read(letter)) is not None:
        intent = Intent.opt_out if report.kind is Kind.complaint else None
        text = quotes.divide(bounce.prose(letter)).new
        return Reading(
            report.kind, intent, confidence=1.0, sure=True, new_text=text, bounce=report.bounce, why=report.why
        )
    if sign is not None and sign.kind is not Kind.auto_reply:
        complaint = sign.kind is Kind.complaint
        return Reading(
            sign.kind,
            Intent.opt_out if complaint else None,
            confidence=1.0,
            sure=True,
            new_text=parts.new,
            why=(sign.why,),
        )
    found = calendar.find(letter)
    if found is not None and found[1]:
        appointment = found[0]
        why = f"a calendar message: {appointment.method} {appointment.status}".rstrip()
        return Reading(
            Kind.calendar, confidence=1.0, sure=True, new_text=parts.new, appointment=appointment, why=(why,)
        )
    sign = sign or automatic.header_signs(headers) or automatic.body_signs(letter, parts.new)
    if sign is not None:
        if sign.empty_of_meaning or automatic.ticket(letter, parts.new):
            reasons = (sign.why, "a ticket system or a challenge says nothing about the person")
            return Reading(Kind.auto_reply, Intent.other, confidence=0.95, new_text=parts.new, why=reasons)
        return _judged(letter, headers, context, Kind.auto_reply, parts, (sign.why,))
    if headers.list_id and not headers.in_reply_to and not context.known_ids.intersection(headers.references):
        return Reading(Kind.list, new_text=parts.new, why=(f"it comes from the mailing list {headers.list_id[:80]}",))
    return None


def _of_person(letter: Letter, headers: Headers, context: Context, parts: Parts) -> Reading:
    closed = sealed.closed(letter)
    found = calendar.find(letter)
    appointment = found[0] if found else None
    if closed and not parts.new.strip():
        return Reading(Kind.reply, Intent.other, human=True, appointment=appointment, why=(closed,))
    if not parts.new.strip() and not any(part.type in CARDS for part in letter.parts()):
        why = ("a person answers, and writes nothing new",)
        return Reading(Kind.reply, Intent.other, confidence=0.9, human=True, appointment=appointment, why=why)
    return _judged(letter, headers, context, Kind.reply, parts, (), appointment)


def _judged(
    letter: Letter,
    headers: Headers,
    context: Context,
    kind: Kind,
    parts: Parts,
    why: tuple[str, ...],
    appointment: Appointment | None = None,
) -> Reading:
    from worker.reading import intent  # the model's data is read at the first reply, not at start

    judgement = intent.judge(
        parts.new,
        headers=headers,
        context=context,
        kind=kind,
        inline=parts.inline,
        full_text=letter.text,
        signature=parts.signature,
        cards=_cards(letter),
    )
    return Reading(
        kind=kind,
        intent=judgement.intent,
        confidence=judgement.confidence,
        sure=judgement.sure,
        human=kind is Kind.reply,
        new_text=parts.new,
        referrals=judgement.referrals,
        return_date=judgement.return_date,
        resume_after=judgement.resume_after,
        standin_email=judgement.standin_email,
        phones=judgement.phones,
        links=judgement.links,
        times=judgement.times,
        appointment=appointment,
        why=(*why, *judgement.why),
        words=judgement.words,
        version=VERSION,
    )


def _divide(text: str, headers: Headers) -> Parts:
    return quotes.divide(text, name=headers.from_name, address=headers.from_address)


def _cards(letter: Letter) -> tuple[str, ...]:
    return tuple(
        part.text(65_536)
        for part in letter.parts()
        if part.type in CARDS
        or (part.filename.lower().endswith(".vcf") and part.type.startswith(("text/", "application/")))
    )[:20]


def _nobody_can_read(letter: Letter) -> bool:
    """No field of a mail, and nothing that looks like words."""
    if any(name in MAIL_FIELDS for name, _ in letter.headers.fields):
        return False
    body = letter.raw[letter.begin : letter.begin + 4096]
    if not body.strip():
        return True
    text = letter.root.text(4096)
    letters = sum(1 for char in text if char.isalpha() or char.isspace())
    strange = len(re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]", text))
    return strange > len(text) / 20 or letters < len(text) / 2
