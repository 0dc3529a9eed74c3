"""What `init` and `login` do where an account signs in with OAuth2."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.cli.opening import say

if TYPE_CHECKING:
    from worker.cli.answers import Asking
    from worker.mailbox.providers import Provider
    from worker.settings import Settings

# Nobody can register one app for all users of a program that each of them runs: each has a client id of their own.
_STEPS = {
    "microsoft": (
        "Microsoft signs in with OAuth2 alone, and wants the program registered: once, by you, for free.",
        "  1  https://entra.microsoft.com, App registrations, New registration: a name (askaround), accounts in any",
        "     organizational directory and personal Microsoft accounts, no redirect address.",
        "  2  In it: Authentication, Settings, Allow public client flows: Yes.",
        "  3  Copy the Application (client) ID from its Overview.",
    ),
    "google": (
        "Google wants the program registered for this: once, by you, for free.",
        "  1  https://console.cloud.google.com: make a project; APIs & Services, OAuth consent screen: External,",
        "     yourself as a test user; then Publish app, since what is in testing ends after seven days.",
        "  2  Clients, Create client, Desktop app.",
        "  3  Copy the client ID and the client secret.",
    ),
}
_MORE = "     docs/oauth.md has it in more words."


@dataclass(frozen=True)
class Options:
    """What the options of `init` say about the sign-in."""

    how: str | None = None
    client_id: str | None = None
    client_secret_file: str | None = None
    tenant: str | None = None

    @property
    def given(self) -> list[str]:
        """Those of a client that are given."""
        values = {
            "--client-id": self.client_id,
            "--client-secret-file": self.client_secret_file,
            "--tenant": self.tenant,
        }
        return [option for option, value in values.items() if value is not None]


def chosen(
    begun: Any, asking: Asking, provider: Provider | None, options: Options, password: list[str], *, moved: bool
) -> str | None:
    """Whose sign-in it is: google, microsoft or custom; None for a password.

    `password` are the options that name one. Raises InputError where the options contradict each other or the provider.
    """
    from worker.cli.answers import checked
    from worker.errors import InputError
    from worker.mailbox.oauth import provider_at
    from worker.mailbox.providers import SignIn
    from worker.settings import values

    stands = None if moved else begun.value("mailbox.oauth", "provider")
    host = provider.imap.host if provider is not None else begun.value("mailbox.imap", "host") or ""
    there = provider_at(host)
    how = checked("--sign-in", options.how, values.one_of("password", "oauth")) if options.how is not None else None
    if how != "password" and options.given:
        how = "oauth"
    if how is None and password:
        how = "password"
    if how == "oauth" and password:
        raise InputError(
            f"{password[0]} is given together with a sign-in by OAuth2.", where="--sign-in", todo="Keep one of them."
        )
    if how == "password" and options.given:
        raise InputError(
            f"{options.given[0]} is given together with a password.", where="--sign-in", todo="Keep one of them."
        )
    alone = provider is not None and provider.sign_in is SignIn.oauth2
    if how == "password" and alone:
        raise InputError(
            f"{provider.name if provider else ''} takes no password, only a sign-in with OAuth2.",
            where="--sign-in",
            todo="Give --client-id; docs/oauth.md tells how to get one. Nothing was written.",
        )
    if how == "oauth":
        if stands is None and there is None:
            raise InputError(
                "How to sign in with OAuth2 is not known for these servers.",
                where="--sign-in oauth",
                todo="Write [mailbox.oauth] by hand (docs/oauth.md), then: askaround login. Nothing was written.",
            )
        return str(stands or there)
    if how == "password":
        return None
    if stands is not None or alone:
        return str(stands or there)
    if there is not None and asking.possible and not begun.has_password(os.environ, moved=moved):
        say("An app password is quickest. A sign-in in the browser (OAuth2) wants a client id of your own first.")
        said = asking.answer(
            "--sign-in", "Sign in by password or oauth?", None, "password", values.one_of("password", "oauth")
        )
        return there if said == "oauth" else None
    return None


def register(begun: Any, asking: Asking, kind: str, options: Options, provider: Provider | None) -> None:
    """The client id and what belongs to it: given, standing, or asked for. Raises InputError where it is lacking."""
    from worker.errors import InputError
    from worker.settings import values

    found: dict[str, Any] = {"provider": kind}
    standing = begun.value("mailbox.oauth", "client_id")
    if options.client_id is None and standing is None:
        for line in (*_STEPS.get(kind, ()), _MORE):
            say(line)
        if not asking.possible:
            raise InputError(
                f"A client id is missing: {kind.capitalize()} signs in with OAuth2.",
                where="--client-id",
                todo="docs/oauth.md tells how to get one, step by step. Nothing was written.",
            )
    found["client_id"] = asking.answer("--client-id", "Client id", options.client_id, standing, values.word)
    if options.client_secret_file is not None:
        file = Path(options.client_secret_file).expanduser().absolute()
        found["client_secret_file"] = os.path.relpath(file, begun.path.parent)
    elif kind == "google" and not any(
        begun.value("mailbox.oauth", key) for key in ("client_secret", "client_secret_file", "client_secret_command")
    ):
        if not asking.possible:
            raise InputError(
                "The client secret is missing; Google shows it beside the client id.",
                where="--client-secret-file",
                todo="Put it on the first line of a file, and name that. Nothing was written.",
            )
        found["client_secret"] = asking.hidden("Client secret (hidden)")
    if kind == "microsoft":
        personal = provider is not None and provider.name == "Outlook.com"
        known = begun.value("mailbox.oauth", "tenant") or ("consumers" if personal else None)
        if options.tenant is not None or known is not None:
            found["tenant"] = options.tenant or known
    begun.set_oauth(found)


def sign_in(settings: Settings, *, browser: bool) -> None:
    """The person signs in, and the tokens are kept. Raises what `jobs.sign_in.begin` does."""
    from worker.jobs import sign_in as job

    say(f"Signed in; kept in {job.begin(settings, say, browser=browser, pasted=_stdin())}.")


def login(settings: Settings, *, browser: bool) -> None:
    """As `sign_in`; then both log-ins are tried. Raises what failed first."""
    from worker.jobs import sign_in as job
    from worker.jobs.first_steps import try_log_ins

    sign_in(settings, browser=browser)
    errors = []
    for what, error in try_log_ins(settings):
        say(f"  {what}: {'ok' if error is None else 'no'}")
        if error is not None:
            errors.append(error)
    if errors:
        raise errors[0]
    job.forget_trouble(settings)


def is_signed_in(settings: Settings) -> bool:
    """Whether tokens are kept that nobody has refused yet."""
    from worker.jobs.equip import sign_in as keeper

    made = keeper(settings)
    trouble = made.trouble() if made is not None else None
    return made is not None and (trouble is None or not trouble.over)


def _stdin() -> Any:
    """Where a person can paste; None where nothing can be waited for."""
    try:
        sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None
    return sys.stdin
