"""A clock that stands still during a turn and jumps when it is told to wait."""

from __future__ import annotations

from datetime import datetime, timedelta


class JumpingClock:
    """Time that passes only in jumps: `wait_until` goes there at once."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def wait_until(self, moment: datetime) -> None:
        self._now = max(self._now, moment)

    def advance(self, step: timedelta) -> None:
        """Jump ahead by `step`."""
        self._now += step
