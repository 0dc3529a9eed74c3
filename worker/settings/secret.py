"""Where the mailbox's password comes from; it is fetched when it is needed and never shown."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from worker.errors import ConfigError, PasswordAway, install

_COMMAND_SECONDS = 60
SERVICE = "askaround"  # under which the keyring keeps it


def from_value(value: SecretStr | None) -> Callable[[], str]:
    """The password as it stands in the configuration."""
    return lambda: value.get_secret_value() if value else ""


def from_file(path: Path, what: str = "password", key: str = "[mailbox] password") -> Callable[[], str]:
    """The first line of a file, read anew at each call; `what` and `key` name it in errors."""

    def read() -> str:
        where = f"{key}_file = {path}"
        try:
            first = path.read_text("utf-8-sig").split("\n", 1)[0].rstrip("\r")
        except OSError as error:
            raise ConfigError(
                f"The {what} file cannot be read: {error.strerror or type(error).__name__}.",
                where=where,
                todo="Name a file that this user can read; its first line is the password.",
            ) from None
        except UnicodeDecodeError:
            raise ConfigError(f"The {what} file is not UTF-8 text.", where=where) from None
        todo = f"The {what} must stand on the first line."
        return _not_empty(first, f"The first line of the {what} file is empty.", where, todo)

    return read


def from_command(
    argv: tuple[str, ...], folder: Path, what: str = "password", key: str = "[mailbox] password"
) -> Callable[[], str]:
    """The first line that a program prints, run anew at each call, without a shell, in the config file's folder."""

    def read() -> str:
        import subprocess

        # The arguments can hold a secret of their own: only the program's name is shown.
        where = f"{key}_command = [{argv[0]!r}, ...]"
        try:
            done = subprocess.run(  # what it says on stderr goes to the terminal, never into an error of ours
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                cwd=folder,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
        except OSError as error:
            raise ConfigError(
                f"The {what} command cannot be run: {error.strerror or type(error).__name__}.",
                where=where,
                todo="Name a program that is installed; the list is passed on as it is, no shell reads it.",
            ) from None
        except subprocess.TimeoutExpired:
            raise PasswordAway(
                f"The {what} command gave no answer within {_COMMAND_SECONDS} seconds.",
                where=where,
                todo=f"Unlock the password store first, or use {key.rpartition(' ')[2]}_file.",
            ) from None
        if done.returncode != 0:
            raise PasswordAway(
                f"The {what} command failed with exit code {done.returncode}.",
                where=where,
                todo="Run it by hand to see why.",
            )
        first = done.stdout.decode("utf-8", "replace").split("\n", 1)[0].rstrip("\r")
        if not first:
            raise PasswordAway(
                f"The {what} command printed nothing on its first line.",
                where=where,
                todo=f"The {what} must stand on the first line.",
            )
        return first

    return read


def open_to_others(file: Path) -> bool:
    """Whether other users of this machine can open a file; False where it is not there or cannot be looked at."""
    try:
        return file.is_file() and bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False


def from_keyring(login: str) -> Callable[[], str]:
    """The password that the desktop's keyring keeps for askaround under this log-in name."""
    entry = RingEntry(login)

    def read() -> str:
        return _not_empty(
            entry.read() or "",
            f"The keyring has no password for {login}.",
            entry.where,
            todo="Store it: askaround login",
        )

    return read


class RingEntry:
    """One text that the desktop's keyring keeps for a log-in name: its password.

    Each method raises ConfigError where the package is not installed, and PasswordAway where the keyring is locked
    or there is none; never with the text.
    """

    service = SERVICE
    where = "[mailbox] password_keyring = true"
    instead = "use password_file or password_command"

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self) -> str | None:
        """What is kept; None where nothing is."""
        keyring = self._keyring()
        try:
            found = keyring.get_password(self.service, self._name)
        except Exception as error:  # noqa: BLE001 - beside its own errors a backend lets those of the bus below it out
            raise self._locked(error) from None
        return str(found) if found else None

    def write(self, text: str) -> None:
        """Keep this text instead of what was kept."""
        keyring = self._keyring()
        try:
            keyring.set_password(self.service, self._name, text)
        except Exception as error:  # noqa: BLE001 - as above
            raise self._locked(error) from None

    def _keyring(self) -> Any:
        try:
            import keyring
        except ImportError:
            raise ConfigError(
                "The package keyring is not installed.",
                where=self.where,
                todo=f"{install('keyring')} Or {self.instead}.",
            ) from None
        return keyring

    def _locked(self, error: Exception) -> PasswordAway:
        # Only its kind: what a backend says could hold anything.
        return PasswordAway(
            f"The keyring cannot be used ({type(error).__name__}).",
            where=self.where,
            todo=f"Unlock it, or {self.instead} on a machine without a desktop.",
        )


class TokenEntry(RingEntry):
    """As above, with the tokens of its sign-in."""

    service = f"{SERVICE} sign-in"
    where = '[mailbox.oauth] keep = "keyring"'
    instead = 'write keep = "file"'


def _not_empty(found: str, sentence: str, where: str, todo: str) -> str:
    if not found:
        raise ConfigError(sentence, where=where, todo=todo)
    return found
