"""Whether a domain takes mail, asked of a resolver that answers as the world does."""

from __future__ import annotations

from typing import Any

import dns.message
import dns.name
import dns.resolver
import dns.rrset
import pytest

from worker.jobs.mail_hosts import look_up

ZONE = {
    ("acme.example.", "MX"): ["10 mail.acme.example."],
    ("null.example.", "MX"): ["0 ."],
    ("host.example.", "A"): ["192.0.2.1"],
    ("six.example.", "AAAA"): ["2001:db8::1"],
    ("xn--mller-kva.example.", "MX"): ["10 mail.acme.example."],
}
NAMES = {name for name, _ in ZONE} | {"empty.example."}


class Zone(dns.resolver.Resolver):
    """A resolver that knows a small zone, and is silent about `silent.example`."""

    def __init__(self) -> None:
        super().__init__(configure=False)

    def resolve(self, qname: Any, rdtype: Any = "A", **options: Any) -> Any:
        name = dns.name.from_text(qname) if isinstance(qname, str) else qname
        text = name.to_text()
        if text == "silent.example.":
            raise dns.resolver.LifetimeTimeout(timeout=1.0, errors=[])
        if text not in NAMES:
            raise dns.resolver.NXDOMAIN(qnames=[name], responses={})
        found = ZONE.get((text, rdtype))
        query = dns.message.make_query(name, rdtype)
        if found is None:
            raise dns.resolver.NoAnswer(response=dns.message.make_response(query))
        return list(dns.rrset.from_text(name, 60, "IN", rdtype, *found))


@pytest.mark.parametrize(
    "domain, says",
    [
        ("acme.example", None),
        ("host.example", None),
        ("six.example", None),
        ("müller.example", None),
        ("null.example", "says that it takes no mail"),
        ("empty.example", "no server takes mail"),
        ("gone.example", "there is no domain"),
        ("a..example", "is no name of a domain"),
    ],
)
def test_what_a_domain_says(domain: str, says: str | None) -> None:
    found = look_up({domain}, resolver=Zone())
    assert found.unknown == []
    assert (found.deaf.get(domain) is None) == (says is None)
    assert (says or "") in found.deaf.get(domain, "")


def test_who_cannot_be_asked_is_told_apart() -> None:
    counted: list[int] = []
    found = look_up({"silent.example", "acme.example"}, resolver=Zone(), progress=counted.append)
    assert found.unknown == ["silent.example"]
    assert found.deaf == {}
    assert counted == [1, 2]
