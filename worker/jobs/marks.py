"""The marks by which a mail of ours is known without the database: keyed hashes in its Message-ID and its token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable

from worker.contacts import canonical
from worker.conversation.vocabulary import Step

SUMMARY = "summary"
"""What stands in the place of a step in the marks of a summary."""

_Mark = tuple[Callable[[bytes, str, str, str], str], str, str]

_ID = re.compile(r"<([0-9a-f]{16})([0-9a-f]{8})\.([0-9a-f]{8})@[^<>@\s]+>")
_TOKEN = re.compile(r"([A-Za-z0-9_-]{11})([A-Za-z0-9_-]{11})")


def message_id(key: bytes, chance: str, to: str, step: str) -> str:
    """Our Message-ID for a mail to this address: `chance`, an unguessable Message-ID, with our marks in its place.

    Sixteen hex digits that say nothing, eight by which it is ours, eight that fit one address and step. Who has not
    the key sees noise, and two mails to one person share nothing.
    """
    nonce = _digest(key, "nonce", chance)[:8].hex()
    return f"<{nonce}{_ours(key, nonce)}.{_in_id(key, nonce, to, step)}@{chance.rpartition('@')[2]}"


def token(key: bytes, chance: str, to: str, step: str) -> str:
    """Our token for a mail to this address, from `chance`, an unguessable token: 22 letters, digits, - and _."""
    nonce = _text(_digest(key, "token", chance))
    return nonce + _in_token(key, nonce, to, step)


def is_ours(key: bytes, id_: str) -> bool:
    """Whether this Message-ID was made with this key."""
    found = _ID.fullmatch(id_)
    return bool(key) and found is not None and hmac.compare_digest(found[2], _ours(key, found[1]))


def read_off(
    key: bytes, addresses: Iterable[str], *, id_: str | None = None, token: str | None = None
) -> tuple[str, str] | None:
    """The address and step (or SUMMARY) that a Message-ID or token was made for, tried among these addresses."""
    marks = [one for one in (_of_id(key, id_), _of_token(token)) if one is not None] if key else []
    for address in addresses if marks else ():
        for step in (*(one.value for one in Step), SUMMARY):
            for kind, nonce, said in marks:
                if hmac.compare_digest(said, kind(key, nonce, address, step)):
                    return address, step
    return None


def _of_id(key: bytes, id_: str | None) -> _Mark | None:
    found = _ID.fullmatch(id_) if id_ and is_ours(key, id_) else None
    return (_in_id, found[1], found[3]) if found else None


def _of_token(token: str | None) -> _Mark | None:
    found = _TOKEN.fullmatch(token) if token else None
    return (_in_token, found[1], found[2]) if found else None


def _ours(key: bytes, nonce: str) -> str:
    return _digest(key, "ours", nonce)[:4].hex()


def _in_id(key: bytes, nonce: str, to: str, step: str) -> str:
    return _digest(key, "id", nonce, canonical(to), step)[:4].hex()


def _in_token(key: bytes, nonce: str, to: str, step: str) -> str:
    return _text(_digest(key, "about", nonce, canonical(to), step))


def _digest(key: bytes, *parts: str) -> bytes:
    return hmac.new(key, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).digest()


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode("ascii")[:11]
