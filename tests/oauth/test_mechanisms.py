"""XOAUTH2 and OAUTHBEARER word for word, and what a server's refusal means."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace

import pytest

from tests.servers.scripted import Expect, Say, Scripted, scripted
from worker.errors import ConfigError, ServerMisbehaved, ServerUnreachable, SignInEnded, SignInRefused
from worker.mailbox import imap, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.oauth import Mechanism, challenge, mechanism, response

WHO = "robin@example.org"
GOOGLE_401 = base64.b64encode(
    b'{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}'
).decode()  # fmt: skip
NOT_VALID = base64.b64encode(json.dumps({"status": "invalid_token", "scope": "mail"}).encode()).decode()
NOT_ENOUGH = base64.b64encode(json.dumps({"status": "insufficient_scope", "scope": "mail"}).encode()).decode()
LATER = base64.b64encode(json.dumps({"status": "503"}).encode()).decode()


@dataclass
class Tokens:
    """Gives these tokens, one after the other."""

    good: list[str] = field(default_factory=lambda: ["first-token", "second-token"])
    refused: list[str] = field(default_factory=list)
    error: Exception | None = None

    def token(self) -> str:
        return self.good[0]

    def renewed(self, refused: str) -> str:
        self.refused.append(refused)
        if self.error is not None:
            raise self.error
        return self.good[1]


def by_imap(server: Scripted, tokens: Tokens, who: str = WHO) -> ImapAccess:
    return ImapAccess(server.host, server.port, "plain", who, lambda: "", timeout=5, bearer=tokens)


def by_smtp(server: Scripted, tokens: Tokens, who: str = WHO) -> SmtpAccess:
    return SmtpAccess(server.host, server.port, "plain", who, lambda: "", timeout=5, bearer=tokens)


def in_clear(line: str) -> bytes:
    return base64.b64decode(line.split()[-1])


def test_the_standards_example() -> None:
    """RFC 7628 4.1 and Google's own of XOAUTH2."""
    standard = response(Mechanism.oauthbearer, "user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
                        "server.example.com", 143)  # fmt: skip
    assert base64.b64encode(standard) == (
        b"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52"
        b"YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    )
    google = response(
        Mechanism.xoauth2, "someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", "x", 1
    )
    assert base64.b64encode(google) == (
        b"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0"
        b"Q2cBAQ=="
    )
    assert response(Mechanism.oauthbearer, "a=b,c", "t", "h", 1).startswith(b"n,a=a=3Db=2Cc,\1")


def test_the_standard_comes_first() -> None:
    assert mechanism(["PLAIN", "xoauth2", "OAuthBearer"]) is Mechanism.oauthbearer
    assert mechanism(["LOGIN", "XOAUTH2"]) is Mechanism.xoauth2
    assert mechanism(["PLAIN"]) is None


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"e30=", b"bm8=", b"[1]", b'{"status": {"a": 1}}', b"x" * 9000])
def test_any_challenge_can_be_read(data: bytes) -> None:
    assert challenge(data).words == ""
    assert not challenge(data).lacks_scope


IMAP_HELLO = [Say("* OK hello"), Expect("CAPABILITY")]


def offers(capabilities: str) -> Say:
    return Say(f"* CAPABILITY IMAP4rev1 {capabilities}\r\nTAG OK done")


@pytest.mark.parametrize("how", ["XOAUTH2", "OAUTHBEARER"])
def test_imap_with_an_initial_response(how: str) -> None:
    dialogue = [
        *IMAP_HELLO,
        offers(f"SASL-IR AUTH={how}"),
        Expect(f"AUTHENTICATE {how} "),
        Say("* CAPABILITY IMAP4rev1 MOVE\r\nTAG OK signed in"),
        Expect("LOGOUT"),
    ]
    with scripted(dialogue) as server, imap.connect(by_imap(server, Tokens())) as session:
        assert session.capable("MOVE")
        assert b"auth=Bearer first-token\1\1" in in_clear(server.heard[0].lines[1])


@pytest.mark.parametrize("how", ["XOAUTH2", "OAUTHBEARER"])
def test_imap_without_an_initial_response(how: str) -> None:
    dialogue = [
        *IMAP_HELLO,
        offers(f"AUTH={how}"),
        Expect(f"AUTHENTICATE {how}"),
        Say("+ "),
        Expect(""),
        Say("TAG OK signed in"),
        Expect("CAPABILITY"),
        offers("ID"),
        Expect("ID"),
        Say("TAG OK"),
        Expect("LOGOUT"),
    ]
    with scripted(dialogue) as server, imap.connect(by_imap(server, Tokens())):
        assert b"auth=Bearer first-token\1\1" in in_clear(server.heard[0].lines[2])
        assert server.heard[0].errors == []


def refusing_imap(how: str, said: str, answered: str, ends: str) -> list:
    return [
        *IMAP_HELLO,
        offers(f"SASL-IR AUTH={how}"),
        Expect(f"AUTHENTICATE {how} "),
        *([Say(f"+ {said}"), Expect(answered)] if said else []),
        Say(ends),
        Expect("LOGOUT"),
    ]


def accepting_imap(how: str) -> list:
    return [
        *IMAP_HELLO,
        offers(f"SASL-IR AUTH={how}"),
        Expect(f"AUTHENTICATE {how} "),
        Say("* CAPABILITY IMAP4rev1\r\nTAG OK signed in"),
        Expect("LOGOUT"),
    ]


@pytest.mark.parametrize(
    "how, said, answered",
    [("XOAUTH2", GOOGLE_401, ""), ("OAUTHBEARER", NOT_VALID, "AQ=="), ("XOAUTH2", "", "")],
)
def test_imap_once_more_with_another_token(how: str, said: str, answered: str) -> None:
    tokens = Tokens()
    first = refusing_imap(how, said, answered, "TAG NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)")
    with scripted(first, accepting_imap(how)) as server, imap.connect(by_imap(server, tokens)):
        assert tokens.refused == ["first-token"]
        assert b"second-token" in in_clear(server.heard[1].lines[1])
        assert [one.errors for one in server.heard] == [[], []]
        if said:
            assert server.heard[0].lines[2] == answered


@pytest.mark.parametrize(
    "how, said, ends, error, words, tries",
    [
        ("OAUTHBEARER", NOT_VALID, "TAG NO [AUTHENTICATIONFAILED] failed", SignInRefused, "askaround login", 2),
        ("XOAUTH2", "", "TAG NO AUTHENTICATE failed.", SignInRefused, "askaround login", 2),
        ("OAUTHBEARER", NOT_ENOUGH, "TAG NO failed", SignInRefused, "scopes", 1),
        ("XOAUTH2", LATER, "TAG NO failed", ServerUnreachable, "tried again", 1),
        ("XOAUTH2", "", "TAG NO [UNAVAILABLE] Temporary authentication failure", ServerUnreachable, "tried again", 1),
        ("XOAUTH2", "", "TAG NO [ALERT] Your account is not enabled for IMAP use.", SignInRefused, "Allow IMAP", 1),
    ],
)
def test_imap_refuses(how: str, said: str, ends: str, error: type, words: str, tries: int) -> None:
    dialogue = refusing_imap(how, said, "", ends)
    with scripted(dialogue) as server:
        with pytest.raises(error) as caught, imap.connect(by_imap(server, Tokens())):
            pytest.fail("signed in")
        assert words in str(caught.value.todo)
        assert len(server.heard) == tries


def test_imap_takes_no_tokens() -> None:
    with scripted([*IMAP_HELLO, offers("AUTH=PLAIN"), Expect("LOGOUT")]) as server:
        with pytest.raises(SignInRefused, match="it offers: PLAIN"), imap.connect(by_imap(server, Tokens())):
            pytest.fail("signed in")
        assert not any("AUTHENTICATE" in line for line in server.heard[0].lines)


def test_a_long_token_waits_to_be_asked_for() -> None:
    tokens = Tokens(["x" * 9000, ""])
    dialogue = [
        *IMAP_HELLO,
        offers("SASL-IR AUTH=XOAUTH2"),
        Expect("AUTHENTICATE XOAUTH2"),
        Say("+"),
        Expect(""),
        Say("* CAPABILITY IMAP4rev1\r\nTAG OK signed in"),
        Expect("LOGOUT"),
    ]
    with scripted(dialogue) as server, imap.connect(by_imap(server, tokens)):
        assert b"x" * 9000 in in_clear(server.heard[0].lines[2])


@pytest.mark.parametrize("token, who", [("a b", WHO), ("a\1b", WHO), ("", WHO), ("ä", WHO), ("t", "a\1b")])
def test_what_would_break_the_response_is_never_sent(token: str, who: str) -> None:
    tokens = Tokens([token, token])
    with (
        scripted([*IMAP_HELLO, offers("AUTH=XOAUTH2"), Expect("LOGOUT")]) as server,
        pytest.raises(ConfigError),
        imap.connect(by_imap(server, tokens, who)),
    ):
        pytest.fail("signed in")
    with (
        scripted([*smtp_hello("XOAUTH2"), Expect("QUIT")]) as server,
        pytest.raises(ConfigError) as caught,
        smtp.open(by_smtp(server, tokens, who)),
    ):
        pytest.fail("signed in")
    assert caught.value.lines() == ["The token or the username contains what no token can.", "[mailbox.oauth]"]


def smtp_hello(*ways: str) -> list:
    return [Say("220 hello"), Expect("EHLO"), Say(f"250-scripted\r\n250 AUTH {' '.join(ways)}")]


@pytest.mark.parametrize("how", ["XOAUTH2", "OAUTHBEARER"])
def test_smtp_with_an_initial_response(how: str) -> None:
    dialogue = [*smtp_hello("PLAIN", how), Expect(f"AUTH {how} "), Say("235 2.7.0 ok"), Expect("QUIT"), Say("221 x")]
    with scripted(dialogue) as server, smtp.open(by_smtp(server, Tokens())):
        assert b"auth=Bearer first-token\1\1" in in_clear(server.heard[0].lines[1])


@pytest.mark.parametrize(("token", "asks"), [("short", "334 "), ("l" * 3000, "334 "), ("l" * 3000, "334 Z28gb24=")])
def test_smtp_that_asks_for_the_response(token: str, asks: str) -> None:
    begins = [*smtp_hello("XOAUTH2"), Expect("AUTH XOAUTH2"), Say(asks), Expect("")]
    with (
        scripted([*begins, Say("235 ok"), Expect("QUIT"), Say("221 x")]) as server,
        smtp.open(by_smtp(server, Tokens([token, ""]))),
    ):
        lines = server.heard[0].lines
        # RFC 4954 4: a response that makes the command too long waits for the server.
        assert (lines[1] == "AUTH XOAUTH2") == (len(token) > 1000)
        assert token.encode() in in_clear(lines[2])


@pytest.mark.parametrize(
    ("how", "length", "octets"),
    [("XOAUTH2", 335, 511), ("XOAUTH2", 336, 14), ("OAUTHBEARER", 306, 511), ("OAUTHBEARER", 307, 18)],
)
def test_smtp_sends_no_more_at_once_than_a_line_holds(how: str, length: int, octets: int) -> None:
    """RFC 5321 4.5.3.1.4: 512 octets with the line's end."""
    dialogue = [*smtp_hello(how), Expect(f"AUTH {how}"), Say("235 ok"), Expect("QUIT"), Say("221 x")]
    with scripted(dialogue) as server, smtp.open(by_smtp(server, Tokens(["l" * length, ""]))):
        assert len(server.heard[0].lines[1]) + 2 == octets


def refusing_smtp(how: str, said: str, answered: str, ends: str | bytes) -> list:
    return [
        *smtp_hello(how),
        Expect(f"AUTH {how} "),
        *([Say(f"334 {said}"), Expect(answered)] if said else []),
        Say(ends),
        Expect("QUIT"),
        Say("221 x"),
    ]


@pytest.mark.parametrize(
    "how, said, answered", [("XOAUTH2", GOOGLE_401, ""), ("OAUTHBEARER", NOT_VALID, "AQ=="), ("XOAUTH2", "", "")]
)
def test_smtp_once_more_with_another_token(how: str, said: str, answered: str) -> None:
    tokens = Tokens()
    first = refusing_smtp(how, said, answered, "535 5.7.8 Username and Password not accepted")
    second = [*smtp_hello(how), Expect(f"AUTH {how} "), Say("235 ok"), Expect("QUIT"), Say("221 x")]
    with scripted(first, second) as server, smtp.open(by_smtp(server, tokens)):
        assert tokens.refused == ["first-token"]
        assert b"second-token" in in_clear(server.heard[1].lines[1])
        assert [one.errors for one in server.heard] == [[], []]
        if said:
            assert server.heard[0].lines[2] == answered


@pytest.mark.parametrize(
    "said, ends, error, words, tries",
    [
        (NOT_VALID, "535 5.7.8 failed", SignInRefused, "askaround login", 2),
        ("", "535 5.7.3 Authentication unsuccessful [X.EURPRD.PROD.OUTLOOK.COM]", SignInRefused, "askaround login", 2),
        ("", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit x",
         SignInRefused, "Authenticated SMTP", 1),
        ("", "550 5.7.30 Basic authentication is not supported for Client Submission.", SignInRefused,
         "Authenticated SMTP", 1),
        (NOT_ENOUGH, "535 5.7.8 failed", SignInRefused, "scopes", 1),
        ("", "454 4.7.0 Temporary authentication failure", ServerUnreachable, "tried again", 1),
        ("", "400 busy", ServerUnreachable, "tried again", 1),
        ("", "500 no", SignInRefused, "askaround login", 2),
        (LATER, "535 5.7.8 failed", ServerUnreachable, "tried again", 1),
    ],
)  # fmt: skip
def test_smtp_refuses(said: str, ends: str, error: type, words: str, tries: int) -> None:
    with scripted(refusing_smtp("XOAUTH2", said, "", ends)) as server:
        with pytest.raises(error) as caught, smtp.open(by_smtp(server, Tokens())):
            pytest.fail("signed in")
        assert words in str(caught.value.todo)
        assert len(server.heard) == tries


def test_smtp_says_what_cannot_be_read() -> None:
    with (
        scripted(refusing_smtp("XOAUTH2", "", "", "xyz " + "x" * 200)) as server,
        pytest.raises(ServerMisbehaved) as caught,
        smtp.open(by_smtp(server, Tokens())),
    ):
        pytest.fail("signed in")
    there = f"127.0.0.1:{server.port} (SMTP)"
    assert caught.value.what == f"{there}: the answer to AUTH cannot be read (-1 {'x' * 97})."
    old = refusing_smtp("XOAUTH2", "", "", "535 accès refusé\r\n".encode("latin-1"))
    with (
        scripted(old) as server,
        pytest.raises(SignInRefused, match='"535 acc\ufffds refus\ufffd"'),
        smtp.open(by_smtp(server, Tokens())),
    ):
        pytest.fail("signed in")


@pytest.mark.parametrize("how", ["XOAUTH2", "OAUTHBEARER"])
def test_smtp_tells_the_address_that_stands_in_brackets(how: str) -> None:
    dialogue = [*smtp_hello(how), Expect(f"AUTH {how} "), Say("235 ok"), Expect("QUIT"), Say("221 x")]
    with (
        scripted(dialogue) as server,
        smtp.open(replace(by_smtp(server, Tokens()), host="[127.0.0.1]")),
    ):
        assert (b"\1host=127.0.0.1\1" in in_clear(server.heard[0].lines[1])) == (how == "OAUTHBEARER")


def test_smtp_takes_no_tokens() -> None:
    with (
        scripted([*smtp_hello("PLAIN", "LOGIN"), Expect("QUIT"), Say("221 x")]) as server,
        pytest.raises(SignInRefused, match="it offers: PLAIN, LOGIN"),
        smtp.open(by_smtp(server, Tokens())),
    ):
        pytest.fail("signed in")


def test_the_sign_in_is_over_when_another_token_is_asked_for() -> None:
    ended = SignInEnded("over", todo="askaround login")
    with scripted(refusing_smtp("XOAUTH2", "", "", "535 5.7.8 no")) as server:
        with pytest.raises(SignInEnded), smtp.open(by_smtp(server, Tokens(error=ended))):
            pytest.fail("signed in")
        assert len(server.heard) == 1


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_a_server_that_says_it_back(protocol: str) -> None:
    secret = "ya29.planted-token"
    tokens = Tokens([secret, secret])
    packed = base64.b64encode(response(Mechanism.xoauth2, WHO, secret, "127.0.0.1", 1)).decode()
    if protocol == "imap":
        with (
            scripted(refusing_imap("XOAUTH2", "", "", f"TAG NO [X] no {secret} {packed}")) as server,
            pytest.raises(SignInRefused) as caught,
            imap.connect(by_imap(server, tokens)),
        ):
            pytest.fail("signed in")
    else:
        with (
            scripted(refusing_smtp("XOAUTH2", "", "", f"535 no {secret} {packed}")) as server,
            pytest.raises(SignInRefused) as caught,
            smtp.open(by_smtp(server, tokens)),
        ):
            pytest.fail("signed in")
    shown = "\n".join(caught.value.lines())
    assert "***" in shown
    assert secret not in shown
    assert packed[:60] not in shown


def test_an_account_without_a_mailbox() -> None:
    dialogue = [
        *accepting_imap("XOAUTH2")[:-1],
        Expect("LIST"),
        Say("TAG BAD User is authenticated but not connected."),
        Expect("LOGOUT"),
    ]
    with (
        scripted(dialogue) as server,
        pytest.raises(Exception, match="no mailbox that may be read") as caught,
        imap.connect(by_imap(server, Tokens())) as session,
    ):
        session.folders()
    assert "Allow IMAP" in caught.value.todo  # type: ignore[attr-defined]
