"""Reports of failed and late deliveries, with and without a machine-readable part, from many mail systems."""

from __future__ import annotations

import pytest

from tests.reading.letters import ORIGINAL, mail, multipart
from worker.conversation.vocabulary import Bounce, Context, Kind
from worker.reading import failure
from worker.reading.reader import examine

RETURNED = "<ask.1@owner.example>"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"


def dsn(status: str, diagnostic: str, *, action: str = "failed", more: str = "") -> bytes:
    fields = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; anna@contact.example\nAction: {action}\n"
    fields += f"Status: {status}\n{more}" + (f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else "")
    return multipart(
        "report",
        "Content-Type: text/plain\n\nYour mail could not be delivered.",
        f"Content-Type: message/delivery-status\n\n{fields}",
        f"Content-Type: message/rfc822\n\n{ORIGINAL}",
        parameters="; report-type=delivery-status",
        subject="Undelivered Mail Returned to Sender",
        sender=DAEMON,
    )


def test_a_report_with_its_fields() -> None:
    found = examine(dsn("5.1.1", "550 5.1.1 <anna@contact.example>: User unknown"), Context())
    assert found.kind is Kind.bounce
    assert not found.human
    assert found.intent is None
    assert found.bounce == Bounce(
        recipient="anna@contact.example",
        status="5.1.1",
        hard=True,
        reason="user_unknown",
        about="recipient",
        original_message_id=RETURNED,
        diagnostic="550 5.1.1 <anna@contact.example>: User unknown",
    )
    assert "user unknown" in found.why[1]


def test_a_report_in_the_owners_own_name_is_a_report() -> None:
    raw = dsn("5.1.1", "550 5.1.1 User unknown").replace(DAEMON.encode(), b"max@owner.example")
    assert examine(raw, Context(own_addresses=frozenset({"max@owner.example"}))).kind is Kind.bounce


def test_the_original_recipient_goes_before_the_final_one() -> None:
    raw = dsn("5.1.1", "550 no such user", more="Original-Recipient: rfc822;anna.old@contact.example\n")
    found = examine(raw, Context()).bounce
    assert found is not None
    assert found.recipient == "anna.old@contact.example"


@pytest.mark.parametrize(
    ("action", "kind"), [("delayed", Kind.delay), ("delivered", Kind.receipt), ("relayed", Kind.receipt)]
)
def test_only_failed_is_a_failure(action: str, kind: Kind) -> None:
    found = examine(dsn("4.4.1" if kind is Kind.delay else "2.0.0", "", action=action), Context())
    assert found.kind is kind
    assert found.bounce is None or not found.bounce.hard


def test_a_more_exact_status_in_the_diagnostic_counts() -> None:
    found = examine(dsn("5.0.0", "552 5.2.2 Mailbox full"), Context()).bounce
    assert found is not None
    assert (found.status, found.reason, found.hard) == ("5.2.2", "mailbox_full", False)


PROSE = [
    (
        "qmail",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message"
        " to the following"
        " addresses.\n\n<anna@contact.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <max@owner.example>\n",
        ("user_unknown", True, "5.1.1"),
    ),
    (
        "exim",
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to one or more of its recipients. This is a"
        " permanent error.\n\n"
        "  anna@contact.example\n    SMTP error from remote mail server after RCPT TO:<anna@contact.example>:\n"
        "    host mx.contact.example [192.0.2.1]: 550 5.1.1 unknown user\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n",
        ("user_unknown", True, "5.1.1"),
    ),
    (
        "sendmail",
        "Returned mail: see transcript for details",
        "   ----- The following addresses had permanent fatal errors -----\n<anna@contact.example>\n\n"
        "   ----- Transcript of session follows -----\n550 5.1.2 <anna@contact.example>... Host unknown\n\n"
        "   ----- Original message follows -----\n\n",
        ("host_unknown", True, "5.1.2"),
    ),
    (
        "biglobe",
        "Returned mail:",
        "   ----- The following addresses had delivery problems -----\n<anna@contact.example>\n\n"
        "   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded"
        " the local limit.\n\n"
        "   ----- Original message follows -----\n",
        ("mailbox_full", False, None),
    ),
    (
        "notes",
        "Undeliverable message",
        "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nanna@contact.example\n\n"
        "------- Returned Message --------\n",
        ("user_unknown", True, None),
    ),
    (
        "digital arts",
        "failure notice",
        "anna@contact.example\n-------server message\n550 5.1.1 unknown user"
        " <anna@contact.example>\n-------original message\n\n",
        ("user_unknown", True, "5.1.1"),
    ),
    (
        "gmx",
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to one or more of its recipients.\n\n"
        '"anna@contact.example":\nSMTP error from remote server after RCPT command:\nhost: mx.contact.example\n'
        "5.2.2 <anna@contact.example>... Mailbox Full\n\n--- The header of the original message is following. ---\n\n",
        ("mailbox_full", False, "5.2.2"),
    ),
    (
        "a pager's gateway",
        "Undeliverable Message",
        "Error:     Invalid user address\n\nYour original message is below:\n\n",
        ("user_unknown", True, None),
    ),
    (
        "greylisting that went on for days",
        "Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you that your message could not be"
        " delivered.\n\n<anna@contact.example>: host mx said:"
        " 450 4.2.0 Greylisted, please try again (in reply to RCPT TO command)\n\n-- original message --\n",
        ("greylisted", False, "4.2.0"),
    ),
    (
        "german",
        "Unzustellbar: Dreißig Minuten",
        "Die E-Mail konnte nicht zugestellt werden.\n\nanna@contact.example\nDer Empfänger existiert nicht:"
        " 550 5.1.1 Empfänger"
        " unbekannt\n\n--- Originalnachricht ---\n",
        ("user_unknown", True, "5.1.1"),
    ),
]


@pytest.mark.parametrize(("subject", "report", "expected"), [one[1:] for one in PROSE], ids=[one[0] for one in PROSE])
def test_a_report_in_words(subject: str, report: str, expected: tuple[str, bool, str | None]) -> None:
    found = examine(mail(report + ORIGINAL, subject=subject, sender=DAEMON), Context())
    assert found.kind is Kind.bounce
    assert found.bounce is not None
    assert (found.bounce.reason, found.bounce.hard, found.bounce.status) == expected
    assert found.bounce.recipient == "anna@contact.example"
    assert found.bounce.original_message_id == RETURNED
    assert "Dear Anna" not in found.new_text


WITHOUT_ORIGINAL = [
    (
        "exchange 5.5",
        "Undeliverable: Thirty minutes",
        "Your message\n\n  To:      anna@contact.example\n  Subject: Thirty minutes\n\ndid not reach the"
        " following recipient(s):\n\n"
        "anna@contact.example on Tue, 3 Mar 2026 10:00:00\n    The recipient name is not recognized\n",
        ("user_unknown", True),
    ),
    (
        "domino",
        "DELIVERY FAILURE: User anna not listed in Domino Directory",
        "Your message\n\n  Subject: Thirty minutes\n\nwas not delivered to:\n\n  anna@contact.example\n\nbecause:\n\n"
        "  User anna (anna@contact.example) not listed in Domino Directory\n",
        ("user_unknown", True),
    ),
    (
        "mailmarshal",
        'Undeliverable Mail: "Thirty minutes"',
        "Your message:\n   From:    max@owner.example\n   Subject: Thirty minutes\n\nCould not be delivered"
        " because of\n\n"
        "550 5.1.1 User unknown\n\nThe following recipients were affected: \n    anna@contact.example\n",
        ("user_unknown", True),
    ),
    (
        "surfcontrol",
        "Notification: Undeliverable mail",
        "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nAddressed To:"
        " anna@contact.example\n\nFailed to send to identified host,\nanna@contact.example: [192.0.2.5], 550"
        " No such user\n",
        ("user_unknown", True),
    ),
    (
        "mimecast",
        "[Postmaster] Email Delivery Failure",
        "This is a delivery failure notification message indicating that\nan email you addressed to email address :\n"
        "--   anna@contact.example\n\ncould not be delivered. The problem appears to be :\n-- Recipient"
        " server rejected the"
        " email\n\n-- 554 Email rejected due to security policies\n",
        ("policy", False),
    ),
    (
        "our own quota",
        "Delivery Status Notification (Failure)",
        "You have reached a limit for sending mail. Your message was not sent to anna@contact.example.\n\n"
        "The error was: 550 5.4.5 Daily user sending limit exceeded.\n",
        ("quota", False),
    ),
]


@pytest.mark.parametrize(
    ("subject", "report", "expected"), [one[1:] for one in WITHOUT_ORIGINAL], ids=[one[0] for one in WITHOUT_ORIGINAL]
)
def test_a_report_that_returns_nothing(subject: str, report: str, expected: tuple[str, bool]) -> None:
    found = examine(mail(report, subject=subject, sender=DAEMON), Context()).bounce
    assert found is not None
    assert (found.reason, found.hard) == expected
    assert found.recipient == "anna@contact.example"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            "Warning: message 1abc delayed 24 hours",
            "has not yet been delivered to one or more of its recipients:\n\n  {to}\n",
        ),
        ("Delivery Status Notification (Delay)", "Delivery to the following recipient has been delayed:\n\n  {to}\n"),
        (
            "Delayed Mail (still being retried)",
            "could not be delivered for 4 hours. It will be retried.\n\n<{to}>: 450 busy\n",
        ),
        ("Warning: Message still undelivered", "THIS IS A WARNING MESSAGE ONLY. HAS NOT YET BEEN DELIVERED: {to}\n"),
    ],
)
def test_a_delay_is_no_failure(subject: str, words: str) -> None:
    body = "This is the mail system. Your message " + words.format(to="anna@contact.example")
    found = examine(mail(body, subject=subject, sender=DAEMON), Context())
    assert found.kind is Kind.delay
    assert found.bounce is not None
    assert not found.bounce.hard


HUMAN: list[tuple[str, str, dict[str, str]]] = [
    ("Hello", "Your message did not reach me at first. Gladly!", {"sender": "Norman Mailer <norman@contact.example>"}),
    (
        "Re: Thirty minutes",
        "Your message was rejected by our filter, I let it through. Gladly!",
        {"sender": "Postmaster <postmaster@contact.example>", "In_Reply_To": "<ask.1@owner.example>"},
    ),
    (
        "Undeliverable packages",
        "Your packages could not be delivered and were returned to sender. Call me?\n\nAnna",
        {},
    ),
    ("Re: Undelivered Mail Returned to Sender", "It came back: 550 5.1.1 user unknown. Try this address.", {}),
    ("Delivery failed", "The delivery failed yesterday. I am sorry! Shall we talk on Monday?", {}),
    ("Re: Thirty minutes", "My old mailbox is full, so your mail was returned. Gladly on Tuesday.", {}),
    ("Re: Thirty minutes", "I am the postmaster here, nice to meet you.", {"sender": "postmaster@contact.example"}),
    (
        "Fwd: Undelivered Mail Returned to Sender",
        "See below.\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\n",
        {},
    ),
]


@pytest.mark.parametrize(("subject", "body", "more"), HUMAN)
def test_people_who_write_about_mail_are_people(subject: str, body: str, more: dict[str, str]) -> None:
    found = examine(mail(body, subject=subject, **more), Context())
    assert found.kind is Kind.reply
    assert found.human


def test_a_report_that_somebody_forwards_is_theirs() -> None:
    inner = dsn("5.1.1", "550 unknown").decode().replace("edge", "inner")
    raw = multipart("mixed", "Content-Type: text/plain\n\nWhat is this?", f"Content-Type: message/rfc822\n\n{inner}")
    assert examine(raw, Context()).kind is Kind.reply


def test_a_notification_of_amazon_in_json() -> None:
    recipients = r"[{\"emailAddress\":\"anna@contact.example\",\"action\":\"failed\",\"status\":\"5.1.1\","
    body = r'{"Message" : "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":' + recipients
    body += r'\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]}}"}'
    found = examine(mail(body, subject="AWS Notification Message", sender="no-reply@sns.amazonaws.com"), Context())
    assert found.kind is Kind.bounce
    assert found.bounce is not None
    assert (found.bounce.recipient, found.bounce.hard) == ("anna@contact.example", True)


SERVERS = [
    (
        "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table",
        "user_unknown",
        True,
    ),
    (
        "450 4.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table",
        "user_unknown",
        True,
    ),
    ("450 4.1.1 <a@b.example>: Recipient address rejected: unverified address: timed out", "expired", False),
    ("host mx[192.0.2.4] said: 550 5.1.1 User not listed in directory (in reply to RCPT TO)", "user_unknown", True),
    ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "user_unknown", True),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "user_unknown", True),
    ("550 <user.unknown@b.example>: mailbox full", "mailbox_full", False),
    ("452-4.2.2 The recipient's inbox is out of storage space.", "mailbox_full", False),
    (
        "550 5.7.1 Unfortunately, messages from [192.0.2.3] weren't sent. Part of their network is on our block list",
        "reputation",
        False,
    ),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.4] blocked using zen.spamhaus.org", "reputation", False),
    ("421 4.7.28 Our system has detected an unusual rate of unsolicited mail", "rate_limited", False),
    ("550 5.7.30 Basic authentication is not supported for Client Submission.", "account", False),
    ("550 5.4.5 Daily user sending quota exceeded.", "quota", False),
    ("550 5.7.26 This mail is unauthenticated, which poses a security risk", "authentication", False),
    ("550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy", "policy", False),
    ("550 5.2.1 The email account that you tried to reach is disabled.", "disabled", True),
    ("554 5.4.14 Hop count exceeded - possible mail loop", "network", False),
    ("550 5.4.310 DNS domain b.example does not exist", "host_unknown", True),
    (
        "Host or domain name not found. Name service error for name=b.example: Host not found, try again",
        "network",
        False,
    ),
    ("451 4.7.1 Greylisting in action, please come back later", "greylisted", False),
    ("552 5.3.4 Message size exceeds fixed limit", "too_large", False),
    ("550 5.7.1 Unable to relay", "relaying", False),
    ("550 Helo command rejected: Host not found", "policy", False),
    ("553 5.1.8 <max@owner.example>... Domain of sender address does not exist", "rejected", False),
    ("all relevant MX records point to non-existent hosts", "host_unknown", True),
    ("556 5.1.10 Recipient address has null MX", "no_mail_here", True),
    ("550 Utilisateur inconnu", "user_unknown", True),
    ("550 El usuario no existe", "user_unknown", True),
    ("550 Utente sconosciuto", "user_unknown", True),
    ("450 mailbox unavailable", "user_unknown", False),
]


@pytest.mark.parametrize(("words", "reason", "hard"), SERVERS)
def test_what_servers_say(words: str, reason: str, hard: bool) -> None:
    found = failure.of(words, failure.enhanced(words), failure.reply_code(words))
    assert (found.reason, found.hard) == (reason, hard)


@pytest.mark.parametrize(
    ("reason", "about"),
    [
        ("user_unknown", "recipient"),
        ("reputation", "policy"),
        ("quota", "account"),
        ("too_large", "message"),
        ("expired", "network"),
    ],
)
def test_whom_a_failure_concerns(reason: str, about: str) -> None:
    assert failure.CONCERNS[reason][1] == about


def test_an_address_is_no_status_code() -> None:
    assert failure.enhanced("host 5.1.1.12 said 550 no such user") is None
    assert failure.enhanced("(#5.1.1)") == "5.1.1"
