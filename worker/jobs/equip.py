"""Makes the Mailbox value that jobs work with from the settings, and opens its database."""

from __future__ import annotations

import secrets
from datetime import datetime, time
from typing import TYPE_CHECKING

from worker.jobs.absence import with_absences
from worker.jobs.desk import Mailbox, Owner
from worker.jobs.templates import finder
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.providers import PROVIDERS, for_address, for_host
from worker.settings import Settings
from worker.store import Store, mailboxes, open_store

if TYPE_CHECKING:
    from worker.mailbox.tokens import Keeper

# Seconds for a connection and for each answer but the one to the final dot: a turn must not hang on a dead line.
WAIT_FOR_IMAP = 30.0
WAIT_FOR_SMTP = 60.0


def open_database(settings: Settings, now: datetime) -> Store:
    """The configured database, at its newest schema. Raises StoreError, StoreTooNew, InputError."""
    return open_store(settings.store_url(), now=now)


def equip(settings: Settings, store: Store, now: datetime) -> Mailbox:
    """The mailbox of these settings, enrolled in the store. Raises ConfigError where its servers are not known."""
    address = settings.mailbox.address
    mailbox_id = store.read(lambda tx: mailboxes.find(tx, address))
    if mailbox_id is None:
        mailbox_id = store.transaction(lambda tx: mailboxes.enrol(tx, address, now))
    key = store.read(lambda tx: mailboxes.get(tx, mailbox_id).key)
    if key is None:
        fresh = secrets.token_hex(32)
        key = store.transaction(lambda tx: mailboxes.key_of(tx, mailbox_id, fresh))
    described = describe(settings, mailbox_id, bytes.fromhex(key))
    return store.read(lambda tx: with_absences(tx, described))


def sign_in(settings: Settings) -> Keeper | None:
    """What keeps the tokens of a mailbox that signs in with OAuth2; None for one with a password."""
    table = settings.mailbox.oauth
    if table.provider is None or table.client_id is None:
        return None
    from worker.mailbox.oauth import client
    from worker.mailbox.tokens import Keeper
    from worker.mailbox.vault import Vault

    registered = client(
        table.provider,
        table.client_id,
        secret=settings.client_secret(),
        tenant=table.tenant,
        scopes=table.scopes,
        auth_endpoint=table.auth_endpoint,
        device_endpoint=table.device_endpoint,
        token_endpoint=table.token_endpoint,
        ca_file=settings.ca_file,
    )
    return Keeper(registered, Vault(settings.token_file, settings.token_ring(), table.keep), settings.mailbox.login)


def describe(settings: Settings, mailbox_id: int, key: bytes = b"") -> Mailbox:
    """The mailbox of these settings as jobs see it."""
    table = settings.mailbox
    preset = for_address(table.address)
    if preset is None and table.oauth.provider is not None:
        # A domain of one's own: who signs it in keeps its mail.
        keeps = {"google": "Google Workspace", "microsoft": "Microsoft 365"}.get(table.oauth.provider)
        preset = next((one for one in PROVIDERS if one.name == keeps), None)
    servers = table.require_servers(preset.imap if preset else None, preset.smtp if preset else None)
    secret = settings.secret()
    bearer = sign_in(settings)
    imap_user = table.login
    if preset is not None and table.username is None and table.imap.host is None:
        imap_user = preset.imap_username(table.address)
    owner = settings.owner
    hour, minute = divmod(settings.summary_at, 60)
    known = for_host(servers.smtp.host)
    files_sent = known.files_sent if known is not None else None
    return Mailbox(
        id=mailbox_id,
        address=table.address,
        owner=Owner(
            name=owner.name,
            email=owner.email,
            timezone=owner.timezone,
            phone=owner.phone,
            aliases=owner.aliases,
            away=owner.away,
            about=owner.about,
        ),
        imap=ImapAccess(
            host=servers.imap.host,
            port=servers.imap.port,
            security=servers.imap.security,
            username=imap_user,
            secret=secret,
            ca_file=settings.ca_file,
            folders=table.imap.folders,
            timeout=WAIT_FOR_IMAP,
            bearer=bearer,
        ),
        smtp=SmtpAccess(
            host=servers.smtp.host,
            port=servers.smtp.port,
            security=servers.smtp.security,
            username=table.login,
            secret=secret,
            ca_file=settings.ca_file,
            timeout=WAIT_FOR_SMTP,
            bearer=bearer,
        ),
        pace=settings.pace(),
        sequence=settings.sequence(),
        replies=settings.replies(),
        templates=finder(settings.templates_folder),
        templates_folder=settings.templates_folder,
        save_sent=table.smtp.save_sent,
        files_sent=files_sent,
        summary_at=time(hour % 24, minute),
        summary_to=settings.summary_to,
        summary_language=settings.summary_language,
        alert_mail=settings.alert_mail,
        alert_command=settings.alert_command,
        folders=table.imap.folders,
        keep_raw_days=settings.keep_raw_days,
        key=key,
        sign_in=bearer,
    )
