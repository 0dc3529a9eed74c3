"""The errors that reach a person: each says what happened, where, and what to do."""

from __future__ import annotations


class AskaroundError(Exception):
    """Anything that a person has to be told.

    Parameters: what happened (one sentence); where (file and key, row, host), optional; what to do, optional.
    The command line prints these three, a line each, and leaves with `exit_code`.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, todo: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def sentence(self) -> str:
        """What happened and what to do, in one line, for the summary and `status`."""
        return f"{self.what} {self.todo}" if self.todo else self.what

    def lines(self) -> list[str]:
        """What is shown on stderr: one to five lines (`where` can list several places, one a line)."""
        return [line for part in (self.what, self.where, self.todo) if part for line in part.splitlines()]


def install(*packages: str) -> str:
    """What to do where packages are lacking. By their own names: nobody vouches for what an index has under ours."""
    names = " ".join(packages)
    return f"Install it where askaround is: pip install {names} (with pipx: pipx inject askaround {names})."


class InputError(AskaroundError):
    """What the user wrote is wrong (exit code 2, nothing changed)."""

    exit_code = 2


class ConfigError(InputError):
    """The configuration cannot be used as it is."""


class TemplateError(InputError):
    """A template cannot be rendered: names template, line and variable."""


class ContactsError(InputError):
    """A file of contacts cannot be read at all."""


class NotUnderstood(InputError):
    """The owner's words were not understood; nothing was changed."""


class WorldError(AskaroundError):
    """The world is wrong: a server away, a login refused (exit code 1)."""


class SignInRefused(WorldError):
    """The server does not accept the address and password."""


class SignInEnded(SignInRefused):
    """There is no sign-in with OAuth2 any more, or none yet: only the owner can begin another.

    `why` is what the server said.
    """

    why = ""


class PasswordAway(ConfigError, WorldError):
    """The password cannot be fetched now, as the configuration says: a store is locked, a command fails."""

    exit_code = 1


class ServerUnreachable(WorldError):
    """No connection, no TLS, or a certificate that cannot be trusted."""


class ServerMisbehaved(WorldError):
    """The server answered something that the protocol does not allow, or broke off."""


class AnotherTurnRuns(WorldError):
    """Another process works on this mailbox."""


class StoreError(WorldError):
    """The database cannot be opened, read or written."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of askaround."""
