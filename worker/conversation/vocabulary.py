"""The words that every room shares: states, steps, kinds, intents, contacts, readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a conversation stands. `away` is not one: it is a fact about the contact."""

    planned = "planned"
    asked = "asked"
    snoozed = "snoozed"
    silent = "silent"
    declined = "declined"
    referral_asked = "referral_asked"
    referred = "referred"
    talking = "talking"
    met = "met"
    closed = "closed"
    opted_out = "opted_out"
    unreachable = "unreachable"


class Step(StrEnum):
    """A kind of outgoing mail; each at most once a conversation."""

    ask = "ask"
    nudge = "nudge"
    check_in = "check_in"
    referral_request = "referral_request"
    thanks_for_name = "thanks_for_name"
    thanks_for_talk = "thanks_for_talk"
    report_back = "report_back"
    farewell = "farewell"


class Delivery(StrEnum):
    """The delivery state of an outgoing mail.

    draft waits for the owner's word; held waits for a review, a "wait" or a pause of the conversation;
    due leaves when its time has come; sending and in_flight are the claim and the DATA phase;
    retry leaves again with the same bytes; uncertain may or may not have arrived.
    """

    draft = "draft"
    held = "held"
    due = "due"
    sending = "sending"
    in_flight = "in_flight"
    retry = "retry"
    uncertain = "uncertain"
    sent = "sent"
    failed = "failed"
    cancelled = "cancelled"


class Kind(StrEnum):
    """What sort of thing an incoming mail is."""

    reply = "reply"
    bounce = "bounce"
    delay = "delay"
    complaint = "complaint"
    auto_reply = "auto_reply"
    receipt = "receipt"
    calendar = "calendar"
    list = "list"
    own = "own"
    unreadable = "unreadable"


class Intent(StrEnum):
    """What a reply (or an automatic reply) means."""

    interested = "interested"
    declined = "declined"
    referral = "referral"
    later = "later"
    question = "question"
    out_of_office = "out_of_office"
    opt_out = "opt_out"
    left_company = "left_company"
    other = "other"


class Match(StrEnum):
    """How an incoming mail was tied to a conversation."""

    thread = "thread"
    guess = "guess"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to ask. `email` is None for a person with only a phone; `referred_by` is the introducer's address."""

    email: str | None
    id: int | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    role: str | None = None
    profession: str | None = None
    phone: str | None = None
    timezone: str | None = None
    country: str | None = None
    language: str | None = None
    opening: str | None = None
    notes: str | None = None
    source: str | None = None
    referred_by: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was handed to us: the name as written without title, the address and phone where given."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a non-delivery report says (RFC 3464 words).

    `status` is an enhanced status code (RFC 3463) or None; `hard` is True for a dead address, False for a
    failure that says nothing about the address for good; `reason` is the field's word (user_unknown,
    mailbox_full, policy, reputation, quota, too_large, host_unknown, rejected, expired, system ...);
    `about` is whom the failure concerns: recipient, account, policy (ours), message or network.
    """

    recipient: str | None
    status: str | None
    hard: bool
    reason: str
    about: str = "recipient"
    original_message_id: str | None = None
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a calendar part says (RFC 5546): method, our or their participation, times with zone."""

    method: str
    status: str
    starts: datetime | None = None
    ends: datetime | None = None
    title: str = ""
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the bytes of an incoming mail; all of it is optional."""

    own_addresses: frozenset[str] = frozenset()
    known_ids: frozenset[str] = frozenset()
    contact: Contact | None = None
    step: Step | None = None
    received_at: datetime | None = None
    zone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the worker makes of one incoming mail.

    `confidence` is calibrated, 0 to 1; `sure` says that it lies above its intent's threshold and that rules
    and model agree, so that the table's row may be carried out without the owner. `new_text` is what the
    person wrote, without quotes, contact block and disclaimer. `why` holds reasons in words, best first;
    `words` the passages that decided. `human` is False for everything that a machine sent.
    """

    kind: Kind
    intent: Intent | None = None
    confidence: float = 0.0
    sure: bool = False
    human: bool = False
    new_text: str = ""
    referrals: tuple[Person, ...] = ()
    return_date: date | None = None
    resume_after: date | None = None
    standin_email: str | None = None
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    bounce: Bounce | None = None
    appointment: Appointment | None = None
    why: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    version: str = "1"


@dataclass(frozen=True, slots=True)
class Pace:
    """The `[pace]` table in Python types. Times are local wall-clock minutes since midnight, gaps are minutes."""

    per_day: int = 8
    window: tuple[int, int] = (9 * 60, 17 * 60)
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    gap_minutes: tuple[float, float] = (4, 11)
    holidays: str | bool = "auto"
    per_company_at_once: int = 1
    company_rest_days: int = 3


@dataclass(frozen=True, slots=True)
class Sequence:
    """The `[sequence]` table. Delays are business days from the ask; None means never."""

    call_after_days: int | None = 3
    nudge_after_days: int | None = 5
    silent_after_days: int = 10
    approve: frozenset[Step] = frozenset()
    report_back: bool = True
    approve_first: int = 0


@dataclass(frozen=True, slots=True)
class Replies:
    """The `[replies]` table. The delay is in hours; `ask_new_contacts` is new_contacts = "ask"."""

    act_above: float = 0.0
    referral_delay_hours: tuple[float, float] = (20, 30)
    ask_new_contacts: bool = False
