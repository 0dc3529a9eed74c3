"""The way of a mail through SMTP, and what is known when it breaks off at any place."""

import re
import smtplib

import pytest

from tests.servers.scripted import Cut, Expect, Read, ReadMail, Say, Scripted, Stall, scripted, smtp_start
from worker.errors import ServerMisbehaved, ServerUnreachable, SignInRefused
from worker.mailbox import smtp
from worker.mailbox.access import SmtpAccess
from worker.mailbox.answers import About, Result

RAW = b"From: o@example.org\r\nTo: c@example.org\r\nSubject: hello\r\n\r\n.one\r\n..two\r\n.\r\nthree\r\n"


def access(server: Scripted, **more) -> SmtpAccess:
    values = {"security": "plain", "timeout": 2.0, "answer_timeout": 0.3}
    return SmtpAccess(
        **(
            {"host": server.host, "port": server.port, "username": "o@example.org", "secret": lambda: "sesame"}
            | values
            | more
        )
    )


def submit(server: Scripted, raw: bytes = RAW, recipient: str = "c@example.org", **more):
    """The outcome, and how often before_data was called."""
    calls = []
    with smtp.open(access(server, **more)) as session:
        outcome = session.submit("o@example.org", recipient, raw, before_data=lambda: calls.append(len(server.heard)))
    return outcome, len(calls)


MAIL = [Expect("MAIL FROM:<o@example.org>"), Say("250 2.1.0 ok")]
RCPT = [Expect("RCPT TO:<c@example.org>"), Say("250 2.1.5 ok")]
DATA = [Expect("DATA"), Say("354 go ahead")]
QUIT = [Expect("QUIT"), Say("221 bye")]


def test_a_mail_arrives_as_it_was_written():
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 2.0.0 queued as 1"), *QUIT]) as server:
        outcome, committed = submit(server)
    assert (outcome.result, outcome.code, outcome.text) == (Result.accepted, 250, "2.0.0 queued as 1")
    assert committed == 1
    [mail] = server.heard[0].mails
    assert mail == RAW.replace(b"\r\n.", b"\r\n..") + b".\r\n"


@pytest.mark.parametrize("raw", [b"a\nb\n", b"a\rb", b"a\r\nb", b"a\r\r\nb\n\r\n"])
def test_line_ends_are_canonical(raw):
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        submit(server, b"Subject: x\n\n" + raw)
    [mail] = server.heard[0].mails
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", mail)
    assert mail.endswith(b"\r\n.\r\n")


BEFORE_DATA = {
    "at the greeting of MAIL": [Expect("MAIL"), Cut()],
    "in the middle of the answer to MAIL": [Expect("MAIL"), Say(b"25"), Cut()],
    "after the answer to MAIL": [*MAIL, Cut(reset=False)],
    "at RCPT": [*MAIL, Expect("RCPT"), Cut()],
    "at RCPT, in order": [*MAIL, Expect("RCPT"), Cut(reset=False)],
    "at RCPT, in silence": [*MAIL, Expect("RCPT"), Stall()],
}


@pytest.mark.parametrize("where", BEFORE_DATA)
def test_a_connection_lost_before_data_is_a_retry_and_nothing_was_committed(where):
    with scripted([*smtp_start(), *BEFORE_DATA[where]]) as server:
        outcome, committed = submit(server, timeout=0.5)
    assert (outcome.result, outcome.about) == (Result.retry, About.connection)
    assert committed == 0


BEFORE_THE_DOT = {
    "at DATA": [Expect("DATA"), Cut()],
    "at DATA, in order": [Expect("DATA"), Cut(reset=False)],
    "at DATA, in silence": [Expect("DATA"), Stall()],
    "in the middle of the 354": [Expect("DATA"), Say(b"354"), Cut()],
    "after the 354": [Expect("DATA"), Say("354 go"), Cut()],
}


@pytest.mark.parametrize("where", BEFORE_THE_DOT)
def test_a_connection_lost_before_the_final_dot_is_a_retry(where):
    big = RAW + b"x" * 70 + b"\r\n"
    with scripted([*smtp_start(), *MAIL, *RCPT, *BEFORE_THE_DOT[where]]) as server:
        outcome, committed = submit(server, big * 20_000, timeout=0.5)
    assert (outcome.result, outcome.about, committed) == (Result.retry, About.connection, 1)


def test_a_connection_lost_in_the_middle_of_the_body_is_a_retry():
    body = RAW + b"0123456789" * 7 + b"\r\n"
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, Read(100_000), Cut()]) as server:
        outcome, _ = submit(server, body * 100_000)
    assert (outcome.result, outcome.about) == (Result.retry, About.connection)


def test_a_server_that_reads_no_more_of_the_body_is_a_retry():
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, Read(10_000), Stall()]) as server:
        outcome, _ = submit(server, (RAW + b"y" * 70 + b"\r\n") * 100_000, timeout=0.5)
    assert (outcome.result, outcome.about) == (Result.retry, About.connection)


def test_an_answer_in_the_middle_of_the_body_is_heard_and_the_dot_stays_here():
    """The server is done before the mail is complete: whatever follows cannot have been accepted."""

    dialogue = [*smtp_start(), *MAIL, *RCPT, Expect("DATA"), Say("354 go\r\n552 5.3.4 too large")]
    with scripted(dialogue) as server:
        outcome, _ = submit(server)
        assert (outcome.result, outcome.about, outcome.code) == (Result.refused, About.message, 552)
    assert b"\r\n.\r\n" not in bytes(server.heard[0].raw).partition(b"DATA")[2]


AFTER_THE_DOT = {
    "reset": [Cut()],
    "in order": [Cut(reset=False)],
    "silence": [Stall()],
    "half an answer": [Say(b"25"), Cut(reset=False)],
    "an answer without its end": [Say(b"250-ok\r\n"), Cut()],
    "nonsense": [Say("what?"), *QUIT],
    "a code of the wrong kind": [Say("354 more"), *QUIT],
}


@pytest.mark.parametrize("how", AFTER_THE_DOT)
def test_no_answer_to_the_final_dot_is_uncertain(how):
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), *AFTER_THE_DOT[how]]) as server:
        outcome, committed = submit(server)
    assert (outcome.result, committed) == (Result.uncertain, 1)
    assert outcome.retry_after is None


@pytest.mark.parametrize(
    "end",
    [[Expect("QUIT"), Say("421 4.4.2 closing")], [Expect("QUIT"), Cut()], [Expect("QUIT"), Say("500 what")], [Cut()]],
)
def test_what_happens_at_quit_changes_nothing(end):
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *end]) as server:
        outcome, _ = submit(server)
    assert outcome.result is Result.accepted


@pytest.mark.parametrize(
    "answer, result, about",
    [
        ("550 5.7.1 spam", Result.refused, About.policy),
        ("451 4.3.0 later", Result.retry, About.account),
        ("421 4.7.28 too many messages", Result.retry, About.account),
        ("552 5.3.4 too large", Result.refused, About.message),
    ],
)
def test_a_refusal_after_the_dot_is_certain(answer, result, about):
    with scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say(answer), *QUIT]) as server:
        outcome, _ = submit(server)
    assert (outcome.result, outcome.about) == (result, about)


def test_after_a_refused_recipient_the_session_goes_on():
    dialogue = [
        *smtp_start(),
        *MAIL,
        *(Expect("RCPT"), Say("550 5.1.1 unknown"), Expect("RSET"), Say("250 ok")),
        *(*MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok")),
        *QUIT,
    ]
    with scripted(dialogue) as server, smtp.open(access(server)) as session:
        first = session.submit("o@example.org", "dead@example.org", RAW, before_data=lambda: pytest.fail("too early"))
        second = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert (first.result, first.hard, second.result) == (Result.refused, True, Result.accepted)
        assert session.alive
    assert server.heard[0].errors == []


def test_after_a_421_the_session_is_over():
    with (
        scripted([*smtp_start(), Expect("MAIL"), Say("421 4.7.0 bye"), Expect("RSET"), Say("250 ok"), *QUIT]) as server,
        smtp.open(access(server)) as session,
    ):
        first = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert (first.about, session.alive) == (About.account, False)
        assert session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None).about is About.connection


def test_a_refused_commit_stops_the_mail():
    def refuse() -> None:
        raise RuntimeError("another worker has it")

    with (
        scripted([*smtp_start(), *MAIL, *RCPT, Expect("RSET"), Say("250 ok"), *QUIT]) as server,
        smtp.open(access(server)) as session,
        pytest.raises(RuntimeError, match="another worker"),
    ):
        session.submit("o@example.org", "c@example.org", RAW, before_data=refuse)
    assert server.heard[0].errors == []
    assert server.heard[0].lines[-1] == "QUIT"


def test_the_commit_comes_right_before_data():
    seen = []
    with (
        scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server,
        smtp.open(access(server)) as session,
    ):
        session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: seen.extend(server.heard[0].lines))
    assert seen[-1].startswith("RCPT")


@pytest.mark.parametrize(
    "extensions, raw, recipient, options",
    [
        ([], RAW, "c@example.org", ""),
        (["SIZE 100000", "8BITMIME", "SMTPUTF8"], RAW, "c@example.org", f" SIZE={len(RAW)}"),
        (["8BITMIME", "SMTPUTF8"], "Subject: x\r\n\r\nä\r\n".encode(), "c@example.org", " BODY=8BITMIME"),
        (["8BITMIME", "SMTPUTF8"], "Subject: x\r\n\r\nä\r\n\r\nb\r\n".encode(), "c@example.org", " BODY=8BITMIME"),
        (["8BITMIME"], "Subject: x\r\n\r\nä\r\n\r\nb\r\n".encode(), "c@example.org", " BODY=8BITMIME"),
        (["8BITMIME", "SMTPUTF8"], "Subject: ä\r\n\r\nx\r\n".encode(), "c@example.org", " BODY=8BITMIME SMTPUTF8"),
        (["8BITMIME", "SMTPUTF8"], RAW, "jörg@example.org", " SMTPUTF8"),
        (["8BITMIME", "SMTPUTF8"], RAW, '"c@ö"@example.org', " SMTPUTF8"),
    ],
)
def test_only_what_is_needed_is_asked_of_the_server(extensions, raw, recipient, options):
    rcpt = [Expect(f"RCPT TO:<{recipient}>"), Say("250 ok")]
    with scripted([*smtp_start(*extensions), *MAIL, *rcpt, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        outcome, _ = submit(server, raw, recipient)
    assert outcome.result is Result.accepted
    assert (
        next(line for line in server.heard[0].lines if line.startswith("MAIL")) == f"MAIL FROM:<o@example.org>{options}"
    )


@pytest.mark.parametrize(
    "extensions, raw, recipient, about, hard",
    [
        ([], RAW, "jörg@example.org", About.message, False),
        ([], "Subject: x\r\n\r\nä".encode(), "c@example.org", About.message, False),
        (["SIZE 50"], RAW, "c@example.org", About.message, False),
        ([], RAW, "c@example.org>\r\nRCPT TO:<evil@example.org", About.recipient, True),
        ([], RAW, "no address", About.recipient, True),
        ([], RAW, "", About.recipient, True),
    ],
)
def test_what_cannot_be_carried_is_not_tried(extensions, raw, recipient, about, hard):
    with scripted([*smtp_start(*extensions), *QUIT]) as server:
        outcome, committed = submit(server, raw, recipient)
    assert (outcome.result, outcome.about, outcome.hard, committed) == (Result.refused, about, hard, 0)
    assert server.heard[0].lines[-1] == "QUIT"


def test_a_domain_of_other_letters_goes_out_in_ascii():
    with scripted(
        [*smtp_start(), *MAIL, Expect("RCPT TO:<c@xn--bcher-kva.example>"), Say("550 5.1.1 no"), *QUIT]
    ) as server:
        submit(server, recipient="c@bücher.example")
    assert server.heard[0].errors == ["expected 'QUIT', got 'RSET'"]


# signing in


@pytest.mark.parametrize(
    "answer, kind, words",
    [
        ("535 5.7.8 Error: authentication failed", SignInRefused, "Check username and password"),
        ("534-5.7.9 Application-specific password required.\r\n534 5.7.9 more", SignInRefused, "app password"),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
            SignInRefused,
            "switched off",
        ),
        ("534-5.7.14 Please log in via your web browser and then try again.\r\n534 5.7.14 x", SignInRefused, "browser"),
        ("454 4.7.0 Temporary authentication failure", ServerUnreachable, "later"),
        ("421 4.7.0 Too many login attempts", ServerUnreachable, "later"),
        ("what?", ServerMisbehaved, "cannot be read"),
    ],
)
def test_a_refused_sign_in_says_what_to_do(answer, kind, words):
    with (
        scripted([*smtp_start()[:4], Say(answer), *QUIT]) as server,
        pytest.raises(kind) as caught,
        smtp.open(access(server)),
    ):
        pytest.fail("signed in")
    text = "\n".join(caught.value.lines())
    assert words in text
    assert f"{server.host}:{server.port}" in text
    assert "sesame" not in text


def test_a_secret_that_the_server_repeats_is_not_shown():
    packed = "AG9AZXhhbXBsZS5vcmcAc2VzYW1l"
    with (
        scripted([*smtp_start()[:4], Say(f"535 5.7.8 bad: AUTH PLAIN {packed} (sesame)"), *QUIT]) as server,
        pytest.raises(SignInRefused) as caught,
        smtp.open(access(server)),
    ):
        pytest.fail("signed in")
    assert packed in server.heard[0].lines[1]
    assert packed not in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert "sesame" not in repr(access(server))


def test_login_is_used_where_plain_is_not_offered():
    start = smtp_start(auth="AUTH LOGIN")[:3]
    dialogue = [
        *start,
        *(Expect("AUTH LOGIN"), Say("334 VXNlcm5hbWU6"), Expect("b0BleGFtcGxlLm9yZw=="), Say("334 UGFzc3dvcmQ6")),
        *(Expect("c2VzYW1l"), Say("235 ok"), *QUIT),
    ]
    with scripted(dialogue) as server, smtp.open(access(server)) as session:
        assert session.alive
    assert server.heard[0].errors == []


def test_a_password_of_any_letters_signs_in():
    with scripted([*smtp_start(), *QUIT]) as server, smtp.open(access(server, secret=lambda: "pässwörd ✓")) as session:
        assert session.alive


@pytest.mark.parametrize(
    "dialogue, kind, words",
    [
        ([Say("554 5.7.1 no service for you"), *QUIT], ServerUnreachable, "554"),
        ([Say("421 4.3.2 too busy"), *QUIT], ServerUnreachable, "tried again"),
        ([Say("* OK IMAP4 ready"), *QUIT], ServerMisbehaved, "SMTP server"),
        ([Cut()], ServerUnreachable, "broke off"),
        ([Stall()], ServerUnreachable, "in time"),
        ([Say("220 x"), Expect("EHLO"), Say("250 x"), *QUIT], ServerMisbehaved, "no sign-in"),
        ([*smtp_start(auth="AUTH XOAUTH2")[:3], *QUIT], SignInRefused, "XOAUTH2"),
        ([*smtp_start()[:3], Expect("AUTH"), Cut()], ServerUnreachable, "broke off"),
    ],
)
def test_a_session_that_does_not_come_about_says_why(dialogue, kind, words):
    with scripted(dialogue) as server, pytest.raises(kind) as caught, smtp.open(access(server, timeout=0.4)):
        pytest.fail("signed in")
    assert words in "\n".join(caught.value.lines())


def test_nobody_at_home():
    with scripted([Cut()]) as server:
        gone = access(server)
    with pytest.raises(ServerUnreachable, match="refused"), smtp.open(gone):
        pytest.fail("signed in")


def test_smtplib_still_has_the_hook_that_we_hang_tls_on():
    assert hasattr(smtplib.SMTP, "_get_socket")
