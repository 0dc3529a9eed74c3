"""The presets, and what follows from them."""

import pytest

from worker.mailbox.access import Security
from worker.mailbox.providers import PROVIDERS, SignIn, for_address, for_host


@pytest.mark.parametrize(
    "address, name, files_sent",
    [
        ("a@gmail.com", "Gmail", True),
        ("a@GoogleMail.com", "Gmail", True),
        ("a@outlook.com", "Outlook.com", True),
        ("a@contoso.onmicrosoft.com", "Microsoft 365", True),
        ("a@me.com", "iCloud", True),
        ("a@yahoo.co.uk", "Yahoo", False),
        ("a@fastmail.com", "Fastmail", False),
        ("a@proton.me", "Proton Bridge", True),
        ("a@gmx.de", "GMX", False),
        ("a@web.de", "web.de", False),
        ("a@zoho.com", "Zoho Mail", True),
        ("a@ionos.de", "IONOS", False),
        ("a@mailbox.org", "mailbox.org", False),
        ("a@posteo.net", "Posteo", False),
    ],
)
def test_a_provider_is_known_by_the_address(address, name, files_sent):
    provider = for_address(address)
    assert provider is not None
    assert (provider.name, provider.files_sent) == (name, files_sent)


@pytest.mark.parametrize(
    "address", ["a@example.org", "a@notgmail.com", "a@gmail.com.example", "gmail.com@x.example", "", "a@"]
)
def test_others_are_not_known(address):
    assert for_address(address) is None


def test_a_domain_of_ones_own_is_known_by_the_host():
    workspace = for_host("IMAP.gmail.com.")
    assert workspace is not None
    assert workspace.watch == ("all", "junk")
    assert for_host("smtp.office365.com").files_sent
    assert for_host("mail.example.org") is None
    assert for_host("127.0.0.1") is None


def test_icloud_signs_in_by_the_local_part():
    assert for_address("jane@icloud.com").imap_username("jane@icloud.com") == "jane"
    assert for_address("jane@gmx.de").imap_username("jane@gmx.de") == "jane@gmx.de"


def test_every_preset_is_encrypted_and_no_domain_is_given_twice():
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    assert len(domains) == len(set(domains))
    for provider in PROVIDERS:
        assert Security.plain not in (provider.imap.security, provider.smtp.security)
        if provider.sign_in is not SignIn.password:
            assert provider.hint
