"""Where the mailbox's password comes from; it is fetched when it is needed and never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from worker.errors import ConfigError, PasswordAway

_COMMAND_SECONDS = 60
SERVICE = "askaround"  # under which the keyring keeps it
_IN_KEYRING = "[mailbox] password_keyring = true"


def from_value(value: SecretStr | None) -> Callable[[], str]:
    """The password as it stands in the configuration."""
    return lambda: value.get_secret_value() if value else ""


def from_file(path: Path) -> Callable[[], str]:
    """The first line of a file, read anew at each call."""

    def read() -> str:
        where = f"[mailbox] password_file = {path}"
        try:
            first = path.read_text("utf-8-sig").split("\n", 1)[0].rstrip("\r")
        except OSError as error:
            raise ConfigError(
                f"The password file cannot be read: {error.strerror or type(error).__name__}.",
                where=where,
                todo="Name a file that this user can read; its first line is the password.",
            ) from None
        except UnicodeDecodeError:
            raise ConfigError("The password file is not UTF-8 text.", where=where) from None
        return _not_empty(first, "The first line of the password file is empty.", where)

    return read


def from_command(argv: tuple[str, ...], folder: Path) -> Callable[[], str]:
    """The first line that a program prints, run anew at each call, without a shell, in the config file's folder."""

    def read() -> str:
        import subprocess

        # The arguments can hold a secret of their own: only the program's name is shown.
        where = f"[mailbox] password_command = [{argv[0]!r}, ...]"
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
                f"The password command cannot be run: {error.strerror or type(error).__name__}.",
                where=where,
                todo="Name a program that is installed; the list is passed on as it is, no shell reads it.",
            ) from None
        except subprocess.TimeoutExpired:
            raise PasswordAway(
                f"The password command gave no answer within {_COMMAND_SECONDS} seconds.",
                where=where,
                todo="Unlock the password store first, or use password_file.",
            ) from None
        if done.returncode != 0:
            raise PasswordAway(
                f"The password command failed with exit code {done.returncode}.",
                where=where,
                todo="Run it by hand to see why.",
            )
        first = done.stdout.decode("utf-8", "replace").split("\n", 1)[0].rstrip("\r")
        if not first:
            raise PasswordAway(
                "The password command printed nothing on its first line.",
                where=where,
                todo="The password must stand on the first line.",
            )
        return first

    return read


def from_keyring(login: str) -> Callable[[], str]:
    """The password that the desktop's keyring keeps for askaround under this log-in name."""

    def read() -> str:
        keyring = _keyring()
        try:
            found = keyring.get_password(SERVICE, login)
        except keyring.errors.KeyringError as error:
            raise _locked(error) from None
        if not found:
            raise ConfigError(
                f"The keyring has no password for {login}.",
                where=_IN_KEYRING,
                todo="Store it: askaround login",
            )
        return str(found)

    return read


def store_in_keyring(login: str, password: str) -> None:
    """Keep the password in the desktop's keyring. Raises ConfigError, PasswordAway, without the password."""
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, login, password)
    except keyring.errors.KeyringError as error:
        raise _locked(error) from None


def _keyring() -> Any:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise ConfigError(
            "The package keyring is not installed.",
            where=_IN_KEYRING,
            todo='Install it: pip install "askaround[keyring]"; or use password_file or password_command.',
        ) from None
    return keyring


def _locked(error: Exception) -> PasswordAway:
    # Only its kind: what a backend says could hold anything.
    return PasswordAway(
        f"The keyring cannot be used ({type(error).__name__}).",
        where=_IN_KEYRING,
        todo="Unlock it, or use password_file or password_command on a machine without a desktop.",
    )


def _not_empty(password: str, what: str, where: str) -> str:
    if not password:
        raise ConfigError(what, where=where, todo="The password must stand on the first line.")
    return password
