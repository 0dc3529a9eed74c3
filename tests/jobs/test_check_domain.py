"""What is said about the domain of the owner's address, with name servers that answer what a test has written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import dns.exception
import dns.resolver
import pytest

from worker.conversation.vocabulary import Pace, Replies, Sequence
from worker.jobs.check_domain import own_domain
from worker.jobs.desk import Desk, Mailbox, Owner
from worker.jobs.ids import SecretIds
from worker.jobs.lines import Grade, Line
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.own_domain import look_up

KEY = "v=DKIM1; k=rsa; p=MIIBIjANBg"


class Names:
    """A resolver that knows these texts; of all other names it says that they have none, or raises `fails`."""

    def __init__(self, texts: dict[str, list[str]], fails: Exception | None = None) -> None:
        self.texts = {f"{name}.": [SimpleNamespace(strings=_split(text)) for text in t] for name, t in texts.items()}
        self.fails = fails
        self.asked: list[str] = []

    def resolve(self, name: str, kind: str, *, lifetime: float, search: bool) -> list[Any]:
        assert (kind, search) == ("TXT", False)
        assert lifetime <= 5
        self.asked.append(name)
        if name in self.texts:
            return self.texts[name]
        raise self.fails or dns.resolver.NoAnswer


def _split(text: str) -> tuple[bytes, ...]:
    """A long text comes in pieces."""
    data = text.encode()
    return (data[:20], data[20:])


def desk(address: str = "una@acme.org", host: str = "smtp.fastmail.com", port: int = 465) -> Desk:
    imap = ImapAccess("imap.acme.org", 993, "tls", address, lambda: "")
    mailbox = Mailbox(
        id=1,
        address=address,
        owner=Owner(name="Una", email=address, timezone="UTC"),
        imap=imap,
        smtp=SmtpAccess(host, port, "tls", address, lambda: ""),
        pace=Pace(),
        sequence=Sequence(),
        replies=Replies(),
        templates=lambda campaign, language=None: None,  # type: ignore[arg-type,return-value]
    )
    return Desk(replace(mailbox), datetime(2027, 3, 1, tzinfo=UTC), SecretIds())


def said(texts: dict[str, list[str]], at: Desk | None = None, fails: Exception | None = None) -> dict[str, Line]:
    lines = list(own_domain(at or desk(), resolver=Names(texts, fails)))  # type: ignore[arg-type]
    assert len({line.what for line in lines}) == len(lines), "one line for each thing"
    assert all(line.todo for line in lines if line.grade is not Grade.ok)
    return {line.what: line for line in lines}


GOOD = {
    "acme.org": ["google-site-verification=x", "v=spf1 include:spf.messagingengine.com ?all"],
    "spf.messagingengine.com": ["v=spf1 ip4:103.168.172.128/27 -all"],
    "_dmarc.acme.org": ["v=DMARC1; p=none; rua=mailto:x@acme.org"],
    "fm2._domainkey.acme.org": [KEY],
}


def test_all_is_well() -> None:
    lines = said(GOOD)
    assert {what: line.grade for what, line in lines.items()} == dict.fromkeys(("SPF", "DKIM", "DMARC"), Grade.ok)
    assert "Fastmail among them" in lines["SPF"].says


@pytest.mark.parametrize(
    "changes, what, grade, words",
    [
        ({"acme.org": []}, "SPF", Grade.note, "does not say which servers"),
        ({"acme.org": [], "fm2._domainkey.acme.org": []}, "SPF", Grade.bad, "does not say which servers"),
        ({"acme.org": ["v=spf1 mx -all", "v=spf1 -all"]}, "SPF", Grade.bad, "2 records"),
        ({"acme.org": ["v=spf10 x", "V=SPF1 include:SPF.messagingengine.com. +all"]}, "SPF", Grade.note, "everybody"),
        ({"acme.org": ["v=spf1 include:_spf.google.com ~all"]}, "SPF", Grade.note, "does not name Fastmail"),
        (
            {"acme.org": ["v=spf1 include:_spf.google.com ~all"], "fm2._domainkey.acme.org": []},
            "SPF",
            Grade.bad,
            "does not name Fastmail",
        ),
        (
            {"acme.org": ["v=spf1 ip4:103.168.172.128/27 ~all"], "fm2._domainkey.acme.org": []},
            "SPF",
            Grade.note,
            "unless its addresses stand there",
        ),
        (
            {"acme.org": ["v=spf1 include:spf.messagingengine.com include:gone.org -all"]},
            "SPF",
            Grade.note,
            "includes gone.org, which has no SPF record",
        ),
        (
            {
                "acme.org": ["v=spf1 include:spf.messagingengine.com include:gone.org -all"],
                "gone.org": ["v=spf1 -all", "v=spf1 mx -all"],
                "fm2._domainkey.acme.org": [],
            },
            "SPF",
            Grade.bad,
            "includes gone.org",
        ),
        ({"acme.org": ["v=spf1 " + "a:x.org " * 11 + "-all"]}, "SPF", Grade.bad, "needs 11 look-ups"),
        ({"fm2._domainkey.acme.org": []}, "DKIM", Grade.note, "fm1._domainkey or fm2._domainkey"),
        ({"fm2._domainkey.acme.org": ["v=DKIM1; p="]}, "DKIM", Grade.note, "no key"),
        ({"_dmarc.acme.org": []}, "DMARC", Grade.note, "has none"),
        ({"_dmarc.acme.org": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, "DMARC", Grade.note, "several"),
        ({"_dmarc.acme.org": ["v=DMARC1; rua=mailto:x"]}, "DMARC", Grade.note, "cannot be read"),
        ({"_dmarc.acme.org": ["v = DMARC1 ; p=reject"]}, "DMARC", Grade.ok, "is refused"),
    ],
)
def test_what_lacks_is_named(changes: dict[str, list[str]], what: str, grade: Grade, words: str) -> None:
    line = said(GOOD | changes)[what]
    assert line.grade is grade, line
    assert words in line.says


def test_a_strict_policy_without_spf_and_dkim_is_bad() -> None:
    lines = said({"_dmarc.acme.org": ["v=DMARC1; p=quarantine"]})
    assert lines["DMARC"].grade is Grade.bad
    assert "put into spam" in lines["DMARC"].says


def test_a_strict_policy_alone_is_not_bad_where_nobody_knows_whether_mail_is_signed() -> None:
    texts = {"_dmarc.acme.org": ["v=DMARC1; p=reject"]}
    lines = said(texts, desk(host="mail.acme.org"))
    assert (lines["DMARC"].grade, "not known here" in lines["DMARC"].says) == (Grade.note, True)
    assert "your provider's help pages show" in lines["SPF"].todo
    lines = said(texts | {"acme.org": ["v=spf1 mx -all"]}, desk(host="mail.acme.org"))
    assert lines["DMARC"].grade is Grade.ok
    lines = said(texts, fails=dns.resolver.NoNameservers())
    assert lines["DMARC"].grade is Grade.note, "nobody answered what SPF and DKIM are"


def test_an_include_that_nobody_answers_may_name_the_server() -> None:
    texts = GOOD | {"acme.org": ["v=spf1 include:all.acme.org -all"]}
    texts = {name: found for name, found in texts.items() if "_domainkey" not in name}
    line = said(texts, fails=dns.resolver.NoNameservers())["SPF"]
    assert (line.grade, "which could not be asked" in line.says) == (Grade.note, True)


def test_the_policy_of_the_domain_above_counts_for_those_below() -> None:
    texts = {"_dmarc.acme.org": ["v=DMARC1; p=reject; sp=none"]}
    line = said(texts, desk("una@mail.acme.org"))["DMARC"]
    assert (line.grade, "p=none (from acme.org)" in line.says) == (Grade.ok, True)


def test_what_an_include_includes_is_counted_and_a_circle_ends() -> None:
    texts = {
        "acme.org": ["v=spf1 include:a.org mx ~all"],
        "a.org": ["v=spf1 include:b.org a exists:%{i}.x.org ip4:1.2.3.4 -all"],
        "b.org": ["v=spf1 include:a.org redirect=c.org"],
        "c.org": ["v=spf1 a mx -all redirect=d.org"],
    }
    names = Names(texts)
    found = look_up("acme.org", resolver=names)  # type: ignore[arg-type]
    assert found.lookups == 9
    assert found.includes == {"a.org", "b.org", "c.org"}
    assert names.asked.count("a.org.") == 1


@pytest.mark.parametrize("fails", [dns.resolver.LifetimeTimeout(timeout=5, errors=[]), OSError("unreachable")])
def test_without_a_network_it_says_so_and_nothing_else(fails: Exception) -> None:
    (line,) = said({}, fails=fails).values()
    assert (line.grade, "could not be asked" in line.says) == (Grade.note, True)


def test_a_domain_that_the_name_server_does_not_know_is_no_domain_without_spf() -> None:
    (line,) = said({}, fails=dns.resolver.NXDOMAIN()).values()
    assert (line.grade, "knows no acme.org" in line.says) == (Grade.note, True)


def test_where_only_the_keys_cannot_be_asked_that_is_told() -> None:
    texts = {name: found for name, found in GOOD.items() if "_domainkey" not in name}
    lines = said(texts, fails=dns.resolver.NoNameservers())
    assert "could not be asked" in lines["DKIM"].says
    assert lines["SPF"].grade is Grade.ok


@pytest.mark.parametrize(
    "address, host, grade, words",
    [
        ("una@gmail.com", "smtp.gmail.com", Grade.ok, "gmail.com is Gmail's own"),
        ("una@outlook.de", "smtp-mail.outlook.com", Grade.ok, "nothing to do"),
        ("una@proton.me", "127.0.0.1", Grade.ok, "nothing to do"),
        ("una@t-online.de", "securesmtp.t-online.de", Grade.ok, "a mail provider's own"),
        ("una@outlook.com", "smtp.office365.com", Grade.ok, "outlook.com is Outlook.com's own"),
        ("una@gmx.com", "mail.gmx.net", Grade.ok, "nothing to do"),
        ("una@gmail.com", "smtp.googlemail.com", Grade.ok, "nothing to do"),
        ("una@hotmail.com", "smtp.live.com", Grade.ok, "nothing to do"),
        ("una@gmail.com", "notgmail.com", Grade.bad, "it fails SPF, DKIM and DMARC"),
        ("una@t-online.de", "smtp.gmail.com", Grade.bad, "it fails SPF, DKIM and DMARC"),
        ("una@gmail.com", "smtp.fastmail.com", Grade.bad, "it fails SPF, DKIM and DMARC"),
        ("una@gmail.com", "mail.acme.org", Grade.bad, "it fails SPF, DKIM and DMARC"),
        ("una@owner.example", "localhost", Grade.ok, "nothing to ask"),
    ],
)
def test_a_domain_of_a_provider_needs_no_question(address: str, host: str, grade: Grade, words: str) -> None:
    names = Names({}, OSError("must not be asked"))
    (line,) = own_domain(desk(address, host), resolver=names)  # type: ignore[arg-type]
    assert (line.grade, words in line.says, names.asked) == (grade, True, []), line


def test_with_an_unknown_server_the_selector_is_not_known() -> None:
    lines = said({"acme.org": ["v=spf1 mx ~all"]}, desk(host="mail.acme.org"))
    assert lines["SPF"].grade is Grade.ok
    assert "--send-me" in lines["DKIM"].todo
