"""Hands out access tokens: good ones, renewed ahead of time, by one process at a time (RFC 6749 6)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from worker.errors import AskaroundError, PasswordAway, ServerUnreachable, SignInEnded, StoreError
from worker.mailbox import token_endpoint
from worker.mailbox.oauth import Client
from worker.mailbox.vault import Tokens, Vault

log = logging.getLogger("askaround")

AHEAD = timedelta(minutes=5)  # so long before its end a token is renewed; earlier for none that lives shorter
USUAL_LIFE = timedelta(hours=1)  # of an access token whose server does not tell
RETRY_ENDED = timedelta(hours=6)  # a refusal can be one of the place (conditional access), and pass
REST = timedelta(minutes=1)  # after a try that failed while the token at hand is still good
WARN = timedelta(days=2)  # before the known end of a refresh token


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the owner has to know about a sign-in: a sentence, whether it is over, whether no mail has told it yet."""

    sentence: str
    over: bool
    untold: bool = False


class Keeper:
    """The tokens of one mailbox. `who` is the name that signs in."""

    def __init__(
        self,
        client: Client,
        vault: Vault,
        who: str,
        *,
        now: Callable[[], datetime] = token_endpoint.utc_now,
        wait: token_endpoint.Pause = token_endpoint.pause,
    ) -> None:
        self.client = client
        self.vault = vault
        self.who = who
        self._now = now
        self._wait = wait
        self._alone = threading.Lock()
        self._unsaved: Tokens | None = None  # what could not be written
        self._rest_until: datetime | None = None

    def __repr__(self) -> str:
        return f"Keeper({self.who!r}, {self.client.provider!r})"

    def token(self) -> str:
        """An access token that is good for a while. Raises SignInEnded, SignInRefused, ServerUnreachable, StoreError,
        and what the keyring raises."""
        with self._alone:
            kept = self._kept()
            if self._fresh(kept):
                return kept.access
            if self._rest_until is not None and self._now() < self._rest_until and self._alive(kept):
                return kept.access
            return self._renew(None)

    def renewed(self, refused: str) -> str:
        """Another token than this one, which the mail server did not take. Raises as `token`."""
        with self._alone:
            return self._renew(refused)

    def begin(self, answer: Mapping[str, Any]) -> str:
        """Keep the tokens of a new sign-in (RFC 6749 5.1); where, in words.

        Raises SignInEnded where the server gave no refresh token, and what the vault raises.
        """
        if not answer.get("refresh_token"):
            raise SignInEnded(
                f"{self.client.name} gave no refresh token: the sign-in would end within the hour.",
                where=token_endpoint.TABLE,
                todo='Add "offline_access" to scopes, or allow offline access in the registration.',
            )
        made = self._made(answer, None)
        with self._alone, self.vault.locked():
            self._unsaved = self._rest_until = None
            return self.vault.begin(made)

    def trouble(self) -> Trouble | None:
        """What the owner has to know, from what is kept; asks no server and no keyring. Never raises."""
        try:
            kept = self._newest(self.vault.about())
        except StoreError as error:
            return Trouble(error.sentence(), over=True)
        if kept is None or kept.client_id != self.client.client_id:
            return Trouble(self._missing(kept).sentence(), over=True)
        if kept.ended_at is not None:
            return Trouble(self._ended(kept).sentence(), over=True, untold=not kept.told)
        if kept.ends_at is not None and self._now() > kept.ends_at - WARN:
            verb = "ends" if self._now() < kept.ends_at else "ended"
            return Trouble(
                f"The sign-in of {self.who} at {self.client.name} {verb} on {kept.ends_at:%Y-%m-%d} at "
                f"{kept.ends_at:%H:%M} UTC. {token_endpoint.AGAIN}.",
                over=False,
            )
        return None

    def told(self) -> None:
        """A mail has told the owner that the sign-in is over."""
        with self._alone, self.vault.locked():
            self._save(replace(self._kept(), told=True))

    def _kept(self) -> Tokens:
        kept = self._newest(self.vault.read())
        if kept is None or not kept.refresh or kept.client_id != self.client.client_id:
            raise self._missing(kept)
        return kept

    def _newest(self, kept: Tokens | None) -> Tokens | None:
        """What could not be written counts, unless somebody has written since: a new sign-in, a disk with room."""
        if self._unsaved is None or (kept is not None and kept.issued_at > self._unsaved.issued_at):
            return kept
        return self._unsaved

    def _missing(self, kept: Tokens | None) -> SignInEnded:
        what = "belongs to another client_id" if kept is not None and kept.client_id else "is not there yet"
        return SignInEnded(
            f"The sign-in of {self.who} {what}.", where=token_endpoint.TABLE, todo="Sign in: askaround login."
        )

    def _ended(self, kept: Tokens) -> SignInEnded:
        return token_endpoint.ended(self.client, self.who, kept.ended_why)

    def _fresh(self, kept: Tokens) -> bool:
        ahead = min(AHEAD, (kept.expires_at - kept.issued_at) / 4)
        # A token from the future: the clock was set back, and nobody knows how old it is.
        return bool(kept.access) and kept.issued_at <= self._now() + AHEAD and self._now() < kept.expires_at - ahead

    def _alive(self, kept: Tokens) -> bool:
        return bool(kept.access) and kept.issued_at <= self._now() + AHEAD and self._now() < kept.expires_at

    def _renew(self, refused: str | None) -> str:
        with self.vault.locked():
            kept = self._kept()  # anew: another process may have been here
            if kept.access != refused and self._fresh(kept):
                return kept.access
            usable = kept.access != refused and self._alive(kept)
            if kept.ended_at is not None and self._now() - kept.ended_at < RETRY_ENDED:
                if usable:
                    return kept.access
                raise self._ended(kept)
            try:
                answer = token_endpoint.refresh(self.client, self.who, kept.refresh, now=self._now, wait=self._wait)
            except SignInEnded as error:
                self._save(replace(kept, ended_at=self._now(), ended_why=error.why[:200]))
                if usable:
                    return kept.access
                raise
            except (ServerUnreachable, PasswordAway) as error:  # the client's secret can be locked away, too
                if not usable:
                    raise
                log.info("%s", error.what)
                self._rest_until = self._now() + REST
                return kept.access
            made = self._made(answer, kept)
            self._save(made)
            return made.access

    def _save(self, tokens: Tokens) -> None:
        """Where they cannot be written they count for this process, and are written the next time."""
        try:
            self.vault.write(tokens)
            self._unsaved = None
        except AskaroundError as error:  # a full disk, or a keyring that was locked meanwhile
            log.warning("%s", error.sentence())
            self._unsaved = tokens

    def _made(self, answer: Mapping[str, Any], before: Tokens | None) -> Tokens:
        now = self._now()
        ends = _seconds(answer.get("refresh_token_expires_in"), timedelta(0))
        rotated = answer.get("refresh_token")
        kept_until = before.ends_at if before is not None and not rotated else None
        return Tokens(
            client_id=self.client.client_id,
            refresh=str(rotated) if rotated else before.refresh if before is not None else "",
            access=str(answer["access_token"]),
            issued_at=now,
            expires_at=now + _seconds(answer.get("expires_in"), USUAL_LIFE),
            ends_at=now + ends if ends else kept_until,
        )


def _seconds(value: object, otherwise: timedelta) -> timedelta:
    try:
        found = float(str(value))
    except ValueError:
        return otherwise
    return timedelta(seconds=min(found, 10 * 365 * 86400)) if found > 0 else otherwise
