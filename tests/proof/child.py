"""One turn in a process of its own, which kills itself at the n-th commit: python -m tests.proof.child CONFIG N."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from worker.clock import SystemClock
from worker.jobs.equip import equip, open_database
from worker.jobs.ids import SecretIds
from worker.jobs.turn import turn
from worker.settings import load


def main() -> None:
    """Run the turn; the exit code is 0 where it came to its end, -9 where it was killed."""
    settings = load(Path(sys.argv[1]), {})
    kill_at = int(sys.argv[2])
    clock = SystemClock()
    store = open_database(settings, clock.now())
    mailbox = equip(settings, store, clock.now())
    count = 0

    def committed() -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    store.on_commit = committed
    with store.turn_lock(mailbox.address):
        turn(store, mailbox, clock, SecretIds())
    print(count)


if __name__ == "__main__":
    main()
