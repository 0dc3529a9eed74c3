"""Calendar files to hand to the owner: events with their time zone, as RFC 5545 wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MAX_OCTETS = 75
"""RFC 5545 section 3.1: the longest content line, without its line end."""

PRODUCT = "-//askaround//askaround//EN"
AROUND = timedelta(days=370)  # a zone is described so far before and behind its events
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when (aware), what; `tentative` is a time that is not agreed yet and keeps nobody busy."""

    uid: str
    starts: datetime
    ends: datetime
    title: str
    text: str = ""
    place: str = ""
    link: str = ""
    tentative: bool = False


def calendar(events: Iterable[Event], *, zone: ZoneInfo, made_at: datetime) -> bytes:
    """A calendar file (RFC 5545) with these events in one zone; `made_at` is aware. CRLF line ends, UTF-8.

    A zone without changes of the clock that is UTC itself needs no description; any other one is described with every
    change of the clock around the events (section 3.6.5), so that no program needs to know it by name.
    """
    found = sorted(events, key=lambda one: (one.starts, one.uid))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if found and not _is_utc(zone):
        lines += _zone(zone, found[0].starts - AROUND, found[-1].ends + AROUND)
    for event in found:
        lines += _event(event, zone, made_at)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _is_utc(zone: ZoneInfo) -> bool:
    return zone.key in ("UTC", "Etc/UTC", "Etc/UCT", "Zulu", "Universal")


def _event(event: Event, zone: ZoneInfo, made_at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        _moment("DTSTART", event.starts, zone),
        _moment("DTEND", event.ends, zone),
        f"SUMMARY:{_text(event.title)}",
        f"STATUS:{'TENTATIVE' if event.tentative else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if event.tentative else 'OPAQUE'}",
    ]
    if event.text:
        lines.append(f"DESCRIPTION:{_text(event.text)}")
    if event.place:
        lines.append(f"LOCATION:{_text(event.place)}")
    if re.fullmatch(r"(?:https?|mailto|tel):[\x21-\x7e]{1,900}", event.link):
        lines.append(f"URL:{event.link}")  # a URI is not escaped (section 3.3.13), so it must be one
    return [*lines, "END:VEVENT"]


def _moment(name: str, moment: datetime, zone: ZoneInfo) -> str:
    if _is_utc(zone):
        return f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={zone.key}:{moment.astimezone(zone):%Y%m%dT%H%M%S}"


def _zone(zone: ZoneInfo, first: datetime, last: datetime) -> list[str]:
    """VTIMEZONE: what the clock shows at first, then each of its changes until `last`."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    begins = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    before = begins.astimezone(zone)
    lines += _observance(before, before)
    for change in _changes(zone, begins, last.astimezone(UTC)):
        lines += _observance((change - timedelta(seconds=1)).astimezone(zone), change.astimezone(zone))
    return [*lines, "END:VTIMEZONE"]


def _observance(before: datetime, after: datetime) -> list[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    was, now = before.utcoffset() or timedelta(0), after.utcoffset() or timedelta(0)
    local = after.astimezone(UTC).replace(tzinfo=None) + was  # the onset is told by the clock as it was (3.6.5)
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{local:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(was)}",
        f"TZOFFSETTO:{_offset(now)}",
        f"TZNAME:{_text(after.tzname() or 'local')}",
        f"END:{kind}",
    ]


def _changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterable[datetime]:
    """The instants at which the zone's clock changes, to the second."""
    step = timedelta(days=1)
    moment = begins
    while moment < ends:
        if _shown(zone, moment) != _shown(zone, moment + step):
            low, high = moment, moment + step
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
                low, high = (middle, high) if _shown(zone, middle) == _shown(zone, moment) else (low, middle)
            yield high
        moment += step


def _shown(zone: ZoneInfo, moment: datetime) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _offset(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    shown = f"{sign}{seconds // 3600:02d}{seconds % 3600 // 60:02d}"
    return f"{shown}{seconds % 60:02d}" if seconds % 60 else shown


def _text(value: str) -> str:
    """A value of type TEXT (section 3.3.11): one line, with its marks escaped."""
    value = re.sub(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", value).replace("\t", " ")
    value = _CONTROLS.sub("", value).encode("utf-8", "replace").decode()
    return re.sub(r"([\\;,])", r"\\\1", value).replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A content line in pieces of at most 75 octets, no character split (section 3.1)."""
    pieces: list[bytes] = [b""]
    for character in line:
        octets = character.encode("utf-8")
        if len(pieces[-1]) + len(octets) > MAX_OCTETS:
            pieces.append(b" ")
        pieces[-1] += octets
    return b"\r\n".join(pieces) + b"\r\n"
