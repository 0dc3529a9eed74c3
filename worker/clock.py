"""The one place where the time of day comes from."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a job needs to know about time: aware UTC instants."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def wait_until(self, moment: datetime) -> None:
        """Return at `moment` or earlier, when woken."""
        ...


class SystemClock:
    """The machine's own clock; `wake` ends a wait early (used by signals)."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait_until(self, moment: datetime) -> None:
        seconds = (moment - self.now()).total_seconds()
        if seconds > 0:
            self._woken.wait(min(seconds, 60.0))
        self._woken.clear()

    def wake(self) -> None:
        """End a wait that is under way, or the next one."""
        self._woken.set()
