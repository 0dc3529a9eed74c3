"""What `askaround check` says about the domain of the owner's address: SPF, DKIM, DMARC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worker.contacts import is_free_mail
from worker.jobs.desk import Desk
from worker.jobs.lines import Grade, Line
from worker.mailbox.access import is_loopback
from worker.mailbox.discover import named
from worker.mailbox.own_domain import MOST_LOOKUPS, Standing, is_reserved, look_up
from worker.mailbox.providers import Provider, for_address, for_host

if TYPE_CHECKING:
    from dns.resolver import Resolver

LOST = "providers put such mail into spam or refuse it, and it looks like nobody wants to talk to you"


def own_domain(desk: Desk, *, resolver: Resolver | None = None) -> Iterator[Line]:
    """What receivers learn from the domain name system about mail of this address; bounded, raises nothing."""
    address = desk.mailbox.address
    domain = address.rpartition("@")[2].rstrip(".").lower()
    owner, carries = for_address(address), _carrier(desk)
    if owner is not None or is_free_mail(domain):
        yield _given(domain, owner, carries, desk.mailbox.smtp.host)
        return
    if is_reserved(domain):
        yield Line("domain", Grade.ok, f"{domain} is a name for examples or a network of one's own: nothing to ask")
        return
    found = look_up(domain, carries.dkim if carries is not None else (), resolver=resolver)
    if not found.answered:
        says = f"SPF, DKIM and DMARC of {domain} could not be asked: no name server answers"
        yield Line("domain", Grade.note, says, "Run it again with the network up; all else goes on without it.")
        return
    if not found.exists:
        says = (
            f"the name server that this machine asks knows no {domain}, so that SPF, DKIM and DMARC cannot be looked at"
        )
        yield Line("domain", Grade.note, says, "If the address is right, run it again in another network.")
        return
    yield from _spf(found, carries)
    yield from _dkim(found, carries)
    yield from _dmarc(found)


def _carrier(desk: Desk) -> Provider | None:
    """Whose server the mail leaves by."""
    host = desk.mailbox.smtp.host
    if is_loopback(host) and desk.mailbox.smtp.port == 1025:
        return named("Proton Bridge")
    return for_host(host)


def _same(one: Provider, other: Provider) -> bool:
    """Whether two are one company: GMX and GMX International, Outlook.com and Microsoft 365."""
    return one.name.split()[0] == other.name.split()[0] or bool(set(one.spf) & set(other.spf))


def _bears(host: str, owner: Provider) -> bool:
    """Whether a host that is not known bears a provider's name, as smtp.googlemail.com does."""
    names = {*owner.domains, *(".".join(one.host.split(".")[-2:]) for one in (owner.imap, owner.smtp))}
    return any(f".{host.strip().rstrip('.').lower()}".endswith(f".{name}") for name in names)


def _given(domain: str, owner: Provider | None, carries: Provider | None, host: str) -> Line:
    whose = f"{owner.name}'s" if owner is not None else "a mail provider's"
    if is_loopback(host):
        mine = True  # a bridge, or a server for tests: whose, nobody can tell
    elif owner is None:
        mine = carries is None or domain in carries.domains
    else:
        mine = _bears(host, owner) if carries is None else _same(carries, owner)
    if not mine:
        return Line(
            "domain",
            Grade.bad,
            f"{domain} is {whose} domain, and your mail leaves by {host}: it fails SPF, DKIM and DMARC, and {LOST}",
            "Send by the provider of the address ([mailbox.smtp] host), or with an address of the other one.",
        )
    return Line("domain", Grade.ok, f"{domain} is {whose} own: SPF, DKIM and DMARC are looked after, nothing to do")


def _spf(found: Standing, carries: Provider | None) -> Iterator[Line]:
    domain = found.domain
    if found.spf is None:
        yield Line("SPF", Grade.note, f"{domain} could not be asked for it", "Run it again later.")
        return
    if not found.spf:
        grade = Grade.note if found.dkim else Grade.bad
        says = f"{domain} does not say which servers send its mail: {LOST}"
        yield Line("SPF", grade, says, f"Where your domain's names are kept, add {_record(carries)}")
    elif len(found.spf) > 1:
        says = f"{domain} has {len(found.spf)} records, and then none of them counts: {LOST}"
        yield Line("SPF", Grade.bad, says, 'Make one of them, with every "include:" of both, and remove the others.')
    elif found.lookups > MOST_LOOKUPS:
        says = f"{domain}'s record needs {found.lookups} look-ups, {MOST_LOOKUPS} are allowed: to many it is an error"
        yield Line("SPF", Grade.bad, says, 'Take out every "include:" of a service that you do not use any more.')
    elif found.everybody():
        says = f'{domain} ends with "all": everybody may send in its name, so that nobody trusts it'
        yield Line("SPF", Grade.note, says, 'Write "~all" instead.')
    elif carries is not None and carries.spf and not found.includes & set(carries.spf):
        seen = "unless its addresses stand there one by one " if found.by_address() else ""
        seen = "unless what it includes does, which could not be asked, " if found.unasked else seen
        says = f"{domain} does not name {carries.name}, by which your mail leaves: {seen}it fails, and {LOST}"
        grade = Grade.note if found.dkim or seen else Grade.bad
        yield Line("SPF", grade, says, f'Put "include:{carries.spf[0]}" before the end of: {found.spf[0]}')
    elif found.dead:
        says = (
            f"{domain} includes {found.dead[0]}, which has no SPF record of its own: to receivers all of it is an error"
        )
        grade = Grade.note if found.dkim else Grade.bad
        yield Line("SPF", grade, says, f'Take "include:{found.dead[0]}" out of: {found.spf[0]}')
    else:
        whom = f", {carries.name} among them" if carries is not None and carries.spf else ""
        yield Line("SPF", Grade.ok, f"{domain} says which servers send its mail{whom}")


def _record(carries: Provider | None) -> str:
    if carries is not None and carries.spf:
        return f"a TXT record: v=spf1 include:{carries.spf[0]} ~all"
    return "the TXT record that your provider's help pages show; it begins with v=spf1."


def _dkim(found: Standing, carries: Provider | None) -> Iterator[Line]:
    domain = found.domain
    if carries is None or not carries.dkim:
        says = "your provider's selector is not known, so it cannot be looked up"
        yield Line("DKIM", Grade.note, says, "askaround check --send-me shows whether your mail is signed.")
    elif found.dkim is None:
        yield Line("DKIM", Grade.note, f"{domain} could not be asked for it", "Run it again later.")
    elif found.dkim:
        yield Line("DKIM", Grade.ok, f"{domain} has the key of {carries.name} ({found.dkim[0]}._domainkey)")
    else:
        names = " or ".join(f"{one}._domainkey" for one in carries.dkim[:2])
        says = f"no key of {carries.name} stands at {names}: your mail is not signed as {domain}'s, and trusted less"
        todo = f"Switch DKIM on in {carries.name}'s settings for the domain; it shows the record to add."
        yield Line("DKIM", Grade.note, says, f"{todo} With a selector of your own, --send-me shows whether it works.")


def _dmarc(found: Standing) -> Iterator[Line]:
    domain, policy = found.domain, found.policy()
    if found.dmarc is None:
        yield Line("DMARC", Grade.note, f"{domain} could not be asked for it", "Run it again later.")
        return
    if not found.dmarc:
        says = f"{domain} has none: Gmail and Yahoo trust a domain without it less"
        yield Line("DMARC", Grade.note, says, f"Add a TXT record at _dmarc.{domain}: v=DMARC1; p=none")
        return
    if not policy:
        many = "several records" if len(found.dmarc) > 1 else "a record that cannot be read"
        yield Line("DMARC", Grade.note, f"{domain} has {many}", f"Leave one at _dmarc.{domain}: v=DMARC1; p=none")
        return
    where = "" if found.dmarc_at == domain else f" (from {found.dmarc_at})"
    passes = "what passes SPF or DKIM as this very domain is let through"
    if policy == "none":
        yield Line("DMARC", Grade.ok, f"{domain} watches only, p=none{where}; {passes}")
        return
    what = "put into spam" if policy == "quarantine" else "refused"
    says = f"{domain} asks that mail is {what} which passes neither SPF nor DKIM, p={policy}{where}"
    if found.unsigned():
        todo = "Set up SPF or DKIM, above, before anything leaves."
        yield Line("DMARC", Grade.bad, f"{says}: yours passes neither", todo)
    elif not found.spf and found.dkim is None:
        todo = "askaround check --send-me shows whether it does."
        yield Line("DMARC", Grade.note, f"{says}: whether yours does is not known here", todo)
    else:
        yield Line("DMARC", Grade.ok, f"{says}; {passes}")
