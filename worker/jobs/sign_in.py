"""Begins a sign-in with OAuth2, and forgets what was wrong before it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from worker.errors import ConfigError, StoreError
from worker.jobs import equip
from worker.mailbox import consent
from worker.settings import Settings
from worker.store import mailboxes, open_store


def begin(settings: Settings, say: Callable[[str], None], *, browser: bool, pasted: TextIO | None) -> str:
    """Let the person sign in, and keep the tokens; where, in words.

    Raises ConfigError, InputError, SignInRefused, SignInEnded, ServerUnreachable, StoreError, PasswordAway.
    """
    keeper = equip.sign_in(settings)
    if keeper is None:
        raise ConfigError("There is nothing to sign in to.", where="[mailbox.oauth]")
    answer = consent.sign_in(keeper.client, settings.mailbox.login, say, browser=browser, pasted=pasted)
    return keeper.begin(answer)


def forget_trouble(settings: Settings) -> None:
    """Take what the last turn found wrong out of `status`: the next one looks anew. A database that is away stays."""
    url = settings.store_url()
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///").partition("?")[0]).is_file():
        return
    with suppress(StoreError):
        store = open_store(url)
        try:
            mailbox_id = store.read(lambda tx: mailboxes.find(tx, settings.mailbox.address))
            if mailbox_id is not None:
                store.transaction(lambda tx: mailboxes.note(tx, mailbox_id, errors=[]))
        finally:
            store.close()
