"""Every failure that is known gives one sentence with what helps: the servers' own words, over a socket."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from tests.servers.certificates import Authority
from tests.servers.scripted import Expect, Say, Scripted, Stall, Step, scripted
from worker.errors import AskaroundError, ServerUnreachable, SignInRefused, WorldError
from worker.mailbox import imap, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.failures import Place, sign_in_refused, unreachable

GMAIL_APP = (
    "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)"
)
GMAIL_IMAP = (
    "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account "
    "for IMAP access. (Failure)"
)
TENANT = "Authentication unsuccessful, SmtpClientAuthentication is disabled for the {}. Visit https://aka.ms/smtp_auth_disabled"
OAUTH = "Sign in with OAuth2"


def reading(server: Scripted, security: str = "plain", ca_file: Path | None = None) -> WorldError:
    access = ImapAccess("localhost", server.port, security, "una", lambda: "sesame", ca_file, timeout=1)
    with pytest.raises(WorldError) as caught, imap.connect(access):
        pass
    return caught.value


def sending(server: Scripted, security: str = "plain", ca_file: Path | None = None) -> WorldError:
    access = SmtpAccess("localhost", server.port, security, "una", lambda: "sesame", ca_file, timeout=1)
    with pytest.raises(WorldError) as caught, smtp.open(access):
        pass
    return caught.value


def one_sentence(error: AskaroundError, why: str, helps: str) -> None:
    assert why in error.what, error.what
    assert error.todo is not None
    assert helps in error.todo, error.todo
    assert "\n" not in error.sentence()
    assert "sesame" not in error.sentence()
    assert len(error.lines()) <= 5


def imap_says(answer: str) -> list[Step]:
    capable = "* CAPABILITY IMAP4rev1\r\nTAG OK done"
    return [Say("* OK ready"), Expect("CAPABILITY"), Say(capable), Expect("LOGIN"), Say(f"TAG NO {answer}")]


def smtp_says(answer: str) -> list[Step]:
    return [Say("220 ready"), Expect("EHLO"), Say("250-here\r\n250 AUTH PLAIN"), Expect("AUTH"), Say(answer)]


@pytest.mark.parametrize(
    "answer, why, helps",
    [
        (
            "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
            "does not accept the sign-in of una",
            "Check username",
        ),
        ("[AUTHENTICATIONFAILED] Authentication failed.", "does not accept the sign-in of una", "app password"),
        (GMAIL_APP, "it wants an app password", "2-step verification"),
        ("[AUTHENTICATIONFAILED] You must use an app-specific password", "it wants an app password", "Make an app"),
        ("Please using authorized code to login.", "it wants an app password", "Make an app password"),
        (GMAIL_IMAP, "IMAP is switched off for this account", "Allow IMAP"),
        ("[AUTHENTICATIONFAILED] IMAP access is disabled for this mailbox", "IMAP is switched off", "Allow IMAP"),
        ("IMAP nicht aktiviert", "IMAP is switched off for this account", "Allow IMAP"),
        ("POP3/IMAP ist für dieses Konto nicht freigeschaltet", "IMAP is switched off", "Allow IMAP"),
        ("[ALERT] You are yet to enable IMAP for your account. (Failure)", "IMAP is switched off", "Allow IMAP"),
        (
            "[ALERT] Please log in via your web browser: https://support.google.com/mail/answer/78754 (Failure)",
            "it wants to see you in the browser first",
            "confirm that it was you",
        ),
        (
            "[AUTHENTICATIONFAILED] (#MBR1240) Please verify your account by going to x",
            "in the browser first",
            "Sign in",
        ),
        ("[AUTHORIZATIONFAILED] Your account has been locked", "the account is locked", "unlock it"),
    ],
)
def test_what_imap_servers_say(answer: str, why: str, helps: str) -> None:
    with scripted(imap_says(answer)) as server:
        error = reading(server)
    assert type(error) is SignInRefused
    one_sentence(error, why, helps)


@pytest.mark.parametrize(
    "answer, why, helps",
    [
        (
            "535 5.7.8 Username and Password not accepted. For more information, go to x",
            "sign-in of una",
            "Check username",
        ),
        (
            "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [x]",
            "sign-in of una",
            "Check",
        ),
        (
            "534-5.7.9 Application-specific password required.\r\n534 5.7.9 InvalidSecondFactor x",
            "an app password",
            "2-step",
        ),
        ("534 5.7.9 Please log in with your web browser and then try again. x", "in the browser first", "confirm that"),
        (
            "534 5.7.14 <https://accounts.google.com/signin/continue?x> Please log in via your web browser",
            "browser",
            "Sign",
        ),
        ("535 5.7.139 " + TENANT.format("Tenant"), "authenticated SMTP is switched off for it", "Authenticated SMTP"),
        ("535 5.7.139 " + TENANT.format("Mailbox"), "authenticated SMTP is switched off for it", "Manage email apps"),
        (
            "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
            "passwords are switched off",
            OAUTH,
        ),
        (
            "550 5.7.30 Basic authentication is not supported for Client Submission.",
            "passwords are switched off",
            OAUTH,
        ),
        (
            "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated "
            "successfully. Contact your administrator.",
            "a rule of your organization forbids it",
            "Ask its administrator",
        ),
        (
            "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
            "a rule of your organization forbids it",
            "Ask its administrator",
        ),
        ("535 5.7.0 NEOBHODIM parol prilozheniya / Application password is REQUIRED", "an app password", "Make an app"),
    ],
)
def test_what_smtp_servers_say(answer: str, why: str, helps: str) -> None:
    with scripted(smtp_says(answer)) as server:
        error = sending(server)
    assert type(error) is SignInRefused
    one_sentence(error, why, helps)


@pytest.mark.parametrize(
    "protocol, host, port, helps",
    [
        ("IMAP", "imap.gmail.com", 993, "Google takes app passwords alone"),
        ("SMTP", "smtp.mail.yahoo.com", 465, "Yahoo takes app passwords alone. Sign in at"),
        ("IMAP", "imap.mail.me.com", 993, "iCloud takes app passwords alone. Sign in at https://account.apple.com"),
        ("SMTP", "smtp.fastmail.com", 465, "Fastmail takes app passwords alone"),
        ("IMAP", "imap.gmx.net", 993, "Check username and password. Allow IMAP first"),
        ("IMAP", "IMAP.WEB.DE.", 993, "Allow IMAP first"),
        ("IMAP", "posteo.de", 993, "additional mail protection must be off"),
        ("IMAP", "127.0.0.1", 1143, "use the password that Bridge shows"),
        ("SMTP", "smtp.office365.com", 587, "Check username and password; many providers"),
        ("IMAP", "imap.acme.example", 993, "Check username and password; many providers"),
    ],
)
def test_a_wrong_password_at_a_provider_that_is_known(protocol: str, host: str, port: int, helps: str) -> None:
    place = Place(protocol, host, port, "tls")
    one_sentence(sign_in_refused(place, "una", "535 5.7.8 authentication failed"), "does not accept", helps)


def test_an_app_password_at_a_provider_that_is_known() -> None:
    place = Place("SMTP", "smtp.mail.me.com", 587, "starttls")
    error = sign_in_refused(place, "una", "535 5.7.8 Error: app-specific password required")
    one_sentence(error, "it wants an app password", "App-Specific Passwords")


@pytest.mark.parametrize("attempt", [reading, sending])
def test_a_port_where_nobody_answers(attempt) -> None:  # type: ignore[no-untyped-def]
    with scripted([Stall()]) as server:
        one_sentence(attempt(server), "no answer in time", "whether a firewall blocks them")


@pytest.mark.parametrize("attempt", [reading, sending])
def test_a_port_where_nobody_listens(attempt) -> None:  # type: ignore[no-untyped-def]
    with scripted([]) as server:
        pass
    one_sentence(attempt(server), "the connection was refused", "is the server running?")


@pytest.mark.parametrize(
    "port, security, helps",
    [
        (25, "starttls", "Most networks block port 25: set port = 465"),
        (587, "starttls", 'block port 587: try port = 465 with security = "tls"'),
        (465, "tls", 'block port 465: try port = 587 with security = "starttls"'),
        (465, "starttls", "expects TLS from the first byte"),
    ],
)
def test_a_port_that_the_network_blocks(port: int, security: str, helps: str) -> None:
    one_sentence(unreachable(Place("SMTP", "smtp.acme.example", port, security), TimeoutError()), "no answer in", helps)


@pytest.mark.parametrize(
    "host, number, why, helps",
    [
        ("imap.acme.example", socket.EAI_NONAME, "the host name cannot be found", "Check the spelling"),
        ("imap.gmial.com", socket.EAI_NONAME, "the host name cannot be found", "Did you mean imap.gmail.com?"),
        ("imap.gmail.com", socket.EAI_NONAME, "the host name cannot be found", "no working name server"),
        ("imap.gmail.com", socket.EAI_AGAIN, "no name server answers", "Check this machine's connection"),
    ],
)
def test_a_host_that_is_not_found(
    monkeypatch: pytest.MonkeyPatch, host: str, number: int, why: str, helps: str
) -> None:
    def nobody(*arguments: object, **more: object) -> None:
        raise socket.gaierror(number, "in the resolver's words")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    for open_ in (
        lambda: imap.connect(ImapAccess(host, 993, "tls", "una", lambda: "sesame", timeout=1)),
        lambda: smtp.open(SmtpAccess(host, 465, "tls", "una", lambda: "sesame", timeout=1)),
    ):
        with pytest.raises(ServerUnreachable) as caught, open_():
            pass
        one_sentence(caught.value, why, helps)


@pytest.mark.parametrize("attempt", [reading, sending])
@pytest.mark.parametrize(
    "days, why, helps",
    [(-1, "has expired", "the server's owner has to renew it"), (None, "is not valid yet", "set this machine's clock")],
)
def test_a_certificate_and_a_clock(attempt, tmp_path: Path, days: int | None, why: str, helps: str) -> None:  # type: ignore[no-untyped-def]
    authority = Authority(tmp_path)
    certificate = authority.issue("DNS:localhost", days=days or 3650, in_2099=days is None)
    with scripted([], certificate=certificate, tls=True) as server:
        error = attempt(server, "tls", authority.ca_file)
    one_sentence(error, f"the server's certificate {why}", helps)
    assert "UTC now" in str(error.todo), "what this machine takes for the time"


def test_openssls_numbers_are_those_that_are_meant() -> None:
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_code, error.verify_message = 9, "not yet valid"
    one_sentence(unreachable(Place("IMAP", "x.example", 993, "tls"), error), "is not valid yet", "clock")
