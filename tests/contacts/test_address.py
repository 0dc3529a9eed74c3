"""What an address says by itself, and who counts as a colleague."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contacts import canonical, check_email, company_keys, is_free_mail, is_no_reply, is_role_address


@pytest.mark.parametrize(
    "email, key",
    [
        ("Ann@ACME.example", "ann@acme.example"),
        ("ann+jobs@acme.example", "ann@acme.example"),
        (" <ann@acme.example.> ", "ann@acme.example"),
        ("+ann@acme.example", "+ann@acme.example"),
        ("a@xn--mnchen-3ya.de", "a@münchen.de"),
        ("nobody", "nobody"),
        ("", ""),
    ],
)
def test_canonical(email: str, key: str) -> None:
    assert canonical(email) == key


@given(st.text())
def test_canonical_never_raises_and_is_stable(email: str) -> None:
    assert isinstance(canonical(email), str)
    assert "+" not in canonical(f"ann+{email.replace('@', '')}@acme.example")


@pytest.mark.parametrize(
    "email", ["me@example.org", "you@owner.test", "user@localhost", "a@b.local", "jörg@münchen.de"]
)
def test_good_addresses(email: str) -> None:
    assert check_email(email) == email
    assert check_email(f" {email} ") == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "@localhost",
        "a@",
        "a b@x.example",
        "a@b",
        "a@b..example",
        "a@b.c\r\nBcc: x@y.example",
        "Ann <a@b.example>",
        "a@-b.test",
        "a\x00@b.test",
    ],
)
def test_bad_addresses(email: str) -> None:
    with pytest.raises(ValueError):
        check_email(email)


@pytest.mark.parametrize(
    "local",
    [
        *(
            "info",
            "jobs",
            "hr",
            "careers",
            "office",
            "contact",
            "hello",
            "admin",
            "support",
            "sales",
            "press",
            "webmaster",
        ),
        *(
            "postmaster",
            "abuse",
            "no-reply",
            "noreply",
            "no.reply",
            "donotreply",
            "do-not-reply",
            "mailer-daemon",
            "Info",
        ),
        *(
            "bewerbung",
            "kontakt",
            "empleo",
            "recrutement",
            "rrhh",
            "jobs-berlin",
            "berlin-info",
            "hr.team",
            "info2",
            "contact-us",
        ),
        *("jobs+ann", "123", "team", "personalabteilung"),
    ],
)
def test_desks(local: str) -> None:
    assert is_role_address(f"{local}@acme.example")


@pytest.mark.parametrize(
    "local",
    ["ann", "ann.lee", "steve.jobs", "harriet", "norman", "a.office-smith", "hrvoje", "infanta", "bouncer", "contino"],
)
def test_people(local: str) -> None:
    assert not is_role_address(f"{local}@acme.example")
    assert not is_no_reply(f"{local}@acme.example")


@pytest.mark.parametrize(
    "domain",
    [
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "outlook.de",
            "hotmail.co.uk",
            "live.nl",
            "yahoo.com.br",
            "yahoo.fr",
            "icloud.com",
        ),
        *(
            "me.com",
            "gmx.de",
            "gmx.net",
            "web.de",
            "t-online.de",
            "proton.me",
            "protonmail.com",
            "aol.com",
            "mail.ru",
            "yandex.ru",
            "qq.com",
        ),
        *(
            "163.com",
            "orange.fr",
            "free.fr",
            "wanadoo.fr",
            "laposte.net",
            "libero.it",
            "virgilio.it",
            "uol.com.br",
            "bol.com.br",
        ),
        *(
            "terra.com.br",
            "ziggo.nl",
            "kpnmail.nl",
            "hey.com",
            "fastmail.com",
            "zoho.com",
            "posteo.de",
            "mailbox.org",
            "GMAIL.com.",
        ),
    ],
)
def test_free_mail(domain: str) -> None:
    assert is_free_mail(domain)
    assert company_keys(f"ann@{domain}", None) == frozenset()


@pytest.mark.parametrize(
    "domain", ["acme.example", "live.acme.com", "gmail.acme.de", "yahoo-inc.com", "outlook.example", "localhost", ""]
)
def test_no_free_mail(domain: str) -> None:
    assert not is_free_mail(domain)


@pytest.mark.parametrize(
    "company",
    [
        *(
            "Acme",
            "ACME",
            "Acme GmbH",
            "Acme, Inc.",
            "Acme Ltd.",
            "Acme S.A.",
            "Acme S. A.",
            "Acme B.V.",
            "Acme AG",
            "Acme LLC",
            "The Acme Company",
        ),
        *("Acme GmbH & Co. KG", "Acme sp. z o.o.", "Acme s.r.o.", "Acme A/S", "Acme e.V.", " acme  group ", "Acmé"),
    ],
)
def test_legal_forms_do_not_count(company: str) -> None:
    assert company_keys(None, company) == {"name:acme"}


@pytest.mark.parametrize(
    "company", [None, "", " ", "-", "Freelance", "self-employed", "n/a", "selbstständig", "...", "Student"]
)
def test_no_company(company: str | None) -> None:
    assert company_keys(None, company) == frozenset()


@pytest.mark.parametrize("company", ["AG", "Co", "S.A.", "GmbH & Co. KG"])
def test_a_legal_form_alone_is_a_name(company: str) -> None:
    assert len(company_keys(None, company)) == 1


@pytest.mark.parametrize(
    "email, domain",
    [
        ("ann@acme.example", "acme.example"),
        ("ann@mail.acme.example", "acme.example"),
        ("ann@de.acme.co.uk", "acme.co.uk"),
        ("ann@acme.co.uk", "acme.co.uk"),
        ("ann@bio.uni-x.de", "uni-x.de"),
        ("ann@localhost", "localhost"),
    ],
)
def test_domains_of_colleagues(email: str, domain: str) -> None:
    assert company_keys(email, "Acme Ltd") == {f"domain:{domain}", "name:acme"}
