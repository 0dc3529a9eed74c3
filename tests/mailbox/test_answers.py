"""What the answers of real SMTP servers are taken to mean."""

from itertools import product

import pytest

from worker.mailbox.answers import (
    DAILY,
    GREYLISTED,
    LATER,
    RATE,
    RECONNECT,
    About,
    Outcome,
    Result,
    Stage,
    accepted,
    in_the_same_words,
    lost,
    sorted_out,
    uncertain,
)

# stage, code, text, result, about, hard
ANSWERS = [
    # a dead address
    ("rcpt", 550, "5.1.1 <x@example.org>: Recipient address rejected: User unknown", "refused", "recipient", True),
    (
        "rcpt",
        550,
        "5.1.1 The email account that you tried to reach does not exist. Please try\n5.1.1 double-checking",
        "refused",
        "recipient",
        True,
    ),
    ("rcpt", 550, "No such user here", "refused", "recipient", True),
    ("rcpt", 550, "Requested action not taken: mailbox unavailable", "refused", "recipient", True),
    ("rcpt", 550, "5.5.0 Requested action not taken: mailbox unavailable", "refused", "recipient", True),
    ("rcpt", 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "refused", "recipient", True),
    ("rcpt", 550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)", "refused", "recipient", True),
    ("rcpt", 550, "5.2.1 The email account that you tried to reach is disabled.", "refused", "recipient", True),
    ("rcpt", 550, "Unrouteable address", "refused", "recipient", True),
    ("rcpt", 550, "Benutzer unbekannt", "refused", "recipient", True),
    ("rcpt", 551, "User not local", "refused", "recipient", True),
    ("rcpt", 553, "sorry, no mailbox here by that name", "refused", "recipient", True),
    (
        "rcpt",
        554,
        "delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com)",
        "refused",
        "recipient",
        True,
    ),
    ("rcpt", 554, "5.1.2 Domain not found", "refused", "recipient", True),
    ("rcpt", 556, "5.1.10 Recipient address has null MX", "refused", "recipient", True),
    ("rcpt", 501, "5.1.3 Bad recipient address syntax", "refused", "recipient", True),
    ("rcpt", 550, "", "refused", "recipient", True),
    ("rcpt", 550, "5.1.0", "refused", "recipient", True),
    ("rcpt", 550, "#5.1.0 Address rejected.", "refused", "recipient", True),
    ("rcpt", 550, "5.1.0 <x@y.example>: Recipient address rejected", "refused", "recipient", True),
    ("rcpt", 550, "5.1.0 Skrzynka nie istnieje", "refused", "recipient", True),
    ("rcpt", 551, "User not local; please try <z@y.example>", "refused", "recipient", True),
    ("rcpt", 553, "Requested action not taken: mailbox name not allowed", "refused", "recipient", True),
    ("rcpt", 501, "Syntax error in parameters or arguments", "refused", "recipient", True),
    ("body", 550, "Host unknown", "refused", "recipient", True),
    ("body", 550, "5.1.1 unknown user", "refused", "recipient", True),
    ("body", 550, "user unknown", "refused", "recipient", True),
    ("body", 551, "no such user", "refused", "recipient", True),
    ("body", 553, "no such user", "refused", "recipient", True),
    # an address that takes nothing now, or not from us
    ("rcpt", 550, "nothing that anybody understands", "refused", "recipient", False),
    ("rcpt", 553, "nothing that anybody understands", "refused", "recipient", False),
    ("rcpt", 550, "5.1.0 Wiadomość odrzucona przez serwer", "refused", "recipient", False),
    ("body", 550, "5.1.0 Nadawca nie istnieje", "refused", "recipient", False),
    ("body", 554, "5.2.0 STOREDRV.Deliver.Exception:QuotaExceededException; full", "refused", "recipient", False),
    ("rcpt", 450, "4.2.0 mailbox busy", "retry", "recipient", False),
    ("rcpt", 450, "Requested mail action not taken", "retry", "recipient", False),
    ("rcpt", 451, "4.7.1 Greylisting in action, please come back later", "retry", "recipient", False),
    (
        "rcpt",
        450,
        "4.2.0 <x@y.example>: Recipient address rejected: Greylisted, see http://postgrey",
        "retry",
        "recipient",
        False,
    ),
    ("rcpt", 452, "4.2.2 The email account that you tried to reach is over quota.", "retry", "recipient", False),
    ("rcpt", 450, "4.3.0 <x@y.example>: Recipient address rejected: try again", "retry", "recipient", False),
    ("rcpt", 450, "4.7.1 <x@y.example>: Recipient address rejected: Greylisted", "retry", "recipient", False),
    ("rcpt", 451, "4.7.1 try again later", "retry", "recipient", False),
    ("rcpt", 451, "4.3.0 <x@y.example>: Temporary lookup failure", "retry", "recipient", False),
    ("rcpt", 452, "4.2.2 mailbox full", "retry", "recipient", False),
    ("rcpt", 452, "4.3.1 Insufficient system storage", "retry", "recipient", False),
    (
        "rcpt",
        450,
        "4.2.1 The user you are trying to contact is receiving mail too quickly",
        "retry",
        "recipient",
        False,
    ),
    ("rcpt", 552, "5.2.2 mailbox full", "refused", "recipient", False),
    ("rcpt", 552, "Requested mail action aborted: exceeded storage allocation", "refused", "recipient", False),
    ("rcpt", 550, "Mailbox is full / quota exceeded", "refused", "recipient", False),
    ("rcpt", 550, "5.7.133 sender not authenticated for group", "refused", "recipient", False),
    ("rcpt", 550, "Rejected", "refused", "recipient", False),
    ("rcpt", 550, "5.5.0 The recipient account is blocked.", "refused", "recipient", False),
    ("rcpt", 550, "5.7.1 RESOLVER.RST.AuthRequired; authentication required", "refused", "recipient", False),
    # our account has to wait
    *(
        (stage, 550, "5.4.6 Unusual sending activity detected. Please try after sometime", "retry", "account", False)
        for stage in ("mail", "rcpt", "data", "body")
    ),
    (
        "body",
        554,
        "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a "
        "permanent exception with message Cannot submit message.",
        "retry",
        "account",
        False,
    ),
    ("mail", 552, "5.2.2 mailbox full", "retry", "account", False),
    ("mail", 552, "Requested mail action aborted: exceeded storage allocation", "retry", "account", False),
    ("mail", 421, "4.7.0 Try again later, closing connection.", "retry", "account", False),
    ("rcpt", 421, "Service not available, closing transmission channel", "retry", "account", False),
    ("rcpt", 450, "4.2.1 Sending limit reached", "retry", "account", False),
    ("rcpt", 452, "4.5.4 Too many messages in this connection", "retry", "account", False),
    ("rcpt", 452, "Too many recipients received this hour", "retry", "account", False),
    ("rcpt", 450, "4.1.8 <a@b.example>: Sender address rejected: Domain not found", "retry", "account", False),
    ("rcpt", 450, "4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]", "retry", "account", False),
    ("rcpt", 454, "4.7.1 <x@y.example>: Relay access denied", "retry", "account", False),
    ("body", 421, "4.7.28 Gmail has detected an unusual rate of mail", "retry", "account", False),
    ("mail", 454, "4.7.0 Too many login attempts, please try again later", "retry", "account", False),
    ("body", 550, "5.4.5 Daily user sending limit exceeded", "retry", "account", False),
    ("rcpt", 550, "5.4.5 Daily SMTP relay sending limit exceeded for user", "retry", "account", False),
    (
        "rcpt",
        554,
        "Domain example.org has exceeded the max emails per hour (150/150) allowed.",
        "retry",
        "account",
        False,
    ),
    ("rcpt", 452, "4.5.3 Too many recipients", "retry", "account", False),
    ("mail", 452, "4.3.1 Insufficient system storage", "retry", "account", False),
    ("mail", 451, "4.3.0 Temporary server error", "retry", "account", False),
    ("body", 451, "4.3.0 queue file write error", "retry", "account", False),
    ("rcpt", 450, "4.7.1 Error: too much mail from 192.0.2.1", "retry", "account", False),
    # the owner has to do something
    (
        "body",
        554,
        "5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent "
        "exception with message WASCL UserAction verdict is not None. Actual verdict is Suspend.",
        "refused",
        "policy",
        False,
    ),
    (
        "body",
        554,
        "5.2.252 SendAsDenied; a@b.example not allowed to send as c@b.example; "
        "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
        "refused",
        "policy",
        False,
    ),
    ("body", 554, "5.2.0 STOREDRV.Submission.Exception:SomethingElse; x", "refused", "policy", False),
    ("body", 552, "5.2.0 Message rejected as spam", "refused", "policy", False),
    ("rcpt", 550, "SMTP AUTH is required for message submission", "refused", "policy", False),
    ("rcpt", 550, 'Outgoing mail from "me@b.example" has been suspended.', "refused", "policy", False),
    ("rcpt", 550, 'Outgoing email from "me@b.example" has been suspended.', "refused", "policy", False),
    ("rcpt", 550, "SMTP sending is disabled for your account", "refused", "policy", False),
    ("rcpt", 550, "5.2.1 Your account has been disabled", "refused", "policy", False),
    ("rcpt", 550, "5.1.0 Your account has been disabled", "refused", "policy", False),
    ("mail", 550, "5.2.1 mailbox disabled", "refused", "policy", False),
    ("mail", 550, "5.4.4 no route", "refused", "policy", False),
    ("mail", 550, "5.4.6 loop", "refused", "policy", False),
    ("mail", 530, "5.7.0 Authentication Required", "refused", "policy", False),
    ("mail", 550, "5.7.30 Basic authentication is not supported for Client Submission.", "refused", "policy", False),
    ("mail", 535, "5.7.139 Authentication unsuccessful", "refused", "policy", False),
    (
        "mail",
        553,
        "5.7.1 <a@b.example>: Sender address rejected: not owned by user c@d.example",
        "refused",
        "policy",
        False,
    ),
    ("rcpt", 554, "5.7.1 <x@y.example>: Relay access denied", "refused", "policy", False),
    ("rcpt", 550, "relaying denied", "refused", "policy", False),
    (
        "rcpt",
        550,
        "5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org",
        "refused",
        "policy",
        False,
    ),
    ("rcpt", 554, "Your IP is blacklisted, mailbox unavailable", "refused", "policy", False),
    (
        "body",
        550,
        "5.7.1 Our system has detected that this message is likely unsolicited mail",
        "refused",
        "policy",
        False,
    ),
    ("body", 554, "5.7.1 Message rejected as spam", "refused", "policy", False),
    ("body", 554, "Transaction failed", "refused", "policy", False),
    ("mail", 550, "sender verify failed", "refused", "policy", False),
    ("mail", 550, "5.1.8 Sender address rejected: Domain not found", "refused", "policy", False),
    ("mail", 501, "5.1.7 Bad sender address syntax", "refused", "policy", False),
    ("body", 554, "no such user", "refused", "policy", False),
    ("body", 552, "no such user", "refused", "message", False),
    ("mail", 550, "no such user", "refused", "policy", False),
    ("data", 553, "no such user", "refused", "policy", False),
    # this mail
    ("body", 550, "malformed message", "refused", "message", False),
    ("body", 550, "the message is too large", "refused", "message", False),
    ("mail", 552, "5.3.4 Message size exceeds fixed maximum message size", "refused", "message", False),
    ("body", 552, "Message too large", "refused", "message", False),
    ("body", 554, "5.6.0 Message contains invalid header", "refused", "message", False),
    ("body", 554, "5.6.0 STOREDRV.Submission.Exception:CorruptData; x", "refused", "message", False),
    ("body", 554, "5.2.3 STOREDRV.Submission.Exception:MaxSubmissionExceeded; x", "refused", "message", False),
    ("body", 550, "5.6.0 Lone CR or LF in headers", "refused", "message", False),
    ("rcpt", 550, "5.6.7 SMTPUTF8 is required", "refused", "message", False),
    ("body", 554, "5.2.3 Message length exceeds the recipient's limit", "refused", "message", False),
    # the line
    ("data", 503, "5.5.1 Bad sequence of commands", "retry", "connection", False),
    ("mail", -1, "nonsense", "retry", "connection", False),
    ("mail", 354, "what", "retry", "connection", False),
]


@pytest.mark.parametrize(
    "stage, code, text, result, about, hard", ANSWERS, ids=[f"{a[0]} {a[1]} {a[2][:40]}" for a in ANSWERS]
)
def test_an_answer_is_sorted_by_what_it_is_about(stage, code, text, result, about, hard):
    outcome = sorted_out(Stage(stage), code, text)
    assert (outcome.result, outcome.about, outcome.hard) == (Result(result), About(about), hard)
    assert outcome.code == code
    assert (outcome.retry_after is not None) == (outcome.result is Result.retry)


def test_greylisting_waits_half_an_hour_whatever_the_server_says():
    outcome = sorted_out(Stage.rcpt, 450, "4.2.0 Greylisted for 300 seconds")
    assert outcome.retry_after == GREYLISTED == 1800
    assert sorted_out(Stage.rcpt, 451, "greylisted, try again in 2 hours").retry_after == 7200


WAITS = [
    # stage, code, text, seconds
    ("rcpt", 450, "4.2.0 mailbox busy", GREYLISTED),
    ("rcpt", 450, "4.2.0 mailbox busy, retry in 10 minutes", GREYLISTED),
    ("rcpt", 450, "4.2.0 mailbox busy, retry in 45 minutes", 45 * 60),
    ("body", 451, "4.6.0 try again", GREYLISTED),
    ("mail", 451, "4.3.0 Temporary server error", LATER),
    ("mail", 451, "4.3.0 wait 90 seconds", 90),
    ("mail", 451, "4.3.0 wait 5 s", 60),
    ("mail", 451, "4.3.0 try again in 3 h", 3 * 3600),
    ("mail", 451, "4.3.0 try again after 2 hours", 2 * 3600),
    ("mail", 451, "4.3.0 try again after 99 hours", 24 * 3600),
    ("mail", 451, "4.3.0 try again in 7 m", 7 * 60),
    ("mail", 421, "4.7.0 too many connections", RATE),
    ("mail", 421, "4.7.0 too many connections, wait 2 minutes", 120),
    ("mail", 421, "4.3.2 shutting down", LATER),
    ("rcpt", 550, "too many messages this hour", RATE),
    ("rcpt", 550, "too many messages per day", DAILY),
    ("mail", 450, "4.7.1 daily limit", DAILY),
    ("mail", 450, "4.7.1 sending limit of 24h reached", DAILY),
    ("body", 550, "5.4.5 limit", DAILY),
    ("body", 550, "5.7.28 rate", RATE),
    ("body", 550, "5.7.28 rate, retry in 30 seconds", 60),
    ("data", 503, "5.5.1 Bad sequence of commands", RECONNECT),
    ("mail", -1, "nonsense", RECONNECT),
]


@pytest.mark.parametrize("stage, code, text, seconds", WAITS)
def test_how_long_a_mail_waits(stage, code, text, seconds):
    assert sorted_out(Stage(stage), code, text).retry_after == seconds


def test_what_became_of_a_mail_is_kept_with_the_servers_words():
    said = "2.0.0 queued\n2.0.0 as  7A\x07B"
    assert accepted(250, said) == Outcome(Result.accepted, About.message, False, 250, "2.0.0", "2.0.0 queued as 7A B")
    assert lost("gone\naway") == Outcome(Result.retry, About.connection, text="gone away", retry_after=RECONNECT)
    assert uncertain("no\nanswer") == Outcome(Result.uncertain, About.connection, text="no answer")
    assert sorted_out(Stage.body, 354, "4.1.1 what") == Outcome(
        Result.retry, About.connection, False, 354, "4.1.1", "4.1.1 what", RECONNECT
    )


def test_a_daily_limit_waits_for_hours():
    assert sorted_out(Stage.body, 550, "5.4.5 Daily user sending limit exceeded").retry_after == DAILY


def test_a_server_that_names_a_time_is_heard():
    assert sorted_out(Stage.mail, 451, "4.7.1 slow down, retry in 20 minutes").retry_after == 1200


def test_the_status_is_found_and_said_once():
    outcome = sorted_out(Stage.rcpt, 550, "5.1.1 The account\n5.1.1 does not exist\x07 https://x.example/ l1 - gsmtp")
    assert outcome.status == "5.1.1"
    assert outcome.text == "5.1.1 The account does not exist https://x.example/ l1 - gsmtp"


def test_an_address_of_the_network_is_no_status():
    assert sorted_out(Stage.rcpt, 550, "host 5.1.1.5 says no such user").status is None


@pytest.mark.parametrize("stage", list(Stage))
def test_every_code_has_a_meaning(stage):
    for code, text in product(range(400, 600), ("", "5.7.1", "4.4.4 x", "x" * 3000, "\n\n")):
        outcome = sorted_out(stage, code, text)
        assert outcome.result in (Result.refused, Result.retry)
        assert len(outcome.text) <= 500
        if code < 500:
            assert outcome.result is Result.retry
            assert not outcome.hard


SAME = [
    (
        "450 4.3.0 <a@x.example>: Recipient address rejected: try again",
        "450 4.3.0 <b@y.example>: Recipient address rejected: try again",
    ),
    (
        "451 4.3.0 Temporary lookup failure (in reply to RCPT) id=1h2j3",
        "451 4.3.0 Temporary lookup failure (in reply to RCPT) id=9k8l7",
    ),
    ("450 mail.one.example busy", "450 mail.two.example busy"),
    ("450 4.3.0 <a@x.example>: try again", "450 4.3.0 Try again"),
    ("554 5.2.0 <a@x.example> Cannot be sent, id=1h2j3", "554 5.2.0 <b@y.example> cannot be sent, id=9k8l7"),
    ("550 5.7.1 <a@x.example>: Not today", "550 5.7.1 <b@y.example>: Not today"),
    ("550 Rejected", "550 Rejected"),
    ("554", "554"),
]
OTHER = [
    ("450 4.3.0 try again", "451 4.3.0 try again"),
    ("450 4.3.0 Recipient address rejected", "450 4.3.0 Temporary lookup failure"),
    ("450 4.2.0 Greylisted", "450 4.2.0 Greylisted"),
    ("452 4.2.2 mailbox full", "452 4.2.2 mailbox full"),
    ("550 5.2.0 cannot be sent", "554 5.2.0 cannot be sent"),
    ("552 5.2.2 mailbox full", "552 5.2.2 mailbox full"),
    ("550 5.7.133 sender not authenticated for group", "550 5.7.133 sender not authenticated for group"),
    ("550 5.7.1 RESOLVER.RST.NotAuthorized", "550 5.7.1 RESOLVER.RST.NotAuthorized"),
    ("550 5.5.0 The recipient account is blocked.", "550 5.5.0 The recipient account is blocked."),
    ("553 5.6.7 no SMTPUTF8", "553 5.6.7 no SMTPUTF8"),
    ("250 ok", "250 ok"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_answer_to_two_recipients_is_recognised(one, other):
    assert in_the_same_words(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_answers_and_those_about_one_address_are_not_the_same(one, other):
    assert not in_the_same_words(one, other)
