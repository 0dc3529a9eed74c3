"""Lets a person sign in: in the browser with a way back to this machine, or with a code on another device."""

from __future__ import annotations

import http.server
import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO
from urllib.parse import parse_qs, urlsplit

from worker.errors import AskaroundError, ConfigError, InputError, ServerUnreachable, SignInRefused, install
from worker.mailbox.access import is_loopback
from worker.mailbox.oauth import MICROSOFT, Client
from worker.mailbox.token_endpoint import TABLE, post, refused, short, without

Say = Callable[[str], None]

WAIT = 900.0  # seconds for a person at the browser
_MISSED = 5  # polls in a row that may get no answer
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>askaround</title>"
    "<body style='font-family:sans-serif;margin:3em'><p>{}</p></body></html>"
)
# Given by the libraries themselves; never asked for by name (msal adds them, and refuses to be told).
_RESERVED = frozenset({"openid", "profile", "offline_access"})


def sign_in(
    client: Client, who: str, say: Say, *, browser: bool = True, pasted: TextIO | None = None
) -> Mapping[str, Any]:
    """What the server gives once the person has agreed (RFC 6749 5.1): for `Keeper.begin`.

    `say` shows lines; `browser` opens one, where there is a way back to this machine; from `pasted` the address of the
    way back is read, where the browser is on another machine. Raises SignInRefused, SignInEnded, ServerUnreachable,
    ConfigError (a package is missing), InputError (what was pasted).
    """
    if client.auth_endpoint is not None:
        return _in_the_browser(client, who, say, browser=browser, pasted=pasted)
    return _with_a_code(client, who, say)


def _in_the_browser(client: Client, who: str, say: Say, *, browser: bool, pasted: TextIO | None) -> Mapping[str, Any]:
    """Authorization code with PKCE and a loopback redirect (RFC 8252 7.3, RFC 7636), by google-auth-oauthlib."""
    try:
        from google_auth_oauthlib.flow import Flow
        from oauthlib.oauth2 import OAuth2Error
    except ImportError:
        raise _missing("google-auth-oauthlib") from None

    with _Door() as door, _told_to_oauthlib(client):
        secret = client.secret() if client.secret is not None else ""
        registered = {
            "client_id": client.client_id,
            "client_secret": secret,
            "auth_uri": client.auth_endpoint,
            "token_uri": client.token_endpoint,
        }
        flow = Flow.from_client_config(
            {"installed": registered}, list(client.scopes), redirect_uri=door.address, autogenerate_code_verifier=True
        )
        flow.oauth2session.max_redirects = 0  # what is sent is a secret: it goes nowhere but to the configured address
        if client.provider == "custom" and client.ca_file is not None:
            flow.oauth2session.verify = str(client.ca_file)
        # Without prompt=consent Google gives no refresh token to a person who has agreed before.
        asked = {"prompt": "consent", "login_hint": who} if client.provider == "google" else {"login_hint": who}
        url, state = flow.authorization_url(**asked)
        door.state = state
        if browser and _opened(url):
            say("Your browser opens; sign in there as " + who + ". If it does not, open this address:")
        else:
            say(f"Open this address in a browser, and sign in as {who}:")
        say(f"  {url}")
        if pasted is not None:
            say("With the browser on another machine: its last page cannot be shown; paste that page's address here.")
        answer = door.wait(pasted)
        if "error" in answer:
            raise refused(client, who, answer)
        try:
            return dict(
                flow.fetch_token(code=answer["code"], client_secret=secret or None, include_client_id=True, timeout=30)
            )
        except OAuth2Error as error:
            said = {"error": error.error, "error_description": error.description}
            raise refused(client, who, without(said, answer["code"], secret)) from None
        except Exception as error:  # noqa: BLE001 - requests, urllib3 and oauthlib raise kinds of their own for odd answers
            raise _unreadable(client, error) from None


@contextmanager
def _told_to_oauthlib(client: Client) -> Iterator[None]:
    """oauthlib listens to the environment alone: http is right on loopback, and scopes may come back in other words."""
    settings = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
    endpoints = (client.auth_endpoint or "", client.token_endpoint)
    if any(is_loopback(urlsplit(one).hostname or "") for one in endpoints):
        settings["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _opened(url: str) -> bool:
    import webbrowser

    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False  # what would be found is a browser inside the terminal
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


class _Server(http.server.HTTPServer):
    """Browsers open lines and drop them: that is nobody's business."""

    def handle_error(self, *_: object) -> None:
        """Nothing is printed."""


@dataclass
class _Door:
    """A server on loopback to which the browser comes back, once, with the state that we gave it along."""

    state: str = ""
    _server: http.server.HTTPServer | None = None
    _came: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> _Door:
        door = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 5  # of a browser that connects and says nothing

            def log_message(self, *_: object) -> None:
                """The address holds the code: it is not printed."""

            def do_GET(self) -> None:
                ours = door.take(self.path)
                words = "askaround goes on in the terminal. This page can be closed."
                data = _PAGE.format(words if ours else "This is not the page that askaround waits for.").encode()
                self.send_response(200 if ours else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(data)

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.timeout = 0
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.server_close()

    @property
    def address(self) -> str:
        """Where the browser comes back to."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def take(self, address: str) -> bool:
        """Take the answer out of an address that the browser was sent to; False where it is none of ours."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        if query.get("state") != self.state or not self.state or not ({"code", "error"} & set(query)):
            return False
        self._came = self._came or query
        return True

    def wait(self, pasted: TextIO | None) -> Mapping[str, str]:
        """The answer, from the browser or as a pasted address. Raises SignInRefused where nobody comes."""
        assert self._server is not None
        until = time.monotonic() + WAIT
        sources: list[Any] = [self._server, *([pasted] if pasted is not None else [])]
        while not self._came:
            ready = select.select(sources, [], [], max(0.0, until - time.monotonic()))[0]
            if not ready:
                raise SignInRefused(
                    "Nobody has signed in within fifteen minutes.", where=TABLE, todo="Run it again: askaround login"
                )
            if self._server in ready:
                self._server.handle_request()
            elif pasted is not None and pasted in ready:
                line = pasted.readline()
                if not line:
                    sources.remove(pasted)
                elif line.strip() and not self.take(line.strip()):
                    raise InputError(
                        "This is not the address that the browser was sent back to.",
                        where="what was pasted",
                        todo="Copy all of it, from http://127.0.0.1 on; it holds state= and code=. Run it again.",
                    )
        return self._came


@dataclass
class _Reply:
    """An answer as msal wants it."""

    status_code: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """msal asks for it; what went wrong stands in the document."""


class _Http:
    """msal's way out: to the endpoints of the client, whichever they are, and to nothing else."""

    def __init__(self, client: Client, authority: str) -> None:
        self._client = client
        self._missed = 0
        self._known = {
            "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
            "token_endpoint": f"{authority}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
        }

    def get(self, url: str, **_: Any) -> _Reply:
        """The discovery document, which is known already."""
        import json

        return _Reply(200, json.dumps({"issuer": f"{MICROSOFT}/", **self._known}))

    def post(self, url: str, data: Mapping[str, str] | None = None, **_: Any) -> _Reply:
        """Ask an endpoint. Raises ServerUnreachable."""
        import json

        there = {
            self._known["token_endpoint"]: self._client.token_endpoint,
            self._known["device_authorization_endpoint"]: self._client.device_endpoint,
        }
        target = there[url]
        assert target is not None
        form = {key: str(value) for key, value in (data or {}).items() if value is not None}
        if self._client.secret is not None:
            form["client_secret"] = self._client.secret()
        try:
            status, document = post(self._client, target, form)
            self._missed = 0
        except ServerUnreachable:
            self._missed += 1
            if target != self._client.token_endpoint or self._missed > _MISSED:
                raise
            # The person is still typing: a poll that was lost is no end (RFC 8628 3.5).
            status, document = 400, {"error": "authorization_pending"}
        return _Reply(status, json.dumps(document or {"error": "no_answer", "error_description": f"status {status}"}))

    def close(self) -> None:
        """Nothing is kept open."""


def _with_a_code(client: Client, who: str, say: Say) -> Mapping[str, Any]:
    """Device authorization (RFC 8628), by msal."""
    try:
        import msal
    except ImportError:
        raise _missing("msal") from None
    authority = f"{MICROSOFT}/{client.tenant}"
    try:
        app = msal.PublicClientApplication(
            client.client_id, authority=authority, http_client=_Http(client, authority), instance_discovery=False
        )
        flow = app.initiate_device_flow([scope for scope in client.scopes if scope not in _RESERVED])
        if "user_code" not in flow:
            raise refused(client, who, flow)
        where = flow.get("verification_uri") or flow.get("verification_url")
        say(f"Open {short(where)} on any device, type the code {short(flow['user_code'])}, and sign in as {who}.")
        say(f"(waiting, for at most {max(1, round(flow['expires_in'] / 60))} minutes)")
        answer = dict(app.acquire_token_by_device_flow(flow))
    except AskaroundError:
        raise
    except Exception as error:  # noqa: BLE001 - msal raises kinds of its own, and ValueError and KeyError for odd answers
        raise _unreadable(client, error) from None
    if answer.get("error") == "authorization_pending":
        answer = {"error": "expired_token", "error_description": "the code was not used in time"}
    if "access_token" not in answer:
        raise refused(client, who, answer)
    return answer


def _missing(package: str) -> ConfigError:
    return ConfigError(f"The package {package} is not installed.", where=TABLE, todo=install(package))


def _unreadable(client: Client, error: Exception) -> ServerUnreachable:
    return ServerUnreachable(
        f"{client.name} does not answer as a sign-in server does ({type(error).__name__}).",
        where=TABLE,
        todo="Check the endpoints, and this machine's clock and connection.",
    )
