"""A person signs in: in the browser with PKCE and a way back to this machine, or with a code on another device."""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TextIO
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener, urlopen

import pytest

from tests.oauth.keeping import WHO
from tests.servers.authorization import CLIENT_ID, CLIENT_SECRET, Authorization
from worker.errors import ConfigError, InputError, ServerUnreachable, SignInEnded, SignInRefused
from worker.mailbox import consent
from worker.mailbox.oauth import Client, client


def google(server: Authorization) -> Client:
    return client(
        "google",
        CLIENT_ID,
        secret=lambda: CLIENT_SECRET,
        auth_endpoint=f"{server.url}/authorize",
        token_endpoint=f"{server.url}/token",
    )


def microsoft(server: Authorization) -> Client:
    return client("microsoft", CLIENT_ID, device_endpoint=f"{server.url}/device", token_endpoint=f"{server.url}/token")


class Person:
    """Reads what is said, and does with the address what a test wants."""

    def __init__(self, visit: Callable[[str], None]) -> None:
        self.said: list[str] = []
        self._visit = visit
        self.threads: list[threading.Thread] = []

    def __call__(self, line: str) -> None:
        self.said.append(line)
        if "/authorize" in line:
            self.threads.append(threading.Thread(target=self._visit, args=(line.strip(),), daemon=True))
            self.threads[-1].start()


def in_a_browser(url: str) -> None:
    with urlopen(url, timeout=10) as page:
        assert b"askaround" in page.read()


def where_it_leads(url: str) -> str:
    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        build_opener(Stay).open(url, timeout=10)
    except HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError("no redirect")


@contextmanager
def typed(line: Callable[[str], str]) -> Iterator[tuple[Callable[[str], None], TextIO]]:
    """A person who pastes: what is made of the address, and where it is read."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as pasted:

        def paste(url: str) -> None:
            os.write(writing, line(url).encode() + b"\n")
            os.close(writing)

        yield paste, pasted


def test_in_the_browser(authorization: Authorization) -> None:
    authorization.who = WHO
    person = Person(in_a_browser)
    answer = consent.sign_in(google(authorization), WHO, person, browser=False)
    assert answer["refresh_token"] == authorization.grants[0].refresh
    assert answer["access_token"] in authorization.grants[0].access
    [query] = authorization.visited
    assert query["code_challenge_method"] == "S256"
    assert (query["access_type"], query["prompt"], query["login_hint"]) == ("offline", "consent", WHO)
    assert query["scope"] == "https://mail.google.com/"
    assert urlsplit(query["redirect_uri"]).hostname == "127.0.0.1"
    [form] = authorization.asked
    assert form["client_secret"] == CLIENT_SECRET
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ
    assert not any(CLIENT_SECRET in line for line in person.said)


def test_the_browser_is_opened(authorization: Authorization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) is None)
    person = Person(in_a_browser)
    assert consent.sign_in(google(authorization), WHO, person)
    assert "Your browser opens" in person.said[0]
    assert person.said[1].strip() == opened[0]


def test_others_who_knock_are_sent_away(authorization: Authorization) -> None:
    """A browser that asks for its icon, a page that guesses: neither ends the wait, nor gives a code."""

    def visit(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        for other in ("favicon.ico", "?code=planted&state=guessed", "?code=planted", "?state="):
            with pytest.raises(HTTPError):
                urlopen(f"{back}{other}", timeout=10)
        in_a_browser(url)

    person = Person(visit)
    assert consent.sign_in(google(authorization), WHO, person, browser=False)
    assert [form["code"].startswith("code-") for form in authorization.asked] == [True]


def test_the_address_is_pasted(authorization: Authorization) -> None:
    with typed(where_it_leads) as (paste, pasted):
        answer = consent.sign_in(google(authorization), WHO, Person(paste), browser=False, pasted=pasted)
    assert answer["refresh_token"]


@pytest.mark.parametrize("line", ["http://127.0.0.1:1/?code=x&state=other", "code-1", "https://example.org/"])
def test_something_else_is_pasted(authorization: Authorization, line: str) -> None:
    with (
        typed(lambda _: line) as (paste, pasted),
        pytest.raises(InputError, match="not the address"),
    ):
        consent.sign_in(google(authorization), WHO, Person(paste), browser=False, pasted=pasted)
    assert authorization.asked == []


def test_nothing_is_pasted_and_the_browser_comes(authorization: Authorization) -> None:
    with open(os.devnull) as nothing:
        assert consent.sign_in(google(authorization), WHO, Person(in_a_browser), browser=False, pasted=nothing)


def test_the_person_says_no(authorization: Authorization) -> None:
    authorization.consents = False
    with pytest.raises(SignInRefused, match="access_denied"):
        consent.sign_in(google(authorization), WHO, Person(in_a_browser), browser=False)
    with pytest.raises(SignInRefused, match="access_denied"):
        consent.sign_in(microsoft(authorization), WHO, lambda _: None)


def test_nobody_comes(authorization: Authorization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "WAIT", 0.05)
    with pytest.raises(SignInRefused, match="Nobody has signed in"):
        consent.sign_in(google(authorization), WHO, lambda _: None, browser=False)


@pytest.mark.parametrize(
    "refusal, error, words",
    [
        (
            {"error": "invalid_client", "error_description": "The OAuth client was not found."},
            SignInRefused,
            "client_id",
        ),
        ({"error": "invalid_grant", "error_description": "Bad Request"}, SignInEnded, "askaround login"),
    ],
)
def test_the_code_is_not_taken(authorization: Authorization, refusal: dict, error: type, words: str) -> None:
    authorization.refusal = refusal
    with pytest.raises(error) as caught:
        consent.sign_in(google(authorization), WHO, Person(in_a_browser), browser=False)
    assert words in str(caught.value.todo)


def test_a_server_that_says_back_what_it_got(authorization: Authorization) -> None:
    authorization.refusal = {"error": "strange", "error_description": "{code}, {client_secret}"}
    with pytest.raises(SignInRefused) as caught:
        consent.sign_in(google(authorization), WHO, Person(in_a_browser), browser=False)
    assert "(strange: ***, ***)" in caught.value.what


def test_the_code_goes_nowhere_else(authorization: Authorization) -> None:
    moved = replace(google(authorization), token_endpoint=f"{authorization.url}/moved")
    with pytest.raises(ServerUnreachable, match="TooManyRedirects"):
        consent.sign_in(moved, WHO, Person(in_a_browser), browser=False)
    assert authorization.asked == []


def test_a_browser_that_drops_a_line_is_not_spoken_of(
    authorization: Authorization, capfd: pytest.CaptureFixture[str]
) -> None:
    def visit(url: str) -> None:
        back = urlsplit(parse_qs(urlsplit(url).query)["redirect_uri"][0])
        with socket.create_connection((str(back.hostname), back.port or 0)) as line:
            line.sendall(b"GET /")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed with a reset
        in_a_browser(url)

    assert consent.sign_in(google(authorization), WHO, Person(visit), browser=False)
    assert "Traceback" not in capfd.readouterr().err


def test_the_token_endpoint_answers_nonsense(authorization: Authorization) -> None:
    authorization.down = 502
    with pytest.raises((SignInRefused, ServerUnreachable)):
        consent.sign_in(google(authorization), WHO, Person(in_a_browser), browser=False)
    with pytest.raises((SignInRefused, ServerUnreachable)):
        consent.sign_in(microsoft(authorization), WHO, lambda _: None)


def test_with_a_code(authorization: Authorization) -> None:
    authorization.who, authorization.device_pending = WHO, 2
    said: list[str] = []
    answer = consent.sign_in(microsoft(authorization), WHO, said.append)
    assert answer["refresh_token"] == authorization.grants[0].refresh
    assert answer["access_token"] in authorization.grants[0].access
    assert "WDJB-MJHT" in said[0]
    assert f"{authorization.url}/code" in said[0]
    assert len(authorization.asked) == 3
    assert all("client_secret" not in form for form in authorization.asked)


def test_a_poll_that_is_lost_ends_nothing(authorization: Authorization) -> None:
    authorization.drops = 3
    assert consent.sign_in(microsoft(authorization), WHO, lambda _: None)["refresh_token"]
    authorization.drops = 1_000
    with pytest.raises(ServerUnreachable):
        consent.sign_in(microsoft(authorization), WHO, lambda _: None)


def test_the_code_is_not_used_in_time(authorization: Authorization, monkeypatch: pytest.MonkeyPatch) -> None:
    authorization.device_pending = 1_000_000
    monkeypatch.setattr("msal.oauth2cli.oauth2.Client.obtain_token_by_device_flow",
                        lambda self, flow, **more: self._obtain_token_by_device_flow(flow, **more))  # fmt: skip
    with pytest.raises(SignInRefused, match="not used in time"):
        consent.sign_in(microsoft(authorization), WHO, lambda _: None)


def test_a_server_of_ones_own_by_either_way(authorization: Authorization) -> None:
    token = f"{authorization.url}/token"
    browser = client("custom", CLIENT_ID, auth_endpoint=f"{authorization.url}/authorize", token_endpoint=token,
                     scopes=("mail", "offline_access"))  # fmt: skip
    assert consent.sign_in(browser, WHO, Person(in_a_browser), browser=False)["refresh_token"]
    assert authorization.visited[0]["scope"] == "mail offline_access"
    assert "client_secret" not in authorization.asked[0]
    device = client("custom", CLIENT_ID, device_endpoint=f"{authorization.url}/device", token_endpoint=token)
    assert consent.sign_in(device, WHO, lambda _: None)["refresh_token"]


@pytest.mark.parametrize(
    "packages, made, name",
    [(("google_auth_oauthlib.flow",), google, "google-auth-oauthlib"), (("msal",), microsoft, "msal")],
)
def test_a_package_is_missing(
    authorization: Authorization,
    monkeypatch: pytest.MonkeyPatch,
    packages: tuple[str, ...],
    made: Callable[[Authorization], Client],
    name: str,
) -> None:
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match="is not installed") as caught:
        consent.sign_in(made(authorization), WHO, lambda _: None)
    assert f"pip install {name} (with pipx: pipx inject askaround {name})" in str(caught.value.todo)
