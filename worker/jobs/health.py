"""Whether the worker does its work, for a health check: looks at the database alone, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.errors import AskaroundError
from worker.settings import Settings
from worker.store import peek
from worker.store.peek import Pulse

SLACK = timedelta(minutes=15)  # a turn can wait ten minutes for a server's last answer (RFC 5321 4.5.3.2.6)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether all is well, and in one line why, or why not."""

    well: bool
    says: str


def check(settings: Settings, now: datetime) -> Health:
    """The health at this instant. Raises nothing that the world can do."""
    try:
        pulse = peek.pulse(settings.store_url(), settings.mailbox.address)
    except AskaroundError as error:
        return Health(False, error.what)
    if pulse is None or pulse.read_ended_at is None:
        return Health(False, f"{settings.mailbox.address} was never read to its end (askaround run, or once)")
    since = now - pulse.read_ended_at
    late = since > timedelta(minutes=3 * settings.mailbox.imap.poll_minutes) + SLACK
    read = f"read to its end {_ago(since)} ago"
    troubles = _troubles(pulse, now)
    if late:
        troubles.insert(0, f"the mailbox was last {read}")
    if troubles:
        return Health(False, "; ".join(troubles))
    paused = ", paused" if pulse.paused_at is not None and not _over(pulse.paused_until, now) else ""
    finished = ", finished" if pulse.finished_at is not None else ""
    return Health(True, f"the mailbox was {read}{paused}{finished}")


def _troubles(pulse: Pulse, now: datetime) -> list[str]:
    found = list(pulse.errors)
    if pulse.hold_since is not None:
        found.append(f"nothing leaves to contacts: {pulse.hold_why}")
    if pulse.blocked_until is not None and pulse.blocked_until > now:
        found.append(f"your provider refuses to send: {pulse.blocked_why}")
    return list(dict.fromkeys(found))


def _over(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now


def _ago(since: timedelta) -> str:
    minutes = max(0, int(since.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
