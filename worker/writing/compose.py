"""A draft and its header become the bytes of a mail, and the bytes are checked before anybody sends them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from worker.errors import AskaroundError
from worker.writing.headers import HARD_LINE, address_field, date_value, one_line, plain_field, text_field
from worker.writing.render import Draft

MAX_REFERENCES = 40
"""How many ids of a thread are named; the first and the last ones stay (RFC 5322 section 3.6.4 sets no limit)."""

# "=?" would begin an encoded word, in which a parser could find a line end (RFC 2047 5).
_ADDRESS = re.compile(r"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,990}>")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,120}")
_EXTRA = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_FORBIDDEN = re.compile(r"bcc|cc|sender|return-path|received|resent-.*|list-.*|precedence|content-.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the text of a mail. Names and subject may be any text; the rest must be well-formed.

    sender, recipient: name ("" for none) and address. message_id, in_reply_to, references: with their angle
    brackets. date: aware, in the sender's zone. extra: further fields, name to text.
    """

    sender: tuple[str, str]
    recipient: tuple[str, str]
    message_id: str
    date: datetime
    subject: str
    token: str = ""
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


def compose(draft: Draft | str, header: Header) -> bytes:
    """The mail to one person: text/plain, UTF-8, quoted-printable, CRLF line ends, 7-bit throughout.

    Parameters: a Draft, or its body; the header, whose subject counts. Returns the bytes. Raises
    AskaroundError for an address, id, token or field name that cannot stand in a header, and if the bytes do
    not say what was meant when they are read back. Names and subject are made harmless instead of refused;
    ids of strangers that are malformed are left out.
    """
    body = draft if isinstance(draft, str) else draft.body
    fields = header_fields(header)
    fields.append(("Content-Type", b"Content-Type: text/plain; charset=utf-8\r\n"))
    fields.append(("Content-Transfer-Encoding", b"Content-Transfer-Encoding: quoted-printable\r\n"))
    raw = b"".join(line for _, line in fields) + b"\r\n" + quoted_printable(body)
    from worker.writing.proof import prove

    prove(raw, names=[name for name, _ in fields], header=header, texts=[plain_text(body)])
    return raw


def header_fields(header: Header) -> list[tuple[str, bytes]]:
    """Every field but those of the content, in order: its name and its folded bytes."""
    sender, recipient = checked_address(header.sender[1], "From"), checked_address(header.recipient[1], "To")
    fields = [
        ("From", address_field("From", shown_name(header.sender[0]), sender)),
        ("To", address_field("To", shown_name(header.recipient[0]), recipient)),
        ("Subject", text_field("Subject", shown_subject(header.subject))),
        ("Date", plain_field("Date", [date_value(header.date)])),
        ("Message-ID", plain_field("Message-ID", [_checked(_ID, header.message_id, "Message-ID")])),
    ]
    if header.in_reply_to and _ID.fullmatch(header.in_reply_to):
        fields.append(("In-Reply-To", plain_field("In-Reply-To", [header.in_reply_to])))
    known = list(dict.fromkeys(id_ for id_ in header.references if _ID.fullmatch(id_)))
    if known:
        fields.append(("References", plain_field("References", _shortened(known))))
    if header.token:
        token = _checked(_TOKEN, header.token, "X-Askaround-Token")
        fields.append(("X-Askaround-Token", plain_field("X-Askaround-Token", [token])))
    fields.append(("MIME-Version", b"MIME-Version: 1.0\r\n"))
    taken = {name.casefold() for name, _ in fields}
    for name, text in header.extra.items():
        _checked(_EXTRA, name, "a further header field")
        if name.casefold() in taken or _FORBIDDEN.fullmatch(name):
            raise AskaroundError("This header field may not be added.", where=name)
        taken.add(name.casefold())
        fields.append((name, text_field(name, one_line(text, limit=500))))
    return fields


def shown_name(name: str) -> str:
    """A display name as it is written: one line, at most 120 characters."""
    return one_line(name, limit=120)


def shown_subject(subject: str) -> str:
    """A subject as it is written: one line, at most 300 characters."""
    return one_line(subject, limit=300)


def checked_address(address: str, where: str) -> str:
    """The address in ASCII, an international domain in its xn-- form; raises AskaroundError for any other text."""
    local, at, domain = address.rpartition("@")
    if at and not domain.isascii():
        import idna

        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            domain = ""
    if not local.isascii() and not re.search(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029<>,;:\"]", local):
        raise AskaroundError(
            f"The address {address[:80]!r} needs a server that takes letters outside ASCII before the @.",
            where=where,
            todo="Ask this person for another address.",
        )
    return _checked(_ADDRESS, f"{local}@{domain}", where)


def _checked(pattern: re.Pattern[str], text: str, where: str) -> str:
    if not pattern.fullmatch(text) or len(text) > HARD_LINE - len(where) - 2:
        raise AskaroundError(f"{text[:80]!r} cannot stand in a mail's header.", where=where, todo="Correct it.")
    return text


def _shortened(ids: list[str]) -> list[str]:
    return ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[-(MAX_REFERENCES - 1) :]]


def plain_text(body: str) -> str:
    """The body as the recipient gets it: line ends as LF, no control characters, one line end at its end."""
    lines = re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", body)
    kept = "\n".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", line) for line in lines)
    return kept.encode("utf-8", "replace").decode().rstrip("\n") + "\n"


def quoted_printable(text: str) -> bytes:
    """RFC 2045 section 6.7, at most 76 characters a line; "From " and "." at a line's start are encoded, since
    mail stores and careless relays change them."""
    lines: list[str] = []
    for line in plain_text(text).removesuffix("\n").split("\n"):
        raw = line.encode()
        pieces: list[str] = []
        current = ""
        for position, byte in enumerate(raw):
            last = position == len(raw) - 1
            unsafe = (
                not 32 <= byte <= 126
                or byte == 61
                or (byte == 32 and last)
                or (not current and (byte == 46 or raw[position : position + 5] == b"From "))
            )
            encoded = f"={byte:02X}" if unsafe else chr(byte)
            # A soft line end needs a column, and no line may end in a blank that a relay could strip.
            if len(current) + len(encoded) > (76 if last else 75):
                pieces.append(current + "=")
                current = "=2E" if byte == 46 else encoded
            else:
                current += encoded
        lines.append("\r\n".join([*pieces, current]))
    return ("\r\n".join(lines) + "\r\n").encode("ascii")
