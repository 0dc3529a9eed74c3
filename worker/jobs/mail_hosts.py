"""Asks the domain name system whether domains take mail (RFC 5321 5.1, RFC 7505)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.resolver import Resolver

AT_ONCE = 16
PATIENCE = 6.0  # seconds for one domain


@dataclass(slots=True)
class Hosts:
    """What was found: `deaf` domains take no mail, with the reason; `unknown` could not be asked about."""

    deaf: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def look_up(
    domains: Collection[str],
    *,
    resolver: Resolver | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Hosts:
    """Ask about each of these domains; `progress` is told how many were asked about. Raises nothing for a dead line."""
    from dns.resolver import Resolver as SystemResolver

    asked = resolver or SystemResolver()
    found = Hosts()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mx") as pool:
        answers = pool.map(lambda domain: (domain, _ask(asked, domain)), sorted(domains))
        for number, (domain, answer) in enumerate(answers, start=1):
            if answer is None:
                found.unknown.append(domain)
            elif answer:
                found.deaf[domain] = answer
            progress(number)
    return found


def _ask(resolver: Resolver, domain: str) -> str | None:
    """Why a domain takes no mail; empty where it does, None where nobody answers."""
    from dns.exception import DNSException
    from dns.name import from_text
    from dns.resolver import NXDOMAIN, YXDOMAIN, NoAnswer

    try:
        name = from_text(domain)
    except DNSException:
        return f"{domain} is no name of a domain"
    try:
        found = resolver.resolve(name, "MX", lifetime=PATIENCE)
        if all(str(one.exchange) == "." for one in found):  # RFC 7505
            return f"{domain} says that it takes no mail"
        return ""
    except (NXDOMAIN, YXDOMAIN):
        return f"there is no domain {domain}"
    except NoAnswer:
        return _ask_host(resolver, domain)
    except DNSException:
        return None


def _ask_host(resolver: Resolver, domain: str) -> str | None:
    """Without an MX the host of that name takes the mail, if there is one (RFC 5321 5.1)."""
    from dns.exception import DNSException
    from dns.resolver import NoAnswer

    for kind in ("A", "AAAA"):
        try:
            resolver.resolve(domain, kind, lifetime=PATIENCE)
            return ""
        except NoAnswer:
            continue
        except DNSException:
            return None
    return f"no server takes mail for {domain}"
