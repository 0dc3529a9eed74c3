"""A config.toml that is being written: the example filled in, or one that is there with some keys changed."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.errors import StoreError
from worker.settings import fill, machine, sources
from worker.settings.load import credential_file, load
from worker.settings.model import PREFIX, Settings
from worker.settings.schema import example_text
from worker.settings.tables import OAuthTable

_CLIENT_SECRETS = ("client_secret", "client_secret_file", "client_secret_command")
_SOURCES = ("password", "password_file", "password_command", "password_keyring")


@dataclass
class Beginning:
    """The text of a configuration before it is written to `path`."""

    path: Path
    text: str
    is_new: bool

    def value(self, table: str, key: str) -> Any:
        """What stands at a key, None where nothing or an empty text does."""
        found: Any = tomllib.loads(self.text)
        for name in (*table.split("."), key):
            found = found.get(name) if isinstance(found, dict) else None
        return found or None

    def set(self, table: str, key: str, value: Any, comment: str = "") -> None:
        """Set a key; one that has the value already is left as it is written."""
        if self.value(table, key) != value:
            self.text = fill.put(self.text, table, key, value, comment)

    def set_once(self, table: str, key: str, ask: Callable[[], str]) -> None:
        """Set a key that has no value yet."""
        if self.value(table, key) is None:
            self.set(table, key, ask())

    def set_server(self, protocol: str, host: str, port: int | None, security: str | None) -> None:
        """The host of a protocol; port and security that were there go, if they are not given."""
        table = f"mailbox.{protocol}"
        self.set(table, "host", host)
        for key, value in (("port", port), ("security", security)):
            if value is not None:
                self.set(table, key, value)
            else:
                self.text = fill.drop(self.text, table, key)

    def set_password(self, source: str, value: Any) -> None:
        """Take the password from this source alone."""
        self._drop_passwords(but=source)
        self._drop_oauth()
        self.set("mailbox", source, value)

    def set_oauth(self, values: Mapping[str, Any]) -> None:
        """Sign in with OAuth2, by these keys of its table and those that stand there."""
        self._drop_passwords()
        if "client_secret" in values or "client_secret_file" in values:
            for key in _CLIENT_SECRETS:
                self.text = fill.drop(self.text, "mailbox.oauth", key)
        for key, value in values.items():
            self.set("mailbox.oauth", key, value)

    def _drop_passwords(self, but: str = "") -> None:
        for source in _SOURCES:
            if source == but:
                continue
            if source == "password" and self.value("mailbox", source):
                self.text = fill.put(self.text, "mailbox", source, "")
            elif source != "password":
                self.text = fill.drop(self.text, "mailbox", source)

    def _drop_oauth(self) -> None:
        for key in OAuthTable.model_fields:
            self.text = fill.drop(self.text, "mailbox.oauth", key)

    def forget_account(self) -> None:
        """Drop what belongs to another account: its servers, user name, folders, password and sign-in."""
        self.text = fill.drop(self.text, "mailbox", "username")
        self._drop_passwords()
        self._drop_oauth()
        for table in ("mailbox.imap", "mailbox.smtp"):
            for key in ("host", "port", "security", "folders"):
                self.text = fill.drop(self.text, table, key)

    def written_password(self) -> bool:
        """Whether a source of the password stands in the file."""
        return any(self.value("mailbox", source) for source in _SOURCES)

    def has_password(self, environ: Mapping[str, str], *, moved: bool) -> bool:
        """Whether the password comes from somewhere; the file's counts for its own address alone."""
        named = any(environ.get(f"{PREFIX}MAILBOX__{source.upper()}") for source in _SOURCES)
        return named or credential_file(environ) is not None or (not moved and self.written_password())

    def uses_oauth(self, environ: Mapping[str, str]) -> bool:
        """Whether anything of a sign-in with OAuth2 stands in the file or the environment."""
        named = any(environ.get(f"{PREFIX}MAILBOX__OAUTH__{key.upper()}") for key in OAuthTable.model_fields)
        return named or bool(self.value("mailbox", "oauth"))

    def zone(self, environ: Mapping[str, str]) -> str | None:
        """The owner's time zone: the file's, else the machine's."""
        return machine.zone_name(environ) if self.is_new else self.value("owner", "timezone")

    def settings(self, environ: Mapping[str, str]) -> Settings:
        """What the text says, checked. Raises ConfigError."""
        return load(self.path, environ, text=self.text)

    def write(self, environ: Mapping[str, str]) -> None:
        """Write the file, mode 0600, whole or not at all. Raises ConfigError, and StoreError where it cannot be."""
        self.settings(environ)
        target = self.path.resolve()  # a link stays a link
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(self.text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StoreError(
                f"The configuration cannot be written: {error.strerror}.",
                where=str(target),
                todo="Name a place that you may write to with --config.",
            ) from None


def begin(path: Path | None, environ: Mapping[str, str]) -> Beginning:
    """The configuration that is there, else a new one from the example, at `path` or in the working directory.

    Raises ConfigError where the file that is there cannot be read.
    """
    here = Path.cwd()
    named = path if path is not None else Path(environ.get(sources.CONFIG_VARIABLE, "").strip())
    if named != Path():
        target: Path | None = here / named.expanduser()
    else:
        target = sources.find(None, environ, here)[0]
    if target is not None and target.is_file():
        file = sources.read_toml(target)  # says on which line it is no TOML
        return Beginning(file.path, sources.read_text(target), is_new=False)
    text = "\n".join(line for line in example_text().split("\n") if not line.startswith("#:schema"))
    target = target or here / sources.FILE
    if (target.parent / "config.schema.json").is_file():
        text = example_text()
    return Beginning(target, text, is_new=True)
