"""IMAP extensions that a server has not got: their names vanish from what it offers, and their commands are BAD."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.meddling import Command, Hooks

_OFFER = re.compile(rb"(\* |\[)CAPABILITY ([^\]\r\n]*)")
_NO = b"TAG BAD Error in IMAP command: unknown.\r\n"


@dataclass(frozen=True, slots=True)
class Mask:
    """One extension: the capabilities that say so, the commands that need it, what else of it shows in answers."""

    hidden: tuple[str, ...]
    uses: Callable[[Command], bool] = lambda command: False
    without: Callable[[bytes], bytes] = lambda response: response


def _named(*names: str) -> Callable[[Command], bool]:
    return lambda command: command.name in names


def _has(pattern: str) -> Callable[[Command], bool]:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda command: found.search(command.line) is not None


def _no_uids(response: bytes) -> bytes:
    return re.sub(rb"\[(?:APPENDUID|COPYUID) [^\]]*\] ", b"", response)


def _no_uses(response: bytes) -> bytes:
    if not response.upper().startswith(b"* LIST "):
        return response
    return re.sub(rb" ?\\(?:Sent|Junk|Drafts|Trash|Archive|All|Flagged)\b", b"", response)


def _no_modseq(response: bytes) -> bytes:
    return b"" if b"[HIGHESTMODSEQ" in response or b"[NOMODSEQ" in response else response


MASKS: dict[str, Mask] = {
    "IDLE": Mask(("IDLE",), _named("IDLE")),
    "UIDPLUS": Mask(("UIDPLUS",), _named("UID EXPUNGE"), _no_uids),
    "CONDSTORE": Mask(("CONDSTORE", "QRESYNC"), _has(r"CHANGEDSINCE|MODSEQ|\bCONDSTORE|QRESYNC"), _no_modseq),
    "MOVE": Mask(("MOVE",), _named("MOVE", "UID MOVE")),
    "SPECIAL-USE": Mask(("SPECIAL-USE", "CREATE-SPECIAL-USE"), _has(r"SPECIAL-USE|\bUSE \("), _no_uses),
    "LIST-EXTENDED": Mask(("LIST-EXTENDED", "LIST-STATUS"), _has(r"^\S+ LIST (?:\(|.* RETURN )")),
    "NAMESPACE": Mask(("NAMESPACE",), _named("NAMESPACE")),
    "LITERAL+": Mask(("LITERAL+", "LITERAL-"), _has(r"\{\d+\+\}$")),
    "ENABLE": Mask(("ENABLE",), _named("ENABLE")),
    "SASL-IR": Mask(("SASL-IR",), _has(r"^\S+ AUTHENTICATE \S+ \S")),
    "ID": Mask(("ID",), _named("ID")),
    "UNSELECT": Mask(("UNSELECT",), _named("UNSELECT")),
    "ESEARCH": Mask(("ESEARCH", "SEARCHRES", "WITHIN"), _has(r"SEARCH RETURN|\b(?:OLDER|YOUNGER) \d")),
}


@dataclass(slots=True)
class Masking:
    """Hooks that take extensions away; `refused` are the commands that were asked for all the same."""

    masks: tuple[Mask, ...]
    refused: list[str] = field(default_factory=list)

    @property
    def hooks(self) -> Hooks:
        return Hooks(self._command, self._response)

    def _command(self, command: Command) -> bytes | None:
        if not any(mask.uses(command) for mask in self.masks):
            return None
        self.refused.append(command.line)
        return _NO

    def _response(self, response: bytes, connection: int) -> bytes:
        hidden = {name for mask in self.masks for name in mask.hidden}

        def less(found: re.Match[bytes]) -> bytes:
            kept = [word for word in found[2].split() if word.decode("latin-1").upper() not in hidden]
            return found[1] + b"CAPABILITY " + b" ".join(kept)

        line, literal, rest = response.partition(b"}\r\n")
        line = _OFFER.sub(less, line)
        for mask in self.masks:
            line = mask.without(line)
        return line + literal + rest
