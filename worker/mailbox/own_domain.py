"""Asks the domain name system what receivers learn there about a domain's mail: SPF, DKIM, DMARC."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.resolver import Resolver

PATIENCE = 5.0  # seconds for the first questions, which are asked at once, and again for what SPF includes
MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4
_MOST_QUESTIONS = 30  # about one SPF record, however it is nested
_RESERVED = re.compile(r"(?:^|\.)(?:test|example|invalid|localhost|local|internal|example\.(?:com|net|org))$")
_MECHANISM = re.compile(r"[+?~-]?(include|a|mx|ptr|exists|redirect)(?:[:=/](.*))?", re.IGNORECASE)

UNKNOWN: list[str] = []  # the texts of a name that there is not
Texts = Callable[[str], "list[str] | None"]


@dataclass(slots=True)
class Standing:
    """What was found. None stands for a question that nobody answered.

    `spf` and `dmarc` are the records; `dmarc_at` is the domain that has it, this one or one above it. `lookups` counts
    what SPF makes a receiver ask, `includes` every domain that it names on the way, `dead` those of them that have no
    record of their own, and `unasked` says that of some nobody answered. `dkim` are the selectors, of those that were
    asked for, under which a key stands; None too where none were. `exists` is False where the name servers know no such
    domain.
    """

    domain: str
    spf: list[str] | None = None
    dmarc: list[str] | None = None
    dmarc_at: str = ""
    lookups: int = 0
    includes: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)
    unasked: bool = False
    dkim: list[str] | None = None
    exists: bool = True

    @property
    def answered(self) -> bool:
        """Whether anybody answered at all."""
        return self.spf is not None or self.dmarc is not None

    def policy(self) -> str:
        """What DMARC asks receivers to do: none, quarantine, reject; empty without a record that can be read."""
        if self.dmarc is None or len(self.dmarc) != 1:
            return ""
        tags = _tags(self.dmarc[0])
        policy = tags.get("p", "")
        if self.dmarc_at != self.domain:
            policy = tags.get("sp", policy)
        return policy if policy in ("none", "quarantine", "reject") else ""

    def unsigned(self) -> bool:
        """Whether nothing speaks for the domain's mail: SPF counts as one record alone, and no key was found."""
        return self.spf is not None and len(self.spf) != 1 and self.dkim == []

    def by_address(self) -> bool:
        """Whether SPF names servers in a way that does not tell whose they are: by number, or by a macro."""
        return any(re.search(r"\s[+?~]?(?:ip[46]:|exists:|ptr)|%\{", one, re.IGNORECASE) for one in self.spf or ())

    def everybody(self) -> bool:
        """Whether SPF lets every machine in the world send for the domain."""
        return any(word.lower() in ("+all", "all") for one in self.spf or () for word in one.split())


def is_reserved(domain: str) -> bool:
    """Whether this is a name for examples and tests, or for a network of one's own (RFC 2606, RFC 6762)."""
    return "." not in domain or bool(_RESERVED.search(domain.lower()))


def look_up(domain: str, selectors: Sequence[str] = (), *, resolver: Resolver | None = None) -> Standing:
    """What the names of this domain say, after at most twice PATIENCE seconds. Raises nothing."""
    from dns.exception import DNSException
    from dns.resolver import Resolver as SystemResolver

    found = Standing(domain)
    try:
        asked = resolver or SystemResolver()
    except (DNSException, OSError):
        return found
    above = list(_above(domain))
    keys = [f"{selector}._domainkey.{domain}" for selector in selectors]
    names = [domain, *(f"_dmarc.{one}" for one in above), *keys]
    with ThreadPoolExecutor(len(names), thread_name_prefix="dns") as pool:
        answers = dict(zip(names, pool.map(lambda name: _texts(asked, name, PATIENCE), names), strict=True))
    found.exists = answers[domain] is not UNKNOWN
    found.spf = _of(answers[domain], "v=spf1")
    for one in above:
        records = _of(answers[f"_dmarc.{one}"], "v=dmarc1")
        if one == domain or found.dmarc is not None:
            found.dmarc = records
        if records:
            found.dmarc, found.dmarc_at = records, one
            break
    if keys and (all(answers[key] is not None for key in keys) or any(answers[key] for key in keys)):
        found.dkim = [
            selector
            for selector, key in zip(selectors, keys, strict=True)
            if any(_tags(text).get("p") for text in answers[key] or ())
        ]
    if found.spf is not None and len(found.spf) == 1:
        until = time.monotonic() + PATIENCE
        left = [_MOST_QUESTIONS]

        def texts(name: str) -> list[str] | None:
            left[0] -= 1
            rest = until - time.monotonic()
            return _texts(asked, name, rest) if rest > 0 and left[0] >= 0 else None

        found.lookups = _count(found.spf[0], texts, found)
    return found


def _above(domain: str) -> Iterator[str]:
    """The domain, then those above it, down to two labels (RFC 9989 walks the tree so)."""
    labels = domain.split(".")
    for first in range(max(1, len(labels) - 1)):
        yield ".".join(labels[first:])


def _count(record: str, texts: Texts, found: Standing) -> int:
    """How many questions a record makes a receiver ask (RFC 7208 section 4.6.4), with all that it includes.

    What it includes is noted in `found`.
    """
    count = 0
    words = record.split()[1:]
    ends = any(re.fullmatch(r"[+?~-]?all", word, re.IGNORECASE) for word in words)
    for word in words:
        match = _MECHANISM.fullmatch(word)
        if match is None:
            continue
        kind, value = match[1].lower(), (match[2] or "").strip().rstrip(".").lower()
        if kind == "redirect" and ends:
            continue  # section 6.1: "all" comes first
        count += 1
        if kind in ("include", "redirect") and value and value not in found.includes:
            found.includes.add(value)
            inner = None if "%" in value else _of(texts(value), "v=spf1")
            if inner is None:
                found.unasked = True
            elif len(inner) == 1:
                count += _count(inner[0], texts, found)
            else:
                found.dead.append(value)  # section 5.2: that makes an error of the whole
    return count


def _of(texts: list[str] | None, version: str) -> list[str] | None:
    """Those of a version: "v=spf1" is a word of its own, and spaces may stand in "v = DMARC1"."""
    if texts is None:
        return None
    return [text for text in texts if re.match(rf"{version}(?:[\s;]|$)", _tight(text), re.IGNORECASE)]


def _tight(text: str) -> str:
    return re.sub(r"\s*=\s*", "=", text.strip(), count=1)


def _tags(text: str) -> dict[str, str]:
    """The tags of a DKIM or DMARC record (RFC 6376 section 3.2), names in lower case."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if sign:
            found.setdefault(name.strip().lower(), value.strip().lower())
    return found


def _texts(resolver: Resolver, name: str, patience: float) -> list[str] | None:
    """The texts of a name; none where it has none, None where no name server answered."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
        answers = resolver.resolve(f"{ascii_name}.", "TXT", lifetime=patience, search=False)
        return [b"".join(one.strings).decode("utf-8", "replace") for one in answers]
    except NXDOMAIN:
        return UNKNOWN
    except NoAnswer:
        return []
    except (DNSException, OSError, UnicodeError):
        return None
