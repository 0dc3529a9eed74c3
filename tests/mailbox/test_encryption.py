"""No password leaves for a server that is not the right one."""

import shutil
import socket

import pytest

from tests.servers.available import absent
from tests.servers.certificates import Authority, self_signed
from tests.servers.scripted import Expect, Say, StartTls, scripted, smtp_start
from worker.errors import ConfigError, ServerMisbehaved, ServerUnreachable
from worker.mailbox import imap, sign_in, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess, is_loopback

QUIT = [Expect("QUIT"), Say("221 bye")]
IMAP = [
    Say("* OK ready"),
    Expect("CAPABILITY"),
    Say("* CAPABILITY IMAP4rev1\r\nTAG OK done"),
    Expect("LOGIN"),
    Say("TAG OK in"),
    Expect("CAPABILITY"),
    Say("* CAPABILITY IMAP4rev1\r\nTAG OK done"),
    Expect("LOGOUT"),
    Say("* BYE\r\nTAG OK out"),
]
IMAP_STARTTLS = [
    Say("* OK ready"),
    Expect("CAPABILITY"),
    Say("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\nTAG OK done"),
    Expect("STARTTLS"),
    Say("TAG OK go"),
    StartTls(),
    *IMAP[1:3],
    *IMAP[1:],
]
SMTP_STARTTLS = [
    Say("220 x"),
    Expect("EHLO"),
    Say("250-x\r\n250 STARTTLS"),
    Expect("STARTTLS"),
    Say("220 go"),
    StartTls(),
    *smtp_start()[1:],
    *QUIT,
]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if shutil.which("openssl") is None:
        absent("not installed: openssl")
    return Authority(tmp_path_factory.mktemp("authority"))


def try_imap(server, ca_file, security="tls", host="localhost"):
    with imap.connect(
        ImapAccess(host, server.port, security, "o@example.org", lambda: "sesame", ca_file, timeout=2)
    ) as session:
        return session


def try_smtp(server, ca_file, security="tls", host="localhost"):
    with smtp.open(
        SmtpAccess(host, server.port, security, "o@example.org", lambda: "sesame", ca_file, timeout=2)
    ) as session:
        return session


BOTH = pytest.mark.parametrize(
    "attempt, dialogue, security, early",
    [
        (try_imap, IMAP, "tls", True),
        (try_smtp, [*smtp_start(), *QUIT], "tls", True),
        (try_imap, IMAP_STARTTLS, "starttls", False),
        (try_smtp, SMTP_STARTTLS, "starttls", False),
    ],
    ids=["imap tls", "smtp tls", "imap starttls", "smtp starttls"],
)


@BOTH
def test_the_right_server_is_let_in(authority, attempt, dialogue, security, early):
    good = authority.issue("DNS:localhost")
    with scripted(dialogue, certificate=good, tls=early) as server:
        attempt(server, authority.ca_file, security)
    assert server.heard[0].errors == []


@BOTH
@pytest.mark.parametrize("fault", ["expired", "wrong name", "self-signed", "unknown authority"])
def test_a_certificate_that_is_not_right_stops_everything(
    authority, tmp_path, attempt, dialogue, security, early, fault
):
    trusted = authority.ca_file
    if fault == "expired":
        bad, words = authority.issue("DNS:localhost", days=-1), "expired"
    elif fault == "wrong name":
        bad, words = authority.issue("DNS:mail.example.org"), "another host name"
    elif fault == "self-signed":
        bad, words = self_signed(tmp_path, "DNS:localhost"), "self-signed"
    else:
        bad, words = Authority(tmp_path, "stranger").issue("DNS:localhost"), "authority that this machine does not know"
    with scripted(dialogue, certificate=bad, tls=early) as server:
        with pytest.raises(ServerUnreachable, match=words) as caught:
            attempt(server, trusted, security)
        assert f"localhost:{server.port}" in str(caught.value)
        assert caught.value.todo
    assert b"sesame" not in bytes(server.heard[0].raw)
    assert not any("AUTH" in line or "LOGIN" in line for line in server.heard[0].lines)


def test_without_a_ca_file_the_systems_authorities_decide(authority):
    good = authority.issue("DNS:localhost")
    with scripted(IMAP, certificate=good, tls=True) as server, pytest.raises(ServerUnreachable):
        try_imap(server, None)


def test_a_pinned_certificate_is_enough(tmp_path):
    own = self_signed(tmp_path, "DNS:localhost")
    with scripted([*smtp_start(), *QUIT], certificate=own, tls=True) as server:
        try_smtp(server, own.certificate)


@pytest.mark.parametrize(
    "attempt, dialogue",
    [
        (try_smtp, [*smtp_start(), *QUIT]),
        (try_imap, [*IMAP[:3], Expect("LOGOUT"), Say("* BYE\r\nTAG OK")]),
    ],
)
def test_starttls_that_is_not_offered_stops_everything(authority, attempt, dialogue):
    with scripted(dialogue) as server, pytest.raises(ServerUnreachable, match="does not offer STARTTLS"):
        attempt(server, authority.ca_file, "starttls")
    assert not any("AUTH" in line or "LOGIN" in line for line in server.heard[0].lines)


@pytest.mark.parametrize(
    "attempt, dialogue, words",
    [
        (try_smtp, SMTP_STARTTLS, "220 go\r\n250-x\r\n250 AUTH PLAIN"),
        (try_smtp, SMTP_STARTTLS, "220 go\r\n"),
        (try_imap, IMAP_STARTTLS, "TAG OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done"),
        (try_imap, IMAP_STARTTLS, "TAG OK go\r\n"),
    ],
)
def test_words_put_in_before_the_encryption_are_noticed(authority, attempt, dialogue, words):
    with (
        scripted([*dialogue[:4], Say(words), StartTls()], certificate=authority.issue("DNS:localhost")) as server,
        pytest.raises(ServerMisbehaved, match="before it was encrypted"),
    ):
        attempt(server, authority.ca_file, "starttls")
    assert b"sesame" not in bytes(server.heard[0].raw)


def test_words_that_wait_are_seen_wherever_they_are():
    class Before314:
        pass

    class Since314:
        _readbuf = ()

        @property
        def file(self):
            raise RuntimeWarning("not to be used")

    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as file:
        ours.settimeout(7)
        before, since = Before314(), Since314()
        before.file = file
        for _ in range(2):
            assert not sign_in._spoken(before, ours)
            assert not sign_in._spoken(since, ours)
        theirs.sendall(b"* x\r\n")
        assert sign_in._spoken(since, ours)
        assert sign_in._spoken(before, ours)
        assert file.readline() == b"* x\r\n"
        assert not sign_in._spoken(before, ours)
        since._readbuf = [b"", b"* x\r\n"]
        assert sign_in._spoken(since, ours)
        assert ours.gettimeout() == 7


def test_a_greeting_that_claims_a_sign_in_does_not_skip_the_encryption(authority):
    dialogue = [Say("* PREAUTH welcome"), Expect("CAPABILITY"), Say("* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done")]
    with (
        scripted(dialogue, certificate=authority.issue("DNS:localhost")) as server,
        pytest.raises(ServerMisbehaved, match="before the connection is encrypted"),
    ):
        try_imap(server, authority.ca_file, "starttls")


@pytest.mark.parametrize("attempt, dialogue", [(try_imap, IMAP), (try_smtp, smtp_start())])
def test_tls_on_a_port_without_it_is_told(authority, attempt, dialogue):
    with scripted(dialogue) as server, pytest.raises(ServerUnreachable, match="does not speak TLS") as caught:
        attempt(server, authority.ca_file, "tls")
    assert "starttls" in caught.value.todo


@pytest.mark.parametrize("attempt", [try_imap, try_smtp])
def test_plain_is_for_this_machine_alone(attempt):
    class Elsewhere:
        port = 143

    with pytest.raises(ConfigError, match="without encryption"):
        attempt(Elsewhere, None, "plain", "mail.example.org")
    with pytest.raises(ConfigError, match="not known"):
        attempt(Elsewhere, None, "ssl", "mail.example.org")


@pytest.mark.parametrize("attempt, dialogue", [(try_imap, IMAP), (try_smtp, [*smtp_start(), *QUIT])])
@pytest.mark.parametrize("peer", ["203.0.113.5", "2001:db8::5", "fe80::5%eth0", "::ffff:203.0.113.5"])
def test_plain_stays_here_wherever_the_name_leads(monkeypatch, attempt, dialogue, peer):
    monkeypatch.setattr(socket.socket, "getpeername", lambda self: (peer, 143))
    with scripted(dialogue) as server, pytest.raises(ConfigError, match=f"without encryption.*{peer}"):
        attempt(server, None, "plain")
    assert not any("EHLO" in line or "AUTH" in line or "LOGIN" in line for line in server.heard[0].lines)


@pytest.mark.parametrize("attempt, dialogue", [(try_imap, IMAP), (try_smtp, [*smtp_start(), *QUIT])])
@pytest.mark.parametrize("peer, own", [("::1", "::1"), ("::ffff:127.0.0.1", "::1"), ("192.0.2.7", "192.0.2.7")])
def test_plain_is_for_each_address_of_this_machine(monkeypatch, attempt, dialogue, peer, own):
    with scripted(dialogue) as server:
        monkeypatch.setattr(socket.socket, "getpeername", lambda self: (peer, 143))
        monkeypatch.setattr(socket.socket, "getsockname", lambda self: (own, 5))
        attempt(server, None, "plain")
    assert server.heard[0].errors == []


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_ca_file_that_is_none(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)

    class Anywhere:
        port = 1

    with pytest.raises(ConfigError) as caught:
        try_imap(Anywhere, path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "host, here",
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("[::1]", True),
        ("imap.localhost", True),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_what_this_machine_is(host, here):
    assert is_loopback(host) is here
