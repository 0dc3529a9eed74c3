"""What an incoming mail is to a conversation: a Reading as one or more occurrences."""

from __future__ import annotations

from dataclasses import replace

from worker.conversation.standing import Occurrence, Standing
from worker.conversation.vocabulary import Appointment, Bounce, Intent, Kind, Match, Reading

_BY_INTENT = {
    Intent.interested: Occurrence.interested,
    Intent.declined: Occurrence.declined,
    Intent.referral: Occurrence.referral,
    Intent.later: Occurrence.later,
    Intent.question: Occurrence.question,
    Intent.out_of_office: Occurrence.out_of_office,
    Intent.opt_out: Occurrence.opt_out,
    Intent.left_company: Occurrence.left_company,
}

# What a machine can say that changes something; any other intent in an automatic mail is the owner's to settle,
# since nothing automatic may answer an automatic mail.
_BY_AUTOMATIC_INTENT = {
    Intent.referral: Occurrence.referral_automatic,
    Intent.out_of_office: Occurrence.out_of_office,
    Intent.opt_out: Occurrence.opt_out,
    Intent.left_company: Occurrence.left_company,
}

# In Junk alone these make nothing leave: the INBOX copy, or the owner, decides.
_WAITS_IN_JUNK = frozenset(
    {
        Occurrence.declined,
        Occurrence.referral,
        Occurrence.referral_automatic,
        Occurrence.later,
        Occurrence.left_company,
        Occurrence.soft_failure,
    }
)


def is_human_reply(reading: Reading, match: Match = Match.thread) -> bool:
    """Whether the row "any human reply" runs first: a person answered in our thread, and it is no sure absence.

    A guess is none, since it proves no arrival; its own rows hold what is pending.
    """
    if match is not Match.thread:
        return False
    if reading.kind is Kind.unreadable:
        return True
    return reading.kind is Kind.reply and not (reading.sure and reading.intent is Intent.out_of_office)


def occurrences(
    reading: Reading, *, match: Match, in_junk: bool = False, from_contact: bool = True
) -> tuple[Occurrence, ...]:
    """What happened, in the order in which the table must be asked; empty for what concerns no conversation.

    `match` says whether the mail lies in our thread; `in_junk` that every known copy lies in Junk;
    `from_contact` that the contact wrote it, from whatever address. It counts for what a person wrote: an
    automatic answer in the thread comes from the mailbox that we wrote to, whatever its From says.
    """
    happened = _plainly(reading, match, in_junk, from_contact)
    if in_junk and any(one in _WAITS_IN_JUNK for one in happened):
        return (Occurrence.junk_answer,)
    return happened


def seen_in(standing: Standing, reading: Reading) -> Standing:
    """`standing` with the facts of this mail: whether it names somebody, whether it carries its date."""
    when = reading.return_date if reading.intent is Intent.out_of_office else reading.resume_after
    named = any(person.name or person.email for person in reading.referrals)
    return replace(standing, handed_on=named, dated=when is not None)


def _plainly(reading: Reading, match: Match, in_junk: bool, from_contact: bool) -> tuple[Occurrence, ...]:
    kind = reading.kind
    if kind is Kind.own:
        return ()
    if kind is Kind.list:  # it is the contact's, or it would concern no conversation: the owner looks at it
        return (Occurrence.unsure,)
    if kind is Kind.delay:
        return (Occurrence.delay,)
    if kind is Kind.receipt:
        return (Occurrence.receipt,)
    if kind is Kind.complaint:
        return (Occurrence.complaint,)
    if kind is Kind.auto_reply and reading.intent is None:
        return (Occurrence.automatic,)
    if reading.sure and reading.intent is Intent.opt_out and kind in (Kind.reply, Kind.auto_reply):
        return (Occurrence.opt_out,)
    if match is not Match.thread or kind is Kind.unreadable:
        return (Occurrence.unsure,)
    if kind is Kind.bounce:
        return _failure(reading.bounce)
    if kind is Kind.auto_reply:
        return _automatic(reading)
    if not from_contact:
        yes = reading.sure and reading.intent is Intent.interested and kind is Kind.reply and not in_junk
        return (Occurrence.stranger_yes,) if yes else (Occurrence.stranger_wrote,)
    if kind is Kind.calendar:
        return (_appointment(reading.appointment),)
    return _reply(reading)


def _reply(reading: Reading) -> tuple[Occurrence, ...]:
    meant = _BY_INTENT.get(reading.intent) if reading.sure and reading.intent else None
    happened: tuple[Occurrence, ...] = (meant or Occurrence.unsure,)
    if meant is Occurrence.left_company and reading.referrals:
        happened += (Occurrence.successor,)
    elif meant and meant is not Occurrence.referral and reading.referrals:
        happened += (Occurrence.people,)
    # An invitation stops whatever the words would set off; a refused one adds nothing to them.
    if reading.appointment and _appointment(reading.appointment) is Occurrence.calendar_accepted:
        happened += (Occurrence.calendar_accepted,)
    return happened


def _automatic(reading: Reading) -> tuple[Occurrence, ...]:
    meant = _BY_AUTOMATIC_INTENT.get(reading.intent) if reading.sure and reading.intent else None
    if meant is None:
        return (Occurrence.unsure,)
    if meant is not Occurrence.referral_automatic and reading.referrals:
        return (meant, Occurrence.people)
    return (meant,)


def _failure(bounce: Bounce | None) -> tuple[Occurrence, ...]:
    if bounce is None:
        return (Occurrence.unsure,)
    if bounce.about == "recipient":
        return (Occurrence.hard_bounce,) if bounce.hard else (Occurrence.soft_failure,)
    if bounce.about == "network":
        return (Occurrence.soft_failure,)
    # Our account, our reputation or the message itself: it says nothing about the person, and the owner must know.
    return (Occurrence.soft_failure, Occurrence.refused)


def _appointment(appointment: Appointment | None) -> Occurrence:
    """RFC 5546 1.4 (methods) and RFC 5545 3.2.12 (participation)."""
    if appointment is None:
        return Occurrence.unsure
    method, status = appointment.method.upper(), appointment.status.upper()
    if method in ("CANCEL", "DECLINECOUNTER") or status == "CANCELLED":
        return Occurrence.calendar_declined
    if method == "REPLY":
        if status in ("ACCEPTED", "TENTATIVE"):
            return Occurrence.calendar_accepted
        return Occurrence.calendar_declined if status == "DECLINED" else Occurrence.unsure
    # Exported files come as PUBLISH or with no method at all.
    if method in ("REQUEST", "COUNTER", "ADD", "PUBLISH", ""):
        return Occurrence.calendar_accepted
    return Occurrence.unsure
