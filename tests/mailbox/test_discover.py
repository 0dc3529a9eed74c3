"""The servers of an address: by provider, by MX, by what the domain announces; and without a network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import dns.exception
import dns.resolver
import pytest

from worker.mailbox import discover as room
from worker.mailbox.access import Security
from worker.mailbox.discover import discover
from worker.mailbox.providers import Server


class Names:
    """A resolver that knows these records, and says of all others that they are not there."""

    def __init__(self, records: dict[tuple[str, str], list[Any]], fails: type[Exception] | None = None) -> None:
        self.records = records
        self.fails = fails
        self.lifetimes: list[float] = []

    def resolve(self, name: str, kind: str, lifetime: float, search: bool) -> list[Any]:
        assert not search
        self.lifetimes.append(lifetime)
        if (name, kind) in self.records:
            return self.records[name, kind]
        raise (self.fails or dns.resolver.NoAnswer)


def mx(*hosts: str) -> list[Any]:
    return [SimpleNamespace(preference=10 * (n + 1), exchange=host) for n, host in enumerate(hosts)]


def srv(target: str, port: int, priority: int = 0, weight: int = 0) -> Any:
    return SimpleNamespace(target=target, port=port, priority=priority, weight=weight)


@pytest.mark.parametrize(
    "host, provider, imap",
    [
        ("aspmx.l.google.com.", "Google Workspace", "imap.gmail.com"),
        ("SMTP.GOOGLE.COM.", "Google Workspace", "imap.gmail.com"),
        ("acme-example.mail.protection.outlook.com.", "Microsoft 365", "outlook.office365.com"),
        ("acme-example.v-v1.mx.microsoft.", "Microsoft 365", "outlook.office365.com"),
        ("mx01.mail.icloud.com.", "iCloud", "imap.mail.me.com"),
        ("in1-smtp.messagingengine.com.", "Fastmail", "imap.fastmail.com"),
        ("mail.protonmail.ch.", "Proton Bridge", "127.0.0.1"),
        ("mx.zoho.com.", "Zoho Mail for organizations", "imappro.zoho.com"),
        ("mx.zoho.eu.", "Zoho Mail Europe for organizations", "imappro.zoho.eu"),
        ("mxext1.mailbox.org.", "mailbox.org", "imap.mailbox.org"),
        ("mx00.kundenserver.de.", "IONOS", "imap.ionos.de"),
        ("mx00.ionos.co.uk.", None, None),
        ("mx.evilgoogle.com.", None, None),
    ],
)
def test_a_domain_of_ones_own_is_known_by_its_mx(host: str, provider: str | None, imap: str | None) -> None:
    names = Names({("acme.example.", "MX"): mx(host, "backup.example.")})
    found = discover("una@acme.example", resolver=names)
    assert (found.provider and found.provider.name, found.imap and found.imap.host) == (provider, imap)
    assert not found.preset
    assert not found.confirm


def test_the_domain_announces_its_servers() -> None:
    names = Names(
        {
            ("acme.example.", "MX"): mx("mx.acme.example."),
            ("_imaps._tcp.acme.example.", "SRV"): [srv("b.acme.example.", 993, 20), srv("A.acme.example.", 9993, 10)],
            ("_imap._tcp.acme.example.", "SRV"): [srv("c.acme.example.", 143)],
            ("_submissions._tcp.acme.example.", "SRV"): [srv(".", 0)],
            ("_submission._tcp.acme.example.", "SRV"): [
                srv("out.acme.example.", 587, 0, 1),
                srv("o.acme.example.", 588, 0, 9),
            ],
        }
    )
    found = discover("una@acme.example", resolver=names)
    assert found.imap == Server("a.acme.example", 9993, Security.tls)
    assert found.smtp == Server("o.acme.example", 588, Security.starttls)
    assert not found.confirm
    assert set(names.lifetimes) == {room.PATIENCE}


def test_servers_outside_of_the_domain_have_to_be_confirmed() -> None:
    names = Names({("_imaps._tcp.acme.example.", "SRV"): [srv("imap.notacme.example.", 993)]})
    found = discover("una@acme.example", resolver=names)
    assert found.confirm
    assert found.smtp is None


@pytest.mark.parametrize("failure", [dns.exception.Timeout, dns.resolver.NoNameservers, OSError])
def test_without_a_network_it_says_so(failure: type[Exception]) -> None:
    found = discover("una@acme.example", resolver=Names({}, failure))
    assert not found.answered
    assert found.imap is None


def test_a_machine_without_name_servers_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", broken)
    assert not discover("una@acme.example").answered


def test_a_domain_that_is_not_there_is_an_answer() -> None:
    found = discover("una@acme.example", resolver=Names({}, dns.resolver.NXDOMAIN))
    assert found.answered
    assert (found.imap, found.smtp) == (None, None)


def test_a_known_provider_asks_nobody() -> None:
    names = Names({})
    assert discover("una@gmail.com", resolver=names).preset
    assert names.lifetimes == []
