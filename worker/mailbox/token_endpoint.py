"""Asks an authorization server's token endpoint, and puts its refusals into words (RFC 6749 5, 6)."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from worker.clock import SystemClock
from worker.errors import ServerUnreachable, SignInEnded, SignInRefused, WorldError
from worker.mailbox.access import is_loopback
from worker.mailbox.oauth import Client

TABLE = "[mailbox.oauth]"
AGAIN = "Sign in again: askaround login"

_SECONDS = 10.0
_PAUSES = (1.0, 3.0)  # between tries
_PATIENCE = timedelta(seconds=12)  # after which no further try begins
_LONGEST = 1_000_000
_SECRETS = ("refresh_token", "client_secret", "device_code")  # fields of a form

Pause = Callable[[float], object]


def utc_now() -> datetime:
    """The present instant: tokens live by the server's time, whatever clock a test brings for the mails."""
    return SystemClock().now()


def pause(seconds: float) -> object:
    """Wait."""
    return threading.Event().wait(seconds)


def refresh(
    client: Client,
    who: str,
    refresh_token: str,
    *,
    now: Callable[[], datetime] = utc_now,
    wait: Pause = pause,
) -> dict[str, Any]:
    """What the server gives for a refresh token: access_token and the rest of RFC 6749 5.1.

    A server that is away is asked three times at most. Raises ServerUnreachable where that did not help, SignInEnded
    where the refresh token is dead, SignInRefused where the registration is not right.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client.client_id}
    if client.secret is not None:
        form["client_secret"] = client.secret()
    if client.provider == "microsoft":
        form["scope"] = " ".join(client.scopes)
    begun = now()
    for seconds in (*_PAUSES, None):
        try:
            status, answer = post(client, client.token_endpoint, form)
            if status == 429 or status >= 500 or not answer:
                raise _away(client, f"it answers with {status}")
            break
        except ServerUnreachable:
            if seconds is None or now() - begun > _PATIENCE:
                raise
            wait(seconds)
    if status == 200 and isinstance(answer.get("access_token"), str) and answer["access_token"]:
        return answer
    raise refused(client, who, answer)


def post(client: Client, url: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Status and document of an answer; an empty document where it is no JSON object. Raises ServerUnreachable."""
    import urllib.error
    import urllib.parse
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        """What is sent is a secret: it goes nowhere but to the configured address."""

        def redirect_request(self, *_: object) -> None:
            return None

    request = urllib.request.Request(  # noqa: S310 - the configuration takes https, or http on loopback
        url, urllib.parse.urlencode(form).encode(), {"Accept": "application/json", "User-Agent": "askaround"}
    )
    handlers: list[Any] = [NoRedirect(), urllib.request.HTTPSHandler(context=trusted(client))]
    if is_loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=_SECONDS) as reply:
            return reply.status, _document(reply.read(_LONGEST))
    except urllib.error.HTTPError as error:
        with error:
            try:
                return error.code, without(_document(error.read(_LONGEST)), *(form.get(key) for key in _SECRETS))
            except (OSError, ValueError):
                return error.code, {}
    except urllib.error.URLError as error:
        raise _away(client, _words(error.reason)) from None
    except (OSError, ValueError, EOFError) as error:
        raise _away(client, _words(error)) from None
    except Exception as error:  # noqa: BLE001 - http.client raises a dozen kinds for an answer that is no HTTP
        raise _away(client, f"its answer cannot be read ({type(error).__name__})") from None


def trusted(client: Client) -> ssl.SSLContext:
    """The system's authorities, and for a server of one's own the configured one beside them."""
    context = ssl.create_default_context()
    if client.provider == "custom" and client.ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(client.ca_file))
        except (OSError, ssl.SSLError) as error:
            raise SignInRefused(
                f"{client.ca_file} cannot be used as a certificate file ({type(error).__name__}).",
                where="[mailbox.tls] ca_file",
            ) from None
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _document(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def without(answer: Mapping[str, Any], *secrets: str | None) -> dict[str, Any]:
    """A refusal that may say back what was sent, without these secrets."""
    found = dict(answer)
    for key, value in found.items():
        for secret in secrets:
            if secret and isinstance(value, str):
                found[key] = value = value.replace(secret, "***")
    return found


def _words(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return type(error).__name__


def _away(client: Client, why: str) -> ServerUnreachable:
    place = urlsplit(client.token_endpoint).netloc.rpartition("@")[2]
    return ServerUnreachable(
        f"{client.name} cannot renew the sign-in now: {place}: {why}.",
        where=TABLE,
        todo="Nothing to do: it is tried again.",
    )


# What the server says of a person who has to sign in again (RFC 6749 5.2, OpenID Connect Core 3.1.2.6).
_ENDED = {"invalid_grant", "interaction_required", "login_required", "consent_required"}
# Microsoft's numbers of a registration that does not fit: learn.microsoft.com, "Microsoft Entra error codes".
_MICROSOFT = {
    "7000218": "In the app's registration turn on Authentication, Settings, Allow public client flows.",
    "700016": "Check client_id, and tenant: the app is registered in another one.",
    "9002346": 'The app is for personal accounts: write tenant = "consumers".',
    "50194": "The app is for one tenant: write its id or domain as tenant.",
    "50059": "Write the tenant's id or domain as tenant.",
    "90002": "Check tenant: there is none of this name.",
    "65001": "Sign in again (askaround login) and agree; perhaps an administrator has to.",
    "90094": "An administrator of your organization has to agree to the app first.",
}


def refused(client: Client, who: str, answer: Mapping[str, Any]) -> WorldError:
    """What an error response means (RFC 6749 4.1.2.1, 5.2; RFC 8628 3.5)."""
    error, description = short(answer.get("error")), short(answer.get("error_description"))
    said = f"{error}: {description}" if description else error or "no token in its answer"
    todo = _microsoft(said)
    if error in _ENDED:
        return ended(client, who, said)
    head = f"{client.name} does not sign {who} in ({said[:300]})"
    if error == "access_denied":
        return SignInRefused(f"{head}.", where=TABLE, todo=todo or "Run it again and agree; or ask your administrator.")
    if error == "expired_token":
        return SignInRefused(f"{head}.", where=TABLE, todo="The code was not used in time: askaround login")
    if error in ("invalid_client", "unauthorized_client", "deleted_client", "disabled_client"):
        todo = todo or "Check client_id and client_secret against the app's registration."
    elif error == "invalid_scope":
        todo = todo or "Check scopes, and what the app's registration allows."
    elif error in ("temporarily_unavailable", "server_error", "slow_down"):
        return _away(client, said[:200])
    return SignInRefused(f"{head}.", where=TABLE, todo=todo or "Check [mailbox.oauth]; then: askaround login")


def ended(client: Client, who: str, why: str) -> SignInEnded:
    """The sign-in is over, and only the owner can begin another; `why` in the server's words."""
    said = f" ({why[:200].strip().rstrip('.')})" if why else ""
    found = SignInEnded(
        f"{client.name} has ended the sign-in of {who}{said}.", where=TABLE, todo=_microsoft(why) or f"{AGAIN}."
    )
    found.why = why
    return found


def _microsoft(said: str) -> str | None:
    number = re.search(r"\bAADSTS(\d+)", said)
    return _MICROSOFT.get(number[1]) if number else None


def short(value: object) -> str:
    """One harmless line of what a server says; Microsoft adds trace ids on lines of their own."""
    text = value.strip().splitlines()[0] if isinstance(value, str) and value.strip() else ""
    text = re.split(r"\s+Trace ID:", text)[0]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
