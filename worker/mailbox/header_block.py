"""Reads the few header fields by which a mail is recognised again."""

from __future__ import annotations

import re
from email.utils import getaddresses

# What is asked of the server for each message; everything that matching and reading look at.
FIELDS: tuple[str, ...] = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Auto-Submitted",
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponse",
    "X-Auto-Reply",
    "X-Auto-Response-Suppress",
    "X-Mail-Autoreply",
    "Precedence",
    "X-Precedence",
    "List-Id",
    "List-Unsubscribe",
    "Return-Path",
    "Content-Type",
    "X-Failed-Recipients",
    "X-Askaround-Token",
    "X-Microsoft-Original-Message-ID",
    "X-Loop",
    "Disposition-Notification-To",
    "Authentication-Results",
    "Delivered-To",
    "Feedback-Type",
    "X-MS-Exchange-Inbox-Rules-Loop",
    "X-MS-Exchange-Generated-Message-Source",
    "X-Mailer",
    "MIME-Version",
)
TOKEN = "X-Askaround-Token"  # noqa: S105 - a field name
ORIGINAL_ID = "X-Microsoft-Original-Message-ID"

_ID = re.compile(r"<[^<>\s]+>")


def values(block: bytes, name: str) -> list[str]:
    """All values of a field, unfolded, in order; bytes beyond ASCII become Latin-1 characters."""
    found: list[str] = []
    current: list[bytes] | None = None
    wanted = name.lower().encode()
    for line in block.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if current is not None:
                current.append(line.strip())
            continue
        if current is not None:
            found.append(b" ".join(current).strip().decode("latin-1"))
            current = None
        if not line:
            break
        field, colon, rest = line.partition(b":")
        if colon and field.strip().lower() == wanted:
            current = [rest.strip()]
    if current is not None:
        found.append(b" ".join(current).strip().decode("latin-1"))
    return found


def message_ids(block: bytes) -> tuple[str, ...]:
    """The Message-IDs that the mail goes by, with <>: its own, and the one that Outlook's servers replaced."""
    found = []
    for name in ("Message-ID", ORIGINAL_ID):
        for value in values(block, name):
            found += _ID.findall(value) or ([f"<{value}>"] if value and " " not in value else [])
    return tuple(dict.fromkeys(found))


def token(block: bytes) -> str | None:
    """Our own token, where the mail carries one."""
    found = values(block, TOKEN)
    return found[0] if found and found[0] else None


def recipients(block: bytes) -> frozenset[str]:
    """All addresses in To, Cc and Bcc, lower-case."""
    lines = [value for name in ("To", "Cc", "Bcc") for value in values(block, name)]
    return frozenset(address.lower() for _, address in getaddresses(lines) if address)
