"""A reading as JSON for the store, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from worker.conversation.vocabulary import Appointment, Bounce, Intent, Kind, Person, Reading


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading as JSON, for the store."""
    return _plain(asdict(reading))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def from_json(data: dict[str, Any]) -> Reading:
    """The reading that `as_json` stored."""
    values = dict(data)
    values["kind"] = Kind(values["kind"])
    values["intent"] = Intent(values["intent"]) if values["intent"] else None
    values["referrals"] = tuple(Person(**one) for one in values["referrals"])
    for name in ("return_date", "resume_after"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["bounce"] = Bounce(**values["bounce"]) if values["bounce"] else None
    if values["appointment"]:
        given = dict(values["appointment"])
        for name in ("starts", "ends"):
            given[name] = datetime.fromisoformat(given[name]) if given[name] else None
        values["appointment"] = Appointment(**given)
    for name in ("phones", "links", "times", "why", "words"):
        values[name] = tuple(values[name])
    return Reading(**values)
