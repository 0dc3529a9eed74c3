"""Identifiers of outgoing mail: unguessable, made from the system's source of secrets."""

from __future__ import annotations

import secrets
from typing import Protocol


class Ids(Protocol):
    """Where jobs take identifiers from."""

    def message_id(self, address: str) -> str:
        """A new Message-ID (RFC 5322 3.6.4) in the domain of `address`, with its <>."""
        ...

    def token(self) -> str:
        """A new token of 22 letters, digits, - and _."""
        ...


class SecretIds:
    """Identifiers from `secrets`."""

    def message_id(self, address: str) -> str:
        domain = address.rpartition("@")[2].encode("idna").decode("ascii") if address.isascii() else "localhost"
        return f"<{secrets.token_hex(12)}.{secrets.token_hex(4)}@{domain or 'localhost'}>"

    def token(self) -> str:
        return secrets.token_urlsafe(16)
