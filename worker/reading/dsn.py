"""Delivery status notifications: the machine-readable part of a bounce (RFC 3464, RFC 6533)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.reading import failure
from worker.reading.headers import split
from worker.reading.letter import Letter, Part

TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "message/delivery-report"})
BLANK = re.compile(rb"\r?\n[ \t]*(?:\r?\n)+")
ADDRESS = re.compile(r"(?:\"[^\"\s]{1,64}\"|[^\s<>()\[\],;:\"@]{1,128})@[^\s<>()\[\],;:\"@]{1,255}")
PRINTED = re.compile(r"^(?:Reporting-MTA|Final-Recipient|Original-Recipient)[ \t]*:", re.IGNORECASE | re.MULTILINE)
GROUPS_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Status:
    """One recipient's fields: addresses, the action (lower case), status and diagnostic; "" where not said."""

    recipient: str
    original: str
    action: str
    status: str
    diagnostic: str


def statuses(letter: Letter) -> tuple[Status, ...]:
    """What the delivery-status parts say, recipient by recipient; () where there is none."""
    found: list[Status] = []
    for part in letter.parts():
        if part.type in TYPES:
            found.extend(_recipients(part))
    return tuple(found)


def parse(block: bytes) -> tuple[Status, ...]:
    """The groups of fields in a delivery-status body; the one about the message as a whole is left out."""
    found: list[Status] = []
    for group in BLANK.split(block, maxsplit=GROUPS_LIMIT):
        fields: dict[str, str] = {}
        for name, value in split(group.strip(b"\r\n") + b"\n"):
            fields.setdefault(name, value)
        recipient = address(fields.get("final-recipient", "")) or address(fields.get("x-actual-recipient", ""))
        original = address(fields.get("original-recipient", "")) or address(fields.get("original-rcpt-to", ""))
        if not fields.keys() & {"final-recipient", "original-recipient", "action", "status", "x-actual-recipient"}:
            continue
        action = re.split(r"[\s(;]", fields.get("action", "").lower().strip() + " ")[0]
        found.append(
            Status(
                recipient=recipient,
                original=original,
                action=action,
                status=_code(fields.get("status", "")),
                diagnostic=fields.get("diagnostic-code", "").partition(";")[2].strip()
                if ";" in fields.get("diagnostic-code", "")[:30]
                else fields.get("diagnostic-code", "").strip(),
            )
        )
    return tuple(found)


def printed(text: str) -> tuple[Status, ...]:
    """The fields of a report that stand in its text, where the MIME around them is broken."""
    place = PRINTED.search(text)
    return parse(text[place.start() : place.start() + 20_000].encode("utf-8", "replace")) if place else ()


def address(value: str) -> str:
    """The address in an "rfc822; a@b" field, "" where it holds none (X.500 names, local users)."""
    found = ADDRESS.search(value.partition(";")[2] or value)
    return found[0].strip("'.") if found else ""


def _recipients(part: Part) -> tuple[Status, ...]:
    return parse(part.data())


def _code(value: str) -> str:
    found = re.search(r"\b([245]\.\d{1,3}\.\d{1,3})\b", value)
    return found[1] if found else (failure.enhanced(value) or "")
