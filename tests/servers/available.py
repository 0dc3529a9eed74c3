"""Says whether the operating system's servers can be started here, and skips or fails accordingly."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRED = "ASKAROUND_REAL_SERVERS"
_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/lib/postfix/sbin", "/usr/libexec/postfix")


def program(name: str) -> str | None:
    """The path of a server's program; sbin is often not on a user's PATH."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_FOLDERS)))


def absent(reason: str) -> NoReturn:
    """Skips the test, or fails it where the environment says that the servers have to be there."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{reason} ({REQUIRED}=required)")
    pytest.skip(reason)


def need_mail_server() -> None:
    """Dovecot and Postfix run as several users, so only root can start them."""
    missing = [name for name in ("dovecot", "postmap", "openssl") if program(name) is None]
    if program("master") is None and not Path("/usr/lib/postfix/sbin/master").exists():
        missing.append("postfix")
    if missing:
        absent(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0:
        absent("Dovecot and Postfix can only be started by root")
