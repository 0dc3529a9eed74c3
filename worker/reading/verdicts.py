"""Reads what the receiving server found out about a mail: Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import compat32

METHODS = ("spf", "dkim", "dmarc")
_RESULT = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_BAD = frozenset({"fail", "softfail", "permerror", "policy", "hardfail"})


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was found: method to result ("pass", "fail", "none" ...), of the server that took the mail in.

    `signed` are the domains whose DKIM signature stands on the mail, good or not.
    """

    results: Mapping[str, str] = field(default_factory=dict)
    signed: tuple[str, ...] = ()

    def known(self) -> bool:
        """Whether the server said anything."""
        return bool(self.results)

    def fails(self) -> list[str]:
        """The methods that a mail did not pass, in capitals. Where DMARC passes, one of the others may fail."""
        if self.results.get("dmarc") == "pass":
            return []
        return [method.upper() for method in METHODS if self.results.get(method) in _BAD]

    def passes(self) -> bool:
        """Whether what receivers go by was passed: DMARC, or, where that says nothing, SPF or DKIM."""
        if self.results.get("dmarc") in _BAD:
            return False
        return "pass" in self.results.values()

    def said(self) -> str:
        """The results in a few words."""
        if not self.results:
            signed = f"signed with DKIM as {' and '.join(self.signed)}" if self.signed else "not signed with DKIM"
            return f"no verdict, {signed}"
        return ", ".join(f"{method.upper()} {self.results.get(method, 'not said')}" for method in METHODS)


def verdicts(raw: bytes) -> Verdicts:
    """The verdicts of the newest server on the way: those at the top, which the ones below cannot forge. Never raises.

    Some servers write a field for each method, under the same name: the fields of the topmost name count.
    """
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    parsed = BytesHeaderParser(policy=compat32).parsebytes(head)
    fields = parsed.get_all("Authentication-Results") or []
    signatures = " ".join(f"; {value}" for value in parsed.get_all("DKIM-Signature") or [])
    found: dict[str, str] = {}
    server = None
    for value in fields:
        text = _COMMENT.sub(" ", " ".join(str(value).split()))
        name, _, rest = text.partition(";")
        name = name.strip().split(" ")[0].lower()
        if _RESULT.match(text):  # some leave the server's name out
            name, rest = "", text
        server = name if server is None else server
        if name != server:
            break
        for method, result in _RESULT.findall(f";{rest}"):
            kept = found.get(method.lower())
            if kept is None or result.lower() == "pass":  # of several signatures one that is good is enough
                found[method.lower()] = result.lower()
    domains = re.findall(r";\s*d\s*=\s*([\w.-]+)", signatures)
    return Verdicts(found, tuple(dict.fromkeys(domain.lower() for domain in domains)))
