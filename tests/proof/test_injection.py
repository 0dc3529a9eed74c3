"""Whatever stands in a contact's fields or in an answer: the mail that leaves has the headers that were meant,
one recipient, one text, and runs no template but its own.

ASKAROUND_INJECTIONS sets how many values are tried; ASKAROUND_SEED tries one batch again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from tests.proof.figures import record
from worker import reading
from worker.conversation.vocabulary import Contact, Person, Step
from worker.errors import AskaroundError
from worker.mailbox import smtp
from worker.writing import (
    Header,
    Owner,
    checked_name,
    compose,
    declared_language,
    render,
    reply_subject,
    variables,
)

VALUES = int(os.environ.get("ASKAROUND_INJECTIONS", "20000"))
AT_ONCE = 20_000
SEED = os.environ.get("ASKAROUND_SEED")
BATCHES = [int(SEED)] if SEED else list(range(1, -(-VALUES // AT_ONCE) + 1))

OWNER = Owner(name="Alex Doe", email="alex@mail.example", about={"field": "hydrology", "meet": "by phone"})
UNA = "una@deltaworks.example"
FIELDS = ("name", "first_name", "last_name", "company", "role", "profession", "opening", "source")
EVERYTHING = (
    "---\nsubject: {{ contact.name or 'x' }} {{ contact.company or 'x' }} {{ contact.extra.note or 'x' }}\n---\n"
    + "".join(f"{{{{ contact.{field} or '-' }}}}\n" for field in (*FIELDS, "extra.note"))
    + "{{ introducer.name or '-' }} {{ named|listed or '-' }} {{ greeting }}\n"
)
SHIPPED = {
    path.stem: path.read_text("utf-8") for path in sorted(Path("templates").glob("*.md")) if path.stem != "brief"
}
TEMPLATES = SHIPPED | {"everything": EVERYTHING}

RAN = re.compile("62615533|pwned")
"""What the template code in a value would print; no value holds it as it stands."""
CODE = (
    "{{ 7919 * 7907 }}",
    "{% for x in range(3) %}{{ 'pw' ~ 'ned' }}{% endfor %}",
    "{%- if true -%}{{ 'pw' + 'ned' }}{%- endif -%}",
    "{{ ''.__class__.__mro__ }}",
    "{# ",
    "#}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{% raw %}",
    "{% endif %}",
    "\n---\nsubject: {{ 7919 * 7907 }}\n---\n",
)
LINES = (
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\r\n\r\n",
    "\r\n ",
    "\n\t",
    "\r\n.\r\n",
)
HEADERS = (
    "Bcc: eve@evil.example",
    "To: eve@evil.example",
    "Cc: Eve <eve@evil.example>",
    "Subject: no",
    "Content-Type: multipart/mixed; boundary=x",
    "--x",
    "Content-Transfer-Encoding: 8bit",
    "From eve@evil.example Thu Nov 26 00:00:00 2026",
    "MAIL FROM:<eve@evil.example>",
    "RCPT TO:<eve@evil.example>",
    "DATA",
    "QUIT",
    ".",
)
WORDS = (
    "=?utf-8?q?a=0D=0ABcc:_eve@evil.example?=",
    "=?utf-8?b?YQ0KQmNjOiBldmVAZXZpbC5leGFtcGxl?=",
    "=?utf-16?b?AA0ACg==?=",
    "=?utf-7?q?+AA0ACg-Bcc:_x?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0ABcc:_x=3F=3D?=",
    "=?us-ascii*en?Q?=0A?=",
    "=?",
    "?=",
    "=?x?b?",
    "=?utf-8?q?=E2=80=A8?=",
    "=0D=0A",
    "%0d%0aBcc:eve@evil.example",
    "\\r\\n",
)
MARKS = (
    *("\u202e", "\u2066", "\u2069", "\u200f", "\u200b", "\ufeff", "\ud800", "\udfff", "\U000e0041", "e\u0301" * 9),
    *('"', "\\", "<", ">", "@", ",", ";", ":", "(", ")", "[", "]", "<eve@evil.example>", '" <eve@evil.example>, "'),
)
PLAIN = ("Una", "Berg", "Delta Works", "hydraulic engineer", "é", "李", "👩\u200d🔬", " ", "x", "Re: ", "una@x.example")
KINDS: tuple[tuple[str, ...], ...] = (CODE, LINES, LINES, HEADERS, WORDS, MARKS, PLAIN, PLAIN)


def hostile(random: Random) -> str:
    """One value that wants to be more than a value."""
    pieces = [random.choice(random.choice(KINDS)) for _ in range(random.randint(1, 6))]
    if random.random() < 0.02:
        pieces.append(
            random.choice((random.choice("aé李\0\n"), " ab", "=?", "<a@b>,", '"')) * random.randint(300, 2000)
        )
    if random.random() < 0.1:
        pieces.append("".join(chr(random.randrange(0x110000)) for _ in range(5)))
    return "".join(pieces)


def answer(random: Random) -> tuple[reading.Headers, int]:
    """The header of a hostile answer as the worker reads it, and how many values were put in it."""
    display, subject, message_id, reference = (hostile(random).encode("utf-8", "surrogatepass") for _ in range(4))
    raw = b"From: %b <%b>\r\nSubject: %b\r\nMessage-ID: <%b@a.example>\r\nReferences: <%b@b.example> <ok@c.example>" % (
        display,
        UNA.encode(),
        subject,
        message_id,
        reference,
    )
    return reading.headers(raw + b"\r\n\r\nNo.\r\n"), 4


def mails(random: Random) -> Iterator[tuple[int, bytes | None, list[str]]]:
    """Mails with hostile values: how many values, the bytes (None where the mail was refused), the fields meant."""
    for name in cycle(("everything", *SHIPPED, "everything")):
        contact = Contact(
            email=UNA,
            extra={"note": hostile(random)},
            referred_by="bo@x.example" if random.random() < 0.3 else None,
            **{field: hostile(random) for field in FIELDS},
        )
        introducer, named = Person(name=hostile(random)), Person(name=hostile(random), email="lee@x.example")
        language = declared_language(TEMPLATES[name]) or "en"
        given = variables(
            contact,
            OWNER,
            introducer=introducer,
            named=(named, Person(name="Lee Park")),
            sent={Step.ask: date(2026, 11, 2)},
            language=language,
        )
        theirs, more = answer(random)
        values = len(FIELDS) + 3 + more
        ids = (*theirs.references, *((theirs.message_id,) if theirs.message_id else ()))
        shown = contact.name if contact.referred_by is None else checked_name(contact.name)
        try:
            draft = render(TEMPLATES, name, given, language=language)
            first = name.startswith(("ask", "everything"))
            header = Header(
                sender=(OWNER.name, OWNER.email),
                recipient=(shown or theirs.from_name, UNA),
                message_id="<a1.b2@mail.example>",
                date=datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
                subject=draft.subject if first else reply_subject(theirs.subject),
                token="t-7f3a",
                in_reply_to=theirs.message_id,
                references=("<first@mail.example>", *ids),
            )
            raw = compose(draft, header)
        except AskaroundError:
            yield values, None, []
            continue
        answers = ["In-Reply-To"] if b"\r\nIn-Reply-To:" in raw else []
        assert not answers or theirs.message_id
        yield values, raw, [*BEFORE, *answers, *AFTER]


BEFORE = ["From", "To", "Subject", "Date", "Message-ID"]
AFTER = ["References", "X-Askaround-Token", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def names_by_lines(raw: bytes) -> list[str]:
    """The fields as the simplest reader sees them, which knows CRLF and nothing else."""
    lines = raw.split(b"\r\n\r\n", 1)[0].decode("ascii").split("\r\n")
    return [line.partition(":")[0] for line in lines if line[0] not in " \t"]


def decoded(message: Message, name: str) -> str:
    return str(make_header(decode_header(str(message[name]).replace("\r\n", ""))))


def harm(raw: bytes, meant: list[str]) -> Iterator[str]:
    """What a mail says or does beyond what was meant."""
    message, modern = message_from_bytes(raw), message_from_bytes(raw, policy=policy.default)
    if not (names_by_lines(raw) == message.keys() == modern.keys() == meant):
        yield f"fields {message.keys()}"
    if message.is_multipart() or message.defects or modern.is_multipart():
        yield "another structure"
    for name, address in (("From", OWNER.email), ("To", UNA)):
        if [one.addr_spec for one in modern[name].addresses] != [address]:
            yield f"{name} is {modern[name].addresses}"
    text = str(message.get_payload(decode=True), "utf-8")
    shown = [decoded(message, name) for name in ("Subject", "From", "To")]
    if any(CONTROLS.search(one) for one in shown):
        yield f"a control character in {shown}"
    if RAN.search("".join((text, *shown))):
        yield "template code of a value ran"
    wire = smtp._stuffed(smtp._canonical(raw))
    if smtp._canonical(raw) != raw or b"\r\n.\r\n" in wire or re.search(rb"\r(?!\n)|(?<!\r)\n|[\0\x80-\xff]", wire):
        yield "the wire would see another end, or other bytes"


@pytest.mark.parametrize("batch", BATCHES)
def test_no_value_becomes_more_than_a_value(batch: int) -> None:
    random = Random(batch)
    tried = left = refused = 0
    for values, raw, meant in mails(random):
        tried += values
        if raw is None:
            refused += 1
        else:
            left += 1
            broken = list(harm(raw, meant))
            assert not broken, (f"ASKAROUND_SEED={batch}", broken, raw)
        if tried >= AT_ONCE:
            break
    # where nothing is written nothing is shown
    assert left > 5 * refused, (left, refused)
    record("injection", values=tried, mails=left, refused=refused)


@pytest.mark.parametrize("batch", BATCHES)
def test_a_hostile_address_is_refused_or_is_the_one_recipient(batch: int) -> None:
    random = Random(-batch)
    tried = AT_ONCE // 20
    for address in hostile_addresses(random, tried):
        header = Header(
            sender=(OWNER.name, OWNER.email),
            recipient=("", address),
            message_id="<a1.b2@mail.example>",
            date=datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
            subject="Hello",
        )
        try:
            raw = compose("Hi\n", header)
        except AskaroundError:
            continue
        to = [one.addr_spec for one in message_from_bytes(raw, policy=policy.default)["to"].addresses]
        command = f"RCPT TO:<{address}>"
        assert len(to) == 1, (address, to)
        assert not re.search(r"[\x00-\x20<>,;\x7f-\x9f\u2028\u2029]", address), address
        assert command.count("<") == command.count(">") == command.count("@") == 1
        assert names_by_lines(raw) == [*BEFORE, *AFTER[2:]]
    record("injection", values=tried, mails=0, refused=0)


def hostile_addresses(random: Random, count: int) -> Iterable[str]:
    for _ in range(count):
        local, domain = hostile(random)[:30], random.choice(("x.example", "bücher.example", hostile(random)[:30]))
        yield random.choice((f"{local}@{domain}", f"una@{domain}", f"{local}", f"una@x.example{local}"))


def test_values_that_look_like_a_template_are_said_as_they_stand() -> None:
    contact = Contact(email=UNA, name="Una", company="{{ 7919 * 7907 }}", role="{% if true %}x{% endif %}")
    draft = render(TEMPLATES, "everything", variables(contact, OWNER))
    assert "{{ 7919 * 7907 }}\n{% if true %}x{% endif %}\n" in draft.body
    assert "{{ 7919 * 7907 }}" in draft.subject
