"""Finds the servers of a mail address: a provider that is known, its MX, or what its domain announces (RFC 6186)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worker.mailbox.access import Security
from worker.mailbox.providers import PROVIDERS, Provider, Server, for_address

if TYPE_CHECKING:
    from dns.resolver import Resolver

PATIENCE = 5.0  # seconds for all questions together: they are asked at once

# Whose mail server takes a domain's mail, by the end of its name.
_BY_MX = (
    (("google.com", "googlemail.com"), "Google Workspace"),
    (("mail.protection.outlook.com", "mx.microsoft", "mail.eo.outlook.com"), "Microsoft 365"),
    (("mail.icloud.com",), "iCloud"),
    (("messagingengine.com",), "Fastmail"),
    (("protonmail.ch", "proton.ch"), "Proton Bridge"),
    (("zoho.eu",), "Zoho Mail Europe for organizations"),
    (("zoho.com",), "Zoho Mail for organizations"),
    (("mailbox.org",), "mailbox.org"),
    (("kundenserver.de", "ionos.de"), "IONOS"),
    (("1and1.com", "ionos.com", "perfora.net"), "IONOS International"),
    (("yahoodns.net",), "Yahoo"),
)
_SERVICES = ("_imaps._tcp", "_imap._tcp", "_submissions._tcp", "_submission._tcp")


@dataclass(frozen=True, slots=True)
class Found:
    """The servers, None where they are not known; `how` tells where they come from.

    `preset` says that the address alone is enough to find them again. `confirm` says that they lie outside of the
    address's domain and nobody vouches for them (RFC 6186 section 6). `answered` is False where no name server did.
    """

    imap: Server | None = None
    smtp: Server | None = None
    provider: Provider | None = None
    how: str = ""
    preset: bool = False
    confirm: bool = False
    answered: bool = True


def discover(address: str, *, resolver: Resolver | None = None) -> Found:
    """The servers of this address, after at most a few seconds. Raises nothing."""
    provider = for_address(address)
    if provider is not None:
        return Found(provider.imap, provider.smtp, provider, f"{provider.name} is known", preset=True)
    domain = address.rpartition("@")[2]
    answers = _ask(domain, resolver)
    if answers is None:
        return Found(answered=False)
    for exchange in sorted(answers["MX"], key=lambda one: one.preference):
        name = str(exchange.exchange).rstrip(".").lower()
        provider = next((named(found) for tails, found in _BY_MX if _below(name, tails)), None)
        if provider is not None:
            return Found(provider.imap, provider.smtp, provider, f"{domain}'s mail is at {provider.name}")
    imap = _announced(answers, ("_imaps._tcp", Security.tls), ("_imap._tcp", Security.starttls))
    smtp = _announced(answers, ("_submissions._tcp", Security.tls), ("_submission._tcp", Security.starttls))
    outside = any(one is not None and not _below(one.host, (domain.lower(),)) for one in (imap, smtp))
    return Found(imap, smtp, None, f"{domain} announces them" if imap or smtp else "", confirm=outside)


def named(name: str) -> Provider | None:
    """The provider of this name."""
    return next((one for one in PROVIDERS if one.name == name), None)


def _below(name: str, tails: tuple[str, ...]) -> bool:
    return any(name == tail or name.endswith(f".{tail}") for tail in tails)


def _announced(answers: dict[str, list[Any]], *services: tuple[str, Security]) -> Server | None:
    """The first service that is offered; a target of "." says that it is not (RFC 2782)."""
    for service, security in services:
        records = [one for one in answers[service] if str(one.target) != "."]
        if records:
            best = min(records, key=lambda one: (one.priority, -one.weight))
            return Server(str(best.target).rstrip(".").lower(), int(best.port), security)
    return None


def _ask(domain: str, resolver: Resolver | None) -> dict[str, list[Any]] | None:
    """The records of MX and of each service; None where no name server answered anything."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer
    from dns.resolver import Resolver as SystemResolver

    try:
        asked = resolver or SystemResolver()
    except (DNSException, OSError):
        return None

    def ask(what: tuple[str, str]) -> list[Any] | None:
        try:
            return list(asked.resolve(*what, lifetime=PATIENCE, search=False))
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError, UnicodeError):
            return None

    questions = [(f"{domain}.", "MX"), *((f"{service}.{domain}.", "SRV") for service in _SERVICES)]
    with ThreadPoolExecutor(len(questions), thread_name_prefix="dns") as pool:
        found = dict(zip(("MX", *_SERVICES), pool.map(ask, questions), strict=True))
    if all(records is None for records in found.values()):
        return None
    return {name: records or [] for name, records in found.items()}
