"""What is said to an SMTP server word for word, what each of its answers leads to, and what its owner is told."""

import base64
import os
import socket
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest

from tests.mailbox.test_smtp_stages import DATA, MAIL, QUIT, RAW, RCPT, access, submit
from tests.servers.certificates import Authority
from tests.servers.scripted import Cut, Expect, Read, ReadMail, Say, Stall, StartTls, scripted, smtp_start
from worker.errors import ConfigError, ServerMisbehaved, ServerUnreachable, SignInRefused
from worker.mailbox import smtp
from worker.mailbox.answers import RECONNECT, About, Result


def said(server) -> list[str]:
    return server.heard[0].lines


def refused(server, **more):
    """The error of a session that does not come about."""
    kinds = (ConfigError, ServerMisbehaved, ServerUnreachable, SignInRefused)
    with pytest.raises(kinds) as caught, smtp.open(access(server, **more)):
        pytest.fail("signed in")
    return caught.value


# the greeting


@pytest.mark.parametrize("name, ehlo", [(None, "EHLO [127.0.0.1]"), ("desk.example", "EHLO desk.example")])
def test_no_name_of_this_machine_is_told_unless_the_owner_gives_one(name, ehlo):
    with scripted([*smtp_start(), *QUIT]) as server, smtp.open(access(server, local_hostname=name)):
        pass
    assert said(server)[0].lower() == ehlo.lower()


@pytest.mark.parametrize(
    "own, literal",
    [("192.0.2.7", "[192.0.2.7]"), ("2001:db8::7", "[IPv6:2001:db8::7]"), ("fe80::1%eth0", "[IPv6:fe80::1]")],
)
def test_an_address_stands_for_the_machine_in_the_form_of_its_family(own, literal):
    class Socket:
        def getsockname(self):
            return (own, 5)

    assert smtp._literal(Socket()) == literal


@pytest.mark.parametrize(
    "answer, what, todo",
    [
        ("554 5.7.1  no service\there", "greets us with 554 5.7.1 no service here.", "Ask the provider why"),
        ("500 no", "greets us with 500 no.", "Ask the provider why"),
        ("300 no", "greets us with 300 no.", "Ask the provider why"),
        ("199 no", "greets us with 199 no.", "Ask the provider why"),
        ("400 no", "greets us with 400 no.", "It is tried again."),
        ("499 no", "greets us with 499 no.", "It is tried again."),
        ("421 " + "x" * 300, f"greets us with 421 {'x' * 200}.", "It is tried again."),
    ],
)
def test_a_greeting_that_is_none_is_told_with_the_servers_words(answer, what, todo):
    with scripted([Say(answer), *QUIT]) as server:
        error = refused(server)
    assert type(error) is ServerUnreachable
    assert error.what == f"127.0.0.1:{server.port} (SMTP) {what}"
    assert error.where == "[mailbox.smtp]"
    assert error.todo.startswith(todo)
    assert said(server) == ["QUIT"]


@pytest.mark.parametrize("code", ["200", "299"])
def test_any_code_of_success_greets(code):
    with scripted([Say(f"{code} hello"), *smtp_start()[1:], *QUIT]) as server, smtp.open(access(server)) as session:
        assert session.alive


def test_something_that_is_no_smtp_server():
    with scripted([Say("xyz SSH-2.0-OpenSSH_9.2"), *QUIT]) as server:
        error = refused(server)
    assert "this does not answer like an SMTP server (SSH-2.0-OpenSSH_9.2)" in error.what
    assert error.todo == "Check host and port."
    with scripted([Say(""), *QUIT]) as server:
        assert "like an SMTP server (no code)" in refused(server).what


def test_ehlo_that_is_refused_ends_the_session_with_its_words():
    with scripted([Say("220 x"), Expect("EHLO"), Say("550 not you"), *QUIT]) as server:
        assert "answers EHLO with 550 not you." in refused(server).what


# STARTTLS


@pytest.mark.parametrize("answer, told", [("454 4.7.0 later", "454 4.7.0 later"), ("250 ok", "554 ok")])
def test_starttls_that_is_not_taken_up_ends_the_session(answer, told):
    with scripted(
        [Say("220 x"), Expect("EHLO"), Say("250-x\r\n250 STARTTLS"), Expect("STARTTLS"), Say(answer), *QUIT]
    ) as server:
        error = refused(server, security="starttls")
    assert f"answers STARTTLS with {told}." in error.what
    assert not any("AUTH" in line for line in said(server))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def test_what_was_offered_before_the_encryption_counts_no_longer(authority):
    """A limit of 10 bytes, said by anybody on the way, must not stop a mail."""
    dialogue = [
        *(Say("220 x"), Expect("EHLO"), Say("250-x\r\n250-SIZE 10\r\n250 STARTTLS"), Expect("STARTTLS"), Say("220 go")),
        *(StartTls(), *smtp_start()[1:], *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT),
    ]
    with scripted(dialogue, certificate=authority.issue("DNS:localhost, IP:127.0.0.1")) as server:
        outcome, _ = submit(server, security="starttls", ca_file=authority.ca_file)
    assert outcome.result is Result.accepted
    assert next(line for line in said(server) if line.startswith("MAIL")) == "MAIL FROM:<o@example.org>"


def test_ehlo_that_is_refused_after_the_encryption_ends_the_session(authority):
    dialogue = [
        *(Say("220 x"), Expect("EHLO"), Say("250-x\r\n250 STARTTLS"), Expect("STARTTLS"), Say("220 go"), StartTls()),
        *(Expect("EHLO"), Say("550 not you"), *QUIT),
    ]
    with scripted(dialogue, certificate=authority.issue("DNS:localhost, IP:127.0.0.1")) as server:
        error = refused(server, security="starttls", ca_file=authority.ca_file)
    assert "answers EHLO with 550 not you." in error.what


def test_words_put_in_before_the_encryption_are_told_as_what_they_are(authority):
    dialogue = [
        *(Say("220 x"), Expect("EHLO"), Say("250-x\r\n250 STARTTLS"), Expect("STARTTLS")),
        *(Say("220 go\r\n250 AUTH PLAIN"), StartTls()),
    ]
    with scripted(dialogue, certificate=authority.issue("IP:127.0.0.1")) as server:
        error = refused(server, security="starttls", ca_file=authority.ca_file)
    assert error.what.endswith("(SMTP): somebody put words into the connection before it was encrypted.")
    assert error.todo == "Do not use this network."
    assert said(server)[1] == "STARTTLS"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_address_in_brackets_is_the_address_that_the_certificate_names(authority, security):
    start = [Say("220 x"), Expect("EHLO"), Say("250-x\r\n250 STARTTLS"), Expect("STARTTLS"), Say("220 go"), StartTls()]
    dialogue = [*(start if security == "starttls" else []), *smtp_start()[int(security == "starttls") :], *QUIT]
    certificate = authority.issue("IP:127.0.0.1")
    with scripted(dialogue, certificate=certificate, tls=security == "tls") as server:
        reached = access(server, host="[127.0.0.1]", security=security, ca_file=authority.ca_file)
        with smtp.open(reached) as session:
            assert session.alive


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_host_is_asked_for_by_its_whole_name(authority, monkeypatch, security):
    tokens = SimpleNamespace(token=lambda: "a-token")
    hello = [Expect("EHLO"), Say("250-x\r\n250-STARTTLS\r\n250 AUTH OAUTHBEARER")]
    start = [*hello, Expect("STARTTLS"), Say("220 go"), StartTls()] if security == "starttls" else []
    dialogue = [Say("220 x"), *start, *hello, Expect("AUTH OAUTHBEARER"), Say("235 ok"), *QUIT]
    certificate = authority.issue("DNS:XMAIL.EXAMPLE.MX")
    dial, dialled = socket.create_connection, []

    def reach(address, *timeout):
        dialled.append(address)
        return dial((server.host, server.port), *timeout)

    with scripted(dialogue, certificate=certificate, tls=security == "tls") as server:
        monkeypatch.setattr(socket, "create_connection", reach)
        there = access(server, host="XMAIL.EXAMPLE.MX", security=security, ca_file=authority.ca_file, bearer=tokens)
        with smtp.open(there) as session:
            assert session.alive
    assert dialled[0] == ("XMAIL.EXAMPLE.MX", server.port)
    assert b"\1host=XMAIL.EXAMPLE.MX\1" in base64.b64decode(said(server)[-2].split()[-1])


# the sign-in

PACKED = "AG9AZXhhbXBsZS5vcmcAc2VzYW1l"


def test_plain_says_name_and_password_at_once_or_when_it_is_asked():
    with scripted([*smtp_start(auth="AUTH LOGIN PLAIN"), *QUIT]) as server, smtp.open(access(server)):
        pass
    assert said(server)[1] == f"AUTH PLAIN {PACKED}"
    asked = [*smtp_start()[:4], Say("334 "), Expect(PACKED), Say("235 in"), *QUIT]
    with scripted(asked) as server, smtp.open(access(server)) as session:
        assert session.alive
    assert server.heard[0].errors == []


@pytest.mark.parametrize("username", ["o@example.org\r\nMAIL", "o@example.org\n", "o\0p"])
def test_a_name_that_would_end_its_line_is_not_sent(username):
    with scripted([*smtp_start(), *QUIT]) as server:
        error = refused(server, username=username)
    assert (type(error), error.where) == (ConfigError, "[mailbox]")
    assert error.what == "Username or password contains a line end."
    assert not any("AUTH" in line for line in said(server))


def test_a_login_that_is_refused_at_the_name_does_not_send_the_password():
    dialogue = [
        *smtp_start(auth="AUTH LOGIN")[:3],
        Expect("AUTH LOGIN"),
        Say("334 x"),
        Expect("b0"),
        Say("535 no"),
        *QUIT,
    ]
    with scripted(dialogue) as server:
        assert isinstance(refused(server), SignInRefused)
    assert said(server)[-2:] == ["b0BleGFtcGxlLm9yZw==", "QUIT"]


def test_a_server_without_passwords_is_told_with_what_it_offers():
    with scripted([*smtp_start(auth="AUTH GSSAPI XOAUTH2")[:3], *QUIT]) as server:
        error = refused(server)
    assert error.what == f"127.0.0.1:{server.port} (SMTP) takes no passwords (it offers: GSSAPI, XOAUTH2)."
    assert error.where == "[mailbox.smtp]"
    assert error.todo == (
        "Use an app password if it allows them, or sign in with OAuth2: [mailbox.oauth] (docs/oauth.md)."
    )


def test_a_server_without_any_sign_in_names_the_ports_that_have_one():
    with scripted([Say("220 x"), Expect("EHLO"), Say("250 x"), *QUIT]) as server:
        error = refused(server)
    assert error.what == f"127.0.0.1:{server.port} (SMTP): the server offers no sign-in (AUTH)."
    assert error.todo == "Use the provider's submission port: 465 with tls, or 587 with starttls."


@pytest.mark.parametrize(
    "answer, kind", [("400 x", ServerUnreachable), ("499 x", ServerUnreachable), ("500 x", SignInRefused)]
)
def test_a_refusal_for_now_is_the_servers_and_one_for_good_the_owners(answer, kind):
    with scripted([*smtp_start()[:4], Say(answer), *QUIT]) as server:
        assert type(refused(server)) is kind


def test_words_in_an_old_character_set_are_told_as_far_as_they_can_be_read():
    with scripted([Say("554 kein Zugang für Sie".encode("latin-1") + b"\r\n"), *QUIT]) as server:
        assert "kein Zugang f\ufffdr Sie" in refused(server).what
    with scripted([*smtp_start()[:4], Say("535 accès refusé".encode("latin-1") + b"\r\n"), *QUIT]) as server:
        assert type(refused(server)) is SignInRefused
    said_at_the_dot = [*MAIL, *RCPT, *DATA, ReadMail(), Say("25x reçu".encode("latin-1") + b"\r\n")]
    with scripted([*smtp_start(), *said_at_the_dot]) as server:
        assert submit(server)[0].result is Result.uncertain


def test_an_answer_to_the_sign_in_that_is_none_is_told_in_short():
    with scripted([*smtp_start()[:4], Say("xyz " + "x" * 200), *QUIT]) as server:
        error = refused(server)
    assert type(error) is ServerMisbehaved
    assert f"the answer to AUTH cannot be read (-1 {'x' * 97})" in error.what


# the mail

UUU = 80 * "ü" + ".example"
NO_SMTPUTF8 = "the server cannot carry addresses or headers beyond ASCII (no SMTPUTF8)"
NO_8BITMIME = "the server cannot carry eight-bit text (no 8BITMIME)"
TOO_MUCH = "11 bytes are more than the server takes"


@pytest.mark.parametrize(
    "extensions, raw, sender, recipient, code, status, text",
    [
        ([], RAW, "o@example.org", "no address", 553, "5.1.3", "'no address' cannot be an address"),
        ([], RAW, "o", "c@example.org", 553, "5.1.3", "'o' cannot be an address"),
        ([], RAW, "o@example.org", f"c@{UUU}", 553, "5.1.3", f"'c@{UUU}' cannot be an address"),
        ([], RAW, "o@example.org", "jörg@example.org", 553, "5.6.7", NO_SMTPUTF8),
        ([], RAW, "jörg@example.org", "c@example.org", 553, "5.6.7", NO_SMTPUTF8),
        ([], RAW, '"o@ö"@example.org', "c@example.org", 553, "5.6.7", NO_SMTPUTF8),
        ([], RAW, "o@example.org", '"c@ö"@example.org', 553, "5.6.7", NO_SMTPUTF8),
        (["8BITMIME"], "Subject: ä\r\n\r\nx".encode(), "o@example.org", "c@example.org", 553, "5.6.7", NO_SMTPUTF8),
        (["SMTPUTF8"], "A: b\r\n\r\nä".encode(), "o@example.org", "c@example.org", 554, "5.6.3", NO_8BITMIME),
        (["SIZE 9"], b"A: b\r\n\r\nc\r\n", "o@example.org", "c@example.org", 552, "5.3.4", f"{TOO_MUCH} (9)"),
        (["SIZE 1"], b"A: b\r\n\r\nc\r\n", "o@example.org", "c@example.org", 552, "5.3.4", f"{TOO_MUCH} (1)"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_says_why(extensions, raw, sender, recipient, code, status, text):
    with scripted([*smtp_start(*extensions), *QUIT]) as server, smtp.open(access(server)) as session:
        outcome = session.submit(sender, recipient, raw, before_data=lambda: pytest.fail("too early"))
        assert session.alive
    assert (outcome.result, outcome.code, outcome.status) == (Result.refused, code, status)
    assert outcome.text == text
    about = {"5.1.3": About.policy if sender == "o" else About.recipient}.get(status, About.message)
    assert (outcome.about, outcome.hard) == (about, about is About.recipient)
    assert not any(line.startswith("MAIL") for line in said(server))


@pytest.mark.parametrize("extension", ["SIZE 11", "SIZE 0", "SIZE", "SIZE many"])
def test_a_limit_that_is_kept_or_none_stops_nothing(extension):
    raw = b"A: b\r\n\r\nc\r\n"
    with scripted([*smtp_start(extension), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        outcome, _ = submit(server, raw)
    assert outcome.result is Result.accepted
    assert "MAIL FROM:<o@example.org> SIZE=11" in said(server)


@pytest.mark.parametrize("code", ["200", "299"])
def test_any_code_of_success_takes_sender_and_recipient(code):
    envelope = [Expect("MAIL"), Say(f"{code} ok"), Expect("RCPT"), Say(f"{code} ok")]
    with scripted([*smtp_start(), *envelope, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        assert submit(server)[0].result is Result.accepted


def test_letters_beyond_ascii_never_go_to_a_server_that_was_not_asked():
    with scripted([*smtp_start("SMTPUTF8"), *MAIL, *QUIT]) as server:
        with suppress(UnicodeError):
            submit(server, recipient=f"c@{'ü' * 80}.example")
        assert bytes(server.heard[0].raw).isascii()


def test_an_international_domain_alone_needs_nothing_of_the_server():
    rcpt = [Expect("RCPT TO:<c@xn--bcher-kva.example>"), Say("250 ok")]
    with scripted([*smtp_start(), *MAIL, *rcpt, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        outcome, _ = submit(server, recipient="c@bücher.example")
    assert (outcome.result, server.heard[0].errors) == (Result.accepted, [])
    assert "MAIL FROM:<o@example.org>" in said(server)


def test_all_that_a_mail_needs_is_asked_for_together():
    rcpt = [Expect("RCPT TO:<jörg@example.org>"), Say("250 ok")]
    raw = "Subject: ä\r\n\r\nö\r\n".encode()
    start = smtp_start("SIZE 9999", "8BITMIME", "SMTPUTF8")
    with scripted([*start, *MAIL, *rcpt, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        submit(server, raw, "jörg@example.org")
    assert f"MAIL FROM:<o@example.org> SIZE={len(raw)} BODY=8BITMIME SMTPUTF8" in said(server)


def test_letters_in_the_text_alone_ask_for_eight_bits_and_no_more():
    raw = "A: b\r\n\r\nä\r\n".encode()
    with scripted([*smtp_start("8BITMIME"), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT]) as server:
        outcome, _ = submit(server, raw)
    assert outcome.result is Result.accepted
    assert "MAIL FROM:<o@example.org> BODY=8BITMIME" in said(server)


def test_letters_in_the_senders_name_ask_for_all_letters():
    dialogue = [*smtp_start("SMTPUTF8"), Expect("MAIL FROM:<jörg@example.org> SMTPUTF8"), Say("550 no"), *QUIT]
    with scripted(dialogue) as server, smtp.open(access(server)) as session:
        session.submit("jörg@example.org", "c@example.org", RAW, before_data=lambda: None)
    assert "MAIL FROM:<jörg@example.org> SMTPUTF8" in said(server)


def test_a_cause_without_words_is_called_by_its_name():
    assert smtp._cause_words(ConnectionResetError()) == "ConnectionResetError"


def test_a_domain_that_no_name_can_be_is_left_as_it_is():
    assert smtp._ascii_domain(f"c@{'ü' * 80}.example") == f"c@{'ü' * 80}.example"
    assert smtp._ascii_domain("c@bücher.example") == "c@xn--bcher-kva.example"
    assert smtp._ascii_domain("jörg@example.org") == "jörg@example.org"
    assert smtp._ascii_domain('"a@b"@bücher.example') == '"a@b"@xn--bcher-kva.example'


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_mail_goes_out_in_blocks_that_make_it_up(size):
    data = bytes(size % 251 for size in range(size))
    pieces = list(smtp._pieces(data))
    assert b"".join(pieces) == data
    assert all(0 < len(piece) <= 65_536 for piece in pieces)
    assert len(pieces) == -(-size // 65_536)


@pytest.mark.parametrize(
    "where",
    [
        [Expect("MAIL"), Say("550 5.7.1 spam")],
        [Expect("MAIL"), Say("300 what")],
        [*MAIL, Expect("RCPT"), Say("550 5.1.1 no")],
        [*MAIL, *RCPT, Expect("DATA"), Say("451 later")],
    ],
)
@pytest.mark.parametrize("answer, alive", [("200 ok", True), ("299 ok", True), ("300 no", False), ("500 no", False)])
def test_after_a_refusal_the_session_goes_on_where_it_can_be_reset(where, answer, alive):
    end = [*MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT] if alive else QUIT
    with (
        scripted([*smtp_start(), *where, Expect("RSET"), Say(answer), *end]) as server,
        smtp.open(access(server)) as session,
    ):
        session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert session.alive is alive
        again = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert again.result is (Result.accepted if alive else Result.retry)


ONE_MAIL = [*MAIL, *RCPT, *DATA, ReadMail()]


def hand_over(session):
    return session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)


@pytest.mark.parametrize(
    "farewell",
    [
        [Say("250 ok\r\n421 Max message per connection reached")],
        [Say("250 ok"), Say("421 4.4.2 timeout"), Cut(reset=False)],
        [Say("250 ok"), Cut(reset=False)],
    ],
)
def test_a_server_that_said_good_bye_after_the_mail_before_is_not_asked_for_the_next_one(farewell):
    with scripted([*smtp_start(), *ONE_MAIL, *farewell]) as server, smtp.open(access(server)) as session:
        assert hand_over(session).result is Result.accepted
        until = time.monotonic() + 2
        while session.alive and time.monotonic() < until:
            time.sleep(0.01)
        assert not session.alive
        again = hand_over(session)
        assert (again.result, again.about) == (Result.retry, About.connection)
    assert sum(line.startswith("MAIL") for line in said(server)) == 1


@pytest.mark.parametrize(
    "lose", [lambda line: line.close(), lambda line: os.close(line.sock.detach())], ids=["line", "socket"]
)
def test_a_connection_that_is_gone_carries_nothing(lose):
    with scripted([*smtp_start(), *QUIT]) as server, smtp.open(access(server)) as session:
        lose(session._line)
        assert not session.alive
        assert hand_over(session).text == "the connection was lost before"


@pytest.mark.parametrize(
    "words, about",
    [
        ("421 Max message per connection reached", About.connection),
        ("421 4.4.2 idle for too long", About.connection),
        ("421 4.7.0 try again later", About.account),
        ("421 4.7.28 unusual rate of mail", About.account),
    ],
)
def test_a_good_bye_that_crosses_the_next_mail_is_about_the_line_where_it_says_so(words, about):
    dialogue = [*smtp_start(), *ONE_MAIL, Say("250 ok"), Expect("MAIL"), Say(words)]
    with scripted(dialogue) as server, smtp.open(access(server)) as session:
        hand_over(session)
        again = hand_over(session)
        assert (again.result, again.about, session.alive) == (Result.retry, about, False)


def test_a_good_bye_to_the_first_mail_is_about_the_account():
    dialogue = [*smtp_start(), Expect("MAIL"), Say("421 Max message per connection reached")]
    with scripted(dialogue) as server:
        outcome, _ = submit(server)
    assert outcome.about is About.account


def test_a_connection_that_is_lost_at_the_reset_is_lost_for_the_next_mail():
    with (
        scripted([*smtp_start(), Expect("MAIL"), Say("550 5.7.1 spam"), Expect("RSET"), Cut()]) as server,
        smtp.open(access(server)) as session,
    ):
        first = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert (first.result, session.alive) == (Result.refused, False)
        second = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
    assert (second.result, second.text) == (Result.retry, "the connection was lost before")
    assert second.retry_after == RECONNECT


@pytest.mark.parametrize(
    "end, words",
    [
        ([Expect("MAIL"), Stall()], "no answer in time"),
        ([Expect("MAIL"), Cut()], "[Errno 104] Connection reset by peer"),
        ([*MAIL, Expect("RCPT"), Cut(reset=False)], "Connection unexpectedly closed"),
        ([*MAIL, *RCPT, Expect("DATA"), Stall()], "no answer in time"),
    ],
)
def test_a_lost_connection_says_how(end, words):
    with scripted([*smtp_start(), *end]) as server:
        outcome, _ = submit(server, timeout=0.2)
    assert (outcome.result, outcome.text, outcome.retry_after) == (Result.retry, words, RECONNECT)


@pytest.mark.parametrize(
    "early, result, text",
    [
        ("250 2.0.0 ok", Result.retry, "the server answered before the mail was complete"),
        ("552 5.3.4 too large", Result.refused, "5.3.4 too large"),
        ("421 bye", Result.retry, "bye"),
        ("300 what", Result.retry, "what"),
    ],
)
def test_an_answer_before_the_end_ends_the_session_and_accepts_nothing(early, result, text):
    with (
        scripted([*smtp_start(), *MAIL, *RCPT, Expect("DATA"), Say(f"354 go\r\n{early}")]) as server,
        smtp.open(access(server)) as session,
    ):
        outcome = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert (outcome.result, outcome.text, session.alive) == (result, text, False)
    assert b"\r\n.\r\n" not in bytes(server.heard[0].raw).partition(b"DATA")[2]
    assert b"QUIT" not in bytes(server.heard[0].raw)


@pytest.mark.parametrize(
    "answer, result",
    [
        *(("200 ok", Result.accepted), ("299 ok", Result.accepted), ("199 x", Result.uncertain)),
        *(("300 x", Result.uncertain), ("399 x", Result.uncertain), ("400 x", Result.retry), ("499 x", Result.retry)),
        *(("550 x", Result.refused), ("599 x", Result.refused), ("600 x", Result.uncertain)),
    ],
)
def test_the_answer_to_the_final_dot_by_its_code(answer, result):
    with (
        scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say(answer), *QUIT]) as server,
        smtp.open(access(server)) as session,
    ):
        outcome = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert outcome.result is result
        assert session.alive is (result is not Result.uncertain)


@pytest.mark.parametrize(
    "end, words",
    [
        ([Stall()], "no answer to the final dot (no answer in time)"),
        ([Cut(reset=False)], "no answer to the final dot (Connection unexpectedly closed)"),
        ([Say("421 4.3.2 bye")], "the server hung up instead of an answer to the final dot (4.3.2 bye)"),
        ([Say("421 bye")], "the server hung up instead of an answer to the final dot (bye)"),
        ([Say("xyz " + "y" * 200)], f"the answer to the final dot cannot be read ({'y' * 100})"),
        ([Say(b"250-\xff\xfe\r\n"), Cut(reset=False)], "no answer to the final dot (Connection unexpectedly closed)"),
    ],
)
def test_what_is_not_known_says_why_and_ends_the_session(end, words):
    with (
        scripted([*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), *end]) as server,
        smtp.open(access(server)) as session,
    ):
        outcome = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert (outcome.result, outcome.about, outcome.text) == (Result.uncertain, About.connection, words)
        assert not session.alive


def test_the_patience_for_the_final_answer_is_for_that_answer_alone():
    dialogue = [*smtp_start(), *MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok"), *QUIT]
    with scripted(dialogue) as server, smtp.open(access(server, timeout=7.0, answer_timeout=3.0)) as session:
        seen = []
        sock = session._line.sock
        session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: seen.append(sock.gettimeout()))
        assert (seen, sock.gettimeout()) == ([7.0], 7.0)


def test_a_look_whether_the_server_has_spoken_changes_nothing():
    dialogue = [*smtp_start(), Expect("MAIL"), Say("550 no"), *QUIT]
    with scripted(dialogue) as server, smtp.open(access(server, timeout=7.0)) as session:
        assert not smtp._spoken(session._line)
        assert session._line.sock.gettimeout() == 7.0
        assert session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None).code == 550


def test_words_in_letters_of_their_own_are_read_all_the_same():
    refusal = [Expect("RCPT"), Say(b"550 5.1.1 Empf\xe4nger unbekannt\r\n"), Expect("RSET"), Say("250 ok")]
    with scripted([*smtp_start(), *MAIL, *refusal, *QUIT]) as server:
        outcome, _ = submit(server)
    assert (outcome.result, outcome.hard, outcome.text) == (Result.refused, True, "5.1.1 Empf\ufffdnger unbekannt")


@pytest.mark.parametrize("where", [[Expect("MAIL")], [*MAIL, Expect("RCPT")], [*MAIL, *RCPT, Expect("DATA")]])
def test_an_answer_that_is_none_ends_the_session(where):
    with (
        scripted([*smtp_start(), *where, Say("xyz what is this"), Expect("RSET"), Say("250 ok"), *QUIT]) as server,
        smtp.open(access(server)) as session,
    ):
        outcome = session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
        assert (outcome.result, outcome.about, session.alive) == (Result.retry, About.connection, False)


def test_after_a_mail_the_same_session_carries_the_next():
    two = [*MAIL, *RCPT, *DATA, ReadMail(), Say("250 ok")] * 2
    with scripted([*smtp_start(), *two, *QUIT]) as server, smtp.open(access(server)) as session:
        for _ in range(2):
            assert (
                session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None).result
                is Result.accepted
            )
    assert server.heard[0].errors == []
    assert [mail.count(b"Subject") for mail in server.heard[0].mails] == [1, 1]


def test_no_quit_is_said_into_the_middle_of_a_mail(monkeypatch):
    """Ctrl-C while the mail is on the line: the server sees it break off, and nothing that could end it."""

    class Pressed(BaseException):
        pass

    def press(_data):
        raise Pressed

    dialogue = [*smtp_start(), *MAIL, *RCPT, *DATA, Read(1)]
    with scripted(dialogue) as server:
        monkeypatch.setattr(smtp, "_pieces", press)
        with pytest.raises(Pressed), smtp.open(access(server)) as session:
            session.submit("o@example.org", "c@example.org", RAW, before_data=lambda: None)
    assert b"QUIT" not in bytes(server.heard[0].raw)
    assert not session.alive


def test_a_server_that_never_answers_quit_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(smtp, "_QUIT_SECONDS", 0.1)
    ended = threading.Event()
    with scripted([*smtp_start(), Expect("QUIT"), Stall()]) as server:

        def sign_in_and_go() -> None:
            with smtp.open(access(server)):
                pass
            ended.set()

        threading.Thread(target=sign_in_and_go, daemon=True).start()
        assert ended.wait(20)
