"""Tokens at a real Dovecot and a real Postfix, which ask the authorization server about each of them (RFC 7662)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oauth.keeping import Ring, Time, registered
from tests.servers.authorization import CLIENT_ID, CLIENT_SECRET, Authorization
from tests.servers.mail_server import MailServer
from tests.stories.world import PASSWORD, World
from worker.errors import SignInEnded, SignInRefused
from worker.mailbox import imap, oauth, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.answers import Result
from worker.mailbox.oauth import Mechanism
from worker.mailbox.tokens import Keeper
from worker.mailbox.vault import Vault

pytestmark = pytest.mark.real_server


def keeper(tokens_at: Authorization, folder: Path, who: str, time: Time) -> Keeper:
    made = Keeper(registered(tokens_at), Vault(folder / "t.json", Ring(), "file"), who, now=time.now, wait=time.wait)
    grant = tokens_at.grant(who)
    made.begin({**tokens_at.answer(grant), "refresh_token": grant.refresh})
    return made


def by_imap(server: MailServer, who: str, made: Keeper, security: str = "tls") -> ImapAccess:
    port = server.imaps_port if security == "tls" else server.imap_port
    return ImapAccess("localhost", port, security, who, lambda: "", ca_file=server.ca_file, timeout=20, bearer=made)


def by_smtp(server: MailServer, who: str, made: Keeper, security: str = "tls") -> SmtpAccess:
    port = server.smtps_port if security == "tls" else server.smtp_port
    return SmtpAccess("localhost", port, security, who, lambda: "", ca_file=server.ca_file, timeout=20, bearer=made)


@pytest.mark.parametrize("how", list(Mechanism))
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_in_and_out(
    token_server: MailServer,
    tokens_at: Authorization,
    fresh_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: Mechanism,
    security: str,
) -> None:
    token_server.add_user(fresh_address, "never used")
    made = keeper(tokens_at, tmp_path, fresh_address, Time())
    offered: list[set[str]] = []

    def chosen(ways: object) -> Mechanism:
        offered.append({str(one).upper() for one in ways})  # type: ignore[attr-defined]
        return how

    monkeypatch.setattr(oauth, "mechanism", chosen)
    raw = b"Message-ID: <1@x.example>\r\nSubject: Hello\r\n\r\nHello.\r\n"
    with smtp.open(by_smtp(token_server, fresh_address, made, security)) as line:
        assert line.submit(fresh_address, fresh_address, raw, before_data=lambda: None).result is Result.accepted
    token_server.await_messages(fresh_address)
    with imap.connect(by_imap(token_server, fresh_address, made, security)) as session:
        assert session.examine("INBOX").exists == 1
    assert all(ways >= {"XOAUTH2", "OAUTHBEARER", "PLAIN"} for ways in offered)


@pytest.mark.parametrize("how", list(Mechanism))
def test_a_token_that_ended_before_its_time(
    token_server: MailServer,
    tokens_at: Authorization,
    fresh_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: Mechanism,
) -> None:
    monkeypatch.setattr(oauth, "mechanism", lambda ways: how)
    token_server.add_user(fresh_address, "never used")
    made = keeper(tokens_at, tmp_path, fresh_address, Time())
    for open_it in (
        lambda: imap.connect(by_imap(token_server, fresh_address, made)),
        lambda: smtp.open(by_smtp(token_server, fresh_address, made)),
    ):
        before = made.token()
        tokens_at.expire(fresh_address)
        with open_it():
            assert made.token() != before


@pytest.mark.parametrize("how", list(Mechanism))
def test_a_token_of_somebody_else(
    token_server: MailServer,
    tokens_at: Authorization,
    fresh_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: Mechanism,
) -> None:
    """Signed in as the wrong person: said once, with the name, after one more try."""
    monkeypatch.setattr(oauth, "mechanism", lambda ways: how)
    token_server.add_user(fresh_address, "never used")
    made = keeper(tokens_at, tmp_path, f"other-{fresh_address}", Time())
    with (
        pytest.raises(SignInRefused, match="does not take the token") as caught,
        imap.connect(by_imap(token_server, fresh_address, made)),
    ):
        pytest.fail("signed in")
    assert caught.value.todo == f"Sign in again as {fresh_address}: askaround login"
    with (
        pytest.raises(SignInRefused, match="does not take the token"),
        smtp.open(by_smtp(token_server, fresh_address, made)),
    ):
        pytest.fail("signed in")


def test_renewed_in_time_and_revoked(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, tmp_path: Path
) -> None:
    token_server.add_user(fresh_address, "never used")
    time = Time()
    made = keeper(tokens_at, tmp_path, fresh_address, time)
    first = made.token()
    time.later(minutes=58)
    with imap.connect(by_imap(token_server, fresh_address, made)):
        assert made.token() != first
    tokens_at.revoke(fresh_address)
    for open_it in (
        lambda: imap.connect(by_imap(token_server, fresh_address, made)),
        lambda: smtp.open(by_smtp(token_server, fresh_address, made)),
    ):
        with pytest.raises(SignInEnded, match="has ended the sign-in") as caught, open_it():
            pytest.fail("signed in")
        assert caught.value.todo == "Sign in again: askaround login."


OAUTH = f"""
[mailbox.oauth]
provider = "custom"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
auth_endpoint = "URL/authorize"
token_endpoint = "URL/token"
keep = "file"

[pace]
"""


def signed_in_world(server: MailServer, tokens_at: Authorization, folder: Path, owner: str) -> World:
    world = World(
        server,
        folder,
        owner,
        security="tls",
        smtp_security="starttls",
        ca_file=server.ca_file,
        changes={
            f'password = "{PASSWORD}"': "",
            "[pace]": OAUTH.replace("URL", tokens_at.url),
            f"port = {server.imap_port}": f"port = {server.imaps_port}",
        },
    )
    sign_in(world, tokens_at)
    return world


def sign_in(world: World, tokens_at: Authorization) -> None:
    grant = tokens_at.grant(world.owner)
    made = world.mailbox.sign_in
    assert made is not None
    made.begin({**tokens_at.answer(grant), "refresh_token": grant.refresh})


def test_a_whole_talk_with_tokens(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, tmp_path: Path
) -> None:
    world = signed_in_world(token_server, tokens_at, tmp_path, fresh_address)
    una = world.person(f"una.{fresh_address}")
    world.once()
    token_server.await_messages(una)
    assert world.state(una) == "asked"
    world.reply(una, "Sorry, I am not interested.\n\nUna")
    tokens_at.expire(fresh_address)  # before their time: the turn goes on with new ones
    report = world.later(hours=1)
    assert report.errors == []
    assert [mail.step for mail in report.sent] == ["referral_request"]
    token_server.await_messages(una, 2)

    world.reply(una, "Ask my colleague Ida Holm <ida.holm@example.org>, she knows more.\n\nUna")
    tokens_at.revoke(fresh_address)
    report = world.later(hours=1)
    assert (report.read, report.sent, report.trouble) == ([], [], True)
    ended = f"The sign-in server has ended the sign-in of {fresh_address}"
    assert [error.startswith(ended) and "askaround login" in error for error in report.errors] == [True]
    assert world.status()["health"]["errors"] == report.errors
    asked = len(tokens_at.asked)
    world.later(hours=1)
    assert len(tokens_at.asked) == asked, "a dead sign-in is not asked about again"
    assert len(token_server.messages(una)) == 2

    sign_in(world, tokens_at)
    report = world.later(hours=1)
    assert report.errors == []
    assert world.state(una) == "referred"
    assert world.status()["health"]["errors"] == []
    document = (tmp_path / "askaround.db").read_bytes()
    assert b"-of-the-server." not in document


def test_the_end_is_told_by_mail_while_a_token_lasts(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, tmp_path: Path
) -> None:
    """The refresh token died, the token at hand lives a little longer: what leaves with it is the news of that."""
    world = signed_in_world(token_server, tokens_at, tmp_path, fresh_address)
    token_server.add_user(fresh_address, PASSWORD)
    world.once()
    token_server.await_messages(fresh_address)  # the day's summary
    made = world.mailbox.sign_in
    assert made is not None
    kept = made.vault.read()
    assert kept is not None
    tokens_at.grants[-1].alive = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worker.mailbox.tokens.AHEAD", kept.expires_at - kept.issued_at)
        patch.setattr("worker.mailbox.tokens.Keeper._fresh", lambda self, kept: False)
        report = world.later(minutes=5)
        assert report.summary == fresh_address
        [_, told] = token_server.await_messages(fresh_address, 2)
        assert b"askaround login" in told.replace(b"=\r\n", b"")
        assert any("has ended the sign-in" in error for error in report.errors)
        report = world.later(minutes=5)
        assert report.summary is None
        assert any("has ended the sign-in" in error for error in report.errors)
