"""Turns in a process of its own, which kills itself at the n-th step: python -m tests.proof.child CONFIG N TURNS NOW.

N of 0 kills nothing. Of many TURNS no more are made than it takes until one finds nothing to do, yet two at least.
A step is a commit of the store, or an exchange with a server: before it, and after it while its answer is unread.
"""

from __future__ import annotations

import os
import signal
import smtplib
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from tests.proof.faults import WIRE
from worker.demo.clock import JumpingClock
from worker.jobs.equip import equip, open_database
from worker.jobs.ids import SecretIds
from worker.jobs.turn import turn
from worker.mailbox.imap import ImapSession
from worker.settings import load

SMTP = ("connect", "docmd", "getreply")


def main() -> None:
    """Run the turns and print how many steps they were, and how many turns until nothing changed (0: something did).

    The exit code is 0 where they came to their end, -9 where it was killed.
    """
    settings = load(Path(sys.argv[1]), {})
    kill_at, turns = int(sys.argv[2]), int(sys.argv[3])
    clock = JumpingClock(datetime.fromisoformat(sys.argv[4]))
    store = open_database(settings, clock.now())
    mailbox = equip(settings, store, clock.now())
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    store.on_commit = step
    for where, names in ((ImapSession, WIRE), (smtplib.SMTP, SMTP)):
        for name in names:
            mock.patch.object(where, name, _exchanged(getattr(where, name), step)).start()
    quiet = 0
    for number in range(1, turns + 1):
        with store.turn_lock(mailbox.address):
            report = turn(store, mailbox, clock, SecretIds())
        if number > 1 and report.idle and not report.errors:
            quiet = number
            break
    print(count, quiet)


def _exchanged(method: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    def call(*args: Any, **more: Any) -> Any:
        step()
        answer = method(*args, **more)
        step()
        return answer

    return call


if __name__ == "__main__":
    main()
