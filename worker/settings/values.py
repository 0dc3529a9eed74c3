"""The readers of values: each takes what stands after an equals sign, returns it checked or says what it expects."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_WHOLE = re.compile(r"[+-]?\d+")
# Kept for tests and for networks of one's own (RFC 2606, RFC 6761, RFC 6762): a mailbox there is a real one.
_SPECIAL_USE = ("localhost", "test", "example", "invalid", "local", "lan", "home.arpa", "internal")
# What nobody doubts; the library weighs everything else, and to load it takes longer than to read the whole file.
_PLAIN_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@.{3,190}$)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@"
    r"(?:[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}(?<!-)\.)+(?!arpa$|onion$)[a-z]{2,63}",
    re.IGNORECASE | re.ASCII,
)


class Wrong(ValueError):
    """A value that cannot be used: what was expected, and an example or advice; never the value itself."""

    def __init__(self, expected: str, todo: str | None = None, *, key: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.todo = todo
        self.key = key


def text(value: Any) -> str:
    """A line of text: not empty, without control characters or encoded words (RFC 2047), which could forge a header."""
    if not isinstance(value, str):
        raise Wrong("must be text in quotes")
    stripped = value.strip()
    if not stripped:
        raise Wrong("is empty, but must be filled in")
    if _CONTROL.search(stripped) or _ENCODED_WORD.search(stripped):
        raise Wrong("must be one line of text without control characters or encoded words (=?...?=)")
    if len(stripped) > 200:
        raise Wrong("must have at most 200 characters")
    return stripped


def without_control(written: str) -> str:
    """The same text with each control character and line separator replaced, to be shown."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", written)


def path(value: Any) -> str:
    """A path as written; whoever uses it makes it relative to the config file."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Wrong('must be a path in quotes, for example "secrets/password"')
    return value


def address(value: Any) -> str:
    """One mail address, with its domain in lower case; reserved domains count too."""
    written = text(value)
    local, _, domain = written.rpartition("@")
    if _PLAIN_ADDRESS.fullmatch(written):
        return f"{local}@{domain.lower()}"
    special = domain.lower().endswith(tuple(f".{tail}" for tail in _SPECIAL_USE)) or domain.lower() in _SPECIAL_USE
    from email_validator import EmailNotValidError, validate_email

    try:
        if special:
            checked = validate_email(f"{local}@{domain}.example", check_deliverability=False)
            return checked.normalized.removesuffix(".example")
        return validate_email(written, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Wrong("must be a mail address", 'Write it as "you@example.org", without a name around it.') from None


def zone(value: Any) -> str:
    """The name of a time zone, as the tz database spells it."""
    written = text(value)
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(written)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong("must be the name of a time zone", _near_zone(written)) from None
    return written


def _near_zone(written: str) -> str:
    import difflib
    import zoneinfo

    known = zoneinfo.available_timezones()
    by_fold = {name.casefold(): name for name in known} | {
        name.rpartition("/")[2].casefold(): name for name in sorted(known) if name.count("/") == 1
    }
    near = difflib.get_close_matches(written.replace(" ", "_").casefold(), by_fold, n=1, cutoff=0.6)
    return f'Did you mean "{by_fold[near[0]]}"?' if near else 'Write it as "Europe/Berlin" or "America/New_York".'


def _numeric(value: Any) -> Any:
    # The environment knows text alone.
    if isinstance(value, str):
        stripped = value.strip()
        if _WHOLE.fullmatch(stripped) and len(stripped) < 20:
            return int(stripped)
        try:
            return float(stripped)
        except ValueError:
            return value
    return value


def whole(low: int, example: int) -> Callable[[Any], int]:
    """A reader of whole numbers from `low` on."""

    def read(value: Any) -> int:
        number = _numeric(value)
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= 1_000_000:
            raise Wrong(f"must be a whole number, {low} or more", f"Write it without quotes, for example {example}.")
        return number

    return read


def whole_or_never(low: int, example: int) -> Callable[[Any], int | None]:
    """A reader of whole numbers from `low` on, or `false` for never, which is read as None."""
    read_whole = whole(low, example)

    def read(value: Any) -> int | None:
        if value is None or is_false(value):
            return None
        try:
            return read_whole(value)
        except Wrong:
            raise Wrong(f"must be a whole number, {low} or more, or false", f"For example {example}.") from None

    return read


def number(low: float, high: float, expected: str) -> Callable[[Any], float]:
    """A reader of numbers from `low` to `high`, fractions allowed."""

    def read(value: Any) -> float:
        found = _numeric(value)
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
            raise Wrong(expected)
        if not low <= found <= high:
            raise Wrong(expected)
        return float(found)

    return read


def span(unit: str, example: str) -> Callable[[Any], tuple[float, float]]:
    """A reader of [at least, at most]; a single number stands for both."""
    expected = f"must be [at least, at most] in {unit}, 0 or more, the smaller one first"
    todo = f"For example {example}; [0, 0] means at once."
    read_number = number(0, 1_000_000, expected)

    def read(value: Any) -> tuple[float, float]:
        found = _numeric(value)
        pair = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [found, found]
        try:
            low, high = (read_number(one) for one in pair)
        except ValueError:
            raise Wrong(expected, todo) from None
        if low > high:
            raise Wrong(expected, todo)
        return low, high

    return read


def is_false(value: Any) -> bool:
    """Whether `false` stands there, in TOML or as a word of the environment."""
    return value is False or (isinstance(value, str) and value.strip().casefold() == "false")


def clock(value: Any, *, end_of_day: bool = False) -> int:
    """A time of day as minutes since midnight; "24:00" only where the end of a window is meant."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1
    if not 0 <= minutes < MINUTES_A_DAY + end_of_day:
        raise Wrong("must be a time of day as HH:MM", 'For example "07:30".')
    return minutes


def window(value: Any) -> tuple[int, int]:
    """Two times of one day, the earlier first."""
    expected, todo = (
        'must be two times of one day, the earlier first, as ["HH:MM", "HH:MM"]',
        'For example ["09:00", "17:00"].',
    )
    if isinstance(value, Sequence) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        value = value.split("-")
    if not isinstance(value, Sequence) or len(value) != 2:
        raise Wrong(expected, todo)
    try:
        opens, closes = clock(value[0]), clock(value[1], end_of_day=True)
    except Wrong:
        raise Wrong(expected, todo) from None
    if opens >= closes:
        raise Wrong(expected, f'{todo} A window cannot reach over midnight; it ends at "24:00" at the latest.')
    return opens, closes


def weekdays(value: Any) -> frozenset[int]:
    """Days of the week, 0 for Monday; "mon-fri" is a range, also over the weekend."""
    expected, todo = "must be days of the week", 'For example ["mon", "tue", "wed", "thu", "fri"] or "mon-fri".'
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Sequence) or not parts:
        raise Wrong(expected, todo)
    days: set[int] = set()
    for part in parts:
        ends = [_weekday(word) for word in part.split("-")] if isinstance(part, str) else []
        if len(ends) == 1 and ends[0] is not None:
            days.add(ends[0])
        elif len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            days.update((ends[0] + n) % 7 for n in range((ends[1] - ends[0]) % 7 + 1))
        else:
            raise Wrong(expected, todo)
    return frozenset(days)


def _weekday(word: str) -> int | None:
    folded = word.strip().casefold()
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    found = [n for n, name in enumerate(full) if len(folded) >= 3 and name.startswith(folded)]
    return found[0] if len(found) == 1 else None


def holidays(value: Any) -> str | bool:
    """ "auto", False, or a country with or without its subdivision ("DE", "DE-BY")."""
    expected = 'must be "auto", a country such as "DE", a part of one such as "DE-BY", or false'
    if is_false(value):
        return False
    if not isinstance(value, str):
        raise Wrong(expected)
    written = value.strip()
    if written.casefold() == "auto":
        return "auto"
    country, _, part = written.upper().partition("-")
    if not re.fullmatch(r"[A-Z]{2}", country) or (part and not re.fullmatch(r"[A-Z0-9]{1,3}", part)):
        raise Wrong(expected)
    import holidays as calendars

    try:
        calendars.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise Wrong(expected, f"No calendar of public holidays is known for {written.upper()}.") from None
    return f"{country}-{part}" if part else country


def absences(value: Any) -> tuple[tuple[date, date], ...]:
    """Pairs of dates, the first and the last day away."""
    expected, todo = "must be pairs of dates, the earlier first", 'For example [["2026-12-20", "2027-01-02"]].'
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Wrong(expected, todo)
    if value and all(_day(one) for one in value) and len(value) % 2 == 0:
        value = list(zip(value[::2], value[1::2], strict=True))
    pairs = []
    for pair in value:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise Wrong(expected, todo)
        first, last = (_day(one) for one in pair)
        if first is None or last is None or first > last:
            raise Wrong(expected, todo)
        pairs.append((first, last))
    return tuple(pairs)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def listed(read: Callable[[Any], str], what: str) -> Callable[[Any], tuple[str, ...]]:
    """A reader of lists, each member read by `read`."""

    def read_all(value: Any) -> tuple[str, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise Wrong(f"must be a list of {what} in square brackets")
        return tuple(read(one) for one in value)

    return read_all


def one_of(*words: str) -> Callable[[Any], str]:
    """A reader of one of these words."""
    expected = "must be " + ", ".join(f'"{word}"' for word in words[:-1]) + f' or "{words[-1]}"'

    def read(value: Any) -> str:
        folded = value.strip().casefold() if isinstance(value, str) else ""
        if folded not in words:
            raise Wrong(expected)
        return folded

    return read


def switch(value: Any) -> bool:
    """true or false; the environment brings them as words."""
    written = value.strip().casefold() if isinstance(value, str) else value
    if written is True or written == "true":
        return True
    if written is False or written == "false":
        return False
    raise Wrong("must be true or false", "Without quotes.")


def host(value: Any) -> str:
    """The name or address of a server, without a port or a scheme."""
    written = text(value).strip("[]")
    if not re.fullmatch(r"[\w.:%-]+", written) or "//" in written:
        raise Wrong("must be the name of a server", 'For example "imap.example.org", without a scheme.')
    if ":" in written:
        try:
            ipaddress.ip_address(written.partition("%")[0])
        except ValueError:
            raise Wrong("must be the name of a server without a port", "Give the port in a key of its own.") from None
    return written


def port_text(value: str) -> str:
    """The number of a port, as text."""
    if not value.isdecimal() or not 1 <= int(value[:6]) <= 65535:
        raise Wrong("must be a port, 1 to 65535")
    return value


def is_loopback(name: str) -> bool:
    """Whether a host can only be this machine: localhost, 127.0.0.0/8 or ::1."""
    folded = name.casefold().rstrip(".")
    if folded == "localhost":
        return True
    try:
        found = ipaddress.ip_address(folded)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def word(value: Any) -> str:
    """Text without blanks."""
    written = text(value)
    if re.search(r"\s", written):
        raise Wrong("must be words without blanks")
    return written


def tenant(value: Any) -> str:
    """Whose accounts sign in at Microsoft: a tenant's domain or id, or common, organizations, consumers."""
    written = word(value)
    if not re.fullmatch(r"[\w.-]+", written):
        raise Wrong(
            "must be a tenant's id or domain", 'For example "common", "consumers" or "example.onmicrosoft.com".'
        )
    return written


def secure_url(value: Any) -> str:
    """The address of an endpoint: https, or http on this machine, since tokens go there (RFC 6749 3.2)."""
    written = word(value)
    parts = urlsplit(written)
    try:
        name = parts.hostname or ""
        parts.port  # noqa: B018 - it raises ValueError for a port that is none
    except ValueError:
        name = ""
    if not name or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.fragment:
        raise Wrong("must be an address that begins with https://")
    if parts.scheme == "http" and not is_loopback(name):
        raise Wrong("must begin with https://, unless the host is this machine", "Tokens would travel in clear.")
    return written


def command(value: Any) -> tuple[str, ...]:
    """A program with its arguments, as a list: no shell ever reads it."""
    if (
        not isinstance(value, Sequence)
        or isinstance(value, str)
        or not value
        or not all(isinstance(one, str) and "\0" not in one for one in value)
        or not value[0].strip()
    ):
        raise Wrong(
            "must be a list of a program and its arguments", 'For example ["pass", "show", "mail"]; no shell reads it.'
        )
    return tuple(value)


def database(value: Any) -> str:
    """A database URL for SQLite or PostgreSQL."""
    todo = 'For example "sqlite:///askaround.db" or "postgresql://user:password@localhost/askaround".'
    scheme = value.partition("://")[0].casefold() if isinstance(value, str) else ""
    if scheme in ("sqlite", "sqlite+pysqlite") and re.match(r"[^:]+:///.", str(value)):
        return "sqlite:///" + str(value).partition(":///")[2]
    rest = str(value).partition("://")[2]
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and rest:
        # behind the last "@": a password may hold any character
        port = re.search(r":([^:\]]*)$", rest.rpartition("@")[2].partition("/")[0].partition("?")[0])
        if port and not (port[1].isascii() and port[1].isdigit() and 0 < int(port[1][:6]) < 65536):
            raise Wrong("must have a number between 1 and 65535 as its port", todo)
        return f"postgresql+psycopg://{rest}"
    raise Wrong("must be the URL of a SQLite or PostgreSQL database", todo)
