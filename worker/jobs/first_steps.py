"""The first steps on a new machine: both log-ins are tried, the templates are laid out for editing."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker.errors import AskaroundError, StoreError
from worker.jobs.equip import describe
from worker.jobs.templates import SUFFIX, shipped_folder
from worker.mailbox import imap, smtp
from worker.settings import Settings


def try_log_ins(settings: Settings) -> list[tuple[str, AskaroundError | None]]:
    """Sign in for reading and for sending, both at once; a line each ("reading: imap.example.org:993") and what failed.

    Needs no database. Raises ConfigError where the servers are not known.
    """
    mailbox = describe(settings, 0)

    def reading() -> AskaroundError | None:
        try:
            with imap.connect(mailbox.imap):
                return None
        except AskaroundError as error:
            return error

    def sending() -> AskaroundError | None:
        try:
            with smtp.open(mailbox.smtp):
                return None
        except AskaroundError as error:
            return error

    with ThreadPoolExecutor(2, thread_name_prefix="log-in") as pool:
        ways = [pool.submit(reading), pool.submit(sending)]
        return [
            (f"reading: {mailbox.imap.host}:{mailbox.imap.port}", ways[0].result()),
            (f"sending: {mailbox.smtp.host}:{mailbox.smtp.port}", ways[1].result()),
        ]


def lay_out_templates(folder: Path) -> tuple[int, int]:
    """Copy the shipped templates into a folder, which is made; what is there stays. How many were copied, and kept."""
    copied = kept = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(shipped_folder().glob(f"*{SUFFIX}")):
            target = folder / file.name
            if target.exists() or target.is_symlink():
                kept += 1
            else:
                shutil.copyfile(file, target)
                copied += 1
    except OSError as error:
        raise StoreError(
            f"The templates cannot be copied: {error.strerror}.",
            where=str(folder),
            todo="Name another folder with --templates, or leave them where they are with --no-templates.",
        ) from None
    return copied, kept
