"""What servers say in words of their own: of the recipient, of us, of nothing."""

from __future__ import annotations

import pytest

from worker.mailbox.answers import About, Result, Stage, in_the_same_words, sorted_out

GMX = "Requested action not taken: mailbox unavailable"
LINK = "For explanation visit https://postmaster.gmx.net/en/case?c=r1601&i=ip&v=1.2.3.4&r=abc"

DEAD = [
    "5.2.1 mail sending to this mailbox is blocked",
    "Message submission to this recipient has been disabled",
    f"{GMX}\n{LINK}",
    "User unknown (IP 1.2.3.4)",
    # Exim's, of a domain
    "all relevant MX records point to non-existent hosts",
    "an MX or SRV record indicated no SMTP service",
    "all host address lookups failed permanently",
    *(
        "No mailbox",
        "No user",
        "bad user",
        "non-existing user",
        "nonexisting mailbox",
        "not found",
        "unknown",
        "invalid",
    ),
    *("mailbox for x@y.example is not available", "can't find user", "user has left the organisation"),
    *("Empfängeradresse ungültig", "Postfach deaktiviert", "Destinataire invalide", "Dirección no válida"),
    *("Buzón no disponible", "Indirizzo non valido", "sorry, that address is not in my validrcptto list"),
    "5.2.1 The account you are sending to has been disabled",
    "Recipient unknown. Please check your account settings",
    "No such user. Please check your email account address book",
    "5.1.1 <x@y.example>: Recipient address rejected: User unknown in relay recipient table",
    "5.1.1 The email account that you tried to reach does not exist. See https://support.google.com/mail/?p=NoSuchUser",
]
OURS = [
    *("5.7.1 HELO domain unknown", "5.7.1 EHLO domain is unknown", "5.7.1 Your host unknown"),
    "5.7.1 <[10.0.0.2]>: Helo command rejected: Domain unknown",
    "5.7.1 <x>: Helo command rejected: Host not found",
    "5.7.1 MAIL FROM domain unknown",
    "5.7.1 发件人不存在",
    "5.7.1 Service unavailable; Client host [1.2.3.4] blocked using zen.spamhaus.org",
    "5.1.2 Relay not allowed",
    "SMTP AUTH is required for message submission",
    'Outgoing mail from "me@x.example" has been suspended.',
    "SMTP sending is disabled for your account",
    "Your account has been suspended",
    "no such user, and your IP is on a blacklist",
    "mailbox unavailable; IP 1.2.3.4 is blocked",
]
NOBODYS = [
    *("Unbekannter Fehler", "Erreur inconnue", "Ukendt fejl", "Tuntematon virhe", "Avsenderen finnes ikke"),
    *("Please try later", "Error: please try later.", "Your domain does not accept mail"),
    f"{GMX}\nReject due to policy restrictions.\n{LINK}",
    f"{GMX}\ninvalid DNS MX or A/AAAA resource record",
    "The user you are sending mail to has been suspended at their own wish",
]


@pytest.mark.parametrize("text", DEAD)
def test_an_address_that_is_called_dead(text: str) -> None:
    found = sorted_out(Stage.rcpt, 550, text)
    assert (found.result, found.about, found.hard) == (Result.refused, About.recipient, True)


@pytest.mark.parametrize("text", OURS)
def test_a_refusal_that_is_about_us(text: str) -> None:
    found = sorted_out(Stage.rcpt, 550, text)
    assert (found.result, found.about, found.hard) == (Result.refused, About.policy, False)


@pytest.mark.parametrize("text", NOBODYS)
def test_words_that_call_nobody_dead(text: str) -> None:
    assert not sorted_out(Stage.rcpt, 550, text).hard


def test_somebody_who_has_moved_is_gone() -> None:
    assert sorted_out(Stage.rcpt, 551, "User has moved; please try y@z.example").hard
    assert sorted_out(Stage.rcpt, 551, "Nothing that anybody knows").hard


def test_a_mail_that_is_too_large_is_so_at_mail_too() -> None:
    texts = ("5.3.4 Message size exceeds the maximum permitted size", "Message size exceeds the limit")
    for text in (*texts, "Message Size exceeds the limit"):
        found = sorted_out(Stage.mail, 552, text)
        assert (found.result, found.about) == (Result.refused, About.message)


def test_too_many_recipients_of_any_kind_are_a_limit() -> None:
    assert sorted_out(Stage.rcpt, 550, "Too many invalid recipients").about is About.account


@pytest.mark.parametrize(
    "answer", ["552 5.2.2 Mailbox has reached its size limit", "450 4.1.2 Recipient address rejected: Domain not found"]
)
def test_a_full_mailbox_and_a_domain_that_is_not_found_are_theirs(answer: str) -> None:
    assert not in_the_same_words(answer, answer)
