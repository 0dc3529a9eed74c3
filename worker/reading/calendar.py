"""Calendar answers and invitations in a mail (iMIP, RFC 6047; iTIP, RFC 5546)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from worker.conversation.vocabulary import Appointment
from worker.reading.letter import Letter, Part

TYPES = frozenset({"text/calendar", "application/ics"})
LINE = re.compile(r"^([A-Za-z-]{1,40})((?:;[^:\"\n]*(?:\"[^\"\n]*\")?)*):(.*)$", re.MULTILINE)
DURATION = re.compile(r"^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
STAMP = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$")
METHODS = frozenset({"REQUEST", "REPLY", "COUNTER", "CANCEL", "DECLINECOUNTER", "PUBLISH", "ADD", "REFRESH"})

ZONES = {
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "e. europe standard time": "Europe/Chisinau",
    "fle standard time": "Europe/Kiev",
    "gtb standard time": "Europe/Bucharest",
    "russian standard time": "Europe/Moscow",
    "turkey standard time": "Europe/Istanbul",
    "israel standard time": "Asia/Jerusalem",
    "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "us mountain standard time": "America/Phoenix",
    "pacific standard time": "America/Los_Angeles",
    "e. south america standard time": "America/Sao_Paulo",
    "argentina standard time": "America/Buenos_Aires",
    "sa pacific standard time": "America/Bogota",
    "central standard time (mexico)": "America/Mexico_City",
    "india standard time": "Asia/Kolkata",
    "china standard time": "Asia/Shanghai",
    "tokyo standard time": "Asia/Tokyo",
    "singapore standard time": "Asia/Singapore",
    "aus eastern standard time": "Australia/Sydney",
    "new zealand standard time": "Pacific/Auckland",
    "south africa standard time": "Africa/Johannesburg",
    "arabian standard time": "Asia/Dubai",
    "utc": "UTC",
}
"""What Windows calls its time zones, and their names in the time zone database."""


def find(letter: Letter) -> tuple[Appointment, bool] | None:
    """The appointment in the mail, and whether the mail is nothing else than a calendar message; None without one."""
    for part in letter.parts():
        name = part.filename.lower()
        if part.type not in TYPES and not (
            part.type in {"application/octet-stream", "text/plain"} and name.endswith(".ics")
        ):
            continue
        appointment = parse(part.text(262_144), part.parameters.get("method", ""))
        if appointment:
            return appointment, _is_message(letter, part, appointment)
    return None


def parse(text: str, method: str = "") -> Appointment | None:
    """The first event of an iCalendar text; `method` is what the Content-Type says. None where there is no event."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    begin = unfolded.upper().find("BEGIN:VEVENT")
    head = unfolded[: begin if begin >= 0 else len(unfolded)]
    for name, _, value in LINE.findall(head):
        if name.upper() == "METHOD":
            method = value
    method = method.strip().upper()
    if begin < 0:
        return None
    end = unfolded.upper().find("END:VEVENT", begin)
    body = unfolded[begin : end if end >= 0 else len(unfolded)]
    zones = _own_zones(unfolded)
    fields: dict[str, tuple[str, str]] = {}
    attendees: list[tuple[str, str]] = []
    depth = 0
    for name, parameters, value in LINE.findall(body[len("BEGIN:VEVENT") :]):
        upper = name.upper()
        depth += (upper == "BEGIN") - (upper == "END")
        if depth:
            continue
        if upper == "ATTENDEE":
            attendees.append((parameters, value))
        else:
            fields.setdefault(upper, (parameters, value.strip()))
    starts = _moment(*fields.get("DTSTART", ("", "")), zones)
    ends = _moment(*fields.get("DTEND", ("", "")), zones)
    if ends is None and starts is not None and "DURATION" in fields:
        ends = _after(starts, fields["DURATION"][1])
    status = ""
    if method in {"REPLY", "COUNTER"}:
        said = re.search(r"PARTSTAT=\"?([A-Za-z-]+)", attendees[0][0], re.IGNORECASE) if attendees else None
        status = said[1].lower() if said else ""
    elif method == "CANCEL":
        status = "cancelled"
    elif method in {"REQUEST", "ADD"}:
        status = "proposed"
    if method == "COUNTER":
        status = "proposed"
    status = status or fields.get("STATUS", ("", ""))[1].lower()
    return Appointment(
        method=method.lower(),
        status=status,
        starts=starts,
        ends=ends,
        title=_text(fields.get("SUMMARY", ("", ""))[1]),
        uid=fields.get("UID", ("", ""))[1][:300],
    )


def _is_message(letter: Letter, part: Part, appointment: Appointment) -> bool:
    """Whether the mail itself is the calendar message: not a letter with a file of dates attached."""
    if appointment.method not in {one.lower() for one in METHODS} or appointment.method == "publish":
        return False
    if part is letter.root:
        return True
    return part.type == "text/calendar" and part.disposition != "attachment" and bool(part.parameters.get("method"))


def _moment(parameters: str, value: str, zones: dict[str, timedelta]) -> datetime | None:
    found = STAMP.match(value.strip())
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        clock = time(int(found[4]), int(found[5]), min(int(found[6]), 59)) if found[4] else time(0)
    except ValueError:
        return None
    naive = datetime.combine(day, clock)
    if found[7]:
        return naive.replace(tzinfo=UTC)
    named = re.search(r"TZID=\"?([^\";:]+)", parameters, re.IGNORECASE)
    if not named:
        return naive.replace(tzinfo=UTC)
    name = named[1].strip()
    try:
        return naive.replace(tzinfo=ZoneInfo(ZONES.get(name.lower(), name.lstrip("/"))))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        offset = zones.get(name, timedelta(0))
        return (naive - offset).replace(tzinfo=UTC)


def _own_zones(text: str) -> dict[str, timedelta]:
    """Offsets of the zones that the file itself describes, by name; the standard time where there are two."""
    found: dict[str, timedelta] = {}
    for block in re.findall(r"BEGIN:VTIMEZONE(.{0,4000}?)END:VTIMEZONE", text, re.DOTALL)[:20]:
        name = re.search(r"TZID(?:;[^:\n]*)?:([^\r\n]+)", block)
        offset = re.search(r"TZOFFSETTO:([+-])(\d{2})(\d{2})", block)
        if name and offset:
            span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            found[name[1].strip()] = -span if offset[1] == "-" else span
    return found


def _after(starts: datetime, duration: str) -> datetime | None:
    found = DURATION.match(duration.strip().upper())
    if not found:
        return None
    weeks, days, hours, minutes, seconds = (min(int(one or 0), 10_000) for one in found.groups())
    try:
        return starts + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _text(value: str) -> str:
    plain = re.sub(r"\\([,;\\])", r"\1", re.sub(r"\\[nN]", " ", value))
    return " ".join(plain.split())[:300]
