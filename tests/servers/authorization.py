"""A small authorization server on loopback: codes, devices, tokens that end, introspection for Dovecot."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "a-client", "s3cret-of-the-client"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Grant:
    """One person's sign-in."""

    who: str
    refresh: str
    access: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)  # refresh tokens that were rotated
    alive: bool = True


class _Said(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


class Authorization:
    """The running server. What it does next is set by its attributes; `asked` holds the forms that came to /token."""

    def __init__(self) -> None:
        self.lifetime: Any = 3600
        self.rotates = False
        self.down: int | None = None  # the status that all of /token answers with
        self.downs = 0  # so many more answers are 503
        self.extra: dict[str, Any] = {}  # stands in each answer with tokens
        self.refusal: dict[str, str] | None = None  # the error that /token answers with; {code} is what it was told
        self.consents = True  # what the person says at /authorize, and of a device's code
        self.drops = 0  # so many requests of /token get no answer at all
        self.device_pending = 0  # so many polls come too early
        self.who = "nobody@example.org"  # who is signed in in the browser
        self.asked: list[dict[str, str]] = []
        self.visited: list[dict[str, str]] = []
        self.grants: list[Grant] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._number = 0
        self._alone = threading.RLock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def token(self, kind: str) -> str:
        with self._alone:
            self._number += 1
            return f"{kind}-{self._number}-of-the-server." + "x" * 40

    def grant(self, who: str) -> Grant:
        """Somebody has signed in, by whatever way."""
        with self._alone:
            made = Grant(who, self.token("refresh"))
            self.grants.append(made)
            return made

    def answer(self, grant: Grant) -> dict[str, Any]:
        """Tokens for a grant (RFC 6749 5.1)."""
        with self._alone:
            access = self.token("access")
            grant.access.add(access)
            found = {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime, **self.extra}
            return {key: value for key, value in found.items() if value is not None}

    def expire(self, who: str) -> None:
        """All access tokens of somebody end before their time."""
        for grant in self.grants:
            if grant.who == who:
                grant.access.clear()

    def revoke(self, who: str) -> None:
        """Somebody takes the sign-in back: refresh tokens too."""
        self.expire(who)
        for grant in self.grants:
            if grant.who == who:
                grant.alive = False

    def introspect(self, token: str) -> dict[str, Any]:
        """RFC 7662 2.2."""
        with self._alone:
            for grant in self.grants:
                if token in grant.access:
                    return {"active": True, "username": grant.who, "scope": "mail"}
        return {"active": False}

    def _give(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.downs:
            self.downs -= 1
            return 503, {}
        if self.down is not None:
            return self.down, {}
        if self.refusal is not None:
            return 400, {key: words.format_map(_Said(form)) for key, words in self.refusal.items()}
        if form.get("client_id") != CLIENT_ID or form.get("client_secret", CLIENT_SECRET) != CLIENT_SECRET:
            return 401, {"error": "invalid_client", "error_description": "Unknown client."}
        kind = form.get("grant_type")
        if kind == "refresh_token":
            return self._refresh(form["refresh_token"])
        if kind == "authorization_code":
            return self._code(form)
        if kind == DEVICE:
            return self._device(form)
        return 400, {"error": "unsupported_grant_type"}

    def _refresh(self, token: str) -> tuple[int, dict[str, Any]]:
        for grant in self.grants:
            if token in grant.spent:
                grant.alive = False  # a token used twice was stolen, or lost: the family ends (RFC 9700 4.14.2)
            if grant.refresh == token and grant.alive:
                answer = self.answer(grant)
                if self.rotates:
                    grant.spent.add(token)
                    grant.refresh = answer["refresh_token"] = self.token("refresh")
                return 200, answer
        return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}

    def _code(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form["code"], None)
        verifier = form.get("code_verifier", "").encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
        grant = self.grant(self.who)
        return 200, {**self.answer(grant), "refresh_token": grant.refresh, **self.extra}

    def _device(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form["device_code"] not in self._codes:
            return 400, {"error": "expired_token", "error_description": "The code has expired."}
        if self.device_pending:
            self.device_pending -= 1
            return 400, {"error": "authorization_pending"}
        del self._codes[form["device_code"]]
        if not self.consents:
            return 400, {"error": "access_denied", "error_description": "The user said no."}
        grant = self.grant(self.who)
        return 200, {**self.answer(grant), "refresh_token": grant.refresh, **self.extra}

    def _authorize(self, query: dict[str, str]) -> str:
        self.visited.append(query)
        if not self.consents:
            return f"{query['redirect_uri']}?" + urlencode({"error": "access_denied", "state": query["state"]})
        code = self.token("code")
        self._codes[code] = query
        return f"{query['redirect_uri']}?" + urlencode({"code": code, "state": query["state"]})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", server._authorize(query))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif parts.path.startswith("/introspect"):
                    token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                    self._say(200, server.introspect(token))
                else:
                    self._say(404, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = {key: values[0] for key, values in parse_qs(body).items()}
                if self.path == "/introspect":
                    self._say(200, server.introspect(form.get("token", "")))
                elif self.path == "/device":
                    code = server.token("device")
                    server._codes[code] = form
                    at = {"user_code": "WDJB-MJHT", "verification_uri": f"{server.url}/code", "interval": 0}
                    self._say(200, {"device_code": code, "expires_in": 60, **at})
                elif self.path == "/moved":
                    self.send_response(307)
                    self.send_header("Location", f"{server.url}/token")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif self.path == "/token" and server.drops:
                    server.drops -= 1
                    self.close_connection = True
                elif self.path == "/token":
                    with server._alone:
                        server.asked.append(form)
                        status, answer = server._give(form)
                    self._say(status, answer)
                else:
                    self._say(404, {})

            def _say(self, status: int, document: dict[str, Any]) -> None:
                data = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        return Handler


@contextmanager
def authorization() -> Iterator[Authorization]:
    """A server for a with block."""
    server = Authorization()
    try:
        yield server
    finally:
        server.close()
